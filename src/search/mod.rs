//! Sends filters to Freeplay's Search API and parses the responses.
//!
//! [`SearchRequest`] is a request that is ready to be sent. It provides the method, URL, headers and
//! body for any HTTP client, or a command to paste into a shell ([`SearchRequest::curl`]). [`Page`]
//! is a response. Neither does any I/O.
//!
//! ```
//! use freeplay_filter::Filter;
//! use freeplay_filter::search::{Endpoint, Page, SearchRequest, SessionResult};
//!
//! let filter = Filter::field("cost").gte(0.01);
//! let request = SearchRequest::builder(Endpoint::Sessions, "my-project", &filter).page_size(100).build()?;
//! assert_eq!(request.method(), "POST");
//! assert_eq!(
//!     request.url(),
//!     concat!(
//!         "https://app.freeplay.ai/api/v2/projects/my-project/search/sessions",
//!         "?page=1&page_size=100&include_children=false",
//!     ),
//! );
//! assert_eq!(request.body(), r#"{"filters":{"field":"cost","op":"gte","value":0.01}}"#);
//!
//! let response = r#"{"data": [], "pagination": {"page": 1, "page_size": 100, "has_next": false}}"#;
//! let page: Page<SessionResult> = serde_json::from_str(response)?;
//! assert!(!page.pagination.has_next);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! With the feature `http`, `SearchRequest::to_http` returns an `http::Request`. With the feature
//! `client`, `Client` sends searches and iterates over their results across pages.
//!
//! The types follow the API's reference pages on searching sessions, traces and completions. Nothing
//! beyond them is assumed.

mod base;
#[cfg(feature = "client")]
mod client;
mod curl;
mod error;
#[cfg(feature = "client")]
mod failure;
#[cfg(feature = "http")]
mod http;
#[cfg(feature = "client")]
mod raw;
mod request;
mod response;
#[cfg(feature = "client")]
mod results;
#[cfg(feature = "client")]
mod retry;
mod shell;
mod token;

use std::fmt;

pub use base::BaseUrl;
#[cfg(feature = "client")]
#[cfg_attr(docsrs, doc(cfg(feature = "client")))]
pub use client::{Client, ClientBuilder};
pub use error::{BaseProblem, RequestError};
#[cfg(feature = "client")]
#[cfg_attr(docsrs, doc(cfg(feature = "client")))]
pub use failure::{SearchError, SearchErrorKind};
#[cfg(feature = "client")]
#[cfg_attr(docsrs, doc(cfg(feature = "client")))]
pub use raw::RawResult;
pub use request::{Header, RequestBuilder, SearchRequest};
pub use response::{
    Child, ClientScore, CompletionMetadata, CompletionResult, Content, EvaluationResults, Message, MetaValue, Page,
    Pagination, Role, SearchResult, SessionMetadata, SessionResult, TraceMetadata, TraceResult, Usage,
};
#[cfg(feature = "client")]
#[cfg_attr(docsrs, doc(cfg(feature = "client")))]
pub use results::{Progress, Results};
#[cfg(feature = "client")]
#[cfg_attr(docsrs, doc(cfg(feature = "client")))]
pub use retry::{MAX_RETRY_AFTER, RETRIES, RETRY_AFTER, Retry};
pub use token::Token;

/// The maximum number of results per page in the API.
pub const MAX_PAGE_SIZE: u32 = 100;

/// The API's default number of results per page.
pub const DEFAULT_PAGE_SIZE: u32 = 30;

/// The kind of data that a search returns. All of them take the same filters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Endpoint {
    /// `POST …/search/sessions`, which returns [`SessionResult`]s.
    Sessions,
    /// `POST …/search/traces`, which returns [`TraceResult`]s.
    Traces,
    /// `POST …/search/completions`, which returns [`CompletionResult`]s.
    Completions,
}

impl Endpoint {
    /// All endpoints.
    pub const ALL: [Endpoint; 3] = [Endpoint::Sessions, Endpoint::Traces, Endpoint::Completions];

    /// Returns the endpoint's name at the end of its URL: `sessions`, `traces` or `completions`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Endpoint::Sessions => "sessions",
            Endpoint::Traces => "traces",
            Endpoint::Completions => "completions",
        }
    }
}

/// Writes the name at the end of the URL: `sessions`.
impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Parses the name of an endpoint: `sessions`, `traces` or `completions`.
///
/// ```
/// use freeplay_filter::search::Endpoint;
///
/// assert_eq!("traces".parse(), Ok(Endpoint::Traces));
/// let error = "trace".parse::<Endpoint>().unwrap_err();
/// assert_eq!(error.to_string(), "there is no endpoint `trace`");
/// assert_eq!(error.help(), "write sessions, traces or completions");
/// ```
impl std::str::FromStr for Endpoint {
    type Err = RequestError;

    fn from_str(name: &str) -> Result<Endpoint, RequestError> {
        Endpoint::ALL
            .into_iter()
            .find(|endpoint| endpoint.as_str() == name)
            .ok_or_else(|| RequestError::Endpoint(name.to_owned()))
    }
}
