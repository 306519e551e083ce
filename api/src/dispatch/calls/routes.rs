//! Route records to be kept.

use tokio::sync::oneshot;

use crate::dispatch::actor::{Command, Routes};
use crate::dispatch::error::Error;
use crate::dispatch::handle::Handle;

impl Handle {
    /// Keeps route records, each in its recorded form and all of the same length, as one block. Returns the number of
    /// the first once they are written; `GET /v1/decisions/{number}/proof` finds each by its own.
    ///
    /// # Errors
    /// `Unavailable`; `Internal` if there is none or their lengths differ.
    pub async fn keep_routes(&self, records: Vec<Vec<u8>>) -> Result<u64, Error> {
        let length = records.first().map_or(0, Vec::len);
        if length == 0 || records.iter().any(|record| record.len() != length) {
            return Err(Error::Internal("route records must have one length".to_owned()));
        }
        let (reply, answer) = oneshot::channel();
        let then = Box::new(move |first: Result<u64, Error>| {
            // The caller may be gone: then nobody waits for it.
            let _ = reply.send(first);
        });
        self.send(Command::Routes(Routes { records, at_ms: self.now_ms(), then })).await?;
        answer.await.map_err(|_| Error::soon())?
    }
}
