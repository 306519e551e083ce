//! How the demo makes sure that a node dies while it holds a shard: the first node that begins one
//! never finishes it. Its machine is lost in the middle of the work, as far as anybody else can tell.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use bytes::Bytes;
use mira_core::tier::UnitKind;
use mira_node::executor::{ExecError, Executor, Output, Task};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Armed once for the whole network; the first shard that any node begins trips it.
pub struct Trip {
    armed: Arc<AtomicBool>,
    tripped: mpsc::UnboundedSender<u16>,
}

impl Trip {
    /// A trip, and where the index of the node that fell over it arrives.
    pub fn new() -> (Self, mpsc::UnboundedReceiver<u16>) {
        let (tripped, who) = mpsc::unbounded_channel();
        (Self { armed: Arc::new(AtomicBool::new(true)), tripped }, who)
    }

    /// What the node of `index` runs work with.
    pub fn executor(&self, index: u16, inner: Arc<dyn Executor>) -> Arc<dyn Executor> {
        Arc::new(Tripwire { index, inner, armed: self.armed.clone(), tripped: self.tripped.clone() })
    }
}

struct Tripwire {
    index: u16,
    inner: Arc<dyn Executor>,
    armed: Arc<AtomicBool>,
    tripped: mpsc::UnboundedSender<u16>,
}

impl Executor for Tripwire {
    fn unit_kind(&self) -> UnitKind {
        self.inner.unit_kind()
    }

    fn check(&self, module: &Bytes) -> Result<(), ExecError> {
        self.inner.check(module)
    }

    fn run(&self, task: &Task, cancel: &CancellationToken) -> Result<Output, ExecError> {
        if !self.armed.swap(false, Ordering::SeqCst) {
            return self.inner.run(task, cancel);
        }
        // Whoever listens has gone only when the demo is over.
        let _ = self.tripped.send(self.index);
        tokio::runtime::Handle::current().block_on(cancel.cancelled());
        Err(ExecError::Cancelled)
    }
}
