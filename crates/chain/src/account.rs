//! The program's accounts, decoded by their discriminator.

use crate::pda::PROGRAM_ID;
use crate::rpc::{AccountData, Rpc, RpcError};
use anchor_lang::{AccountDeserialize, Discriminator};
use mira::state;
use solana_commitment_config::CommitmentLevel;
use solana_sdk::pubkey::Pubkey;

pub use mira::state::{Config, Dispute, FeeShard, Job, Lease, Provider, RewardState, StakePosition, Ticket};

/// Why an account is not what was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// The endpoint failed.
    #[error(transparent)]
    Rpc(#[from] RpcError),
    /// Another program owns it.
    #[error("{key} belongs to program {owner}, not to Mira")]
    WrongOwner {
        /// The account.
        key: Pubkey,
        /// Its owner.
        owner: Pubkey,
    },
    /// It is one of ours, of another kind or of an unknown layout.
    #[error("{key} is not a {expected} of a layout that this version knows")]
    WrongKind {
        /// The account.
        key: Pubkey,
        /// What it should have been.
        expected: &'static str,
    },
}

macro_rules! accounts {
    ($($name:ident),+ $(,)?) => {
        /// Any account of the program.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Account {
            $(
                #[doc = concat!("`mira::state::", stringify!($name), "`.")]
                $name(state::$name),
            )+
        }

        impl Account {
            /// Decodes an account of any kind.
            ///
            /// # Errors
            /// [`AccountError::WrongOwner`], [`AccountError::WrongKind`].
            pub fn decode(key: &Pubkey, account: &AccountData) -> Result<Self, AccountError> {
                $(if account.data.starts_with(state::$name::DISCRIMINATOR) {
                    return decode::<state::$name>(key, account).map(Self::$name);
                })+
                check_owner(key, account)?;
                Err(AccountError::WrongKind { key: *key, expected: "Mira account" })
            }
        }

        $(impl Kind for state::$name {
            const NAME: &'static str = stringify!($name);
        })+
    };
}

/// A kind of account of the program.
pub trait Kind: AccountDeserialize + Discriminator {
    /// Its name, for errors.
    const NAME: &'static str;
}

accounts!(Config, Provider, StakePosition, Job, Lease, Dispute, FeeShard, RewardState);

fn check_owner(key: &Pubkey, account: &AccountData) -> Result<(), AccountError> {
    if account.owner == PROGRAM_ID { Ok(()) } else { Err(AccountError::WrongOwner { key: *key, owner: account.owner }) }
}

/// Decodes an account of a known kind.
///
/// # Errors
/// [`AccountError::WrongOwner`], [`AccountError::WrongKind`].
pub fn decode<T: Kind>(key: &Pubkey, account: &AccountData) -> Result<T, AccountError> {
    check_owner(key, account)?;
    T::try_deserialize(&mut account.data.as_slice())
        .map_err(|_| AccountError::WrongKind { key: *key, expected: T::NAME })
}

impl Rpc {
    /// Reads one of the program's accounts; `None` if there is none at that address.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn state<T: Kind>(&self, key: &Pubkey, commitment: CommitmentLevel) -> Result<Option<T>, AccountError> {
        match self.account(key, commitment).await? {
            Some(account) => decode(key, &account).map(Some),
            None => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use anchor_lang::AccountSerialize;

    #[test]
    fn kinds_are_told_apart_and_strangers_refused() {
        let key = Pubkey::new_from_array([1; 32]);
        let shard = FeeShard { shard: 3, collected: 5, swept: 2, seq: 4, bump: 255, vault_bump: 254 };
        let mut data = Vec::new();
        shard.try_serialize(&mut data).unwrap();
        let mut account = AccountData { owner: PROGRAM_ID, lamports: 1, data };
        assert_eq!(decode::<FeeShard>(&key, &account).unwrap(), shard);
        assert_eq!(Account::decode(&key, &account).unwrap(), Account::FeeShard(shard));
        assert!(matches!(decode::<Job>(&key, &account), Err(AccountError::WrongKind { expected: "Job", .. })));
        account.data[0] ^= 1;
        assert!(matches!(Account::decode(&key, &account), Err(AccountError::WrongKind { .. })));
        account.owner = key;
        assert!(matches!(Account::decode(&key, &account), Err(AccountError::WrongOwner { .. })));
    }
}
