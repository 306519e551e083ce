//! Signer authorization: every signature of every instruction left out, and given by a stranger.

use super::tour::{Attempts, Kind, Stop, before_each};
use crate::program::support::{NOT_THE_OWNER, UNSIGNED, WRONG_ADDRESS, mira};
use libtest_mimic::Trial;
use mira_core::Error;
use mira_testkit::{Actor, Refusal, Step};

pub fn trials() -> Vec<Trial> {
    trials![refuses_without_each_signature, refuses_a_strangers_signature]
}

/// 38 instructions, of which `open_lease` has two signers.
const SIGNATURES: usize = 39;

fn refuses_without_each_signature() {
    let mut attempts = Attempts::default();
    before_each(|world, stop| {
        for signer in stop.of(Kind::Signer) {
            let mut bent = stop.step.clone();
            bent.program_instruction().accounts[signer.place].is_signer = false;
            attempts.refused(world, stop, &bent, signer.name, UNSIGNED);
        }
    });
    attempts.assert_at_least(SIGNATURES);
}

fn refuses_a_strangers_signature() {
    let mut attempts = Attempts::default();
    let mut open = Vec::new();
    before_each(|world, stop| {
        let mallory = world.actor("mallory");
        for signer in stop.of(Kind::Signer) {
            match strangers(stop, signer.name) {
                Some(expected) => {
                    attempts.refused(world, stop, &signed(stop, signer.place, &mallory), signer.name, expected)
                }
                None => open.push(stop.name),
            }
        }
    });
    attempts.assert_at_least(SIGNATURES - ANYONE.len());
    open.sort_unstable();
    assert_eq!(open, ANYONE);
}

/// The instruction with one signature of somebody else.
fn signed(stop: &Stop, place: usize, by: &Actor) -> Step {
    let mut bent = stop.step.clone().swap_at(place, &by.pubkey());
    bent.signers.push(by.clone());
    bent
}

/// What anyone may do: it gives nothing to whoever does it.
const ANYONE: [&str; 11] = [
    "ClaimDelegationReward",
    "ClaimReward",
    "CloseJob",
    "EndLease",
    "FinalizeEpoch",
    "InitFeeShard",
    "ReleaseLease",
    "ResolveDispute",
    "Settle",
    "SweepFees",
    "WithdrawStake",
];

/// What a stranger's signature in that place meets.
fn strangers(stop: &Stop, signer: &str) -> Option<Refusal> {
    Some(match (stop.name, signer) {
        (name, _) if ANYONE.contains(&name) => return None,
        ("Initialize", _) => mira(Error::NotUpgradeAuthority),
        // The address that it makes or writes is the signer's own.
        ("RegisterProvider" | "Stake" | "CreateJob", _) => WRONG_ADDRESS.into(),
        // The token program asks whose tokens they are.
        ("FundJob", _) => NOT_THE_OWNER,
        ("CancelEpoch", _) => mira(Error::EpochNotCancellable),
        _ => mira(Error::WrongSigner),
    })
}
