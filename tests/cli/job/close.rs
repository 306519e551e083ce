//! `mira job close`.

use super::super::network::{number, shared};
use super::{NOWHERE, create, finished, job};

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async:
        a_done_job_is_paid_and_the_rest_comes_back,
        a_short_wait_loses_nothing,
        only_the_owner_closes_an_open_job,
    ]
}

async fn a_done_job_is_paid_and_the_rest_comes_back() {
    let net = shared();
    let made = create(net, &[]).await;
    let closed = job(net, &made.owner, "close").arg(&made.address).run().await.document();
    let (funded, paid, refunded) = (number(&closed["funded"]), number(&closed["paid"]), number(&closed["refunded"]));
    assert_eq!((funded, funded), (number(&made.document["funded"]), paid + refunded));
    assert!(paid > 0 && refunded > 0, "{closed}");
    let after = net.purse(&made.owner.key).await;
    assert_eq!(after.payment, made.before.payment - paid);

    let again = job(net, &made.owner, "close").arg(&made.address).run().await;
    again.refused(&format!("there is no open job at {}; check the address", made.address));
    assert_eq!(net.purse(&made.owner.key).await, after);
}

async fn a_short_wait_loses_nothing() {
    let (net, made) = (shared(), create(shared(), &[]).await);
    // The grace time of a local network is four seconds.
    let hurried = job(net, &made.owner, "close").arg(&made.address).args(["--wait-secs", "1"]).run().await;
    hurried.refused("its deadlines are later; close again");
    let closed = job(net, &made.owner, "close").arg(&made.address).run().await.document();
    assert_eq!(number(&closed["funded"]), number(&closed["paid"]) + number(&closed["refunded"]));
    assert!(number(&closed["paid"]) > 0, "{closed}");
}

async fn only_the_owner_closes_an_open_job() {
    let (net, made) = (shared(), finished().await);
    let stranger = net.person().await;
    let before = (net.purse(&stranger.key).await, net.purse(&made.owner.key).await);
    let close = |address: &str| job(net, &stranger, "close").arg(address);
    close(&made.address).run().await.refused(&format!("job {} belongs to {}", made.address, made.owner.key));
    close(NOWHERE).run().await.refused(&format!("there is no open job at {NOWHERE}; check the address"));
    close("it").run().await.misused("`it` is not an address: 32 bytes in base58");
    assert_eq!((net.purse(&stranger.key).await, net.purse(&made.owner.key).await), before);
    let shown = net.mira().args(["job", "show", &made.address]).run().await.document();
    assert_eq!(shown["job"]["status"], "open");
}
