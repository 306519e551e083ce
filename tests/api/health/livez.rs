//! `GET /livez`.

use libtest_mimic::Trial;

use crate::api::support::World;

/// The tests of this file.
pub fn trials() -> Vec<Trial> {
    trials![async: answers_even_without_a_database]
}

async fn answers_even_without_a_database() {
    let world = World::start().await;
    world.store.close().await;
    assert!(world.client.livez().await.unwrap().live);
    world.stop().await;
}
