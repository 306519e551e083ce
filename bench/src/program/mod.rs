//! `bench program`: what the program costs on chain, measured on its bytecode in the SVM.
//!
//! | module | measures |
//! | --- | --- |
//! | [`rows`] | compute units of every instruction at full state: accounts with every field used, lists full |
//! | [`floor`] | what a token transfer and an ed25519 verification cost by themselves |
//! | [`accounts`] | the size and the rent of every account |
//! | [`vouchers`] | how many vouchers one transaction settles |
//! | [`shared`] | which accounts unrelated settlements both write |
//!
//! Compute units depend on the addresses: finding a derived address costs 1,500 for every bump that
//! is skipped. So each instruction is measured in several worlds with other keys; the table has the
//! median and the most.

mod accounts;
mod committed;
mod epoch;
mod floor;
mod idl;
mod rows;
mod shared;
mod stage;
mod table;
mod vouchers;

use crate::report::Report;
use anyhow::bail;
use rows::Measured;
use serde_json::json;

/// What `bench program` takes.
#[derive(clap::Args)]
pub struct Args {
    /// Compare with the tables of docs/benchmarks.md: fails when compute units rose by 10 % or more, or
    /// anything else differs.
    #[arg(long, conflicts_with = "write")]
    check: bool,
    /// Replace the tables of docs/benchmarks.md by what is measured.
    #[arg(long)]
    write: bool,
    /// How many worlds with other keys each instruction is measured in.
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u64).range(1..))]
    worlds: u64,
}

/// All that one run measures.
struct Figures {
    rows: Vec<Measured>,
    floor: floor::Floor,
    accounts: Vec<accounts::Size>,
    vouchers: Vec<vouchers::Fit>,
    shared: Vec<shared::Written>,
}

/// Measures, and compares or writes where asked.
///
/// # Errors
/// A file of the repository cannot be read or written, or `--write` without the table's own settings.
pub fn run(args: &Args, seed: u64) -> anyhow::Result<Report> {
    let figures = Figures {
        rows: rows::measure(seed, args.worlds),
        floor: floor::measure(seed),
        accounts: accounts::measure(seed),
        vouchers: vouchers::measure(seed),
        shared: shared::measure(seed),
    };
    let mut findings = idl::unmeasured(&figures.rows)?;
    findings.extend(rows::over_budget(&figures.rows));
    findings.extend(vouchers::too_few(&figures.vouchers));
    findings.extend(shared::contended(&figures.shared));
    if args.check {
        findings.extend(committed::compare(&figures)?);
    }
    if args.write {
        if seed != 1 || args.worlds != 8 {
            bail!("the committed tables are of seed 1 and 8 worlds; leave --seed and --worlds out");
        }
        committed::replace(&figures)?;
    }
    let document = json!({ "worlds": args.worlds, "instructions": figures.rows, "floor": figures.floor,
        "accounts": figures.accounts, "vouchers": figures.vouchers, "settlement_accounts": figures.shared });
    Ok(Report { command: "bench program", seed, figures: document, text: table::all(&figures), findings })
}
