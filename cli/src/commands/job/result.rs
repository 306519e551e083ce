//! `mira job result`: fetches a job's outputs, each checked against its hash.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use mira_core::Key;
use mira_requester::{progress, result_shards};
use mira_wire::spec::JobSpec;
use serde_json::json;
use solana_sdk::pubkey::Pubkey;
use token_index::Index;

use crate::{
    error::Error,
    files,
    settings::{Settings, parse_key},
};

/// Arguments of `mira job result`.
#[derive(Args)]
pub struct ResultArgs {
    /// The job's address.
    #[arg(value_parser = parse_key)]
    job: Key,
    /// Where to write.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// How shards become one file.
    #[arg(long, value_enum, default_value_t)]
    merge: Merge,
}

/// How shards become one file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Merge {
    /// One after the other, in the order of the shards.
    #[default]
    Concat,
    /// Token indexes of the bundled module, merged into one.
    TokenIndex,
}

/// Fetches the result.
pub async fn run(args: ResultArgs, settings: &Settings) -> Result<(), Error> {
    let api = settings.api()?;
    let job = Pubkey::new_from_array(args.job);
    let mut shards = progress(&api, job).await?;
    if shards.done < shards.total {
        let message = format!("{} of {} shards are done", shards.done, shards.total);
        return Err(Error::invalid(message, "wait until all are: mira job watch JOB"));
    }
    shards.shards.sort_by_key(|shard| shard.shard);
    let spec_hash = api.job(args.job.into()).await?.data.spec_hash;
    let spec =
        JobSpec::parse(&api.get_blob(spec_hash).await?).map_err(|error| Error::failed("reading the job", error))?;
    // Of a pipeline, what its last stage made.
    let last = result_shards(&spec);
    let mut outputs = Vec::new();
    for shard in shards.shards.iter().filter(|shard| last.contains(&shard.shard)) {
        let hash =
            shard.output.ok_or_else(|| Error::failed("fetching", format!("shard {} has no output", shard.shard)))?;
        outputs.push(api.get_blob(hash).await?);
    }
    let bytes = match args.merge {
        Merge::Concat => outputs.concat(),
        Merge::TokenIndex => merge(&outputs)?,
    };
    files::write(&args.out, &bytes)?;
    let document = json!({ "job": job.to_string(), "file": args.out, "bytes": bytes.len(), "shards": outputs.len() });
    settings.output.print(&document, || format!("wrote {} bytes to {}", bytes.len(), args.out.display()))
}

fn merge(outputs: &[bytes::Bytes]) -> Result<Vec<u8>, Error> {
    let mut whole = Index::default();
    for output in outputs {
        let part = Index::decode(output).map_err(|error| {
            Error::invalid(format!("not a token index: {error}"), "leave --merge out for other modules")
        })?;
        whole.merge(&part).map_err(|error| Error::failed("merging", error))?;
    }
    Ok(whole.encode())
}
