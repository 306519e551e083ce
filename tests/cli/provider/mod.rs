//! `mira provider`: offering compute. Mirrors `cli/src/commands/provider/`.

mod register;
mod run;
mod show;
mod stake;
mod unstake;
mod withdraw;

use libtest_mimic::Trial;

use super::network::{Net, Person};
use super::process::Mira;

/// All tests of this folder.
pub fn trials() -> Vec<Trial> {
    [register::trials(), run::trials(), show::trials(), stake::trials(), unstake::trials(), withdraw::trials()]
        .into_iter()
        .flatten()
        .collect()
}

/// `mira provider VERB` with somebody's keypair.
fn provider(net: &Net, person: &Person, verb: &str) -> Mira {
    net.of(person).args(["provider", verb])
}

/// Somebody with the faucet's tokens and a provider of a resource class that nobody asks for.
async fn registered(net: &Net) -> Person {
    let owner = net.person().await;
    let terms = ["--region", "eu-west", "--resource-class", "idle"];
    provider(net, &owner, "register").args(terms).run().await.document();
    owner
}
