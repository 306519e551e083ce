//! What became of each mutant, printed for a person or as one JSON document.

use std::{collections::BTreeMap, io::Write, time::Duration};

use serde::Serialize;

use super::guard::{Found, Guard, LeftOut};

/// A guard that was removed, and who noticed.
#[derive(Clone, Serialize)]
pub struct Verdict {
    #[serde(flatten)]
    guard: Guard,
    /// The first trial that failed; none if the mutant survived.
    killed_by: Option<String>,
    seconds: f64,
}

impl Verdict {
    /// What the tests made of a guard's absence.
    pub fn new(guard: &Guard, killed_by: Option<String>, took: Duration) -> Self {
        Self { guard: guard.clone(), killed_by, seconds: (took.as_secs_f64() * 10.0).round() / 10.0 }
    }

    /// One line for a person.
    pub fn line(&self) -> String {
        let Guard { number, file, line, text, .. } = &self.guard;
        let seconds = self.seconds;
        match &self.killed_by {
            Some(trial) => format!("{number:>4} killed   {file}:{line} {text}\n     by {trial} ({seconds} s)"),
            None => format!("{number:>4} SURVIVED {file}:{line} {text} ({seconds} s)"),
        }
    }

    fn number(&self) -> u32 {
        self.guard.number
    }
}

/// The outcome of a run.
#[derive(Serialize)]
pub struct Verdicts {
    ok: bool,
    command: &'static str,
    seed: Option<u64>,
    /// How many guards there are.
    guards: usize,
    /// How many of them were removed.
    removed: usize,
    killed: usize,
    survived: usize,
    seconds: f64,
    mutants: Vec<Verdict>,
    left_out: Vec<LeftOut>,
}

impl Verdicts {
    /// Sums up a run over `found`.
    pub fn new(found: Found, mut mutants: Vec<Verdict>, seed: Option<u64>, took: Duration) -> Self {
        mutants.sort_by_key(Verdict::number);
        let killed = mutants.iter().filter(|mutant| mutant.killed_by.is_some()).count();
        let removed = mutants.len();
        Self {
            ok: killed == removed,
            command: "mutants",
            seed,
            guards: found.guards.len(),
            removed,
            killed,
            survived: removed - killed,
            seconds: took.as_secs_f64().round(),
            mutants,
            left_out: found.left_out,
        }
    }

    /// Whether every removed guard was missed.
    pub fn ok(&self) -> bool {
        self.ok
    }

    /// Prints the run on standard output.
    pub fn print(&self, json: bool) -> anyhow::Result<()> {
        let mut out = std::io::stdout().lock();
        if json {
            serde_json::to_writer_pretty(&mut out, self)?;
            writeln!(out)?;
            return Ok(());
        }
        for mutant in &self.mutants {
            writeln!(out, "{}", mutant.line())?;
        }
        left_out(&mut out, &self.left_out)?;
        for mutant in self.mutants.iter().filter(|mutant| mutant.killed_by.is_none()) {
            let again = format!("cargo xtask mutants --guards --only {}", mutant.number());
            writeln!(out, "✗ {}; again: {again}", mutant.line().trim_start())?;
        }
        let Self { guards, removed, killed, survived, seconds, .. } = self;
        let seed = self.seed.map(|seed| format!(", seed {seed}")).unwrap_or_default();
        let verdict = if self.ok { "ok" } else { "not ok" };
        writeln!(
            out,
            "mutants: {verdict}, {removed} of {guards} guards removed{seed}: {killed} killed, {survived} survived, in {seconds} s"
        )?;
        Ok(())
    }
}

/// Prints the list of guards alone.
pub fn list(found: &Found, json: bool) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    if json {
        serde_json::to_writer_pretty(&mut out, found)?;
        writeln!(out)?;
        return Ok(());
    }
    for Guard { number, file, line, text, .. } in &found.guards {
        writeln!(out, "{number:>4} {file}:{line} {text}")?;
    }
    left_out(&mut out, &found.left_out)?;
    writeln!(out, "{} guards, {} places left out", found.guards.len(), found.left_out.len())?;
    Ok(())
}

/// Every refusal without a switch, by reason.
fn left_out(out: &mut impl Write, left_out: &[LeftOut]) -> anyhow::Result<()> {
    let mut reasons: BTreeMap<&str, Vec<&LeftOut>> = BTreeMap::new();
    left_out.iter().for_each(|left| reasons.entry(&left.reason).or_default().push(left));
    for (reason, places) in reasons {
        writeln!(out, "left out, {}: {reason}", places.len())?;
        for LeftOut { file, line, text, .. } in places {
            writeln!(out, "     {file}:{line} {text}")?;
        }
    }
    Ok(())
}
