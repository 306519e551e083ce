//! What several attacks share.

use mira_testkit::world::params;
use mira_testkit::{Actor, Scene, World};
use solana_sdk::pubkey::Pubkey;

/// The mint of a token account.
pub fn mint_of(world: &World, tokens: &Pubkey) -> Pubkey {
    part(world, tokens, 0)
}

/// The owner of a token account.
pub fn owner_of(world: &World, tokens: &Pubkey) -> Pubkey {
    part(world, tokens, 32)
}

fn part(world: &World, key: &Pubkey, at: usize) -> Pubkey {
    let data = world.svm.get_account(key).unwrap().data;
    Pubkey::try_from(&data[at..at + 32]).unwrap()
}

/// Payment base units that somebody owns at the associated address.
pub fn payment(world: &World, actor: &Actor) -> u64 {
    world.balance(&world.payment_purse(&actor.pubkey())).unwrap()
}

/// Stake base units that somebody owns at the associated address.
pub fn stake(world: &World, actor: &Actor) -> u64 {
    world.balance(&world.stake_purse(&actor.pubkey())).unwrap()
}

/// The admin pauses the network, if it is to be paused: no exit may notice.
pub fn pause_if(world: &mut World, paused: bool) {
    if paused {
        let admin = world.admin.clone();
        world.run(&world.set_pause(&admin, true));
    }
}

/// The mint's freeze authority stops a token account, or thaws it.
pub fn freeze(world: &mut World, tokens: &Pubkey, frozen: bool) {
    /// Where a token account holds its state: initialized or frozen.
    const STATE: usize = 108;
    let mut account = world.svm.get_account(tokens).unwrap();
    account.data[STATE] = if frozen { 2 } else { 1 };
    world.svm.set_account(*tokens, account).unwrap();
}

/// The lease's escrow is released at the provider's wish, and its time to dispute is over.
pub fn let_end(scene: &mut Scene) {
    let Scene { world, operator, stranger, lease, .. } = scene;
    world.run(&world.close_lease(operator, lease));
    world.run(&world.release_lease(stranger, lease));
    world.advance(params().dispute_window_secs);
}
