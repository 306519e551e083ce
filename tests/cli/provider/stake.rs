//! `mira provider stake`.

use super::super::network::{GIVEN, TOKEN, number, shared};
use super::{provider, registered};

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async: stake_moves_into_the_pool, anybody_may_stake_with_a_provider, bad_amounts_stake_nothing, there_must_be_a_provider]
}

async fn stake_moves_into_the_pool() {
    let net = shared();
    let owner = registered(net).await;
    let document = provider(net, &owner, "stake").arg("1000").run().await.document();
    assert_eq!(document["provider"], owner.provider().to_string());
    assert_eq!((number(&document["amount"]), number(&document["total_stake"])), (1_000 * TOKEN, 1_000 * TOKEN));
    let more = provider(net, &owner, "stake").arg("0.5").run().await.document();
    assert_eq!(number(&more["total_stake"]), 1_000 * TOKEN + TOKEN / 2);
    assert_eq!(net.purse(&owner.key).await.stake, GIVEN - 1_000 * TOKEN - TOKEN / 2);
}

async fn anybody_may_stake_with_a_provider() {
    let net = shared();
    let (owner, delegator) = (registered(net).await, net.person().await);
    let command = provider(net, &delegator, "stake").args(["10", "--provider", &owner.provider().to_string()]);
    assert_eq!(number(&command.run().await.document()["total_stake"]), 10 * TOKEN);
    assert_eq!(net.purse(&delegator.key).await.stake, GIVEN - 10 * TOKEN);
    assert_eq!(net.purse(&owner.key).await.stake, GIVEN);
}

async fn bad_amounts_stake_nothing() {
    let net = shared();
    let owner = registered(net).await;
    let before = net.purse(&owner.key).await;
    for (amount, message) in [
        ("many", "`many` is not an amount; write a number such as 12 or 0.25"),
        ("0", "nothing to stake"),
        ("10000.000001", "10000.000001 is more than the 10000 in the account"),
        ("999.999999", "own stake below 1000 opens no lease"),
    ] {
        provider(net, &owner, "stake").arg(amount).run().await.refused(message);
    }
    assert_eq!(net.purse(&owner.key).await, before);
}

async fn there_must_be_a_provider() {
    let net = shared();
    let somebody = net.person().await;
    let before = net.purse(&somebody.key).await;
    let message = format!("there is no provider at {}", somebody.provider());
    provider(net, &somebody, "stake").arg("1000").run().await.refused(&message);
    let wrong = provider(net, &somebody, "stake").args(["1000", "--provider", "nobody"]);
    wrong.run().await.misused("`nobody` is not an address: 32 bytes in base58");
    let no_key = net.mira().args(["provider", "stake", "1000"]);
    no_key.run().await.refused("cannot read /nonexistent/.config/solana/id.json");
    assert_eq!(net.purse(&somebody.key).await, before);
}
