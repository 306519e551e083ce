//! Which processor core a process runs on.

#![allow(unsafe_code)]

use anyhow::ensure;

/// Lets this process run on one core only, all of its threads included that begin later.
///
/// # Errors
/// There is no such core, or the system does not allow it.
pub fn pin(core: usize) -> anyhow::Result<()> {
    // SAFETY: the set is plain data that the two macros only write within, and the call only reads it.
    let result = unsafe {
        let mut set: libc::cpu_set_t = std::mem::zeroed();
        libc::CPU_ZERO(&mut set);
        libc::CPU_SET(core % usize::try_from(libc::CPU_SETSIZE)?, &mut set);
        libc::sched_setaffinity(0, size_of::<libc::cpu_set_t>(), &set)
    };
    ensure!(result == 0, "cannot run on core {core} alone: {}", std::io::Error::last_os_error());
    Ok(())
}
