//! `update_provider`: by the owner; what it does not name stays; a higher commission waits, and jail holds.

use crate::program::support::{
    Copy, MISSING, UNSIGNED, WRONG_ADDRESS, WRONG_PROGRAM, anchor, copies_are_refused, mira, pause,
};
use libtest_mimic::Trial;
use mira::state;
use mira_chain::event::{Event, body};
use mira_chain::ix::UpdateProviderArgs;
use mira_core::Error;
use mira_core::label::Label;
use mira_core::provider::ProviderStatus;
use mira_testkit::scene::CAP;
use mira_testkit::step::lease_terms;
use mira_testkit::world::{PURSE, params};
use mira_testkit::{Actor, Receipt, Scene, Step};
use solana_sdk::pubkey::Pubkey;

/// Something wrong with the arguments.
type Change = fn(&mut UpdateProviderArgs);

pub fn trials() -> Vec<Trial> {
    trials![
        changes_what_it_says_of_itself,
        leaves_the_rest_alone,
        settlements_pay_the_new_payout,
        a_new_operator_takes_over,
        drains_and_comes_back,
        a_fall_of_the_commission_holds_at_once,
        a_rise_of_the_commission_waits,
        a_change_takes_an_announced_rise_back,
        works_while_paused,
        refuses_to_leave_jail_early,
        refuses_everyone_else,
        refuses_what_it_cannot_say_of_itself,
        refuses_a_payout_of_another_mint,
        refuses_a_provider_that_is_not_there,
        refuses_other_accounts,
    ]
}

fn update(scene: &Scene, args: UpdateProviderArgs) -> Step {
    scene.world.update_provider(&scene.owner, &scene.provider, None, args)
}

fn draining(draining: bool) -> UpdateProviderArgs {
    UpdateProviderArgs { draining: Some(draining), ..UpdateProviderArgs::default() }
}

fn commission(bps: u16) -> UpdateProviderArgs {
    UpdateProviderArgs { commission_bps: Some(bps), ..UpdateProviderArgs::default() }
}

fn label(text: &str) -> [u8; 16] {
    *Label::parse(text).unwrap().bytes()
}

fn provider(scene: &Scene) -> state::Provider {
    scene.world.state(&scene.provider).unwrap()
}

/// What the event says of the provider now: everything that an update can change.
fn told(receipt: &Receipt, after: &state::Provider) -> body::ProviderSettings {
    let [Event::ProviderUpdated(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.provider_seq, event.actor), (after.seq, after.owner));
    assert_eq!((&event.settings_after, event.jailed_until), (&settings(after), after.jailed_until));
    event.settings_after.clone()
}

fn settings(provider: &state::Provider) -> body::ProviderSettings {
    body::ProviderSettings {
        operator: provider.operator,
        payout: provider.payout,
        status: provider.status,
        commission_bps: provider.commission_bps,
        next_commission_bps: provider.next_commission_bps,
        next_commission_from: provider.next_commission_from,
        resource_class: provider.resource_class,
        region: provider.region,
        metadata_hash: provider.metadata_hash,
    }
}

fn changes_what_it_says_of_itself() {
    let mut scene = Scene::provider();
    let (operator, payout) = (scene.stranger.pubkey(), scene.world.payment_purse(&scene.stranger.pubkey()));
    let args = UpdateProviderArgs {
        operator: Some(operator),
        draining: Some(true),
        commission_bps: Some(400),
        resource_class: Some(label("gpu-a100")),
        region: Some(label("us-east")),
        metadata_hash: Some([0x77; 32]),
    };
    let before = provider(&scene);
    let step = scene.world.update_provider(&scene.owner, &scene.provider, Some(&payout), args);
    let receipt = scene.world.run(&step);
    let now = told(&receipt, &provider(&scene));
    assert_eq!((now.operator, now.payout), (operator, payout));
    assert_eq!((now.status, now.commission_bps), (ProviderStatus::Draining.as_u8(), 400));
    assert_eq!((now.resource_class, now.region), (label("gpu-a100"), label("us-east")));
    assert_eq!(now.metadata_hash, [0x77; 32]);
    let [Event::ProviderUpdated(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.provider, event.provider_seq, event.actor), (scene.provider, 3, scene.owner.pubkey()));
    assert_eq!(event.settings_before, settings(&before));
}

fn leaves_the_rest_alone() {
    let mut scene = Scene::provider();
    let before = provider(&scene);
    let step = update(&scene, UpdateProviderArgs::default());
    let receipt = scene.world.run(&step);
    assert_eq!(provider(&scene), state::Provider { seq: before.seq + 1, ..before });
    told(&receipt, &provider(&scene));
}

