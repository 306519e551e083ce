//! An interactive job with a lease of each of two providers.

use mira_core::Key;
use mira_core::amount::Payment;
use mira_core::tier::Tier;
use mira_store::model::{JobRow, LeaseRow, Projection};
use mira_wire::client::RouteClient;
use mira_wire::node::Offer;
use mira_wire::route::{Leg, LegEnd, RouteDone, RouteRequest};
use mira_wire::spec::JobSpec;
use mira_wire::{KeyStr, U64Str};

use super::work::{job_of, offer, spec};
use super::world::Setup;
use super::{World, rows};

/// The lease of [`rows::other_provider`].
pub const OTHER_LEASE: Key = [0x32; 32];

fn interactive() -> JobSpec {
    JobSpec { tier: "interactive".to_owned(), shards: Vec::new(), ..spec() }
}

/// The network, two providers, and this job as an interactive one that has a lease of each.
pub fn served(job: JobRow) -> Vec<Projection> {
    let job =
        JobRow { tier: Tier::Interactive, committed: Payment::new(20_000), open_leases: 2, leases_total: 2, ..job };
    let other = LeaseRow {
        lease: OTHER_LEASE,
        provider: rows::OTHER_PROVIDER,
        operator: rows::key_of(rows::OTHER_OPERATOR),
        nonce: 1,
        ..rows::lease()
    };
    vec![
        rows::network().into(),
        rows::provider().into(),
        rows::other_provider().into(),
        job.into(),
        rows::lease().into(),
        other.into(),
    ]
}

/// A server on which the job is placed, and the routes of a session for it.
pub async fn serving() -> (World, RouteClient) {
    serving_by(Setup::default()).await
}

/// The same on a server that is set up so but for its rows.
pub async fn serving_by(setup: Setup) -> (World, RouteClient) {
    let bytes = interactive().to_bytes().unwrap();
    let rows = served(job_of(&bytes));
    let world = World::with(Setup { rows, ..setup }).await;
    world.upload(&bytes).await;
    world.node(rows::OPERATOR).offer(&offer()).await.unwrap();
    let theirs = Offer { provider: KeyStr(rows::OTHER_PROVIDER), region: "us-east".to_owned(), ..offer() };
    world.node(rows::OTHER_OPERATOR).offer(&theirs).await.unwrap();
    world.client.place(KeyStr(rows::JOB)).await.unwrap();
    let routes = routes(&world).await;
    (world, routes)
}

/// The routes of a new session.
pub async fn routes(world: &World) -> RouteClient {
    let session = world.client.session(&rows::signer(rows::VOUCHER_SIGNER), KeyStr(rows::JOB)).await.unwrap();
    world.client.routes(&session)
}

/// A request of 1,000 units from the job's own region.
pub fn request() -> RouteRequest {
    RouteRequest { region: None, max_units: U64Str(1_000), ended: Vec::new() }
}

/// Serves as many requests as earn one second attempt: one in twenty may have one.
pub async fn earn_a_hedge(routes: &RouteClient) {
    for _ in 0..20 {
        let route = routes.route(&request()).await.unwrap();
        let (leg, end) = (Leg::Primary, LegEnd::Completed);
        let done = RouteDone { leg, end, first_token_us: Some(U64Str(200_000)), units: U64Str(10) };
        routes.done(route.route.get(), &done).await.unwrap();
    }
}
