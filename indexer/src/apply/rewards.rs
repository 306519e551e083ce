//! The reward vault's books: `FeesSwept`.

use mira_chain::event::body::FeesSwept;
use mira_core::amount::Payment;
use mira_store::model::Ordinal;

use super::error::{Cause, agree};
use super::rows::Rows;

pub(super) fn swept(rows: &mut Rows, e: &FeesSwept, at: &Ordinal) -> Result<(), Cause> {
    let row = rows.next_rewards(e.rewards.to_bytes(), e.rewards_seq, at)?;
    agree("rewards_swept_before", Payment::new(e.rewards_swept_before), row.swept)?;
    row.swept = row.swept.checked_add(Payment::new(e.amount))?;
    agree("rewards_swept_after", Payment::new(e.rewards_swept_after), row.swept)
}
