//! `mira epoch finalize`.

use super::document;
use super::oracle::unhex;
use super::run::Run;
use crate::cli::network::number;
use libtest_mimic::Trial;

pub fn trials() -> Vec<Trial> {
    trials![async: anyone_finalizes_when_the_window_is_over]
}

async fn anyone_finalizes_when_the_window_is_over() {
    let run = Run::worked(37).await;
    let (_, file) = run.build("1.json", None).await;
    let finalize = || run.epoch(&run.network.requester, "finalize");
    finalize().run().await.refused("no epoch is pending");
    for authority in &run.authorities[..2] {
        run.epoch(authority, "approve").arg(&file).run().await.document();
    }
    run.window().await;
    let printed = finalize().run().await.document();
    let (state, bundle) = (run.rewards().await, document(&file));
    assert_eq!((number(&printed["epoch"]), state.last.index), (1, 1));
    assert_eq!(number(&printed["to_treasury"]), number(&bundle["epoch"]["to_treasury"]));
    assert_eq!((state.to_treasury, state.pending), (number(&printed["to_treasury"]), None));
    assert_eq!(state.last.root, unhex(printed["root"].as_str().unwrap()));
    finalize().run().await.refused("no epoch is pending");

    // The bundle does not follow itself, and the next needs it.
    let [one, ..] = &run.authorities;
    run.due().await;
    run.epoch(one, "approve").arg(&file).run().await.refused("epoch 1 does not follow the last final one, epoch 1");
    run.indexed().await;
    let database = run.database();
    let alone = run.epoch(one, "build").args(["--database", &database, "--out"]).arg(run.path("2.json"));
    alone.run().await.refused("the last final epoch is 1: give its bundle");
    run.stop().await;
}
