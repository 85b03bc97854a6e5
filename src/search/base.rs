//! The base URL of the API.

use std::env;
use std::ffi::OsStr;
use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;
use std::sync::Arc;

use super::error::{BaseProblem, RequestError};

/// The part of the API's URLs that depends on the installation: `https://app.freeplay.ai` for the
/// cloud, `https://{subdomain}.freeplay.ai` for a private instance.
///
/// A path is allowed, for an installation behind a proxy. Trailing slashes are ignored.
///
/// ```
/// use freeplay_filter::search::BaseUrl;
///
/// let base: BaseUrl = "https://acme.freeplay.ai/".parse()?;
/// assert_eq!(base.as_str(), "https://acme.freeplay.ai");
/// assert_eq!(BaseUrl::default().as_str(), "https://app.freeplay.ai");
///
/// let error = "acme.freeplay.ai".parse::<BaseUrl>().unwrap_err();
/// assert_eq!(error.to_string(), "`acme.freeplay.ai` is not a base URL: it does not begin with https://");
/// assert_eq!(error.help(), "write it in full, such as https://app.freeplay.ai");
/// # Ok::<(), freeplay_filter::search::RequestError>(())
/// ```
///
/// # Errors
///
/// Parsing fails with [`RequestError::Base`] unless the string is a plain server address: user names
/// and passwords, queries, fragments, and hosts that are not ASCII are rejected. `http://` is only
/// accepted for servers on this machine (`localhost` and the loopback addresses), since it would send
/// the API key unencrypted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BaseUrl(Arc<str>);

impl BaseUrl {
    /// The base URL of Freeplay's cloud.
    pub const CLOUD: &str = "https://app.freeplay.ai";

    /// The environment variable that [`from_env`](BaseUrl::from_env) reads.
    pub const VARIABLE: &str = "FREEPLAY_BASE_URL";

    /// Reads the base URL from the environment variable `FREEPLAY_BASE_URL`. If it is missing or empty,
    /// this returns the cloud's.
    ///
    /// # Errors
    ///
    /// [`RequestError::Base`] if the variable is not a valid base URL.
    pub fn from_env() -> Result<BaseUrl, RequestError> {
        BaseUrl::from_variable(env::var_os(BaseUrl::VARIABLE).as_deref())
    }

    fn from_variable(value: Option<&OsStr>) -> Result<BaseUrl, RequestError> {
        match value {
            Some(base) if !base.is_empty() => base.to_string_lossy().parse(),
            _ => Ok(BaseUrl::default()),
        }
    }

