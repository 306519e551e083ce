//! A job from its making to its refund, one step at a time.

use mira_core::Key;
use mira_core::amount::{Payment, UnitPrice, Units};
use mira_core::dispute::DisputeKind;
use mira_core::lease::LeaseTerms;
use mira_core::ledger::Action;

use super::super::{OPERATOR, SIGNER, params, terms, verifier};
use super::{Crowd, Roll, pick};

const LEASES: usize = 4;
const CAP: u64 = 1_000_000;
/// Settlements of each lease: at least so many, and up to twice as many.
const SETTLEMENTS: u64 = 15;
/// Of so many jobs one is disputed.
const DISPUTED: u64 = 32;

/// What happens next; a number is that of the lease.
#[derive(Clone, Copy)]
enum Step {
    Create,
    Fund,
    Open,
    Settle(usize),
    Challenge,
    Answer,
    Vote { verifier: u8, uphold: bool },
    Judge { uphold: bool },
    Close(usize),
    Release(usize),
    BeginClose,
    Wait,
    End(usize),
    CloseJob,
}

/// A job under way.
pub(super) struct Life {
    job: Key,
    requester: Key,
    leases: Vec<Key>,
    settled: u64,
    /// The last one comes first.
    steps: Vec<Step>,
}

impl Life {
    /// All of it lies ahead.
    pub(super) fn new(job: Key, requester: Key, roll: Roll<'_>) -> Self {
        let mut steps = vec![Step::Create, Step::Fund];
        steps.extend([Step::Open; LEASES]);
        for _ in 0..SETTLEMENTS + roll(SETTLEMENTS + 1) {
            steps.extend((0..LEASES).map(Step::Settle));
        }
        if roll(DISPUTED) == 0 {
            let uphold = roll(4) == 0;
            steps.extend([Step::Challenge, Step::Answer]);
            steps.extend([0, 1].map(|verifier| Step::Vote { verifier, uphold }));
            steps.push(Step::Judge { uphold });
        }
        steps.extend((0..LEASES).flat_map(|lease| [Step::Close(lease), Step::Release(lease)]));
        steps.extend([Step::BeginClose, Step::Wait]);
        steps.extend((0..LEASES).map(Step::End));
        steps.push(Step::CloseJob);
        steps.reverse();
        Self { job, requester, leases: Vec::new(), settled: 0, steps }
    }
}

impl Crowd {
    /// The next step of one job.
    pub(super) fn live(&mut self, roll: Roll<'_>) {
        let at = usize::try_from(roll(self.lives.len() as u64)).unwrap();
        let mut life = self.lives.swap_remove(at);
        match life.steps.pop() {
            None => {}
            Some(Step::Wait) => {
                let due = self.chain.ledger.now + i64::from(params().dispute_window_secs);
                self.waiting.push_back((due, life));
            }
            Some(step) => {
                self.step(&mut life, step, roll);
                self.lives.push(life);
            }
        }
    }

    fn step(&mut self, life: &mut Life, step: Step, roll: Roll<'_>) {
        let Life { job, requester, .. } = *life;
        let action = match step {
            Step::Open => return self.open_one(life, roll),
            Step::Wait => return,
            Step::Create => self.creation(job, requester),
            Step::Fund => Action::FundJob { job, amount: Payment::new(CAP * 8) },
            Step::Settle(lease) => {
                life.settled += 1 + roll(1_000);
                let (cumulative_amount, cumulative_units) = (Payment::new(life.settled * 2), Units::new(life.settled));
                Action::Settle { lease: life.leases[lease], signer: SIGNER, cumulative_amount, cumulative_units }
            }
            Step::Challenge => {
                let (actor, kind, evidence) = (requester, DisputeKind::BadResult, [25; 32]);
                Action::OpenDispute { lease: life.leases[0], actor, kind, evidence }
            }
            Step::Answer => {
                let actor = self.others.owner(self.others.provider_of(life.leases[0]));
                Action::RespondDispute { lease: life.leases[0], actor, answer: Some([22; 32]) }
            }
            Step::Vote { verifier: number, uphold } => {
                Action::VoteDispute { lease: life.leases[0], actor: verifier(number), uphold }
            }
            Step::Judge { uphold } => {
                if uphold {
                    self.jail(self.others.provider_of(life.leases[0]));
                }
                Action::ResolveDispute { lease: life.leases[0] }
            }
            Step::Close(lease) => Action::CloseLease { lease: life.leases[lease], actor: OPERATOR },
            Step::Release(lease) => Action::ReleaseLease { lease: life.leases[lease] },
            Step::BeginClose => Action::BeginCloseJob { job, actor: requester },
            Step::End(lease) => Action::EndLease { lease: life.leases[lease] },
            Step::CloseJob => Action::CloseJob { job },
        };
        self.must(action);
    }

    fn creation(&self, job: Key, requester: Key) -> Action {
        Action::CreateJob { job, terms: mira_core::job::JobTerms { requester, ..terms(self.chain.ledger.now, 0) } }
    }

    /// With the first provider that is not in jail.
    fn open_one(&mut self, life: &mut Life, roll: Roll<'_>) {
        let (lease, job) = (self.fresh(), life.job);
        let (cap, expires_at) = (Payment::new(CAP), self.chain.ledger.now + i64::from(params().max_lease_secs));
        let terms = LeaseTerms { unit_price: UnitPrice::new(2_000_000), cap, expires_at };
        loop {
            let provider = pick(&self.providers, roll);
            let (operator, matcher) = (OPERATOR, life.requester);
            if self.run(Action::OpenLease { lease, job, provider, operator, matcher, terms }).is_ok() {
                break;
            }
        }
        life.leases.push(lease);
    }
}
