//! What can go wrong with a JSON-RPC call, and which of it passes by itself.

use solana_rpc_client_api::client_error::{Error as ClientError, ErrorKind};
use solana_rpc_client_api::custom_error as code;
use solana_rpc_client_api::request::RpcError as ServerError;

/// A JSON-RPC call that failed for good.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RpcError {
    /// No answer: connection, timeout or HTTP status, after all retries.
    #[error("{method}: no answer from the RPC endpoint ({reason}); check the URL and that it is up")]
    Unreachable {
        /// The JSON-RPC method.
        method: &'static str,
        /// The transport's words, without the URL.
        reason: String,
    },
    /// The server answered with an error.
    #[error("{method}: refused by the RPC endpoint with {code}: {message}")]
    Refused {
        /// The JSON-RPC method.
        method: &'static str,
        /// The JSON-RPC error code.
        code: i64,
        /// The server's words.
        message: String,
    },
    /// The answer is not what the method returns.
    #[error("{method}: the answer is malformed: {reason}")]
    Malformed {
        /// The JSON-RPC method.
        method: &'static str,
        /// What is wrong with it.
        reason: String,
    },
}

impl RpcError {
    /// Sorts a client error. URLs are dropped from messages, because they may carry API keys.
    pub(crate) fn new(method: &'static str, error: &ClientError) -> Self {
        match error.kind() {
            ErrorKind::RpcError(ServerError::RpcResponseError { code, message, .. }) => {
                Self::Refused { method, code: *code, message: message.clone() }
            }
            ErrorKind::Reqwest(source) => Self::Unreachable { method, reason: transport_reason(source) },
            ErrorKind::Io(source) => Self::Unreachable { method, reason: source.to_string() },
            ErrorKind::Middleware(_) => Self::Unreachable { method, reason: "request middleware failed".to_owned() },
            other => Self::Malformed { method, reason: other.to_string() },
        }
    }

    /// The JSON-RPC error code, if the server sent one.
    pub fn code(&self) -> Option<i64> {
        match self {
            Self::Refused { code, .. } => Some(*code),
            Self::Unreachable { .. } | Self::Malformed { .. } => None,
        }
    }
}

fn transport_reason(error: &solana_rpc_client_api::client_error::reqwest::Error) -> String {
    if let Some(status) = error.status() {
        format!("HTTP status {}", status.as_u16())
    } else if error.is_timeout() {
        "timed out".to_owned()
    } else if error.is_connect() {
        "cannot connect".to_owned()
    } else if error.is_decode() {
        "the answer is not JSON".to_owned()
    } else {
        "the request failed on the way".to_owned()
    }
}

/// Whether the same call may succeed in a moment. A 429 is not: the transport has already waited for
/// it as long as it was told to.
pub(crate) fn is_transient(error: &ClientError) -> bool {
    match error.kind() {
        ErrorKind::Io(_) => true,
        ErrorKind::Reqwest(source) => match source.status() {
            Some(status) => status.is_server_error(),
            None => !source.is_decode() && !source.is_builder(),
        },
        ErrorKind::RpcError(ServerError::RpcResponseError { code, .. }) => matches!(
            *code,
            code::JSON_RPC_SERVER_ERROR_NODE_UNHEALTHY
                | code::JSON_RPC_SERVER_ERROR_MIN_CONTEXT_SLOT_NOT_REACHED
                | code::JSON_RPC_SERVER_ERROR_LONG_TERM_STORAGE_UNREACHABLE
        ),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use solana_rpc_client_api::request::RpcResponseErrorData;

    fn refused(code: i64) -> ClientError {
        ErrorKind::RpcError(ServerError::RpcResponseError {
            code,
            message: "no".to_owned(),
            data: RpcResponseErrorData::Empty,
        })
        .into()
    }

    #[test]
    fn a_refusal_is_kept_and_not_retried() {
        let error = refused(-32602);
        assert!(!is_transient(&error));
        let error = RpcError::new("getBlock", &error);
        assert_eq!(error.code(), Some(-32602));
        assert_eq!(error.to_string(), "getBlock: refused by the RPC endpoint with -32602: no");
    }

    #[test]
    fn an_unhealthy_node_is_asked_again() {
        assert!(is_transient(&refused(-32005)));
        let broken: ClientError = ErrorKind::Io(std::io::Error::other("broken pipe")).into();
        assert!(is_transient(&broken));
        assert_eq!(RpcError::new("getSlot", &broken).code(), None);
    }
}
