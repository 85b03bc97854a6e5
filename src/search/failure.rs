//! Errors of a search that was sent.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use super::Endpoint;
use super::request::SearchRequest;
use crate::visible::beginning;

/// The maximum length of the filter in an error, in characters.
const FILTER_SHOWN: usize = 300;

/// The error of a failed search, with the URL and the filter of the search. Needs the feature
/// `client`.
///
/// It never contains the API key, even if the server's response does.
#[derive(Debug)]
pub struct SearchError {
    // Boxed, as an error is much larger than most results.
    what: Box<What>,
}

#[derive(Debug)]
struct What {
    kind: SearchErrorKind,
    url: String,
    filter: String,
}

/// The ways in which a search can fail. Needs the feature `client`.
///
/// Text from the server is on one line, of limited length, and escaped by
/// [`visible`](crate::visible()).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SearchErrorKind {
    /// A 4xx other than 429: the API rejected the search. Retrying would not help.
    #[error("the API rejected the search with {status}: {message}")]
    Rejected {
        /// The status code.
        status: u16,
        /// The API's message.
        message: String,
    },
    /// A 429 without `Retry-After`, with a wait of more than a minute, or after all retries.
    #[error("the API received too many requests{}: {message}", asked_wait(.retry_after))]
    TooManyRequests {
        /// The number of attempts.
        attempts: u32,
        /// The wait that the API asked for.
        retry_after: Option<Duration>,
        /// The API's message.
        message: String,
    },
    /// A 500 after all retries.
    #[error("the API returned 500 to all {attempts} attempts: {message}")]
    Failed {
        /// The number of attempts.
        attempts: u32,
        /// The API's message.
        message: String,
    },
    /// A status code that the API's reference does not list, for example from a proxy.
    #[error("the server returned status {status}, which the API does not document: {message}")]
    Status {
        /// The status code.
        status: u16,
        /// The server's message.
        message: String,
    },
    /// The response was not complete before the timeout.
    #[error("no complete response within {} s", .after.as_secs_f64())]
    TimedOut {
        /// The timeout.
        after: Duration,
    },
    /// The server could not be reached, or the connection broke.
    #[error("the connection failed: {reason}")]
    Connection {
        /// The message of the HTTP library.
        reason: String,
    },
    /// The response is longer than the client's limit.
    #[error("the response is longer than {limit} bytes")]
    TooLong {
        /// The limit, in bytes.
        limit: u64,
    },
    /// The response is not the JSON that the API's reference describes.
    #[error("the response is not a page of results ({reason}): {start}")]
    Malformed {
        /// What is wrong with it.
        reason: String,
        /// The beginning of the response, or of the invalid result.
        start: String,
    },
    /// The server returned another page than the requested one.
    #[error("requested page {asked}, but the server returned page {given}")]
    WrongPage {
        /// The requested page.
        asked: u32,
        /// The returned page.
        given: u64,
    },
    /// A page contains no results that earlier pages did not.
    #[error("page {page} contains no new results")]
    NothingNew {
        /// The page.
        page: u32,
    },
    /// The requested result type is not one of the endpoint's.
    #[error("a search of {endpoint} does not return results of this type")]
    ResultType {
        /// The endpoint.
        endpoint: Endpoint,
    },
}

fn asked_wait(retry_after: &Option<Duration>) -> String {
    retry_after.map_or_else(String::new, |after| format!(" and asks to wait {} s", after.as_secs_f64().ceil()))
}

impl SearchError {
    pub(super) fn new(request: &SearchRequest, kind: SearchErrorKind) -> SearchError {
        let what = What { kind, url: request.url(), filter: beginning(request.filter_json(), FILTER_SHOWN) };
        SearchError { what: Box::new(what) }
    }

    /// Returns what went wrong.
    #[must_use]
    pub fn kind(&self) -> &SearchErrorKind {
        &self.what.kind
    }

    /// Returns the URL of the request.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.what.url
    }

    /// Returns the JSON of the filter, shortened to 300 characters.
    #[must_use]
    pub fn filter(&self) -> &str {
        &self.what.filter
    }

    /// Returns advice on what to do, if there is any.
    #[must_use]
    pub fn help(&self) -> Option<&'static str> {
        match self.kind() {
            SearchErrorKind::Rejected { status: 401, .. } => Some("check the API key"),
            SearchErrorKind::Rejected { status: 404, .. } => Some("check the project's ID and the base URL"),
            SearchErrorKind::Failed { .. } | SearchErrorKind::TooManyRequests { .. } => Some("try again later"),
            SearchErrorKind::TimedOut { .. } | SearchErrorKind::TooLong { .. } => {
                Some("ask for a smaller page, or leave the children out")
            }
            SearchErrorKind::Connection { .. } | SearchErrorKind::Status { .. } => {
                Some("check the base URL and the network")
            }
            SearchErrorKind::Malformed { .. } => Some("check that the base URL is Freeplay's"),
            SearchErrorKind::WrongPage { .. } | SearchErrorKind::NothingNew { .. } => Some(
                "results may be coming in faster than pages: ask for larger pages, or end the search with a start_time",
            ),
            SearchErrorKind::Rejected { .. } | SearchErrorKind::ResultType { .. } => None,
        }
    }
}

impl fmt::Display for SearchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let What { kind, url, filter } = &*self.what;
        write!(f, "{kind}; searched {url} for {filter}")
    }
}

// There is no source: each message contains its cause, with the API key removed.
impl Error for SearchError {}
