//! `mira epoch sweep`.

use super::run::Run;
use crate::cli::network::number;
use libtest_mimic::Trial;
use mira_chain::pda;
use serde_json::json;
use std::collections::BTreeSet;

pub fn trials() -> Vec<Trial> {
    trials![async: anyone_sweeps_what_the_shards_hold]
}

async fn anyone_sweeps_what_the_shards_hold() {
    let mut run = Run::start(39).await;
    let sweep = |run: &Run| run.epoch(&run.network.requester, "sweep");
    let nothing = sweep(&run).run().await.document();
    assert_eq!((&nothing["shards"], number(&nothing["amount"])), (&json!(0), 0));
    let job = run.network.job(1).await;
    for nonce in 0..3 {
        run.work(job, nonce, (10_000, None)).await;
    }
    let shards: BTreeSet<u8> = run.worked.iter().map(|worked| pda::fee_shard_of(&worked.lease)).collect();
    let swept = sweep(&run).run().await.document();
    // Three times 1.5 % of 20,000.
    assert_eq!((&swept["shards"], number(&swept["amount"])), (&json!(shards.len()), 900));
    assert_eq!(run.rewards().await.swept, 900);
    let again = sweep(&run).run().await.document();
    assert_eq!((number(&again["amount"]), number(&again["swept"])), (0, 900));
    run.stop().await;
}
