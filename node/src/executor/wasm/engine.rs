//! The engine's settings, what a module may import, and the checks a module passes before it runs.

use wasmtime::{Caller, Config, Engine, ExternType, InstancePre, Linker, Module};
use wasmtime_wasi::p1;

use super::host::Host;
use super::{ExecError, MAX_MODULE_BYTES};

const WASI: &str = "wasi_snapshot_preview1";
/// WASI's `ENOTSUP`.
const NOT_SUPPORTED: i32 = 58;

fn host_error(error: &wasmtime::Error) -> ExecError {
    ExecError::Host(format!("{error:#}"))
}

/// An engine that meters fuel, can be interrupted, and leaves out every feature whose result may differ between machines.
pub(super) fn build() -> Result<Engine, ExecError> {
    let mut config = Config::new();
    config
        .consume_fuel(true)
        .epoch_interruption(true)
        .cranelift_nan_canonicalization(true)
        .wasm_relaxed_simd(false)
        .wasm_memory64(false)
        .wasm_multi_memory(false);
    Engine::new(&config).map_err(|e| host_error(&e))
}

/// Everything a module may import: WASI preview 1 without sleeping.
pub(super) fn link(engine: &Engine) -> Result<Linker<Host>, ExecError> {
    let mut linker = Linker::new(engine);
    p1::add_to_linker_sync(&mut linker, |host: &mut Host| &mut host.wasi).map_err(|e| host_error(&e))?;
    // The host would really sleep, and neither fuel nor epochs could interrupt it.
    linker.allow_shadowing(true);
    linker
        .func_wrap(WASI, "poll_oneoff", |_: Caller<'_, Host>, _: i32, _: i32, _: i32, _: i32| NOT_SUPPORTED)
        .map_err(|e| host_error(&e))?;
    Ok(linker)
}

/// Compiles a module and resolves its imports.
pub(super) fn compile(engine: &Engine, linker: &Linker<Host>, bytes: &[u8]) -> Result<InstancePre<Host>, ExecError> {
    if bytes.len() > MAX_MODULE_BYTES {
        let reason = format!("it has {} bytes, at most {MAX_MODULE_BYTES} are accepted", bytes.len());
        return Err(ExecError::Malformed(reason));
    }
    let malformed = |error: wasmtime::Error| ExecError::Malformed(format!("{error:#}"));
    let module = Module::new(engine, bytes).map_err(malformed)?;
    check_exports(&module)?;
    linker.instantiate_pre(&module).map_err(malformed)
}

fn check_exports(module: &Module) -> Result<(), ExecError> {
    let start = match module.get_export("_start") {
        Some(ExternType::Func(ty)) => ty.params().len() == 0 && ty.results().len() == 0,
        _ => false,
    };
    if !start {
        return Err(ExecError::Malformed("it exports no function `_start` without parameters and results".into()));
    }
    match module.get_export("memory") {
        Some(ExternType::Memory(_)) => Ok(()),
        _ => Err(ExecError::Malformed("it exports no `memory`".into())),
    }
}
