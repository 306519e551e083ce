//! Borsh for the types of `mira_core`, which knows no encoding of its own.
//!
//! Named by `#[borsh(serialize_with = "put", deserialize_with = "get")]` on each such field. Reading
//! checks what the constructors check, so that a corrupt record is an error and never a strange value.

use std::collections::BTreeMap;

use borsh::io::{Error, ErrorKind, Read, Result, Write};
use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::amount::{Bps, Payment, Stake, StakePerMillion, UnitPrice, Units};
use mira_core::label::Label;
use mira_core::tier::{Tier, UnitKind};

/// A value with one byte form.
pub(crate) trait Persist: Sized {
    fn write<W: Write>(&self, writer: &mut W) -> Result<()>;
    fn read<R: Read>(reader: &mut R) -> Result<Self>;
}

/// Field serializer for `#[borsh(serialize_with)]`.
pub(crate) fn put<T: Persist, W: Write>(value: &T, writer: &mut W) -> Result<()> {
    value.write(writer)
}

/// Field deserializer for `#[borsh(deserialize_with)]`.
pub(crate) fn get<T: Persist, R: Read>(reader: &mut R) -> Result<T> {
    T::read(reader)
}

/// As `put`, of a map whose keys are such values.
pub(crate) fn put_map<K: Persist, V: BorshSerialize, W: Write>(map: &BTreeMap<K, V>, writer: &mut W) -> Result<()> {
    u32::try_from(map.len()).map_err(|_| corrupt("length"))?.serialize(writer)?;
    map.iter().try_for_each(|(key, value)| {
        key.write(writer)?;
        value.serialize(writer)
    })
}

/// As `get`, of what `put_map` wrote.
pub(crate) fn get_map<K: Persist + Ord, V: BorshDeserialize, R: Read>(reader: &mut R) -> Result<BTreeMap<K, V>> {
    let claimed = u32::deserialize_reader(reader)?;
    (0..claimed).map(|_| Ok((K::read(reader)?, V::deserialize_reader(reader)?))).collect()
}

fn corrupt(what: &str) -> Error {
    Error::new(ErrorKind::InvalidData, format!("{what} out of range in a recorded dispatch value"))
}

macro_rules! amounts {
    ($($name:ident),*) => {$(
        impl Persist for $name {
            fn write<W: Write>(&self, writer: &mut W) -> Result<()> {
                self.get().serialize(writer)
            }
            fn read<R: Read>(reader: &mut R) -> Result<Self> {
                Ok($name::new(u64::deserialize_reader(reader)?))
            }
        }
    )*};
}
amounts!(Payment, Stake, Units, UnitPrice, StakePerMillion);

impl Persist for Bps {
    fn write<W: Write>(&self, writer: &mut W) -> Result<()> {
        self.get().serialize(writer)
    }
    fn read<R: Read>(reader: &mut R) -> Result<Self> {
        Bps::new(u16::deserialize_reader(reader)?).ok_or_else(|| corrupt("basis points"))
    }
}

impl Persist for Label {
    fn write<W: Write>(&self, writer: &mut W) -> Result<()> {
        self.bytes().serialize(writer)
    }
    fn read<R: Read>(reader: &mut R) -> Result<Self> {
        Label::validate(&<[u8; 16]>::deserialize_reader(reader)?).map_err(|_| corrupt("label"))
    }
}

impl Persist for Tier {
    fn write<W: Write>(&self, writer: &mut W) -> Result<()> {
        self.as_u8().serialize(writer)
    }
    fn read<R: Read>(reader: &mut R) -> Result<Self> {
        Tier::try_from(u8::deserialize_reader(reader)?).map_err(|_| corrupt("tier"))
    }
}

impl Persist for UnitKind {
    fn write<W: Write>(&self, writer: &mut W) -> Result<()> {
        self.as_u8().serialize(writer)
    }
    fn read<R: Read>(reader: &mut R) -> Result<Self> {
        UnitKind::try_from(u8::deserialize_reader(reader)?).map_err(|_| corrupt("unit kind"))
    }
}

impl<A: Persist, B: Persist> Persist for (A, B) {
    fn write<W: Write>(&self, writer: &mut W) -> Result<()> {
        self.0.write(writer)?;
        self.1.write(writer)
    }
    fn read<R: Read>(reader: &mut R) -> Result<Self> {
        Ok((A::read(reader)?, B::read(reader)?))
    }
}

impl<T: Persist> Persist for Option<T> {
    fn write<W: Write>(&self, writer: &mut W) -> Result<()> {
        self.is_some().serialize(writer)?;
        self.as_ref().map_or(Ok(()), |value| value.write(writer))
    }
    fn read<R: Read>(reader: &mut R) -> Result<Self> {
        Ok(if bool::deserialize_reader(reader)? { Some(T::read(reader)?) } else { None })
    }
}

impl<T: Persist> Persist for Vec<T> {
    fn write<W: Write>(&self, writer: &mut W) -> Result<()> {
        u32::try_from(self.len()).map_err(|_| corrupt("length"))?.serialize(writer)?;
        self.iter().try_for_each(|value| value.write(writer))
    }
    fn read<R: Read>(reader: &mut R) -> Result<Self> {
        // No allocation by the claimed length: a corrupt record must not ask for gigabytes.
        let claimed = u32::deserialize_reader(reader)?;
        (0..claimed).map(|_| T::read(reader)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round<T: Persist>(value: &T) -> T {
        let mut bytes = Vec::new();
        value.write(&mut bytes).expect("write to memory");
        T::read(&mut bytes.as_slice()).expect("read back")
    }

    #[test]
    fn values_survive() {
        assert_eq!(round(&Payment::new(u64::MAX)), Payment::new(u64::MAX));
        assert_eq!(round(&Tier::Batch), Tier::Batch);
        assert_eq!(round(&UnitKind::Fuel), UnitKind::Fuel);
        assert_eq!(round(&Some(UnitPrice::new(7))), Some(UnitPrice::new(7)));
        let labels = vec![Label::parse("eu-west").expect("label"), Label::parse("us").expect("label")];
        assert_eq!(round(&labels), labels);
        let map = BTreeMap::from([((labels[0], UnitKind::Fuel), 7u64), ((labels[1], UnitKind::Fuel), 8)]);
        let mut bytes = Vec::new();
        put_map(&map, &mut bytes).expect("write to memory");
        assert_eq!(get_map::<(Label, UnitKind), u64, _>(&mut bytes.as_slice()).expect("read back"), map);
    }

    #[test]
    fn corrupt_values_are_errors() {
        assert!(Bps::read(&mut 10_001u16.to_le_bytes().as_slice()).is_err());
        assert!(Tier::read(&mut [9u8].as_slice()).is_err());
        assert!(Label::read(&mut [0xffu8; 16].as_slice()).is_err());
        assert!(Vec::<Payment>::read(&mut u32::MAX.to_le_bytes().as_slice()).is_err());
    }
}
