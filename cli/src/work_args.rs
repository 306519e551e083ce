//! What a job is to do, as `mira job quote` and `mira job create` take it.

use std::{path::PathBuf, sync::Arc};

use bytes::Bytes;
use clap::Args;
use mira_node::executor::Executor;
use mira_requester::Submission;

use crate::{error::Error, execution, files, service_args::ServiceArgs, settings::Settings};

/// Input, module and terms.
#[derive(Args)]
pub struct WorkArgs {
    /// The file to work on.
    #[arg(long, value_name = "FILE")]
    input: PathBuf,
    /// The wasm32-wasip1 module that reads a shard on standard input; the bundled token index when left out.
    #[arg(long, value_name = "FILE")]
    module: Option<PathBuf>,
    /// How many shards to cut at most, at token boundaries.
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    shards: u32,
    #[command(flatten)]
    service: Box<ServiceArgs>,
    /// The kind of machine.
    #[arg(long, default_value = "cpu")]
    resource_class: String,
    /// Where you are.
    #[arg(long, default_value = "eu-west")]
    region: String,
    /// Regions that may serve; any when left out.
    #[arg(long, value_delimiter = ',')]
    regions: Vec<String>,
    /// The most to pay, in tokens per million units; the highest that is offered when left out.
    #[arg(long, value_name = "TOKENS")]
    max_price: Option<String>,
    /// The most of the escrow that one lease may hold, in hundredths of a percent.
    #[arg(long, default_value_t = 5_000, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    max_share_bps: u16,
    /// The most open leases.
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..))]
    max_leases: u16,
    /// The least own stake of a provider, in stake tokens.
    #[arg(long, default_value = "0")]
    min_provider_stake: String,
    /// The deadline, seconds from now.
    #[arg(long, default_value_t = 600)]
    deadline_secs: u32,
}

impl WorkArgs {
    /// The submission, with its expected use measured here; escrow still to be set.
    pub async fn submission(&self, executor: Arc<dyn Executor>, settings: &Settings) -> Result<Submission, Error> {
        let money = settings.money()?;
        let asked = self.service.read()?;
        let max_unit_price = self.max_price.as_deref().map(|price| money.parse_payment(price)).transpose()?;
        let min_provider_stake = money.parse_stake(&self.min_provider_stake)?;
        let input = Bytes::from(files::read(&self.input)?);
        let module = match &self.module {
            Some(path) => Bytes::from(files::read(path)?),
            None => execution::bundled_module(),
        };
        let shards = execution::cut(&input, usize::try_from(self.shards).unwrap_or(usize::MAX))?;
        let measured = execution::submission(executor, module, asked.stages, shards).await?;
        Ok(Submission {
            tier: asked.tier,
            service: asked.service,
            within_ms: asked.within_ms,
            resource_class: self.resource_class.clone(),
            region: self.region.clone(),
            regions: self.regions.clone(),
            max_unit_price: max_unit_price.unwrap_or(0),
            max_share_bps: self.max_share_bps,
            max_leases: self.max_leases,
            min_provider_stake,
            deadline_secs: self.deadline_secs,
            ..measured
        })
    }
}
