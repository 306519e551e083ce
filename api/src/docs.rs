//! The documents about the API itself: OpenAPI, and what `/` lists. Made from the routes, once per server.

use std::sync::Arc;

use mira_wire::index::{Index, Route};
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::{InfoBuilder, OpenApi, OpenApiBuilder, RefOr};

/// Where the OpenAPI document is served.
const OPENAPI_PATH: &str = "/v1/openapi.json";

/// The documents.
#[derive(Debug, Clone)]
pub struct Docs {
    /// The OpenAPI document.
    pub json: Arc<str>,
    /// What `/` lists.
    pub index: Arc<Index>,
}

/// What the OpenAPI document says of the whole.
pub(crate) fn info() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Mira")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Reads of Mira's finalized state, placement, and what nodes and requesters hand in. 64-bit integers are \
             decimal strings, keys base58, hashes hexadecimal, times RFC 3339 in UTC. Every failure is an RFC 9457 \
             problem whose `type` is stable. Requests under `/v1/node` are signed by the provider's operator key: \
             headers `x-mira-key`, `x-mira-timestamp`, `x-mira-nonce`, `x-mira-signature`.",
        ))
        .build();
    OpenApiBuilder::new().info(info).build()
}

impl Docs {
    /// The documents of these routes.
    pub(crate) fn new(mut openapi: OpenApi) -> Self {
        for item in openapi.paths.paths.values_mut() {
            for operation in [&mut item.get, &mut item.put, &mut item.post].into_iter().flatten() {
                complete(operation);
            }
        }
        Self { json: to_json(&openapi).into(), index: Arc::new(listed(&openapi)) }
    }
}

/// Fills in what the handlers leave out: an id that is unique over the document, made of the tag and the
/// handler's name, and a description for each response, which OpenAPI requires.
fn complete(operation: &mut Operation) {
    let tag = operation.tags.iter().flatten().next().cloned().unwrap_or_default();
    if let Some(id) = &mut operation.operation_id {
        *id = format!("{tag}_{id}");
    }
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        if response.description.is_empty() {
            let text = if status == "default" { "A problem; its `type` says which." } else { "As asked." };
            text.clone_into(&mut response.description);
        }
    }
}

fn to_json(openapi: &OpenApi) -> String {
    // The document is made of strings and maps: this cannot fail.
    let mut text = openapi.to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}

fn listed(openapi: &OpenApi) -> Index {
    let routes = openapi.paths.paths.iter().flat_map(|(path, item)| operations(path, item)).collect();
    Index {
        name: "mira".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        openapi: OPENAPI_PATH.to_owned(),
        routes,
    }
}

fn operations(path: &str, item: &PathItem) -> Vec<Route> {
    [("GET", &item.get), ("PUT", &item.put), ("POST", &item.post)]
        .into_iter()
        .filter_map(|(method, operation)| {
            Some(Route {
                method: method.to_owned(),
                path: path.to_owned(),
                summary: operation.as_ref()?.summary.clone().unwrap_or_default(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use crate::config::Limits;
    use crate::router::{build, openapi_json};

    fn document() -> Value {
        serde_json::from_str(&openapi_json()).unwrap()
    }

    #[test]
    fn every_route_is_listed_with_a_summary() {
        let (_, docs) = build(&Limits::default());
        assert!(docs.index.routes.len() >= 32, "{}", docs.index.routes.len());
        for route in &docs.index.routes {
            assert!(!route.summary.is_empty(), "{} {}", route.method, route.path);
        }
    }

    #[test]
    fn every_reference_exists() {
        let (document, text) = (document(), openapi_json());
        for part in text.split("\"#/components/schemas/").skip(1) {
            let name = part.split('"').next().unwrap_or_default();
            assert!(!document["components"]["schemas"][name].is_null(), "{name} is not defined");
        }
    }

    #[test]
    fn every_operation_has_an_id_of_its_own_and_described_responses() {
        let document = document();
        let mut ids = BTreeSet::new();
        for operation in document["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap()) {
            let id = operation.1["operationId"].as_str().unwrap();
            assert!(ids.insert(id.to_owned()), "{id} twice");
            for response in operation.1["responses"].as_object().unwrap().values() {
                assert!(!response["description"].as_str().unwrap().is_empty());
            }
        }
    }
}
