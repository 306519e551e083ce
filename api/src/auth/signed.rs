//! Signed requests: who holds the key that the headers name, now, once.

use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use mira_core::Key;
use mira_store::model::NodeNonce;
use mira_wire::bytes::NonceHex;
use mira_wire::request::{
    self, HEADER_KEY, HEADER_NONCE, HEADER_SIGNATURE, HEADER_TIMESTAMP, MAX_SKEW_MS, Signed, SignedHeaders,
};
use mira_wire::{Kind, Time};
use serde::de::DeserializeOwned;

use crate::extract;
use crate::problem::{ApiProblem, Result, refuse};
use crate::state::AppState;
use crate::telemetry::REFUSED;

/// A JSON body, and the key that signed the request. What the key may do is the handler's question.
#[derive(Debug)]
pub struct SignedBody<T> {
    /// The signing key.
    pub key: Key,
    /// The body.
    pub body: T,
}

impl<T: DeserializeOwned> FromRequest<AppState> for SignedBody<T> {
    type Rejection = ApiProblem;

    async fn from_request(request: Request, state: &AppState) -> Result<Self> {
        let headers = headers(request.headers()).inspect_err(count)?;
        let method = request.method().clone();
        let path_and_query =
            request.uri().path_and_query().map_or_else(|| "/".to_owned(), |path| path.as_str().to_owned());
        let bytes = extract::read(request, state).await?;
        let signed = Signed {
            method: method.as_str(),
            path_and_query: &path_and_query,
            body_hash: request::body_hash(&bytes),
            timestamp_ms: headers.timestamp_ms,
            nonce: headers.nonce.get(),
        };
        check(&headers, &signed, state.now_ms()).inspect_err(count)?;
        use_up(&headers, state).await.inspect_err(count)?;
        Ok(Self { key: headers.key.get(), body: extract::parse(&bytes)? })
    }
}

fn count(problem: &ApiProblem) {
    let reason = problem.0.kind().map_or("other", Kind::slug);
    metrics::counter!(REFUSED, "reason" => reason).increment(1);
}

/// The four headers.
fn headers(map: &HeaderMap) -> Result<SignedHeaders> {
    Ok(SignedHeaders {
        key: header(map, HEADER_KEY)?,
        timestamp_ms: header::<mira_wire::U64Str>(map, HEADER_TIMESTAMP)?.get(),
        nonce: header::<NonceHex>(map, HEADER_NONCE)?,
        signature: header(map, HEADER_SIGNATURE)?,
    })
}

fn header<T: std::str::FromStr<Err: std::fmt::Display>>(map: &HeaderMap, name: &str) -> Result<T> {
    let Some(value) = map.get(name) else {
        return refuse(Kind::SignatureMissing, format!("the header {name} is missing"));
    };
    let text = value.to_str().unwrap_or_default();
    text.parse().map_err(|error| ApiProblem::new(Kind::SignatureMissing, format!("the header {name} is {error}")))
}

/// Time and signature. Pure.
fn check(headers: &SignedHeaders, signed: &Signed<'_>, now_ms: u64) -> Result<()> {
    if now_ms.abs_diff(signed.timestamp_ms) > MAX_SKEW_MS {
        return refuse(
            Kind::TimestampOutOfWindow,
            format!(
                "{} is more than {} s from the server's {}: set the clock",
                Time::from_unsigned_ms(signed.timestamp_ms),
                MAX_SKEW_MS / 1_000,
                Time::from_unsigned_ms(now_ms)
            ),
        );
    }
    if !request::verify(&headers.key.get(), &headers.signature.get(), signed) {
        return refuse(
            Kind::SignatureInvalid,
            "sign method, path with query, body hash, time and nonce with the key of x-mira-key",
        );
    }
    Ok(())
}

/// Uses the nonce up. Only after the signature is known to be good, so that nobody can use up another's.
async fn use_up(headers: &SignedHeaders, state: &AppState) -> Result<()> {
    // Twice the window: the request itself is refused before its nonce is forgotten.
    let until = headers.timestamp_ms.saturating_add(2 * MAX_SKEW_MS);
    let nonce = NodeNonce {
        signer: headers.key.get(),
        nonce: headers.nonce.get(),
        expires_ms: Time::from_unsigned_ms(until).ms(),
    };
    if state.store.use_nonce(nonce).await? {
        return Ok(());
    }
    refuse(Kind::NonceReplayed, "take a new random nonce for every request")
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::SigningKey;

    use super::*;

    fn signed(timestamp_ms: u64) -> (SignedHeaders, Signed<'static>) {
        let signed = Signed {
            method: "POST",
            path_and_query: "/v1/node/work",
            body_hash: request::body_hash(b"{}"),
            timestamp_ms,
            nonce: [1; 16],
        };
        (request::sign(&SigningKey::from_bytes(&[5; 32]), &signed), signed)
    }

    #[test]
    fn the_window_is_a_minute_either_way() {
        let (headers, signed) = signed(1_000_000);
        for now in [1_000_000 - MAX_SKEW_MS, 1_000_000, 1_000_000 + MAX_SKEW_MS] {
            assert!(check(&headers, &signed, now).is_ok());
        }
        for now in [1_000_000 - MAX_SKEW_MS - 1, 1_000_000 + MAX_SKEW_MS + 1] {
            let problem = check(&headers, &signed, now).unwrap_err();
            assert_eq!(problem.0.kind(), Some(Kind::TimestampOutOfWindow));
        }
    }

    #[test]
    fn a_changed_request_is_refused() {
        let (headers, signed) = signed(1_000);
        let other = Signed { body_hash: request::body_hash(b"{ }"), ..signed };
        assert_eq!(check(&headers, &other, 1_000).unwrap_err().0.kind(), Some(Kind::SignatureInvalid));
    }

    #[test]
    fn headers_round_trip_and_each_is_needed() {
        let (expected, _) = signed(7);
        let mut map = HeaderMap::new();
        for (name, value) in expected.pairs() {
            map.insert(name, value.parse().unwrap());
        }
        assert_eq!(headers(&map).unwrap(), expected);
        for (name, _) in expected.pairs() {
            let mut without = map.clone();
            without.remove(name);
            assert_eq!(headers(&without).unwrap_err().0.kind(), Some(Kind::SignatureMissing));
            without.insert(name, "x".parse().unwrap());
            assert_eq!(headers(&without).unwrap_err().0.kind(), Some(Kind::SignatureMissing));
        }
    }
}
