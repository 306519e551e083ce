//! Blobs: inputs, modules, specifications and results, named by the SHA-256 of their bytes.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{HashHex, U64Str};

/// The media type of a blob's bytes.
pub const CONTENT_TYPE: &str = "application/octet-stream";

/// A blob that is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BlobStored {
    /// Its name.
    pub hash: HashHex,
    /// Its length in bytes.
    pub bytes: U64Str,
    /// False if it was there before.
    pub created: bool,
}
