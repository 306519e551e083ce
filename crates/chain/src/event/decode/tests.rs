//! What the program emits is what is decoded, and nothing else is.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::event::{EVENT_TAG, EventId, RawEvent};
use anchor_lang::Event as _;
use anchor_lang::prelude::Pubkey;

fn funded() -> e::JobFunded {
    e::JobFunded {
        schema: e::SCHEMA,
        job: Pubkey::new_from_array([1; 32]),
        job_seq: 2,
        funder: Pubkey::new_from_array([2; 32]),
        amount: 5,
        funded_before: 0,
        funded_after: 5,
    }
}

fn id() -> EventId {
    EventId { signature: [9; 64], ix: 1, inner_ix: 2 }
}

fn self_call(event: &e::JobFunded) -> Vec<u8> {
    [EVENT_TAG.as_slice(), &event.data()].concat()
}

#[test]
fn what_the_program_emits_is_what_is_decoded() {
    let raw = RawEvent::from_data(id(), 7, Some(8), &self_call(&funded())).unwrap();
    assert_eq!((raw.slot, raw.block_time, raw.schema), (7, Some(8), 1));
    let event = raw.decode().unwrap();
    assert_eq!(event, Event::JobFunded(funded()));
    assert_eq!(event.name(), "JobFunded");
    assert_eq!(event.encode(), (raw.discriminator, raw.payload));
    assert_eq!(Event::name_of(&raw.discriminator), Some("JobFunded"));
}

#[test]
fn one_byte_more_or_less_is_refused() {
    let (discriminator, payload) = Event::JobFunded(funded()).encode();
    let malformed = |len| Err(DecodeError::Malformed { name: "JobFunded", len });
    let longer = [payload.as_slice(), &[0]].concat();
    assert_eq!(Event::decode(&discriminator, &longer), malformed(98));
    let shorter = &payload[..payload.len() - 1];
    assert_eq!(Event::decode(&discriminator, shorter), malformed(96));
    assert_eq!(Event::decode(&discriminator, &[]), malformed(0));
}

#[test]
fn an_unknown_kind_or_schema_is_refused() {
    let (discriminator, mut payload) = Event::JobFunded(funded()).encode();
    payload[0] = 2;
    assert_eq!(
        Event::decode(&discriminator, &payload),
        Err(DecodeError::UnknownSchema { name: "JobFunded", schema: 2 })
    );
    assert_eq!(Event::decode(&[0; 8], &payload), Err(DecodeError::UnknownKind { discriminator: [0; 8] }));
    assert_eq!(Event::name_of(&[0; 8]), None);
}

#[test]
fn truncated_data_is_refused() {
    let data = self_call(&funded());
    for len in [0, 7, 8, 15, 16] {
        let result = RawEvent::from_data(id(), 7, None, &data[..len]);
        assert_eq!(result, Err(DecodeError::Truncated { len }));
    }
}

/// Fields made of one byte: zeros are nothing everywhere, ones are `true`, `Some`, and lists far too long.
fn filled(byte: u8) -> Vec<Event> {
    let mut bytes = vec![byte; 2_048];
    bytes[0] = e::SCHEMA;
    Event::all_from(&bytes).into_iter().filter_map(|(_, event)| event).collect()
}

fn with_lists() -> [Event; 2] {
    let key = |byte| Pubkey::new_from_array([byte; 32]);
    let authorities = e::RewardAuthoritiesSet {
        schema: e::SCHEMA,
        config: key(1),
        config_seq: 2,
        actor: key(3),
        rewards: key(4),
        rewards_seq: 5,
        authorities: vec![key(6), key(7)],
        dropped_epoch: Some(8),
    };
    let verifiers = e::VerifiersSet {
        schema: e::SCHEMA,
        config: key(1),
        config_seq: 2,
        actor: key(3),
        verifier_set: 4,
        verifiers: (5..12).map(key).collect(),
    };
    [Event::RewardAuthoritiesSet(authorities), Event::VerifiersSet(verifiers)]
}

#[test]
fn every_event_comes_back_to_the_byte() {
    let mut events = filled(0);
    assert_eq!(events.len(), 37, "all of them can be empty");
    events.extend(filled(1));
    events.extend(with_lists());
    assert_eq!(events.len(), 37 + 35 + 2);
    for event in events {
        let (discriminator, payload) = event.encode();
        assert_eq!(Event::name_of(&discriminator), Some(event.name()));
        assert_eq!(Event::decode(&discriminator, &payload), Ok(event.clone()));
        let longer = [payload.as_slice(), &[0]].concat();
        let len = longer.len();
        assert_eq!(Event::decode(&discriminator, &longer), Err(DecodeError::Malformed { name: event.name(), len }));
    }
}

#[test]
fn every_event_numbers_an_aggregate_and_none_twice() {
    for event in filled(1).into_iter().chain(with_lists()) {
        let aggregates = event.aggregates();
        let kinds: std::collections::BTreeSet<_> = aggregates.iter().map(|aggregate| aggregate.kind).collect();
        assert!(!kinds.is_empty() && kinds.len() == aggregates.len(), "{}", event.name());
        assert!(aggregates.iter().all(|aggregate| aggregate.seq > 0), "{}", event.name());
    }
}
