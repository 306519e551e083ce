//! The demo's one document, and how it reads on a terminal.

use serde::Serialize;

use crate::{amount::Money, output};

/// What the demo did and whether all of it holds.
#[derive(Serialize)]
pub struct Document {
    /// Whether every check holds.
    pub ok: bool,
    /// What keys and simulated round-trip times derive from.
    pub seed: u64,
    /// What was worked on.
    pub input: Input,
    /// What became of each job.
    pub jobs: Vec<JobSummary>,
    /// What was looked at.
    pub checks: Vec<Check>,
    /// The chain.
    pub chain: Chain,
    /// The index in the end.
    pub index: Index,
    /// Where the job was placed.
    pub placement: Placement,
    /// What it cost to coordinate.
    pub overhead: Overhead,
}

/// The file that was worked on.
#[derive(Serialize)]
pub struct Input {
    pub bytes: usize,
    pub sha256: String,
}

/// One job's end. Amounts are base units of the payment mint; `paid` is gross, fees included.
#[derive(Serialize)]
pub struct JobSummary {
    pub tier: String,
    pub status: String,
    pub shards: u32,
    pub redispatched: u32,
    pub result_matches: bool,
    pub funded: String,
    pub paid: String,
    pub fees: String,
    pub refunded: String,
    /// Distinct operators that were paid.
    pub operators: usize,
}

/// One thing that has to hold.
#[derive(Serialize)]
pub struct Check {
    pub name: String,
    pub ok: bool,
    pub detail: String,
}

/// The chain.
#[derive(Serialize)]
pub struct Chain {
    pub program_id: String,
    pub elf_sha256: String,
    /// Slots from the demo's beginning to its end.
    pub slots: u64,
    /// Transactions since its beginning that touched the program.
    pub transactions: u64,
}

/// The index after the last event.
#[derive(Serialize)]
pub struct Index {
    pub events: u64,
    pub state_hash: String,
    pub rebuilt_hash: String,
}

/// The records of where the job was placed; the same seed gives the same hash.
#[derive(Serialize)]
pub struct Placement {
    pub records: usize,
    pub sha256: String,
}

/// What coordination cost.
#[derive(Serialize)]
pub struct Overhead {
    /// From the request to place until a lease was seen finalized.
    pub place_ms_p50: u64,
    /// One decision which shard a lease gets.
    pub route_us_p50: u64,
    /// From a voucher's arrival until its payment was seen finalized.
    pub settle_ms_p50: u64,
    /// Transaction fees of the whole run.
    pub chain_fees_lamports: u64,
}

impl Document {
    /// The document for a person.
    pub fn display(&self, money: Money) -> String {
        let amount = |text: &str| text.parse().map_or_else(|_| text.to_owned(), |units| money.payment(units));
        let mut parts = Vec::new();
        for job in &self.jobs {
            parts.push(output::fields([
                ("input", format!("{} bytes, sha256 {}", self.input.bytes, self.input.sha256)),
                ("job", format!("{}, {}", job.tier, job.status)),
                ("shards", format!("{}, {} handed on", job.shards, job.redispatched)),
                ("result", if job.result_matches { "equals the direct computation" } else { "DIFFERS" }.to_owned()),
                ("funded", amount(&job.funded)),
                (
                    "paid",
                    format!("{} to {} operators, of that {} fees", amount(&job.paid), job.operators, amount(&job.fees)),
                ),
                ("refunded", amount(&job.refunded)),
            ]));
        }
        parts.push(output::fields([
            ("chain", format!("{} slots, {} transactions", self.chain.slots, self.chain.transactions)),
            ("index", format!("{} events, state {}", self.index.events, self.index.state_hash)),
            ("rebuilt", self.index.rebuilt_hash.clone()),
            ("placement", format!("{} records, sha256 {}", self.placement.records, self.placement.sha256)),
            ("to place", format!("{} ms (median)", self.overhead.place_ms_p50)),
            ("to route", format!("{} µs (median)", self.overhead.route_us_p50)),
            ("to settle", format!("{} ms (median)", self.overhead.settle_ms_p50)),
            ("chain fees", format!("{} lamports", self.overhead.chain_fees_lamports)),
            ("seed", self.seed.to_string()),
        ]));
        let checks = self
            .checks
            .iter()
            .map(|check| [if check.ok { "✓" } else { "✗" }.to_owned(), check.name.clone(), check.detail.clone()]);
        parts.push(output::table(["", "CHECK", "DETAIL"], checks));
        parts.push(if self.ok { "All checks hold." } else { "Some checks do not hold." }.to_owned());
        parts.join("\n\n")
    }
}
