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

use mira_wire::KeyStr;
use mira_wire::route::RouteTarget;

use crate::dispatch;

fn target(target: &dispatch::RouteTarget) -> RouteTarget {
    RouteTarget {
        lease: KeyStr(target.lease),
        provider: KeyStr(target.provider),
        unit_price: target.unit_price.get().into(),
    }
}
