//! Guards that are left out one by one, each with its reason. Short and honest: an entry says why no
//! test could see the guard gone, never that a test is missing.

use super::guard::Found;

/// (file, the guard's text, why it has no switch).
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    (
        "programs/mira/src/guard/ed25519.rs",
        "current.checked_sub(1).ok_or(MiraError::VoucherMissing)",
        "at index 0 the program would look at its own instruction, which is not the ed25519 program's: refused the same",
    ),
    (
        "programs/mira/src/guard/ed25519.rs",
        "load_instruction_at_checked(usize::from(before), instructions) .map_err(|_| error!(MiraError::VoucherMissing))",
        "an index below the running one always names an instruction of the transaction",
    ),
    (
        "programs/mira/src/instructions/job/create_job.rs",
        "Bps::new(args.max_share_bps).ok_or(MiraError::ShareOutOfRange)",
        "its stand-in is a share of zero, which core refuses with the same error",
    ),
    (
        "programs/mira/src/instructions/reward/cancel_epoch.rs",
        "before.epochs.pending.ok_or(MiraError::EpochNotPending)",
        "core has refused to cancel without a pending epoch one line before, with the same error",
    ),
    (
        "crates/core/src/stake_pool.rs",
        "shares.checked_div(stake).ok_or(Error::StakePoolBroken)",
        "the remainder on the next line divides by the same and refuses the same",
    ),
    (
        "crates/core/src/stake_pool.rs",
        "shares.checked_rem(stake).ok_or(Error::StakePoolBroken)",
        "the quotient on the line before divides by the same and refuses the same",
    ),
];

/// Why that guard is left out, if it is.
pub fn reason(file: &str, text: &str) -> Option<&'static str> {
    let found = EXCEPTIONS.iter().find(|(in_file, of, _)| *in_file == file && *of == text);
    found.map(|(_, _, reason)| *reason)
}

/// Entries that no longer name anything.
pub fn stale(found: &Found) -> Vec<String> {
    let used = |file: &str, text: &str| found.left_out.iter().any(|left| left.file == file && left.text == text);
    let stale = EXCEPTIONS.iter().filter(|(file, text, _)| !used(file, text));
    stale.map(|(file, text, _)| format!("{file}: {text}")).collect()
}
