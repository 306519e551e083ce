//! Health: whether the process runs, and whether its answers can be relied on.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// `/livez`: the process answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Live {
    /// Always true.
    pub live: bool,
}

/// One thing that readiness depends on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Check {
    /// Its name: `store`, `indexer` or `dispatcher`.
    #[schema(example = "indexer")]
    pub name: String,
    /// Whether it is well.
    pub ok: bool,
    /// What is wrong, or how it stands.
    pub detail: String,
}

/// `/readyz`: answered with 503 unless every check is ok.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Ready {
    /// Whether every check is ok.
    pub ready: bool,
    /// The checks.
    pub checks: Vec<Check>,
}
