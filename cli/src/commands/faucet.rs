//! `mira faucet`: tokens of a local network, for trying things out.

use clap::Args;
use mira_chain::token;
use mira_core::Key;
use serde_json::json;
use solana_sdk::{pubkey::Pubkey, signature::Keypair, signer::Signer};

use crate::{
    chain::Chain,
    error::Error,
    settings::{Settings, load_keypair, parse_key, save_keypair},
};

const LAMPORTS_PER_SOL: u64 = 1_000_000_000;

/// Arguments of `mira faucet`.
#[derive(Args)]
pub struct FaucetArgs {
    /// Who gets them; the keypair's own address when left out. A keypair file that is missing is made.
    #[arg(value_parser = parse_key)]
    to: Option<Key>,
    /// Stake tokens.
    #[arg(long, default_value = "10000")]
    stake: String,
    /// Payment tokens.
    #[arg(long, default_value = "10000")]
    payment: String,
    /// Whole SOL, for transaction fees and rent.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(0..=1000))]
    sol: u64,
}

/// Hands out tokens.
pub async fn run(args: FaucetArgs, settings: &Settings) -> Result<(), Error> {
    let network = settings.network()?;
    let Some(faucet) = &network.faucet_keypair else {
        return Err(Error::invalid("this network has no faucet", "only a local network has one (`mira up`)"));
    };
    let money = settings.money()?;
    let stake = money.parse_stake(&args.stake)?;
    let payment = money.parse_payment(&args.payment)?;
    let to = match args.to {
        Some(key) => Pubkey::new_from_array(key),
        None => recipient(settings)?,
    };
    let authority = load_keypair(faucet)?;
    let chain = Chain::connect(settings).await?;
    let mut instructions = Vec::new();
    if args.sol > 0 {
        let lamports = args.sol.saturating_mul(LAMPORTS_PER_SOL);
        instructions.push(solana_system_interface::instruction::transfer(&authority.pubkey(), &to, lamports));
    }
    for (mint, amount) in [(chain.config().stake_mint, stake), (chain.config().payment_mint, payment)] {
        if amount > 0 {
            instructions.push(token::create_associated(&authority.pubkey(), &to, &mint));
            instructions.push(token::mint_to(&mint, &token::associated(&to, &mint), &authority.pubkey(), amount));
        }
    }
    if instructions.is_empty() {
        return Err(Error::invalid("nothing to hand out", "give an amount above 0"));
    }
    let receipt = chain.send("handing out tokens", &authority, &[], &instructions).await?;
    let document = json!({ "to": to.to_string(), "sol": args.sol, "stake": stake.to_string(),
        "payment": payment.to_string(), "signature": receipt });
    settings.output.print(&document, || {
        let (stake, payment) = (money.stake(stake), money.payment(payment));
        format!("{to} got {} SOL, {stake} stake tokens and {payment} payment tokens", args.sol)
    })
}

/// The keypair's address; the file is made when it is missing.
fn recipient(settings: &Settings) -> Result<Pubkey, Error> {
    let path = settings.keypair_path();
    if !path.exists() {
        let keypair = Keypair::new();
        save_keypair(&path, &keypair)?;
        settings.output.note(&format!("made a new keypair at {}", path.display()));
    }
    Ok(settings.keypair()?.pubkey())
}
