//! Free loopback ports.

use super::LocalChainError;
use std::net::{Ipv4Addr, TcpListener};

/// The ports of one chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ports {
    pub(super) rpc: u16,
    pub(super) ws: u16,
}

/// Tries to find an RPC port whose successor is free too.
const PAIR_TRIES: u32 = 20;

fn bind(port: u16) -> Option<(TcpListener, u16)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok()?;
    let port = listener.local_addr().ok()?.port();
    Some((listener, port))
}

/// Takes the ports that were asked for and chooses the others. Clients derive the websocket's port as
/// the RPC port plus one unless they are told another, so that pair comes first.
pub(super) fn choose(rpc: Option<u16>, ws: Option<u16>) -> Result<Ports, LocalChainError> {
    match (rpc, ws) {
        (Some(rpc), Some(ws)) if rpc == ws => {
            Err(LocalChainError::Config("JSON-RPC and websocket need two ports".to_owned()))
        }
        (Some(rpc), Some(ws)) => Ok(Ports { rpc: taken(rpc)?, ws: taken(ws)? }),
        (Some(rpc), None) => {
            let _held = bind(rpc).ok_or(LocalChainError::PortTaken(rpc))?;
            let (_listener, ws) = next(rpc).or_else(|| bind(0)).ok_or_else(none_free)?;
            Ok(Ports { rpc, ws })
        }
        (None, Some(ws)) => {
            let _held = bind(ws).ok_or(LocalChainError::PortTaken(ws))?;
            let (_listener, rpc) = bind(0).ok_or_else(none_free)?;
            Ok(Ports { rpc, ws })
        }
        (None, None) => pair(),
    }
}

fn pair() -> Result<Ports, LocalChainError> {
    for _ in 0..PAIR_TRIES {
        let (_held, rpc) = bind(0).ok_or_else(none_free)?;
        if let Some((_listener, ws)) = next(rpc) {
            return Ok(Ports { rpc, ws });
        }
    }
    Err(none_free())
}

fn next(port: u16) -> Option<(TcpListener, u16)> {
    bind(port.checked_add(1)?)
}

fn taken(port: u16) -> Result<u16, LocalChainError> {
    bind(port).map(|(_listener, port)| port).ok_or(LocalChainError::PortTaken(port))
}

fn none_free() -> LocalChainError {
    LocalChainError::Config("no free port on 127.0.0.1".to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn free_ports_are_a_pair() {
        let ports = choose(None, None).unwrap();
        assert_eq!(ports.ws, ports.rpc + 1);
    }

    #[test]
    fn a_taken_port_is_named() {
        let (_held, port) = bind(0).unwrap();
        assert_eq!(choose(Some(port), None), Err(LocalChainError::PortTaken(port)));
        assert_eq!(choose(None, Some(port)), Err(LocalChainError::PortTaken(port)));
        assert!(matches!(choose(Some(9), Some(9)), Err(LocalChainError::Config(_))));
    }
}
