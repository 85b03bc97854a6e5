//! A client that sends searches.

use std::fmt;
use std::io::Read;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use serde::Deserialize;
use ureq::http;

use super::failure::{SearchError, SearchErrorKind};
use super::request::SearchRequest;
use super::response::{Page, SearchResult};
use super::retry::{self, MAX_RETRY_AFTER, RETRIES, Retry};
use super::token::Token;
use crate::json::locate;
use crate::visible::beginning;

/// The maximum length of a server's message in an error, in characters.
const MESSAGE_SHOWN: usize = 500;

/// The maximum number of bytes to read for the message of an unsuccessful response.
const MESSAGE_READ: u64 = 64 * 1024;

/// A blocking client that sends searches, one page at a time. Needs the feature `client`.
///
/// ```no_run
/// use freeplay_filter::Filter;
/// use freeplay_filter::search::{Client, Endpoint, SearchRequest, SessionResult, Token};
///
/// let client = Client::new(Token::from_env()?);
/// let filter = Filter::field("cost").gt(0.5);
/// let request = SearchRequest::builder(Endpoint::Sessions, "my-project", &filter).build()?;
/// for session in client.search::<SessionResult>(&request).take(1000) {
///     println!("{}", session?.session_id);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Its behavior:
///
/// - A 500 is retried after [`RETRY_AFTER`](super::RETRY_AFTER). A 429 with a `Retry-After` header is
///   retried at the time that it asks for, unless that is more than [`MAX_RETRY_AFTER`] away. A page
///   is retried at most [`RETRIES`] times. Nothing else is retried.
/// - Redirects are not followed, since they could send the search, and the API key, elsewhere.
/// - The proxy is taken from the environment: `HTTPS_PROXY`, `NO_PROXY` and so on. A base URL on this
///   machine is called without a proxy, which would receive the API key unencrypted.
/// - Certificates are checked by rustls against Mozilla's root certificates, which are compiled in.
/// - It does not log. The underlying HTTP library, `ureq`, logs headers without their values, but its
///   dependency `ureq_proto` logs every byte that it sends, including the API key, at level `trace`.
#[derive(Clone)]
pub struct Client {
    agent: ureq::Agent,
    token: Token,
    timeout: Duration,
    max_response_bytes: u64,
    wait: Wait,
}

type Wait = Arc<dyn Fn(&Retry) + Send + Sync>;

/// A builder for a [`Client`], created by [`Client::builder`]. Needs the feature `client`.
#[must_use = "there is no client before `build`"]
pub struct ClientBuilder {
    token: Token,
    timeout: Duration,
    max_response_bytes: u64,
    wait: Wait,
}

impl ClientBuilder {
    /// Sets the time limit for one page, from the name lookup to the last byte; one minute by default.
    /// It applies to each retry anew.
    pub fn timeout(self, timeout: Duration) -> Self {
        ClientBuilder { timeout, ..self }
    }

    /// Sets the maximum length of a response in bytes; 256 MiB by default.
    pub fn max_response_bytes(self, bytes: u64) -> Self {
        ClientBuilder { max_response_bytes: bytes, ..self }
    }

    /// Sets what to do before a retry. The function must wait for [`Retry::after`] itself, as the
    /// default does with [`thread::sleep`]. It may also report the retry, or not wait in a test.
    pub fn wait(self, wait: impl Fn(&Retry) + Send + Sync + 'static) -> Self {
        ClientBuilder { wait: Arc::new(wait), ..self }
    }

    /// Builds the client.
    #[must_use]
    pub fn build(self) -> Client {
        let ClientBuilder { token, timeout, max_response_bytes, wait } = self;
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(timeout))
            .user_agent(concat!("freeplay-filter/", env!("CARGO_PKG_VERSION")))
            .accept("application/json")
            .build()
            .new_agent();
        Client { agent, token, timeout, max_response_bytes, wait }
    }
}

impl Client {
    /// Returns a client with the default settings.
    #[must_use]
    pub fn new(token: Token) -> Client {
        Client::builder(token).build()
    }

    /// Returns a builder for a client.
    pub fn builder(token: Token) -> ClientBuilder {
        ClientBuilder {
            token,
            timeout: Duration::from_secs(60),
            max_response_bytes: 256 * 1024 * 1024,
            wait: Arc::new(|retry| thread::sleep(retry.after)),
        }
    }

    /// Requests the page that the request specifies.
    ///
    /// # Errors
    ///
    /// All of [`SearchErrorKind`] except [`NothingNew`](SearchErrorKind::NothingNew) and
    /// [`WrongPage`](SearchErrorKind::WrongPage), which only [`search`](Client::search) can detect.
    pub fn page<R: SearchResult>(&self, request: &SearchRequest) -> Result<Page<R>, SearchError> {
        if !R::ENDPOINTS.contains(&request.endpoint()) {
            return Err(SearchError::new(request, SearchErrorKind::ResultType { endpoint: request.endpoint() }));
        }
        self.parse_page(request)
    }

