//! Whether a network may be used on the cluster that answers.

use crate::account::Config;
use mira_core::Hash;
use mira_core::params::Profile;
use solana_sdk::pubkey::Pubkey;

/// Genesis hashes of the public clusters: mainnet-beta, testnet, devnet.
const PUBLIC: [Pubkey; 3] = [
    Pubkey::from_str_const("5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d"),
    Pubkey::from_str_const("4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY"),
    Pubkey::from_str_const("EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG"),
];

/// Why a client must not use a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClusterError {
    /// The network was made on another cluster: signatures for one do not count on the other.
    #[error("the network's record names another cluster than the one that answers")]
    Another,
    /// A `Local` network, whose deadlines may be seconds, where others have value at stake.
    #[error("this network's deadlines may be seconds, and the cluster is public: do not use it")]
    LocalOnPublic,
}

/// Whether this is the genesis hash of a public cluster, where others have value at stake.
pub fn is_public(genesis: &Hash) -> bool {
    PUBLIC.iter().any(|public| public.as_array() == genesis)
}

/// Makes sure that a network belongs to the cluster whose genesis hash is `genesis`, and that no `Local`
/// network is trusted on a public cluster.
///
/// # Errors
/// [`ClusterError`].
pub fn check(config: &Config, genesis: &Hash) -> Result<(), ClusterError> {
    judge(&config.cluster_id, config.profile, genesis)
}

fn judge(cluster_id: &Hash, profile: u8, genesis: &Hash) -> Result<(), ClusterError> {
    if cluster_id != genesis {
        return Err(ClusterError::Another);
    }
    // A profile that this version does not know promises nothing either.
    let protects = profile == Profile::Public.as_u8();
    if !protects && is_public(genesis) {
        return Err(ClusterError::LocalOnPublic);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCAL: u8 = Profile::Local.as_u8();
    const ON_PUBLIC: u8 = Profile::Public.as_u8();
    const ELSEWHERE: Hash = [7; 32];

    #[test]
    fn a_local_network_is_refused_on_every_public_cluster() {
        for public in PUBLIC.map(|key| key.to_bytes()) {
            for profile in [LOCAL, 2] {
                assert_eq!(judge(&public, profile, &public), Err(ClusterError::LocalOnPublic));
            }
            assert_eq!(judge(&public, ON_PUBLIC, &public), Ok(()));
        }
        assert_eq!(judge(&ELSEWHERE, LOCAL, &ELSEWHERE), Ok(()));
    }

    #[test]
    fn another_cluster_is_refused_whatever_the_profile() {
        let public = PUBLIC[0].to_bytes();
        for profile in [LOCAL, ON_PUBLIC] {
            assert_eq!(judge(&ELSEWHERE, profile, &public), Err(ClusterError::Another));
            assert_eq!(judge(&public, profile, &ELSEWHERE), Err(ClusterError::Another));
        }
    }
}
