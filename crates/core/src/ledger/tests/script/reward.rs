//! Fees, epochs and claims.

use super::Script;
use crate::amount::Payment;
use crate::hash::Sha2;
use crate::ledger::tests::cast::{PROVIDERS, authorities, mostly, part, provider, stranger};
use crate::ledger::{Action, Ledger};
use crate::testing::Dice;

pub fn init_fee_shard(_: &mut Script, _: &Ledger, dice: &mut Dice) -> Action {
    Action::InitFeeShard { shard: u8::try_from(12 + dice.below(5)).unwrap() }
}

pub fn sweep_fees(_: &mut Script, ledger: &Ledger, dice: &mut Dice) -> Action {
    let full = ledger.shards.iter().find(|(_, entry)| entry.books.swept < entry.books.collected);
    let any = u8::try_from(dice.below(17)).unwrap();
    Action::SweepFees { shard: full.filter(|_| !dice.one_in(4)).map_or(any, |(shard, _)| *shard) }
}

/// Mostly what was proposed before, so that a majority comes about.
pub fn approve_epoch(script: &mut Script, ledger: &Ledger, dice: &mut Dice) -> Action {
    // Once somebody approved of it: before, it is better to count anew.
    let begun = !ledger.rewards.books.epochs.approvals.is_empty();
    let again = script.authorities.draft(ledger).filter(|_| begun && !dice.one_in(5));
    let epoch = match again {
        Some(epoch) => epoch,
        None if script.honest => script.authorities.honest(ledger, |_| 10_000),
        None if dice.one_in(3) => script.authorities.bogus(ledger, dice),
        None => {
            let quality = u16::try_from(dice.within(0, 10_000)).unwrap();
            // Not the same for all of them.
            script.authorities.honest(ledger, |provider| quality.saturating_sub(u16::from(provider[0])))
        }
    };
    let right = dice.of(&authorities(&ledger.network));
    Action::ApproveEpoch { authority: mostly(dice, right), epoch, digest: epoch.digest::<Sha2>() }
}

pub fn cancel_epoch(_: &mut Script, ledger: &Ledger, dice: &mut Dice) -> Action {
    Action::CancelEpoch { actor: dice.of(&[ledger.network.guardian, stranger()]) }
}

pub fn finalize_epoch(_: &mut Script, _: &Ledger, _: &mut Dice) -> Action {
    Action::FinalizeEpoch
}

/// What the last final report proves, or something else.
pub fn claim_reward(script: &mut Script, _: &Ledger, dice: &mut Dice) -> Action {
    let provider = if dice.one_in(20) { [0xee; 32] } else { provider(dice.below(PROVIDERS)) };
    let last = &script.authorities.last;
    let leaf = last.leaves.get(&provider).copied().unwrap_or(0);
    let amount = if dice.one_in(5) { part(dice, leaf) } else { leaf };
    let root = if dice.one_in(20) { [0; 32] } else { last.climb(&provider, amount) };
    let payout_usable = amount % 8 != 1;
    Action::ClaimReward { provider, amount: Payment::new(amount), root, payout_usable }
}

pub fn claim_delegation_reward(_: &mut Script, ledger: &Ledger, dice: &mut Dice) -> Action {
    let mut earning = ledger.positions.iter().filter(|((provider, _), position)| {
        let books = &ledger.providers[provider].books;
        books.claim_delegation(position).is_ok()
    });
    let skip = usize::try_from(dice.below(2)).unwrap();
    let found = earning.nth(skip).filter(|_| !dice.one_in(4)).map(|(key, _)| *key);
    let (provider, staker) = found.unwrap_or_else(|| {
        let any = provider(dice.below(PROVIDERS));
        (any, mostly(dice, crate::ledger::tests::cast::owner(0)))
    });
    Action::ClaimDelegationReward { provider, staker }
}
