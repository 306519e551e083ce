//! `register_provider`: by its owner, once, with a payout account of the payment mint.

use crate::program::support::{
    Copy, EXISTS, MISSING, NOT_THE_PROGRAM, UNSIGNED, WRONG_ADDRESS, WRONG_PROGRAM, anchor, copies_are_refused, mira,
    pause,
};
use libtest_mimic::Trial;
use mira::state;
use mira_chain::event::Event;
use mira_chain::ix;
use mira_core::Error;
use mira_core::provider::ProviderStatus;
use mira_testkit::{Actor, Scene, Step};
use solana_sdk::pubkey::Pubkey;

/// Something wrong with the arguments.
type Change = fn(&mut ix::RegisterProviderArgs);

pub fn trials() -> Vec<Trial> {
    trials![
        writes_the_provider,
        takes_any_payout_of_the_payment_mint,
        refuses_a_second_one,
        refuses_while_paused,
        refuses_without_the_owners_signature,
        refuses_what_it_cannot_say_of_itself,
        refuses_a_payout_of_another_mint,
        refuses_other_accounts,
    ]
}

fn with_args(scene: &Scene, change: impl FnOnce(&mut ix::RegisterProviderArgs)) -> Step {
    let mut args = scene.world.register_args(&scene.operator);
    change(&mut args);
    let owner = scene.owner.pubkey();
    let mut step = scene.world.register_provider(&scene.owner, &scene.operator);
    *step.program_instruction() = ix::register_provider(&owner, &scene.world.payment_purse(&owner), args);
    step
}

fn writes_the_provider() {
    let mut scene = Scene::network();
    let step = scene.world.register_provider(&scene.owner, &scene.operator);
    let receipt = scene.world.run(&step);
    let provider: state::Provider = scene.world.state(&scene.provider).unwrap();
    assert_eq!(provider.payout, scene.world.payment_purse(&scene.owner.pubkey()));
    assert_eq!((provider.status, provider.jailed_until), (ProviderStatus::Active.as_u8(), 0));
    assert_eq!((provider.commission_bps, provider.registered_at), (500, scene.world.now()));
    assert_eq!((provider.next_commission_bps, provider.next_commission_from), (500, 0));
    assert_eq!((provider.reward_index, provider.claimed, provider.metadata_hash), (0, 0, [0x4d; 32]));
    let [Event::ProviderRegistered(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.owner, event.operator), (scene.owner.pubkey(), scene.operator.pubkey()));
    assert_eq!((event.payout, event.registered_at), (provider.payout, provider.registered_at));
    assert_eq!((event.resource_class, event.region), (provider.resource_class, provider.region));
    assert_eq!((event.provider, event.provider_seq, event.commission_bps), (scene.provider, 1, 500));
    assert_eq!(event.metadata_hash, provider.metadata_hash);
}

fn takes_any_payout_of_the_payment_mint() {
    let mut scene = Scene::network();
    let payout = scene.world.payment_purse(&scene.stranger.pubkey());
    let step = scene.world.register_provider(&scene.owner, &scene.operator);
    let own = scene.world.payment_purse(&scene.owner.pubkey());
    scene.world.run(&step.swap(&own, &payout));
    let provider: state::Provider = scene.world.state(&scene.provider).unwrap();
    assert_eq!(provider.payout, payout);
}

fn refuses_a_second_one() {
    let mut scene = Scene::provider();
    let step = scene.world.register_provider(&scene.owner, &scene.stranger);
    assert_eq!(scene.world.refused(&step), EXISTS);
}

fn refuses_while_paused() {
    let mut scene = Scene::network();
    pause(&mut scene.world);
    let step = scene.world.register_provider(&scene.owner, &scene.operator);
    assert_eq!(scene.world.refused(&step), mira(Error::Paused));
}

fn refuses_without_the_owners_signature() {
    let mut scene = Scene::network();
    let step = scene.world.register_provider(&scene.owner, &scene.operator);
    assert_eq!(scene.world.tampered(&step.clone().unsigned(&scene.owner.pubkey())), anchor(UNSIGNED));
    let stolen = step.signed_by(&scene.owner, &scene.stranger);
    assert_eq!(scene.world.tampered(&stolen), anchor(WRONG_ADDRESS));
}

fn refuses_what_it_cannot_say_of_itself() {
    let mut scene = Scene::network();
    let cases: [(Change, Error); 6] = [
        (|args| args.resource_class = [0; 16], Error::InvalidLabel),
        (|args| args.resource_class[0] = b'A', Error::InvalidLabel),
        (|args| args.region[15] = b'x', Error::InvalidLabel),
        (|args| args.commission_bps = 10_001, Error::ShareOutOfRange),
        // The labels come first.
        (|args| (args.resource_class, args.commission_bps) = ([0; 16], 10_001), Error::InvalidLabel),
        (|args| (args.region, args.commission_bps) = ([0; 16], 10_001), Error::InvalidLabel),
    ];
    for (change, error) in cases {
        let step = with_args(&scene, change);
        assert_eq!(scene.world.tampered(&step), mira(error));
    }
}

fn refuses_a_payout_of_another_mint() {
    let mut scene = Scene::network();
    let own = scene.world.payment_purse(&scene.owner.pubkey());
    let stake = scene.world.stake_purse(&scene.owner.pubkey());
    let step = scene.world.register_provider(&scene.owner, &scene.operator);
    assert_eq!(scene.world.tampered(&step.clone().swap(&own, &stake)), mira(Error::WrongMint));
    let wallet = scene.owner.pubkey();
    assert_eq!(scene.world.tampered(&step.clone().swap(&own, &wallet)), anchor(WRONG_PROGRAM));
    let nothing = Actor::new("nothing").pubkey();
    assert_eq!(scene.world.tampered(&step.clone().swap(&own, &nothing)), anchor(MISSING));
    let token_2022 = Pubkey::from_str_const("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb");
    let bytes = scene.world.svm.get_account(&own).unwrap().data;
    scene.world.put(nothing, token_2022, bytes);
    assert_eq!(scene.world.tampered(&step.swap(&own, &nothing)), anchor(WRONG_PROGRAM));
}

fn refuses_other_accounts() {
    let Scene { mut world, owner, operator, .. } = Scene::network();
    let step = world.register_provider(&owner, &operator);
    copies_are_refused(
        &mut world,
        &step,
        [
            ("owner", Copy::Elsewhere("the tests of signers")),
            ("config", WRONG_ADDRESS.into()),
            ("provider", WRONG_ADDRESS.into()),
            ("payout", Copy::Elsewhere("any account of the payment mint")),
            ("system_program", NOT_THE_PROGRAM.into()),
        ],
    );
}
