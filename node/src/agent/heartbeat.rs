//! Offers and heartbeats, and what comes back with them.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use mira_core::tier::UnitKind;
use mira_wire::client::ApiError;
use mira_wire::node::{Heartbeat, HeartbeatReply, MAX_CACHED, Offer};
use mira_wire::voucher::Voucher;
use mira_wire::{HashHex, KeyStr, Kind, U64Str};
use tokio::task::JoinSet;

use super::{Agent, RETRY, accept};
use crate::error::NodeError;
use crate::journal::{Record, SignedVoucher};

pub(super) async fn run(agent: &Arc<Agent>) -> Result<(), NodeError> {
    let mut interval = Duration::from_millis(agent.config.heartbeat_ms.into());
    let mut accepting = JoinSet::new();
    let mut proposals = accept::Seen::default();
    loop {
        match beat(agent, &mut interval).await {
            Ok(reply) => {
                agent.counters.suspended.store(reply.suspended, Ordering::Relaxed);
                for voucher in &reply.vouchers {
                    receive(agent, voucher).await?;
                }
                if !agent.drain.is_cancelled() {
                    for proposal in proposals.fresh(reply.proposals) {
                        accepting.spawn(accept::accept(Arc::clone(agent), proposal));
                    }
                }
            }
            Err(error) if error.kind() == Some(Kind::NoOffer) => {
                agent.counters.offer_wanted.store(true, Ordering::Relaxed);
            }
            Err(error) if fatal(&error) => return Err(error.into()),
            Err(error) => {
                tracing::warn!(%error, "heartbeat failed, trying again");
                tokio::time::sleep(RETRY).await;
                continue;
            }
        }
        while let Some(ended) = accepting.try_join_next() {
            ended.map_err(|e| NodeError::Task(e.to_string()))??;
        }
        tokio::time::sleep(interval).await;
    }
}

/// Whether trying again is of no use: the key is not the operator's.
fn fatal(error: &ApiError) -> bool {
    matches!(error.kind(), Some(Kind::WrongOperator | Kind::SignatureInvalid))
}

async fn beat(agent: &Agent, interval: &mut Duration) -> Result<HeartbeatReply, ApiError> {
    if agent.counters.offer_wanted.load(Ordering::Relaxed) {
        let ack = agent.client.offer(&offer(agent)).await?;
        *interval = Duration::from_millis(ack.heartbeat_ms.clamp(20, 60_000).into());
        agent.counters.offer_wanted.store(false, Ordering::Relaxed);
    }
    let heartbeat = Heartbeat {
        provider: provider(agent),
        in_flight: u16::try_from(agent.in_flight()).unwrap_or(u16::MAX),
        cached: cached(agent),
    };
    agent.client.heartbeat(&heartbeat).await
}

fn provider(agent: &Agent) -> KeyStr {
    KeyStr(agent.config.provider.to_bytes())
}

fn cached(agent: &Agent) -> Vec<HashHex> {
    agent.cache.hashes(MAX_CACHED).into_iter().map(HashHex).collect()
}

fn offer(agent: &Agent) -> Offer {
    let unit_kind: UnitKind = agent.executor.unit_kind();
    Offer {
        provider: provider(agent),
        region: agent.config.region.clone(),
        resource_class: agent.config.resource_class.clone(),
        unit_kind: unit_kind.as_str().to_owned(),
        unit_price: U64Str(agent.config.unit_price),
        slots: agent.config.slots,
        cached: cached(agent),
        machine: agent.config.machine.clone(),
    }
}

/// Keeps a voucher that is higher than the one before and really signed.
async fn receive(agent: &Agent, voucher: &Voucher) -> Result<(), NodeError> {
    let lease = voucher.lease.get();
    let newest = SignedVoucher {
        cumulative_amount: voucher.cumulative_amount.get(),
        cumulative_units: voucher.cumulative_units.get(),
        signature: voucher.signature.get(),
    };
    let signer = agent.journal.read(|book| {
        let known = book.lease(&lease).filter(|known| newest.cumulative_amount > known.vouched().get())?;
        known.voucher_signer
    });
    let Some(signer) = signer else { return Ok(()) };
    if !agent.chain.verifies(&signer, &lease, &newest) {
        tracing::warn!(lease = %voucher.lease, "a voucher with a wrong signature came with a heartbeat");
        return Ok(());
    }
    agent.record(Record::VoucherReceived { lease, voucher: newest }).await?;
    agent.settle.notify_one();
    agent.work.notify_waiters();
    Ok(())
}
