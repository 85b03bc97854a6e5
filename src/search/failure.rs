//! What may go wrong with a search while it runs.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use super::Endpoint;
use super::request::SearchRequest;
use crate::visible::beginning;

/// How much of the filter an error repeats, in characters.
const FILTER_SHOWN: usize = 300;

/// Why a search failed, with the search itself: its URL and its filter. Needs the feature `client`.
///
/// Never holds the API key, not even where the server repeats it.
#[derive(Debug)]
pub struct SearchError {
    // On the heap, as an error is far larger than most results.
    what: Box<What>,
}

#[derive(Debug)]
struct What {
    kind: SearchErrorKind,
    url: String,
    filter: String,
}

/// The ways a search fails. Needs the feature `client`.
///
/// Text that comes from the server is on one line, in a bounded length, and as
/// [`visible`](crate::visible()) shows it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SearchErrorKind {
    /// A 4xx other than 429: the API refuses the search. Trying again would not help.
    #[error("the API rejected the search with {status}: {message}")]
    Refused {
        /// The status.
        status: u16,
        /// What the API says.
        message: String,
    },
    /// A 429 without `Retry-After`, with one of more than a minute, or still after every retry.
    #[error("the API received too many requests{}: {message}", asked_wait(.retry_after))]
    TooManyRequests {
        /// How often the page was asked for.
        attempts: u32,
        /// The wait that the API asks for.
        retry_after: Option<Duration>,
        /// What the API says.
        message: String,
    },
    /// A 500, still after every retry.
    #[error("the API failed with 500, at the last of {attempts} attempts: {message}")]
    Failed {
        /// How often the page was asked for.
        attempts: u32,
        /// What the API says.
        message: String,
    },
    /// A status that the API's reference does not name, such as a proxy's.
    #[error("the server answered with {status}, which is not known of the API: {message}")]
    Status {
        /// The status.
        status: u16,
        /// What the server says.
        message: String,
    },
    /// There was no full answer in time.
    #[error("there was no full answer within {} s", .after.as_secs_f64())]
    TimedOut {
        /// The time-out.
        after: Duration,
    },
    /// The server could not be reached, or the connection broke.
    #[error("the connection failed: {reason}")]
    Connection {
        /// What the HTTP library says.
        reason: String,
    },
    /// The answer is longer than the client takes.
    #[error("the answer is longer than {limit} bytes")]
    TooLong {
        /// The limit, in bytes.
        limit: u64,
    },
    /// The answer is not the JSON that the API's reference describes.
    #[error("the answer is not a page of results ({reason}): {start}")]
    Malformed {
        /// What is wrong with it.
        reason: String,
        /// How the answer, or the result that is wrong, begins.
        start: String,
    },
    /// The server gave another page than the one that was asked for.
    #[error("the server gave page {given} for page {asked}")]
    WrongPage {
        /// The page that was asked for.
        asked: u32,
        /// The page that came.
        given: u64,
    },
    /// A page brought nothing that earlier pages had not.
    #[error("page {page} brings nothing new")]
    NothingNew {
        /// The page.
        page: u32,
    },
    /// The results of the endpoint are not of the type that was asked for.
    #[error("a search of {endpoint} does not give results of this type")]
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

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> &SearchErrorKind {
        &self.what.kind
    }

    /// The URL that was called.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.what.url
    }

    /// The JSON of the filter that was sent, in at most 300 characters.
    #[must_use]
    pub fn filter(&self) -> &str {
        &self.what.filter
    }

    /// What to do about it, where there is something to say.
    #[must_use]
    pub fn help(&self) -> Option<&'static str> {
        match self.kind() {
            SearchErrorKind::Refused { status: 401, .. } => Some("check the API key"),
            SearchErrorKind::Refused { status: 404, .. } => Some("check the project's ID and the base URL"),
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
            SearchErrorKind::Refused { .. } | SearchErrorKind::ResultType { .. } => None,
        }
    }
}

impl fmt::Display for SearchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let What { kind, url, filter } = &*self.what;
        write!(f, "{kind}; searched {url} for {filter}")
    }
}

// No source: each kind's text already holds its cause, with the API key taken out.
impl Error for SearchError {}
