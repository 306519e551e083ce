//! `mira job create`: creates, funds and places a job, then watches it until it is done.

use clap::Args;
use mira_requester::{Submission, SubmitStep};
use serde_json::json;

use crate::{
    error::Error,
    execution,
    requesting::{self, PayArgs},
    settings::Settings,
    view,
    work_args::WorkArgs,
};

/// Arguments of `mira job create`.
#[derive(Args)]
pub struct CreateArgs {
    #[command(flatten)]
    work: WorkArgs,
    #[command(flatten)]
    pay: PayArgs,
    /// What to lock in escrow, in payment tokens; what the quote recommends when left out. The rest comes back.
    #[arg(long, value_name = "TOKENS")]
    fund: Option<String>,
    /// Do not watch. Nobody signs vouchers then, and providers stop when their credit is used up.
    #[arg(long)]
    detach: bool,
}

/// Creates the job.
pub async fn run(args: CreateArgs, settings: &Settings) -> Result<(), Error> {
    let executor = execution::executor()?;
    let money = settings.money()?;
    let funding = args.fund.as_deref().map(|fund| money.parse_payment(fund)).transpose()?;
    let cap = args.pay.cap(settings)?;
    let asked = args.work.submission(executor.clone(), settings).await?;
    let requester = requesting::connect(settings, args.pay.voucher_keypair.as_ref()).await?;
    let quote = requester.quote(&asked.quote_request()).await?;
    settings.output.note(&view::quote(&quote, money));
    if !quote.feasible {
        let reason = quote.reason.unwrap_or_else(|| "no provider can serve this job".to_owned());
        let rejects: Vec<String> =
            quote.rejects.iter().map(|reject| format!("{} rejected {}", reject.limit, reject.count)).collect();
        let message = format!("{reason} ({})", rejects.join(", "));
        return Err(Error::invalid(message, "nothing was sent; change the terms, or try again later"));
    }
    let highest = quote.price_high.map_or(0, |price| price.get());
    let submission = Submission {
        max_unit_price: if asked.max_unit_price == 0 { highest } else { asked.max_unit_price },
        funding: funding.unwrap_or(quote.recommended_funding.get()),
        promise: Some(quote.promise.clone()),
        ..asked
    };
    let mut note = |step: SubmitStep| {
        if let SubmitStep::Created { job } = step {
            settings.output.note(&format!("created and funded job {job}; placing it"));
        }
    };
    let submitted = requester.submit(&submission, &mut note).await?;
    let mut document = json!({ "job": submitted.job.to_string(), "shards": submitted.shards,
        "funded": submitted.funded.to_string(), "signature": submitted.signature.to_string(), "status": "placed" });
    if args.detach {
        let next = format!("placed; pay for it with: mira job watch {}", submitted.job);
        return settings.output.print(&document, || next);
    }
    let cap = cap.unwrap_or(submitted.funded);
    let outcome = requesting::watch(&requester, submitted.job, cap, args.pay.sample, executor, settings).await?;
    document["status"] = json!(format!("{:?}", outcome.status).to_lowercase());
    document["shards_done"] = json!(outcome.outputs.len());
    let quoted = requester.progress(submitted.job).await?.quote;
    document["quote"] = json!(quoted);
    settings.output.print(&document, || {
        let quoted = quoted.map_or_else(String::new, |quoted| format!("{}\n\n", view::honoured(&quoted, money)));
        format!("{quoted}{}", requesting::describe(&outcome, submitted.job))
    })
}
