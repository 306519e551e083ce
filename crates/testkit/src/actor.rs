//! Somebody with a key. The same name always has the same key, so failures can be repeated.

use mira_core::Key;
use mira_core::hash::{Sha2, Sha256};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;
use std::fmt;

/// A key pair with a name.
pub struct Actor {
    /// What the test calls it.
    pub name: String,
    /// Its key pair.
    pub keypair: Keypair,
}

impl Actor {
    /// The actor of that name.
    pub fn new(name: &str) -> Self {
        let seed = Sha2::hashv(&[b"mira test actor ", name.as_bytes()]);
        Self { name: name.to_owned(), keypair: Keypair::new_from_array(seed) }
    }

    /// Its public key.
    pub fn pubkey(&self) -> Pubkey {
        self.keypair.pubkey()
    }

    /// Its public key as the model has it.
    pub fn key(&self) -> Key {
        self.pubkey().to_bytes()
    }
}

impl fmt::Debug for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name, self.pubkey())
    }
}

impl Clone for Actor {
    fn clone(&self) -> Self {
        Self::new(&self.name)
    }
}
