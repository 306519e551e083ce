//! Usage reports: the signed message and the text that a node sends.
//!
//! What holds: the operator's signature is good for the very report and the very key, and with one bit flipped for
//! nothing; a report that was changed on its way is refused or does not hold.

use super::draw::{Draw, flip};
use super::wire;
use ed25519_dalek::SigningKey;
use mira_core::amount::Units;
use mira_core::hash::Sha2;
use mira_core::usage::{Report, message};
use mira_wire::request::{RequestSigner as _, sign_message, verify_strict};
use mira_wire::usage::UsageReport;

/// What enough inputs meet.
pub const CLASSES: [&str; 5] =
    ["flipped bit of the signed bytes", "flipped bit of a field", "same", "another", "no report"];

/// The property.
pub fn property(draw: &mut Draw<'_>) -> &'static str {
    let key = SigningKey::from_bytes(&draw.any());
    let report = Report {
        program_id: draw.any(),
        cluster_id: draw.any(),
        lease: draw.any(),
        seq: draw.any(),
        cumulative_units: Units::new(draw.any()),
        items: draw.any(),
        outputs_hash: draw.any(),
    };
    let (operator, signature) = (key.key(), sign_message(&key, &message::<Sha2>(&report)).get());
    assert!(verify_strict(&operator, &signature, &message::<Sha2>(&report)), "what was signed does not hold");
    match draw.below(3) {
        0 => {
            let mut signed = [operator.as_slice(), &signature, &message::<Sha2>(&report)].concat();
            let bit = draw.below(8 * signed.len());
            flip(&mut signed, bit);
            let (operator, rest) = signed.split_first_chunk().expect("32 bytes");
            let (signature, message) = rest.split_first_chunk().expect("64 bytes");
            assert!(!verify_strict(operator, signature, message), "a flipped bit is taken");
            "flipped bit of the signed bytes"
        }
        1 => {
            let other = flipped(draw, report);
            assert!(!verify_strict(&operator, &signature, &message::<Sha2>(&other)), "{other:?} is not bound");
            "flipped bit of a field"
        }
        _ => {
            let sent = UsageReport {
                lease: report.lease.into(),
                seq: report.seq.into(),
                cumulative_units: report.cumulative_units.get().into(),
                items: report.items,
                outputs_hash: report.outputs_hash.into(),
                signature: signature.into(),
            };
            let Some(read) = wire::garbled(draw, &sent) else { return "no report" };
            let other = Report {
                lease: read.lease.get(),
                seq: read.seq.get(),
                cumulative_units: Units::new(read.cumulative_units.get()),
                items: read.items,
                outputs_hash: read.outputs_hash.get(),
                ..report
            };
            let holds = verify_strict(&operator, &read.signature.get(), &message::<Sha2>(&other));
            assert_eq!(holds, read == sent, "a report that was changed on its way");
            if holds { "same" } else { "another" }
        }
    }
}

/// A report of which one bit is another.
fn flipped(draw: &mut Draw<'_>, mut report: Report) -> Report {
    let field = draw.below(7);
    let mut bit = |bytes: &mut [u8]| {
        let bit = draw.below(8 * bytes.len());
        flip(bytes, bit);
    };
    let mut number = |number: u64| {
        let mut bytes = number.to_le_bytes();
        bit(&mut bytes);
        u64::from_le_bytes(bytes)
    };
    match field {
        0 => report.seq = number(report.seq),
        1 => report.cumulative_units = Units::new(number(report.cumulative_units.get())),
        2 => report.items ^= 1 << (number(0).trailing_zeros() % 32),
        3 => bit(&mut report.program_id),
        4 => bit(&mut report.cluster_id),
        5 => bit(&mut report.lease),
        _ => bit(&mut report.outputs_hash),
    }
    report
}
