//! Recomputing a bundle and saying which lines differ.

use std::collections::BTreeMap;
use std::fmt;

use mira_store::Store;
use serde::Serialize;
use serde_json::{Map, Value};

use super::bundle::{Bundle, BundleError};
use super::fold::{FoldError, Inputs, fold};
use super::read::{ReadError, read};

/// The fields that are hashes over others.
const HASHES: [&str; 4] = ["hash", "leaf", "report_hash", "root"];

/// Why a bundle cannot be recomputed at all.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// It is none.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// Its amounts are none.
    #[error(transparent)]
    Fold(#[from] FoldError),
    /// The index that it is held against.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// One field that is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The line: `epoch`, `lease ADDRESS` or `provider ADDRESS`.
    pub line: String,
    /// The field; `line` if the whole line is missing or too much.
    pub field: String,
    /// What the bundle says.
    pub bundle: String,
    /// What it should say.
    pub recomputed: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, field, bundle, recomputed } = self;
        write!(f, "{line}: {field} is {bundle}, recomputed {recomputed}")
    }
}

/// Recomputes a bundle from its own inputs: everything follows from them, their hashes included.
///
/// # Errors
/// It is no bundle, or its amounts do not fit into 64 bits when summed.
pub fn alone(bundle: &Bundle) -> Result<Vec<Difference>, VerifyError> {
    recompute(bundle, &bundle.inputs()?)
}

/// Recomputes it from the ledger, the usage reports and the audits of an index; of the bundle only the slot and
/// what came before are taken. The index must have the reports and the audits: they are on no chain.
///
/// # Errors
/// As [`alone`], and the database's.
pub async fn against_ledger(bundle: &Bundle, store: &dyn Store) -> Result<Vec<Difference>, VerifyError> {
    let said = bundle.inputs()?;
    let mut carried = said.providers;
    carried.retain(|_, input| !input.fees.is_zero() || !input.reward.is_zero());
    recompute(bundle, &read(store, Some(said.header.slot), carried).await?)
}

/// Recomputes it from its own inputs, with what came before as the bundle of the epoch before has it.
///
/// # Errors
/// As [`alone`].
pub fn against_previous(bundle: &Bundle, previous: &Bundle) -> Result<Vec<Difference>, VerifyError> {
    let mut inputs = bundle.inputs()?;
    let mut carried = previous.carried();
    for (key, input) in &inputs.providers {
        carried.entry(*key).or_default().observed = input.observed;
    }
    inputs.providers = carried;
    inputs.header.previous = previous.epoch();
    recompute(bundle, &inputs)
}

fn recompute(bundle: &Bundle, inputs: &Inputs) -> Result<Vec<Difference>, VerifyError> {
    let other = Bundle::from(&fold(inputs)?);
    let mut found = Vec::new();
    tables("lease", &bundle.leases, &other.leases, &mut found)?;
    tables("provider", &bundle.providers, &other.providers, &mut found)?;
    fields("epoch", &map(&bundle.epoch)?, &map(&other.epoch)?, &mut found);
    Ok(found)
}

/// The lines of two tables, by their key: the field that is named as the table is.
fn tables<T: Serialize>(
    what: &str,
    bundle: &[T],
    recomputed: &[T],
    found: &mut Vec<Difference>,
) -> Result<(), BundleError> {
    let mut pairs: BTreeMap<String, [Map<String, Value>; 2]> = BTreeMap::new();
    for (side, docs) in [bundle, recomputed].into_iter().enumerate() {
        for doc in docs {
            let fields = map(doc)?;
            let pair = pairs.entry(text(fields.get(what))).or_default();
            if let Some(slot) = pair.get_mut(side) {
                *slot = fields;
            }
        }
    }
    for (key, [bundle, recomputed]) in pairs {
        fields(&format!("{what} {key}"), &bundle, &recomputed, found);
    }
    Ok(())
}

fn fields(line: &str, bundle: &Map<String, Value>, recomputed: &Map<String, Value>, found: &mut Vec<Difference>) {
    let mut differ = |field: &str, bundle: String, recomputed: String| {
        found.push(Difference { line: line.to_owned(), field: field.to_owned(), bundle, recomputed });
    };
    let presence = |fields: &Map<String, Value>| if fields.is_empty() { "absent" } else { "present" }.to_owned();
    if bundle.is_empty() || recomputed.is_empty() {
        return differ("line", presence(bundle), presence(recomputed));
    }
    // A hash differs because what it is over does, which is named first.
    let (hashes, causes): (Vec<_>, Vec<_>) = bundle.iter().partition(|(field, _)| HASHES.contains(&field.as_str()));
    for (field, value) in causes.into_iter().chain(hashes) {
        let other = recomputed.get(field);
        if other != Some(value) {
            differ(field, text(Some(value)), text(other));
        }
    }
}

fn map<T: Serialize>(doc: &T) -> Result<Map<String, Value>, BundleError> {
    match serde_json::to_value(doc)? {
        Value::Object(fields) => Ok(fields),
        _ => Ok(Map::new()),
    }
}

/// A value as people read it: strings without quotes.
fn text(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => "none".to_owned(),
        Some(other) => other.to_string(),
    }
}

#[cfg(test)]
mod tests;
