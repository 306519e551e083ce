//! Which instruction the host is running: the stubs of Solana's crates are plain functions, so they
//! find the runtime through their thread.

use solana_program_runtime::invoke_context::InvokeContext;
use solana_sdk::instruction::InstructionError;
use solana_sdk::program_error::ProgramError;
use std::cell::RefCell;
use std::ptr::NonNull;

/// One call of the program, outermost first: a program that calls itself has several.
struct Frame {
    context: NonNull<InvokeContext<'static, 'static>>,
    /// On the chain a failed call ends the transaction there and then, and the caller never learns of
    /// it. A host cannot end it in the middle, so the first failure is kept and wins in the end.
    failure: Option<InstructionError>,
}

thread_local! {
    static FRAMES: RefCell<Vec<Frame>> = const { RefCell::new(Vec::new()) };
}

/// Runs the program, during which [`with`] finds `context`.
pub(super) fn enter(
    context: &mut InvokeContext<'static, 'static>,
    program: impl FnOnce() -> Result<(), InstructionError>,
) -> Result<(), InstructionError> {
    FRAMES.with_borrow_mut(|frames| frames.push(Frame { context: NonNull::from(context), failure: None }));
    let outcome = program();
    let frame = FRAMES.with_borrow_mut(Vec::pop).expect("frames are popped where they are pushed");
    frame.failure.map_or(outcome, Err)
}

/// Asks the runtime for something on behalf of the program that runs.
pub(super) fn with<T>(
    ask: impl FnOnce(&mut InvokeContext<'static, 'static>) -> Result<T, InstructionError>,
) -> Result<T, ProgramError> {
    let context = FRAMES.with_borrow(|frames| frames.last().map(|frame| frame.context));
    let mut context = context.expect("only a program that runs asks");
    // SAFETY: `enter` holds the only reference to it until the program returns and does not use it
    // meanwhile; the program asks one thing at a time, from the thread that runs it.
    ask(unsafe { context.as_mut() }).map_err(|error| {
        FRAMES.with_borrow_mut(|frames| {
            let frame = frames.last_mut().expect("only a program that runs asks");
            frame.failure.get_or_insert_with(|| error.clone());
        });
        ProgramError::try_from(error).unwrap_or(ProgramError::InvalidArgument)
    })
}
