//! `mira provider stake`: adds stake to a provider's pool; anybody may.

use clap::Args;
use mira_chain::{ix, token};
use mira_core::Key;
use serde_json::json;
use solana_sdk::signer::Signer;

use crate::{
    chain::Chain,
    error::Error,
    settings::{Settings, parse_key},
};

/// Arguments of `mira provider stake`.
#[derive(Args)]
pub struct StakeArgs {
    /// How much, in tokens of the stake mint.
    amount: String,
    /// The provider; the keypair's own when left out.
    #[arg(long, value_parser = parse_key)]
    provider: Option<Key>,
}

/// Stakes.
pub async fn run(args: StakeArgs, settings: &Settings) -> Result<(), Error> {
    let money = settings.money()?;
    let amount = money.parse_stake(&args.amount)?;
    if amount == 0 {
        return Err(Error::invalid("nothing to stake", "give an amount above 0"));
    }
    let staker = settings.keypair()?;
    let provider = settings.provider(args.provider)?;
    let chain = Chain::connect(settings).await?;
    let pool = chain.provider(&provider).await?;
    let mint = chain.config().stake_mint;
    let held = chain.token_balance(&staker.pubkey(), &mint).await?;
    if held < amount {
        return Err(Error::invalid(
            format!("{} is more than the {} in the account", money.stake(amount), money.stake(held)),
            "stake less, or get more of the stake token (`mira faucet` on a local network)",
        ));
    }
    let least = chain.config().params.min_stake;
    if pool.owner == staker.pubkey() && chain.own_stake(&pool)?.saturating_add(amount) < least {
        let message = format!("own stake below {} opens no lease", money.stake(least));
        return Err(Error::invalid(message, format!("stake at least {} in all", money.stake(least))));
    }
    let from = token::associated(&staker.pubkey(), &mint);
    let receipt = chain.send("staking", &staker, &[], &[ix::stake(&staker.pubkey(), &provider, &from, amount)]).await?;
    let after = chain.provider(&provider).await?.total_stake;
    let document = json!({ "provider": provider.to_string(), "amount": amount.to_string(),
        "total_stake": after.to_string(), "signature": receipt });
    settings.output.print(&document, || {
        format!("staked {}; the pool now holds {}\ntransaction {receipt}", money.stake(amount), money.stake(after))
    })
}
