//! The cluster: its endpoints, the program on it, and its clock.

use mira_chain::rpc::{AccountData, Rpc};
use mira_chain::source::{BlockFetch, BlockSource as _, ClusterSource as _, RpcSource, label};
use mira_chain::{artifact, pda};
use mira_core::Hash;
use mira_core::hash::{Sha2, Sha256 as _};
use solana_commitment_config::CommitmentLevel;
use solana_sdk::pubkey::Pubkey;

use super::Problem;

/// Endpoints may trail each other by this many slots: a minute.
const APART_SLOTS: u64 = 150;
/// How far below the newest common slot a block is looked for that all have.
const LOOK_BACK: u64 = 16;
/// What the upgradeable loader puts before a program's bytecode: its kind, the slot and the authority.
const PROGRAM_DATA_HEAD: usize = 45;
/// How the loader marks the account that names where the bytecode is.
const PROGRAM: [u8; 4] = [2, 0, 0, 0];
/// How it marks the one that holds it.
const PROGRAM_DATA: [u8; 4] = [3, 0, 0, 0];

/// What to do when the cluster does not answer.
pub const CLUSTER_UP: &str = "check --url and that the cluster is up";

struct Endpoint {
    label: String,
    source: RpcSource,
    genesis: Hash,
    finalized: u64,
}

/// Every endpoint answers, is of one cluster and tells the same story. Gives the newest finalized slot, too.
pub async fn endpoints(urls: &[String]) -> Result<(String, u64), Problem> {
    let mut endpoints: Vec<Endpoint> = Vec::new();
    for url in urls {
        let (label, source) = (label(url), RpcSource::new(Rpc::new(url)));
        let silent =
            |error| Problem::new(format!("{label} does not answer: {error}"), "mend it or leave it out of --rpc");
        let genesis = source.genesis_hash().await.map_err(silent)?;
        let finalized = source.finalized_slot().await.map_err(silent)?;
        endpoints.push(Endpoint { label, source, genesis, finalized });
    }
    let Some(first) = endpoints.first() else {
        return Err(Problem::new("no endpoint is named", "give one with --rpc URL"));
    };
    if let Some(other) = endpoints.iter().find(|other| other.genesis != first.genesis) {
        let what = format!("{} and {} are of different clusters", first.label, other.label);
        return Err(Problem::new(what, "name endpoints of one cluster only"));
    }
    let newest = endpoints.iter().map(|one| one.finalized).max().unwrap_or(0);
    if let Some(late) = endpoints.iter().find(|one| newest.saturating_sub(one.finalized) > APART_SLOTS) {
        let what = format!("{} is {} slots behind the others", late.label, newest.saturating_sub(late.finalized));
        return Err(Problem::new(what, "leave it out of --rpc until it has caught up"));
    }
    let agreed = agree(&endpoints).await?;
    let count = endpoints.len();
    Ok((format!("{count} of one cluster, finalized up to slot {newest}{agreed}"), newest))
}

/// Holds the endpoints' newest common block against each other.
async fn agree(endpoints: &[Endpoint]) -> Result<String, Problem> {
    let common = endpoints.iter().map(|one| one.finalized).min().unwrap_or(0);
    if endpoints.len() < 2 {
        return Ok(String::new());
    }
    for slot in (common.saturating_sub(LOOK_BACK)..=common).rev() {
        let mut hashes: Vec<(&str, Hash)> = Vec::new();
        for one in endpoints {
            let answer = one.source.block(slot).await;
            match answer.map_err(|error| Problem::new(format!("{}: {error}", one.label), "leave it out of --rpc"))? {
                BlockFetch::Present(block) => hashes.push((&one.label, block.blockhash)),
                BlockFetch::ClaimedSkipped | BlockFetch::Unavailable { .. } => break,
            }
        }
        if hashes.len() < endpoints.len() {
            continue;
        }
        return compare(slot, &hashes);
    }
    Err(Problem::new(
        format!("no finalized block of the last {LOOK_BACK} slots could be compared"),
        "give endpoints that serve full blocks, or ask again",
    ))
}

/// What the endpoints call the block of a slot.
fn compare(slot: u64, hashes: &[(&str, Hash)]) -> Result<String, Problem> {
    let differ = hashes.windows(2).find_map(|pair| match pair {
        [(first, one), (second, other)] if one != other => Some((first, second)),
        _ => None,
    });
    let Some((first, second)) = differ else { return Ok(format!(", agreed at slot {slot}")) };
    let what = format!("{first} and {second} disagree about finalized slot {slot}");
    Err(Problem::new(what, "find out which one lies, and leave it out of --rpc"))
}

