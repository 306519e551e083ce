//! A part's document in docs/benchmarks, with its plots beside it; and what the process holds.

use super::COMMAND;
use crate::machine::Origin;
use crate::root;
use mira_dispatch_sim::report::Section;

/// Where they stand.
const FOLDER: &str = "docs/benchmarks";

/// Writes a part's document and plots.
///
/// # Errors
/// A file cannot be written.
pub fn write(section: &Section) -> anyhow::Result<()> {
    let Origin { processor, threads, .. } = Origin::here();
    let name = section.name;
    let text = format!(
        "# Dispatch: {name}\n\nWritten by `cargo xtask {COMMAND} {name} --write` on {processor}, {threads} threads. Figures \
         are means over the seeds with 95 % confidence intervals (Student's t).\n\n{}",
        section.markdown
    );
    for plot in &section.plots {
        root::write(&format!("{FOLDER}/{}", plot.file), &plot.svg)?;
    }
    root::write(&format!("{FOLDER}/{name}.md"), &text)
}

/// The memory that this process holds, in bytes, where the system says so.
pub fn resident() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1_024)
}

#[cfg(test)]
mod tests {
    use super::resident;

    #[test]
    fn what_is_held_is_seen() {
        let before = resident().expect("Linux says so");
        let held = vec![1_u8; 64 << 20];
        assert!(resident().expect("Linux says so") >= before + (32 << 20) && held[1] == 1);
    }
}
