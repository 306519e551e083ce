//! `create_job`: by its requester, with an id of this moment, within the network's limits.

use crate::program::support::{
    Copy, EXISTS, NOT_THE_PROGRAM, UNSIGNED, WRONG_ADDRESS, anchor, copies_are_refused, mira, pause,
};
use libtest_mimic::Trial;
use mira::state;
use mira_chain::event::Event;
use mira_chain::{ix, pda};
use mira_core::Error;
use mira_core::job::{JobTerms, job_id};
use mira_core::tier::{Tier, UnitKind};
use mira_testkit::step::terms;
use mira_testkit::world::params;
use mira_testkit::{Scene, Step};
use solana_sdk::pubkey::Pubkey;

/// Something wrong with the arguments.
type Change = fn(&mut ix::CreateJobArgs);

pub fn trials() -> Vec<Trial> {
    trials![
        writes_the_job_and_its_vault,
        names_its_own_dispatcher_or_none,
        takes_ids_of_the_last_seconds,
        uses_addresses_that_were_sent_lamports,
        refuses_while_paused,
        refuses_what_the_terms_get_wrong,
        refuses_numbers_that_mean_nothing,
        refuses_an_id_twice,
        refuses_an_address_that_was_used_before,
        refuses_without_the_requesters_signature,
        refuses_another_mint,
        refuses_other_accounts,
    ]
}

fn create_with(scene: &Scene, change: impl FnOnce(&mut JobTerms)) -> Step {
    let mut terms = terms(&scene.requester, &scene.signer, Some(&scene.dispatcher), scene.world.now());
    change(&mut terms);
    scene.world.create_job(&scene.requester, &terms)
}

fn writes_the_job_and_its_vault() {
    let mut scene = Scene::network();
    let step = create_with(&scene, |_| ());
    let receipt = scene.world.run(&step);
    let job: state::Job = scene.world.state(&scene.job).unwrap();
    assert_eq!((job.requester, job.voucher_signer), (scene.requester.pubkey(), scene.signer.pubkey()));
    assert_eq!((job.spec_hash, job.created_at), ([0x5e; 32], scene.world.now()));
    assert_eq!(scene.world.balance(&pda::escrow(&scene.job)), Some(0));
    let [Event::JobCreated(event)] = receipt.events.as_slice() else { panic!("{receipt:?}") };
    assert_eq!((event.job, event.job_seq, event.job_id), (scene.job, 1, job.job_id));
    assert_eq!((event.dispatcher, event.deadline), (Some(scene.dispatcher.pubkey()), job.deadline));
    assert_eq!((event.young_until, event.due_at), (job.young_until, job.due_at));
    assert_eq!(event.young_until, scene.world.now() + 2 * i64::from(params().job_id_window_secs));
    assert_eq!(event.due_at, job.deadline + i64::from(params().grace_secs));
    assert_eq!((event.tier, event.unit_kind), (Tier::Batch.as_u8(), UnitKind::Fuel.as_u8()));
}

fn names_its_own_dispatcher_or_none() {
    let mut scene = Scene::network();
    let step = create_with(&scene, |terms| terms.dispatcher = None);
    scene.world.run(&step);
    let job: state::Job = scene.world.state(&scene.job).unwrap();
    assert_eq!(job.dispatcher, None);
}

fn takes_ids_of_the_last_seconds() {
    let mut scene = Scene::network();
    let now = scene.world.now();
    let window = i64::from(params().job_id_window_secs);
    for made in [now - window, now] {
        let step = create_with(&scene, |terms| terms.job_id = job_id(made, 7).unwrap());
        scene.world.run(&step);
    }
    for made in [now - window - 1, now + 1] {
        let step = create_with(&scene, |terms| terms.job_id = job_id(made, 7).unwrap());
        assert_eq!(scene.world.refused(&step), mira(Error::JobIdOutOfWindow));
    }
}

fn uses_addresses_that_were_sent_lamports() {
    let mut scene = Scene::network();
    for address in [scene.job, pda::escrow(&scene.job)] {
        scene.world.svm.airdrop(&address, 1_000_000).unwrap();
    }
    let step = create_with(&scene, |_| ());
    scene.world.run(&step);
}

fn refuses_while_paused() {
    let mut scene = Scene::network();
    pause(&mut scene.world);
    let step = create_with(&scene, |_| ());
    assert_eq!(scene.world.refused(&step), mira(Error::Paused));
}

