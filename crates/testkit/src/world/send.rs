//! Sending: one transaction, signed by whoever the instructions ask for.

use super::World;
use crate::actor::Actor;
use crate::refusal::Refusal;
use litesvm::types::TransactionMetadata;
use solana_sdk::instruction::Instruction;
use solana_sdk::message::Message;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;
use solana_sdk::transaction::Transaction;

/// The largest transaction that a cluster takes, in bytes.
const PACKET_BYTES: usize = 1_232;

impl World {
    /// Sends instructions as one legacy transaction that the world's payer pays for. Signers that no
    /// instruction asks for are left out.
    ///
    /// # Errors
    /// Whoever refused, with the code.
    pub fn send(&mut self, instructions: &[Instruction], signers: &[&Actor]) -> Result<TransactionMetadata, Refusal> {
        // A new blockhash, so that the same instructions sent again are another transaction.
        self.svm.expire_blockhash();
        let message = Message::new(instructions, Some(&self.payer.pubkey()));
        let asked = &message.account_keys[..usize::from(message.header.num_required_signatures)];
        let keypair = |key| {
            let mut known = signers.iter().copied().chain([&self.payer]);
            &known.find(|actor| actor.pubkey() == key).unwrap_or_else(|| panic!("nobody signs for {key}")).keypair
        };
        let keypairs: Vec<&Keypair> = asked.iter().map(|key| keypair(*key)).collect();
        let keypairs: Vec<&dyn Signer> = keypairs.into_iter().map(|keypair| keypair as &dyn Signer).collect();
        let transaction = Transaction::new(&keypairs, message, self.svm.latest_blockhash());
        let bytes = wincode::serialize(&transaction).unwrap().len();
        assert!(bytes <= PACKET_BYTES, "a transaction of {bytes} bytes fits no packet");
        self.svm.send_transaction(transaction).map_err(|failed| Refusal::read(&failed, instructions))
    }
}
