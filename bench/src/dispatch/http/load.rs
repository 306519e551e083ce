//! The load: open-loop, so that a slow server is not spared. Every request has a time at which it is due; how long it
//! took counts from then, whether or not a connection was free.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, bail};
use bytes::Bytes;
use hdrhistogram::Histogram;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Request, StatusCode, header};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until};

use super::server::cpu;

/// What is asked, and how often.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Where the server listens.
    pub address: String,
    /// The session's token.
    pub token: Arc<str>,
    /// Requests a second.
    pub rate: u64,
    /// For how long requests fall due.
    pub length: Duration,
    /// Connections. Each carries one request at a time.
    pub connections: usize,
    /// Where requests come from, in turn.
    pub regions: Arc<[String]>,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Served {
    /// Requests that were answered with a route.
    pub routed: u64,
    /// From the first falling due to the last answer.
    pub took: Duration,
    /// What this process had of its own core meanwhile: near all of it, it would be the limit and not the server.
    pub cpu: Duration,
    /// Microseconds from falling due to the answer.
    pub latency: Histogram<u64>,
}

impl Served {
    /// Routes a second.
    pub fn per_second(&self) -> f64 {
        self.routed as f64 / self.took.as_secs_f64()
    }
}

/// Longer than any answer takes: an hour of microseconds.
const LONGEST_US: u64 = 3_600_000_000;

/// Asks as planned. Each request also reports the end of the connection's one before, as a gateway does.
///
/// # Errors
/// The server is gone, or answers with anything but a route.
pub async fn run(plan: Plan) -> anyhow::Result<Served> {
    let total = plan.rate * plan.length.as_secs();
    let spent = || cpu(std::process::id());
    let before = spent()?;
    let next = Arc::new(AtomicU64::new(0));
    let start = Instant::now() + Duration::from_millis(50);
    let mut workers = Vec::new();
    for _ in 0..plan.connections {
        workers.push(tokio::spawn(connection(plan.clone(), total, next.clone(), start)));
    }
    let mut latency = Histogram::new_with_bounds(1, LONGEST_US, 3)?;
    for worker in workers {
        latency.add(worker.await.context("a connection's task died")??)?;
    }
    Ok(Served { routed: latency.len(), took: start.elapsed(), cpu: spent()?.saturating_sub(before), latency })
}

async fn connection(plan: Plan, total: u64, next: Arc<AtomicU64>, start: Instant) -> anyhow::Result<Histogram<u64>> {
    let mut latency = Histogram::new_with_bounds(1, LONGEST_US, 3)?;
    let stream = TcpStream::connect(&plan.address).await?;
    stream.set_nodelay(true)?;
    let (mut sender, driver) = handshake(TokioIo::new(stream)).await?;
    let driver = tokio::spawn(driver);
    let mut ended = None;
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= total {
            break;
        }
        let due = start + Duration::from_nanos(number.saturating_mul(1_000_000_000) / plan.rate.max(1));
        sleep_until(due).await;
        ended = Some(ask(&mut sender, &plan, number, ended).await?);
        latency.record(u64::try_from(due.elapsed().as_micros())?.max(1))?;
    }
    drop(sender);
    driver.await.context("the connection's driver died")??;
    Ok(latency)
}

#[derive(Deserialize)]
struct Answer {
    route: String,
}

/// One request. Returns the route's number.
async fn ask(
    sender: &mut SendRequest<Full<Bytes>>,
    plan: &Plan,
    number: u64,
    ended: Option<String>,
) -> anyhow::Result<String> {
    let region = usize::try_from(number)? % plan.regions.len();
    let done = ended.map_or_else(String::new, |route| {
        format!(r#","ended":[{{"route":"{route}","done":{{"leg":"primary","end":"completed","first_token_us":"250000","units":"10"}}}}]"#)
    });
    let body = format!(r#"{{"region":"{}","max_units":"10"{done}}}"#, plan.regions[region]);
    let request = Request::post("/v1/route")
        .header(header::HOST, &plan.address)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::AUTHORIZATION, format!("Bearer {}", plan.token))
        .body(Full::new(Bytes::from(body)))?;
    let answer = sender.send_request(request).await?;
    let status = answer.status();
    let bytes = answer.into_body().collect().await?.to_bytes();
    if status != StatusCode::OK {
        bail!("{status}: {}", String::from_utf8_lossy(&bytes));
    }
    Ok(serde_json::from_slice::<Answer>(&bytes)?.route)
}
