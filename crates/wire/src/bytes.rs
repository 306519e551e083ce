//! Keys and signatures as base58, hashes as hexadecimal, each with one accepted spelling.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};

/// The text is not the encoding of the right number of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not {what}")]
pub struct ParseBytesError {
    what: &'static str,
}

fn decode_key(text: &str, what: &'static str) -> Result<[u8; 32], ParseBytesError> {
    let mut bytes = [0; 32];
    five8::decode_32(text, &mut bytes).map(|()| bytes).map_err(|_| ParseBytesError { what })
}

fn decode_signature(text: &str, what: &'static str) -> Result<[u8; 64], ParseBytesError> {
    let mut bytes = [0; 64];
    five8::decode_64(text, &mut bytes).map(|()| bytes).map_err(|_| ParseBytesError { what })
}

fn decode_hex<const N: usize>(text: &str, what: &'static str) -> Result<[u8; N], ParseBytesError> {
    let mut bytes = [0u8; N];
    // Upper case is refused: a hash has one spelling, also as a path.
    if text.bytes().any(|b| b.is_ascii_uppercase()) || hex::decode_to_slice(text, &mut bytes).is_err() {
        return Err(ParseBytesError { what });
    }
    Ok(bytes)
}

fn write_key(bytes: &[u8; 32], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut text = [0; five8::BASE58_ENCODED_32_MAX_LEN];
    let length = five8::encode_32(bytes, &mut text);
    write_ascii(&text, length, f)
}

fn write_signature(bytes: &[u8; 64], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut text = [0; five8::BASE58_ENCODED_64_MAX_LEN];
    let length = five8::encode_64(bytes, &mut text);
    write_ascii(&text, length, f)
}

fn write_ascii(text: &[u8], length: u8, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let text = text.get(..length.into()).and_then(|text| std::str::from_utf8(text).ok());
    f.write_str(text.ok_or(fmt::Error)?)
}

fn write_hex(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str(&hex::encode(bytes))
}

macro_rules! byte_string {
    ($(#[$doc:meta])* $name:ident, $len:literal, $what:literal, $pattern:literal, $decode:ident, $write:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $len]);

        impl $name {
            /// The bytes.
            pub const fn get(self) -> [u8; $len] {
                self.0
            }
        }

        impl From<[u8; $len]> for $name {
            fn from(bytes: [u8; $len]) -> Self {
                Self(bytes)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                $write(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{self}")
            }
        }

        impl FromStr for $name {
            type Err = ParseBytesError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $decode(text, $what).map(Self)
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
                        f.write_str($what)
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
                    .pattern(Some($pattern))
                    .description(Some($what))
                    .into()
            }
        }

        impl ToSchema for $name {}
    };
}

byte_string!(
    /// A public key or an address on chain: base58 of 32 bytes.
    KeyStr, 32, "a public key: base58 of 32 bytes", "^[1-9A-HJ-NP-Za-km-z]{32,44}$", decode_key,
    write_key
);
byte_string!(
    /// An ed25519 signature: base58 of 64 bytes.
    SigStr, 64, "a signature: base58 of 64 bytes", "^[1-9A-HJ-NP-Za-km-z]{64,88}$", decode_signature,
    write_signature
);
byte_string!(
    /// A SHA-256 hash: 64 lower-case hexadecimal digits.
    HashHex, 32, "a SHA-256 hash: 64 lower-case hexadecimal digits", "^[0-9a-f]{64}$", decode_hex,
    write_hex
);
byte_string!(
    /// A single-use number of a signed request: 32 lower-case hexadecimal digits.
    NonceHex, 16, "a nonce: 32 lower-case hexadecimal digits", "^[0-9a-f]{32}$", decode_hex,
    write_hex
);

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_key_is_base58_of_exactly_32_bytes() {
        let key = KeyStr([7; 32]);
        let json = serde_json::to_string(&key).unwrap();
        assert_eq!(serde_json::from_str::<KeyStr>(&json).unwrap(), key);
        assert_eq!(KeyStr([0; 32]).to_string(), "1".repeat(32));
        for bad in ["", "0", "O0Il", &"1".repeat(31), &"1".repeat(33), &"z".repeat(44)] {
            assert!(bad.parse::<KeyStr>().is_err(), "{bad} was accepted");
        }
    }

    #[test]
    fn base58_is_that_of_the_common_library() {
        for zeros in 0..=64 {
            let mut bytes = [0; 64];
            for (place, byte) in bytes.iter_mut().enumerate().skip(zeros) {
                *byte = u8::try_from((place * 167 + zeros * 59 + 1) % 255 + 1).unwrap();
            }
            let text = bs58::encode(bytes).into_string();
            assert_eq!(SigStr(bytes).to_string(), text);
            assert_eq!(text.parse::<SigStr>().unwrap(), SigStr(bytes));
            let key: [u8; 32] = bytes[32..].try_into().unwrap();
            let text = bs58::encode(key).into_string();
            assert_eq!(KeyStr(key).to_string(), text);
            assert_eq!(text.parse::<KeyStr>().unwrap(), KeyStr(key));
        }
    }

    #[test]
    fn a_hash_is_64_lower_case_digits() {
        let hash = HashHex([0xab; 32]);
        assert_eq!(hash.to_string(), "ab".repeat(32));
        assert_eq!(hash.to_string().parse::<HashHex>().unwrap(), hash);
        for bad in ["ab".repeat(31), "AB".repeat(32), "zz".repeat(32), "ab".repeat(33)] {
            assert!(bad.parse::<HashHex>().is_err(), "{bad} was accepted");
        }
    }

    #[test]
    fn a_signature_keeps_its_leading_zeros() {
        let mut bytes = [9; 64];
        bytes[0] = 0;
        let sig = SigStr(bytes);
        assert_eq!(sig.to_string().parse::<SigStr>().unwrap(), sig);
    }
}
