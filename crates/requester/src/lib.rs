//! What a requester does, for the command line, the demo and anything unattended: quote, submit, check
//! results, sign vouchers within a cap, cancel, close.
//!
//! Everything that can be checked is checked before anything is sent ([`Requester::check`]). All state
//! is derived from the API and the chain, so each call may be repeated after a crash. Decisions are pure
//! functions beside thin loops: [`tab`](mod@tab) says what to sign, `close::plan` what to crank.

mod again;
mod cancel;
mod claim;
mod close;
mod error;
mod module;
mod progress;
mod requester;
mod run;
mod stages;
mod submission;
mod submit;
pub mod tab;

pub use again::{Again, Answer, SameAs};
pub use claim::{ByExecution, Claim, HashOnly, ResultCheck, Sample};
pub use close::{CloseOptions, CloseStep, Closed};
pub use error::Error;
pub use progress::{Progress, progress};
pub use requester::{Balances, Network, Requester, Sent, Settings};
pub use run::{Outcome, PayOptions, Refusal, ShardOutput, Status, VoucherSigned};
pub use stages::result_shards;
pub use submission::Submission;
pub use submit::{SubmitStep, Submitted};
