//! 64- and 128-bit integers as decimal strings: JSON numbers lose digits above 2^53 in JavaScript
//! and in many other readers, and amounts must not.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};

/// The text is not a decimal integer of the right width.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "not an unsigned decimal integer of at most {bits} bits: write digits only, without sign, spaces or leading zeros"
)]
pub struct ParseNumberError {
    bits: u32,
}

/// Digits only, no sign, no leading zero: one spelling per number.
fn is_canonical(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) && (text.len() == 1 || !text.starts_with('0'))
}

macro_rules! decimal_string {
    ($(#[$doc:meta])* $name:ident, $int:ty, $bits:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(pub $int);

        impl $name {
            /// The number.
            pub const fn get(self) -> $int {
                self.0
            }
        }

        impl From<$int> for $name {
            fn from(value: $int) -> Self {
                Self(value)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = ParseNumberError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                if !is_canonical(text) {
                    return Err(ParseNumberError { bits: $bits });
                }
                text.parse().map(Self).map_err(|_| ParseNumberError { bits: $bits })
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Visitor;
                impl de::Visitor<'_> for Visitor {
                    type Value = $name;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        write!(f, "an integer of at most {} bits as a decimal string", $bits)
                    }

                    fn visit_str<E: de::Error>(self, text: &str) -> Result<$name, E> {
                        text.parse().map_err(E::custom)
                    }
                }
                deserializer.deserialize_str(Visitor)
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(SchemaType::new(Type::String))
                    .pattern(Some("^(0|[1-9][0-9]*)$"))
                    .description(Some(concat!("An unsigned integer of ", $bits, " bits as a decimal string.")))
                    .examples(["1000000"])
                    .into()
            }
        }

        impl ToSchema for $name {}
    };
}

decimal_string!(
    /// A `u64` as a decimal string.
    U64Str, u64, 64
);
decimal_string!(
    /// A `u128` as a decimal string.
    U128Str, u128, 128
);

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_u64_is_a_string_both_ways() {
        let text = serde_json::to_string(&U64Str(u64::MAX)).unwrap();
        assert_eq!(text, "\"18446744073709551615\"");
        assert_eq!(serde_json::from_str::<U64Str>(&text).unwrap().get(), u64::MAX);
    }

    #[test]
    fn only_one_spelling_is_accepted() {
        for bad in ["7", "\"\"", "\"-1\"", "\"+1\"", "\"01\"", "\" 1\"", "\"1.0\"", "\"18446744073709551616\"", "null"]
        {
            assert!(serde_json::from_str::<U64Str>(bad).is_err(), "{bad} was accepted");
        }
        assert_eq!(serde_json::from_str::<U64Str>("\"0\"").unwrap(), U64Str(0));
    }

    #[test]
    fn u128_keeps_all_digits() {
        let text = u128::MAX.to_string();
        assert_eq!(text.parse::<U128Str>().unwrap().to_string(), text);
    }
}
