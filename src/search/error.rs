//! Errors found before a search is sent.

use std::fmt;

use super::MAX_PAGE_SIZE;
use crate::visible::beginning;

/// The error for a search that cannot be sent.
///
/// [`Display`](fmt::Display) says what is wrong, and [`help`](RequestError::help) what to write
/// instead. The error never contains an API key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// An unknown endpoint.
    #[error("there is no endpoint `{}`", shown(.0))]
    Endpoint(String),
    /// The API key is missing.
    #[error("the API key is missing")]
    NoToken,
    /// The API key contains a character that a header cannot.
    #[error("the API key contains {found}")]
    Token {
        /// The character, with its article: `a space`.
        found: &'static str,
    },
    /// An invalid base URL.
    #[error("{} is not a base URL: {problem}", shown_base(.given))]
    Base {
        /// The base URL; `None` if it may contain a secret.
        given: Option<String>,
        /// What is wrong with it.
        problem: BaseProblem,
    },
    /// The project's ID cannot be used in a URL.
    #[error("`{}` is not a project ID", shown(.0))]
    Project(String),
    /// Page 0; pages are counted from 1.
    #[error("there is no page 0")]
    Page,
    /// A page size out of range; the API returns 1 to 100 results per page.
    #[error("a page cannot have {0} results")]
    PageSize(u32),
    /// The filter has no JSON: it is nested too deep, or contains a number that is not finite.
    #[error("the filter cannot be sent: {0}")]
    Filter(String),
}

/// What is wrong with a base URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BaseProblem {
    /// It does not begin with `https://` or `http://`.
    Scheme,
    /// It begins with `http://` for another machine, so the API key would be sent unencrypted.
    Unencrypted,
    /// It contains a user name or a password.
    Credentials,
    /// It has a `?` or a `#`.
    Query,
    /// Its host is missing or malformed.
    Host,
    /// Its port is not a number from 1 to 65535.
    Port,
    /// Its path contains a character that must be percent-encoded, or a `.` or `..` segment.
    Path,
}

impl RequestError {
    /// Returns what to write instead.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            RequestError::Endpoint(_) => "write sessions, traces or completions".to_owned(),
            RequestError::NoToken => "set the environment variable FREEPLAY_API_KEY to an API key".to_owned(),
            RequestError::Token { .. } => {
                "give the key alone, as Freeplay shows it: no quotes, no `Bearer`, no line break".to_owned()
            }
            RequestError::Base { problem, .. } => problem.help().to_owned(),
            RequestError::Project(_) => "give the ID alone, without white space around it".to_owned(),
            RequestError::Page => "pages are counted from 1".to_owned(),
            RequestError::PageSize(_) => format!("choose a page size from 1 to {MAX_PAGE_SIZE}"),
            RequestError::Filter(_) => "use finite numbers, and fewer groups inside one another".to_owned(),
        }
    }
}

impl BaseProblem {
    fn help(self) -> &'static str {
        match self {
            BaseProblem::Scheme => "write it in full, such as https://app.freeplay.ai",
            BaseProblem::Unencrypted => "begin it with https://",
            BaseProblem::Credentials => "remove everything before the `@`; the API key is given on its own",
            BaseProblem::Query => "remove everything from the `?` or `#` on",
            BaseProblem::Host => "write the host in ASCII after the scheme, such as https://app.freeplay.ai",
            BaseProblem::Port => "write a port from 1 to 65535 after the `:`, or leave out the `:`",
            BaseProblem::Path => "percent-encode what a URL cannot contain, and remove `.` and `..` segments",
        }
    }
}

impl fmt::Display for BaseProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            BaseProblem::Scheme => "it does not begin with https://",
            BaseProblem::Unencrypted => "http:// would send the API key unencrypted",
            BaseProblem::Credentials => "it contains a user name or a password",
            BaseProblem::Query => "it has a query or a fragment",
            BaseProblem::Host => "it has no valid host",
            BaseProblem::Port => "it has no valid port",
            BaseProblem::Path => "its path is not valid",
        })
    }
}

fn shown_base(given: &Option<String>) -> String {
    given.as_deref().map_or_else(|| "what was given".to_owned(), |given| format!("`{}`", shown(given)))
}

/// Returns untrusted text on one line, with at most 80 characters.
fn shown(text: &str) -> String {
    beginning(text, 80)
}
