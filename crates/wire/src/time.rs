//! Moments as RFC 3339 in UTC.

use std::fmt;
use std::str::FromStr;

use ::time::format_description::well_known::Rfc3339;
use ::time::{OffsetDateTime, UtcOffset};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};

/// The text is not an RFC 3339 time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an RFC 3339 time such as 2026-01-31T12:00:00Z")]
pub struct ParseTimeError;

/// 0000-01-01T00:00:00Z and 9999-12-31T23:59:59.999Z: what RFC 3339 can write.
const MIN_MS: i64 = -62_167_219_200_000;
const MAX_MS: i64 = 253_402_300_799_999;

/// A moment in milliseconds since the unix epoch, written as RFC 3339 in UTC. A moment outside the
/// years 0 to 9999 is held at the nearest that can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time {
    unix_ms: i64,
}

impl Time {
    /// From unix seconds, the chain's clock.
    pub fn from_secs(unix_secs: i64) -> Self {
        Self::from_ms(unix_secs.saturating_mul(1_000))
    }

    /// From unix milliseconds.
    pub fn from_ms(unix_ms: i64) -> Self {
        Self { unix_ms: unix_ms.clamp(MIN_MS, MAX_MS) }
    }

    /// From unix milliseconds as an unsigned number.
    pub fn from_unsigned_ms(unix_ms: u64) -> Self {
        Self::from_ms(i64::try_from(unix_ms).unwrap_or(i64::MAX))
    }

    /// Unix seconds, rounded down.
    pub const fn secs(self) -> i64 {
        self.unix_ms.div_euclid(1_000)
    }

    /// Unix milliseconds.
    pub const fn ms(self) -> i64 {
        self.unix_ms
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = i128::from(self.unix_ms) * 1_000_000;
        let text = OffsetDateTime::from_unix_timestamp_nanos(nanos)
            .ok()
            .and_then(|moment| moment.format(&Rfc3339).ok())
            .ok_or(fmt::Error)?;
        f.write_str(&text)
    }
}

impl FromStr for Time {
    type Err = ParseTimeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let moment = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| ParseTimeError)?;
        let nanos = moment.to_offset(UtcOffset::UTC).unix_timestamp_nanos();
        let ms = i64::try_from(nanos.div_euclid(1_000_000)).map_err(|_| ParseTimeError)?;
        Ok(Self::from_ms(ms))
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Time;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an RFC 3339 time")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Time, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Visitor)
    }
}

impl PartialSchema for Time {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::new(Type::String))
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .description(Some("A moment, RFC 3339 in UTC."))
            .into()
    }
}

impl ToSchema for Time {}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn seconds_and_milliseconds_survive() {
        assert_eq!(Time::from_secs(0).to_string(), "1970-01-01T00:00:00Z");
        let time = Time::from_ms(1_767_225_600_123);
        assert_eq!(time.to_string(), "2026-01-01T00:00:00.123Z");
        assert_eq!(time.to_string().parse::<Time>().unwrap(), time);
        assert_eq!(time.secs(), 1_767_225_600);
    }

    #[test]
    fn an_offset_is_brought_to_utc() {
        let time: Time = "2026-01-01T01:00:00+01:00".parse().unwrap();
        assert_eq!(time.to_string(), "2026-01-01T00:00:00Z");
    }

    #[test]
    fn the_ends_can_be_written() {
        assert!(Time::from_secs(i64::MAX).to_string().starts_with("9999-12-31"));
        assert!(Time::from_secs(i64::MIN).to_string().starts_with("0000-01-01"));
        assert!("yesterday".parse::<Time>().is_err());
    }
}
