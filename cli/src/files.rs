//! Reading and writing the files that people name.

use std::{fs, path::Path};

use crate::error::Error;

/// A file's bytes.
pub fn read(path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path).map_err(|source| Error::Read {
        path: path.to_path_buf(),
        help: "check the path and who may read it".to_owned(),
        source,
    })
}

/// Writes a file's bytes.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    fs::write(path, bytes).map_err(|source| Error::Write { path: path.to_path_buf(), source })
}
