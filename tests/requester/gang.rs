//! A gang that finds its members at the second try: what the first one left open does not hold escrow.

use std::collections::BTreeSet;
use std::sync::Arc;

use mira_chain::account::{Job, Lease};
use mira_core::tier::Tier;
use mira_requester::{HashOnly, PayOptions, Sample, Status, Submission, Submitted};
use mira_wire::node::Proposal;
use mira_wire::service::Service;
use solana_commitment_config::CommitmentLevel::Confirmed;
use solana_sdk::pubkey::Pubkey;
use tokio_util::sync::CancellationToken;

use super::patron::{Patron, shards, submission};
use crate::dispatch::stage::Stage;

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async: a_lease_that_a_gang_does_not_want_is_ended]
}

/// Two members, of two owners.
fn gang() -> Submission {
    let service = Service { gang: Some(2), ..Service::default() };
    let shards = shards()[..2].to_vec();
    let (tier, max_share_bps, max_leases) = (Tier::Training, 5_000, 4);
    Submission { tier, service, shards, max_share_bps, max_leases, ..submission(50_000) }
}

/// Three providers, played by hand.
struct Players<'a> {
    stage: &'a Stage,
    heard: BTreeSet<u8>,
}

impl Players<'_> {
    /// A heartbeat of each that is still there; what they are asked to open.
    async fn beat(&self) -> Vec<(u8, Proposal)> {
        let mut asked = Vec::new();
        for id in &self.heard {
            asked.extend(self.stage.beat(*id).await.proposals.into_iter().map(|proposal| (*id, proposal)));
        }
        asked
    }

    /// Does something while they go on beating.
    async fn meanwhile<T>(&self, work: impl Future<Output = T>) -> T {
        let beating = self.stage.until("what goes on beside the heartbeats", async || {
            self.beat().await;
            false
        });
        tokio::select! {
            done = work => done,
            () = beating => unreachable!("it ends in a panic"),
        }
    }

    /// One that is asked opens its lease.
    async fn open(&self) -> (u8, Pubkey) {
        let mut first = None;
        self.stage
            .until("somebody is asked", async || {
                first = self.beat().await.into_iter().next();
                first.is_some()
            })
            .await;
        let (id, proposal) = first.unwrap();
        self.meanwhile(self.stage.accept(id, &proposal)).await.unwrap();
        let lease = self.stage.terms(id, &proposal).lease();
        self.stage
            .until("its lease is seen", async || self.beat().await.iter().all(|(_, other)| other.id != proposal.id))
            .await;
        (id, lease)
    }
}

async fn lease(stage: &Stage, lease: &Pubkey) -> Option<Lease> {
    stage.net.rpc.state(lease, Confirmed).await.unwrap()
}

/// The first member opens its lease and is not heard of again, two others take over.
async fn play(mut players: Players<'_>, submitted: &Submitted) {
    let stage = players.stage;
    let (lost, spare) = players.open().await;
    players.heard.remove(&lost);
    stage
        .until("the silent one is suspended", async || {
            players.beat().await;
            stage.client.network().await.unwrap().data.coordination.suspended == 1
        })
        .await;
    let members = [players.open().await.1, players.open().await.1];
    stage
        .until("the spare lease has ended", async || {
            players.beat().await;
            lease(stage, &spare).await.is_none()
        })
        .await;
    let mut committed = 0;
    for member in &members {
        let account = lease(stage, member).await.expect("a member's lease is open");
        assert_eq!(account.settle_until, account.expires_at + i64::from(account.grace_secs), "and was not closed");
        committed += account.cap;
    }
    let job: Job = stage.net.rpc.state(&submitted.job, Confirmed).await.unwrap().unwrap();
    assert_eq!((job.committed, job.open_leases), (committed, 2));
}

async fn a_lease_that_a_gang_does_not_want_is_ended() {
    let engine = mira_dispatch::Config { seed: [11; 32], heartbeat_timeout_ms: 5_000, ..Default::default() };
    let stage = Stage::with(engine).await;
    let players = Players { stage: &stage, heard: (0..3).collect() };
    let patron = players.meanwhile(Patron::arrive(&stage, 41)).await;
    let submitted = players.meanwhile(patron.requester.submit(&gang(), &mut |_| ())).await.unwrap();
    let options = PayOptions { cap: submitted.funded, sample: Sample::All, check: Arc::new(HashOnly), poll_ms: 50 };
    let (cancel, mut nothing) = (CancellationToken::new(), |_: &mira_requester::Progress| ());
    let played = async {
        play(players, &submitted).await;
        cancel.cancel();
    };
    let (outcome, ()) = tokio::join!(patron.requester.run(submitted.job, &options, &cancel, &mut nothing), played);
    assert_eq!(outcome.unwrap().status, Status::Cancelled);
    stage.stop().await;
}
