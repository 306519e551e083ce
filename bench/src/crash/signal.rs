//! Signals to processes, which the standard library sends only to children and only one of them.

#![allow(unsafe_code)]

use anyhow::{Context, ensure};
use std::io;

/// What is sent here.
#[derive(Clone, Copy, Debug)]
pub enum Signal {
    /// Ends at once, without a word.
    Kill,
    /// Asks to end.
    Terminate,
    /// Stands still until it may go on.
    Stop,
    /// Goes on.
    Continue,
    /// Asks to end; PostgreSQL then waits for nobody.
    Interrupt,
}

/// Sends a signal to one process.
///
/// # Errors
/// There is no such process, or it is another user's.
pub fn send(process: u32, signal: Signal) -> anyhow::Result<()> {
    let number = match signal {
        Signal::Kill => libc::SIGKILL,
        Signal::Terminate => libc::SIGTERM,
        Signal::Stop => libc::SIGSTOP,
        Signal::Continue => libc::SIGCONT,
        Signal::Interrupt => libc::SIGINT,
    };
    let process = libc::pid_t::try_from(process).context("no process has that number")?;
    ensure!(process > 0, "0 would be a whole group of processes");
    // SAFETY: it takes two numbers and touches no memory of ours.
    match unsafe { libc::kill(process, number) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()).with_context(|| format!("cannot signal process {process}")),
    }
}

/// Ends this process at once, as an operator's `kill -9` or the kernel would.
pub fn die() -> ! {
    // It cannot fail, and if it did, nothing must go on.
    let _ = send(std::process::id(), Signal::Kill);
    std::process::abort()
}
