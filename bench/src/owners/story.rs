//! What the workers saw, and what must hold of it. Knows nothing of how a dispatcher decides: an attempt is valid
//! from the answer that hands it out until it expires or its failure is acknowledged, and only one at a time may be.

use std::collections::BTreeMap;

/// Which attempt at which shard of which job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claim {
    pub job: usize,
    pub shard: u32,
    pub attempt: u32,
}

/// One attempt as its worker saw it. Unix milliseconds, of one clock for all.
#[derive(Clone, Debug, Default)]
struct Attempt {
    worker: usize,
    /// When the answer came that handed it out.
    given_ms: u64,
    /// Until when it is valid at least, as that answer said.
    expires_ms: u64,
    /// When the failure was sent whose acknowledgement came.
    failed_ms: Option<u64>,
    accepted: bool,
}

/// Everything that the workers saw.
#[derive(Debug, Default)]
pub struct Story {
    shards: BTreeMap<(usize, u32), BTreeMap<u32, Attempt>>,
    /// Accepted shards by job.
    done: BTreeMap<usize, u32>,
    pub assigned: u64,
    pub accepted: u64,
    pub rejected: u64,
    pub abandoned: u64,
    twice: Vec<String>,
}

impl Story {
    /// An answer handed an attempt to a worker.
    pub fn given(&mut self, claim: Claim, worker: usize, given_ms: u64, expires_ms: u64) {
        self.assigned += 1;
        let attempts = self.shards.entry((claim.job, claim.shard)).or_default();
        let attempt = Attempt { worker, given_ms, expires_ms, ..Attempt::default() };
        if let Some(before) = attempts.insert(claim.attempt, attempt) {
            let before = before.worker;
            self.twice.push(format!("{claim:?} was handed out twice, to workers {before} and {worker}"));
        }
    }

    /// A result was acknowledged as the one that counts. Saying it again changes nothing.
    pub fn accepted(&mut self, claim: Claim) {
        let Some(attempt) = self.attempt(claim) else { return };
        if !std::mem::replace(&mut attempt.accepted, true) {
            self.accepted += 1;
            *self.done.entry(claim.job).or_default() += 1;
        }
    }

    /// A failure that was sent then was acknowledged.
    pub fn failed(&mut self, claim: Claim, sent_ms: u64) {
        if let Some(attempt) = self.attempt(claim) {
            attempt.failed_ms = Some(sent_ms);
        }
    }

    fn attempt(&mut self, claim: Claim) -> Option<&mut Attempt> {
        let attempt = self.shards.get_mut(&(claim.job, claim.shard)).and_then(|all| all.get_mut(&claim.attempt));
        if attempt.is_none() {
            self.twice.push(format!("{claim:?} was answered and never handed out"));
        }
        attempt
    }

    /// How many jobs have all their results.
    pub fn complete(&self) -> usize {
        self.done.values().filter(|done| **done >= super::rows::SHARDS).count()
    }

    /// How many shards of a job have a result.
    pub fn done(&self, job: usize) -> u32 {
        self.done.get(&job).copied().unwrap_or(0)
    }

    /// The attempt and the worker of each result, by shard.
    pub fn results(&self) -> impl Iterator<Item = ((usize, u32), (u32, usize))> + '_ {
        self.shards.iter().flat_map(|(shard, attempts)| {
            let won = attempts.iter().filter(|(_, attempt)| attempt.accepted);
            won.map(|(number, attempt)| (*shard, (*number, attempt.worker)))
        })
    }

    /// What does not hold, one line each.
    pub fn findings(&self, jobs: usize, shards_per_job: u32) -> Vec<String> {
        let mut findings = self.twice.clone();
        for ((job, shard), attempts) in &self.shards {
            let at = format!("job {job} shard {shard}");
            let won: Vec<u32> = attempts.iter().filter(|(_, one)| one.accepted).map(|(number, _)| *number).collect();
            if won.len() > 1 {
                findings.push(format!("{at}: the results of attempts {won:?} were accepted"));
            }
            for (first, second) in attempts.iter().zip(attempts.iter().skip(1)) {
                findings.extend(overlap(first, second).map(|what| format!("{at}: {what}")));
            }
        }
        let unfinished = (0..jobs).filter(|job| self.done(*job) != shards_per_job).count();
        if unfinished > 0 {
            findings.push(format!("{unfinished} of {jobs} jobs are not complete"));
        }
        findings
    }
}

/// Why two attempts that follow each other were valid at the same time, if they were.
fn overlap((number, first): (&u32, &Attempt), (next, second): (&u32, &Attempt)) -> Option<String> {
    if first.accepted {
        return Some(format!("attempt {number} was accepted although attempt {next} had been handed out"));
    }
    let ended_ms = first.failed_ms.map_or(first.expires_ms, |failed_ms| failed_ms.min(first.expires_ms));
    (second.given_ms < ended_ms).then(|| {
        let early_ms = ended_ms - second.given_ms;
        format!("attempt {next} was handed out {early_ms} ms before attempt {number} ended: two valid owners")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn claim(attempt: u32) -> Claim {
        Claim { job: 0, shard: 0, attempt }
    }

    fn one() -> Story {
        let mut story = Story::default();
        story.given(claim(1), 3, 1_000, 2_000);
        story
    }

    #[test]
    fn one_owner_after_the_other_is_well() {
        let mut story = one();
        story.given(claim(2), 4, 2_000, 3_000);
        story.failed(claim(2), 2_500);
        story.given(claim(3), 3, 2_500, 4_000);
        story.accepted(claim(3));
        story.accepted(claim(3));
        assert_eq!(story.findings(1, 1), Vec::<String>::new());
        assert_eq!((story.accepted, story.results().collect::<Vec<_>>()), (1, vec![((0, 0), (3, 3))]));
    }

    #[test]
    fn two_owners_at_a_time_are_found() {
        let mut early = one();
        early.given(claim(2), 4, 1_999, 3_000);
        early.accepted(claim(2));
        assert!(early.findings(1, 1)[0].contains("two valid owners"));
        let mut twice = one();
        twice.given(claim(1), 4, 1_500, 2_500);
        twice.accepted(claim(1));
        assert!(twice.findings(1, 1)[0].contains("handed out twice"));
    }

    #[test]
    fn a_result_of_who_no_longer_holds_the_shard_is_found() {
        let mut late = one();
        late.given(claim(2), 4, 2_000, 3_000);
        late.accepted(claim(1));
        assert!(late.findings(1, 1)[0].contains("attempt 1 was accepted although"));
        late.accepted(claim(2));
        assert!(late.findings(1, 1)[0].contains("[1, 2] were accepted"));
    }

    #[test]
    fn what_was_never_handed_out_or_never_came_is_found() {
        let mut story = one();
        story.accepted(claim(7));
        let findings = story.findings(1, 1);
        assert!(findings[0].contains("never handed out") && findings[1].contains("not complete"), "{findings:?}");
    }
}
