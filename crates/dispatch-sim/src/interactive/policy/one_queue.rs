//! One queue before all slots, in order of arrival: a request leaves it when the dispatcher hears that a slot is free,
//! for the free provider that will write its first token first. It knows who is slow now and who will be, which nobody
//! can. Not a bound: who also knows how long requests are can make some of them wait for the others.

use super::{Ask, Policy, View};
use crate::interactive::world::World;

/// Knows the network, slow periods included.
pub struct OneQueue(World);

impl OneQueue {
    /// For a network.
    pub fn new(world: &World) -> Self {
        OneQueue(world.clone())
    }
}

impl Policy for OneQueue {
    fn holds(&self, view: &View<'_>) -> bool {
        view.open.iter().all(|provider| view.in_flight[*provider] >= view.slots[*provider])
    }

    fn route(&mut self, view: &View<'_>, ask: &Ask) -> usize {
        let OneQueue(world) = self;
        let first_token_us = |provider: usize| {
            let one_way_us = u64::from(world.rtt_us[ask.front][provider] / 2);
            let speed = &world.providers[provider].speed;
            speed.finish_us(view.now_us + one_way_us, world.calls[ask.call].prefill_us) + one_way_us
        };
        let open = view.open.iter().copied();
        // What was lost with its provider is sent again at once, whoever has a slot.
        let is_full = |provider: usize| view.in_flight[provider] >= view.slots[provider];
        open.min_by_key(|provider| (is_full(*provider), first_token_us(*provider), *provider)).unwrap_or(view.open[0])
    }
}
