//! What a run was like, before it is summed up.

/// One request's fate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Served {
    /// When it came in. Microseconds.
    pub at_us: u64,
    /// From then to its first token; absent when it never came. Microseconds.
    pub ttft_us: Option<u64>,
    /// Who wrote it.
    pub provider: usize,
}

/// A whole run. Work is slot time at the pace the provider had, in microseconds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// Each request in order of arrival.
    pub served: Vec<Served>,
    /// For each request, what its attempts cost: slot time at full speed times price.
    pub paid: Vec<f64>,
    /// Attempts made.
    pub attempts: u64,
    /// Of them, second ones sent to be faster.
    pub hedges: u64,
    /// Requests that were sent again because their provider was gone.
    pub resent: u64,
    /// Attempts that ran to their end.
    pub finished: u64,
    /// Attempts that were stopped because another one was faster.
    pub cancelled: u64,
    /// Attempts that were lost with their provider.
    pub lost: u64,
    /// Slot time used.
    pub busy_us: u64,
    /// Of it, by attempts that were stopped.
    pub wasted_us: u64,
    /// Attempts that were sent to a provider dearer than the request pays.
    pub breaches: u64,
    /// Slots that were ever busy beyond what a provider has; 0 or the simulator is wrong.
    pub over_capacity: u64,
    /// Attempts that were neither finished, stopped nor lost at the end; 0 or the simulator is wrong.
    pub left_over: u64,
}
