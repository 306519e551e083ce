//! Blobs in a folder of their own.

use std::convert::Infallible;

use futures_util::stream;

use super::*;

fn body(parts: &[&'static [u8]]) -> impl Stream<Item = Result<Bytes, Infallible>> + Unpin + use<> {
    stream::iter(parts.iter().map(|part| Ok(Bytes::from_static(part))).collect::<Vec<_>>())
}

fn files(dir: &FsPath) -> usize {
    let mut count = 0;
    for entry in std::fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap().path();
        count += if entry.is_dir() { files(&entry) } else { 1 };
    }
    count
}

#[tokio::test]
async fn what_goes_in_comes_out() {
    let dir = tempfile::tempdir().unwrap();
    let blobs = Blobs::open(dir.path(), 100).unwrap();
    let hash = body_hash(b"hello world");
    assert_eq!(blobs.get(&hash).await.unwrap(), None);
    let stored = blobs.put(&hash, body(&[b"hello ", b"world"])).await.unwrap();
    assert_eq!(stored, Stored { bytes: 11, created: true });
    assert_eq!(blobs.get(&hash).await.unwrap().unwrap(), "hello world");
    assert_eq!(blobs.head(&hash, 5).await.unwrap().unwrap(), "hello");
    assert_eq!(blobs.head(&hash, 50).await.unwrap().unwrap(), "hello world");
    let again = blobs.put(&hash, body(&[b"hello world"])).await.unwrap();
    assert_eq!(again, Stored { bytes: 11, created: false });
}

#[tokio::test]
async fn the_empty_blob_is_a_blob() {
    let dir = tempfile::tempdir().unwrap();
    let blobs = Blobs::open(dir.path(), 100).unwrap();
    let hash = body_hash(b"");
    assert!(blobs.put(&hash, body(&[])).await.unwrap().created);
    assert_eq!(blobs.get(&hash).await.unwrap().unwrap(), "");
    assert_eq!(blobs.head(&hash, 8).await.unwrap().unwrap(), "");
}

#[tokio::test]
async fn a_wrong_or_long_body_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let blobs = Blobs::open(dir.path(), 8).unwrap();
    let hash = body_hash(b"right");
    assert!(matches!(blobs.put(&hash, body(&[b"wrong"])).await, Err(BlobError::Mismatch { .. })));
    let long = body_hash(b"123456789");
    assert!(matches!(blobs.put(&long, body(&[b"12345", b"6789"])).await, Err(BlobError::TooLarge { limit: 8 })));
    assert_eq!(blobs.len(&hash).await.unwrap(), None);
    assert_eq!(blobs.len(&long).await.unwrap(), None);
    assert_eq!(files(dir.path()), 0);
}

#[tokio::test]
async fn a_changed_file_is_not_handed_out() {
    let dir = tempfile::tempdir().unwrap();
    let blobs = Blobs::open(dir.path(), 100).unwrap();
    let hash = body_hash(b"right");
    blobs.put(&hash, body(&[b"right"])).await.unwrap();
    let name = hex::encode(hash);
    std::fs::write(dir.path().join(&name[..2]).join(&name), b"wrong").unwrap();
    assert!(matches!(blobs.get(&hash).await, Err(BlobError::Corrupt(_))));
}
