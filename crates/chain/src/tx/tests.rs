//! Proposals are taken only as agreed.
#![allow(clippy::unwrap_used)]

use super::*;
use solana_sdk::instruction::Instruction;

fn operator() -> Keypair {
    Keypair::new_from_array([1; 32])
}

fn matcher() -> Keypair {
    Keypair::new_from_array([2; 32])
}

fn terms() -> LeaseTerms {
    LeaseTerms {
        job: Pubkey::new_from_array([3; 32]),
        provider: Pubkey::new_from_array([4; 32]),
        nonce: 5,
        operator: operator().pubkey(),
        matcher: matcher().pubkey(),
        unit_price: 6,
        cap: 7,
        expires_at: 8,
    }
}

/// A transaction of any instructions, signed by the matcher.
fn forged(instructions: &[Instruction]) -> String {
    let message = Message::new(instructions, Some(&operator().pubkey()));
    let message = VersionedMessage::Legacy(message);
    let places = usize::from(message.header().num_required_signatures);
    let mut transaction = VersionedTransaction { signatures: vec![Signature::default(); places], message };
    sign_in_place(&mut transaction, &matcher()).unwrap();
    encode(&transaction).unwrap()
}

#[test]
fn what_is_proposed_is_taken_and_signed_by_both() {
    let proposal = propose(&terms(), &matcher(), [9; 32]).unwrap();
    assert!(verify(&proposal, &terms()).is_ok());
    let transaction = accept(&proposal, &terms(), &operator()).unwrap();
    assert_eq!(transaction.verify_with_results(), [true, true]);
    assert_eq!(transaction.message.static_account_keys()[0], operator().pubkey());
}

#[test]
fn other_terms_are_refused() {
    let agreed = terms();
    let others = [
        LeaseTerms { unit_price: 60, ..agreed },
        LeaseTerms { cap: 70, ..agreed },
        LeaseTerms { expires_at: 80, ..agreed },
        LeaseTerms { nonce: 50, ..agreed },
        LeaseTerms { job: Pubkey::new_from_array([30; 32]), ..agreed },
    ];
    for other in others {
        let proposal = propose(&other, &matcher(), [9; 32]).unwrap();
        assert_eq!(verify(&proposal, &agreed), Err(ProposalError::NotTheLease));
    }
}

#[test]
fn nothing_rides_along() {
    let drain = solana_system_interface::instruction::transfer(&operator().pubkey(), &matcher().pubkey(), 1_000);
    let opening = open_lease(&terms());
    for instructions in [vec![opening.clone(), drain.clone()], vec![drain, opening.clone()], vec![opening.clone(); 2]] {
        assert_eq!(accept(&forged(&instructions), &terms(), &operator()), Err(ProposalError::NotTheLease));
    }
    assert!(accept(&forged(&[opening]), &terms(), &operator()).is_ok());
}

#[test]
fn more_accounts_or_more_privilege_are_refused() {
    let mut more = open_lease(&terms());
    more.accounts.push(solana_sdk::instruction::AccountMeta::new(Pubkey::new_from_array([77; 32]), false));
    let mut privileged = open_lease(&terms());
    privileged.accounts.iter_mut().for_each(|meta| meta.is_writable = true);
    for instruction in [more, privileged] {
        assert_eq!(verify(&forged(&[instruction]), &terms()), Err(ProposalError::NotTheLease));
    }
}

#[test]
fn an_unsigned_or_broken_proposal_is_refused() {
    let unsigned = ProposalError::Unsigned { matcher: matcher().pubkey() };
    let proposal = propose(&terms(), &matcher(), [9; 32]).unwrap();
    let mut transaction = decode(&proposal).unwrap();
    transaction.signatures[1] = Signature::default();
    assert_eq!(verify(&encode(&transaction).unwrap(), &terms()), Err(unsigned.clone()));
    transaction.signatures[1] = Signature::from([1; 64]);
    assert_eq!(verify(&encode(&transaction).unwrap(), &terms()), Err(unsigned));
    assert_eq!(verify("not base64!", &terms()), Err(ProposalError::Undecodable));
    let longer = BASE64_STANDARD.encode([BASE64_STANDARD.decode(&proposal).unwrap(), vec![0]].concat());
    assert_eq!(verify(&longer, &terms()), Err(ProposalError::Undecodable));
}

#[test]
fn only_the_right_keys_sign() {
    let wrong = propose(&terms(), &operator(), [9; 32]);
    assert!(matches!(wrong, Err(ProposalError::WrongSigner { .. })));
    let proposal = propose(&terms(), &matcher(), [9; 32]).unwrap();
    assert!(matches!(accept(&proposal, &terms(), &matcher()), Err(ProposalError::WrongSigner { .. })));
}
