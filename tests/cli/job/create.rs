//! `mira job create`.

use super::super::network::{number, shared};
use super::{TEXT, TRAP, create, finished, job};

pub fn trials() -> Vec<libtest_mimic::Trial> {
    trials![async: a_job_is_watched_until_it_is_done, a_detached_job_is_placed, bad_terms_send_nothing, bad_inputs_and_modules_send_nothing, a_wallet_is_needed]
}

async fn a_job_is_watched_until_it_is_done() {
    let made = finished().await;
    let document = &made.document;
    assert_eq!((&document["status"], &document["shards"]), (&"done".into(), &6.into()));
    assert_eq!(document["shards_done"], 6);
    let funded = number(&document["funded"]);
    assert!(funded > 0);
    assert_eq!(made.after.payment, made.before.payment - funded);
    assert!(made.after.lamports < made.before.lamports);
    // What was quoted beside what it became.
    let quote = &document["quote"];
    assert_eq!(quote["id"].as_str().map(str::len), Some(64), "{document}");
    let (quoted, actual) = (number(&quote["cost"]["quoted"]), number(&quote["cost"]["actual"]));
    let percent = (i128::from(actual) - i128::from(quoted)) * 100 / i128::from(quoted);
    assert_eq!((quote["cost"]["percent"].as_i64().map(i128::from), actual > 0), (Some(percent), true), "{document}");
    let times = [&quote["start_ms"]["actual"], &quote["completion_ms"]["actual"]].map(number);
    assert!(times[0] <= times[1], "{document}");
}

async fn a_detached_job_is_placed() {
    let made = create(shared(), &["--detach", "--fund", "2.5"]).await;
    assert_eq!((&made.document["status"], number(&made.document["funded"])), (&"placed".into(), 2_500_000));
    assert_eq!(made.after.payment, made.before.payment - 2_500_000);
}

async fn bad_terms_send_nothing() {
    let net = shared();
    let somebody = net.person().await;
    let input = somebody.file("input.txt", &TEXT[..2_000]);
    let before = net.purse(&somebody.key).await;
    let refused = async |args: &[&str], message: &str| {
        job(net, &somebody, "create").args(args).arg("--input").arg(&input).run().await.refused(message);
    };
    refused(&["--fund", "1e3"], "`1e3` is not an amount; write a number such as 12 or 0.25").await;
    refused(&["--fund", "0.0000001"], "has more than 6 decimals, which this mint cannot hold").await;
    let nobody = "0 owners can serve it and its max_share needs 2";
    let over = "the escrow needs 10000000001 base units and the wallet holds 10000000000";
    refused(&["--fund", "10000.000001"], over).await;
    refused(&["--fund", "0"], "the escrow would be empty; fund at least what the quote expects").await;
    refused(&["--fund", "0.000001"], "a lease may hold 0 base units, and one shard may cost").await;
    refused(&["--cap", "much"], "`much` is not an amount; write a number such as 12 or 0.25").await;
    refused(&["--tier", "fast"], "`fast` is no tier").await;
    refused(&["--tier", "training"], "a training job needs a gang of at least 1 member").await;
    refused(&["--max-price", "0.0001"], nobody).await;
    refused(&["--max-price", "cheap"], "`cheap` is not an amount; write a number such as 12 or 0.25").await;
    refused(&["--min-provider-stake", "1000000"], nobody).await;
    refused(&["--resource-class", "h100"], nobody).await;
    refused(&["--resource-class", "H 100"], "Not a label: 1 to 16 of a-z, 0-9 and '-'").await;
    refused(&["--deadline-secs", "3601"], "a deadline is from 1 to 3600 seconds from now on this network").await;
    refused(&["--deadline-secs", "0"], "a deadline is from 1 to 3600 seconds from now on this network").await;
    let misused = job(net, &somebody, "create").args(["--max-share-bps", "10001"]).arg("--input").arg(&input);
    misused.run().await.misused("10001 is not in 1..=10000");
    assert_eq!(net.purse(&somebody.key).await, before);
}

async fn bad_inputs_and_modules_send_nothing() {
    let net = shared();
    let somebody = net.person().await;
    let before = net.purse(&somebody.key).await;
    let (text, empty) = (somebody.file("input.txt", &TEXT[..2_000]), somebody.file("empty.txt", b""));
    let (elf, trap) = (somebody.file("elf", b"\x7fELF"), somebody.file("trap.wasm", TRAP));
    let cut = somebody.file("cut.wasm", &TRAP[..TRAP.len() - 1]);
    let missing = somebody.path("missing");
    for (input, module, message) in [
        (&empty, None, "the input is empty: there is nothing to index; give a file with at least one byte"),
        (&missing, None, "check the path and who may read it"),
        (&text, Some(&missing), "check the path and who may read it"),
        (&text, Some(&elf), "the module cannot be run"),
        (&text, Some(&cut), "the module cannot be run"),
        (&text, Some(&trap), "the module fails on a shard of this input: the module failed"),
    ] {
        let command = job(net, &somebody, "create").arg("--input").arg(input);
        let command = match module {
            Some(module) => command.arg("--module").arg(module),
            None => command,
        };
        command.run().await.refused(message);
    }
    job(net, &somebody, "create").run().await.misused("--input");
    assert_eq!(net.purse(&somebody.key).await, before);
}

async fn a_wallet_is_needed() {
    let net = shared();
    let stranger = net.stranger();
    let input = stranger.file("input.txt", &TEXT[..2_000]);
    let create = |command: super::Mira| command.args(["job", "create"]).arg("--input").arg(&input);
    create(net.mira()).run().await.refused("cannot read /nonexistent/.config/solana/id.json");
    let malformed = stranger.file("wrong.json", b"[222]");
    create(net.mira().arg("--keypair").arg(malformed)).run().await.refused("it is no keypair");
    create(net.of(&stranger)).run().await.refused("base units and the wallet holds 0");
    let signer = create(net.of(&stranger)).args(["--voucher-keypair", "/nonexistent/hot.json"]);
    signer.run().await.refused("cannot read /nonexistent/hot.json");
}
