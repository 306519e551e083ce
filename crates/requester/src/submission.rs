//! What is to be computed and on which terms, with every check that needs no network.

use bytes::Bytes;
use mira_core::{
    Hash,
    amount::{Bps, Payment, UnitPrice, Units},
    fee::share_floor,
    hash::{Sha2, Sha256},
    price::amount_ceil,
    tier::{Tier, UnitKind},
};
use mira_wire::{
    HashHex,
    quote::{Promise, QuoteRequest},
    service::{Service, Stage},
    spec::{JobSpec, ShardInput, VERSION},
};
use solana_sdk::pubkey::Pubkey;

use crate::{Error, module};

/// A job that is to be submitted.
#[derive(Clone, Debug)]
pub struct Submission {
    /// How sensitive it is to latency.
    pub tier: Tier,
    /// What is metered.
    pub unit_kind: UnitKind,
    /// The kind of machine, a label.
    pub resource_class: String,
    /// Where the requester is, a label.
    pub region: String,
    /// Regions that may serve; empty for any.
    pub regions: Vec<String>,
    /// Providers, owners or operators that must not serve.
    pub deny: Vec<Pubkey>,
    /// The WebAssembly module.
    pub module: Bytes,
    /// The inputs, one per shard.
    pub shards: Vec<Bytes>,
    /// The most units one shard may use.
    pub fuel_limit: u64,
    /// The most memory one shard may use.
    pub memory_limit_bytes: u64,
    /// The longest one shard may run.
    pub time_limit_ms: u64,
    /// What one shard is expected to use.
    pub est_units_per_shard: u64,
    /// The most to pay: payment base units per million units.
    pub max_unit_price: u64,
    /// What goes into escrow, payment base units; what is not used comes back.
    pub funding: u64,
    /// The least own stake of a provider, stake base units.
    pub min_provider_stake: u64,
    /// The most of the escrow that one lease may hold.
    pub max_share_bps: u16,
    /// The most open leases.
    pub max_leases: u16,
    /// The deadline, from now.
    pub deadline_secs: u32,
    /// What the requester believes to pay in; must be the network's payment mint where given.
    pub payment_mint: Option<Pubkey>,
    /// What it asks of its tier; its stages are those of `stages`.
    pub service: Service,
    /// The modules of the stages after the first.
    pub stages: Vec<Bytes>,
    /// By when it should be done, from now: for the quote.
    pub within_ms: Option<u64>,
    /// The quote on whose strength it is submitted: the job keeps it beside what becomes of it.
    pub promise: Option<Promise>,
}

impl Submission {
    /// A batch job metered in fuel, with limits that suit shards of up to a few megabytes. Price,
    /// funding and the expected units are still to be set.
    pub fn batch(module: Bytes, shards: Vec<Bytes>) -> Self {
        Self {
            tier: Tier::Batch,
            unit_kind: UnitKind::Fuel,
            resource_class: "cpu".to_owned(),
            region: "eu-west".to_owned(),
            regions: Vec::new(),
            deny: Vec::new(),
            module,
            shards,
            fuel_limit: 10_000_000_000,
            memory_limit_bytes: 256 << 20,
            time_limit_ms: 30_000,
            est_units_per_shard: 0,
            max_unit_price: 0,
            funding: 0,
            min_provider_stake: 0,
            max_share_bps: 5_000,
            max_leases: 16,
            deadline_secs: 600,
            payment_mint: None,
            service: Service::default(),
            stages: Vec::new(),
            within_ms: None,
            promise: None,
        }
    }

    /// The specification whose hash goes on chain.
    pub fn spec(&self) -> JobSpec {
        let hash = |bytes: &Bytes| HashHex(sha256(bytes));
        let input = |bytes: &Bytes| ShardInput { input: hash(bytes), bytes: length(bytes).into() };
        JobSpec {
            version: VERSION,
            tier: self.tier.as_str().to_owned(),
            resource_class: self.resource_class.clone(),
            region: self.region.clone(),
            module: hash(&self.module),
            shards: self.shards.iter().map(input).collect(),
            fuel_limit: self.fuel_limit.into(),
            memory_limit_bytes: self.memory_limit_bytes.into(),
            time_limit_ms: self.time_limit_ms.into(),
            est_units_per_shard: self.est_units_per_shard.into(),
            regions: self.regions.clone(),
            deny: self.deny.iter().map(|key| key.to_bytes().into()).collect(),
            service: self.service(),
        }
    }

    fn service(&self) -> Service {
        let stage = |module: &Bytes| Stage { module: HashHex(sha256(module)) };
        Service { stages: self.stages.iter().map(stage).collect(), ..self.service.clone() }
    }

    /// The question what it would cost. A price of 0 asks for any.
    pub fn quote_request(&self) -> QuoteRequest {
        QuoteRequest {
            tier: self.tier.as_str().to_owned(),
            unit_kind: self.unit_kind.as_str().to_owned(),
            resource_class: self.resource_class.clone(),
            region: self.region.clone(),
            regions: self.regions.clone(),
            deny: self.deny.iter().map(|key| key.to_bytes().into()).collect(),
            max_unit_price: (self.max_unit_price > 0).then(|| self.max_unit_price.into()),
            max_share_bps: self.max_share_bps,
            max_leases: self.max_leases,
            min_provider_stake: self.min_provider_stake.into(),
            shards: u32::try_from(self.shards.len()).unwrap_or(u32::MAX),
            est_units_per_shard: self.est_units_per_shard.into(),
            time_limit_ms: Some(self.time_limit_ms.into()),
            within_ms: self.within_ms.map(Into::into),
            service: self.service(),
        }
    }

