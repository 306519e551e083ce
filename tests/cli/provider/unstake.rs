//! `mira provider unstake`.

use super::super::network::{Net, Person, TOKEN, shared};
use super::{provider, registered};
use mira_chain::account::StakePosition;
use mira_chain::pda;
use solana_commitment_config::CommitmentLevel::Confirmed;

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async: active_stake_becomes_a_ticket, what_is_not_held_cannot_be_unstaked]
}

async fn position(net: &Net, owner: &Person) -> StakePosition {
    let key = pda::stake_position(&owner.provider(), &owner.key);
    net.rpc().state(&key, Confirmed).await.unwrap().unwrap()
}

async fn active_stake_becomes_a_ticket() {
    let net = shared();
    let owner = registered(net).await;
    provider(net, &owner, "stake").arg("1000").run().await.document();
    let held = net.purse(&owner.key).await.stake;
    let document = provider(net, &owner, "unstake").arg("400").run().await.document();
    assert_eq!((&document["provider"], &document["ticket"]), (&owner.provider().to_string().into(), &0.into()));
    let after = position(net, &owner).await;
    assert_eq!((after.shares, after.tickets.len()), (u128::from(600 * TOKEN), 1));
    assert_eq!(after.tickets[0].shares, u128::from(400 * TOKEN));

    let rest = provider(net, &owner, "unstake").arg("all").run().await.document();
    assert_eq!((&rest["ticket"], &rest["shares"]), (&1.into(), &(600 * TOKEN).to_string().into()));
    assert_eq!(position(net, &owner).await.shares, 0);
    assert_eq!(net.purse(&owner.key).await.stake, held, "it is still locked");
}

async fn what_is_not_held_cannot_be_unstaked() {
    let net = shared();
    let (owner, other) = (registered(net).await, net.person().await);
    let unstake = |amount: &str| provider(net, &owner, "unstake").arg(amount);
    unstake("1").run().await.refused(&format!("{} has no stake with provider {}", owner.key, owner.provider()));
    provider(net, &owner, "stake").arg("1000").run().await.document();
    let before = (net.purse(&owner.key).await, position(net, &owner).await);
    for (amount, message) in [
        ("1000.000001", "the position holds 1000 of active stake"),
        ("0", "the position holds 1000 of active stake"),
        ("half", "`half` is not an amount; write a number such as 12 or 0.25"),
    ] {
        unstake(amount).run().await.refused(message);
    }
    let theirs = provider(net, &other, "unstake").args(["1", "--provider", &owner.provider().to_string()]);
    theirs.run().await.refused(&format!("{} has no stake with provider {}", other.key, owner.provider()));
    let nowhere = provider(net, &other, "unstake").arg("1").run().await;
    nowhere.refused(&format!("there is no provider at {}", other.provider()));
    assert_eq!((net.purse(&owner.key).await, position(net, &owner).await), before);
}
