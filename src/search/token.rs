//! The API key.

use std::env;
use std::ffi::OsStr;
use std::fmt;

use super::error::RequestError;

/// A Freeplay API key, sent as `Authorization: Bearer …`.
///
/// `Debug` does not show it and there is no `Display`, so that a key is never printed by accident.
///
/// ```
/// use freeplay_filter::search::Token;
///
/// let token = Token::new("fp-0123456789")?;
/// assert_eq!(format!("{token:?}"), "Token(***)");
/// assert_eq!(token.expose(), "fp-0123456789");
///
/// let error = Token::new("Bearer fp-0123456789").unwrap_err();
/// assert_eq!(error.to_string(), "the API key contains a space");
/// # Ok::<(), freeplay_filter::search::RequestError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// The environment variable that [`from_env`](Token::from_env) reads.
    pub const VARIABLE: &str = "FREEPLAY_API_KEY";

    /// Creates a token from a key.
    ///
    /// # Errors
    ///
    /// [`RequestError::NoToken`] for an empty key, and [`RequestError::Token`] for one with characters
    /// other than visible ASCII, which a header cannot contain.
    pub fn new(key: impl Into<String>) -> Result<Token, RequestError> {
        let key = key.into();
        if key.is_empty() {
            return Err(RequestError::NoToken);
        }
        match key.chars().find(|char| !char.is_ascii_graphic()) {
            None => Ok(Token(key)),
            Some(' ') => Err(RequestError::Token { found: "a space" }),
            Some('\n' | '\r') => Err(RequestError::Token { found: "a line break" }),
            Some(char) if char.is_control() => Err(RequestError::Token { found: "a control character" }),
            Some(_) => Err(RequestError::Token { found: "a character that is not ASCII" }),
        }
    }

    /// Reads the key from the environment variable `FREEPLAY_API_KEY`.
    ///
    /// # Errors
    ///
    /// [`RequestError::NoToken`] if the variable is missing or empty, and the errors of
    /// [`Token::new`].
    pub fn from_env() -> Result<Token, RequestError> {
        Token::from_variable(env::var_os(Token::VARIABLE).as_deref())
    }

    fn from_variable(value: Option<&OsStr>) -> Result<Token, RequestError> {
        // A value that is not Unicode becomes one that is not ASCII, which is rejected as such.
        Token::new(value.unwrap_or_default().to_string_lossy())
    }

    /// Returns the key, for use in a request only.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_keys_are_rejected_without_showing_them() {
        for (key, found) in [
            ("Bearer secret", "a space"),
            ("secret\n", "a line break"),
            ("secret\r\nX-Other: 1", "a line break"),
            ("\tsecret", "a control character"),
            ("secret\u{7f}", "a control character"),
            ("“secret”", "a character that is not ASCII"),
        ] {
            let error = Token::new(key).unwrap_err();
            assert_eq!(error, RequestError::Token { found });
            assert!(!format!("{error} {error:?} {}", error.help()).contains("secret"));
        }
        assert_eq!(Token::new(""), Err(RequestError::NoToken));
        assert!(Token::new("aZ09-._~+/=!\"'$`\\").is_ok());
    }

    #[test]
    fn variable_may_be_missing_empty_or_malformed() {
        assert_eq!(Token::from_variable(None), Err(RequestError::NoToken));
        assert_eq!(Token::from_variable(Some("".as_ref())), Err(RequestError::NoToken));
        assert_eq!(Token::from_variable(Some("key".as_ref())).unwrap().expose(), "key");
        #[cfg(unix)]
        {
            use std::os::unix::ffi::OsStrExt;
            let error = Token::from_variable(Some(OsStr::from_bytes(b"key\xff"))).unwrap_err();
            assert_eq!(error, RequestError::Token { found: "a character that is not ASCII" });
        }
    }
}
