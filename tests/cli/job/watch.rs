//! `mira job watch`.

use super::super::network::shared;
use super::{NOWHERE, create, finished, job};

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async: a_detached_job_is_watched_to_its_end, only_the_owner_s_vouchers_count, there_must_be_a_job]
}

async fn a_detached_job_is_watched_to_its_end() {
    let net = shared();
    let made = create(net, &["--detach"]).await;
    let watched = job(net, &made.owner, "watch").args(["--sample", "1"]).arg(&made.address).run().await.document();
    assert_eq!((&watched["status"], &watched["shards_done"]), (&"done".into(), &6.into()));
    assert_eq!((&watched["refused"], &watched["job"]), (&0.into(), &made.address.as_str().into()));
    let again = job(net, &made.owner, "watch").arg(&made.address).run().await.document();
    assert_eq!(again, watched, "watching what is done changes nothing");
    assert_eq!(net.purse(&made.owner.key).await, made.after, "vouchers cost the requester nothing on chain");
}

async fn only_the_owner_s_vouchers_count() {
    let net = shared();
    let (made, stranger) = (create(net, &["--detach"]).await, net.person().await);
    let before = net.purse(&stranger.key).await;
    let forged = job(net, &stranger, "watch").arg(&made.address).run().await;
    forged.refused(&format!("job {} takes vouchers of {}, not of {}", made.address, made.owner.key, stranger.key));
    let shown = net.mira().args(["job", "show", &made.address]).run().await.document();
    assert_eq!(shown["job"]["paid"], "0");
    let watched = job(net, &made.owner, "watch").arg(&made.address).run().await.document();
    assert_eq!(watched["status"], "done");
    assert_eq!(net.purse(&stranger.key).await, before);
}

async fn there_must_be_a_job() {
    let (net, made) = (shared(), finished().await);
    let watch = |address: &str| job(net, &made.owner, "watch").arg(address);
    watch(NOWHERE).run().await.refused("There is no such job as far as the index has seen");
    watch("it").run().await.misused("`it` is not an address: 32 bytes in base58");
    let cap = watch(&made.address).args(["--cap", "all"]).run().await;
    cap.refused("`all` is not an amount; write a number such as 12 or 0.25");
    let no_key = net.mira().args(["job", "watch", &made.address]).run().await;
    no_key.refused("cannot read /nonexistent/.config/solana/id.json");
}
