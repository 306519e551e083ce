//! `mira provider withdraw`: takes out every ticket that has unbonded.

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

/// Arguments of `mira provider withdraw`.
#[derive(Args)]
pub struct WithdrawArgs {
    /// The provider; the keypair's own when left out.
    #[arg(long, value_parser = parse_key)]
    provider: Option<Key>,
}

/// Withdraws.
pub async fn run(args: WithdrawArgs, settings: &Settings) -> Result<(), Error> {
    let money = settings.money()?;
    let staker = settings.keypair()?;
    let provider = settings.provider(args.provider)?;
    let chain = Chain::connect(settings).await?;
    let position = chain.position(&provider, &staker.pubkey()).await?;
    let now = chain.now().await?;
    let mature = position.tickets.iter().filter(|ticket| ticket.unlock_ts <= now).count();
    if mature == 0 {
        let next = position.tickets.iter().map(|ticket| ticket.unlock_ts).min();
        return Err(match next {
            Some(at) => Error::invalid(
                format!("nothing has unbonded yet; the first ticket does at {}", mira_wire::Time::from_secs(at)),
                "try again then",
            ),
            None => Error::invalid("nothing is unbonding", "begin with `mira provider unstake AMOUNT`"),
        });
    }
    let mint = chain.config().stake_mint;
    let destination = token::associated(&staker.pubkey(), &mint);
    let before = chain.token_balance(&staker.pubkey(), &mint).await?;
    let mut instructions = vec![token::create_associated(&staker.pubkey(), &staker.pubkey(), &mint)];
    // From the last to the first, because later tickets move up when one goes.
    for (index, ticket) in position.tickets.iter().enumerate().rev() {
        if ticket.unlock_ts <= now {
            let index = u8::try_from(index).map_err(|error| Error::failed("withdrawing", error))?;
            let actor = staker.pubkey();
            instructions.push(ix::withdraw_stake(&actor, &provider, &actor, &destination, index));
        }
    }
    let receipt = chain.send("withdrawing", &staker, &[], &instructions).await?;
    let amount = chain.token_balance(&staker.pubkey(), &mint).await?.saturating_sub(before);
    let document = json!({ "provider": provider.to_string(), "tickets": mature,
        "amount": amount.to_string(), "signature": receipt });
    settings
        .output
        .print(&document, || format!("withdrew {} from {mature} tickets\ntransaction {receipt}", money.stake(amount)))
}
