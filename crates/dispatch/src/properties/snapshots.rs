//! What holds of the snapshots of any run: an engine that is written and read again at any moments decides as the one
//! that never was, and what was cut or changed is an error.

use mira_core::Key;
use mira_core::amount::UnitPrice;
use mira_core::hash::{Sha2, Sha256};

use crate::engine::Engine;
use crate::fair::tests::line::Numbers;
use crate::place::index::{Index, List};
use crate::replay::feed;
use crate::snapshot::{read, write};
use crate::testing::World;

/// Of so many inputs, one is preceded by a snapshot.
const EVERY: u64 = 8;

/// Bytes in front of an engine's own.
const HEAD: usize = 48;

/// Checks a run.
pub(crate) fn check(world: &World, seed: u64) {
    let mut numbers = Numbers(seed);
    let mut engine = Engine::new();
    for (seq, entry) in (0u64..).zip(&world.log) {
        if numbers.below(EVERY) == 0 {
            engine = again(&engine);
        }
        feed(&mut engine, seq, entry).unwrap_or_else(|error| panic!("seed {seed:#x}: {error}"));
    }
    let bytes = write(&world.engine).expect("writes");
    assert!(write(&engine).expect("writes") == bytes, "seed {seed:#x}: other bytes at the end");
    corrupt(&bytes, &mut numbers, seed);
}

/// The engine written and read: it writes the same again, and has the same offers in the same order.
fn again(engine: &Engine) -> Engine {
    let bytes = write(engine).expect("writes");
    let back = read(&bytes).expect("reads back");
    assert!(write(&back).expect("writes") == bytes, "other bytes");
    assert_eq!(offers(&back.index), offers(&engine.index));
    assert_eq!(back.index.total(), engine.index.total());
    back
}

/// Each list of the index that is not empty: owners in its order, each with its providers in theirs.
fn offers(index: &Index) -> Vec<Vec<(UnitPrice, Key)>> {
    let list = |list: &List| -> Vec<(UnitPrice, Key)> {
        let owned = (0..).map_while(|place| list.owned(place));
        owned.flat_map(|owned| (0..).map_while(|place| owned.get(place)).copied()).collect()
    };
    let lists =
        index.classes().flat_map(|offers| [&offers.all, &offers.newcomers].into_iter().chain(offers.regions.values()));
    lists.map(list).filter(|list| !list.is_empty()).collect()
}

/// A few cuts, additions and changes. One whose hash was made anew may be an engine, but is never a panic.
fn corrupt(bytes: &[u8], numbers: &mut Numbers, seed: u64) {
    let place = |numbers: &mut Numbers| {
        usize::try_from(numbers.below(u64::try_from(bytes.len()).expect("fits"))).expect("fits")
    };
    for _ in 0..8 {
        assert!(read(&bytes[..place(numbers)]).is_err(), "seed {seed:#x}: a cut one was read");
        let mut changed = bytes.to_vec();
        let at = place(numbers);
        changed[at] ^= u8::try_from(1 + numbers.below(255)).expect("a byte");
        assert!(read(&changed).is_err(), "seed {seed:#x}: one that was changed at {at} was read");
        let mut body = changed.split_off(HEAD);
        body.truncate(body.len() - usize::try_from(numbers.below(3)).expect("few"));
        drop(read(&[&bytes[..HEAD - 32], &Sha2::hashv(&[&body]), &body].concat()));
    }
    let longer = [&bytes[HEAD..], &[0]].concat();
    let longer = [&bytes[..HEAD - 32], &Sha2::hashv(&[&longer]), &longer].concat();
    assert!(read(&longer).is_err(), "seed {seed:#x}: trailing bytes were read");
}
