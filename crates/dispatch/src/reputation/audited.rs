//! An audit's verdict about one provider, as an input.

use borsh::{BorshDeserialize, BorshSerialize};
use mira_core::Key;
use mira_core::amount::Payment;

use crate::codec::{get, put};
use crate::engine::Engine;
use crate::place::index::Who;
use crate::serve;

/// What an audit showed of one provider. Fed once a verdict; again it changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Audited {
    /// The job of the audited result.
    pub job: Key,
    /// Its shard.
    pub shard: u32,
    /// Whose result was shown to be right or wrong: the audited provider, or one that was asked to run it again.
    pub provider: Key,
    /// Whether it was right.
    pub passed: bool,
    /// What was paid for that result in fees and did not come back as rewards. Base units of the payment mint.
    #[borsh(serialize_with = "put", deserialize_with = "get")]
    pub net_fee: Payment,
    /// When the audit was decided. Unix milliseconds.
    pub decided_ms: u64,
}

impl Audited {
    /// What names it; the oldest comes first.
    pub(super) fn name(&self) -> (u64, Key, u32, Key) {
        (self.decided_ms, self.job, self.shard, self.provider)
    }
}

/// Counts a verdict.
pub(crate) fn apply(engine: &mut Engine, audited: &Audited) {
    let known = engine.reputation.hear(&engine.config.reputation, audited, engine.now_ms);
    if known && let Some(provider) = engine.providers.get(&audited.provider) {
        let who = Who { provider: audited.provider, owner: provider.facts.owner };
        engine.index.establish(who, provider.offer.as_ref());
        serve::sync_provider(engine, &audited.provider);
    }
}
