//! Path parameters and queries.

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use mira_core::{Hash, Key};
use mira_wire::{HashHex, KeyStr, Kind, U64Str};
use serde::de::DeserializeOwned;

use crate::dispatch::DecisionId;
use crate::problem::{ApiProblem, Result, refuse};

async fn only_parameter<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<String> {
    Path::<String>::from_request_parts(parts, state)
        .await
        .map(|Path(text)| text)
        .map_err(|error| ApiProblem::new(Kind::InvalidParameter, error.body_text()))
}

/// The only path parameter: an account's address or a key.
#[derive(Debug)]
pub struct Address(pub Key);

impl<S: Send + Sync> FromRequestParts<S> for Address {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let text = only_parameter(parts, state).await?;
        let key: KeyStr = text
            .parse()
            .map_err(|error| ApiProblem::new(Kind::InvalidParameter, format!("the address in the path is {error}")))?;
        Ok(Self(key.get()))
    }
}

/// The only path parameter: a hash.
#[derive(Debug)]
pub struct Name(pub Hash);

impl<S: Send + Sync> FromRequestParts<S> for Name {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let text = only_parameter(parts, state).await?;
        let hash: HashHex = text
            .parse()
            .map_err(|error| ApiProblem::new(Kind::InvalidParameter, format!("the name in the path is {error}")))?;
        Ok(Self(hash.get()))
    }
}

/// The only path parameter: a number that a table can hold.
#[derive(Debug)]
pub struct Number(pub u64);

impl<S: Send + Sync> FromRequestParts<S> for Number {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let text = only_parameter(parts, state).await?;
        let number: U64Str = text
            .parse()
            .map_err(|error| ApiProblem::new(Kind::InvalidParameter, format!("the number in the path is {error}")))?;
        match i64::try_from(number.get()) {
            Ok(_) => Ok(Self(number.get())),
            Err(_) => refuse(Kind::InvalidParameter, format!("the number in the path is over {}", i64::MAX)),
        }
    }
}

/// The only path parameter: a placement's name or a route's number.
#[derive(Debug)]
pub struct Decision(pub DecisionId);

impl<S: Send + Sync> FromRequestParts<S> for Decision {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let text = only_parameter(parts, state).await?;
        let placement = text.parse().map(|name: HashHex| DecisionId::Placement(name.get()));
        let route = text.parse().ok().filter(|number: &U64Str| i64::try_from(number.get()).is_ok());
        let id = placement.or_else(|error| route.map(|number| DecisionId::Route(number.get())).ok_or(error));
        let wrong = |error: mira_wire::ParseBytesError| {
            format!("the decision in the path is {error}, and no number of a route")
        };
        id.map(Self).map_err(|error| ApiProblem::new(Kind::InvalidParameter, wrong(error)))
    }
}

/// The query.
#[derive(Debug)]
pub struct Params<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        Query::<T>::from_request_parts(parts, state)
            .await
            .map(|Query(value)| Self(value))
            .map_err(|error| ApiProblem::new(Kind::InvalidParameter, error.body_text()))
    }
}
