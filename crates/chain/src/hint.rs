//! Hints: a websocket that says when it is worth asking again.
//!
//! A hint only wakes whoever waits and carries nothing. So a websocket that lies, is silent or breaks
//! changes how soon something is seen, never what: what is asked then is asked over JSON-RPC, and
//! whoever waits also has a time of its own.

use crate::source::label;
use backon::{BackoffBuilder as _, ExponentialBuilder};
use futures_util::StreamExt as _;
use solana_pubsub_client::nonblocking::pubsub_client::{PubsubClient, PubsubClientError};
use std::fmt;
use std::future::{Future, pending};
use std::str::FromStr;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

/// How long connecting and subscribing may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// A cluster has some slots every second: a connection that says nothing for so long is dead.
const SILENCE: Duration = Duration::from_secs(30);
/// Hints that come within this are one, so that a websocket that never stops talking keeps nobody busy.
const PACE: Duration = Duration::from_millis(10);
/// The first pause before connecting again.
const MIN_PAUSE: Duration = Duration::from_millis(100);
/// The longest one.
const MAX_PAUSE: Duration = Duration::from_secs(30);

/// The address of a cluster's websocket.
#[derive(Clone, PartialEq, Eq)]
pub struct Websocket(String);

/// The text is no such address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the address of a websocket: write ws://HOST:PORT or wss://HOST")]
pub struct NotAWebsocket;

impl FromStr for Websocket {
    type Err = NotAWebsocket;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let named = ["ws://", "wss://"].iter().any(|scheme| text.starts_with(scheme)) && !label(text).is_empty();
        if named { Ok(Self(text.to_owned())) } else { Err(NotAWebsocket) }
    }
}

impl fmt::Debug for Websocket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Never the whole address: it may hold a key.
        f.debug_tuple("Websocket").field(&label(&self.0)).finish()
    }
}

/// Hints as they come.
#[derive(Debug)]
pub struct Hints(Option<watch::Receiver<()>>);

impl Hints {
    /// There will never be one.
    pub fn none() -> Self {
        Self(None)
    }

    /// One for every slot that a cluster begins (`slotSubscribe`). Connects, and connects again whenever the
    /// websocket breaks or falls silent, until this value is dropped. Needs a tokio runtime.
    pub fn listen(websocket: Websocket) -> Self {
        let (heard, hints) = watch::channel(());
        tokio::spawn(async move {
            tokio::select! {
                () = heard.closed() => {}
                () = listen(&websocket, &heard) => {}
            }
        });
        Self(Some(hints))
    }

    /// Waits until there was a hint since the last time; for ever where there is no websocket. What is given up
    /// while it waits may lose a hint.
    pub async fn next(&mut self) {
        if let Some(hints) = &mut self.0
            && hints.changed().await.is_ok()
        {
            sleep(PACE).await;
            hints.borrow_and_update();
        } else {
            pending().await
        }
    }
}

/// Why a connection ended.
#[derive(Debug, thiserror::Error)]
enum Broken {
    #[error("it does not answer")]
    Connect,
    #[error("it has been silent for {} s", SILENCE.as_secs())]
    Silent,
    #[error("it was closed")]
    Closed,
    #[error(transparent)]
    Client(#[from] PubsubClientError),
}

/// Connects again and again.
async fn listen(websocket: &Websocket, heard: &watch::Sender<()>) {
    let label = label(&websocket.0);
    let mut pauses = pauses();
    loop {
        let mut any = false;
        let broken = follow(websocket, || {
            any = true;
            heard.send_replace(());
        });
        let Err(broken) = broken.await;
        if any {
            tracing::info!(websocket = label, %broken, "hints have stopped; polling goes on");
            pauses = self::pauses();
        } else {
            tracing::debug!(websocket = label, %broken, "no hints; polling goes on");
        }
        sleep(pauses.next().unwrap_or(MAX_PAUSE)).await;
    }
}

fn pauses() -> impl Iterator<Item = Duration> + Send {
    ExponentialBuilder::default().with_min_delay(MIN_PAUSE).with_max_delay(MAX_PAUSE).without_max_times().build()
}

/// Follows one connection until it breaks.
async fn follow(websocket: &Websocket, mut hint: impl FnMut()) -> Result<std::convert::Infallible, Broken> {
    let client = soon(PubsubClient::new(websocket.0.as_str())).await?;
    let (mut slots, _unsubscribe) = soon(client.slot_subscribe()).await?;
    loop {
        match timeout(SILENCE, slots.next()).await {
            Ok(Some(_)) => hint(),
            Ok(None) => return Err(Broken::Closed),
            Err(_) => return Err(Broken::Silent),
        }
    }
}

async fn soon<T>(answer: impl Future<Output = Result<T, PubsubClientError>>) -> Result<T, Broken> {
    Ok(timeout(CONNECT_TIMEOUT, answer).await.map_err(|_| Broken::Connect)??)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use tokio::net::TcpListener;

    const LONG: Duration = Duration::from_secs(20);

    #[test]
    fn an_address_is_checked_and_never_shown_whole() {
        for bad in ["", "ws://", "http://127.0.0.1:8899", "127.0.0.1:8900", "WS://host"] {
            assert_eq!(bad.parse::<Websocket>(), Err(NotAWebsocket), "{bad}");
        }
        let websocket: Websocket = "wss://me:secret@host:1/secret?key=secret".parse().unwrap();
        assert_eq!(format!("{websocket:?}"), "Websocket(\"host:1\")");
    }

    #[tokio::test]
    async fn a_websocket_that_breaks_is_tried_again_and_gives_no_hint() {
        for scheme in ["ws", "wss"] {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = format!("{scheme}://{}", listener.local_addr().unwrap());
            let mut hints = Hints::listen(address.parse().unwrap());
            let broken = async {
                for _ in 0..3 {
                    drop(listener.accept().await.unwrap());
                }
            };
            tokio::select! {
                () = hints.next() => panic!("a hint out of nothing"),
                broken = timeout(LONG, broken) => broken.unwrap(),
            }
        }
    }

    #[tokio::test]
    async fn nobody_listens_once_nobody_waits() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let hints = Hints::listen(format!("ws://{}", listener.local_addr().unwrap()).parse().unwrap());
        let (mut connection, _) = timeout(LONG, listener.accept()).await.unwrap().unwrap();
        drop(hints);
        let mut sink = tokio::io::sink();
        timeout(LONG, tokio::io::copy(&mut connection, &mut sink)).await.unwrap().unwrap();
    }
}