fn settlements_pay_the_new_payout() {
    let mut scene = Scene::lease();
    let (old, new) =
        (scene.world.payment_purse(&scene.owner.pubkey()), scene.world.payment_purse(&scene.operator.pubkey()));
    let Scene { world, owner, stranger, signer, provider, lease, .. } = &mut scene;
    world.run(&world.update_provider(owner, provider, Some(&new), UpdateProviderArgs::default()));
    let step = world.settle(stranger, signer, lease, 1_000, 1);
    assert_eq!(world.tampered(&step.clone().swap(&new, &old)), mira(Error::WrongAccount));
    world.run(&step);
    assert_eq!((world.balance(&new), world.balance(&old)), (Some(PURSE + 990), Some(PURSE)));
}

/// Leases to come are the new operator's; those that exist keep the one they were opened with.
fn a_new_operator_takes_over() {
    let mut scene = Scene::lease();
    let Scene { world, owner, operator, stranger, dispatcher, job, provider, lease, .. } = &mut scene;
    let args = UpdateProviderArgs { operator: Some(stranger.pubkey()), ..UpdateProviderArgs::default() };
    world.run(&world.update_provider(owner, provider, None, args));
    assert_eq!(world.state::<state::Lease>(lease).unwrap().operator, operator.pubkey());
    let terms = lease_terms(CAP, world.now());
    let by_the_old = world.open_lease(operator, dispatcher, (job, provider), &terms);
    assert_eq!(world.refused(&by_the_old), mira(Error::WrongSigner));
    world.run(&world.open_lease(stranger, dispatcher, (job, provider), &terms));
}

fn drains_and_comes_back() {
    let mut scene = Scene::lease();
    let Scene { world, owner, operator, stranger, signer, dispatcher, job, provider, lease, .. } = &mut scene;
    world.run(&world.update_provider(owner, provider, None, draining(true)));
    let open = world.open_lease(operator, dispatcher, (job, provider), &lease_terms(CAP, world.now()));
    assert_eq!(world.refused(&open), mira(Error::ProviderNotActive));
    world.run(&world.settle(stranger, signer, lease, 1_000, 1));
    world.run(&world.stake(owner, provider, 5));
    world.run(&world.update_provider(owner, provider, None, draining(false)));
    world.run(&open);
}

fn a_fall_of_the_commission_holds_at_once() {
    let mut scene = Scene::provider();
    let step = update(&scene, commission(0));
    let receipt = scene.world.run(&step);
    let now = told(&receipt, &provider(&scene));
    assert_eq!((now.commission_bps, now.next_commission_bps, now.next_commission_from), (0, 0, 0));
}

/// Delegators have the time of unbonding to leave. Whether a rise holds shows in the next change: what
/// lies between the rates is a rise before that second and a fall from it on.
fn a_rise_of_the_commission_waits() {
    let mut scene = Scene::provider();
    let step = update(&scene, commission(10_000));
    let receipt = scene.world.run(&step);
    let from = scene.world.now() + i64::from(params().unbonding_secs);
    let now = told(&receipt, &provider(&scene));
    assert_eq!((now.commission_bps, now.next_commission_bps), (500, 10_000));
    assert_eq!(now.next_commission_from, from);
    scene.world.advance(params().unbonding_secs);
    let step = update(&scene, commission(9_000));
    scene.world.run(&step);
    let after = provider(&scene);
    assert_eq!((after.commission_bps, after.next_commission_bps, after.next_commission_from), (9_000, 9_000, 0));
}

fn a_change_takes_an_announced_rise_back() {
    let mut scene = Scene::provider();
    let step = update(&scene, commission(10_000));
    scene.world.run(&step);
    scene.world.advance(params().unbonding_secs - 1);
    let step = update(&scene, commission(9_000));
    scene.world.run(&step);
    let (after, from) = (provider(&scene), scene.world.now() + i64::from(params().unbonding_secs));
    assert_eq!((after.commission_bps, after.next_commission_bps, after.next_commission_from), (500, 9_000, from));
    let step = update(&scene, commission(500));
    scene.world.run(&step);
    let after = provider(&scene);
    assert_eq!((after.commission_bps, after.next_commission_bps, after.next_commission_from), (500, 500, 0));
}

fn works_while_paused() {
    let mut scene = Scene::provider();
    pause(&mut scene.world);
    let step = update(&scene, draining(true));
    scene.world.run(&step);
}