    /// Checks all that needs no network. Gives the specification's bytes.
    ///
    /// # Errors
    /// [`Error::Spec`], [`Error::Invalid`].
    pub fn validate(&self) -> Result<Vec<u8>, Error> {
        module::check(&self.module)?;
        self.stages.iter().try_for_each(|stage| module::check(stage))?;
        if self.max_unit_price == 0 {
            return Err(Error::invalid("price-zero", "the highest price is 0: nobody works for nothing"));
        }
        if self.funding == 0 {
            return Err(Error::invalid(
                "nothing-funded",
                "the escrow would be empty; fund at least what the quote expects",
            ));
        }
        if self.max_leases == 0 || Bps::new(self.max_share_bps).is_none_or(|share| share == Bps::ZERO) {
            let message = "max_leases is at least 1 and max_share_bps from 1 to 10000";
            return Err(Error::invalid("share-out-of-range", message));
        }
        self.require_room_for_a_shard()?;
        Ok(self.spec().to_bytes()?)
    }

    /// One lease's share of the escrow must hold one shard at the highest price, or nothing can run.
    fn require_room_for_a_shard(&self) -> Result<(), Error> {
        let shard = amount_ceil(Units::new(self.est_units_per_shard), UnitPrice::new(self.max_unit_price));
        let shard = shard.map_err(|error| Error::invalid("price-too-high", error.to_string()))?;
        // The rate was checked before.
        let rate = Bps::new(self.max_share_bps).unwrap_or(Bps::ZERO);
        let share = share_floor(Payment::new(self.funding), rate).map_err(Error::corrupt)?;
        if share < shard {
            let message = format!(
                "a lease may hold {share} base units, and one shard may cost {shard}; fund more, or cut smaller shards"
            );
            return Err(Error::invalid("funding-too-small", message));
        }
        Ok(())
    }
}

/// The content address of a blob.
pub(crate) fn sha256(bytes: &[u8]) -> Hash {
    Sha2::hashv(&[bytes])
}

fn length(bytes: &Bytes) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn submission() -> Submission {
        let module = include_bytes!("../../../modules/token-index/artifacts/token_index.wasm");
        let shards = vec![Bytes::from_static(b"one"), Bytes::from_static(b"two")];
        Submission {
            est_units_per_shard: 1_000_000,
            max_unit_price: 10,
            funding: 100,
            ..Submission::batch(Bytes::from_static(module), shards)
        }
    }

    fn kind(submission: &Submission) -> &'static str {
        submission.validate().expect_err("it is refused").kind()
    }

    #[test]
    fn a_good_one_passes_and_its_hash_is_of_what_is_uploaded() {
        let bytes = submission().validate().expect("it is valid");
        assert_eq!(JobSpec::parse(&bytes).expect("it parses"), submission().spec());
    }

    #[test]
    fn stages_are_in_the_specification_and_in_the_question() {
        let module = submission().module;
        let staged = Submission { tier: Tier::Pipeline, stages: vec![module.clone(); 2], ..submission() };
        let spec = JobSpec::parse(&staged.validate().expect("it is valid")).expect("it parses");
        assert_eq!(spec.service.stages, [Stage { module: HashHex(sha256(&module)) }; 2]);
        assert_eq!(staged.quote_request().service, spec.service);
    }

    #[test]
    fn each_fault_has_its_kind() {
        let module = Bytes::from_static(b"\0asm\x01\0\0\0");
        assert_eq!(kind(&Submission { module, ..submission() }), "bad-module");
        assert_eq!(kind(&Submission { stages: vec![Bytes::from_static(b"\0asm")], ..submission() }), "bad-module");
        assert_eq!(kind(&Submission { tier: Tier::Training, ..submission() }), "bad-spec");
        assert_eq!(kind(&Submission { tier: Tier::Pipeline, ..submission() }), "bad-spec");
        assert_eq!(kind(&Submission { stages: vec![submission().module], ..submission() }), "bad-spec");
        assert_eq!(kind(&Submission { max_unit_price: 0, ..submission() }), "price-zero");
        assert_eq!(kind(&Submission { funding: 0, ..submission() }), "nothing-funded");
        assert_eq!(kind(&Submission { max_share_bps: 10_001, ..submission() }), "share-out-of-range");
        assert_eq!(kind(&Submission { max_leases: 0, ..submission() }), "share-out-of-range");
        assert_eq!(kind(&Submission { funding: 19, ..submission() }), "funding-too-small");
        assert_eq!(kind(&Submission { shards: Vec::new(), ..submission() }), "bad-spec");
        assert_eq!(kind(&Submission { region: "Not a label".to_owned(), ..submission() }), "bad-spec");
    }
}
