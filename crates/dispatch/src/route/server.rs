//! What routing knows of one provider, whichever leases lead to it: a cache line.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::route::choose::weight_of;
use crate::route::config::RouteConfig;
use crate::route::region::RegionId;

/// A provider's load, speed and standing.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
#[repr(C, align(64))]
pub(super) struct Server {
    /// Since when it keeps someone waiting, the round trip not counted; begins anew with every first token.
    /// `u64::MAX` while nobody waits.
    pub(super) due_us: u64,
    /// When the average was last changed.
    pub(super) sampled_us: u64,
    /// When it may be probed; 0 while it stands.
    pub(super) until_us: u64,
    pub(super) ewma_us: u32,
    pub(super) deviation_us: u32,
    /// `weight_of` its reliability.
    pub(super) weight: u32,
    pub(super) reliability_ppm: u32,
    pub(super) owner: u32,
    /// Attempts without a first token.
    pub(super) waiting: u16,
    /// Routed requests.
    pub(super) routed: u16,
    /// Other work.
    pub(super) busy: u16,
    pub(super) capacity: u16,
    pub(super) region: RegionId,
    pub(super) strikes: u8,
    /// Whether a request probes it now.
    pub(super) probing: bool,
    /// Whether anything was seen of its speed.
    pub(super) known: bool,
}

const _: () = assert!(size_of::<Server>() == 64, "one cache line");

impl Server {
    pub(super) fn new(owner: u32, region: RegionId) -> Self {
        Server {
            due_us: u64::MAX,
            sampled_us: 0,
            until_us: 0,
            ewma_us: 0,
            deviation_us: 0,
            weight: weight_of(1_000_000),
            reliability_ppm: 1_000_000,
            owner,
            waiting: 0,
            routed: 0,
            busy: 0,
            capacity: 0,
            region,
            strikes: 0,
            probing: false,
            known: false,
        }
    }

    pub(super) fn in_flight(&self) -> u16 {
        self.routed.saturating_add(self.busy)
    }

    /// The time to first token to be expected, without the round trip: the average, its excess over
    /// what is usual half forgotten every `2^decay_shift` of slot time, but no less than what it keeps someone
    /// waiting for. In slot time, because who has twice the slots shows twice as many peaks: otherwise the same
    /// slots would look faster in more providers.
    #[inline]
    pub(super) fn expected_us(&self, usual_us: u32, config: &RouteConfig, now_us: u64) -> u32 {
        let awaited = u32::try_from(now_us.saturating_sub(self.due_us)).unwrap_or(u32::MAX);
        self.average_us(usual_us, config, now_us).max(awaited)
    }

    fn average_us(&self, usual_us: u32, config: &RouteConfig, now_us: u64) -> u32 {
        if !self.known {
            return usual_us;
        }
        let slot_time_us = now_us.saturating_sub(self.sampled_us).saturating_mul(u64::from(self.capacity));
        let halvings = (slot_time_us >> config.decay_shift.min(63)).min(31);
        usual_us.min(self.ewma_us) + (self.ewma_us.saturating_sub(usual_us) >> halvings)
    }

    /// An attempt was sent to it.
    pub(super) fn sent(&mut self, now_us: u64, rtt_us: u32) {
        self.routed = self.routed.saturating_add(1);
        self.waiting = self.waiting.saturating_add(1);
        if self.waiting == 1 {
            self.due_us = now_us.saturating_add(u64::from(rtt_us));
        }
    }

    /// An attempt got its first token, or nobody waits for it any more. As with a retransmission timer
    /// (RFC 6298, 5.3), progress starts the wait of the others anew.
    pub(super) fn waited(&mut self, now_us: u64, progress: bool) {
        self.waiting = self.waiting.saturating_sub(1);
        if self.waiting == 0 {
            self.due_us = u64::MAX;
        } else if progress {
            self.due_us = self.due_us.max(now_us);
        }
    }

    /// Takes a time to first token, without the round trip. A peak counts at once and in full.
    pub(super) fn sample(&mut self, sample_us: u32, usual_us: u32, config: &RouteConfig, now_us: u64) {
        let before = self.average_us(usual_us, config, now_us);
        let off = before.abs_diff(sample_us);
        self.deviation_us = self.deviation_us - self.deviation_us / 8 + off / 8;
        self.ewma_us = if sample_us >= before { sample_us } else { before - off / 8 };
        (self.sampled_us, self.known) = (now_us, true);
    }

