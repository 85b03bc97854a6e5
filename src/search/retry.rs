//! The rules for retrying a request.

use std::fmt;
use std::time::{Duration, SystemTime};

use ureq::http::{HeaderMap, HeaderName, StatusCode, header};

#[cfg(doc)]
use super::Client;

/// The maximum number of retries of a page: the API's reference allows three. Needs the feature `client`.
pub const RETRIES: u32 = 3;

/// The wait after a 500: the API's reference asks for at least five seconds. Needs the feature `client`.
pub const RETRY_AFTER: Duration = Duration::from_secs(5);

/// The longest wait after a 429. If its `Retry-After` asks for more, the request is not retried.
/// Needs the feature `client`.
pub const MAX_RETRY_AFTER: Duration = Duration::from_secs(60);

/// A retry that a [`Client`] is about to make. Needs the feature `client`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Retry {
    /// The number of the retry, from 1 to [`RETRIES`].
    pub number: u32,
    /// The API's status code: 429 or 500.
    pub status: u16,
    /// The wait before the retry.
    pub after: Duration,
    /// The API's message, on one line.
    pub message: String,
}

/// Describes the retry: `the API returned 500 (…); retry 1 of 3 in 5 s`.
impl fmt::Display for Retry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Retry { number, status, after, message } = self;
        let after = after.as_secs_f64().ceil();
        write!(f, "the API returned {status} ({message}); retry {number} of {RETRIES} in {after} s")
    }
}

/// Returns the wait before a retry; `None` if the request is not retried.
pub(super) fn after(status: StatusCode, headers: &HeaderMap) -> Option<Duration> {
    match status {
        StatusCode::INTERNAL_SERVER_ERROR => Some(RETRY_AFTER),
        StatusCode::TOO_MANY_REQUESTS => retry_after(headers),
        _ => None,
    }
}

/// Returns the wait that `Retry-After` asks for, as a number of seconds or a date. A date is compared
/// with the date of the response, as the local clock may be wrong.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: HeaderName| Some(headers.get(name)?.to_str().ok()?.trim());
    let asked = text(header::RETRY_AFTER)?;
    if !asked.is_empty() && asked.bytes().all(|byte| byte.is_ascii_digit()) {
        // A number too large to parse is longer than any wait that is accepted.
        return Some(Duration::from_secs(asked.parse().unwrap_or(u64::MAX)));
    }
    let date = |text: &str| httpdate::parse_http_date(text).ok();
    let now = text(header::DATE).and_then(date).unwrap_or_else(SystemTime::now);
    Some(date(asked)?.duration_since(now).unwrap_or_default())
}
