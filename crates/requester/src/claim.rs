//! Whether a result is what was asked for.

use bytes::Bytes;
use mira_wire::spec::JobSpec;

/// A provider's claim: this output, for this input, for so many units.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// The job's specification.
    pub spec: &'a JobSpec,
    /// The module.
    pub module: &'a Bytes,
    /// The shard's input.
    pub input: &'a Bytes,
    /// What came back; its hash is already checked.
    pub output: &'a Bytes,
    /// Units claimed.
    pub units: u64,
}

/// Judges claims.
pub trait ResultCheck: Send + Sync {
    /// Accepts a claim, or says why not.
    ///
    /// # Errors
    /// The reason, for the requester's record.
    fn check(&self, claim: &Claim<'_>) -> Result<(), String>;
}

/// Trusts what arrived intact and within the limits. For work that cannot be run again here.
#[derive(Clone, Copy, Debug)]
pub struct HashOnly;

impl ResultCheck for HashOnly {
    fn check(&self, _: &Claim<'_>) -> Result<(), String> {
        Ok(())
    }
}

/// Runs the shard again and compares output and units exactly.
pub struct ByExecution<F>(pub F);

impl<F> ResultCheck for ByExecution<F>
where
    F: Fn(&Claim<'_>) -> Result<(Bytes, u64), String> + Send + Sync,
{
    fn check(&self, claim: &Claim<'_>) -> Result<(), String> {
        let (output, units) = (self.0)(claim)?;
        if output != *claim.output {
            return Err("running the shard again gave another output".to_owned());
        }
        if units < claim.units {
            return Err(format!("running the shard again used {units} units, and {} were claimed", claim.units));
        }
        Ok(())
    }
}

/// Which claims are judged by the [`ResultCheck`]; all others are only held against their hash and
/// limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sample {
    /// None.
    None,
    /// All.
    All,
    /// Those whose shard is a multiple of this.
    EveryNth(u32),
}

impl Sample {
    /// Whether a shard is in the sample.
    pub fn takes(self, shard: u32) -> bool {
        match self {
            Self::None => false,
            Self::All => true,
            Self::EveryNth(n) => n != 0 && shard.is_multiple_of(n),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_is_what_it_says() {
        assert!(!Sample::None.takes(0));
        assert!(Sample::All.takes(7));
        assert!(Sample::EveryNth(4).takes(8) && !Sample::EveryNth(4).takes(9));
        assert!(!Sample::EveryNth(0).takes(0));
    }
}