    /// Returns the base URL without a trailing slash.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The base URL of Freeplay's cloud.
impl Default for BaseUrl {
    fn default() -> BaseUrl {
        BaseUrl(Arc::from(BaseUrl::CLOUD))
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for BaseUrl {
    type Err = RequestError;

    fn from_str(given: &str) -> Result<BaseUrl, RequestError> {
        let base = given.trim_end_matches('/');
        match check(base) {
            Ok(()) => Ok(BaseUrl(Arc::from(base))),
            // The part before an `@` may be a password, so the error does not repeat it.
            Err(problem) => {
                Err(RequestError::Base { given: (!given.contains('@')).then(|| given.to_owned()), problem })
            }
        }
    }
}

/// Checks a base URL. It accepts less than RFC 3986: only what all clients and shells read alike.
fn check(base: &str) -> Result<(), BaseProblem> {
    let (scheme, rest) = base.split_once("://").ok_or(BaseProblem::Scheme)?;
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    if authority.contains('@') {
        return Err(BaseProblem::Credentials);
    }
    if rest.contains(['?', '#']) {
        return Err(BaseProblem::Query);
    }
    let on_this_machine = check_authority(authority)?;
    match scheme {
        "https" => {}
        "http" if on_this_machine => {}
        "http" => return Err(BaseProblem::Unencrypted),
        _ => return Err(BaseProblem::Scheme),
    }
    if path.split('/').all(is_segment) { Ok(()) } else { Err(BaseProblem::Path) }
}

/// Checks the host and port. Returns whether the host is this machine.
fn check_authority(authority: &str) -> Result<bool, BaseProblem> {
    let (on_this_machine, port) = if let Some(bracketed) = authority.strip_prefix('[') {
        let (address, port) = bracketed.split_once(']').ok_or(BaseProblem::Host)?;
        let address: Ipv6Addr = address.parse().map_err(|_| BaseProblem::Host)?;
        (address.is_loopback(), port)
    } else {
        let host = authority.split_once(':').map_or(authority, |(host, _)| host);
        if !host.split('.').all(is_label) {
            return Err(BaseProblem::Host);
        }
        let loopback = host.parse().is_ok_and(|address: Ipv4Addr| address.is_loopback());
        (host == "localhost" || loopback, authority.strip_prefix(host).unwrap_or_default())
    };
    match port.strip_prefix(':') {
        Some(digits) if is_port(digits) => Ok(on_this_machine),
        None if port.is_empty() => Ok(on_this_machine),
        _ => Err(BaseProblem::Port),
    }
}

fn is_label(label: &str) -> bool {
    !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

fn is_port(digits: &str) -> bool {
    // `parse` would also accept a sign.
    digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.parse::<u16>().is_ok_and(|port| port > 0)
}

/// Whether a segment consists of RFC 3986's `pchar` and is not one that clients resolve away.
fn is_segment(segment: &str) -> bool {
    let dots = segment.to_ascii_lowercase().replace("%2e", ".");
    if dots == "." || dots == ".." {
        return false;
    }
    let mut bytes = segment.bytes();
    while let Some(byte) = bytes.next() {
        let valid = match byte {
            b'%' => {
                [bytes.next(), bytes.next()].iter().all(|digit| digit.is_some_and(|digit| digit.is_ascii_hexdigit()))
            }
            _ => byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&byte),
        };
        if !valid {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(base: &str) -> Option<BaseProblem> {
        match base.parse::<BaseUrl>() {
            Ok(_) => None,
            Err(RequestError::Base { problem, .. }) => Some(problem),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn server_addresses_are_accepted() {
        for base in [
            "https://app.freeplay.ai",
            "https://acme.freeplay.ai:8443",
            "https://api.example.com/gateway/freeplay",
            "https://xn--bcher-kva.example",
            "https://10.0.0.1",
            "https://[2001:db8::1]:8443/x",
            "https://a.example/~it's/%7E/$a;b=(c)!",
            "http://localhost:8080",
            "http://127.0.0.1:1",
            "http://127.8.9.1",
            "http://[::1]:65535",
        ] {
            assert_eq!(base.parse::<BaseUrl>().unwrap().as_str(), base);
            assert_eq!(format!("{base}//").parse::<BaseUrl>().unwrap().as_str(), base);
        }
    }

    #[test]
    fn others_are_rejected_with_a_reason() {
        for (base, expected) in [
            ("", BaseProblem::Scheme),
            ("app.freeplay.ai", BaseProblem::Scheme),
            ("ftp://app.freeplay.ai", BaseProblem::Scheme),
            (" https://app.freeplay.ai", BaseProblem::Scheme),
            ("http://app.freeplay.ai", BaseProblem::Unencrypted),
            ("http://127.0.0.1.example.com", BaseProblem::Unencrypted),
            ("http://localhost.example.com", BaseProblem::Unencrypted),
            ("http://[2001:db8::1]", BaseProblem::Unencrypted),
            ("https://me:secret@app.freeplay.ai", BaseProblem::Credentials),
            ("https://app.freeplay.ai?x=1", BaseProblem::Query),
            ("https://app.freeplay.ai/#top", BaseProblem::Query),
            ("https://", BaseProblem::Scheme),
            ("https:///x", BaseProblem::Host),
            ("https://app..freeplay.ai", BaseProblem::Host),
            ("https://bücher.example", BaseProblem::Host),
            ("https://a b.example", BaseProblem::Host),
            ("https://a.example\n", BaseProblem::Host),
            ("https://[::1", BaseProblem::Host),
            ("https://[fe80::1%25eth0]", BaseProblem::Host),
            ("https://a.example:", BaseProblem::Port),
            ("https://a.example:0", BaseProblem::Port),
            ("https://a.example:65536", BaseProblem::Port),
            ("https://a.example:+80", BaseProblem::Port),
            ("https://[::1]80", BaseProblem::Port),
            ("https://a.example/a b", BaseProblem::Path),
            ("https://a.example/%zz", BaseProblem::Path),
            ("https://a.example/%2", BaseProblem::Path),
            ("https://a.example/x/../y", BaseProblem::Path),
            ("https://a.example/%2E%2e", BaseProblem::Path),
            ("https://a.example/[1-9]", BaseProblem::Path),
            ("https://a.example/ü", BaseProblem::Path),
        ] {
            assert_eq!(problem(base), Some(expected), "{base}");
        }
    }

    #[test]
    fn passwords_are_not_repeated() {
        for base in ["https://me:secret@app.freeplay.ai", "me:secret@app.freeplay.ai", "https://x/secret@y z"] {
            let error = base.parse::<BaseUrl>().unwrap_err();
            assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
        }
    }

    #[test]
    fn variable_may_be_missing_or_empty() {
        assert_eq!(BaseUrl::from_variable(None), Ok(BaseUrl::default()));
        assert_eq!(BaseUrl::from_variable(Some("".as_ref())), Ok(BaseUrl::default()));
        let base = BaseUrl::from_variable(Some("https://acme.freeplay.ai".as_ref())).unwrap();
        assert_eq!(base.as_str(), "https://acme.freeplay.ai");
        assert!(BaseUrl::from_variable(Some("acme".as_ref())).is_err());
    }

    #[test]
    fn cloud_url_is_valid() {
        assert_eq!(BaseUrl::CLOUD.parse(), Ok(BaseUrl::default()));
    }
}