    pub(super) fn parse_page<P: for<'de> Deserialize<'de>>(&self, request: &SearchRequest) -> Result<P, SearchError> {
        let response = self.send(request).map_err(|kind| SearchError::new(request, kind))?;
        serde_json::from_slice(&response)
            .map_err(|error| self.malformed(request, &error, &String::from_utf8_lossy(&response)))
    }

    pub(super) fn malformed(&self, request: &SearchRequest, error: &serde_json::Error, response: &str) -> SearchError {
        // The reason may quote the response.
        let reason = self.fit_to_show(&locate(error));
        SearchError::new(request, SearchErrorKind::Malformed { reason, start: self.fit_to_show(response) })
    }

    /// Sends a request, with retries, and returns the body of a 200.
    fn send(&self, request: &SearchRequest) -> Result<Vec<u8>, SearchErrorKind> {
        let mut attempts = 0;
        loop {
            attempts += 1;
            let mut response = self.call(request)?;
            let status = response.status();
            if status == http::StatusCode::OK {
                let body = response.body_mut().with_config().limit(self.max_response_bytes).read_to_vec();
                return body.map_err(|error| self.connection_error(&error));
            }
            let after = retry::after(status, response.headers());
            let message = self.read_message(response);
            let status = status.as_u16();
            match after {
                Some(after) if attempts <= RETRIES && after <= MAX_RETRY_AFTER => {
                    (self.wait)(&Retry { number: attempts, status, after, message });
                }
                _ => return Err(failure(status, attempts, after, message)),
            }
        }
    }

    fn call(&self, request: &SearchRequest) -> Result<http::Response<ureq::Body>, SearchErrorKind> {
        let protected = request.url().starts_with("https://");
        let request = request
            .to_http(&self.token)
            .map_err(|error| SearchErrorKind::Connection { reason: self.fit_to_show(&error.to_string()) })?;
        let response = if protected {
            self.agent.run(request)
        } else {
            self.agent.run(self.agent.configure_request(request).proxy(None).build())
        };
        response.map_err(|error| self.connection_error(&error))
    }

    fn connection_error(&self, error: &ureq::Error) -> SearchErrorKind {
        match error {
            ureq::Error::Timeout(_) => SearchErrorKind::TimedOut { after: self.timeout },
            ureq::Error::BodyExceedsLimit(_) => SearchErrorKind::TooLong { limit: self.max_response_bytes },
            other => SearchErrorKind::Connection { reason: self.fit_to_show(&other.to_string()) },
        }
    }

    /// Returns the API's `message`, or else the text of the response.
    fn read_message(&self, response: http::Response<ureq::Body>) -> String {
        #[derive(Deserialize)]
        struct Failure {
            message: String,
        }

        let mut body = Vec::new();
        // If the body breaks off, the part that was read is used, as the status matters more.
        let _ = response.into_body().into_reader().take(MESSAGE_READ).read_to_end(&mut body);
        let message = match serde_json::from_slice(&body) {
            Ok(Failure { message }) => message,
            Err(_) => String::from_utf8_lossy(&body).into_owned(),
        };
        if message.trim().is_empty() { "no message".to_owned() } else { self.fit_to_show(message.trim()) }
    }

    /// Returns a server's text on one line, shortened, and without the API key.
    fn fit_to_show(&self, text: &str) -> String {
        let key = self.token.expose();
        // The text may be JSON that contains the key escaped.
        let in_json = serde_json::Value::from(key).to_string();
        let text = text.replace(in_json.trim_matches('"'), "***").replace(key, "***");
        beginning(&text, MESSAGE_SHOWN)
    }
}

/// Returns the error for an unsuccessful response that is not retried.
fn failure(status: u16, attempts: u32, retry_after: Option<Duration>, message: String) -> SearchErrorKind {
    match status {
        429 => SearchErrorKind::TooManyRequests { attempts, retry_after, message },
        400..=499 => SearchErrorKind::Rejected { status, message },
        500 => SearchErrorKind::Failed { attempts, message },
        _ => SearchErrorKind::Status { status, message },
    }
}

/// Shows the settings but not the API key.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Client { token, timeout, max_response_bytes, agent: _, wait: _ } = self;
        let mut client = f.debug_struct("Client");
        client.field("token", token).field("timeout", timeout).field("max_response_bytes", max_response_bytes);
        client.finish_non_exhaustive()
    }
}
