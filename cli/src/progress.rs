//! A bar on a terminal, nothing elsewhere.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::output::Output;

/// Progress over shards.
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar over `total` shards.
    pub fn new(output: Output, total: u64) -> Self {
        let target = if output.interactive() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(total), target);
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} shards, {elapsed}") {
            bar.set_style(style);
        }
        Self { bar }
    }

    /// So many are done.
    pub fn set(&mut self, done: u64) {
        self.bar.set_position(done);
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
