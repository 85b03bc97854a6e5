//! Sends searches.

use std::error::Error;
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
use crate::visible::beginning;

/// How much of a message from the server an error repeats, in characters.
const MESSAGE_SHOWN: usize = 500;

/// How much of an answer that is not a page is read for its message, in bytes.
const MESSAGE_READ: u64 = 64 * 1024;

/// Sends searches, one page at a time, and waits for the answers. Needs the feature `client`.
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
/// What it does, and does not do:
///
/// - A 500 is retried after [`RETRY_AFTER`](super::RETRY_AFTER); a 429 that says when to come back,
///   by `Retry-After`, is retried then, unless that is more than [`MAX_RETRY_AFTER`] away. A page is
///   retried at most [`RETRIES`] times. Nothing else is retried.
/// - Redirects are not followed: they would take the search, and maybe the API key, elsewhere.
/// - The proxy is the environment's: `HTTPS_PROXY`, `NO_PROXY` and so on. A base on this machine is
///   called without one: plain HTTP would carry the API key to the proxy in the open.
/// - Certificates are checked by rustls against Mozilla's roots, which are compiled in.
/// - It writes no logs. The HTTP library below, `ureq`, logs headers without their values; but at
///   the level `trace` its part `ureq_proto` logs every byte it sends, the API key among them.
#[derive(Clone)]
pub struct Client {
    agent: ureq::Agent,
    token: Token,
    timeout: Duration,
    max_answer: u64,
    wait: Wait,
}

type Wait = Arc<dyn Fn(&Retry) + Send + Sync>;

/// The settings of a client; made by [`Client::builder`]. Needs the feature `client`.
#[must_use = "there is no client before `build`"]
pub struct ClientBuilder {
    token: Token,
    timeout: Duration,
    max_answer: u64,
    wait: Wait,
}

impl ClientBuilder {
    /// How long one page may take, from the name look-up to the last byte; a minute by default.
    /// Each retry has that time anew.
    pub fn timeout(self, timeout: Duration) -> Self {
        ClientBuilder { timeout, ..self }
    }

    /// The longest answer to take, in bytes; 256 MiB by default.
    pub fn max_answer(self, bytes: u64) -> Self {
        ClientBuilder { max_answer: bytes, ..self }
    }

    /// What to do before a retry. It must wait for [`Retry::after`] itself, as the default does
    /// with [`thread::sleep`]; it may also tell somebody, or wait otherwise in a test.
    pub fn wait(self, wait: impl Fn(&Retry) + Send + Sync + 'static) -> Self {
        ClientBuilder { wait: Arc::new(wait), ..self }
    }

    /// The client.
    #[must_use]
    pub fn build(self) -> Client {
        let ClientBuilder { token, timeout, max_answer, wait } = self;
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(timeout))
            .user_agent(concat!("freeplay-filter/", env!("CARGO_PKG_VERSION")))
            .accept("application/json")
            .build()
            .new_agent();
        Client { agent, token, timeout, max_answer, wait }
    }
}

impl Client {
    /// A client with the default settings.
    #[must_use]
    pub fn new(token: Token) -> Client {
        Client::builder(token).build()
    }

    /// Starts a client with other settings.
    pub fn builder(token: Token) -> ClientBuilder {
        ClientBuilder {
            token,
            timeout: Duration::from_secs(60),
            max_answer: 256 * 1024 * 1024,
            wait: Arc::new(|retry| thread::sleep(retry.after)),
        }
    }

    /// Gives the one page that the request names.
    ///
    /// # Errors
    ///
    /// All of [`SearchErrorKind`] but [`NothingNew`](SearchErrorKind::NothingNew) and
    /// [`WrongPage`](SearchErrorKind::WrongPage), which only [`search`](Client::search) can tell.
    pub fn page<R: SearchResult>(&self, request: &SearchRequest) -> Result<Page<R>, SearchError> {
        if !R::ENDPOINTS.contains(&request.endpoint()) {
            return Err(SearchError::new(request, SearchErrorKind::ResultType { endpoint: request.endpoint() }));
        }
        self.parse_page(request)
    }

    pub(super) fn parse_page<P: for<'de> Deserialize<'de>>(&self, request: &SearchRequest) -> Result<P, SearchError> {
        let answer = self.send(request).map_err(|kind| SearchError::new(request, kind))?;
        serde_json::from_slice(&answer)
            .map_err(|error| self.malformed(request, &error, &String::from_utf8_lossy(&answer)))
    }

    pub(super) fn malformed(&self, request: &SearchRequest, reason: &dyn Error, answer: &str) -> SearchError {
        // The reason may quote the answer.
        let reason = self.fit_to_show(&reason.to_string());
        SearchError::new(request, SearchErrorKind::Malformed { reason, start: self.fit_to_show(answer) })
    }

    /// The body of a 200, after as many retries as are allowed.
    fn send(&self, request: &SearchRequest) -> Result<Vec<u8>, SearchErrorKind> {
        let mut attempts = 0;
        loop {
            attempts += 1;
            let mut response = self.call(request)?;
            let status = response.status();
            if status == http::StatusCode::OK {
                let body = response.body_mut().with_config().limit(self.max_answer).read_to_vec();
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
        let answer = if protected {
            self.agent.run(request)
        } else {
            self.agent.run(self.agent.configure_request(request).proxy(None).build())
        };
        answer.map_err(|error| self.connection_error(&error))
    }

    fn connection_error(&self, error: &ureq::Error) -> SearchErrorKind {
        match error {
            ureq::Error::Timeout(_) => SearchErrorKind::TimedOut { after: self.timeout },
            ureq::Error::BodyExceedsLimit(_) => SearchErrorKind::TooLong { limit: self.max_answer },
            other => SearchErrorKind::Connection { reason: self.fit_to_show(&other.to_string()) },
        }
    }

    /// The API's `message`, or else whatever the server wrote.
    fn read_message(&self, response: http::Response<ureq::Body>) -> String {
        #[derive(Deserialize)]
        struct Failure {
            message: String,
        }

        let mut body = Vec::new();
        // The status says more than a body that breaks off: what was read of it is kept.
        let _ = response.into_body().into_reader().take(MESSAGE_READ).read_to_end(&mut body);
        let message = match serde_json::from_slice(&body) {
            Ok(Failure { message }) => message,
            Err(_) => String::from_utf8_lossy(&body).into_owned(),
        };
        if message.trim().is_empty() { "no message".to_owned() } else { self.fit_to_show(message.trim()) }
    }

    /// A server's text on one line, in a bounded length, without the API key.
    fn fit_to_show(&self, text: &str) -> String {
        let key = self.token.expose();
        // The text may be JSON, and have the key as JSON writes it.
        let in_json = serde_json::Value::from(key).to_string();
        let text = text.replace(in_json.trim_matches('"'), "***").replace(key, "***");
        beginning(&text, MESSAGE_SHOWN)
    }
}

/// What an answer that is not a page means, where it is not retried.
fn failure(status: u16, attempts: u32, retry_after: Option<Duration>, message: String) -> SearchErrorKind {
    match status {
        429 => SearchErrorKind::TooManyRequests { attempts, retry_after, message },
        400..=499 => SearchErrorKind::Refused { status, message },
        500 => SearchErrorKind::Failed { attempts, message },
        _ => SearchErrorKind::Status { status, message },
    }
}

/// Shows the settings, and no key.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Client { token, timeout, max_answer, agent: _, wait: _ } = self;
        let mut client = f.debug_struct("Client");
        client.field("token", token).field("timeout", timeout).field("max_answer", max_answer);
        client.finish_non_exhaustive()
    }
}
