//! The program compiled for the host, run in the SVM in the place of its ELF, so that a fault of the
//! compiler for the chain shows: the same script on both must leave the same bytes.
//!
//! The SVM runs a program through its loader. [`install`] puts another loader in that place, which
//! runs `mira::entry` and hands every other program to the real one. Accounts stay exactly as they
//! are for the ELF: the program's account, the loader's record of its upgrade authority and the
//! layout in which accounts are passed are the runtime's own. What a program asks of the runtime
//! (calls, sysvars) reaches it through the stubs that Solana's crates have for programs on a host:
//! see [`syscalls`].
//!
//! Not faithful, and deliberately so: compute units (only called programs count), the heap's and the
//! stack's size, logs (Solana's crates print them to standard output on a host: see
//! [`quiet_stdout`]) and return data, which no instruction of the program has.

// The one place of the workspace that stands where the runtime's virtual machine stands, with raw
// memory on one side of it.
#![allow(unsafe_code)]

mod frame;
mod syscalls;

use litesvm::LiteSVM;
use solana_bpf_loader_program::Entrypoint;
use solana_program_runtime::invoke_context::InvokeContext;
use solana_program_runtime::serialization::{deserialize_parameters, serialize_parameters};
use solana_program_runtime::solana_sbpf::declare_builtin_function;
use solana_program_runtime::solana_sbpf::program::BuiltinFunctionDefinition;
use solana_sdk::entrypoint::deserialize;
use solana_sdk::instruction::InstructionError;
use solana_sdk_ids::bpf_loader_upgradeable;
use std::error::Error;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, AsRawFd};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Lets the host run the program from now on. Its account has to be there already, with any ELF.
pub fn install(svm: &mut LiteSVM) {
    syscalls::install();
    svm.add_builtin(bpf_loader_upgradeable::ID, Loader::register);
}

/// Sends standard output to nothing from now on, and gives what it was: for commands whose own report
/// is all that may go there.
///
/// # Errors
/// There is no `/dev/null`, or standard output is closed.
pub fn quiet_stdout() -> io::Result<File> {
    let was = File::from(io::stdout().as_fd().try_clone_to_owned()?);
    let nothing = File::options().write(true).open("/dev/null")?;
    // SAFETY: both are open; the second is replaced as a whole and stays open.
    match unsafe { libc::dup2(nothing.as_raw_fd(), libc::STDOUT_FILENO) } {
        -1 => Err(io::Error::last_os_error()),
        _ => Ok(was),
    }
}

declare_builtin_function!(
    /// The loader that runs the program on the host.
    Loader,
    fn rust(
        context: &mut InvokeContext<'static, 'static>,
        a: u64,
        b: u64,
        c: u64,
        d: u64,
        e: u64,
    ) -> Result<u64, Box<dyn Error>> {
        let current = context.transaction_context.get_current_instruction_context()?;
        if current.get_program_key()? == &mira::ID {
            run(context)?;
            return Ok(0);
        }
        Entrypoint::rust(context, a, b, c, d, e)
    }
);

/// One instruction of the program: accounts and data out of the runtime, the program over them, and
/// what it changed back, under the runtime's own checks.
fn run(context: &mut InvokeContext<'static, 'static>) -> Result<(), InstructionError> {
    let current = context.transaction_context.get_current_instruction_context()?;
    let (mut memory, _, accounts, _) = serialize_parameters(&current, false, false, false)?;
    frame::enter(context, || caught(|| call(memory.as_slice_mut())))?;
    let current = context.transaction_context.get_current_instruction_context()?;
    deserialize_parameters(&current, false, false, memory.as_slice(), &accounts)
}

/// A panic of the program ends its instruction, as it does on the chain.
fn caught(program: impl FnOnce() -> Result<(), InstructionError>) -> Result<(), InstructionError> {
    catch_unwind(AssertUnwindSafe(program)).unwrap_or(Err(InstructionError::ProgramFailedToComplete))
}

/// Calls the program as its entrypoint on the chain would.
fn call(memory: &mut [u8]) -> Result<(), InstructionError> {
    // SAFETY: the runtime laid this memory out for a program, and nothing else touches it meanwhile.
    let (program, accounts, data) = unsafe { deserialize(memory.as_mut_ptr()) };
    mira::entry(program, &accounts, data).map_err(|error| InstructionError::from(u64::from(error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error() {
        assert_eq!(caught(|| panic!("as a program may")), Err(InstructionError::ProgramFailedToComplete));
        assert_eq!(caught(|| Err(InstructionError::Custom(7))), Err(InstructionError::Custom(7)));
        assert_eq!(caught(|| Ok(())), Ok(()));
    }
}
