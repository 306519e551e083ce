//! temporary
use mira_chain::local::{LocalChain, LocalChainConfig};
#[tokio::main]
async fn main() {
    let chain = LocalChain::start(LocalChainConfig {
        rpc_port: Some(18899),
        ws_port: Some(18900),
        slot_ms: 50,
        elf: mira_chain::artifact::program_elf().into(),
        program_id: mira_chain::pda::PROGRAM_ID,
        upgrade_authority: mira_chain::pda::PROGRAM_ID,
        seed: 1,
    })
    .await
    .unwrap();
    eprintln!("{}", chain.rpc_url());
    tokio::time::sleep(std::time::Duration::from_secs(900)).await;
    chain.shutdown().await;
}
