//! The event decoder: from an inner instruction's data to the typed event.
//!
//! What holds: data are taken apart without loss; what decodes encodes to the same bytes; whatever is not decoded
//! is one of four named errors, each for its own reason. What the IDL says is an event is one.

use super::draw::Draw;
use super::layout::{EVENTS, Layout};
use mira_chain::event::body::SCHEMA;
use mira_chain::event::{DecodeError, EVENT_TAG, EventId, RawEvent};

/// What enough inputs meet.
pub const CLASSES: [&str; 5] = ["decoded", "malformed", "unknown kind", "unknown schema", "truncated"];

/// The property.
pub fn property(draw: &mut Draw<'_>) -> &'static str {
    match draw.below(6) {
        0 => {
            let layout = draw.pick(&EVENTS);
            let payload = layout.payload(draw);
            let class = read(&data(layout, &payload));
            assert_eq!(class, "decoded", "{} as the IDL has it", layout.name);
            class
        }
        1 => {
            let lists: Vec<_> = EVENTS.iter().filter(|layout| layout.has_list()).collect();
            let layout = *draw.pick(&lists);
            let payload = layout.overlong(draw);
            let class = read(&data(layout, &payload));
            assert_eq!(class, "malformed", "{} with a list that ends early", layout.name);
            class
        }
        2 => {
            let layout = draw.pick(&EVENTS);
            let mut payload = vec![if draw.any() { SCHEMA } else { draw.any() }];
            payload.extend(draw.bytes(600));
            read(&data(layout, &payload))
        }
        3 => read(&[EVENT_TAG.as_slice(), &draw.bytes(100)].concat()),
        4 => read(&draw.bytes(100)),
        _ => {
            let layout = draw.pick(&EVENTS);
            let mut data = data(layout, &layout.payload(draw));
            draw.mutate(&mut data);
            read(&data)
        }
    }
}

/// An event's data as the program calls itself with it.
pub fn data(layout: &Layout, payload: &[u8]) -> Vec<u8> {
    [EVENT_TAG.as_slice(), &layout.discriminator, payload].concat()
}

/// Decodes data, and holds the outcome against what the data plainly are.
fn read(data: &[u8]) -> &'static str {
    let complete = data.starts_with(&EVENT_TAG) && data.len() > EVENT_TAG.len() + 8;
    let id = EventId { signature: [1; 64], ix: 2, inner_ix: 3 };
    let raw = match RawEvent::from_data(id, 4, None, data) {
        Ok(raw) => raw,
        Err(error) => {
            assert_eq!((error, complete), (DecodeError::Truncated { len: data.len() }, false));
            return "truncated";
        }
    };
    assert!(complete, "the data are too short");
    assert_eq!([EVENT_TAG.as_slice(), &raw.discriminator, &raw.payload].concat(), data);
    assert_eq!(raw.payload.first(), Some(&raw.schema));
    let known = EVENTS.iter().find(|layout| layout.discriminator == raw.discriminator);
    match (known, raw.decode()) {
        (Some(layout), Ok(event)) => {
            assert_eq!((event.name(), raw.schema), (layout.name.as_str(), SCHEMA));
            assert_eq!(event.encode(), (raw.discriminator, raw.payload));
            assert!(!event.aggregates().is_empty(), "{} numbers nothing", event.name());
            "decoded"
        }
        (None, Err(DecodeError::UnknownKind { discriminator })) => {
            assert_eq!(discriminator, raw.discriminator);
            "unknown kind"
        }
        (Some(layout), Err(DecodeError::UnknownSchema { name, schema })) => {
            assert!(schema != SCHEMA && schema == raw.schema && name == layout.name, "{name} of schema {schema}");
            "unknown schema"
        }
        (Some(layout), Err(DecodeError::Malformed { name, len })) => {
            assert!(raw.schema == SCHEMA && name == layout.name && len == raw.payload.len(), "{name} of {len}");
            "malformed"
        }
        (_, outcome) => panic!("{outcome:?} does not fit {data:02x?}"),
    }
}
