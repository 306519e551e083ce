//! From a placed job to open leases: each proposal in its turn, none twice, and work under them.

use std::collections::BTreeSet;

use mira_chain::tx;

use super::stage::{Stage, number, operator};

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async: proposals_become_leases_one_after_the_other_and_get_work]
}

async fn proposals_become_leases_one_after_the_other_and_get_work() {
    let stage = Stage::set([7; 32]).await;
    let placed = stage.client.place(stage.job).await.unwrap().data;
    assert_eq!(placed.proposals.len(), 3);
    let order: Vec<u8> = placed.proposals.iter().map(|proposal| number(proposal.provider)).collect();
    assert_eq!(order.iter().collect::<BTreeSet<_>>().len(), 3, "three owners");

    for (nonce, id) in (0u32..).zip(order.iter().copied()) {
        for other in order.iter().copied().filter(|other| *other != id) {
            assert!(stage.beat(other).await.proposals.is_empty(), "it is not the turn of {other}");
        }
        let [proposal] = &stage.beat(id).await.proposals[..] else { panic!("it is the turn of {id}") };
        assert_eq!(proposal.nonce, nonce);
        if nonce == 0 {
            offered_anew(&stage, id).await;
        }
        // What was changed on the way is not signed.
        let mut terms = stage.terms(id, proposal);
        terms.cap += 1;
        assert!(tx::accept(&proposal.transaction, &terms, &operator(id)).is_err());
        // Whoever has opened its lease is not offered another one, although the index knows nothing yet.
        let [proposal] = &stage.beat(id).await.proposals[..] else { panic!("it is still the turn of {id}") };
        stage.accept(id, proposal).await.unwrap();
        assert!(stage.beat(id).await.proposals.is_empty(), "{id} has its lease");
    }

    stage.until("all leases are live", async || stage.live_leases().await == 3).await;
    let mut shards = BTreeSet::new();
    for id in order {
        let assignment = stage.work(id).await.expect("there is work");
        assert!(shards.insert(assignment.shard), "never the same shard twice");
    }
    let network = stage.client.network().await.unwrap().data;
    assert_eq!(network.coordination.place_ms.count.get(), 3);
    assert_eq!(network.coordination.route_us.count.get(), 3);
    stage.stop().await;
}

/// The same transaction for a moment, then one with a fresh blockhash.
async fn offered_anew(stage: &Stage, id: u8) {
    let first = stage.beat(id).await.proposals[0].transaction.clone();
    assert_eq!(stage.beat(id).await.proposals[0].transaction, first);
    let anew = async || stage.beat(id).await.proposals[0].transaction != first;
    stage.until("the transaction is offered with another blockhash", anew).await;
}
