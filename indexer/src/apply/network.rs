//! The network: its making, its parameters and who governs it.

use mira_chain::event::body::{
    AdminAccepted, AdminProposed, GuardianSet, NetworkInitialized, ParamsUpdated, PauseSet, RewardAuthoritiesSet,
    VerifiersSet,
};
use mira_core::params::Profile;
use mira_core::{Error, Key};
use mira_store::model::{NetworkRow, Ordinal, ProjectionKey};
use solana_sdk::pubkey::Pubkey;

use super::error::{Cause, agree};
use super::rewards;
use super::rows::Rows;
use super::value::params;

fn key(config: &Pubkey) -> ProjectionKey {
    ProjectionKey::Network { config: config.to_bytes() }
}

fn bytes(key: Option<Pubkey>) -> Option<Key> {
    key.map(|key| key.to_bytes())
}

fn all_bytes(keys: &[Pubkey]) -> Vec<Key> {
    keys.iter().map(Pubkey::to_bytes).collect()
}

pub(super) fn initialized(rows: &mut Rows, e: &NetworkInitialized, at: &Ordinal) -> Result<(), Cause> {
    let profile = Profile::try_from(e.profile)
        .map_err(|_| Cause::UnknownValue { field: "profile", value: u64::from(e.profile) })?;
    rows.create(NetworkRow {
        config: e.config.to_bytes(),
        admin: e.admin.to_bytes(),
        pending_admin: None,
        // Until another is set, as `initialize` does.
        guardian: e.admin.to_bytes(),
        stake_mint: e.stake_mint.to_bytes(),
        payment_mint: e.payment_mint.to_bytes(),
        cluster_id: e.cluster_id,
        profile,
        paused: false,
        params: params("params", &e.params)?,
        verifier_set: 0,
        verifiers: Vec::new(),
        reward_authorities: Vec::new(),
        seq: e.config_seq,
        ord: *at,
    })
}

pub(super) fn params_updated(rows: &mut Rows, e: &ParamsUpdated, at: &Ordinal) -> Result<(), Cause> {
    let row: &mut NetworkRow = rows.next(key(&e.config), e.config_seq, at)?;
    agree("params_before", params("params_before", &e.params_before)?, row.params)?;
    row.params = params("params_after", &e.params_after)?;
    Ok(())
}

pub(super) fn admin_proposed(rows: &mut Rows, e: &AdminProposed, at: &Ordinal) -> Result<(), Cause> {
    let row: &mut NetworkRow = rows.next(key(&e.config), e.config_seq, at)?;
    agree("pending_before", bytes(e.pending_before), row.pending_admin)?;
    row.pending_admin = bytes(e.pending_after);
    Ok(())
}

pub(super) fn admin_accepted(rows: &mut Rows, e: &AdminAccepted, at: &Ordinal) -> Result<(), Cause> {
    let row: &mut NetworkRow = rows.next(key(&e.config), e.config_seq, at)?;
    agree("admin_before", e.admin_before.to_bytes(), row.admin)?;
    agree("actor", Some(e.actor.to_bytes()), row.pending_admin.take())?;
    row.admin = e.actor.to_bytes();
    Ok(())
}

pub(super) fn guardian_set(rows: &mut Rows, e: &GuardianSet, at: &Ordinal) -> Result<(), Cause> {
    let row: &mut NetworkRow = rows.next(key(&e.config), e.config_seq, at)?;
    agree("guardian_before", e.guardian_before.to_bytes(), row.guardian)?;
    row.guardian = e.guardian_after.to_bytes();
    Ok(())
}

pub(super) fn pause_set(rows: &mut Rows, e: &PauseSet, at: &Ordinal) -> Result<(), Cause> {
    let row: &mut NetworkRow = rows.next(key(&e.config), e.config_seq, at)?;
    row.paused = e.paused;
    Ok(())
}

pub(super) fn reward_authorities_set(rows: &mut Rows, e: &RewardAuthoritiesSet, at: &Ordinal) -> Result<(), Cause> {
    let row: &mut NetworkRow = rows.next(key(&e.config), e.config_seq, at)?;
    row.reward_authorities = all_bytes(&e.authorities);
    rewards::authorities_set(rows, e, at)
}

pub(super) fn verifiers_set(rows: &mut Rows, e: &VerifiersSet, at: &Ordinal) -> Result<(), Cause> {
    let row: &mut NetworkRow = rows.next(key(&e.config), e.config_seq, at)?;
    row.verifier_set = row.verifier_set.checked_add(1).ok_or(Error::MathOverflow)?;
    agree("verifier_set", e.verifier_set, row.verifier_set)?;
    row.verifiers = all_bytes(&e.verifiers);
    Ok(())
}
