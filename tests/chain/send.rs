//! Sending: twice, too late, without an endpoint.

use super::net::{Net, key};
use mira_chain::rpc::{Rpc, RpcError};
use mira_chain::send::{Budget, Prepared, SendError, prepare, submit};
use mira_chain::token;
use solana_commitment_config::CommitmentLevel::{Confirmed, Finalized};
use solana_sdk::hash::Hash;
use solana_sdk::message::{Message, VersionedMessage};
use solana_sdk::signer::Signer;
use solana_sdk::transaction::VersionedTransaction;

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async: a_transaction_lands_once, a_failed_one_says_why, an_expired_one_never_lands, no_endpoint_is_no_answer]
}

async fn a_transaction_lands_once() {
    let net = Net::start().await;
    let owner = key(9).pubkey();
    let admin = net.admin.pubkey();
    let account = net.give(&owner, &net.payment_mint, 0).await;
    let mint = [token::mint_to(&net.payment_mint, &account, &admin, 5)];
    let budget = Budget { compute_unit_limit: Some(50_000), compute_unit_price: Some(1_000_000) };
    let prepared = prepare(&net.rpc, &mint, &[&net.admin], budget).await.unwrap();

    let (first, second) = tokio::join!(submit(&net.rpc, &prepared, Confirmed), submit(&net.rpc, &prepared, Finalized),);
    let again = submit(&net.rpc, &prepared, Confirmed).await.unwrap();
    assert_eq!(first.unwrap(), again);
    assert_eq!(second.unwrap(), again);
    assert_eq!(again.signature, prepared.signature());
    assert_eq!(again.fee_lamports, Some(5_000 + 50_000));
    assert_eq!(net.rpc.token_balance(&owner, &net.payment_mint, Finalized).await.unwrap(), 5);
    net.chain.shutdown().await;
}

async fn a_failed_one_says_why() {
    let net = Net::start().await;
    let owner = key(9).pubkey();
    let account = net.give(&owner, &net.payment_mint, 3).await;
    let stranger = key(8);
    net.airdrop(&stranger.pubkey()).await;
    let theft = token::transfer(&account, &net.payment_mint, &account, &stranger.pubkey(), 1, 6);
    let error = net.send(&[theft], &[&stranger]).await.unwrap_err();
    let SendError::Rejected(rejection) = &error else { panic!("a rejection, got {error}") };
    assert_eq!((rejection.instruction, rejection.refusal, rejection.landed), (Some(0), None, false));
    assert!(error.to_string().contains("owner does not match"), "{error}");
    net.chain.shutdown().await;
}

async fn an_expired_one_never_lands() {
    let net = Net::start().await;
    let mint = [token::mint_to(&net.payment_mint, &net.admin.pubkey(), &net.admin.pubkey(), 1)];
    let message = Message::new_with_blockhash(&mint, Some(&net.admin.pubkey()), &Hash::new_from_array([9; 32]));
    let transaction = VersionedTransaction::try_new(VersionedMessage::Legacy(message), &[&net.admin]).unwrap();
    let prepared = Prepared { transaction, last_valid_block_height: 0 };
    let error = submit(&net.rpc, &prepared, Confirmed).await.unwrap_err();
    assert_eq!(error, SendError::Expired { signature: prepared.signature() });
    net.chain.shutdown().await;
}

async fn no_endpoint_is_no_answer() {
    let held = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://127.0.0.1:{}/?api-key=secret", held.local_addr().unwrap().port());
    drop(held);
    let error = Rpc::new(&url).genesis_hash().await.unwrap_err();
    assert!(matches!(error, RpcError::Unreachable { method: "getGenesisHash", .. }), "{error:?}");
    assert!(!format!("{error} {error:?}").contains("secret"));
}
