//! Routing interactive requests.
//!
//! | file | endpoint |
//! | --- | --- |
//! | [`sessions`] | `POST /v1/route/sessions` |
//! | [`create`] | `POST /v1/route` |
//! | [`hedge`] | `POST /v1/route/{route}/hedge` |
//! | [`done`] | `POST /v1/route/{route}/done` |

pub mod create;
pub mod done;
pub mod hedge;
pub mod sessions;

use mira_core::amount::Units;
use mira_wire::route::{Leg, LegEnd, RouteDone, RouteTarget};
use mira_wire::{KeyStr, U64Str};

use crate::dispatch;

fn target(target: &dispatch::RouteTarget) -> RouteTarget {
    RouteTarget {
        lease: KeyStr(target.lease),
        provider: KeyStr(target.provider),
        unit_price: target.unit_price.get().into(),
    }
}

fn ended(route: u64, done: &RouteDone) -> dispatch::RouteDone {
    let leg = match done.leg {
        Leg::Primary => dispatch::Leg::Primary,
        Leg::Hedge => dispatch::Leg::Hedge,
    };
    let end = match done.end {
        LegEnd::Completed => dispatch::LegEnd::Completed,
        LegEnd::Cancelled => dispatch::LegEnd::Cancelled,
        LegEnd::Failed => dispatch::LegEnd::Failed,
        LegEnd::TimedOut => dispatch::LegEnd::TimedOut,
    };
    let first_token_us = done.first_token_us.map(U64Str::get);
    dispatch::RouteDone { route, leg, end, first_token_us, units: Units::new(done.units.get()) }
}
