//! What tests of the program share: a world with its ELF in the SVM, actors with tokens, one builder
//! per instruction, and the ledger of `mira_core` as oracle of every step.
//!
//! A test builds a [`Step`] and lets the [`World`] run it. Whatever happens, all accounts and vaults
//! are then compared with the model, and every event with the accounts it numbers, so a test only
//! says what is special about it.
//!
//! | module | holds |
//! | --- | --- |
//! | [`world`] | the SVM, its clock, tokens, sending, comparing |
//! | [`step`] | instructions with their signers and what the model makes of them; tampering with them |
//! | [`scene`] | ready-made worlds: a network, a staked provider, a funded job, an open lease |
//! | [`solvency`] | random scripts against the program |
//! | [`actor`] | keys that a test can name |
//! | [`refusal`] | who refused, with which code |
//! | [`network`] | a network on a local chain over JSON-RPC, and stories of work on it |
//! | [`native`] | the program compiled for the host in the place of its ELF |
//! | [`pair`] | the same steps on both, and whether they leave the same |
//! | [`epochs`] | what a reward epoch should be, in straight lines |
//! | [`rows`] | rows of an index without a chain, and how they get into a store |
//! | [`sim`] | the indexer against a chain from a seed and an endpoint that does everything wrong |

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

pub mod actor;
pub mod epochs;
pub mod native;
pub mod network;
pub mod pair;
pub mod refusal;
pub mod rows;
pub mod scene;
pub mod sim;
pub mod solvency;
pub mod step;
pub mod world;

pub use actor::Actor;
pub use pair::Pair;
pub use refusal::Refusal;
pub use scene::Scene;
pub use scene::reward::RewardScene;
pub use step::Step;
pub use world::{Engine, Receipt, World};
