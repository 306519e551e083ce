//! Failures as clients see them, and requests that a well-behaved client would not send.

use mira_wire::client::ApiError;
use mira_wire::{Kind, Problem, problem};
use reqwest::{Method, Response};

use super::World;

/// The request was refused with exactly this kind.
#[track_caller]
pub fn refused<T: std::fmt::Debug>(result: Result<T, ApiError>, kind: Kind) {
    let error = result.expect_err("the request must be refused");
    assert_eq!(error.kind(), Some(kind), "{error}");
    assert_eq!(error.status(), Some(kind.status()));
}

/// A response is a problem document of this kind, whole: status, media type, members, request id.
pub async fn assert_problem(response: Response, kind: Kind) -> Problem {
    let status = response.status().as_u16();
    let media = response.headers()["content-type"].to_str().unwrap().to_owned();
    let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
    let text = response.text().await.unwrap();
    assert_eq!(media, problem::CONTENT_TYPE, "{text}");
    let problem: Problem = serde_json::from_str(&text).unwrap();
    assert_eq!(problem.kind(), Some(kind), "{text}");
    assert_eq!((status, problem.status), (kind.status(), kind.status()));
    assert_eq!(problem.title, kind.title());
    assert!(!problem.detail.is_empty());
    assert_eq!(problem.request_id, Some(id));
    problem
}

impl World {
    /// Sends anything.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<reqwest::Body>,
    ) -> Response {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = reqwest::Client::new().request(method, format!("{}{path}", self.running.url())).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap()
    }

    /// A plain GET.
    pub async fn get(&self, path: &str) -> Response {
        self.send("GET", path, &[], "").await
    }

    /// A POST of JSON text.
    pub async fn post(&self, path: &str, body: impl Into<reqwest::Body>) -> Response {
        self.send("POST", path, &[("content-type", "application/json")], body).await
    }
}
