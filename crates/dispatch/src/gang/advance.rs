//! The protocol of gangs, on whatever floor it is played: the engine, or a small model of one in tests.
//!
//! It runs after every input. Reviewed first, in admission order, is what stands: runs whose member
//! was lost stop, reservations start or are released. Then, if that or anything else freed something,
//! waiting gangs are let in, in the same order.

use mira_core::Key;

use crate::gang::book::{Book, Member, State};
use crate::gang::note::{Cause, Note, What};

/// How often one input may go round: a gang that was let in and lost a member at once waits for the
/// next input.
const ROUNDS: u32 = 3;

/// How a member stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Its lease is open and covers what it has to do.
    Open,
    /// Its lease is proposed, or not yet wanted.
    Pending,
    /// It will not come, or is gone.
    Lost,
}

/// Who could be a member.
#[derive(Clone, Debug, Default)]
pub(crate) struct Survey {
    /// Members that could be had now, at most as many as the gang has.
    pub(crate) now: Vec<Member>,
    /// Whether there would be enough if no other gang claimed a slot.
    pub(crate) possible: bool,
}

/// What the protocol asks and tells.
pub(crate) trait Floor {
    /// Whether the job needs no gang any more.
    fn is_over(&self, job: &Key) -> bool;
    /// Who could be a member.
    fn survey(&mut self, book: &Book, job: &Key, size: u16) -> Survey;
    /// Proposes leases to enough members; all of them, or none and nothing.
    fn invite(&mut self, book: &Book, job: &Key, size: u16) -> Option<Vec<Member>>;
    /// How a member stands.
    fn standing(&self, book: &Book, job: &Key, rank: usize, member: &Member) -> Standing;
    /// Whether one more gang could have a slot of the provider now, if need be by stopping a shard.
    fn has_slot(&self, book: &Book, provider: &Key) -> bool;
    /// A gang has started on the provider: stops shards until its slot is free.
    fn clear_slot(&mut self, book: &Book, provider: &Key);
    /// Withdraws the job's proposals. `late` if they were left lying for too long.
    fn withdraw(&mut self, job: &Key, late: bool);
    /// Stops all that the job runs.
    fn halt(&mut self, job: &Key);
    /// There are not enough providers.
    fn starve(&mut self, job: &Key, size: u16);
    /// A gang of this place in the admission order has started.
    fn begin(&mut self, tag: u64);
    /// Lets those be asked again who let the job wait. Whether there was anybody.
    fn forgive(&mut self, job: &Key) -> bool;
    /// How long a reservation may last. Milliseconds.
    fn limit_ms(&self, size: u16) -> u64;
    /// Looks again at that time.
    fn wake(&mut self, job: &Key, at_ms: u64);
    /// Tells what happened.
    fn tell(&mut self, note: Note);
}

/// Does all that can be done now.
pub(crate) fn advance(book: &mut Book, floor: &mut impl Floor, now_ms: u64) {
    for _ in 0..ROUNDS {
        for job in book.in_order() {
            review(book, floor, &job, now_ms);
        }
        if !std::mem::take(&mut book.changed) {
            return;
        }
        for job in book.in_order() {
            admit(book, floor, &job, now_ms);
        }
    }
}

fn review(book: &mut Book, floor: &mut impl Floor, job: &Key, now_ms: u64) {
    if floor.is_over(job) {
        book.leave(job);
        return floor.tell(Note { job: *job, what: What::Left });
    }
    let Some(gang) = book.get(job) else { return };
    let standing = |(rank, member): (usize, &Member)| (floor.standing(book, job, rank, member), member.provider);
    let standings: Vec<(Standing, Key)> = gang.members().iter().enumerate().map(standing).collect();
    let lost = standings.iter().find(|(standing, _)| *standing == Standing::Lost).map(|(_, provider)| *provider);
    match (&gang.state, lost) {
        (State::Running { .. }, Some(lost)) => {
            floor.halt(job);
            book.release(job);
            floor.tell(Note { job: *job, what: What::Stopped { lost } });
        }
        (State::Reserving { until_ms, .. }, _) if *until_ms < now_ms => {
            release(book, floor, job, Cause::LimitPassed);
        }
        (State::Reserving { .. }, Some(lost)) => release(book, floor, job, Cause::MemberLost(lost)),
        (State::Reserving { invited: true, .. }, None) => {
            let open = standings.iter().all(|(standing, _)| *standing == Standing::Open);
            if open && standings.iter().all(|(_, provider)| floor.has_slot(book, provider)) {
                start(book, floor, job);
            }
        }
        _ => {}
    }
}

fn start(book: &mut Book, floor: &mut impl Floor, job: &Key) {
    book.start(job);
    if let Some(gang) = book.get(job) {
        floor.begin(gang.ticket.0);
    }
    let members: Vec<Key> =
        book.get(job).into_iter().flat_map(|gang| gang.members()).map(|member| member.provider).collect();
    members.iter().for_each(|provider| floor.clear_slot(book, provider));
    floor.tell(Note { job: *job, what: What::Started { members } });
}

fn release(book: &mut Book, floor: &mut impl Floor, job: &Key, cause: Cause) {
    floor.withdraw(job, cause == Cause::LimitPassed);
    book.release(job);
    floor.tell(Note { job: *job, what: What::Released(cause) });
}

/// Lets a gang in that claims nothing yet, or has found more members.
fn admit(book: &mut Book, floor: &mut impl Floor, job: &Key, now_ms: u64) {
    let Some(gang) = book.get(job) else { return };
    let (size, held, old_until_ms) = match &gang.state {
        State::Waiting => (gang.size, None, None),
        State::Reserving { members, invited: false, until_ms } => (gang.size, Some(members.len()), Some(*until_ms)),
        State::Reserving { .. } | State::Running { .. } => return,
    };
    // What it holds is looked for again, with all that has become free.
    book.unclaim(job);
    let survey = floor.survey(book, job, size);
    let until_ms = now_ms.saturating_add(floor.limit_ms(size));
    if survey.now.len() >= usize::from(size) {
        if let Some(members) = floor.invite(book, job, size) {
            book.reserve(job, members, true, until_ms);
            return reserved(floor, job, size, 0, until_ms);
        }
    } else if survey.possible && book.holder().is_none() && (held.is_some() || !survey.now.is_empty()) {
        let until_ms = old_until_ms.unwrap_or(until_ms);
        let found = survey.now.len();
        book.reserve(job, survey.now, false, until_ms);
        if held != Some(found) {
            let members = u16::try_from(found).unwrap_or(u16::MAX);
            reserved(floor, job, members, size.saturating_sub(members), until_ms);
        }
        return;
    }
    if held.is_some() {
        book.release(job);
        floor.tell(Note { job: *job, what: What::Released(Cause::NoCandidate) });
    }
    if !survey.possible || survey.now.len() >= usize::from(size) {
        floor.starve(job, size);
        if floor.forgive(job) {
            // Rather those who let it wait than nobody.
            floor.wake(job, until_ms);
        }
    }
}

fn reserved(floor: &mut impl Floor, job: &Key, members: u16, missing: u16, until_ms: u64) {
    floor.wake(job, until_ms.saturating_add(1));
    floor.tell(Note { job: *job, what: What::Reserved { members, missing, until_ms } });
}
