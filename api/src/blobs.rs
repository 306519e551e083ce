//! Content-addressed bytes over `object_store`: a local folder here, anything it supports later.
//!
//! A blob's name is the SHA-256 of its bytes. It is hashed while it comes in and becomes visible only
//! when the hash is right; it is hashed again before it is handed out. A blob is never changed or
//! deleted.

use std::path::Path as FsPath;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use mira_core::Hash;
use mira_wire::{HashHex, request::body_hash};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _, WriteMultipart};
use sha2::{Digest as _, Sha256};

/// How many parts of one upload may be on their way to the store at a time; a part is 5 MiB.
const PARTS_IN_FLIGHT: usize = 2;

/// What can go wrong with a blob.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// The bytes hash to another name.
    #[error("the bytes have the hash {got}, not {named}: hash exactly what is sent")]
    Mismatch {
        /// The hash in the path.
        named: HashHex,
        /// The hash of the bytes.
        got: HashHex,
    },
    /// More bytes than allowed.
    #[error("a blob may have at most {limit} bytes: cut the input into smaller shards")]
    TooLarge {
        /// The most bytes.
        limit: usize,
    },
    /// The upload broke off.
    #[error("the body could not be read to its end: {reason}")]
    Body {
        /// What happened.
        reason: String,
    },
    /// The stored bytes do not have their name's hash any more.
    #[error("blob {0} is corrupt in the blob store: delete its file and upload it again")]
    Corrupt(HashHex),
    /// The store failed.
    #[error("the blob store failed to {doing}: {source}")]
    Store {
        /// What was tried.
        doing: &'static str,
        /// What happened.
        source: object_store::Error,
    },
}

/// The blobs of one server. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
    max_bytes: usize,
}

/// What an upload did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// The blob's length.
    pub bytes: u64,
    /// False if it was there before.
    pub created: bool,
}

fn failed(doing: &'static str) -> impl FnOnce(object_store::Error) -> BlobError {
    move |source| BlobError::Store { doing, source }
}

/// `ab/ab…`: two levels, so that no folder gets too long.
fn path(hash: &Hash) -> Path {
    let name = hex::encode(hash);
    Path::from_iter([&name[..2], name.as_str()])
}

impl Blobs {
    /// Blobs in a folder, made if it is not there.
    ///
    /// # Errors
    /// The folder cannot be made or opened.
    pub fn open(dir: &FsPath, max_bytes: usize) -> Result<Self, BlobError> {
        let io = |source: std::io::Error| BlobError::Store {
            doing: "make its folder",
            source: object_store::Error::Generic { store: "local", source: Box::new(source) },
        };
        std::fs::create_dir_all(dir).map_err(io)?;
        let store = LocalFileSystem::new_with_prefix(dir).map_err(failed("open its folder"))?.with_fsync(true);
        Ok(Self { store: Arc::new(store), max_bytes })
    }

    /// The longest blob in bytes.
    pub fn max_bytes(&self) -> usize {
        self.max_bytes
    }

    /// The length of a blob, if it is there.
    pub async fn len(&self, hash: &Hash) -> Result<Option<u64>, BlobError> {
        match self.store.head(&path(hash)).await {
            Ok(meta) => Ok(Some(meta.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(source) => Err(BlobError::Store { doing: "look for a blob", source }),
        }
    }

    /// A blob's bytes, if it is there.
    pub async fn get(&self, hash: &Hash) -> Result<Option<Bytes>, BlobError> {
        let found = match self.store.get(&path(hash)).await {
            Ok(found) => found,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(source) => return Err(BlobError::Store { doing: "read a blob", source }),
        };
        let bytes = found.bytes().await.map_err(failed("read a blob"))?;
        if body_hash(&bytes) != *hash {
            return Err(BlobError::Corrupt(HashHex(*hash)));
        }
        Ok(Some(bytes))
    }

    /// The first `count` bytes of a blob that is there, or all if it is shorter.
    pub async fn head(&self, hash: &Hash, count: u64) -> Result<Option<Bytes>, BlobError> {
        match self.len(hash).await? {
            None => Ok(None),
            Some(0) => Ok(Some(Bytes::new())),
            Some(len) => {
                let range = 0..count.min(len);
                self.store.get_range(&path(hash), range).await.map(Some).map_err(failed("read a blob"))
            }
        }
    }

    /// Stores what `body` yields under `hash`, if that is its hash. Nothing is visible otherwise.
    pub async fn put<E: std::fmt::Display>(
        &self,
        hash: &Hash,
        body: impl Stream<Item = Result<Bytes, E>> + Unpin,
    ) -> Result<Stored, BlobError> {
        if let Some(bytes) = self.len(hash).await? {
            self.receive(hash, body, None).await?;
            return Ok(Stored { bytes, created: false });
        }
        let upload = self.store.put_multipart(&path(hash)).await.map_err(failed("begin a blob"))?;
        let mut upload = WriteMultipart::new(upload);
        match self.receive(hash, body, Some(&mut upload)).await {
            Ok(bytes) => {
                upload.finish().await.map_err(failed("finish a blob"))?;
                Ok(Stored { bytes, created: true })
            }
            Err(error) => {
                if let Err(cause) = upload.abort().await {
                    tracing::warn!(%cause, "an unfinished blob was left behind");
                }
                Err(error)
            }
        }
    }

    /// Reads the body to its end, checks length and hash, and hands the parts on if asked to.
    async fn receive<E: std::fmt::Display>(
        &self,
        hash: &Hash,
        mut body: impl Stream<Item = Result<Bytes, E>> + Unpin,
        mut upload: Option<&mut WriteMultipart>,
    ) -> Result<u64, BlobError> {
        let (mut hasher, mut bytes) = (Sha256::new(), 0usize);
        while let Some(chunk) = body.next().await {
            let chunk = chunk.map_err(|e| BlobError::Body { reason: e.to_string() })?;
            bytes = bytes.saturating_add(chunk.len());
            if bytes > self.max_bytes {
                return Err(BlobError::TooLarge { limit: self.max_bytes });
            }
            hasher.update(&chunk);
            if let Some(upload) = upload.as_deref_mut() {
                upload.wait_for_capacity(PARTS_IN_FLIGHT).await.map_err(failed("write a blob"))?;
                upload.put(chunk);
            }
        }
        let got: Hash = hasher.finalize().into();
        if got != *hash {
            return Err(BlobError::Mismatch { named: HashHex(*hash), got: HashHex(got) });
        }
        // The limit is far below 2^64.
        Ok(u64::try_from(bytes).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests;
