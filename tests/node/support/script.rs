//! The dispatcher that the test scripts: a server that answers what it is told to.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use mira_wire::blob::BlobStored;
use mira_wire::job::{LeaseDue, Shard, Shards};
use mira_wire::node::{
    Assignment, HeartbeatReply, OfferAck, Outcome, Proposal, ResultReply, ResultRequest, Verdict, WorkReply,
    WorkRequest,
};
use mira_wire::request::{self, Signed, body_hash};
use mira_wire::usage::{UsageAck, UsageReport};
use mira_wire::voucher::Voucher;
use mira_wire::{Context, HashHex, KeyStr, Kind, Problem, Reply, Time, U64Str};
use serde::Serialize;
use solana_sdk::signature::Keypair;
use solana_sdk::signer::Signer;
use tokio::io::BufReader;
use tokio::net::TcpListener;

use super::http::{self, Answer, Request};

/// What the dispatcher knows, and how it behaves.
#[derive(Default)]
pub struct Script {
    pub offers: u32,
    pub heartbeats: u32,
    pub pulls: u32,
    pub proposals: Vec<Proposal>,
    pub vouchers: Vec<Voucher>,
    pub queue: VecDeque<Assignment>,
    pub results: Vec<ResultRequest>,
    /// Accepted results, by shard.
    pub accepted: BTreeMap<u32, ResultRequest>,
    pub usage: Vec<UsageReport>,
    pub blobs: BTreeMap<HashHex, Vec<u8>>,
    /// Hang up on everybody, as if the server were gone.
    pub down: bool,
    /// How often that happened.
    pub hang_ups: u32,
    /// Take results, and hang up instead of answering.
    pub lose_result_answers: bool,
    /// Give this instead of any blob's bytes.
    pub swap_blobs: Option<Vec<u8>>,
    /// Answer usage reports with an error that passes by itself.
    pub usage_unavailable: bool,
    /// How often that happened.
    pub usage_refused: u32,
    next_shard: u32,
}

impl Script {
    pub fn queue(&mut self, job: KeyStr, lease: KeyStr, module: &[u8], inputs: &[&[u8]]) {
        for input in inputs {
            let assignment = Assignment {
                job,
                lease,
                shard: self.next_shard,
                attempt: 1,
                module: self.store(module),
                input: self.store(input),
                fuel_limit: U64Str(1_000_000_000),
                memory_limit_bytes: U64Str(64 << 20),
                time_limit_ms: U64Str(60_000),
                expires_at: Time::from_secs(4_000_000_000),
            };
            self.next_shard += 1;
            self.queue.push_back(assignment);
        }
    }

    fn store(&mut self, bytes: &[u8]) -> HashHex {
        let hash = HashHex(body_hash(bytes));
        self.blobs.insert(hash, bytes.to_vec());
        hash
    }

    pub fn accepted_units(&self, lease: KeyStr) -> u64 {
        self.accepted.values().filter(|result| result.lease == lease).map(units).sum()
    }

    /// The outputs of the accepted shards, in order.
    pub fn outputs(&self) -> Vec<Vec<u8>> {
        self.accepted.values().map(|result| self.blobs[&output(result).unwrap()].clone()).collect()
    }

    fn result(&mut self, result: ResultRequest) -> ResultReply {
        self.results.push(result.clone());
        let verdict = match result.outcome {
            Outcome::Error { .. } => Verdict::Failed,
            Outcome::Ok { .. } if self.accepted.contains_key(&result.shard) => Verdict::Duplicate,
            Outcome::Ok { .. } => Verdict::Accepted,
        };
        if verdict != Verdict::Accepted {
            return ResultReply { verdict, amount_due: None, cumulative_units: None };
        }
        assert!(self.blobs.contains_key(&output(&result).unwrap()), "the output is uploaded before the result is told");
        let lease = result.lease;
        self.accepted.insert(result.shard, result);
        let units = U64Str(self.accepted_units(lease));
        ResultReply { verdict, amount_due: Some(units), cumulative_units: Some(units) }
    }

    fn shards(&self, job: KeyStr) -> Shards {
        let row = |result: &ResultRequest| Shard {
            shard: result.shard,
            state: "done".into(),
            attempts: 1,
            lease: Some(result.lease),
            provider: Some(result.provider),
            output: output(result),
            units: Some(U64Str(units(result))),
            error: None,
        };
        let shards: Vec<Shard> = self.accepted.values().map(row).collect();
        let leases = self.accepted.values().map(|result| LeaseDue {
            lease: result.lease,
            provider: result.provider,
            unit_price: U64Str(super::PRICE),
            cap: U64Str(u64::MAX),
            units: U64Str(self.accepted_units(result.lease)),
            amount_due: U64Str(self.accepted_units(result.lease)),
            shards_done: 1,
            live: true,
            wanted: true,
        });
        let leases = leases.collect();
        let total = u32::try_from(shards.len()).unwrap();
        Shards {
            job,
            status: "running".into(),
            total,
            done: total,
            failed: 0,
            running: 0,
            queued: 0,
            redispatched: 0,
            duplicates: 0,
            leases,
            quote: None,
            shards,
            next_cursor: None,
        }
    }
}

fn output(result: &ResultRequest) -> Option<HashHex> {
    match result.outcome {
        Outcome::Ok { output, .. } => Some(output),
        Outcome::Error { .. } => None,
    }
}

