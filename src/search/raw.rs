//! Unparsed results.

use std::fmt;

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::Endpoint;
use super::response::SearchResult;

/// A result of any endpoint as the JSON that the API sent, with keys in the same order and numbers
/// digit by digit. Only white space between tokens is removed, so that it is on one line.
/// Needs the feature `client`.
///
/// ```
/// use freeplay_filter::search::{Page, RawResult};
///
/// let response = r#"{
///   "data": [
///     {"session_id": "a b",
///      "cost": 0.10}
///   ],
///   "pagination": {"page": 1, "page_size": 30, "has_next": false}
/// }"#;
/// let page: Page<RawResult> = serde_json::from_str(response)?;
/// assert_eq!(page.data[0].as_str(), r#"{"session_id":"a b","cost":0.10}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RawResult(Box<str>);

impl RawResult {
    /// Returns the JSON, on one line.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl SearchResult for RawResult {
    const ENDPOINTS: &[Endpoint] = &Endpoint::ALL;
}

impl fmt::Display for RawResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for RawResult {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<RawResult, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Ok(RawResult(on_one_line(raw.get()).into()))
    }
}

/// Removes the white space between the tokens of valid JSON.
fn on_one_line(json: &str) -> String {
    let mut line = String::with_capacity(json.len());
    let mut in_string = false;
    let mut escaped = false;
    for char in json.chars() {
        if in_string {
            in_string = escaped || char != '"';
            escaped = !escaped && char == '\\';
        } else if matches!(char, ' ' | '\t' | '\n' | '\r') {
            continue;
        } else {
            in_string = char == '"';
        }
        line.push(char);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_white_space_between_tokens_is_removed() {
        for (json, line) in [
            ("{ \"a b\" :\t[ 1.0 ,\r\n-2e+07 ] }", r#"{"a b":[1.0,-2e+07]}"#),
            (r#""a \" b" "#, r#""a \" b""#),
            (r#"{"a\\" : " \\\" "}"#, r#"{"a\\":" \\\" "}"#),
            (" \"\u{a0}\u{2028}\" ", "\"\u{a0}\u{2028}\""),
            ("123456789012345678901234567890.10", "123456789012345678901234567890.10"),
        ] {
            assert_eq!(on_one_line(json), line);
        }
    }
}
