//! Signing vouchers, and the ed25519 instruction that carries one to `settle`.

use mira_core::Hash;
use mira_core::amount::{Payment, Units};
use mira_core::hash::Sha2;
use mira_core::voucher::{MESSAGE_LEN, Voucher, encode_ed25519, message};
use solana_sdk::instruction::Instruction;
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Signature;
use solana_sdk::signer::{Signer, SignerError};

/// The voucher for a lease on a cluster, for this program.
pub fn voucher(cluster_id: Hash, lease: &Pubkey, cumulative_amount: Payment, cumulative_units: Units) -> Voucher {
    Voucher {
        program_id: crate::pda::PROGRAM_ID.to_bytes(),
        cluster_id,
        lease: lease.to_bytes(),
        cumulative_amount,
        cumulative_units,
    }
}

/// The 48 bytes that the voucher signer signs.
pub fn signed_message(voucher: &Voucher) -> [u8; MESSAGE_LEN] {
    message::<Sha2>(voucher)
}

/// Signs a voucher.
///
/// # Errors
/// The signer's own, for example of a hardware wallet.
pub fn sign(signer: &dyn Signer, voucher: &Voucher) -> Result<[u8; 64], SignerError> {
    Ok(*signer.try_sign_message(&signed_message(voucher))?.as_array())
}

/// Whether a signature is the signer's over this voucher.
pub fn verify(signer: &Pubkey, voucher: &Voucher, signature: &[u8; 64]) -> bool {
    Signature::from(*signature).verify(signer.as_ref(), &signed_message(voucher))
}

/// The instruction that has to stand directly before `settle`.
pub fn ed25519_instruction(signer: &Pubkey, voucher: &Voucher, signature: &[u8; 64]) -> Instruction {
    Instruction {
        program_id: solana_sdk_ids::ed25519_program::ID,
        accounts: Vec::new(),
        data: encode_ed25519(&signer.to_bytes(), signature, &signed_message(voucher)).to_vec(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use mira_core::voucher::check_ed25519;
    use solana_sdk::signature::Keypair;

    #[test]
    fn what_is_signed_is_what_the_program_checks() {
        let signer = Keypair::new_from_array([5; 32]);
        let lease = Pubkey::new_from_array([6; 32]);
        let voucher = voucher([7; 32], &lease, Payment::new(8), Units::new(9));
        let signature = sign(&signer, &voucher).unwrap();
        assert!(verify(&signer.pubkey(), &voucher, &signature));
        let instruction = ed25519_instruction(&signer.pubkey(), &voucher, &signature);
        let message = signed_message(&voucher);
        assert_eq!(check_ed25519(&instruction.data, &signer.pubkey().to_bytes(), &message), Ok(()));
        let other = Voucher { cumulative_amount: Payment::new(9), ..voucher };
        assert!(!verify(&signer.pubkey(), &other, &signature));
    }
}
