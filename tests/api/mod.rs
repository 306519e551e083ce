//! Each route of the server, over HTTP. Mirrors `api/src/routes/`.
//!
//! Every test starts a server of its own on a SQLite file of its own, with rows put in as the indexer
//! would. What a bad request must not change is compared before and after.

pub mod support;

pub mod audits;
pub mod auth;
pub mod blobs;
pub mod decisions;
pub mod dispatch;
pub mod disputes;
pub mod epochs;
pub mod events;
pub mod full;
pub mod health;
pub mod index;
pub mod jobs;
pub mod leases;
pub mod network;
pub mod node;
pub mod openapi;
pub mod providers;
pub mod quotes;
pub mod reconciliation;
pub mod route;
pub mod server;
pub mod vouchers;

use libtest_mimic::Trial;

/// All tests of this folder.
pub fn trials() -> Vec<Trial> {
    [
        audits::trials(),
        auth::trials(),
        blobs::trials(),
        decisions::trials(),
        dispatch::trials(),
        disputes::trials(),
        epochs::trials(),
        events::trials(),
        full::trials(),
        health::trials(),
        index::trials(),
        jobs::trials(),
        leases::trials(),
        network::trials(),
        node::trials(),
        openapi::trials(),
        providers::trials(),
        quotes::trials(),
        reconciliation::trials(),
        route::trials(),
        server::trials(),
        vouchers::trials(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