fn refuses_what_the_terms_get_wrong() {
    let mut scene = Scene::network();
    let now = scene.world.now();
    let far = now + i64::from(params().max_job_secs) + 1;
    let step = create_with(&scene, |terms| terms.spec_hash = [0; 32]);
    assert_eq!(scene.world.refused(&step), mira(Error::InvalidSpec));
    let step = create_with(&scene, |terms| terms.voucher_signer = [0; 32]);
    assert_eq!(scene.world.refused(&step), mira(Error::InvalidSpec));
    let step = create_with(&scene, |terms| terms.max_unit_price = Default::default());
    assert_eq!(scene.world.refused(&step), mira(Error::PriceZero));
    let step = create_with(&scene, |terms| terms.max_share = Default::default());
    assert_eq!(scene.world.refused(&step), mira(Error::ShareOutOfRange));
    let step = create_with(&scene, |terms| terms.max_leases = 0);
    assert_eq!(scene.world.refused(&step), mira(Error::LeaseLimitReached));
    let step = create_with(&scene, |terms| terms.deadline = now);
    assert_eq!(scene.world.refused(&step), mira(Error::DeadlineInPast));
    let step = create_with(&scene, |terms| terms.deadline = far);
    assert_eq!(scene.world.refused(&step), mira(Error::DeadlineTooFar));
}

fn refuses_numbers_that_mean_nothing() {
    let mut scene = Scene::network();
    let cases: [(Change, Error); 3] = [
        (|args| args.tier = 4, Error::InvalidTier),
        (|args| args.unit_kind = 4, Error::InvalidUnitKind),
        (|args| args.max_share_bps = 10_001, Error::ShareOutOfRange),
    ];
    for (change, error) in cases {
        let good = terms(&scene.requester, &scene.signer, None, scene.world.now());
        let mut args = ix::CreateJobArgs {
            job_id: good.job_id,
            voucher_signer: Pubkey::from(good.voucher_signer),
            dispatcher: None,
            spec_hash: good.spec_hash,
            tier: good.tier.as_u8(),
            unit_kind: good.unit_kind.as_u8(),
            max_unit_price: good.max_unit_price.get(),
            min_provider_stake: good.min_provider_stake.get(),
            max_share_bps: good.max_share.get(),
            max_leases: good.max_leases,
            deadline: good.deadline,
        };
        change(&mut args);
        let mut step = scene.world.create_job(&scene.requester, &good);
        *step.program_instruction() = ix::create_job(&scene.requester.pubkey(), &scene.world.payment_mint, args);
        assert_eq!(scene.world.tampered(&step), mira(error));
    }
}

fn refuses_an_id_twice() {
    let mut scene = Scene::job();
    let step = create_with(&scene, |_| ());
    assert_eq!(scene.world.refused(&step), EXISTS);
}

fn refuses_an_address_that_was_used_before() {
    let mut scene = Scene::job();
    let again = create_with(&scene, |_| ());
    let Scene { world, requester, job, .. } = &mut scene;
    world.run(&world.begin_close_job(requester, job));
    world.advance(2 * params().job_id_window_secs);
    world.run(&world.close_job(requester, requester, job));
    assert_eq!(world.refused(&again), mira(Error::JobIdOutOfWindow));
}

fn refuses_without_the_requesters_signature() {
    let mut scene = Scene::network();
    let step = create_with(&scene, |_| ());
    assert_eq!(scene.world.tampered(&step.clone().unsigned(&scene.requester.pubkey())), anchor(UNSIGNED));
    let stolen = step.signed_by(&scene.requester, &scene.stranger);
    assert_eq!(scene.world.tampered(&stolen), anchor(WRONG_ADDRESS));
}

fn refuses_another_mint() {
    let mut scene = Scene::network();
    let step = create_with(&scene, |_| ());
    let (payment, stake) = (scene.world.payment_mint, scene.world.stake_mint);
    assert_eq!(scene.world.tampered(&step.swap(&payment, &stake)), mira(Error::WrongMint));
}

fn refuses_other_accounts() {
    let mut scene = Scene::network();
    let step = create_with(&scene, |_| ());
    copies_are_refused(
        &mut scene.world,
        &step,
        [
            ("requester", Copy::Elsewhere("the tests of signers")),
            ("config", WRONG_ADDRESS.into()),
            ("job", WRONG_ADDRESS.into()),
            ("payment_mint", Error::WrongMint.into()),
            ("vault", WRONG_ADDRESS.into()),
            ("token_program", NOT_THE_PROGRAM.into()),
            ("system_program", NOT_THE_PROGRAM.into()),
        ],
    );
}
