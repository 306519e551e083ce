//! What to crank now: a pure function of the job, its leases and the chain's clock.

use mira_core::{
    job::{Job, JobStatus},
    lease::{Closer, Lease},
};

/// One lease as the chain and the API have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeaseView {
    /// Its account; `None` once it has ended.
    pub lease: Option<Lease>,
    /// What its newest voucher pays, cumulative, base units.
    pub vouchered: u64,
}

/// One transaction to send. The index is the lease's place in what was asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Bring a lease's end forward.
    CloseLease(usize),
    /// Stop new leases.
    BeginClose,
    /// Cash a voucher that its provider has not cashed.
    Settle(usize),
    /// Return what a lease did not use.
    Release(usize),
    /// Free a lease's stake.
    End(usize),
    /// Take back the rest.
    CloseJob,
}

/// Everything that is due at `now`. Empty means: wait.
pub fn plan(job: &Job, leases: &[LeaseView], now: i64, settle_for_providers: bool) -> Vec<Step> {
    let of = |(index, view): (usize, &LeaseView)| of_lease(job, index, view, now, settle_for_providers);
    let mut steps: Vec<Step> = leases.iter().enumerate().filter_map(of).collect();
    if job.status == JobStatus::Open {
        steps.push(Step::BeginClose);
    } else if leases.iter().all(|view| view.lease.is_none()) && job.close(now).is_ok() {
        steps.push(Step::CloseJob);
    }
    steps
}

/// What is due for one lease that is to end.
pub fn of_lease(job: &Job, index: usize, view: &LeaseView, now: i64, settle_for_provider: bool) -> Option<Step> {
    let lease = view.lease.as_ref()?;
    if lease.released {
        return (!lease.disputed && now >= lease.dispute_until).then_some(Step::End(index));
    }
    if job.status == JobStatus::Open && lease.close(Closer::Requester, now).is_ok() {
        return Some(Step::CloseLease(index));
    }
    lease.release(job, now).ok()?;
    let payable = view.vouchered.min(lease.cap.get());
    let settles = settle_for_provider && payable > lease.settled.get();
    Some(if settles { Step::Settle(index) } else { Step::Release(index) })
}

#[cfg(test)]
mod tests {
    use mira_core::{
        amount::{Bps, Payment, Stake, StakePerMillion, UnitPrice, Units},
        job::JobTerms,
        lease::LeaseTerms,
        params::{DisputeParams, Params, RewardParams},
        position::Position,
        provider::Provider,
        tier::{Tier, UnitKind},
    };

    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn params() -> Params {
        Params {
            fee_bps: Bps::new(100).expect("a rate"),
            min_stake: Stake::new(1),
            stake_per_million: StakePerMillion::new(1),
            unbonding_secs: 100,
            max_lease_secs: 60,
            max_job_secs: 600,
            grace_secs: 4,
            dispute_window_secs: 2,
            job_id_window_secs: 2,
            dispute: DisputeParams {
                bond_bps: Bps::new(100).expect("a rate"),
                min_bond: Stake::new(1),
                respond_secs: 2,
                vote_secs: 2,
                jail_secs: 2,
                max_slash_bps: Bps::new(100).expect("a rate"),
            },
            reward: RewardParams {
                share_bps: Bps::new(100).expect("a rate"),
                epoch_secs: 10,
                challenge_secs: 2,
                stale_secs: 2,
            },
        }
    }

