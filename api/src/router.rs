//! All routes with their time limits and layers, and the OpenAPI document that they make.

use std::time::Duration;

use axum::Router;
use axum::http::{HeaderName, Method, StatusCode, header};
use axum::middleware::from_fn_with_state;
use mira_wire::{Kind, node};
use tower_http::cors::{Any, CorsLayer};
use tower_http::timeout::TimeoutLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::config::Limits;
use crate::docs::{self, Docs};
use crate::layer::{self, RequestIds};
use crate::problem::ApiProblem;
use crate::routes::{
    audits, blobs, decisions, dispatch, disputes, epochs, events, health, index, jobs, leases, network,
    node as node_routes, openapi, providers, quotes, reconciliation, route, vouchers,
};
use crate::state::AppState;

/// Answered within the ordinary limit.
fn quick() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(index::index))
        .routes(routes!(openapi::openapi))
        .routes(routes!(health::livez::livez))
        .routes(routes!(health::readyz::readyz))
        .routes(routes!(health::metrics::metrics))
        .routes(routes!(network::show::show))
        .routes(routes!(providers::list::list))
        .routes(routes!(providers::show::show))
        .routes(routes!(jobs::list::list))
        .routes(routes!(jobs::show::show))
        .routes(routes!(jobs::leases::leases))
        .routes(routes!(jobs::shards::shards))
        .routes(routes!(jobs::why::why))
        .routes(routes!(leases::list::list))
        .routes(routes!(leases::show::show))
        .routes(routes!(leases::usage::usage))
        .routes(routes!(leases::voucher::voucher))
        .routes(routes!(disputes::list::list))
        .routes(routes!(disputes::show::show))
        .routes(routes!(epochs::list::list))
        .routes(routes!(epochs::show::show))
        .routes(routes!(reconciliation::list::list))
        .routes(routes!(audits::list::list))
        .routes(routes!(events::list::list))
        .routes(routes!(decisions::show::show))
        .routes(routes!(dispatch::epochs::epochs))
        .routes(routes!(dispatch::epoch::epoch))
        .routes(routes!(quotes::create::create))
        .routes(routes!(vouchers::create::create))
        .routes(routes!(route::sessions::sessions))
        .routes(routes!(route::create::create))
        .routes(routes!(route::hedge::hedge))
        .routes(routes!(route::done::end))
        .routes(routes!(node_routes::offers::offers))
        .routes(routes!(node_routes::heartbeat::heartbeat))
        .routes(routes!(node_routes::results::results))
        .routes(routes!(node_routes::usage::usage))
}

/// Bodies of many bytes, or many lookups.
fn slow() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(blobs::get::get, blobs::put::put))
        .routes(routes!(jobs::place::place))
        .routes(routes!(decisions::proof::proof))
}

/// Waits on purpose.
fn waiting() -> OpenApiRouter<AppState> {
    OpenApiRouter::default().routes(routes!(node_routes::work::work))
}

/// Never ends by itself.
fn endless() -> OpenApiRouter<AppState> {
    OpenApiRouter::default().routes(routes!(events::stream::stream))
}

fn within(limit: Duration) -> TimeoutLayer {
    TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, limit)
}

/// All routes, and the documents about them.
pub fn build(limits: &Limits) -> (Router<AppState>, Docs) {
    // A long poll may wait its full time, and then answer as any other request.
    let long_poll = Duration::from_millis(node::MAX_WAIT_MS.into()) + limits.request;
    let (router, openapi) = OpenApiRouter::with_openapi(docs::info())
        .merge(quick().layer(within(limits.request)))
        .merge(slow().layer(within(limits.slow_request)))
        .merge(waiting().layer(within(long_poll)))
        .merge(endless())
        .split_for_parts();
    (router, Docs::new(openapi))
}

/// Everything around the routes: failures as problems, figures, ids, and reads from any origin.
pub fn wrap(router: Router<AppState>, state: AppState) -> Router {
    let ids = RequestIds::new(state.now_ms());
    router
        .fallback(|| async { ApiProblem::new(Kind::NotFound, "GET / lists every path") })
        .layer(cors())
        .layer(from_fn_with_state(ids, layer::around))
        .with_state(state)
}

/// Any page may read: nothing here depends on who asks, and no cookie is ever used.
fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST, Method::PUT])
        .allow_headers([header::CONTENT_TYPE, HeaderName::from_static("last-event-id")])
        .expose_headers([HeaderName::from_static("x-request-id")])
}

/// The OpenAPI document, as committed under `api/openapi.json`: pretty JSON with a final newline.
pub fn openapi_json() -> String {
    build(&Limits::default()).1.json.to_string()
}
