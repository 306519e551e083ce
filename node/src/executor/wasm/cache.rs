//! Compiled modules by hash: the least recently used one goes first, and two threads never compile the same one.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use mira_core::Hash;

use super::ExecError;

type Slot<T> = Arc<OnceLock<Result<Arc<T>, ExecError>>>;

pub(super) struct ModuleCache<T> {
    capacity: usize,
    /// Most recently used last.
    slots: Mutex<VecDeque<(Hash, Slot<T>)>>,
}

impl<T> ModuleCache<T> {
    pub fn new(capacity: usize) -> Self {
        Self { capacity, slots: Mutex::new(VecDeque::new()) }
    }

    /// The module of `hash`, compiled by `compile` if it is not there. A failure is kept as well: it would come out the same.
    pub fn get_or_insert(
        &self,
        hash: &Hash,
        compile: impl FnOnce() -> Result<T, ExecError>,
    ) -> Result<Arc<T>, ExecError> {
        self.slot(hash).get_or_init(|| compile().map(Arc::new)).clone()
    }

    fn slot(&self, hash: &Hash) -> Slot<T> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let found = slots.iter().position(|(key, _)| key == hash).and_then(|index| slots.remove(index));
        let (_, slot) = found.unwrap_or_else(|| (*hash, Slot::default()));
        slots.push_back((*hash, Arc::clone(&slot)));
        if slots.len() > self.capacity {
            slots.pop_front();
        }
        slot
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compiles_once_and_forgets_the_least_recently_used() {
        let cache = ModuleCache::new(2);
        let mut compiled = Vec::new();
        for key in [1, 2, 1, 3, 1, 2] {
            cache
                .get_or_insert(&[key; 32], || {
                    compiled.push(key);
                    Ok(key)
                })
                .expect("compiles");
        }
        assert_eq!(compiled, [1, 2, 3, 2]);
    }

    #[test]
    fn failures_are_kept() {
        let cache = ModuleCache::<()>::new(2);
        let fail = || Err(ExecError::Malformed("no".into()));
        assert!(cache.get_or_insert(&[1; 32], fail).is_err());
        assert!(cache.get_or_insert(&[1; 32], || Ok(())).is_err());
    }
}
