//! How many vouchers one transaction settles: really sent, each the first of its lease.

use super::stage::{CAP, Stage};
use mira_chain::pda;
use mira_chain::token::TOKEN_PROGRAM;
use serde::Serialize;
use solana_address_lookup_table_interface::state::{AddressLookupTable, LookupTableMeta};
use solana_sdk::instruction::Instruction;
use solana_sdk::message::{AddressLookupTableAccount, VersionedMessage, v0};
use solana_sdk::pubkey::Pubkey;
use solana_sdk::signer::Signer;
use solana_sdk::transaction::VersionedTransaction;
use std::borrow::Cow;

/// The largest transaction that a cluster takes, in bytes.
const PACKET_BYTES: usize = 1_232;
/// More vouchers than any transaction takes.
const TOO_MANY: usize = 12;

/// What one kind of transaction takes.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Fit {
    /// Which kind.
    pub transaction: &'static str,
    /// How many vouchers were settled in one.
    pub vouchers: usize,
    /// Its bytes.
    pub bytes: usize,
    /// Its compute units.
    pub compute_units: u64,
    /// How many the design promises.
    pub promised: usize,
}

/// A kind of transaction: its name, what is promised, and which addresses its table holds.
struct Kind {
    name: &'static str,
    promised: usize,
    one_job: bool,
    table: fn(&Stage, &[Pubkey]) -> Vec<Pubkey>,
}

const KINDS: [Kind; 4] = [
    Kind { name: "legacy, leases of one job", promised: 2, one_job: true, table: |_, _| Vec::new() },
    Kind { name: "legacy, each lease of another job", promised: 2, one_job: false, table: |_, _| Vec::new() },
    Kind { name: "v0, one job, a table of what the network fixes", promised: 3, one_job: true, table: fixed },
    Kind { name: "v0, other jobs, a table that their escrows are in", promised: 4, one_job: false, table: with_jobs },
];

/// Finds for each kind the most vouchers that one transaction settles.
pub fn measure(seed: u64) -> Vec<Fit> {
    KINDS.iter().map(|kind| most(kind, seed)).collect()
}

/// What falls short of the design's promise.
pub fn too_few(fits: &[Fit]) -> Vec<String> {
    let short = fits.iter().filter(|fit| fit.vouchers < fit.promised);
    short.map(|fit| format!("{}: {} vouchers, {} are promised", fit.transaction, fit.vouchers, fit.promised)).collect()
}

fn most(kind: &Kind, seed: u64) -> Fit {
    let fits = (1..TOO_MANY).map_while(|count| settle(kind, seed, count)).last();
    fits.unwrap_or(Fit { transaction: kind.name, vouchers: 0, bytes: 0, compute_units: 0, promised: kind.promised })
}

/// Settles `count` leases in one transaction of this kind, or nothing if they do not fit.
fn settle(kind: &Kind, seed: u64, count: usize) -> Option<Fit> {
    let (mut stage, leases, jobs) = leases(kind.one_job, seed, count);
    let addresses = (kind.table)(&stage, &jobs);
    let table = (!addresses.is_empty()).then(|| put_table(&mut stage, addresses));
    let Stage { world, operator, signer, .. } = &mut stage;
    let steps = leases.iter().map(|lease| world.settle(operator, signer, lease, CAP / 3, 7));
    let instructions: Vec<Instruction> = steps.flat_map(|step| step.instructions).collect();
    let (payer, blockhash) = (operator.pubkey(), world.svm.latest_blockhash());
    let message = match &table {
        Some(table) => {
            let message = v0::Message::try_compile(&payer, &instructions, std::slice::from_ref(table), blockhash);
            VersionedMessage::V0(message.ok()?)
        }
        None => {
            let message = solana_sdk::message::Message::new_with_blockhash(&instructions, Some(&payer), &blockhash);
            VersionedMessage::Legacy(message)
        }
    };
    let transaction = VersionedTransaction::try_new(message, &[&operator.keypair as &dyn Signer]).ok()?;
    let bytes = wincode::serialize(&transaction).expect("a transaction has a wire format").len();
    if bytes > PACKET_BYTES {
        return None;
    }
    let sent = world.svm.send_transaction(transaction).ok()?;
    let compute_units = sent.compute_units_consumed;
    Some(Fit { transaction: kind.name, vouchers: count, bytes, compute_units, promised: kind.promised })
}

fn leases(one_job: bool, seed: u64, count: usize) -> (Stage, Vec<Pubkey>, Vec<Pubkey>) {
    let mut stage = Stage::provider(seed);
    let numbers = if one_job { 1 } else { u32::try_from(count).unwrap_or(u32::MAX) };
    let jobs: Vec<Pubkey> = (0..numbers).map(|number| stage.job_of(number, CAP * 20)).collect();
    let leases = (0..count).map(|at| stage.open(&jobs[at % jobs.len()])).collect();
    (stage, leases, jobs)
}

/// What is the same for every settlement of a provider.
fn fixed(stage: &Stage, _: &[Pubkey]) -> Vec<Pubkey> {
    let shards = (0..pda::FEE_SHARDS).flat_map(|shard| [pda::fee_shard(shard), pda::fee_vault(shard)]);
    let instructions = solana_sdk_ids::sysvar::instructions::ID;
    let payout = stage.world.payment_purse(&stage.owner.pubkey());
    let others = [pda::config(), pda::event_authority(), instructions, TOKEN_PROGRAM, stage.provider, payout];
    shards.chain(others).collect()
}

/// Besides, the jobs and their escrows, as a provider that extends its own table for its jobs has it.
fn with_jobs(stage: &Stage, jobs: &[Pubkey]) -> Vec<Pubkey> {
    let jobs = jobs.iter().flat_map(|job| [*job, pda::escrow(job)]);
    fixed(stage, &[]).into_iter().chain(jobs).collect()
}

/// Puts a table on the chain, old enough to be used.
fn put_table(stage: &mut Stage, addresses: Vec<Pubkey>) -> AddressLookupTableAccount {
    let key = stage.actor("lookup table").pubkey();
    let table = AddressLookupTable { meta: LookupTableMeta::default(), addresses: Cow::Borrowed(&addresses) };
    let data = table.serialize_for_tests().expect("a table fits its account");
    stage.world.put(key, solana_sdk_ids::address_lookup_table::ID, data);
    stage.world.svm.warp_to_slot(10);
    AddressLookupTableAccount { key, addresses }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fewer_than_promised_is_found() {
        let fit = |vouchers| Fit { transaction: "any", vouchers, bytes: 1, compute_units: 1, promised: 2 };
        assert!(too_few(&[fit(2), fit(3)]).is_empty());
        assert_eq!(too_few(&[fit(1)]).len(), 1);
    }
}
