//! `mira provider unstake`: moves active stake into a ticket that unbonds.

use clap::Args;
use mira_chain::ix;
use mira_core::Key;
use serde_json::json;
use solana_sdk::signer::Signer;

use crate::{
    chain::Chain,
    error::Error,
    settings::{Settings, parse_key},
};

/// Arguments of `mira provider unstake`.
#[derive(Args)]
pub struct UnstakeArgs {
    /// How much, in tokens of the stake mint, or `all`.
    amount: String,
    /// The provider; the keypair's own when left out.
    #[arg(long, value_parser = parse_key)]
    provider: Option<Key>,
}

/// Requests the unstaking.
pub async fn run(args: UnstakeArgs, settings: &Settings) -> Result<(), Error> {
    let money = settings.money()?;
    let wanted = if args.amount == "all" { None } else { Some(money.parse_stake(&args.amount)?) };
    let staker = settings.keypair()?;
    let provider = settings.provider(args.provider)?;
    let chain = Chain::connect(settings).await?;
    let pool = chain.provider(&provider).await?;
    let position = chain.position(&provider, &staker.pubkey()).await?;
    let shares = match wanted {
        None => position.shares,
        Some(amount) => chain.shares_ceil(&pool, amount)?,
    };
    if shares == 0 || shares > position.shares {
        let held = chain.stake_value(&pool, position.shares)?;
        let message = format!("the position holds {} of active stake", money.stake(held));
        return Err(Error::invalid(message, "unstake an amount between that and 0, or `all`"));
    }
    let receipt =
        chain.send("unstaking", &staker, &[], &[ix::request_unstake(&staker.pubkey(), &provider, shares)]).await?;
    let after = chain.position(&provider, &staker.pubkey()).await?;
    let unlock_ts = after.tickets.last().map_or(0, |ticket| ticket.unlock_ts);
    let unlocks = mira_wire::Time::from_secs(unlock_ts).to_string();
    let document = json!({ "provider": provider.to_string(), "shares": shares.to_string(),
        "ticket": after.tickets.len().saturating_sub(1), "unlocks_at": unlocks, "signature": receipt });
    settings
        .output
        .print(&document, || format!("unbonding until {unlocks}; then: mira provider withdraw\ntransaction {receipt}"))
}
