//! Answers in the shapes that clusters give, and a server that gives them.
//!
//! The JSON files are written by hand after the public documentation, with addresses and events of this
//! program: <https://solana.com/docs/rpc/http/getblock>, `…/getblocks`, `…/gettransaction`,
//! `…/getsignaturesforaddress` and `…/getprogramaccounts`; the errors after
//! <https://github.com/anza-xyz/agave/blob/master/rpc-client-types/src/custom_error.rs>; rate limits
//! after <https://solana.com/docs/references/clusters>.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use crate::rpc::Rpc;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A recorded answer, by the name of its file.
macro_rules! recorded {
    ($name:literal) => {
        serde_json::from_str::<serde_json::Value>(include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/src/source/recorded/",
            $name,
            ".json"
        )))
        .unwrap()
    };
}
pub(crate) use recorded;

/// An HTTP response: status, a header line or nothing, body.
pub(crate) type Http = (u16, &'static str, String);

/// A response that carries a JSON-RPC document.
pub(crate) fn ok(document: &Value) -> Http {
    (200, "", document.to_string())
}

/// A response that carries a JSON-RPC result.
pub(crate) fn result(result: &Value) -> Http {
    ok(&json!({ "jsonrpc": "2.0", "result": result, "id": 1 }))
}

/// A response that carries a JSON-RPC error.
pub(crate) fn refusal(error: &Value) -> Http {
    ok(&json!({ "jsonrpc": "2.0", "error": error, "id": 1 }))
}

/// The recorded error with this code.
pub(crate) fn error(code: i64) -> Value {
    let errors = recorded!("errors");
    errors.as_array().unwrap().iter().find(|error| error["code"] == code).cloned().unwrap()
}

/// A JSON-RPC server that gives its answers in order, and the last one for ever.
pub(crate) struct Server {
    pub(crate) rpc: Rpc,
    asked: Arc<Mutex<Vec<Value>>>,
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(answers: Vec<Http>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let rpc = Rpc::new(&format!("http://{}", listener.local_addr().unwrap()));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&asked);
        let task = tokio::spawn(async move {
            for index in 0.. {
                let (stream, _) = listener.accept().await.unwrap();
                let answer = answers.get(index).or(answers.last()).unwrap();
                let request = serve(stream, answer).await;
                seen.lock().unwrap().push(request);
            }
        });
        Self { rpc, asked, task }
    }

    /// The requests so far.
    pub(crate) fn asked(&self) -> Vec<Value> {
        self.asked.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// One request and its response on a connection of its own. Gives the request's body.
async fn serve(mut stream: TcpStream, (status, header, body): &Http) -> Value {
    let mut read = Vec::new();
    let request = loop {
        assert!(stream.read_buf(&mut read).await.unwrap() > 0, "the request breaks off");
        let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        // The head has no say: a JSON-RPC request is complete when it parses.
        if let Ok(request) = serde_json::from_slice(&read[end + 4..]) {
            break request;
        }
    };
    let length = body.len();
    let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n{header}\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body.as_bytes()).await.unwrap();
    request
}
