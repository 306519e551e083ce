//! Filters and pages.

use mira_core::tier::Tier;

use super::{Bench, sample};
use crate::model::{
    DisputeFilter, DisputeStatus, JobFilter, JobRow, JobState, LeaseFilter, Order, PageRequest, ProviderFilter,
    ProviderStatus,
};

const ALL: PageRequest = PageRequest { order: Order::Key { after: None }, limit: 1_000 };

pub async fn filters_find_what_they_say(bench: &Bench) {
    bench.with(sample::world()).await;
    let store = &bench.store;

    let status = JobFilter { status: Some(JobState::Closing), ..JobFilter::default() };
    let both = JobFilter { tier: Some(Tier::Batch), requester: Some(sample::key(1_001)), ..status };
    let dispatched = JobFilter { dispatcher: Some(sample::key(8)), ..JobFilter::default() };
    let expected = |keep: fn(&JobRow) -> bool| (0..30).map(sample::job).filter(keep).collect::<Vec<_>>();
    let closing = expected(|job| job.status == JobState::Closing);
    assert_eq!(store.jobs(&status, ALL).await.unwrap().rows, closing);
    let narrow = closing.into_iter().filter(|job| job.tier == Tier::Batch && job.requester == sample::key(1_001));
    let narrow: Vec<_> = narrow.collect();
    assert!(!narrow.is_empty());
    assert_eq!(store.jobs(&both, ALL).await.unwrap().rows, narrow);
    assert_eq!(store.jobs(&dispatched, ALL).await.unwrap().rows, expected(|job| job.dispatcher.is_some()));

    let open = LeaseFilter { provider: Some(sample::key(1)), released: Some(false), ..LeaseFilter::default() };
    let leases = store.leases(&open, ALL).await.unwrap().rows;
    let kept = |n: &u32| n % 3 == 1 && !n.is_multiple_of(5);
    assert_eq!(leases, (0..40).filter(kept).map(|n| sample::lease(n, 1)).collect::<Vec<_>>());
    let ended = LeaseFilter { job: Some(sample::key(0)), ended: Some(true), ..LeaseFilter::default() };
    assert_eq!(store.leases(&ended, ALL).await.unwrap().rows.len(), 2);

    let jailed = ProviderFilter {
        status: Some(ProviderStatus::Jailed),
        region: Some([2; 16]),
        resource_class: Some([0; 16]),
        owner: Some(sample::key(1_002)),
        operator: None,
    };
    assert_eq!(store.providers(&jailed, ALL).await.unwrap().rows, [sample::provider(2)]);
    let one = ProviderFilter { operator: Some(sample::key(2_011)), ..ProviderFilter::default() };
    assert_eq!(store.providers(&one, ALL).await.unwrap().rows, [sample::provider(11)]);

    let accused = DisputeFilter { provider: Some(sample::key(2)), ..DisputeFilter::default() };
    let disputes = |numbers: &[u32]| numbers.iter().copied().map(sample::dispute).collect::<Vec<_>>();
    assert_eq!(store.disputes(&accused, ALL).await.unwrap().rows, disputes(&[2, 5, 8, 11]));
    let status = Some(DisputeStatus::Dismissed);
    let narrow = DisputeFilter { status, challenger: Some(sample::key(1_001)), ..accused };
    assert_eq!(store.disputes(&narrow, ALL).await.unwrap().rows, disputes(&[5, 11]));
    let of_lease = DisputeFilter { lease: Some(sample::key(4_007)), ..DisputeFilter::default() };
    assert_eq!(store.disputes(&of_lease, ALL).await.unwrap().rows, disputes(&[7]));
}

pub async fn pages_meet_every_row_once(bench: &Bench) {
    bench.with(sample::world()).await;
    let filter = JobFilter { requester: Some(sample::key(1_000)), ..JobFilter::default() };
    let even: Vec<_> = (0..30).step_by(2).map(sample::job).collect();

    let mut seen = Vec::new();
    let mut order = Order::default();
    loop {
        let page = bench.store.jobs(&filter, PageRequest { order, limit: 4 }).await.unwrap();
        seen.extend(page.rows);
        order = Order::Key { after: seen.last().map(|job| job.job) };
        if !page.more {
            break;
        }
    }
    assert_eq!(seen, even);

    let mut recent = Vec::new();
    let mut order = Order::Recent { before: None };
    loop {
        let page = bench.store.jobs(&filter, PageRequest { order, limit: 5 }).await.unwrap();
        recent.extend(page.rows);
        order = Order::Recent { before: recent.last().map(|job: &JobRow| job.ord) };
        if !page.more {
            break;
        }
    }
    // The sample's places fall as its keys rise.
    assert_eq!(recent, even);

    let page = bench.store.stake_positions(&sample::key(0), None, 2).await.unwrap();
    assert!(page.more);
    assert_eq!(page.rows, [sample::position(0, 0), sample::position(0, 4)]);
    let page = bench.store.stake_positions(&sample::key(0), Some(sample::key(4)), 3).await.unwrap();
    assert!(!page.more);
    assert_eq!(page.rows, [8, 12, 16].map(|n| sample::position(0, n)));
}
