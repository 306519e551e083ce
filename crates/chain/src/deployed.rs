//! The program as a cluster has it: its bytecode, and who may upgrade it.
//!
//! Only the upgradeable loader is understood: a program of another loader has no upgrade authority, and
//! without one nobody can initialize a network.

use crate::rpc::{AccountData, Rpc, RpcError};
use mira_core::Hash;
use mira_core::hash::{Sha2, Sha256};
use solana_commitment_config::CommitmentLevel;
use solana_sdk::pubkey::Pubkey;
use solana_sdk_ids::bpf_loader_upgradeable;

/// How the loader marks a program's account, and the account that holds the bytecode.
const PROGRAM: [u8; 4] = [2, 0, 0, 0];
const PROGRAM_DATA: [u8; 4] = [3, 0, 0, 0];
/// Bytes before the bytecode: the mark, the slot of the deployment, and the authority behind one byte.
const HEAD: usize = 45;
const AUTHORITY_AT: usize = 12;

/// A program on a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deployed {
    /// Who may upgrade it; nobody if it is final.
    pub authority: Option<Pubkey>,
    /// SHA-256 of its bytecode, as [`bytecode_hash`] gives it.
    pub bytecode: Hash,
}

/// SHA-256 of bytecode without zeros at its end: an account may be longer than what was deployed.
pub fn bytecode_hash(bytes: &[u8]) -> Hash {
    let end = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last.saturating_add(1));
    Sha2::hashv(&[bytes.get(..end).unwrap_or_default()])
}

/// Reads a program; `None` if the upgradeable loader has none at this address.
///
/// # Errors
/// [`RpcError`].
pub async fn read(rpc: &Rpc, program: &Pubkey) -> Result<Option<Deployed>, RpcError> {
    let account = rpc.account(program, CommitmentLevel::Confirmed).await?;
    let Some(data) = account.as_ref().and_then(data_address) else { return Ok(None) };
    let data = rpc.account(&data, CommitmentLevel::Confirmed).await?;
    Ok(data.as_ref().and_then(decode))
}

/// Where the bytecode of a program is.
fn data_address(account: &AccountData) -> Option<Pubkey> {
    let rest = of_loader(account)?.strip_prefix(&PROGRAM)?;
    rest.first_chunk().copied().map(Pubkey::new_from_array)
}

fn decode(account: &AccountData) -> Option<Deployed> {
    let data = of_loader(account).filter(|data| data.starts_with(&PROGRAM_DATA))?;
    let (head, bytecode) = data.split_at_checked(HEAD)?;
    let authority = match head.get(AUTHORITY_AT..)?.split_first()? {
        (1, key) => Some(Pubkey::new_from_array(key.try_into().ok()?)),
        _ => None,
    };
    Some(Deployed { authority, bytecode: bytecode_hash(bytecode) })
}

fn of_loader(account: &AccountData) -> Option<&[u8]> {
    (account.owner == bpf_loader_upgradeable::ID).then_some(account.data.as_slice())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn account(data: &[&[u8]]) -> AccountData {
        AccountData { owner: bpf_loader_upgradeable::ID, lamports: 1, data: data.concat() }
    }

    #[test]
    fn a_program_names_its_data_and_the_data_its_authority() {
        assert_eq!(data_address(&account(&[&PROGRAM, &[7; 32]])), Some(Pubkey::new_from_array([7; 32])));
        let owned = decode(&account(&[&PROGRAM_DATA, &[1; 8], &[1], &[9; 32], b"elf", &[0; 5]])).unwrap();
        assert_eq!(owned.authority, Some(Pubkey::new_from_array([9; 32])));
        assert_eq!(owned.bytecode, Sha2::hashv(&[b"elf"]), "what the account is longer does not count");
        let last = decode(&account(&[&PROGRAM_DATA, &[1; 8], &[0], &[9; 32], b"elf"])).unwrap();
        assert_eq!(last, Deployed { authority: None, ..owned });
    }

    #[test]
    fn what_is_no_program_of_the_loader_is_none() {
        assert_eq!(data_address(&account(&[&PROGRAM_DATA, &[7; 32]])), None);
        assert_eq!(data_address(&AccountData { owner: Pubkey::default(), ..account(&[&PROGRAM, &[7; 32]]) }), None);
        assert_eq!(decode(&account(&[&PROGRAM_DATA, &[1; 20]])), None);
        assert_eq!(decode(&account(&[&PROGRAM, &[1; 60]])), None);
    }
}
