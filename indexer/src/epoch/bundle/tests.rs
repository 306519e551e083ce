//! The document's form.

use super::super::fold::{fold, tests::small};
use super::*;

fn bundle() -> Bundle {
    Bundle::from(&fold(&small()).unwrap())
}

#[test]
fn what_is_written_is_read_and_has_one_form() {
    let bundle = bundle();
    let text = bundle.to_json().unwrap();
    let read = Bundle::from_json(text.as_bytes()).unwrap();
    assert_eq!(read, bundle);
    assert_eq!(read.to_json().unwrap(), text);
    assert_eq!(read.inputs().unwrap().leases, small().leases);
    assert_eq!(read.epoch(), fold(&small()).unwrap().epoch);
}

#[test]
fn each_line_has_a_line() {
    let text = bundle().to_json().unwrap();
    for start in ["\"epoch\":{", "{\"lease\":\"", "{\"provider\":\""] {
        assert!(text.lines().any(|line| line.starts_with(start)), "{start}");
    }
    assert_eq!(text.lines().filter(|line| line.starts_with("{\"lease\"")).count(), 4);
    let empty = Bundle { leases: Vec::new(), providers: Vec::new(), ..bundle() };
    assert_eq!(Bundle::from_json(empty.to_json().unwrap().as_bytes()).unwrap(), empty);
}

#[test]
fn another_version_is_named_before_anything_else_is_read() {
    let error = Bundle::from_json(b"{\"version\":2,\"other\":[]}").unwrap_err();
    assert_eq!(error.to_string(), "a bundle of version 2, and this mira knows 1: use the mira that made it");
    assert!(matches!(Bundle::from_json(b"{}"), Err(BundleError::Json(_))));
    let more = bundle().to_json().unwrap().replacen("\"epoch\"", "\"more\":1,\"epoch\"", 1);
    assert!(matches!(Bundle::from_json(more.as_bytes()), Err(BundleError::Json(_))));
}

#[test]
fn lines_come_once_and_in_order() {
    let mut twice = bundle();
    twice.leases[1] = twice.leases[0].clone();
    let error = twice.inputs().unwrap_err().to_string();
    assert_eq!(error, format!("lease {} stands twice or not in the order of the keys", twice.leases[0].lease));
    let mut swapped = bundle();
    swapped.providers.swap(0, 1);
    assert!(matches!(swapped.inputs(), Err(BundleError::Order(_))));
}

#[test]
fn an_index_of_0_and_a_share_above_the_whole_are_none() {
    let mut bundle = bundle();
    bundle.epoch.reward_share_bps = 10_001;
    assert!(matches!(bundle.inputs(), Err(BundleError::Share(10_001))));
    bundle.epoch.index = U64(0);
    assert!(matches!(bundle.inputs(), Err(BundleError::Index)));
}
