//! One run of one module.

use tokio_util::sync::CancellationToken;
use wasmtime::{Engine, InstancePre, Store, Trap, UpdateDeadline};
use wasmtime_wasi::I32Exit;

use super::host::{Host, Pipes, Stop};
use super::ticker::TICK_MS;
use super::{ExecError, Output, Task};

/// What is quoted of a failed module's standard error, in bytes from its end.
const QUOTED_STDERR_BYTES: usize = 400;

pub(super) fn run(
    engine: &Engine,
    module: &InstancePre<Host>,
    task: &Task,
    cancel: &CancellationToken,
) -> Result<Output, ExecError> {
    let (host, pipes) = Host::new(task.input.clone(), task.memory_limit_bytes, task.output_limit_bytes);
    let mut store = Store::new(engine, host);
    store.limiter(|host| &mut host.limits);
    // Fuel is looked at only at loops and calls, and one unit has to be left there: so one more than the limit goes in, and what was used
    // is compared at the end.
    let fuel = task.units_limit.saturating_add(1);
    store.set_fuel(fuel).map_err(|e| ExecError::Host(format!("{e:#}")))?;
    limit_time(&mut store, task.time_limit_ms, cancel.clone());

    let ended = start(&mut store, module);
    let left = store.get_fuel().map_err(|e| ExecError::Host(format!("{e:#}")))?;
    if let Err(error) = ended {
        judge(&error, store.data(), &pipes, task)?;
    }
    let units = fuel.saturating_sub(left);
    if units > task.units_limit {
        return Err(ExecError::OutOfFuel { limit: task.units_limit });
    }
    let bytes = pipes.stdout.contents();
    if bytes.len() > task.output_limit_bytes {
        return Err(ExecError::OutputTooLarge { limit_bytes: task.output_limit_bytes });
    }
    Ok(Output { bytes, units })
}

fn start(store: &mut Store<Host>, module: &InstancePre<Host>) -> wasmtime::Result<()> {
    let instance = module.instantiate(&mut *store)?;
    instance.get_typed_func::<(), ()>(&mut *store, "_start")?.call(store, ())
}

/// Checks at every tick whether the run is cancelled or has used up its time.
fn limit_time(store: &mut Store<Host>, limit_ms: u64, cancel: CancellationToken) {
    // The first tick may come at once, so that one more never cuts a run short.
    let mut ticks_left = limit_ms.div_ceil(TICK_MS).saturating_add(1);
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(move |mut context| {
        ticks_left = ticks_left.saturating_sub(1);
        let host: &mut Host = context.data_mut();
        host.stop = if cancel.is_cancelled() {
            Some(Stop::Cancelled)
        } else if ticks_left == 0 {
            Some(Stop::Time)
        } else {
            None
        };
        Ok(if host.stop.is_some() { UpdateDeadline::Interrupt } else { UpdateDeadline::Continue(1) })
    });
}

/// Says which limit ended the run; `Ok` if the module exited by itself with status 0.
fn judge(error: &wasmtime::Error, host: &Host, pipes: &Pipes, task: &Task) -> Result<(), ExecError> {
    match host.stop {
        Some(Stop::Time) => return Err(ExecError::TimeLimit { limit_ms: task.time_limit_ms }),
        Some(Stop::Cancelled) => return Err(ExecError::Cancelled),
        None => {}
    }
    if host.limits.exceeded {
        return Err(ExecError::MemoryLimit { limit_bytes: task.memory_limit_bytes });
    }
    if error.downcast_ref::<Trap>() == Some(&Trap::OutOfFuel) {
        return Err(ExecError::OutOfFuel { limit: task.units_limit });
    }
    if pipes.stdout.contents().len() > task.output_limit_bytes {
        return Err(ExecError::OutputTooLarge { limit_bytes: task.output_limit_bytes });
    }
    match error.downcast_ref::<I32Exit>() {
        Some(I32Exit(0)) => Ok(()),
        Some(I32Exit(status)) => Err(ExecError::Trap(format!("exit status {status}{}", quoted(pipes)))),
        None => {
            let trap = error.downcast_ref::<Trap>().map_or_else(|| error.root_cause().to_string(), ToString::to_string);
            Err(ExecError::Trap(format!("{trap}{}", quoted(pipes))))
        }
    }
}

/// The end of what the module wrote to standard error.
fn quoted(pipes: &Pipes) -> String {
    let stderr = pipes.stderr.contents();
    let tail = stderr.get(stderr.len().saturating_sub(QUOTED_STDERR_BYTES)..).unwrap_or_default();
    match String::from_utf8_lossy(tail).trim() {
        "" => String::new(),
        text => format!("; it wrote: {text}"),
    }
}