fn units(result: &ResultRequest) -> u64 {
    match result.outcome {
        Outcome::Ok { units, .. } => units.get(),
        Outcome::Error { .. } => 0,
    }
}

/// The running server. It stops with the test's runtime.
pub struct Scripted {
    url: String,
    script: Arc<Mutex<Script>>,
}

impl Scripted {
    pub async fn start(operator: Arc<Keypair>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let script: Arc<Mutex<Script>> = Arc::default();
        let shared = Arc::clone(&script);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (script, operator) = (Arc::clone(&shared), operator.pubkey().to_bytes());
                tokio::spawn(async move {
                    let mut stream = BufReader::new(stream);
                    let Some(request) = http::read(&mut stream).await else { return };
                    check_signature(&request, &operator);
                    let answer = answer(&mut script.lock().unwrap(), &request);
                    if let Some(answer) = answer {
                        http::write(&mut stream, &answer).await;
                    }
                });
            }
        });
        Self { url, script }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn edit<T>(&self, change: impl FnOnce(&mut Script) -> T) -> T {
        change(&mut self.script.lock().unwrap())
    }

    pub fn look<T>(&self, look: impl FnOnce(&Script) -> T) -> T {
        look(&self.script.lock().unwrap())
    }
}

/// Every request to a node endpoint is the operator's, over exactly this request.
fn check_signature(request: &Request, operator: &[u8; 32]) {
    if !request.path.starts_with("/v1/node/") {
        return;
    }
    let header = |name: &str| request.headers[name].clone();
    assert_eq!(header(request::HEADER_KEY).parse::<KeyStr>().unwrap(), KeyStr(*operator));
    let mut nonce = [0; 16];
    for (index, byte) in nonce.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&header(request::HEADER_NONCE)[2 * index..2 * index + 2], 16).unwrap();
    }
    let signed = Signed {
        method: &request.method,
        path_and_query: &request.path,
        body_hash: body_hash(&request.body),
        timestamp_ms: header(request::HEADER_TIMESTAMP).parse().unwrap(),
        nonce,
    };
    let signature: mira_wire::SigStr = header(request::HEADER_SIGNATURE).parse().unwrap();
    assert!(request::verify(operator, &signature.get(), &signed), "{} is badly signed", request.path);
}

fn json(value: &impl Serialize) -> Option<Answer> {
    Some(Answer { status: 200, body: serde_json::to_vec(value).unwrap() })
}

fn problem(kind: Kind) -> Option<Answer> {
    let problem = Problem::new(kind, "scripted");
    Some(Answer { status: problem.status, body: serde_json::to_vec(&problem).unwrap() })
}

fn body<T: serde::de::DeserializeOwned>(request: &Request) -> T {
    serde_json::from_slice(&request.body).unwrap()
}

/// The answer, or none to hang up.
fn answer(script: &mut Script, request: &Request) -> Option<Answer> {
    if script.down {
        script.hang_ups += 1;
        return None;
    }
    if let Some(hash) = request.path.strip_prefix("/v1/blobs/") {
        return blob(script, request, hash.parse().unwrap());
    }
    match request.path.split('?').next().unwrap() {
        "/v1/node/offers" => {
            script.offers += 1;
            let offer: mira_wire::node::Offer = body(request);
            json(&OfferAck { provider: offer.provider, heartbeat_ms: 50 })
        }
        "/v1/node/heartbeat" => {
            script.heartbeats += 1;
            let (proposals, vouchers) = (script.proposals.clone(), script.vouchers.clone());
            json(&HeartbeatReply { proposals, vouchers, suspended: false })
        }
        "/v1/node/work" => {
            script.pulls += 1;
            let asked: WorkRequest = body(request);
            let next = script.queue.iter().position(|assignment| asked.leases.contains(&assignment.lease));
            let assignment = next.and_then(|index| script.queue.remove(index));
            json(&WorkReply { assignment })
        }
        "/v1/node/results" => {
            let reply = script.result(body(request));
            if script.lose_result_answers { None } else { json(&reply) }
        }
        "/v1/node/usage" if script.usage_unavailable => {
            script.usage_refused += 1;
            problem(Kind::StoreUnavailable)
        }
        "/v1/node/usage" => {
            let report: UsageReport = body(request);
            let ack = UsageAck { lease: report.lease, seq: report.seq };
            script.usage.push(report);
            json(&ack)
        }
        path => match path.strip_prefix("/v1/jobs/").and_then(|rest| rest.strip_suffix("/shards")) {
            Some(job) => {
                let context = Context { slot: U64Str(1), commitment: "finalized".into(), lag_slots: U64Str(0) };
                json(&Reply { context, data: script.shards(job.parse().unwrap()) })
            }
            None => problem(Kind::NotFound),
        },
    }
}

fn blob(script: &mut Script, request: &Request, hash: HashHex) -> Option<Answer> {
    if request.method == "PUT" {
        assert_eq!(script.store(&request.body), hash, "a blob under another name");
        let bytes = U64Str(u64::try_from(request.body.len()).unwrap());
        return json(&BlobStored { hash, bytes, created: true });
    }
    let bytes = script.swap_blobs.as_ref().or_else(|| script.blobs.get(&hash));
    match bytes {
        Some(bytes) => Some(Answer { status: 200, body: bytes.clone() }),
        None => problem(Kind::BlobNotFound),
    }
}
