//! What every engine must do: one suite, run on each. Behind the feature `scratch`.
//!
//! A harness makes a [`Scratch`], and gives it with each of [`CASES`] to [`run`], which drops the
//! database whatever happens.
#![allow(clippy::unwrap_used, missing_docs, reason = "this is test code")]

mod archive;
mod audits;
pub mod books;
mod corrupt;
mod dispatch;
pub mod dispatch_epochs;
mod dispatch_snapshots;
mod fence;
mod intents;
mod ledger;
mod lists;
mod overlay;
mod projections;
mod rebuild;
mod recon;
mod requests;
mod retention;
mod sample;
mod upgrade;
mod usage;
mod vouchers;

pub use upgrade::take_disputes_back;

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;

use futures_util::FutureExt as _;

use crate::Store;
use crate::model::{Claim, Projection, SlotCommit};
use crate::scratch::Scratch;

/// A database of a case's own.
pub struct Bench {
    pub scratch: Scratch,
    pub store: Arc<dyn Store>,
}

/// A case; it panics if the engine does something else.
pub type Case = for<'a> fn(&'a Bench) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

macro_rules! cases {
    ($($module:ident: $($case:ident),+;)*) => {
        /// Every case with its name.
        pub const CASES: &[(&str, Case)] = &[
            $($((concat!(stringify!($module), "::", stringify!($case)), |bench| Box::pin($module::$case(bench))),)+)*
        ];
    };
}

cases! {
    archive: every_table_is_backed_up_or_folded, a_backup_comes_back, a_target_with_rows_is_refused,
        a_bad_file_leaves_nothing, another_state_is_refused;
    audits: a_sample_is_drawn_once_and_decided_once, audits_page_and_filter, they_speak_for_leases_and_providers;
    corrupt: a_broken_row_names_itself;
    dispatch: the_log_has_no_gap, records_are_found, a_stale_dispatcher_appends_nothing, only_a_silent_dispatcher_is_followed,
        one_of_two_takes_the_log, a_log_older_than_its_row_goes_on, an_engine_that_began_anew_may_decide_again;
    dispatch_epochs: epochs_are_found_by_number_and_by_input, an_epoch_is_closed_once_with_its_input,
        a_route_record_is_found_in_its_block, a_route_is_of_the_epoch_with_its_number;
    dispatch_snapshots: a_snapshot_is_there_once_it_is_whole, inputs_go_that_every_kept_snapshot_covers,
        a_stale_dispatcher_keeps_and_prunes_nothing, what_no_snapshot_covers_stays;
    fence: a_stale_writer_loses, a_cursor_that_moved_is_noticed, only_what_is_still_as_seen_is_taken_over,
        a_writer_beats_until_it_is_fenced, one_of_two_takes_over;
    intents: an_intent_is_stored_once, only_the_newest_signature_is_changed;
    ledger: a_commit_is_all_or_nothing, malformed_commits_are_refused, events_page_both_ways, slots_page_upwards,
        gaps_and_dead_letters, everything_survives_reopening, numbers_beyond_the_column_are_refused;
    lists: filters_find_what_they_say, pages_meet_every_row_once;
    overlay: confirmed_rows_are_replaced_as_a_whole, confirmed_rows_need_the_claim;
    projections: rows_come_back, a_row_must_advance, many_keys_load_at_once, the_digest_is_the_pure_hash,
        a_key_may_be_a_number;
    rebuild: the_shadow_is_swapped_in, a_swap_needs_the_claim, the_first_writer_notes_its_code;
    recon: runs_follow_each_other, items_page_by_run_and_by_lease;
    requests: a_request_counts_once, a_request_cut_off_may_be_tried_again, a_nonce_is_used_once, old_ones_are_forgotten;
    retention: slots_are_compacted_to_a_horizon, what_is_no_horizon_is_refused;
    upgrade: rows_of_before_are_filled_in;
    usage: a_report_is_stored_once, the_newest_of_each_lease, what_was_set_aside_is_summed_up;
    vouchers: only_a_larger_amount_counts, racing_vouchers_leave_the_largest, those_of_a_provider;
}

/// Runs one case and drops its database.
///
/// # Errors
/// What the case said when it panicked, or what the database said before or after.
pub async fn run(case: Case, scratch: Scratch) -> Result<(), String> {
    let store = scratch.open().await.map_err(|error| error.to_string())?;
    let bench = Bench { scratch, store };
    let outcome = AssertUnwindSafe(case(&bench)).catch_unwind().await;
    bench.store.close().await;
    let dropped = bench.scratch.drop().await.map_err(|error| error.to_string());
    outcome.map_err(|panic| message(&*panic)).and(dropped)
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic without a message").to_owned()
}

impl Bench {
    /// Claims the stream and commits these rows at slot 10.
    async fn with(&self, writes: Vec<Projection>) -> Claim {
        let cursor = self.store.claim("test").await.unwrap();
        let claim = Claim { stream: cursor.stream, fence: cursor.fence, at: cursor.slot };
        self.store.commit_slot(commit(&claim, 10, writes)).await.unwrap();
        Claim { at: Some(10), ..claim }
    }
}

/// A commit of one slot without events.
fn commit(claim: &Claim, slot: u64, writes: Vec<Projection>) -> SlotCommit {
    SlotCommit {
        claim: claim.clone(),
        slots: vec![sample::chain_slot(slot)],
        events: Vec::new(),
        writes,
        dead_letters: Vec::new(),
        slot,
        blockhash: [7; 32],
    }
}
