//! `mira job cancel`.

use super::super::network::{number, shared};
use super::super::process::until;
use super::{NOWHERE, create, finished, job};

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async: a_cancelled_job_takes_no_more_leases_and_its_escrow_comes_back, only_the_owner_cancels]
}

async fn a_cancelled_job_takes_no_more_leases_and_its_escrow_comes_back() {
    let net = shared();
    let made = create(net, &["--detach"]).await;
    let cancelled = job(net, &made.owner, "cancel").arg(&made.address).run().await.document();
    assert_eq!((&cancelled["already_closing"], &cancelled["job"]), (&false.into(), &made.address.as_str().into()));
    assert_eq!(cancelled["signatures"].as_array().unwrap().len(), 1);
    let before = net.purse(&made.owner.key).await;
    let again = job(net, &made.owner, "cancel").arg(&made.address).run().await.document();
    assert_eq!((&again["already_closing"], &again["signatures"]), (&true.into(), &serde_json::json!([])));
    assert_eq!(net.purse(&made.owner.key).await, before);

    let closed = job(net, &made.owner, "close").arg(&made.address).run().await.document();
    let funded = number(&made.document["funded"]);
    assert_eq!((number(&closed["paid"]), number(&closed["refunded"])), (0, funded), "nobody signed a voucher");
    assert_eq!(net.purse(&made.owner.key).await.payment, made.before.payment);
    let final_status = async || {
        let shown = net.mira().args(["job", "show", &made.address]).run().await.document();
        (shown["job"]["status"] == "closed").then_some(shown)
    };
    let shown = until("the index shows the close", final_status).await;
    assert_eq!(number(&shown["job"]["refunded"]), funded);
}

async fn only_the_owner_cancels() {
    let (net, made) = (shared(), finished().await);
    let stranger = net.person().await;
    let before = net.purse(&stranger.key).await;
    let theirs = job(net, &stranger, "cancel").arg(&made.address).run().await;
    theirs.refused(&format!("job {} belongs to {}", made.address, made.owner.key));
    let nowhere = job(net, &stranger, "cancel").arg(NOWHERE).run().await;
    nowhere.refused(&format!("there is no open job at {NOWHERE}; check the address"));
    job(net, &stranger, "cancel").arg("it").run().await.misused("`it` is not an address: 32 bytes in base58");
    assert_eq!(net.purse(&stranger.key).await, before);
    let shown = net.mira().args(["job", "show", &made.address]).run().await.document();
    assert_eq!(shown["job"]["status"], "open");
}
