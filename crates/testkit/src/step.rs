//! A step: what is sent, who signs it, and what the model makes of it.

mod admin;
mod dispute;
mod job;
mod lease;
mod reward;
mod stake;

pub use job::terms;
pub use lease::lease_terms;

use crate::actor::Actor;
use mira_core::ledger::Action;
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;

/// One instruction of the program (with the proof before it, for a settlement).
#[derive(Clone, Debug)]
pub struct Step {
    /// What the model is told.
    pub action: Action,
    /// What the chain is sent.
    pub instructions: Vec<Instruction>,
    /// Who signs.
    pub signers: Vec<Actor>,
}

impl Step {
    pub(crate) fn new(action: Action, instruction: Instruction, signer: &Actor) -> Self {
        Self { action, instructions: vec![instruction], signers: vec![signer.clone()] }
    }

    /// Passes another account wherever the program's instruction has `from`.
    pub fn swap(mut self, from: &Pubkey, to: &Pubkey) -> Self {
        let metas = self.program_instruction().accounts.iter_mut();
        let found: Vec<_> = metas.filter(|meta| meta.pubkey == *from).collect();
        assert!(!found.is_empty(), "{from} is not passed");
        for meta in found {
            meta.pubkey = *to;
        }
        self
    }

    /// Passes another account in one place, counted from 0 in the order of the program's accounts.
    pub fn swap_at(mut self, place: usize, to: &Pubkey) -> Self {
        self.program_instruction().accounts[place].pubkey = *to;
        self
    }

    /// Passes an actor in the place of another, who signs in its stead.
    pub fn signed_by(self, from: &Actor, to: &Actor) -> Self {
        let mut step = self.swap(&from.pubkey(), &to.pubkey());
        step.signers.push(to.clone());
        step
    }

    /// Passes an account without its signature.
    pub fn unsigned(mut self, key: &Pubkey) -> Self {
        let metas = self.program_instruction().accounts.iter_mut();
        let found: Vec<_> = metas.filter(|meta| meta.pubkey == *key && meta.is_signer).collect();
        assert!(!found.is_empty(), "{key} does not sign");
        for meta in found {
            meta.is_signer = false;
        }
        self
    }

    /// The program's own instruction: the last one.
    pub fn program_instruction(&mut self) -> &mut Instruction {
        self.instructions.last_mut().expect("a step has instructions")
    }
}
