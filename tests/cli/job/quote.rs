//! `mira job quote`.

use super::super::network::{number, shared};
use super::{TEXT, TRAP};

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async:
        it_says_what_a_job_would_cost,
        it_sets_all_tiers_side_by_side,
        it_says_why_nobody_would_serve,
        bad_input_is_refused,
    ]
}

async fn it_says_what_a_job_would_cost() {
    let net = shared();
    let input = net.stranger().file("input.txt", TEXT);
    let quote = net.mira().args(["job", "quote", "--shards", "6"]).arg("--input").arg(input);
    let document = quote.run().await.document();
    let data = &document["data"];
    assert_eq!((&data["feasible"], &data["owners_needed"]), (&true.into(), &2.into()), "{document}");
    assert!(data["candidates"].as_u64().unwrap() >= 2 && document["context"]["slot"].is_string(), "{document}");
    let (cost, funding) = (number(&data["expected_cost"]), number(&data["recommended_funding"]));
    assert!(0 < cost && cost <= funding, "{document}");
    assert!(number(&data["price_low"]) <= number(&data["price_high"]), "{document}");
}

async fn it_sets_all_tiers_side_by_side() {
    let net = shared();
    let somebody = net.stranger();
    let input = somebody.file("input.txt", &TEXT[..2_000]);
    let module = somebody.file("stage.wasm", crate::requester::patron::MODULE);
    let quote = |args: &[&str]| net.mira().args(["job", "quote"]).args(args).arg("--input").arg(&input);
    let plain = quote(&["--within", "10m"]).run().await.document()["data"].clone();
    assert_eq!(plain["promise"]["tier"], "batch", "{plain}");
    let staged = quote(&[]).arg("--stage").arg(&module).run().await.document()["data"].clone();
    assert_eq!((&staged["promise"]["tier"], &staged["feasible"]), (&"pipeline".into(), &true.into()), "{staged}");
    for (document, tier) in [(&plain, 1), (&staged, 3)] {
        let rows = document["tiers"].as_array().unwrap();
        let feasible: Vec<_> = rows.iter().map(|row| row["feasible"] == true).collect();
        assert!(rows.len() == 4 && feasible[tier], "{document}");
        assert_eq!(rows[tier]["expected_cost"], document["expected_cost"], "{document}");
        // What a tier cannot serve says why.
        assert!(rows.iter().all(|row| row["feasible"] == true || row["reason"].is_string()), "{document}");
        assert!(number(&rows[tier]["completion"]["p50_ms"]) <= number(&rows[tier]["completion"]["p99_ms"]));
    }
    quote(&["--within", "soon"]).run().await.misused("`soon` is not a time above zero");
    quote(&["--needs", "disk=1"]).run().await.misused("there is no resource");
    quote(&["--gang", "0"]).run().await.misused("0 is not in 1..=256");
}

async fn it_says_why_nobody_would_serve() {
    let net = shared();
    let input = net.stranger().file("input.txt", &TEXT[..2_000]);
    for terms in [["--max-price", "0.0001"], ["--resource-class", "h100"], ["--min-provider-stake", "1000000"]] {
        let quote = net.mira().args(["job", "quote"]).args(terms).arg("--input").arg(&input);
        let data = &quote.run().await.document()["data"];
        assert_eq!((&data["feasible"], &data["candidates"]), (&false.into(), &0.into()), "{data}");
        assert!(data["reason"].is_string() && !data["rejects"].as_array().unwrap().is_empty(), "{data}");
    }
}

async fn bad_input_is_refused() {
    let net = shared();
    let somebody = net.stranger();
    let (text, empty) = (somebody.file("input.txt", &TEXT[..2_000]), somebody.file("empty.txt", b""));
    let quote = |input| net.mira().args(["job", "quote"]).arg("--input").arg(input);
    quote(&empty).run().await.refused("the input is empty: there is nothing to index");
    let elf = somebody.file("elf", b"\x7fELF");
    quote(&text).arg("--module").arg(elf).run().await.refused("the module cannot be run");
    let trap = somebody.file("trap.wasm", TRAP);
    quote(&text).arg("--module").arg(trap).run().await.refused("the module fails on a shard of this input");
    quote(&text).args(["--tier", "fast"]).run().await.refused("`fast` is no tier");
    let price = quote(&text).args(["--max-price", "-1"]);
    price.run().await.misused("-1");
    let price = quote(&text).args(["--max-price=-1"]);
    price.run().await.refused("`-1` is not an amount; write a number such as 12 or 0.25");
    quote(&text).args(["--shards", "0"]).run().await.misused("0 is not in 1..=100000");
    quote(&text).args(["--region", "Mars!"]).run().await.refused("Not a label: 1 to 16 of a-z, 0-9 and '-'");
}
