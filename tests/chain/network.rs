//! A network's first event, from the instruction to the decoded block.

use super::net::{Net, events, key, params};
use mira_chain::account::Config;
use mira_chain::event::Event;
use mira_chain::pda;
use mira_chain::send::SendError;
use mira_core::Error;
use solana_commitment_config::CommitmentLevel::{Confirmed, Finalized};
use solana_sdk::signer::Signer;

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async: initialize_is_seen_at_finalized, only_the_upgrade_authority_initializes]
}

async fn initialize_is_seen_at_finalized() {
    let net = Net::start().await;
    let admin = net.admin.pubkey();
    let sent = net.send(&[net.initialize(&admin)], &[&net.admin]).await.unwrap();
    assert_eq!(sent.fee_lamports, Some(5_000));
    assert!(sent.compute_units.is_some_and(|units| units > 0));

    let blocks = net.blocks_to(sent.slot + 40).await;
    assert!(blocks.len() > 40);
    for pair in blocks.windows(2) {
        let [before, block] = pair else { unreachable!() };
        assert_eq!((block.parent_slot, block.parent_blockhash), (before.slot, before.blockhash));
    }

    let found = events(&blocks);
    let [(raw, Event::NetworkInitialized(event))] = found.as_slice() else { panic!("one event, got {found:?}") };
    assert_eq!(raw.id.signature, *sent.signature.as_array());
    assert_eq!(raw.slot, sent.slot);
    assert!(raw.block_time.is_some());
    assert_eq!((event.config, event.admin, event.config_seq), (pda::config(), admin, 1));
    assert_eq!((event.stake_mint, event.payment_mint), (net.stake_mint, net.payment_mint));
    assert_eq!((event.cluster_id, event.params), (net.genesis, params()));

    let config = net.rpc.state::<Config>(&pda::config(), Finalized).await.unwrap().unwrap();
    assert_eq!((config.admin, config.cluster_id, config.params), (admin, net.genesis, params()));
    net.chain.shutdown().await;
}

async fn only_the_upgrade_authority_initializes() {
    let net = Net::start().await;
    let stranger = key(9);
    net.airdrop(&stranger.pubkey()).await;
    let error = net.send(&[net.initialize(&stranger.pubkey())], &[&stranger]).await.unwrap_err();
    assert_eq!(error.refusal(), Some(Error::NotUpgradeAuthority));
    let SendError::Rejected(rejection) = error else { panic!("a rejection") };
    assert!(!rejection.landed);
    assert!(rejection.to_string().starts_with("NotUpgradeAuthority: "));
    assert_eq!(net.rpc.state::<Config>(&pda::config(), Confirmed).await.unwrap(), None);
    net.chain.shutdown().await;
}