    /// Takes a wait that was cut short: it says something only if it was longer than expected.
    pub(super) fn sample_at_least(&mut self, waited_us: u32, usual_us: u32, config: &RouteConfig, now_us: u64) {
        if waited_us > self.average_us(usual_us, config, now_us) {
            self.sample(waited_us, usual_us, config, now_us);
        }
    }

    /// It failed: left alone at once, twice as long every time.
    pub(super) fn suspend(&mut self, config: &RouteConfig, now_us: u64) {
        let wait = config.probe_after_us.saturating_mul(1 << self.strikes.min(32)).min(config.probe_cap_us);
        self.until_us = now_us.saturating_add(wait).max(1);
        self.strikes = self.strikes.saturating_add(1).min(32);
        self.probing = false;
    }

    /// Its probe was called off before it showed anything: another one later.
    pub(super) fn postpone(&mut self, config: &RouteConfig, now_us: u64) {
        // Another one may have answered meanwhile.
        if self.until_us > 0 {
            (self.until_us, self.probing) = (now_us.saturating_add(config.probe_after_us).max(1), false);
        }
    }

    /// It answered: it stands again.
    pub(super) fn restore(&mut self) {
        (self.until_us, self.strikes, self.probing) = (0, 0, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL_US: u32 = 300_000;

    fn server() -> Server {
        Server { capacity: 8, ..Server::new(1, RegionId(0)) }
    }

    #[test]
    fn a_peak_counts_at_once_and_is_forgotten_slowly() {
        let config = RouteConfig::default();
        let mut server = server();
        assert_eq!(server.expected_us(USUAL_US, &config, 0), USUAL_US, "nothing is known");
        server.sample(100_000, USUAL_US, &config, 1_000);
        assert_eq!(server.ewma_us, 275_000, "an eighth of the way down from the usual");
        server.sample(2_300_000, USUAL_US, &config, 2_000);
        assert_eq!(server.ewma_us, 2_300_000);
        let half_life_us = (1 << config.decay_shift) / 8;
        assert_eq!(server.expected_us(USUAL_US, &config, 2_000 + half_life_us), 1_300_000);
        assert_eq!(server.expected_us(USUAL_US, &config, 2_000 + 2 * half_life_us), 800_000);
        assert_eq!(server.expected_us(USUAL_US, &config, u64::MAX), USUAL_US, "as good as any other");
    }

    /// Eight slots in one provider see eight times the samples of one slot, and forget each eight times as fast.
    #[test]
    fn memory_is_in_slot_time() {
        let config = RouteConfig::default();
        let (mut whole, mut part) = (server(), Server { capacity: 1, ..server() });
        whole.sample(2_300_000, USUAL_US, &config, 0);
        part.sample(2_300_000, USUAL_US, &config, 0);
        for seconds in [0, 9, 17, 60] {
            let of_whole = whole.expected_us(USUAL_US, &config, seconds * 1_000_000);
            assert_eq!(part.expected_us(USUAL_US, &config, 8 * seconds * 1_000_000), of_whole, "after {seconds} s");
        }
    }

    #[test]
    fn an_overdue_answer_is_evidence() {
        let config = RouteConfig::default();
        let mut server = server();
        server.sent(900_000, 100_000);
        server.sent(1_100_000, 100_000);
        assert_eq!(server.expected_us(USUAL_US, &config, 1_200_000), USUAL_US);
        assert_eq!(server.expected_us(USUAL_US, &config, 3_000_000), 2_000_000);
        server.waited(3_000_000, true);
        assert_eq!(server.expected_us(USUAL_US, &config, 3_500_000), 500_000, "since the last progress");
        server.waited(3_600_000, false);
        assert_eq!(server.expected_us(USUAL_US, &config, 9_000_000), USUAL_US, "nobody waits");
    }

    #[test]
    fn suspensions_double_up_to_the_cap() {
        let config = RouteConfig { probe_after_us: 10, probe_cap_us: 35, ..RouteConfig::default() };
        let mut server = server();
        for wait in [10, 20, 35, 35] {
            server.suspend(&config, 1_000);
            assert_eq!(server.until_us, 1_000 + wait);
        }
        server.restore();
        assert_eq!((server.until_us, server.strikes), (0, 0));
    }
}
