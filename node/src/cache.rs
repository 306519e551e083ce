//! Blobs on disk by hash. What is there was checked when it came and is checked again when it is read; the least recently used go first.

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use mira_core::Hash;
use mira_core::hash::{Sha2, Sha256 as _};
use mira_wire::HashHex;

/// The cache's folder and what is in it.
#[derive(Debug)]
pub struct BlobCache {
    folder: PathBuf,
    capacity_bytes: u64,
    /// Most recently used last, with their sizes.
    entries: Mutex<VecDeque<(Hash, u64)>>,
}

impl BlobCache {
    /// Opens a folder, creating it if needed. Files that are not blobs are removed: they are unfinished downloads.
    ///
    /// # Errors
    /// Of the file system.
    pub fn open(folder: &Path, capacity_bytes: u64) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let mut entries = VecDeque::new();
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let hash = entry.file_name().to_str().and_then(|name| name.parse::<HashHex>().ok());
            match hash {
                Some(hash) => entries.push_back((hash.get(), entry.metadata()?.len())),
                None => std::fs::remove_file(entry.path())?,
            }
        }
        Ok(Self { folder: folder.to_owned(), capacity_bytes, entries: Mutex::new(entries) })
    }

    /// Up to `limit` hashes of blobs that are here, the most recently used first.
    #[must_use]
    pub fn hashes(&self, limit: usize) -> Vec<Hash> {
        self.lock().iter().rev().take(limit).map(|(hash, _)| *hash).collect()
    }

    /// A blob, if it is here and unharmed.
    pub async fn get(&self, hash: &Hash) -> Option<Bytes> {
        if !self.lock().iter().any(|(key, _)| key == hash) {
            return None;
        }
        let bytes = tokio::fs::read(self.path(hash)).await.ok().filter(|bytes| Sha2::hashv(&[bytes]) == *hash);
        let mut entries = self.lock();
        let entry = entries.iter().position(|(key, _)| key == hash).and_then(|index| entries.remove(index));
        if let (Some(_), Some(entry)) = (&bytes, entry) {
            entries.push_back(entry);
        }
        bytes.map(Bytes::from)
    }

    /// Keeps a blob whose hash the caller has checked. A blob larger than the cache is not kept.
    ///
    /// # Errors
    /// Of the file system; the cache is then as before.
    pub async fn put(&self, hash: &Hash, bytes: &Bytes) -> io::Result<()> {
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if size > self.capacity_bytes || self.lock().iter().any(|(key, _)| key == hash) {
            return Ok(());
        }
        let part = tempfile_name(&self.folder, hash);
        let written = async {
            tokio::fs::write(&part, bytes).await?;
            tokio::fs::rename(&part, self.path(hash)).await
        };
        if let Err(error) = written.await {
            // What a full disk left of it would take the room that is missing.
            let _ = tokio::fs::remove_file(&part).await;
            return Err(error);
        }
        for old in self.enter(*hash, size) {
            tokio::fs::remove_file(self.path(&old)).await?;
        }
        Ok(())
    }

    /// Adds an entry and returns those that have to go for it.
    fn enter(&self, hash: Hash, size: u64) -> Vec<Hash> {
        let mut entries = self.lock();
        entries.retain(|(key, _)| *key != hash);
        entries.push_back((hash, size));
        let mut total: u64 = entries.iter().map(|(_, size)| *size).sum();
        let mut gone = Vec::new();
        while total > self.capacity_bytes {
            let Some((old, size)) = entries.pop_front() else { break };
            total -= size;
            gone.push(old);
        }
        gone
    }

    fn path(&self, hash: &Hash) -> PathBuf {
        self.folder.join(HashHex(*hash).to_string())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<(Hash, u64)>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A name no other writer uses: two workers may fetch the same blob at once.
fn tempfile_name(folder: &Path, hash: &Hash) -> PathBuf {
    static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    folder.join(format!("{}.{number}.part", HashHex(*hash)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blob(byte: u8, len: usize) -> (Hash, Bytes) {
        let bytes = Bytes::from(vec![byte; len]);
        (Sha2::hashv(&[&bytes]), bytes)
    }

    #[tokio::test]
    async fn keeps_what_fits_and_drops_the_least_recently_used() {
        let folder = tempfile::tempdir().expect("folder");
        let cache = BlobCache::open(folder.path(), 100).expect("opens");
        let blobs: Vec<_> = (0..4).map(|byte| blob(byte, 40)).collect();
        for (hash, bytes) in &blobs[..2] {
            cache.put(hash, bytes).await.expect("writes");
        }
        assert_eq!(cache.get(&blobs[0].0).await, Some(blobs[0].1.clone()));
        cache.put(&blobs[2].0, &blobs[2].1).await.expect("writes");
        assert_eq!(cache.get(&blobs[1].0).await, None);
        assert_eq!(cache.hashes(1), [blobs[2].0]);
        let (large, bytes) = blob(9, 101);
        cache.put(&large, &bytes).await.expect("is passed over");
        assert_eq!(cache.get(&large).await, None);
        drop(cache);
        let again = BlobCache::open(folder.path(), 100).expect("opens");
        assert_eq!(again.get(&blobs[0].0).await, Some(blobs[0].1.clone()));
    }

    #[tokio::test]
    async fn a_harmed_blob_is_not_given_out() {
        let folder = tempfile::tempdir().expect("folder");
        let cache = BlobCache::open(folder.path(), 100).expect("opens");
        let (hash, bytes) = blob(1, 10);
        cache.put(&hash, &bytes).await.expect("writes");
        std::fs::write(folder.path().join(HashHex(hash).to_string()), b"other").expect("harms");
        assert_eq!(cache.get(&hash).await, None);
        cache.put(&hash, &bytes).await.expect("writes again");
        assert_eq!(cache.get(&hash).await, Some(bytes));
    }
}
