//! `GET /v1/stream`: finalized events as they come, as server-sent events.
//!
//! A message's `id` is the event's place in the ledger. A client that comes back with
//! `Last-Event-ID` goes on exactly after it, from the ledger: nothing is kept per client.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{KeepAlive, Sse};
use futures_util::{Stream, stream};
use mira_store::model::{Ordinal, RawEvent};
use mira_wire::event::Event;
use mira_wire::{Kind, Problem};
use tokio::sync::{OwnedSemaphorePermit, watch};

use crate::convert;
use crate::health::IndexHealth;
use crate::problem::{ApiProblem, Result, refuse};
use crate::state::AppState;
use crate::telemetry::STREAMED;

type Message = axum::response::sse::Event;

/// How many events are read at a time.
const BATCH: u32 = 256;
/// How often the ledger is looked at although nobody said that it grew.
const POLL: Duration = Duration::from_secs(1);
/// How often something is sent although nothing happened, so that a dead connection is noticed.
const KEEP_ALIVE: Duration = Duration::from_secs(10);

/// Streams events after `Last-Event-ID`, or from now on.
#[utoipa::path(get, path = "/v1/stream", tag = "events", summary = "Finalized events as they come",
    params(("last-event-id" = Option<String>, Header, description = "The `id` of the last event seen")),
    responses((status = 200, body = Event, content_type = "text/event-stream"),
              (status = "default", body = Problem, content_type = "application/problem+json")))]
pub async fn stream(
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Message, Infallible>>>> {
    let after = match headers.get("last-event-id") {
        Some(id) => Some(parse(id.to_str().unwrap_or_default())?),
        None => state.store.last_ord().await?,
    };
    let Ok(permit) = state.streams.clone().try_acquire_owned() else {
        return refuse(Kind::NotReady, "too many streams are open: try again later");
    };
    let health = state.health.clone();
    let tail = Tail { state, health, after, pending: VecDeque::new(), _permit: permit };
    let messages = stream::unfold(tail, |mut tail| async move { tail.next().await.map(|message| (Ok(message), tail)) });
    Ok(Sse::new(messages).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)))
}

fn parse(id: &str) -> Result<Ordinal> {
    convert::parse_ord(id)
        .ok_or_else(|| ApiProblem::new(Kind::InvalidParameter, "Last-Event-ID is not the id of a message"))
}

/// One client's place in the ledger.
struct Tail {
    state: AppState,
    health: watch::Receiver<IndexHealth>,
    after: Option<Ordinal>,
    pending: VecDeque<RawEvent>,
    _permit: OwnedSemaphorePermit,
}

impl Tail {
    /// The next message; `None` ends the stream: at shutdown, or when the ledger cannot be read, so that
    /// the client comes back later.
    async fn next(&mut self) -> Option<Message> {
        loop {
            if let Some(row) = self.pending.pop_front() {
                self.after = Some(row.ord);
                return message(&row);
            }
            if self.state.shutdown.is_cancelled() {
                return None;
            }
            // Seen before reading: what comes in while reading wakes the wait below.
            self.health.borrow_and_update();
            match self.state.store.events_after(self.after, None, BATCH).await {
                Ok(rows) if rows.is_empty() => self.wait().await,
                Ok(rows) => self.pending = rows.into(),
                Err(error) => {
                    tracing::error!(%error, "a stream could not read the ledger");
                    return None;
                }
            }
        }
    }

    async fn wait(&mut self) {
        let changed = async {
            // An indexer that is gone never wakes anybody: then only the poll does.
            if self.health.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            () = changed => {}
            () = tokio::time::sleep(POLL) => {}
            () = self.state.shutdown.cancelled() => {}
        }
    }
}

fn message(row: &RawEvent) -> Option<Message> {
    let event = convert::event(row).inspect_err(|error| tracing::error!(%error, "an event cannot be read")).ok()?;
    metrics::counter!(STREAMED).increment(1);
    let message = Message::default().id(event.ord.clone()).event(event.name.clone());
    message.json_data(&event).inspect_err(|error| tracing::error!(%error, "an event cannot be written")).ok()
}
