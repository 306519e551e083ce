//! Blobs: inputs, modules, specifications and results, named by the SHA-256 of their bytes.

use serde::{Deserialize, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::{HashHex, U64Str};

/// The media type of a blob's bytes.
pub const CONTENT_TYPE: &str = "application/octet-stream";

/// How the OpenAPI document describes a blob's bytes.
#[derive(Debug, Clone, Copy)]
pub struct BlobBytes;

impl PartialSchema for BlobBytes {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::new(Type::String))
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
            .description(Some("Any bytes."))
            .into()
    }
}

impl ToSchema for BlobBytes {}

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
