//! What this machine has, as far as it is simple to know: cores and memory.

use mira_wire::service::Machine;

/// Cores that this process may use, and the memory of the machine. GPUs are for the operator to state.
/// Nothing where the system does not say.
#[must_use]
pub fn discover() -> Option<Machine> {
    let cores = std::thread::available_parallelism().ok()?.get();
    let memory_mib = total_mib(&std::fs::read_to_string("/proc/meminfo").ok()?)?;
    let cpu_milli = u32::try_from(cores).ok()?.saturating_mul(1_000);
    Some(Machine { cpu_milli, memory_mib, gpus: 0, model: None })
}

/// The total of Linux's `/proc/meminfo`, in MiB.
fn total_mib(meminfo: &str) -> Option<u32> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    u32::try_from(kib / 1_024).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_is_read() {
        assert_eq!(total_mib("MemTotal:       16384256 kB\nMemFree:        1 kB\n"), Some(16_000));
        assert_eq!(total_mib("MemFree: 1 kB\n"), None);
        assert_eq!(total_mib("MemTotal: many kB\n"), None);
    }
}
