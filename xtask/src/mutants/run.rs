//! Running the tests against one mutant after the other, two at a time.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use anyhow::{Context, bail};

use super::{
    elf::Elf,
    guard::Guard,
    order::{GROUPS, Stage, stages},
    suite::{Outcome, Suite},
    verdict::Verdict,
};
use crate::clock::Stopwatch;

/// A mutant is one process of one thread.
const AT_ONCE: usize = 2;

/// The tests that may notice.
pub struct Suites {
    /// Those that run the program's bytecode.
    pub program: Suite,
    /// The core's own, compiled for the host.
    pub core: Suite,
}

impl Suites {
    fn run(&self, stage: &Stage, mutant: &Mutant) -> anyhow::Result<Outcome> {
        let suite = if stage.of_core { &self.core } else { &self.program };
        suite.run(&stage.part, stage.done.as_deref(), mutant)
    }
}

/// Refuses unless every test passes with every guard on: a mutant that dies has to die of its own.
pub fn control(suites: &Suites, elf: &Elf, folder: &Path) -> anyhow::Result<()> {
    let mutant = Mutant::write(elf, 0, folder)?;
    let mut stages = GROUPS.map(|group| Stage { of_core: false, part: group.to_owned(), done: None }).to_vec();
    stages.push(Stage { of_core: true, part: String::new(), done: None });
    each(&stages, |stage| match suites.run(stage, &mutant)? {
        Outcome::Failed(trial) => {
            bail!("{trial} fails although every guard is on: mend that first, or build the ELF anew")
        }
        Outcome::Passed => Ok(()),
    })?;
    Ok(())
}

/// Removes each guard in turn.
pub fn all(suites: &Suites, elf: &Elf, folder: &Path, guards: &[&Guard]) -> anyhow::Result<Vec<Verdict>> {
    each(guards, |guard| {
        let verdict = one(suites, elf, folder, guard)?;
        writeln!(std::io::stderr().lock(), "{}", verdict.line())?;
        Ok(verdict)
    })
}

/// Does something with each item, [`AT_ONCE`] at a time; the results come in any order.
fn each<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> anyhow::Result<R> + Sync) -> anyhow::Result<Vec<R>> {
    let next = AtomicUsize::new(0);
    let worker = || -> anyhow::Result<Vec<R>> {
        let taken = std::iter::from_fn(|| items.get(next.fetch_add(1, Ordering::Relaxed)));
        taken.map(&work).collect()
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(worker)).collect();
        let mut results = Vec::new();
        for worker in workers {
            results.extend(worker.join().map_err(|_| anyhow::anyhow!("a mutant's run panicked"))??);
        }
        Ok(results)
    })
}

fn one(suites: &Suites, elf: &Elf, folder: &Path, guard: &Guard) -> anyhow::Result<Verdict> {
    let (watch, mutant) = (Stopwatch::start(), Mutant::write(elf, guard.number, folder)?);
    for stage in stages(guard) {
        if let Outcome::Failed(trial) = suites.run(&stage, &mutant)? {
            let whose = if stage.of_core { "mira-core: " } else { "" };
            return Ok(Verdict::new(guard, Some(format!("{whose}{trial}")), watch.elapsed()));
        }
    }
    Ok(Verdict::new(guard, None, watch.elapsed()))
}

/// An ELF with one guard off, for as long as it is used.
pub struct Mutant {
    path: PathBuf,
    number: u32,
}

impl Mutant {
    fn write(elf: &Elf, number: u32, folder: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(folder)?;
        let path = folder.join(format!("mutant-{}-{number}.so", std::process::id()));
        fs::write(&path, elf.without(number)).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self { path, number })
    }

    /// Where the ELF is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The guard that is off; 0 for none.
    pub fn number(&self) -> u32 {
        self.number
    }
}

impl Drop for Mutant {
    fn drop(&mut self) {
        // One that stays is overwritten or lies below `target`.
        let _ = fs::remove_file(&self.path);
    }
}
