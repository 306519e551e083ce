//! `mira replay`.

use super::job::finished_decisions;
use super::network::shared;
use super::process::Mira;

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async: a_running_dispatchers_log_decides_the_same, what_was_altered_is_named, a_bad_database_is_refused]
}

fn replay(database: &str) -> Mira {
    Mira::new().args(["--json", "replay", "--database", database])
}

async fn a_running_dispatchers_log_decides_the_same() {
    let decisions = finished_decisions().await;
    assert!(!decisions.is_empty());
    let found = replay(&shared().database()).run().await.document();
    assert_eq!((&found["ok"], &found["differences"]), (&true.into(), &0.into()), "{found:#}");
    assert!(found["decisions"].as_u64().unwrap() >= decisions.len() as u64, "{found:#}");
    assert!(found["inputs"].as_u64().unwrap() > found["decisions"].as_u64().unwrap());
    let shown = Mira::new().args(["replay", "--database", &shared().database()]).run().await;
    assert!(shown.to_string().contains(": 100 % identical"), "{shown}");
}

async fn what_was_altered_is_named() {
    let world = crate::api::support::World::placed(&crate::api::support::work::spec()).await;
    let database = world.folder().join("mira.sqlite");
    let url = format!("sqlite:{}", database.display());
    replay(&url).run().await.document();
    let scratch = mira_store::scratch::Scratch::sqlite(world.folder());
    scratch.overwrite("dispatch_record", "bytes", &[0], "true").await.unwrap();
    let found = replay(&url).run().await.verdict();
    assert_eq!((&found["differences"], &found["decisions"]), (&1.into(), &1.into()), "{found:#}");
    assert!(found["named"][0].as_str().unwrap().contains("another record is stored"), "{found:#}");
    world.stop().await;
}

async fn a_bad_database_is_refused() {
    replay("mysql://me@127.0.0.1/mira").run().await.refused("opening the database failed");
    replay("sqlite:/nonexistent/mira.sqlite").run().await.refused("opening the database failed");
    Mira::new().arg("replay").run().await.misused("--database <URL>");
}
