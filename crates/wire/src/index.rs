//! `/`: what this server has.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Route {
    /// The method.
    #[schema(example = "GET")]
    pub method: String,
    /// The path, with `{name}` for its parameters.
    pub path: String,
    /// What it does.
    pub summary: String,
}

/// What this server is and has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Index {
    /// `mira`.
    pub name: String,
    /// The software's version.
    pub version: String,
    /// Where the OpenAPI document is.
    pub openapi: String,
    /// Every route.
    pub routes: Vec<Route>,
}
