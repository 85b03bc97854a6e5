//! When a search is tried again.

use std::fmt;
use std::time::{Duration, SystemTime};

use ureq::http::{HeaderMap, HeaderName, StatusCode, header};

#[cfg(doc)]
use super::Client;

/// How often one page is asked for again: the API's reference allows three times. Needs the feature `client`.
pub const RETRIES: u32 = 3;

/// The wait after a 500: the API's reference asks for five seconds at least. Needs the feature `client`.
pub const RETRY_AFTER: Duration = Duration::from_secs(5);

/// The longest wait after a 429: where its `Retry-After` asks for more, it is final.
/// Needs the feature `client`.
pub const MAX_RETRY_AFTER: Duration = Duration::from_secs(60);

/// A search that a [`Client`] is about to send again. Needs the feature `client`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Retry {
    /// Which retry this is, from 1 to [`RETRIES`].
    pub number: u32,
    /// What the API answered: 429 or 500.
    pub status: u16,
    /// How long to wait before it.
    pub after: Duration,
    /// What the API said, on one line.
    pub message: String,
}

/// As a person would want to read it: `the API answered 500 (…); retry 1 of 3 in 5 s`.
impl fmt::Display for Retry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Retry { number, status, after, message } = self;
        let after = after.as_secs_f64().ceil();
        write!(f, "the API answered {status} ({message}); retry {number} of {RETRIES} in {after} s")
    }
}

/// How long to wait before a retry; `None` where there is to be none.
pub(super) fn after(status: StatusCode, headers: &HeaderMap) -> Option<Duration> {
    match status {
        StatusCode::INTERNAL_SERVER_ERROR => Some(RETRY_AFTER),
        StatusCode::TOO_MANY_REQUESTS => retry_after(headers),
        _ => None,
    }
}

/// The wait that `Retry-After` asks for: a number of seconds, or a date. A date is compared with
/// that of the answer, as the clock of this machine may be wrong.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: HeaderName| Some(headers.get(name)?.to_str().ok()?.trim());
    let asked = text(header::RETRY_AFTER)?;
    if !asked.is_empty() && asked.bytes().all(|byte| byte.is_ascii_digit()) {
        // A number too long to be read is far more than is waited.
        return Some(Duration::from_secs(asked.parse().unwrap_or(u64::MAX)));
    }
    let date = |text: &str| httpdate::parse_http_date(text).ok();
    let now = text(header::DATE).and_then(date).unwrap_or_else(SystemTime::now);
    Some(date(asked)?.duration_since(now).unwrap_or_default())
}
