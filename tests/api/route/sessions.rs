//! `POST /v1/route/sessions`.

use libtest_mimic::Trial;
use mira_wire::{KeyStr, Kind, Time};

use crate::api::support::interactive::serving;
use crate::api::support::{World, assert_problem, refused, rows};

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async: opens_for_who_signs_for_the_job, others_are_refused, ends_after_an_hour]
}

const JOB: KeyStr = KeyStr(rows::JOB);

async fn opens_for_who_signs_for_the_job() {
    let world = World::start().await;
    let session = world.client.session(&rows::signer(rows::VOUCHER_SIGNER), JOB).await.unwrap();
    assert_eq!((session.job, session.expires_at), (JOB, Time::from_unsigned_ms(world.now_ms() + 3_600_000)));
    world.stop().await;
}

async fn others_are_refused() {
    let world = World::start().await;
    for signer in [rows::STRANGER, rows::OPERATOR] {
        refused(world.client.session(&rows::signer(signer), JOB).await, Kind::WrongRequester);
    }
    let unknown = world.client.session(&rows::signer(rows::VOUCHER_SIGNER), KeyStr([9; 32])).await;
    refused(unknown, Kind::JobNotFound);
    let body = format!(r#"{{"job":"{JOB}"}}"#);
    assert_problem(world.post("/v1/route/sessions", body).await, Kind::SignatureMissing).await;
    world.stop().await;
}

async fn ends_after_an_hour() {
    let (world, routes) = serving().await;
    routes.route(&crate::api::support::interactive::request()).await.unwrap();
    world.pass(std::time::Duration::from_secs(3_600));
    refused(routes.route(&crate::api::support::interactive::request()).await, Kind::SessionInvalid);
    world.stop().await;
}
