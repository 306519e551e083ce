//! `mira provider register`: creates the provider that the keypair owns.

use clap::Args;
use mira_chain::{
    ix::{self, RegisterProviderArgs},
    pda, token,
};
use mira_core::{
    Key,
    hash::{Sha2, Sha256},
    label::Label,
};
use serde_json::json;
use solana_sdk::{pubkey::Pubkey, signer::Signer};

use crate::{
    chain::Chain,
    error::Error,
    settings::{Settings, parse_key, show_key},
};

/// Arguments of `mira provider register`.
#[derive(Args)]
pub struct RegisterArgs {
    /// The hot key that accepts leases and signs usage; it cannot move stake. The owner's own key when left out.
    #[arg(long, value_parser = parse_key)]
    operator: Option<Key>,
    /// The payment-mint account that settlements pay; the owner's associated account when left out.
    #[arg(long, value_parser = parse_key)]
    payout: Option<Key>,
    /// Where the machines are: lower-case letters, digits and `-`, at most 16.
    #[arg(long, value_parser = parse_label)]
    region: Label,
    /// What the machines are, for example `cpu` or `h100-80g`.
    #[arg(long, value_parser = parse_label)]
    resource_class: Label,
    /// The owner's part of what delegators earn, in hundredths of a percent.
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u16).range(0..=10_000))]
    commission_bps: u16,
    /// A file that describes the provider; its hash is recorded.
    #[arg(long)]
    metadata: Option<std::path::PathBuf>,
}

/// Registers the provider.
pub async fn run(args: RegisterArgs, settings: &Settings) -> Result<(), Error> {
    let metadata_hash = match &args.metadata {
        Some(path) => Sha2::hashv(&[&crate::files::read(path)?]),
        None => [0; 32],
    };
    let chain = Chain::connect(settings).await?;
    let owner = settings.keypair()?;
    let provider = pda::provider(&owner.pubkey());
    if chain.exists(&provider).await? {
        return Err(Error::invalid(
            format!("{provider} is registered already"),
            "a key owns one provider; use another keypair, or `mira provider show`",
        ));
    }
    let payment_mint = chain.config().payment_mint;
    let associated = token::associated(&owner.pubkey(), &payment_mint);
    let payout = args.payout.map_or(associated, Pubkey::new_from_array);
    let mut instructions = Vec::new();
    if payout == associated {
        instructions.push(token::create_associated(&owner.pubkey(), &owner.pubkey(), &payment_mint));
    } else {
        chain.require_token_account(&payout, &payment_mint).await?;
    }
    let operator = args.operator.map_or_else(|| owner.pubkey(), Pubkey::new_from_array);
    instructions.push(ix::register_provider(
        &owner.pubkey(),
        &payout,
        RegisterProviderArgs {
            operator,
            commission_bps: args.commission_bps,
            resource_class: *args.resource_class.bytes(),
            region: *args.region.bytes(),
            metadata_hash,
        },
    ));
    let receipt = chain.send("registering", &owner, &[], &instructions).await?;
    let address = show_key(&provider.to_bytes());
    settings.output.print(&json!({ "provider": address, "signature": receipt }), || {
        format!("registered provider {address}\nnext: mira provider stake AMOUNT\ntransaction {receipt}")
    })
}

fn parse_label(text: &str) -> Result<Label, String> {
    Label::parse(text).map_err(|_| format!("`{text}` is no label: 1 to 16 of a-z, 0-9 and `-`"))
}
