//! The layouts of the program's events as its IDL has them: an encoder that shares nothing with the decoder.

use super::draw::Draw;
use mira_chain::event::body::SCHEMA;
use serde::Deserialize;
use std::sync::LazyLock;

/// All events of the committed IDL.
pub static EVENTS: LazyLock<Vec<Layout>> = LazyLock::new(|| layouts(IDL).expect("the committed IDL is one"));

const IDL: &str = include_str!("../../../programs/mira/artifacts/mira.json");

/// One event.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Its name.
    pub name: String,
    /// What its data begin with, behind the tag.
    pub discriminator: [u8; 8],
    /// Its fields, in order; the first is the schema.
    fields: Vec<Type>,
}

#[derive(Deserialize)]
struct Idl {
    events: Vec<Tagged>,
    types: Vec<Named>,
}

#[derive(Deserialize)]
struct Tagged {
    name: String,
    discriminator: [u8; 8],
}

#[derive(Deserialize)]
struct Named {
    name: String,
    #[serde(rename = "type")]
    body: Body,
}

#[derive(Deserialize)]
struct Body {
    fields: Vec<Field>,
}

#[derive(Deserialize)]
struct Field {
    #[serde(rename = "type")]
    kind: Kind,
}

/// A type as the IDL writes it.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Bool,
    U8,
    U16,
    U32,
    U64,
    I64,
    U128,
    Pubkey,
    Array(Box<Kind>, usize),
    Option(Box<Kind>),
    Vec(Box<Kind>),
    Defined { name: String },
}

/// A type with its parts in place.
#[derive(Clone, Debug)]
enum Type {
    Bool,
    /// So many bytes, any of them.
    Bytes(usize),
    Option(Box<Type>),
    Vec(Box<Type>),
    Struct(Vec<Type>),
}

fn layouts(idl: &str) -> serde_json::Result<Vec<Layout>> {
    let Idl { events, types } = serde_json::from_str(idl)?;
    let layout = |Tagged { name, discriminator }| Layout { fields: fields(&name, &types), name, discriminator };
    Ok(events.into_iter().map(layout).collect())
}

fn fields(name: &str, types: &[Named]) -> Vec<Type> {
    let named = types.iter().find(|named| named.name == name).expect("the IDL defines what it names");
    named.body.fields.iter().map(|field| resolve(&field.kind, types)).collect()
}

fn resolve(kind: &Kind, types: &[Named]) -> Type {
    match kind {
        Kind::Bool => Type::Bool,
        Kind::U8 => Type::Bytes(1),
        Kind::U16 => Type::Bytes(2),
        Kind::U32 => Type::Bytes(4),
        Kind::U64 | Kind::I64 => Type::Bytes(8),
        Kind::U128 => Type::Bytes(16),
        Kind::Pubkey => Type::Bytes(32),
        Kind::Array(of, len) => Type::Struct((0..*len).map(|_| resolve(of, types)).collect()),
        Kind::Option(of) => Type::Option(Box::new(resolve(of, types))),
        Kind::Vec(of) => Type::Vec(Box::new(resolve(of, types))),
        Kind::Defined { name } => Type::Struct(fields(name, types)),
    }
}

impl Layout {
    /// A payload of this event, of the schema that there is, with any values.
    pub fn payload(&self, draw: &mut Draw<'_>) -> Vec<u8> {
        let mut payload = vec![SCHEMA];
        self.fields.iter().skip(1).for_each(|field| field.write(draw, &mut payload));
        payload
    }

    /// Whether it has a list.
    pub fn has_list(&self) -> bool {
        self.fields.iter().any(|field| matches!(field, Type::Vec(_)))
    }

    /// A payload whose first list claims a length that does not follow. Only for a layout that has a list.
    pub fn overlong(&self, draw: &mut Draw<'_>) -> Vec<u8> {
        let mut payload = vec![SCHEMA];
        for field in self.fields.iter().skip(1) {
            if matches!(field, Type::Vec(_)) {
                payload.extend(draw.length().to_le_bytes());
                break;
            }
            field.write(draw, &mut payload);
        }
        payload.extend(draw.bytes(100));
        payload
    }
}

impl Type {
    fn write(&self, draw: &mut Draw<'_>, payload: &mut Vec<u8>) {
        match self {
            Self::Bool => payload.push(u8::from(draw.any::<bool>())),
            Self::Bytes(len) => payload.extend((0..*len).map(|_| draw.any::<u8>())),
            Self::Option(of) => {
                let some = draw.any::<bool>();
                payload.push(u8::from(some));
                if some {
                    of.write(draw, payload);
                }
            }
            Self::Vec(of) => {
                let len = u8::try_from(draw.below(8)).expect("less than eight");
                payload.extend(u32::from(len).to_le_bytes());
                (0..len).for_each(|_| of.write(draw, payload));
            }
            Self::Struct(fields) => fields.iter().for_each(|field| field.write(draw, payload)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mira_chain::event::Event;

    #[test]
    fn the_idl_and_the_decoder_know_the_same_events() {
        assert_eq!(EVENTS.len(), 37);
        for layout in EVENTS.iter() {
            assert_eq!(Event::name_of(&layout.discriminator), Some(layout.name.as_str()));
        }
        assert_eq!(EVENTS.iter().filter(|layout| layout.has_list()).count(), 2);
    }
}
