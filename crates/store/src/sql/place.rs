//! Where a database is, and whether its disk has room.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::Error;

/// A database as messages name it.
#[derive(Debug)]
pub(crate) struct Place {
    /// Never with credentials.
    name: String,
    /// A write found no room, and none was found since.
    full: AtomicBool,
}

impl Place {
    /// A database of this name.
    pub fn new(name: String) -> Self {
        Self { name, full: AtomicBool::new(false) }
    }

    /// Whether a write found no room, and none was found since.
    pub fn is_full(&self) -> bool {
        self.full.load(Ordering::Acquire)
    }

    /// There is room again.
    pub fn has_room(&self) {
        self.full.store(false, Ordering::Release);
    }

    /// What a driver's error means; `full` tells by the engine's own code that the disk is.
    pub fn failed(&self, full: impl Fn(&str) -> bool, doing: &'static str, source: sqlx::Error) -> Error {
        let code = source.as_database_error().and_then(|error| error.code());
        if code.is_some_and(|code| full(&code)) {
            self.full.store(true, Ordering::Release);
            return Error::Full { place: self.name.clone(), doing, source };
        }
        Error::Database { doing, source }
    }
}
