//! Requests from JavaScript, and their responses.

use freeplay_filter::jiff::Timestamp;
use freeplay_filter::span::Unit;
use freeplay_filter::{Catalog, Compiler, Error, Filter, quote};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::complete::complete;
use crate::settings::Settings;

/// A request, as js/index.ts makes it. `now` is in milliseconds since 1970.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Request {
    /// Sets the compiler of all requests that follow.
    Configure(Settings),
    Compile {
        query: String,
        now: i64,
    },
    ToQuery {
        json: String,
    },
    Format {
        query: String,
    },
    Explain {
        query: String,
        now: i64,
    },
    Complete {
        query: String,
        cursor: usize,
        now: i64,
        known: Vec<Value>,
    },
    Highlight {
        query: String,
    },
    Matches {
        json: String,
        record: Value,
    },
    Quote {
        value: String,
    },
    Fields {},
}

/// Why a request is not fulfilled.
enum Failure {
    /// The query or the filter is wrong.
    Rejected(Error),
    /// The request is wrong.
    Invalid(String),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Rejected(error)
    }
}

/// What does not fit a request, or a time beyond the calendar.
macro_rules! invalid {
    ($($error:ty),*) => {
        $(impl From<$error> for Failure {
            fn from(error: $error) -> Failure {
                Failure::Invalid(error.to_string())
            }
        })*
    };
}

invalid!(serde_json::Error, freeplay_filter::jiff::Error);

#[derive(Default)]
pub struct State {
    compiler: Compiler,
}

impl State {
    /// The answer to a request: `{"ok": …}`, `{"rejected": …}` or `{"invalid": message}`.
    pub fn answer(&mut self, request: &[u8]) -> String {
        match self.fulfill(request) {
            Ok(json) => format!(r#"{{"ok":{json}}}"#),
            Err(Failure::Rejected(error)) => format!(
                r#"{{"rejected":{{"message":{},"text":{},"diagnostics":{}}}}}"#,
                string(&error.to_string()),
                string(error.text()),
                error.to_json(),
            ),
            Err(Failure::Invalid(message)) => format!(r#"{{"invalid":{}}}"#, string(&message)),
        }
    }

    /// The JSON that answers a request.
    fn fulfill(&mut self, request: &[u8]) -> Result<String, Failure> {
        match serde_json::from_slice(request)? {
            Request::Configure(settings) => {
                self.compiler = settings.compiler().map_err(Failure::Invalid)?;
                Ok("null".to_owned())
            }
            Request::Compile { query, now } => {
                let compiled = self.at(now)?.compile(&query)?;
                let (json, warnings) = (string(&compiled.filter.to_json()), compiled.warnings_to_json());
                Ok(format!(r#"{{"json":{json},"warnings":{warnings}}}"#))
            }
            Request::ToQuery { json } => {
                let query = self.compiler.raise(&Filter::from_json(&json)?)?;
                Ok(string(&query.to_string()))
            }
            Request::Format { query } => Ok(string(&self.compiler.parse(&query)?.pretty())),
            Request::Explain { query, now } => explain(&self.at(now)?, &query),
            Request::Complete { query, cursor, now, known } => Ok(complete(&self.at(now)?, &query, cursor, known)?),
            Request::Highlight { query } => Ok(serde_json::to_string(&self.compiler.highlight(&query, Unit::Utf16))?),
            Request::Matches { json, record } => {
                Ok(serde_json::to_string(&Filter::from_json(&json)?.matches(&record))?)
            }
            Request::Quote { value } => Ok(string(&quote(&value))),
            Request::Fields {} => Ok(serde_json::to_string(&*Catalog::builtin())?),
        }
    }

    /// The compiler at a time.
    fn at(&self, now: i64) -> Result<Compiler, Failure> {
        Ok(self.compiler.clone().now(Timestamp::from_millisecond(now)?))
    }
}

/// A JSON string.
fn string(text: &str) -> String {
    Value::from(text).to_string()
}

fn explain(compiler: &Compiler, query: &str) -> Result<String, Failure> {
    #[derive(Serialize)]
    struct Line<'a> {
        start: usize,
        end: usize,
        depth: usize,
        text: &'a str,
    }
    let explanation = compiler.explain(query)?;
    let utf16 = utf16(query);
    let at = |byte: usize| utf16.get(byte).copied().unwrap_or_default();
    let lines = explanation.lines.iter().map(|line| Line {
        start: at(line.span.start()),
        end: at(line.span.end()),
        depth: line.depth,
        text: &line.text,
    });
    let lines = serde_json::to_string(&lines.collect::<Vec<_>>())?;
    Ok(format!(r#"{{"lines":{lines},"text":{}}}"#, string(&explanation.to_string())))
}

/// The UTF-16 code units before each byte of a text, and before its end.
fn utf16(text: &str) -> Vec<usize> {
    let mut before = Vec::with_capacity(text.len() + 1);
    let mut units = 0;
    for char in text.chars() {
        before.extend(std::iter::repeat_n(units, char.len_utf8()));
        units += char.len_utf16();
    }
    before.push(units);
    before
}
