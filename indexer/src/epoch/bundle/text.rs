//! How a bundle writes numbers, keys and hashes. Each has one form only, so that two files that say the
//! same are the same.

use std::fmt;
use std::str::FromStr;

use mira_core::{Hash, Key};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

macro_rules! text {
    ($(#[$doc:meta])* $name:ident($inner:ty), $what:literal, $show:expr, $read:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name(pub $inner);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let show: fn(&$inner) -> String = $show;
                f.write_str(&show(&self.0))
            }
        }

        impl FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                let read: fn(&str) -> Option<$inner> = $read;
                let value = read(text).map(Self).filter(|value| value.to_string() == text);
                value.ok_or_else(|| format!(concat!("`{}` is not ", $what), text))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }
    };
}

text!(
    /// 64 bits without sign, decimal.
    U64(u64), "a number of 64 bits", u64::to_string, |text| text.parse().ok()
);
text!(
    /// 64 bits with sign, decimal.
    I64(i64), "a number of 64 bits with sign", i64::to_string, |text| text.parse().ok()
);
text!(
    /// A key in base58.
    Base58(Key), "32 bytes in base58", |key| bs58::encode(key).into_string(), |text| {
        let mut key = Key::default();
        (bs58::decode(text).onto(&mut key) == Ok(32)).then_some(key)
    }
);
text!(
    /// A hash in lower-case hex.
    Hex(Hash), "32 bytes in lower-case hex", |hash| hex::encode(hash), |text| {
        let mut hash = Hash::default();
        hex::decode_to_slice(text, &mut hash).ok().map(|()| hash)
    }
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_has_one_text() {
        assert_eq!("18446744073709551615".parse(), Ok(U64(u64::MAX)));
        assert_eq!("-5".parse(), Ok(I64(-5)));
        for text in ["", "-1", "+1", "01", "1.0", "18446744073709551616"] {
            assert_eq!(text.parse::<U64>(), Err(format!("`{text}` is not a number of 64 bits")));
        }
        for text in ["+1", "-0", "9223372036854775808"] {
            assert_eq!(text.parse::<I64>(), Err(format!("`{text}` is not a number of 64 bits with sign")));
        }
    }

    #[test]
    fn keys_and_hashes_have_32_bytes() {
        for bytes in [[0; 32], [7; 32], [255; 32]] {
            assert_eq!(Base58(bytes).to_string().parse(), Ok(Base58(bytes)));
            assert_eq!(Hex(bytes).to_string().parse(), Ok(Hex(bytes)));
        }
        let short = bs58::encode([7; 31]).into_string();
        assert!(short.parse::<Base58>().is_err());
        assert!("0".repeat(44).parse::<Base58>().is_err());
        assert!("AB".repeat(32).parse::<Hex>().is_err(), "upper case");
        assert!("ab".repeat(31).parse::<Hex>().is_err());
    }
}
