//! Sessions of routing: a token that says which job it is for and until when, and that only a server with the
//! dispatcher's key can have made. So every replica knows a session, and none has to keep it.

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use mira_core::Key;
use mira_wire::{Kind, Time};
use sha2::{Digest as _, Sha256};

use crate::problem::{ApiProblem, Result, refuse};
use crate::state::AppState;

/// How long a session is good: short enough that a lost token soon is worthless, long enough that signing anew costs
/// nothing.
pub const SESSION_MS: u64 = 3_600_000;

const SECRET_PREFIX: &[u8] = b"mira:route-session:v1:";
/// The job, when it expires, and the code.
const LENGTH: usize = 32 + 8 + 32;

/// Makes and reads tokens.
#[derive(Clone)]
pub struct Sessions {
    secret: [u8; 32],
}

impl std::fmt::Debug for Sessions {
    /// Never the secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sessions").finish_non_exhaustive()
    }
}

impl Sessions {
    /// Tokens of the server whose dispatcher has this keypair. The secret cannot be turned back into the key.
    pub fn new(dispatcher: &[u8]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(SECRET_PREFIX);
        hasher.update(dispatcher);
        Sessions { secret: hasher.finalize().into() }
    }

    /// A token for a job. `expires_ms` is in unix milliseconds.
    pub fn token(&self, job: &Key, expires_ms: u64) -> String {
        let mut bytes = [0; LENGTH];
        bytes[..32].copy_from_slice(job);
        bytes[32..40].copy_from_slice(&expires_ms.to_le_bytes());
        let code = self.mac(&bytes[..40]).finalize().into_bytes();
        bytes[40..].copy_from_slice(&code);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The job of a token that is good now.
    ///
    /// # Errors
    /// `SessionInvalid`.
    pub fn job(&self, token: &str, now_ms: u64) -> Result<Key> {
        let mut bytes = [0; LENGTH];
        let length = URL_SAFE_NO_PAD.decode_slice(token, &mut bytes);
        if length != Ok(LENGTH) || self.mac(&bytes[..40]).verify_slice(&bytes[40..]).is_err() {
            return refuse(Kind::SessionInvalid, "it is none of this server's: POST /v1/route/sessions for one");
        }
        let (mut job, mut expires) = ([0; 32], [0; 8]);
        job.copy_from_slice(&bytes[..32]);
        expires.copy_from_slice(&bytes[32..40]);
        let expires_ms = u64::from_le_bytes(expires);
        if now_ms >= expires_ms {
            let expired = Time::from_unsigned_ms(expires_ms);
            return refuse(
                Kind::SessionInvalid,
                format!("it expired at {expired}: POST /v1/route/sessions for another"),
            );
        }
        Ok(job)
    }

    fn mac(&self, bytes: &[u8]) -> Hmac<Sha256> {
        // Any length of key will do for this construction.
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.secret).unwrap_or_else(|_| unreachable!("any length will do"));
        mac.update(bytes);
        mac
    }
}

/// The job that the session of a request is for.
#[derive(Clone, Copy, Debug)]
pub struct SessionJob(pub Key);

impl FromRequestParts<AppState> for SessionJob {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self> {
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let Some(token) = header.and_then(|value| value.strip_prefix("Bearer ")) else {
            let detail = "send `authorization: Bearer TOKEN`: POST /v1/route/sessions for a token";
            return refuse(Kind::SessionInvalid, detail);
        };
        state.sessions.job(token, state.now_ms()).map(SessionJob)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_for_its_job_until_it_expires() {
        let sessions = Sessions::new(&[1; 64]);
        let token = sessions.token(&[7; 32], 1_000);
        assert_eq!(sessions.job(&token, 999).expect("good"), [7; 32]);
        assert_eq!(sessions.job(&token, 1_000).unwrap_err().0.kind(), Some(Kind::SessionInvalid));
    }

    #[test]
    fn another_servers_and_a_changed_one_are_refused() {
        let (ours, theirs) = (Sessions::new(&[1; 64]), Sessions::new(&[2; 64]));
        let token = ours.token(&[7; 32], 1_000);
        assert!(theirs.job(&token, 0).is_err());
        let bytes = URL_SAFE_NO_PAD.decode(&token).expect("base64");
        for index in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[index] ^= 1;
            assert!(ours.job(&URL_SAFE_NO_PAD.encode(changed), 0).is_err(), "byte {index}");
        }
        for wrong in ["", "x", &token[1..], &format!("{token}AAAA")] {
            assert!(ours.job(wrong, 0).is_err(), "{wrong:?}");
        }
    }
}