/// The program's bytecode is the expected one: that of this version, or the one whose hash is given.
pub async fn program(rpc: &Rpc, expected: Option<Hash>) -> Result<String, Problem> {
    let absent = || Problem::new("the program is not deployed on this cluster", "check --url, or deploy it");
    let program = read(rpc, &pda::PROGRAM_ID).await?.ok_or_else(absent)?;
    let address = program.data.strip_prefix(&PROGRAM).and_then(|rest| rest.first_chunk::<32>());
    let strange = || Problem::new("the program was not deployed by the upgradeable loader", "check --url");
    let address = Pubkey::new_from_array(*address.ok_or_else(strange)?);
    let data = read(rpc, &address).await?.ok_or_else(strange)?.data;
    let code = data.get(PROGRAM_DATA_HEAD..).filter(|_| data.starts_with(&PROGRAM_DATA)).ok_or_else(strange)?;
    let found = code_hash(code);
    let wanted = expected.unwrap_or_else(|| code_hash(artifact::program_elf()));
    if found == wanted {
        return Ok(format!("bytecode {}", hex::encode(found)));
    }
    let what = format!("the deployed bytecode is {}, not {}", hex::encode(found), hex::encode(wanted));
    let todo = "check --url; of a deployment that you have verified, give the hash with --program-hash";
    Err(Problem::new(what, todo))
}

/// As verified builds hash it: without the zeros that fill the account up.
fn code_hash(code: &[u8]) -> Hash {
    let end = code.iter().rposition(|byte| *byte != 0).map_or(0, |last| last.saturating_add(1));
    Sha2::hashv(&[code.get(..end).unwrap_or_default()])
}

async fn read(rpc: &Rpc, key: &Pubkey) -> Result<Option<AccountData>, Problem> {
    let found = rpc.account(key, CommitmentLevel::Confirmed).await;
    found.map_err(|error| Problem::new(format!("the program cannot be read: {error}"), CLUSTER_UP))
}

/// This machine's clock is that of the chain, to within so many seconds.
pub async fn clock(rpc: &Rpc, now_secs: i64, most_secs: u32) -> Result<String, Problem> {
    let clock = rpc.clock(CommitmentLevel::Confirmed).await;
    let clock =
        clock.map_err(|error| Problem::new(format!("the chain's clock cannot be read: {error}"), CLUSTER_UP))?;
    skew(now_secs.saturating_sub(clock.unix_timestamp), most_secs)
}

fn skew(ahead: i64, most_secs: u32) -> Result<String, Problem> {
    if ahead.unsigned_abs() <= u64::from(most_secs) {
        return Ok(format!("{ahead} s ahead of the chain's clock"));
    }
    let what = format!("this machine's clock is {ahead} s ahead of the chain's, {most_secs} s are allowed");
    Err(Problem::new(
        what,
        "synchronize this machine's clock; if it is right, the endpoint is late or the chain stands still",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_apart_are_told_by_how_much() {
        let what = |ahead| skew(ahead, 30).map_err(|problem| problem.what);
        assert_eq!(what(-30).unwrap(), "-30 s ahead of the chain's clock");
        for ahead in [31, -31, i64::MIN] {
            assert!(what(ahead).unwrap_err().contains(&format!(" {ahead} s ahead of the chain's, 30 s are allowed")));
        }
    }

    #[test]
    fn endpoints_that_disagree_are_named() {
        assert_eq!(compare(9, &[("a", [1; 32]), ("b", [1; 32])]).map_err(|_| ()), Ok(", agreed at slot 9".to_owned()));
        let error = compare(9, &[("a", [1; 32]), ("b", [1; 32]), ("c", [2; 32])]).map_err(|problem| problem.what);
        assert_eq!(error, Err("b and c disagree about finalized slot 9".to_owned()));
    }

    #[test]
    fn zeros_that_fill_up_do_not_count() {
        assert_eq!(code_hash(&[1, 0, 2, 0, 0]), Sha2::hashv(&[&[1, 0, 2]]));
        assert_eq!(code_hash(&[0, 0]), Sha2::hashv(&[&[]]));
    }
}
