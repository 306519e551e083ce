//! Needs and machines as people write them: `cpu=1.5,memory=2048,gpus=1,model=h100`.
//!
//! Cores have up to three decimals, memory is in MiB, GPUs are whole or a part of one, as `gpus=0.5`.

use std::str::FromStr;

use crate::service::{GPU_MILLI, Machine, Needs};

/// Why such a text cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseResourcesError {
    /// Not `name=value`.
    #[error("{0:?} is not name=value; write for example cpu=2,memory=4096,gpus=1")]
    NotAPair(String),
    /// Another name.
    #[error("there is no resource {0:?}: use cpu, memory, gpus, and model for the GPU's")]
    Unknown(String),
    /// Not such a number.
    #[error("{name}={value} cannot be read: {wanted}")]
    Value {
        /// Which resource.
        name: &'static str,
        /// What was written.
        value: String,
        /// What should be.
        wanted: &'static str,
    },
    /// Named more than once.
    #[error("{0} is given twice")]
    Twice(&'static str),
}

/// What was named.
#[derive(Default)]
struct Named {
    cpu_milli: Option<u32>,
    memory_mib: Option<u32>,
    gpu_milli: Option<u32>,
    models: Vec<String>,
}

fn named(text: &str) -> Result<Named, ParseResourcesError> {
    let mut named = Named::default();
    for pair in text.split(',') {
        let Some((name, value)) = pair.split_once('=') else {
            return Err(ParseResourcesError::NotAPair(pair.to_owned()));
        };
        match name {
            "cpu" => once(&mut named.cpu_milli, "cpu", thousandths("cpu", value)?)?,
            "memory" => {
                let wanted = "a whole number of MiB";
                let bad = || ParseResourcesError::Value { name: "memory", value: value.to_owned(), wanted };
                once(&mut named.memory_mib, "memory", value.parse().map_err(|_| bad())?)?;
            }
            "gpus" => once(&mut named.gpu_milli, "gpus", thousandths("gpus", value)?)?,
            "model" => named.models.push(value.to_owned()),
            other => return Err(ParseResourcesError::Unknown(other.to_owned())),
        }
    }
    Ok(named)
}

fn once(slot: &mut Option<u32>, name: &'static str, value: u32) -> Result<(), ParseResourcesError> {
    if slot.replace(value).is_some() { Err(ParseResourcesError::Twice(name)) } else { Ok(()) }
}

/// A number with up to three decimals, in thousandths.
fn thousandths(name: &'static str, value: &str) -> Result<u32, ParseResourcesError> {
    let bad = || {
        let wanted = "a number with up to three decimals, such as 2 or 0.5";
        ParseResourcesError::Value { name, value: value.to_owned(), wanted }
    };
    let (whole, fraction) = value.split_once('.').unwrap_or((value, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || fraction.len() > 3 {
        return Err(bad());
    }
    format!("{whole}{fraction:0<3}").parse().map_err(|_| bad())
}

/// Whole GPUs of thousandths.
fn whole(gpu_milli: u32) -> Option<u16> {
    let milli = u32::from(GPU_MILLI);
    if gpu_milli.is_multiple_of(milli) { u16::try_from(gpu_milli / milli).ok() } else { None }
}

fn bad_gpus(gpu_milli: u32, wanted: &'static str) -> ParseResourcesError {
    ParseResourcesError::Value { name: "gpus", value: format!("{gpu_milli}/1000"), wanted }
}

impl FromStr for Needs {
    type Err = ParseResourcesError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let named = named(text)?;
        let gpu_milli = named.gpu_milli.unwrap_or(0);
        let (gpus, each) = match (whole(gpu_milli), u16::try_from(gpu_milli)) {
            (Some(0), _) => (0, 0),
            (Some(gpus), _) => (gpus, GPU_MILLI),
            (None, Ok(part)) if part < GPU_MILLI => (1, part),
            (None, _) => return Err(bad_gpus(gpu_milli, "several GPUs are whole ones")),
        };
        Ok(Needs {
            cpu_milli: named.cpu_milli.unwrap_or(0),
            memory_mib: named.memory_mib.unwrap_or(0),
            gpus,
            gpu_milli: each,
            models: named.models,
        })
    }
}

impl FromStr for Machine {
    type Err = ParseResourcesError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut named = named(text)?;
        if named.models.len() > 1 {
            return Err(ParseResourcesError::Twice("model"));
        }
        let gpu_milli = named.gpu_milli.unwrap_or(0);
        let gpus = whole(gpu_milli).ok_or_else(|| bad_gpus(gpu_milli, "a machine has whole GPUs"))?;
        Ok(Machine {
            cpu_milli: named.cpu_milli.unwrap_or(0),
            memory_mib: named.memory_mib.unwrap_or(0),
            gpus,
            model: named.models.pop(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needs_are_read() {
        let needs = |text: &str| text.parse::<Needs>().expect(text);
        let whole =
            Needs { cpu_milli: 1_500, memory_mib: 2_048, gpus: 2, gpu_milli: 1_000, models: vec!["h100".into()] };
        assert_eq!(needs("cpu=1.5,memory=2048,gpus=2,model=h100"), whole);
        assert_eq!(needs("gpus=0.25"), Needs { gpus: 1, gpu_milli: 250, ..Needs::default() });
        assert_eq!(needs("cpu=0.001").cpu_milli, 1);
        assert_eq!(needs("gpus=1,model=a100,model=h100").models, ["a100", "h100"]);
    }

    #[test]
    fn a_machine_is_read() {
        let machine = "cpu=8,memory=16384,gpus=1,model=h100".parse();
        let expected = Machine { cpu_milli: 8_000, memory_mib: 16_384, gpus: 1, model: Some("h100".into()) };
        assert_eq!(machine, Ok(expected));
    }

    #[test]
    fn each_fault_is_named() {
        let needs = |text: &str| text.parse::<Needs>().expect_err(text).to_string();
        let machine = |text: &str| text.parse::<Machine>().expect_err(text).to_string();
        assert!(needs("cpu").contains("is not name=value") && needs("").contains("is not name=value"));
        assert!(needs("disk=1").contains("no resource \"disk\""));
        assert!(needs("cpu=1.0001").contains("three decimals") && needs("cpu=-1").contains("three decimals"));
        assert!(needs("cpu=9999999999").contains("cannot be read") && needs("memory=2GiB").contains("MiB"));
        assert!(needs("cpu=1,cpu=2").contains("cpu is given twice"));
        assert!(needs("gpus=1.5").contains("whole ones") && machine("gpus=0.5").contains("whole GPUs"));
        assert!(machine("model=a,model=b").contains("model is given twice"));
    }
}
