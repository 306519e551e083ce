//! Several endpoints as one source: failover, and a second opinion on everything that carries events.
//!
//! Endpoints are asked in the order in which they were given. One that fails is passed over for a
//! number of questions that doubles with each failure, and is asked all the same when nobody else
//! answers; counting questions instead of time keeps this a function of the answers. A block or a
//! transaction is taken once two endpoints gave it alike, or one if the others cannot: two that differ
//! are a [`SourceError::Disagreement`].

mod agreement;
mod blocks;
mod cluster;
mod signatures;

pub use agreement::{Agreement, Testimony, listed_by_any};

use super::SourceError;
use crate::event::RawEvent;
use crate::rpc::RpcError;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// The most questions that an endpoint is passed over for.
const MAX_REST: u32 = 64;

/// What a source's methods return.
type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, SourceError>> + Send + 'a>>;

struct Endpoint<S: ?Sized> {
    label: String,
    source: Arc<S>,
    failures: AtomicU32,
    /// Questions that it is still passed over for.
    rest: AtomicU32,
}

impl<S: ?Sized> Endpoint<S> {
    /// Notes whether the endpoint answered. What it said is no failure of the endpoint.
    fn note<T>(&self, answer: &Result<T, SourceError>) {
        if let Err(error @ SourceError::Rpc(_)) = answer {
            let failures = self.failures.fetch_add(1, Relaxed).saturating_add(1);
            self.rest.store(2_u32.saturating_pow(failures).min(MAX_REST), Relaxed);
            tracing::warn!(endpoint = self.label, %error, "an endpoint does not answer");
        } else {
            self.failures.store(0, Relaxed);
            self.rest.store(0, Relaxed);
        }
    }
}

/// Several endpoints of one cluster; `S` is [`BlockSource`](super::BlockSource) or
/// [`SignatureSource`](super::SignatureSource).
pub struct Endpoints<S: ?Sized> {
    endpoints: Vec<Endpoint<S>>,
}

impl<S: ?Sized> fmt::Debug for Endpoints<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let labels: Vec<_> = self.endpoints.iter().map(|endpoint| &endpoint.label).collect();
        f.debug_tuple("Endpoints").field(&labels).finish()
    }
}

impl<S: ?Sized + Send + Sync> Endpoints<S> {
    /// Endpoints in the order in which they are to be asked, each with the name that it has in messages
    /// (see [`label`]). `None` without any.
    pub fn new(sources: Vec<(String, Arc<S>)>) -> Option<Self> {
        let endpoint = |(label, source)| Endpoint { label, source, failures: 0.into(), rest: 0.into() };
        let endpoints: Vec<_> = sources.into_iter().map(endpoint).collect();
        (!endpoints.is_empty()).then_some(Self { endpoints })
    }

    /// In the order to ask in; `true` for those to ask only if nobody else answers.
    fn order(&self) -> Vec<(&Endpoint<S>, bool)> {
        let passed =
            |endpoint: &Endpoint<S>| endpoint.rest.fetch_update(Relaxed, Relaxed, |rest| rest.checked_sub(1)).is_ok();
        let mut order: Vec<_> = self.endpoints.iter().map(|endpoint| (endpoint, passed(endpoint))).collect();
        order.sort_by_key(|(_, late)| *late);
        order
    }

    async fn ask<'a, T: Send>(
        &'a self,
        endpoint: &'a Endpoint<S>,
        question: &(impl Fn(&'a S) -> Answer<'a, T> + Send + Sync),
    ) -> Result<T, SourceError> {
        let answer = question(&endpoint.source).await;
        endpoint.note(&answer);
        answer
    }

    /// The first answer.
    async fn first<'a, T: Send>(
        &'a self,
        question: impl Fn(&'a S) -> Answer<'a, T> + Send + Sync,
    ) -> Result<T, SourceError> {
        let mut failure = None;
        for (endpoint, _) in self.order() {
            match self.ask(endpoint, &question).await {
                Ok(answer) => return Ok(answer),
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        Err(failure.unwrap_or_else(nobody))
    }

    /// Every answer, from those that are not passed over; one from the others if there is none.
    async fn all<'a, T: Send>(
        &'a self,
        question: impl Fn(&'a S) -> Answer<'a, T> + Send + Sync,
    ) -> Result<Vec<(&'a str, T)>, SourceError> {
        let (mut answers, mut failure) = (Vec::new(), None);
        for (endpoint, late) in self.order() {
            if late && !answers.is_empty() {
                break;
            }
            match self.ask(endpoint, &question).await {
                Ok(answer) => answers.push((endpoint.label.as_str(), answer)),
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        if answers.is_empty() { Err(failure.unwrap_or_else(nobody)) } else { Ok(answers) }
    }

    /// The first answer that holds something, compared with the next one that does: see [`Agreement`].
    async fn twice<'a, T: Testimony + Send>(
        &'a self,
        question: impl Fn(&'a S) -> Answer<'a, T> + Send + Sync,
    ) -> Result<T, SourceError> {
        let mut agreement = Agreement::default();
        for (endpoint, late) in self.order() {
            if late && agreement.is_held() {
                break;
            }
            let answer = self.ask(endpoint, &question).await;
            if let Some(outcome) = agreement.hear(&endpoint.label, answer) {
                return outcome;
            }
        }
        agreement.end()
    }
}

/// Whether two endpoints show the same events, their time apart.
fn same_events(one: &[RawEvent], other: &[RawEvent]) -> bool {
    let timeless = |event: &RawEvent| RawEvent { block_time: None, ..event.clone() };
    one.iter().map(timeless).eq(other.iter().map(timeless))
}

fn nobody() -> SourceError {
    let reason = "no endpoint was given".to_owned();
    RpcError::Unreachable { method: "any", reason }.into()
}

/// What an endpoint is called in messages: its host and port. Paths, queries and user names may hold
/// keys.
pub fn label(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority.rsplit('@').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests;
