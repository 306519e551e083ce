//! Running steps: the chain and the model must agree, whether they accept or refuse.

use super::outside::Outside;
use super::{World, events};
use crate::refusal::Refusal;
use crate::step::Step;
use litesvm::types::TransactionMetadata;
use mira_chain::event::{AggregateKind, Event};
use mira_chain::pda;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// What an accepted step left behind.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// Compute units of the whole transaction.
    pub compute_units: u64,
    /// Its events, one for each of the program's instructions.
    pub events: Vec<Event>,
}

impl World {
    /// Runs a step that both the chain and the model accept; compares everything afterwards.
    pub fn run(&mut self, step: &Step) -> Receipt {
        self.run_all(std::slice::from_ref(step))
    }

    /// Runs several steps as one transaction.
    pub fn run_all(&mut self, steps: &[Step]) -> Receipt {
        let instructions: Vec<Instruction> = steps.iter().flat_map(|step| step.instructions.clone()).collect();
        let signers: Vec<_> = steps.iter().flat_map(|step| &step.signers).collect();
        let outside = self.outside(&instructions);
        match self.send(&instructions, &signers) {
            Ok(sent) => self.accepted(steps, &outside, &sent),
            Err(refusal) => panic!("the chain refused {steps:#?}: {refusal:?}"),
        }
    }

    /// The chain has accepted `steps`: so must the model, and they must agree on everything.
    pub(super) fn accepted(&mut self, steps: &[Step], outside: &Outside, sent: &TransactionMetadata) -> Receipt {
        let events = one_for_each(steps, sent);
        let mut due = Vec::new();
        for (step, event) in steps.iter().zip(&events) {
            let before = self.model.clone();
            self.model.apply(&step.action).unwrap_or_else(|error| panic!("the model refused {step:#?}: {error:?}"));
            before.check_step(&self.model).unwrap();
            due.extend(self.due(&before, step, event));
        }
        self.check_numbers(&events);
        if let [event] = events.as_slice() {
            let most = self.compute_units.entry(event.name()).or_default();
            *most = sent.compute_units_consumed.max(*most);
        }
        self.events.extend(events.iter().cloned());
        self.compare();
        self.compare_outside(outside, &due);
        Receipt { compute_units: sent.compute_units_consumed, events }
    }

    /// Sends a step that both refuse, for the same reason if it is one of the protocol's. Nothing may
    /// have changed.
    pub fn refused(&mut self, step: &Step) -> Refusal {
        let refusal = self.tampered(step);
        let verdict = self.model.clone().apply(&step.action);
        match refusal {
            Refusal::Mira(error) => assert_eq!(verdict, Err(error), "chain and model give different reasons"),
            _ => assert!(verdict.is_err(), "the model accepts what the chain refuses as {refusal:?}: {step:#?}"),
        }
        refusal
    }

    /// Sends a step of which the test does not know whether it is accepted; chain and model must agree
    /// on it, and on the reason if it is one of the protocol's.
    ///
    /// # Errors
    /// Why both refused.
    pub fn agree(&mut self, step: &Step) -> Result<(), Refusal> {
        if self.model.clone().apply(&step.action).is_ok() {
            self.run(step);
            Ok(())
        } else {
            Err(self.refused(step))
        }
    }

    /// Sends a step that the test has changed, or that the model knows nothing about; the chain must
    /// refuse it. Nothing may have changed.
    pub fn tampered(&mut self, step: &Step) -> Refusal {
        let outside = self.outside(&step.instructions);
        let signers: Vec<_> = step.signers.iter().collect();
        let refusal = match self.send(&step.instructions, &signers) {
            Ok(_) => panic!("the chain accepted {step:#?}"),
            Err(refusal) => refusal,
        };
        self.untouched(&outside);
        refusal
    }

    /// A refusal leaves everything as it was.
    pub(super) fn untouched(&self, outside: &Outside) {
        self.compare();
        self.compare_outside(outside, &[]);
    }

    /// Every account that an event numbers carries that number, if this was its last event here.
    fn check_numbers(&self, events: &[Event]) {
        for (at, event) in events.iter().enumerate() {
            for aggregate in event.aggregates() {
                let later = events[at + 1..].iter().flat_map(Event::aggregates);
                if later.into_iter().any(|other| other.key == aggregate.key) {
                    continue;
                }
                if let Some(seq) = self.seq(aggregate.kind, &Pubkey::from(aggregate.key)) {
                    assert_eq!(seq, aggregate.seq, "{} numbers {:?} wrongly", event.name(), aggregate.kind);
                }
            }
        }
    }

    fn seq(&self, kind: AggregateKind, key: &Pubkey) -> Option<u64> {
        use mira::state;
        match kind {
            AggregateKind::Network => self.state::<state::Config>(&pda::config()).map(|config| config.seq),
            AggregateKind::Provider => self.state::<state::Provider>(key).map(|provider| provider.seq),
            AggregateKind::Job => self.state::<state::Job>(key).map(|job| job.seq),
            AggregateKind::Lease => self.state::<state::Lease>(key).map(|lease| lease.seq),
            AggregateKind::FeeShard => self.state::<state::FeeShard>(key).map(|shard| shard.seq),
            AggregateKind::Dispute => self.state::<state::Dispute>(key).map(|dispute| dispute.seq),
            AggregateKind::Rewards => self.state::<state::RewardState>(key).map(|rewards| rewards.seq),
        }
    }
}

/// The events of a transaction: exactly one for each of the program's instructions.
fn one_for_each(steps: &[Step], sent: &TransactionMetadata) -> Vec<Event> {
    let per_instruction = events::read(sent);
    let instructions = steps.iter().flat_map(|step| &step.instructions);
    for (instruction, events) in instructions.zip(&per_instruction) {
        let expected = usize::from(instruction.program_id == mira::ID);
        assert_eq!(events.len(), expected, "each instruction of the program emits exactly one event");
    }
    let events: Vec<Event> = per_instruction.into_iter().flatten().collect();
    assert_eq!(events.len(), steps.len());
    events
}
