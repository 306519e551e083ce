//! Fee shards, the reward vault and the epochs.

use super::books::part64;
use super::{any_time, exit, sound, time};
use crate::amount::{Bps, Payment};
use crate::epoch::{Approval, Epoch, Epochs, Pending};
use crate::fee_shard::FeeShard;
use crate::rewards::Rewards;
use crate::testing::{Dice, local_params, proptest_config};
use proptest::prelude::*;

const AUTHORITIES: [[u8; 32]; 3] = [[1; 32], [2; 32], [3; 32]];

fn epoch(index: u64, fees: u64, total: u64) -> Epoch {
    let (cumulative_fees, cumulative_total) = (Payment::new(fees), Payment::new(total));
    Epoch { index, cumulative_fees, cumulative_total, ..Epoch::default() }
}

/// Books after any number of epochs, with one pending or none.
fn rewards(dice: &mut Dice) -> Rewards {
    let swept = dice.amount(64);
    let fees = part64(dice, swept);
    let total = part64(dice, fees);
    let claimed = part64(dice, total);
    let share = Bps::new(u16::try_from(dice.within(0, 9_000)).unwrap()).unwrap();
    // Fees beyond what is swept can be approved too.
    let more = part64(dice, u64::MAX - fees);
    let given = u64::try_from(u128::from(more) * u128::from(share.get()) / 10_000).unwrap();
    let next = epoch(8, fees + more, total + part64(dice, given));
    let final_from = time(dice);
    let pending = Pending { epoch: next, share, final_from, stale_from: final_from + 1 + time(dice) };
    let approvals = AUTHORITIES.into_iter().filter(|_| dice.one_in(2));
    let approvals = approvals.map(|authority| Approval { authority, digest: [4; 32] }).collect();
    let last = epoch(7, fees, total);
    Rewards {
        swept: Payment::new(swept),
        claimed: Payment::new(claimed),
        paid_out: Payment::new(part64(dice, claimed)),
        to_treasury: Payment::new(fees - total),
        withdrawn: Payment::new(part64(dice, fees - total)),
        epochs: Epochs { last, last_at: time(dice), pending: dice.one_in(2).then_some(pending), approvals },
    }
}

proptest! {
    #![proptest_config(proptest_config(3_000))]

    #[test]
    fn whatever_is_approved_claimed_or_withdrawn_is_booked_or_refused(seed: u64) {
        let dice = &mut Dice::new(seed);
        let (rewards, params) = (rewards(dice), local_params().reward);
        prop_assert_eq!(rewards.invariant(), Ok(()));
        let proposal = epoch(7 + dice.below(3), dice.amount(64), dice.amount(64));
        let authority = dice.of(&[[1; 32], [2; 32], [3; 32], [4; 32]]);
        let now = any_time(dice);
        sound(rewards.epochs.approve(&AUTHORITIES, (authority, [5; 32]), &proposal, now, &params), Epochs::invariant)?;
        sound(rewards.sweep(Payment::new(dice.amount(64))), Rewards::invariant)?;
        exit(rewards.finalize(now), |(out, _)| out.invariant())?;
        exit(rewards.epochs.cancel(dice.one_in(2), now), Epochs::invariant)?;
        exit(rewards.withdraw(Payment::new(dice.amount(64))), Rewards::invariant)?;
        let amount = dice.amount(64);
        let owner = Payment::new(part64(dice, amount));
        sound(rewards.claim(Payment::new(amount), owner), Rewards::invariant)?;
        let left = rewards.epochs.last.cumulative_total.checked_sub(rewards.claimed).unwrap();
        exit(rewards.claim(left, Payment::new(part64(dice, left.get()))), Rewards::invariant)?;
        let kept = rewards.claimed.checked_sub(rewards.paid_out).unwrap();
        exit(rewards.pay(Payment::new(part64(dice, kept.get()))), Rewards::invariant)?;
    }

    #[test]
    fn a_shard_counts_as_far_as_it_goes(seed: u64) {
        let dice = &mut Dice::new(seed);
        let collected = dice.amount(64);
        let swept = part64(dice, collected);
        let shard = FeeShard { collected: Payment::new(collected), swept: Payment::new(swept) };
        sound(shard.collect(Payment::new(dice.amount(64))), FeeShard::invariant)?;
        let before = Rewards { swept: Payment::new(dice.amount(64)), ..Rewards::default() };
        sound(shard.sweep(&before), |out| out.shard.invariant().and(out.rewards.invariant()))?;
        // Where all shards together counted no more than fits, a sweep cannot overflow.
        let all = Rewards { swept: Payment::new(part64(dice, u64::MAX - (collected - swept))), ..Rewards::default() };
        exit(shard.sweep(&all), |out| out.rewards.invariant())?;
    }
}
