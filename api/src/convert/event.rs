//! Events of the ledger.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mira_chain::event::{AggregateKind, DecodeError, Event as ChainEvent};
use mira_store::model::{Ordinal, RawEvent};
use mira_wire::event::{Aggregate, Event};
use mira_wire::{KeyStr, SigStr, Time};

/// The text of a place in the ledger: `slot-signature-ix-inner_ix`.
pub fn ord_text(ord: &Ordinal) -> String {
    format!("{}-{}-{}-{}", ord.slot, SigStr(ord.signature), ord.ix, ord.inner_ix)
}

/// The place that a text names, if it is one.
pub fn parse_ord(text: &str) -> Option<Ordinal> {
    let mut parts = text.split('-');
    let ord = Ordinal {
        slot: parts.next()?.parse().ok()?,
        signature: parts.next()?.parse::<SigStr>().ok()?.get(),
        ix: parts.next()?.parse().ok()?,
        inner_ix: parts.next()?.parse().ok()?,
    };
    parts.next().is_none().then_some(ord)
}

/// An event.
///
/// # Errors
/// The ledger holds an event that this version cannot read.
pub fn event(row: &RawEvent) -> Result<Event, DecodeError> {
    let decoded = ChainEvent::decode(&row.discriminator, &row.payload)?;
    let aggregates = decoded
        .aggregates()
        .into_iter()
        .map(|aggregate| Aggregate {
            kind: kind(aggregate.kind).to_owned(),
            key: KeyStr(aggregate.key),
            seq: aggregate.seq.into(),
        })
        .collect();
    Ok(Event {
        ord: ord_text(&row.ord),
        slot: row.ord.slot.into(),
        signature: SigStr(row.ord.signature),
        ix: row.ord.ix,
        inner_ix: row.ord.inner_ix,
        block_time: row.block_time.map(Time::from_secs),
        name: decoded.name().to_owned(),
        schema: row.schema,
        aggregates,
        payload: STANDARD.encode(&row.payload),
    })
}

fn kind(kind: AggregateKind) -> &'static str {
    match kind {
        AggregateKind::Network => "network",
        AggregateKind::Provider => "provider",
        AggregateKind::Job => "job",
        AggregateKind::Lease => "lease",
        AggregateKind::FeeShard => "fee_shard",
        AggregateKind::Rewards => "rewards",
        AggregateKind::Dispute => "dispute",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_survives_as_text() {
        let ord = Ordinal { slot: 77, signature: [3; 64], ix: 2, inner_ix: 9 };
        assert_eq!(parse_ord(&ord_text(&ord)), Some(ord));
        for bad in ["", "1", "1-2-3-4", "x-y-z", &format!("{}-1", ord_text(&ord))] {
            assert_eq!(parse_ord(bad), None, "{bad}");
        }
    }
}
