//! How large each account is, and the rent that it holds while it is there.

use super::idl;
use super::stage::Stage;
use mira_chain::pda;
use mira_core::dispute::DisputeKind;
use serde::Serialize;

/// One type of account.
#[derive(Clone, Debug, Serialize)]
pub struct Size {
    /// Its name in the IDL, or what it is for.
    pub account: String,
    /// Its bytes.
    pub bytes: usize,
    /// Its rent, all of which returns when it closes.
    pub lamports: u64,
    /// Of what there is one each.
    pub per: &'static str,
}

/// What there is one of each account, by its name.
const PER: &[(&str, &str)] = &[
    ("Config", "network"),
    ("RewardState", "network"),
    ("", "network, 3 of them"),
    ("FeeShard", "network, 16 of them"),
    ("Provider", "provider; never closes"),
    ("StakePosition", "provider and staker"),
    ("Job", "job"),
    ("Lease", "lease"),
    ("Dispute", "lease that is challenged"),
];

/// Reads the sizes off a world that holds one of each, and the token accounts beside them.
pub fn measure(seed: u64) -> Vec<Size> {
    let (mut stage, job, lease) = Stage::lease(seed);
    let Stage { world, requester, .. } = &mut stage;
    world.run(&world.open_dispute(requester, &lease, DisputeKind::NoShow, [1; 32]));
    let tagged = idl::read().map(|idl| idl.accounts).unwrap_or_default();
    let size = |account: String, bytes, per| Size {
        account,
        bytes,
        lamports: world.svm.minimum_balance_for_rent_exemption(bytes),
        per,
    };
    let mut sizes: Vec<Size> = Vec::new();
    for (_, account) in world.svm.get_program_accounts(&pda::PROGRAM_ID) {
        let Some(kind) = tagged.iter().find(|kind| account.data.starts_with(&kind.discriminator)) else { continue };
        if sizes.iter().all(|size| size.account != kind.name) {
            let per = PER.iter().find(|(name, _)| *name == kind.name).map_or("", |(_, per)| per);
            sizes.push(size(kind.name.clone(), account.data.len(), per));
        }
    }
    let escrow = world.svm.get_account(&pda::escrow(&job)).map_or(0, |account| account.data.len());
    sizes.push(size("token account of the escrow".to_owned(), escrow, "job"));
    sizes.push(size("token account of fees".to_owned(), escrow, "network, 16 of them"));
    sizes.push(size("token account of stake, rewards, treasury".to_owned(), escrow, "network, 3 of them"));
    let place = |size: &Size| PER.iter().position(|(_, per)| *per == size.per).unwrap_or(PER.len());
    sizes.sort_by_key(place);
    sizes
}
