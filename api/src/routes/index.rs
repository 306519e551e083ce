//! `GET /`: what this server has, as JSON or as a plain page.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CONTENT_TYPE, VARY};
use axum::response::{IntoResponse, Json, Response};
use mira_wire::index::Index;

use crate::state::AppState;

/// Lists every route. JSON unless the client would rather have HTML.
#[utoipa::path(get, path = "/", tag = "about", summary = "What this server has",
    responses((status = 200, body = Index)))]
pub async fn index(State(state): State<AppState>, headers: HeaderMap) -> Response {
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let vary = [(VARY, "accept")];
    if wants_html(accept) {
        let html = page(&state.docs.index);
        return (vary, [(CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response();
    }
    (vary, Json(state.docs.index.clone())).into_response()
}

/// Whether HTML is named before JSON, as browsers do.
fn wants_html(accept: &str) -> bool {
    match (accept.find("text/html"), accept.find("json")) {
        (Some(html), Some(json)) => html < json,
        (html, _) => html.is_some(),
    }
}

fn page(index: &Index) -> String {
    let rows: String = index.routes.iter().map(row).collect();
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Mira API</title>\
         <h1>Mira API {}</h1><p><a href=\"{}\">OpenAPI document</a></p>\
         <table><tr><th>Method<th>Path<th>What</tr>{rows}</table></html>",
        escape(&index.version),
        escape(&index.openapi)
    )
}

fn row(route: &mira_wire::index::Route) -> String {
    let path = escape(&route.path);
    let cell = if route.method == "GET" && !route.path.contains('{') {
        format!("<a href=\"{path}\">{path}</a>")
    } else {
        path
    };
    format!("<tr><td>{}<td>{cell}<td>{}</tr>", escape(&route.method), escape(&route.summary))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_get_html_and_tools_json() {
        assert!(wants_html("text/html,application/xhtml+xml,*/*;q=0.8"));
        assert!(!wants_html("*/*"));
        assert!(!wants_html(""));
        assert!(!wants_html("application/json, text/html"));
    }

    #[test]
    fn text_cannot_become_markup() {
        assert_eq!(escape("<a href=\"&\">"), "&lt;a href=&quot;&amp;&quot;&gt;");
    }
}
