//! A steady stream of real program transactions: jobs with leases that are settled, closed and ended, and stake.

use mira_chain::{ix, token};
use mira_testkit::network::{Network, params};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signer::Signer as _;
use std::collections::VecDeque;
use tokio_util::sync::CancellationToken;

/// Payment units that a job of [`Network::job`] is funded with.
const FUNDS: u64 = 1_000_000;
/// Small, so that the provider's stake covers many leases that have not ended.
const CAP: u64 = 10_000;

/// A lease that is closed and counts against the provider's stake until it is ended.
struct Closed {
    lease: Pubkey,
    /// Chain time from which it may be ended, unix seconds.
    ends_at: i64,
}

/// Works until it is told to stop; what was begun is finished. Gives how many jobs there were.
///
/// # Panics
/// The chain refuses a transaction.
pub async fn run(network: &Network, stop: &CancellationToken) -> u32 {
    let mut closed = VecDeque::new();
    let mut jobs = 0;
    while !stop.is_cancelled() {
        jobs += 1;
        closed.push_back(job(network, jobs).await);
        let now = network.now().await;
        while closed.front().is_some_and(|first: &Closed| first.ends_at <= now)
            && let Some(first) = closed.pop_front()
        {
            end(network, &first).await;
        }
    }
    jobs
}

/// One job with one lease.
async fn job(network: &Network, number: u32) -> Closed {
    let (admin, requester, operator) = (network.admin.pubkey(), network.requester.pubkey(), network.operator.pubkey());
    let (provider, owner) = (network.provider(), &network.owner);
    let purse = network.account(&network.requester, &network.payment_mint);
    let fill = token::mint_to(&network.payment_mint.pubkey(), &purse, &admin, FUNDS);
    network.send(&[fill], &[&network.admin]).await;
    let job = network.job(number).await;
    let lease = network.lease(job, 0, CAP).await;
    network.settle(job, lease, 1_000 + u64::from(number)).await;
    let from = network.account(owner, &network.stake_mint);
    let stake = ix::stake(&owner.pubkey(), &provider, &from, 1 + u64::from(number % 7));
    network.send(&[stake], &[owner]).await;
    network.settle(job, lease, 3_000 + u64::from(number)).await;
    let close = ix::close_lease(&operator, &provider, &lease);
    network.send(&[close, ix::release_lease(&operator, &job, &lease)], &[&network.operator]).await;
    network.send(&[ix::begin_close_job(&requester, &job)], &[&network.requester]).await;
    let params = params();
    let wait = i64::from(params.grace_secs) + i64::from(params.dispute_window_secs) + 1;
    Closed { lease, ends_at: network.now().await + wait }
}

async fn end(network: &Network, closed: &Closed) {
    let operator = network.operator.pubkey();
    let end = ix::end_lease(&operator, &network.provider(), &closed.lease, &operator);
    network.send(&[end], &[&network.operator]).await;
}
