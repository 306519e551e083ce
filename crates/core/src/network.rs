//! The network's governance: who may change what, and what a pause stops.
//!
//! The admin governs within hard bounds and hands over in two steps. The guardian can only stop:
//! new commitments network-wide, and a pending reward epoch. Nobody can stop an exit.

use crate::Key;
use crate::error::{Error, Result};
use crate::params::{Params, Profile};
use alloc::vec::Vec;

/// Few enough to read each approval, enough that no two of them make a majority of five.
pub const MAX_REWARD_AUTHORITIES: usize = 5;
/// Few enough for one byte of votes.
pub const MAX_VERIFIERS: usize = 7;

/// The network's books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    /// Governs.
    pub admin: Key,
    /// Becomes the admin when it accepts.
    pub pending_admin: Option<Key>,
    /// May pause, and cancel a pending epoch.
    pub guardian: Key,
    /// Approve reward epochs by strict majority.
    pub reward_authorities: Vec<Key>,
    /// Judge contested disputes by strict majority.
    pub verifiers: Vec<Key>,
    /// How often the verifiers changed; a dispute remembers under which set it was contested.
    pub verifier_set: u32,
    /// Whether nothing new may begin.
    pub paused: bool,
    /// Fixed at `initialize`.
    pub profile: Profile,
    /// What everything new is made with.
    pub params: Params,
}

impl Network {
    /// The state right after `initialize`: the admin is its own guardian, and there are neither reward
    /// authorities nor verifiers. Refuses parameters outside their bounds with [`Error::InvalidParams`].
    pub fn initialize(admin: Key, params: Params, profile: Profile) -> Result<Network> {
        params.validate(profile)?;
        Ok(Network {
            admin,
            pending_admin: None,
            guardian: admin,
            reward_authorities: Vec::new(),
            verifiers: Vec::new(),
            verifier_set: 0,
            paused: false,
            profile,
            params,
        })
    }

    /// The network with other parameters. Refuses with [`Error::InvalidParams`] what crosses a bound, and
    /// a longer window for job ids: it would make the ids of jobs that closed under the shorter one new
    /// again, and with them their addresses and vouchers.
    pub fn update_params(&self, params: Params) -> Result<Network> {
        params.validate(self.profile)?;
        if params.job_id_window_secs > self.params.job_id_window_secs {
            return Err(Error::InvalidParams);
        }
        Ok(Network { params, ..self.clone() })
    }

    /// Names the next admin; naming the present one takes a proposal back.
    pub fn propose_admin(&self, admin: Key) -> Network {
        Network { pending_admin: (admin != self.admin).then_some(admin), ..self.clone() }
    }

    /// Makes `by` the admin. Refuses: [`Error::NoPendingAdmin`], [`Error::WrongSigner`].
    pub fn accept_admin(&self, by: &Key) -> Result<Network> {
        match self.pending_admin {
            None => Err(Error::NoPendingAdmin),
            Some(pending) if pending != *by => Err(Error::WrongSigner),
            Some(admin) => Ok(Network { admin, pending_admin: None, ..self.clone() }),
        }
    }

    /// Names another guardian. Refuses the present one with [`Error::NothingChanges`].
    pub fn set_guardian(&self, guardian: Key) -> Result<Network> {
        if guardian == self.guardian {
            return Err(Error::NothingChanges);
        }
        Ok(Network { guardian, ..self.clone() })
    }

    /// Pauses (guardian or admin) or resumes (admin alone).
    /// Refuses: [`Error::WrongSigner`], [`Error::NothingChanges`].
    pub fn set_pause(&self, by: &Key, paused: bool) -> Result<Network> {
        let may = *by == self.admin || (paused && *by == self.guardian);
        if !may {
            return Err(Error::WrongSigner);
        }
        if paused == self.paused {
            return Err(Error::NothingChanges);
        }
        Ok(Network { paused, ..self.clone() })
    }

    /// Replaces the reward authorities; the caller clears what the old ones approved.
    /// Refuses with [`Error::InvalidKeySet`].
    pub fn set_reward_authorities(&self, keys: &[Key]) -> Result<Network> {
        check_set(keys, MAX_REWARD_AUTHORITIES)?;
        Ok(Network { reward_authorities: keys.to_vec(), ..self.clone() })
    }

    /// Replaces the verifiers; open votes of the old ones count no more.
    /// Refuses with [`Error::InvalidKeySet`].
    pub fn set_verifiers(&self, keys: &[Key]) -> Result<Network> {
        check_set(keys, MAX_VERIFIERS)?;
        let verifier_set = self.verifier_set.checked_add(1).ok_or(Error::MathOverflow)?;
        Ok(Network { verifiers: keys.to_vec(), verifier_set, ..self.clone() })
    }

    /// Refuses with [`Error::WrongSigner`] anyone but the admin.
    pub fn require_admin(&self, key: &Key) -> Result<()> {
        if *key == self.admin { Ok(()) } else { Err(Error::WrongSigner) }
    }

    /// Refuses with [`Error::Paused`]. Only what begins something new asks.
    pub fn require_running(&self) -> Result<()> {
        if self.paused { Err(Error::Paused) } else { Ok(()) }
    }

    /// Parameters and key sets keep their bounds, else [`Error::InvariantBroken`].
    pub fn invariant(&self) -> Result<()> {
        let sets = check_set(&self.reward_authorities, MAX_REWARD_AUTHORITIES)
            .and_then(|()| check_set(&self.verifiers, MAX_VERIFIERS));
        let holds = sets.is_ok() && self.params.validate(self.profile).is_ok();
        if holds && self.pending_admin != Some(self.admin) { Ok(()) } else { Err(Error::InvariantBroken) }
    }
}

/// No more keys than fit, none twice, none empty.
fn check_set(keys: &[Key], most: usize) -> Result<()> {
    let twice = keys.iter().enumerate().any(|(at, key)| keys.iter().skip(at.saturating_add(1)).any(|k| k == key));
    if keys.len() > most || twice || keys.contains(&[0; 32]) {
        return Err(Error::InvalidKeySet);
    }
    Ok(())
}

/// More than half of `all`.
pub fn strict_majority(votes: usize, all: usize) -> bool {
    votes.saturating_mul(2) > all
}

#[cfg(test)]
mod tests;
