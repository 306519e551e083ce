//! What goes wrong, and when.

/// One event.
#[derive(Clone, Debug)]
pub struct Fault {
    /// When. Microseconds.
    pub at_us: u64,
    /// What.
    pub what: What,
}

/// What happens to a network.
#[derive(Clone, Debug)]
pub enum What {
    /// These providers go silent in the middle of whatever they do; nobody is told.
    Down(Vec<usize>),
    /// They are there again, empty.
    Up(Vec<usize>),
    /// These ask for another price.
    Price(Vec<(usize, u64)>),
    /// A provider says that it has this many requests.
    Report(usize, u32),
}
