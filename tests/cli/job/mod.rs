//! `mira job`: getting work done. Mirrors `cli/src/commands/job/`.

mod cancel;
mod close;
mod create;
mod quote;
mod result;
mod show;
mod watch;
mod why;

use libtest_mimic::Trial;
use serde_json::Value;
use tokio::sync::OnceCell;

use super::network::{Net, Person, Purse, shared};
use super::process::Mira;

/// A text: the first part of what the demo works on.
pub const TEXT: &[u8] = include_bytes!("../../../demo/input.txt").split_at(60_000).0;
/// How many shards it is cut into.
const SHARDS: &str = "6";
/// A module whose `_start` traps.
const TRAP: &[u8] = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x05\x03\x01\0\x01\
    \x07\x13\x02\x06memory\x02\0\x06_start\0\0\x0a\x05\x01\x03\0\0\x0b";
/// An address where no job is.
const NOWHERE: &str = "4vJ9JU1bJJE96FWSJKvHsmmFADCg4gpZQff4P3bkLKi";

static FINISHED: OnceCell<Job> = OnceCell::const_new();

/// All tests of this folder.
pub fn trials() -> Vec<Trial> {
    [
        cancel::trials(),
        close::trials(),
        create::trials(),
        quote::trials(),
        result::trials(),
        show::trials(),
        watch::trials(),
        why::trials(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A job and whose it is.
pub struct Job {
    pub owner: Person,
    pub address: String,
    /// What `mira job create` printed.
    pub document: Value,
    /// What the owner held before, and right after.
    pub before: Purse,
    pub after: Purse,
}

/// `mira job VERB` with somebody's keypair.
fn job(net: &Net, person: &Person, verb: &str) -> Mira {
    net.of(person).args(["job", verb])
}

/// Creates a job over [`TEXT`] for somebody new.
async fn create(net: &Net, args: &[&str]) -> Job {
    let owner = net.person().await;
    let before = net.purse(&owner.key).await;
    let input = owner.file("input.txt", TEXT);
    let command = job(net, &owner, "create").args(["--shards", SHARDS]).args(args).arg("--input").arg(input);
    let document = command.run().await.document();
    let address = document["job"].as_str().unwrap().to_owned();
    let after = net.purse(&owner.key).await;
    Job { owner, address, document, before, after }
}

/// The decisions that placed [`finished`].
pub async fn finished_decisions() -> Vec<mira_wire::HashHex> {
    let job = finished().await.address.parse().unwrap();
    shared().api().job_why(job).await.unwrap().data.decisions
}

/// A job of the shared network that is done and stays open. Tests only read it.
async fn finished() -> &'static Job {
    FINISHED.get_or_init(|| create(shared(), &[])).await
}