    /// A job of 1,000 with one lease of 100, all by the protocol's own transitions.
    fn opened() -> (Job, Lease, Provider) {
        let terms = JobTerms {
            requester: [1; 32],
            job_id: mira_core::job::job_id(NOW, 1).expect("an id"),
            voucher_signer: [2; 32],
            dispatcher: None,
            spec_hash: [3; 32],
            tier: Tier::Batch,
            unit_kind: UnitKind::Fuel,
            max_unit_price: UnitPrice::new(1_000_000),
            min_provider_stake: Stake::ZERO,
            max_share: Bps::ONE,
            max_leases: 4,
            deadline: NOW + 500,
        };
        let job = Job::create(&terms, NOW, &params()).and_then(|job| job.fund(Payment::new(1_000))).expect("a job");
        let idle = Provider::register(Bps::ZERO);
        let staked = idle.stake(&Position::default(), Stake::new(1_000_000), true).expect("a stake").provider;
        let terms = LeaseTerms { unit_price: UnitPrice::new(1_000_000), cap: Payment::new(100), expires_at: NOW + 50 };
        let opened = Lease::open(&job, &staked, &terms, NOW, &params()).expect("a lease");
        (opened.job, opened.lease, opened.provider)
    }

    fn view(lease: Lease, vouchered: u64) -> [LeaseView; 1] {
        [LeaseView { lease: Some(lease), vouchered }]
    }

    #[test]
    fn the_whole_way_down_ends_with_everything_closed() {
        let (mut job, mut lease, provider) = opened();
        assert_eq!(plan(&job, &view(lease, 40), NOW, true), [Step::CloseLease(0), Step::BeginClose]);
        lease = lease.close(Closer::Requester, NOW).expect("it closes");
        job = job.begin_close(NOW).expect("it begins to close");
        assert_eq!(plan(&job, &view(lease, 40), NOW + 3, true), []);
        assert_eq!(plan(&job, &view(lease, 40), NOW + 4, true), [Step::Settle(0)]);
        let settled = lease.settle(&job, Payment::new(40), Units::new(40)).expect("it settles");
        (job, lease) = (settled.job, settled.lease);
        assert_eq!(plan(&job, &view(lease, 40), NOW + 4, true), [Step::Release(0)]);
        let released = lease.release(&job, NOW + 4).expect("it is due");
        (job, lease) = (released.job, released.lease);
        assert_eq!(plan(&job, &view(lease, 40), NOW + 5, true), []);
        assert_eq!(plan(&job, &view(lease, 40), NOW + 6, true), [Step::End(0)]);
        lease.end(&provider, NOW + 6).expect("it ends");
        let gone = [LeaseView { lease: None, vouchered: 40 }];
        assert_eq!(plan(&job, &gone, NOW + 6, true), [Step::CloseJob]);
    }

    #[test]
    fn a_voucher_above_the_cap_is_worth_the_cap() {
        let (job, lease, _) = opened();
        let settled = lease.settle(&job, Payment::new(u64::MAX), Units::new(1)).expect("it settles");
        let job = settled.job.begin_close(NOW).expect("it begins to close");
        assert_eq!(plan(&job, &view(settled.lease, u64::MAX), NOW + 4, true), [Step::Release(0)]);
    }

    #[test]
    fn cashing_for_providers_is_a_choice() {
        let (job, lease, _) = opened();
        let job = job.begin_close(NOW).expect("it begins to close");
        assert_eq!(plan(&job, &view(lease, 40), NOW + 4, false), [Step::Release(0)]);
    }

    #[test]
    fn a_disputed_lease_waits_for_its_dispute() {
        let (job, lease, _) = opened();
        let job = job.begin_close(NOW).expect("it begins to close");
        let released = lease.release(&job, NOW + 4).expect("it is due");
        let disputed = Lease { disputed: true, challenged: true, ..released.lease };
        assert_eq!(plan(&released.job, &view(disputed, 0), NOW + 100, true), []);
        let judged = Lease { disputed: false, ..disputed };
        assert_eq!(plan(&released.job, &view(judged, 0), NOW + 100, true), [Step::End(0)]);
    }

    #[test]
    fn a_job_is_not_closed_before_its_own_time() {
        let (job, _, _) = opened();
        let job = Job { open_leases: 0, committed: Payment::ZERO, ..job.begin_close(NOW).expect("it begins to close") };
        assert_eq!(plan(&job, &[], job.young_until - 1, true), []);
        assert_eq!(plan(&job, &[], job.young_until, true), [Step::CloseJob]);
    }
}
