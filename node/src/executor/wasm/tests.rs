//! Every way a module may try to get out, and that what it may do comes out the same each time.

use super::*;

const WASI: &str = r#"
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_prestat_get" (func $fd_prestat_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "sock_send" (func $sock_send (param i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $environ_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $clock_time_get (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  ;; writes the $len bytes at $at to standard output
  (func $out (param $at i32) (param $len i32)
    (i32.store (i32.const 0) (local.get $at))
    (i32.store (i32.const 4) (local.get $len))
    (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
"#;

fn module(body: &str) -> Bytes {
    let text = format!("(module {WASI} (func (export \"_start\") {body}))");
    Bytes::from(wat::parse_str(text).expect("the test's module is valid"))
}

fn task(module: Bytes) -> Task {
    Task {
        module_hash: Sha2::hashv(&[&module]),
        module,
        input: Bytes::from_static(b"input"),
        units_limit: 1_000_000_000,
        memory_limit_bytes: 16 << 20,
        time_limit_ms: 60_000,
        output_limit_bytes: 1 << 20,
    }
}

fn run_with(body: &str, change: impl FnOnce(&mut Task)) -> Result<Output, ExecError> {
    let mut task = task(module(body));
    change(&mut task);
    WasmExecutor::new().expect("starts").run(&task, &CancellationToken::new())
}

/// Runs `body` and gives the four bytes at address 104 as a number: where the tests leave what WASI answered.
fn answer(body: &str) -> u32 {
    let output = run_with(&format!("{body} (call $out (i32.const 104) (i32.const 4))"), |_| {}).expect("runs");
    u32::from_le_bytes(output.bytes.as_ref().try_into().expect("four bytes"))
}

#[test]
fn bytes_that_are_no_module_are_refused() {
    let executor = WasmExecutor::new().expect("starts");
    for (bytes, why) in [
        (Bytes::from_static(b"not wasm"), "magic"),
        (Bytes::from_static(b""), "end"),
        (Bytes::from_static(b"\0asm\x01\0\0\0\x01\xff"), "end"),
        (Bytes::from(wat::parse_str("(module)").expect("valid")), "_start"),
        (Bytes::from(wat::parse_str(r#"(module (func (export "_start")))"#).expect("valid")), "memory"),
        (Bytes::from_static(b"\0asm\x0d\0\x01\0"), "component"),
        (Bytes::from(vec![0; MAX_MODULE_BYTES + 1]), "at most"),
    ] {
        let Err(ExecError::Malformed(reason)) = executor.check(&bytes) else { panic!("accepted: {why}") };
        assert!(reason.contains(why), "{reason}");
    }
}

#[test]
fn imports_that_are_not_offered_are_refused() {
    let text = r#"(module (import "env" "system" (func (param i32)))
        (memory (export "memory") 1) (func (export "_start")))"#;
    let bytes = Bytes::from(wat::parse_str(text).expect("valid"));
    let error = WasmExecutor::new().expect("starts").check(&bytes).expect_err("refused");
    assert!(error.to_string().contains("env"), "{error}");
}

#[test]
fn an_endless_loop_runs_out_of_fuel() {
    let error = run_with("(loop (br 0))", |task| task.units_limit = 1_000_000).expect_err("ends");
    assert_eq!(error, ExecError::OutOfFuel { limit: 1_000_000 });
}

#[test]
fn an_endless_loop_runs_out_of_time() {
    let endless = |task: &mut Task| {
        task.units_limit = u64::MAX >> 1;
        task.time_limit_ms = 50;
    };
    let error = run_with("(loop (br 0))", endless).expect_err("ends");
    assert_eq!(error, ExecError::TimeLimit { limit_ms: 50 });
}

#[test]
fn a_cancelled_run_ends() {
    let mut task = task(module("(loop (br 0))"));
    task.units_limit = u64::MAX >> 1;
    let cancel = CancellationToken::new();
    cancel.cancel();
    let error = WasmExecutor::new().expect("starts").run(&task, &cancel).expect_err("ends");
    assert_eq!(error, ExecError::Cancelled);
}

#[test]
fn a_memory_bomb_meets_its_limit() {
    let bomb = "(loop (drop (memory.grow (i32.const 16))) (br 0))";
    let limit = ExecError::MemoryLimit { limit_bytes: 16 << 20 };
    assert_eq!(run_with(bomb, |_| {}).expect_err("ends"), limit);
    assert_eq!(run_with("(drop (memory.grow (i32.const 60000)))", |_| {}).expect_err("ends"), limit);
}

#[test]
fn a_module_that_starts_too_large_meets_its_limit() {
    let text = r#"(module (memory (export "memory") 1000) (func (export "_start")))"#;
    let task = task(Bytes::from(wat::parse_str(text).expect("valid")));
    let error = WasmExecutor::new().expect("starts").run(&task, &CancellationToken::new()).expect_err("ends");
    assert_eq!(error, ExecError::MemoryLimit { limit_bytes: 16 << 20 });
}

#[test]
fn too_much_output_is_its_own_error() {
    let flood = "(loop (call $out (i32.const 16) (i32.const 60000)) (br 0))";
    let error = run_with(flood, |task| task.units_limit = 10_000_000).expect_err("ends");
    // The module ignores the failed writes and goes on, so that fuel may end it first; both say that nothing is delivered.
    assert_eq!(error, ExecError::OutOfFuel { limit: 10_000_000 });
    let once = |bytes: usize| {
        run_with("(call $out (i32.const 16) (i32.const 1000))", move |task| task.output_limit_bytes = bytes)
    };
    assert_eq!(once(999).expect_err("too long"), ExecError::OutputTooLarge { limit_bytes: 999 });
    assert_eq!(once(1000).expect("fits").bytes.len(), 1000);
}

#[test]
fn there_are_no_files() {
    for fd in 3..8 {
        let prestat = format!("(i32.store (i32.const 104) (call $fd_prestat_get (i32.const {fd}) (i32.const 200)))");
        assert_eq!(answer(&prestat), 8, "EBADF");
        let open = format!(
            "(i32.store (i32.const 300) (i32.const 0x6374652f))
             (i32.store (i32.const 104) (call $path_open (i32.const {fd}) (i32.const 0) (i32.const 300) (i32.const 4)
               (i32.const 0) (i64.const 0) (i64.const 0) (i32.const 0) (i32.const 400)))"
        );
        assert_eq!(answer(&open), 8, "EBADF");
    }
}

#[test]
fn there_is_no_network_and_no_environment() {
    let send = "(i32.store (i32.const 104)
        (call $sock_send (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 8)))";
    assert_ne!(answer(send), 0);
    let environ = "(drop (call $environ_sizes_get (i32.const 104) (i32.const 112)))";
    assert_eq!(answer(environ), 0);
}

#[test]
fn clocks_stand_still_and_randomness_is_fixed() {
    assert_eq!(answer("(drop (call $clock_time_get (i32.const 0) (i64.const 1) (i32.const 104)))"), 0);
    assert_eq!(answer("(drop (call $clock_time_get (i32.const 1) (i64.const 1) (i32.const 104)))"), 0);
    let random = || answer("(drop (call $random_get (i32.const 104) (i32.const 4)))");
    assert_eq!(random(), random());
}

#[test]
fn sleeping_is_refused() {
    let sleep = "(i64.store (i32.const 224) (i64.const 3600000000000))
        (i32.store (i32.const 104) (call $poll_oneoff (i32.const 200) (i32.const 300) (i32.const 1) (i32.const 400)))";
    assert_eq!(answer(sleep), 58, "ENOTSUP");
}

#[test]
fn a_trap_and_an_exit_status_are_told() {
    assert!(matches!(run_with("unreachable", |_| {}), Err(ExecError::Trap(why)) if why.contains("unreachable")));
    assert!(
        matches!(run_with("(call $proc_exit (i32.const 3))", |_| {}), Err(ExecError::Trap(why)) if why.contains("3"))
    );
    assert!(run_with("(call $proc_exit (i32.const 0))", |_| {}).is_ok());
}

#[test]
fn an_endless_recursion_is_a_trap() {
    let text = r#"(module (memory (export "memory") 1) (func $f (export "_start") (call $f)))"#;
    let task = task(Bytes::from(wat::parse_str(text).expect("valid")));
    let error = WasmExecutor::new().expect("starts").run(&task, &CancellationToken::new()).expect_err("ends");
    assert!(matches!(&error, ExecError::Trap(why) if why.contains("stack")), "{error}");
}

const TOKEN_INDEX: &[u8] = include_bytes!("../../../../modules/token-index/artifacts/token_index.wasm");

fn shard_task(input: &[u8]) -> Task {
    let mut task = task(Bytes::from_static(TOKEN_INDEX));
    task.input = Bytes::copy_from_slice(input);
    task
}

#[test]
fn the_committed_module_does_what_its_source_does() {
    let executor = WasmExecutor::new().expect("starts");
    let text = include_bytes!("../../../../demo/input.txt");
    for input in [&b""[..], b"one two two", b"\xff\xfe\x00 caf\xc3\xa9\n", &text[..200_000]] {
        let output = executor.run(&shard_task(input), &CancellationToken::new()).expect("runs");
        assert_eq!(output.bytes, token_index::Index::of(input).encode());
    }
}

#[test]
fn fuel_is_the_same_each_time_and_grows_with_the_input() {
    let text = include_bytes!("../../../../demo/input.txt");
    let fuel = |executor: &WasmExecutor, bytes: usize| {
        executor.run(&shard_task(&text[..bytes]), &CancellationToken::new()).expect("runs").units
    };
    let (a, b) = (WasmExecutor::new().expect("starts"), WasmExecutor::new().expect("starts"));
    let once = fuel(&a, 50_000);
    assert_eq!(fuel(&a, 50_000), once);
    assert_eq!(fuel(&b, 50_000), once);
    assert!(fuel(&b, 100_000) > once);
    // The exact amount is enough, one less is not.
    let mut task = shard_task(&text[..50_000]);
    task.units_limit = once;
    assert_eq!(a.run(&task, &CancellationToken::new()).expect("exactly enough").units, once);
    task.units_limit = once - 1;
    assert_eq!(a.run(&task, &CancellationToken::new()), Err(ExecError::OutOfFuel { limit: once - 1 }));
}
