//! The local chain itself: identity, ports, start and stop.

use super::net::{config, key};
use mira_chain::local::{LocalChain, LocalChainConfig, LocalChainError};
use mira_chain::pda;
use mira_chain::rpc::Rpc;
use solana_commitment_config::CommitmentLevel::Confirmed;
use solana_sdk::signer::Signer;
use std::net::TcpListener;

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async:
        the_seed_is_the_identity,
        a_stopped_chain_frees_its_ports,
        a_taken_port_is_named,
        nonsense_is_refused,
        the_program_has_its_authority,
    ]
}

async fn the_seed_is_the_identity() {
    let mut hashes = Vec::new();
    for seed in [1, 1, 2] {
        let chain = LocalChain::start(config(seed)).await.unwrap();
        hashes.push(Rpc::new(chain.rpc_url()).genesis_hash().await.unwrap());
        chain.shutdown().await;
    }
    assert_eq!(hashes[0], hashes[1]);
    assert_ne!(hashes[0], hashes[2]);
}

async fn a_stopped_chain_frees_its_ports() {
    let port = |url: &str| url.rsplit(':').next().unwrap().parse::<u16>().unwrap();
    let chain = LocalChain::start(config(1)).await.unwrap();
    let (rpc_port, ws_port) = (port(chain.rpc_url()), port(chain.ws_url()));
    chain.shutdown().await;
    let again = LocalChainConfig { rpc_port: Some(rpc_port), ws_port: Some(ws_port), ..config(2) };
    let chain = LocalChain::start(again).await.unwrap();
    assert_eq!(port(chain.rpc_url()), rpc_port);
    chain.shutdown().await;
}

async fn a_taken_port_is_named() {
    let held = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = held.local_addr().unwrap().port();
    let taken = LocalChainConfig { rpc_port: Some(port), ..config(1) };
    let error = LocalChain::start(taken).await.err();
    assert_eq!(error, Some(LocalChainError::PortTaken(port)));
}

async fn nonsense_is_refused() {
    let too_quick = LocalChainConfig { slot_ms: 1, ..config(1) };
    assert!(matches!(LocalChain::start(too_quick).await.err(), Some(LocalChainError::Config(_))));
    let empty = LocalChainConfig { elf: Vec::new().into(), ..config(1) };
    assert!(matches!(LocalChain::start(empty).await.err(), Some(LocalChainError::Config(_))));
    let not_a_program = LocalChainConfig { elf: vec![7; 4_096].into(), ..config(1) };
    assert!(matches!(LocalChain::start(not_a_program).await.err(), Some(LocalChainError::Start(_))));
}

async fn the_program_has_its_authority() {
    let chain = LocalChain::start(config(1)).await.unwrap();
    let rpc = Rpc::new(chain.rpc_url());
    let data = rpc.account(&pda::program_data(), Confirmed).await.unwrap().unwrap().data;
    // The loader's layout: kind u32, slot u64, then the authority behind a byte that says it is there.
    assert_eq!(data[12], 1);
    assert_eq!(data[13..45], key(1).pubkey().to_bytes());
    chain.shutdown().await;
}
