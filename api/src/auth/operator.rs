//! The operator of a provider.

use mira_core::Key;
use mira_store::model::ProviderRow;
use mira_wire::{KeyStr, Kind};

use crate::problem::{ApiProblem, Result, refuse};
use crate::state::AppState;

/// The provider, if `key` is its operator now.
///
/// # Errors
/// `provider-not-found`, `wrong-operator`.
pub async fn require_operator(state: &AppState, provider: &Key, key: &Key) -> Result<ProviderRow> {
    let Some(row) = state.store.provider(provider).await? else {
        return Err(ApiProblem::new(
            Kind::ProviderNotFound,
            format!("register {} first, and wait for finality", KeyStr(*provider)),
        ));
    };
    if row.operator != *key {
        return refuse(
            Kind::WrongOperator,
            format!("{} is not the operator of provider {}", KeyStr(*key), KeyStr(*provider)),
        );
    }
    Ok(row)
}
