//! What counts of claims, and that counting what changed is counting all.

use proptest::prelude::*;

use super::*;

fn capacity(counted: &[(u8, u64, u64)]) -> Capacity {
    let mut capacity = Capacity::default();
    counted.iter().for_each(|(id, slots, runs)| capacity.count(&[*id; 32], *slots, *runs, 1));
    capacity.fade(1);
    capacity
}

#[test]
fn shares_of_what_is_offered() {
    let four = capacity(&[(1, 10, 0), (2, 20, 0), (3, 10, 5)]);
    assert_eq!([1, 2, 3, 4].map(|id| four.share_ppm(&[id; 32])), [250_000, 500_000, 250_000, 0]);
    assert_eq!(Capacity::default().share_ppm(&[1; 32]), 0);
}

#[test]
fn claims_count_as_far_as_they_were_seen() {
    let liar = capacity(&[(1, 60_000, 3), (2, 70, 70)]);
    assert_eq!((liar.of(&[1; 32]), liar.of(&[2; 32])), (UNSEEN + 6, 70));
}

#[test]
fn offers_between_counts_add_up() {
    let mut both = capacity(&[(1, 10, 0)]);
    (0..40).for_each(|_| both.add(&[2; 32], 1));
    assert_eq!(both.share_ppm(&[2; 32]), 800_000, "forty providers are one owner");
    assert_eq!(both.equal_ppm(), 500_000);
    both.remove(&[2; 32], 40);
    assert_eq!((both.share_ppm(&[1; 32]), both.equal_ppm()), (ALL_PPM, ALL_PPM));
}

#[test]
fn who_is_gone_counts_nothing_and_is_forgotten() {
    let mut two = capacity(&[(1, 10, 10), (2, 10, 0)]);
    two.count(&[1; 32], 0, 0, 2);
    assert_eq!((two.share_ppm(&[1; 32]), two.owners.len()), (0, 2), "its peak is remembered");
    assert_eq!(two.fade(10 * PEAK_HALF_LIFE_MS), vec![[1; 32]]);
    assert_eq!((two.owners.len(), two.due.len()), (1, 0));
}

#[test]
fn a_peak_that_fades_is_looked_at_when_less_counts_and_not_before() {
    let mut one = capacity(&[(1, 100, 40)]);
    one.count(&[1; 32], 100, 0, 2);
    // 36 of its claim of 100 need a peak of 18.
    let (due_ms, _) = *one.due.first().expect("it will fade");
    assert!(one.fade(due_ms - 1).is_empty() && one.of(&[1; 32]) == 100);
    assert_eq!((one.fade(due_ms), one.of(&[1; 32])), (vec![[1; 32]], 98));
    assert!(due_ms > PEAK_HALF_LIFE_MS, "18 is less than half of 40");
}

/// Every owner looked at in every pass: what it runs raises its peak, and of its claim counts what the peak allows.
#[derive(Default)]
struct Model(BTreeMap<u8, (u64, u64, Rolling)>);

impl Model {
    fn pass(&mut self, now_ms: u64) -> BTreeMap<u8, u64> {
        let counted = self.0.iter_mut().map(|(id, (slots, runs, peak))| {
            peak.raise(*runs, now_ms, PEAK_HALF_LIFE_MS);
            (*id, (*slots).min(2 * peak.at(now_ms, PEAK_HALF_LIFE_MS) + UNSEEN))
        });
        counted.filter(|(_, counted)| *counted > 0).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        rng_seed: proptest::test_runner::RngSeed::Fixed(13), failure_persistence: None, ..ProptestConfig::default()
    })]
    #[test]
    fn counting_what_changed_is_counting_all(
        passes in prop::collection::vec((prop::collection::vec((0u8..6, 0u64..300, 0u64..200), 0..4), 1u64..20_000), 1..60),
    ) {
        let (mut capacity, mut model, mut now_ms) = (Capacity::default(), Model::default(), 1_000);
        for (changes, passed_s) in passes {
            now_ms += passed_s * 1_000;
            // Each is counted once in a pass.
            let changes: BTreeMap<u8, (u64, u64)> = changes.into_iter().map(|(id, slots, runs)| (id, (slots, runs))).collect();
            for (id, (slots, runs)) in changes {
                let slots = if slots % 5 == 0 { 0 } else { slots };
                let peak = model.0.get(&id).map_or(Rolling::default(), |(_, _, peak)| *peak);
                if capacity.owners.get(&[id; 32]).is_none_or(|held| (held.slots, held.runs) != (slots, runs)) {
                    model.0.insert(id, (slots, runs, peak));
                    capacity.count(&[id; 32], slots, runs, now_ms);
                }
            }
            capacity.fade(now_ms);
            let expected = model.pass(now_ms);
            let counted: BTreeMap<u8, u64> =
                capacity.owners.iter().map(|(key, owner)| (key[0], owner.counted)).filter(|(_, counted)| *counted > 0).collect();
            prop_assert_eq!(&counted, &expected);
            prop_assert_eq!(capacity.total, expected.values().sum::<u64>());
            prop_assert_eq!(capacity.active, expected.len() as u64);
        }
    }
}
