//! How sensitive a job is to latency, and what its work is metered in.

use crate::error::{Error, Result};
use core::fmt;

macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident, $error:ident, { $($(#[$vdoc:meta])* $variant:ident = $value:literal, $text:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum $name {
            $($(#[$vdoc])* $variant = $value,)+
        }

        impl $name {
            /// All of them, in the order of their numbers.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The lower-case name.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// The one of that lower-case name.
            pub fn parse(text: &str) -> Result<Self> {
                match text { $($text => Ok(Self::$variant),)+ _ => Err(Error::$error) }
            }

            /// The number an account or event holds.
            pub const fn as_u8(self) -> u8 {
                self as u8
            }
        }

        impl TryFrom<u8> for $name {
            type Error = Error;

            fn try_from(value: u8) -> Result<Self> {
                match value { $($value => Ok(Self::$variant),)+ _ => Err(Error::$error) }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

vocabulary!(
    /// How a job values latency.
    Tier, InvalidTier, {
        /// A person waits for each answer.
        Interactive = 0, "interactive";
        /// Throughput and price matter, shards come in any order.
        Batch = 1, "batch";
        /// A gang of workers that proceeds in step.
        Training = 2, "training";
        /// Stages that feed each other.
        Pipeline = 3, "pipeline";
    }
);

vocabulary!(
    /// What a job's units count.
    UnitKind, InvalidUnitKind, {
        /// Milliseconds of a GPU of the job's resource class.
        GpuMillis = 0, "gpu_millis";
        /// Tokens generated or read by a model.
        Tokens = 1, "tokens";
        /// Fuel burnt by the WASM executor.
        Fuel = 2, "fuel";
        /// Finished items.
        Items = 3, "items";
    }
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_lead_back() {
        for tier in Tier::ALL {
            assert_eq!(Tier::try_from(tier.as_u8()), Ok(*tier));
            assert_eq!(Tier::parse(tier.as_str()), Ok(*tier));
        }
        for kind in UnitKind::ALL {
            assert_eq!(UnitKind::try_from(kind.as_u8()), Ok(*kind));
            assert_eq!(UnitKind::parse(kind.as_str()), Ok(*kind));
        }
        assert_eq!(Tier::try_from(4), Err(Error::InvalidTier));
        assert_eq!(UnitKind::parse("Fuel"), Err(Error::InvalidUnitKind));
    }
}
