//! Whether everything holds at the end: money, index, decisions, and what the demo is there to show.

use mira_indexer::{check, rebuild};
use mira_store::model::Set;

use super::{document, work::Finished};
use crate::{error::Error, network::Network, transactions};

/// What the end of the run shows.
pub struct Books {
    pub checks: Vec<document::Check>,
    pub index: document::Index,
    pub overhead: document::Overhead,
    pub transactions: u64,
    /// The job's last status in the index.
    pub status: String,
    /// The fees that the job paid, payment base units.
    pub fees: u64,
}

/// Checks everything; the index must have caught up.
pub async fn check(network: &Network, finished: &Finished) -> Result<Books, Error> {
    let store = &*network.store;
    let failed = |error: &dyn std::fmt::Display| Error::failed("checking the books", error);
    // Of earlier work on the same chain others have the reports and vouchers.
    let options = check::Options { reports_from: network.since.unix_timestamp, ..check::Options::default() };
    let results = check::run(store, &network.rpc, options).await.map_err(|error| failed(&error))?;
    let rebuilt = rebuild::verify(store).await.map_err(|error| failed(&error))?;
    let live = store.state_digest(Set::Live, mira_indexer::STREAM).await.map_err(|error| failed(&error))?;
    let served = finished.requester.api().network().await?.data;
    let job = finished.requester.api().job(finished.job.to_bytes().into()).await?.data;
    let chain = transactions::of_program(&network.rpc, network.since.slot).await?;
    let fees = served.fees.collected.get().saturating_sub(finished.fees_before);
    let mut checks: Vec<document::Check> = results
        .into_iter()
        .map(|result| document::Check { name: result.name.to_owned(), ok: result.ok, detail: result.detail })
        .collect();
    checks.extend(shown(finished, &job.status, fees));
    checks.push(replayed(network).await);
    let coordination = served.coordination;
    Ok(Books {
        checks,
        index: document::Index {
            events: rebuilt.events,
            state_hash: hex::encode(live.hash),
            rebuilt_hash: hex::encode(rebuilt.rebuilt),
        },
        overhead: document::Overhead {
            place_ms_p50: coordination.place_ms.p50.get(),
            route_us_p50: coordination.route_us.p50.get(),
            settle_ms_p50: coordination.settle_ms.p50.get(),
            chain_fees_lamports: chain.fees_lamports,
        },
        transactions: chain.count,
        status: job.status,
        fees,
    })
}

/// Every decision of the dispatcher, made again from its recorded inputs.
async fn replayed(network: &Network) -> document::Check {
    let (ok, detail) = match mira_api::dispatch::verify_log(&*network.store).await {
        Ok(verified) => {
            let detail = format!("{} inputs again, {} differences", verified.inputs, verified.differences);
            (verified.inputs > 0 && verified.differences == 0, detail)
        }
        Err(error) => (false, error.to_string()),
    };
    document::Check { name: "decisions_replay".to_owned(), ok, detail }
}

/// What the demo itself is there to show.
fn shown(finished: &Finished, status: &str, fees: u64) -> Vec<document::Check> {
    let job = &finished.summary;
    let check = |name: &str, ok: bool, detail: String| document::Check { name: name.to_owned(), ok, detail };
    let (funded, paid, refunded) = (finished.closed.funded, finished.closed.paid, finished.closed.refunded);
    vec![
        check("result_matches", job.result_matches, "merged outputs against the direct computation".to_owned()),
        check(
            "redispatched",
            job.redispatched >= 1,
            format!("{} shards handed on after {} died", job.redispatched, finished.victim),
        ),
        check("spread", job.operators >= 2, format!("{} operators served the job", job.operators)),
        check("job_closed", status == "closed", format!("the index says {status}")),
        check(
            "paid_and_refunded",
            paid > 0 && funded == paid.saturating_add(refunded),
            format!("{funded} = {paid} + {refunded}"),
        ),
        check("fees_taken", fees > 0 && fees < paid, format!("{fees} of {paid}")),
        check(
            "placement_recorded",
            finished.placement.records > 0,
            format!("{} decisions", finished.placement.records),
        ),
    ]
}
