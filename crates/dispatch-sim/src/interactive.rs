//! Interactive requests on a simulated network, open-loop, under each policy.
//!
//! | module | holds |
//! | --- | --- |
//! | [`model`] | the constants, which are published |
//! | [`world`], [`speed`] | one drawn network: providers, prices, round trips, slow periods, requests |
//! | [`sim`], [`server`] | the simulation by events |
//! | [`policy`] | the ways to choose |
//! | [`fault`] | what goes wrong |
//! | [`outcome`], [`summary`] | what came of it |
//! | [`compare`], [`report`] | all policies on the same networks, over seeds and loads |

pub mod compare;
pub mod fault;
pub mod model;
pub mod outcome;
pub mod policy;
pub mod report;
pub mod server;
pub mod sim;
pub mod speed;
pub mod summary;
pub mod world;
