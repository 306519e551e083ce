//! The keys of a local network, all from one seed: the same seed gives the same addresses, and so the
//! same placement. They are worthless anywhere else, and must be: a seed can be guessed.

use mira_core::hash::{Sha2, Sha256};
use solana_sdk::signature::Keypair;

/// Who a key belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Upgrade authority, admin, and mint authority of both mints.
    Admin,
    /// The mint of stake.
    StakeMint,
    /// The mint of payment.
    PaymentMint,
    /// Places jobs.
    Dispatcher,
    /// Owns jobs and pays.
    Requester,
    /// Signs the requester's vouchers.
    VoucherSigner,
    /// Owns the provider of an index.
    Owner(u16),
    /// Runs the node of an index.
    Operator(u16),
    /// A reward authority.
    Authority(u16),
}

impl Role {
    fn label(self) -> (&'static [u8], u16) {
        match self {
            Self::Admin => (b"admin", 0),
            Self::StakeMint => (b"stake-mint", 0),
            Self::PaymentMint => (b"payment-mint", 0),
            Self::Dispatcher => (b"dispatcher", 0),
            Self::Requester => (b"requester", 0),
            Self::VoucherSigner => (b"voucher-signer", 0),
            Self::Owner(index) => (b"owner", index),
            Self::Operator(index) => (b"operator", index),
            Self::Authority(index) => (b"authority", index),
        }
    }
}

/// The key of `role` on the network of `seed`.
pub fn derive(seed: u64, role: Role) -> Keypair {
    let (label, index) = role.label();
    Keypair::new_from_array(secret(seed, label, index))
}

/// What the dispatcher's sampling and the simulated round-trip times derive from.
pub fn dispatch_seed(seed: u64) -> [u8; 32] {
    secret(seed, b"dispatch", 0)
}

fn secret(seed: u64, label: &[u8], index: u16) -> [u8; 32] {
    Sha2::hashv(&[b"mira:local:v1", &seed.to_le_bytes(), &index.to_le_bytes(), label])
}

#[cfg(test)]
mod tests {
    use solana_sdk::signer::Signer;

    use super::*;

    #[test]
    fn every_role_has_its_own_key_and_the_seed_decides_all() {
        let roles = [Role::Admin, Role::Requester, Role::Owner(0), Role::Owner(1), Role::Operator(0)];
        let keys: std::collections::BTreeSet<_> = roles.iter().map(|role| derive(1, *role).pubkey()).collect();
        assert_eq!(keys.len(), roles.len());
        assert_eq!(derive(1, Role::Admin).pubkey(), derive(1, Role::Admin).pubkey());
        assert_ne!(derive(1, Role::Admin).pubkey(), derive(2, Role::Admin).pubkey());
    }
}