fn refuses_to_leave_jail_early() {
    let mut scene = Scene::provider();
    let until = scene.world.now() + i64::from(params().dispute.jail_secs);
    scene.world.edit_provider(&scene.provider, |provider| {
        (provider.status, provider.jailed_until) = (ProviderStatus::Jailed.as_u8(), until);
    });
    scene.world.advance(params().dispute.jail_secs - 1);
    for wish in [true, false] {
        let step = update(&scene, draining(wish));
        assert_eq!(scene.world.refused(&step), mira(Error::ProviderJailed));
    }
    // What has nothing to do with jail may change in it, and does not end it.
    let step = update(&scene, commission(400));
    let receipt = scene.world.run(&step);
    assert_eq!(told(&receipt, &provider(&scene)).status, ProviderStatus::Jailed.as_u8());
    assert_eq!(provider(&scene).jailed_until, until);
    scene.world.advance(1);
    let step = update(&scene, draining(false));
    scene.world.run(&step);
    assert_eq!(provider(&scene).status, ProviderStatus::Active.as_u8());
}

fn refuses_everyone_else() {
    let mut scene = Scene::provider();
    for somebody in [&scene.stranger, &scene.operator, &scene.requester] {
        let step = scene.world.update_provider(somebody, &scene.provider, None, draining(true));
        assert_eq!(scene.world.refused(&step), mira(Error::WrongSigner), "{}", somebody.name);
    }
    let step = update(&scene, draining(true)).unsigned(&scene.owner.pubkey());
    assert_eq!(scene.world.tampered(&step), anchor(UNSIGNED));
}

fn refuses_what_it_cannot_say_of_itself() {
    let mut scene = Scene::provider();
    let cases: [(Change, Error); 6] = [
        (|args| args.resource_class = Some([0; 16]), Error::InvalidLabel),
        (|args| args.resource_class = Some([b'A'; 16]), Error::InvalidLabel),
        (|args| args.region = Some([0; 16]), Error::InvalidLabel),
        (|args| args.commission_bps = Some(10_001), Error::ShareOutOfRange),
        // The labels come first.
        (|args| (args.resource_class, args.commission_bps) = (Some([0; 16]), Some(10_001)), Error::InvalidLabel),
        (|args| (args.region, args.commission_bps) = (Some([0; 16]), Some(10_001)), Error::InvalidLabel),
    ];
    for (change, error) in cases {
        let mut args = UpdateProviderArgs::default();
        change(&mut args);
        let step = update(&scene, args);
        assert_eq!(scene.world.tampered(&step), mira(error));
    }
}

fn refuses_a_payout_of_another_mint() {
    let mut scene = Scene::provider();
    let own = scene.world.payment_purse(&scene.owner.pubkey());
    let step = scene.world.update_provider(&scene.owner, &scene.provider, Some(&own), UpdateProviderArgs::default());
    let stake = scene.world.stake_purse(&scene.owner.pubkey());
    assert_eq!(scene.world.tampered(&step.clone().swap(&own, &stake)), mira(Error::WrongMint));
    let wallet = scene.stranger.pubkey();
    assert_eq!(scene.world.tampered(&step.clone().swap(&own, &wallet)), anchor(WRONG_PROGRAM));
    let nothing = Actor::new("nothing").pubkey();
    assert_eq!(scene.world.tampered(&step.clone().swap(&own, &nothing)), anchor(MISSING));
    let token_2022 = Pubkey::from_str_const("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb");
    let bytes = scene.world.svm.get_account(&own).unwrap().data;
    scene.world.put(nothing, token_2022, bytes);
    assert_eq!(scene.world.tampered(&step.swap(&own, &nothing)), anchor(WRONG_PROGRAM));
}

fn refuses_a_provider_that_is_not_there() {
    let mut scene = Scene::network();
    let step = update(&scene, draining(true));
    assert_eq!(scene.world.refused(&step), anchor(MISSING));
}

fn refuses_other_accounts() {
    let Scene { mut world, owner, stranger, provider, .. } = Scene::provider();
    let payout = world.payment_purse(&stranger.pubkey());
    let step = world.update_provider(&owner, &provider, Some(&payout), draining(true));
    copies_are_refused(
        &mut world,
        &step,
        [
            ("owner", Copy::Elsewhere("the tests of signers")),
            ("config", WRONG_ADDRESS.into()),
            ("provider", WRONG_ADDRESS.into()),
            ("payout", Copy::Elsewhere("any account of the payment mint")),
        ],
    );
}
