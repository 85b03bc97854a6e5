//! Reads filters from JSON. This is strict: nothing is guessed or dropped.

mod meant;
mod range;
mod visit;
mod words;

use std::str::FromStr;

use serde::de::{Deserialize, DeserializeSeed, Deserializer};

pub(crate) use range::number_beyond;
#[cfg(feature = "client")]
pub(crate) use words::locate;
pub(crate) use words::message;

use visit::Reading;
use words::{describe, is_out_of_range};

use crate::diagnostic::{Diagnostic, Error, Kind, Location, excerpt};
use crate::filter::Filter;
use crate::limits::{Limits, MAX_BYTES, RAISED};
use crate::span::{Span, boundary};

impl Filter {
    /// Parses a filter from JSON.
    ///
    /// The keys of an object may be in any order. Everything but the API's five shapes is rejected: an
    /// unknown key, two shapes in one object, a duplicate key, an unknown operator, a value of the
    /// wrong kind, a number that does not fit 64 bits.
    ///
    /// ```
    /// use freeplay_filter::Filter;
    ///
    /// let filter = Filter::from_json(r#"{"field": "cost", "op": "gte", "value": 0.01}"#)?;
    /// assert_eq!(filter, Filter::field("cost").gte(0.01));
    ///
    /// let error = Filter::from_json(r#"{"and": [{}, {"field": "cost", "op": "neq", "value": 1}]}"#).unwrap_err();
    /// assert!(error.to_string().starts_with("/and/1/op: error[unexpected-json]"));
    /// # Ok::<(), freeplay_filter::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The first problem, with its JSON pointer, or with its position in the text if the text is not
    /// JSON. JSON beyond the default [`Limits`] is an error, too.
    pub fn from_json(text: &str) -> Result<Filter, Error> {
        Filter::from_json_within(text, &Limits::default())
    }

    /// Parses a filter as [`Filter::from_json`] does, with other limits.
    ///
    /// ```
    /// use freeplay_filter::{Filter, Limits};
    ///
    /// let limits = Limits { filters: 1_000_000, json_bytes: 100 << 20, ..Limits::default() };
    /// let filter = Filter::from_json_within(r#"{"not": {}}"#, &limits)?;
    /// assert_eq!(filter, !Filter::All);
    /// # Ok::<(), freeplay_filter::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Filter::from_json`], with these limits.
    pub fn from_json_within(text: &str, limits: &Limits) -> Result<Filter, Error> {
        read(text, false, limits)
    }

    /// Parses a filter, or the body of a request that contains one: `{"filters": …}`.
    ///
    /// # Errors
    ///
    /// As [`Filter::from_json`].
    pub fn from_body(text: &str) -> Result<Filter, Error> {
        read(text, true, &Limits::default())
    }

    /// Reads a filter from parsed JSON.
    ///
    /// The JSON parser may already have changed an integer of more than 64 bits to a float and `1e-400`
    /// to zero, and dropped a duplicate key. [`Filter::from_json`] detects all of these. The length of
    /// the JSON is not limited here.
    ///
    /// # Errors
    ///
    /// As [`Filter::from_json`].
    pub fn from_value(value: &serde_json::Value) -> Result<Filter, Error> {
        let limits = Limits::default();
        let reading = Reading::new(&limits);
        reading.root(false).deserialize(value).map_err(|error| {
            let unlocated = || Diagnostic::in_json(Kind::InvalidJson { reason: describe(&error) }, String::new());
            let mut problem = reading.problem.take().unwrap_or_else(unlocated);
            explain(&mut problem, |pointer| meant::in_value(value, pointer));
            Error::new("", vec![problem])
        })
    }
}

/// Parses as [`Filter::from_json`] does.
///
/// ```
/// use freeplay_filter::Filter;
///
/// let filter: Filter = r#"{"not": {}}"#.parse()?;
/// assert_eq!(filter.to_string(), r#"{"not":{}}"#);
/// # Ok::<(), freeplay_filter::Error>(())
/// ```
impl FromStr for Filter {
    type Err = Error;

    fn from_str(text: &str) -> Result<Filter, Error> {
        Filter::from_json(text)
    }
}

/// Deserializes as [`Filter::from_json`] parses. The message of an error begins with the JSON pointer.
/// The caller has to limit the length of the text, and the deserializer may already have changed a
/// number out of range.
impl<'de> Deserialize<'de> for Filter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Filter, D::Error> {
        Reading::new(&Limits::default()).root(false).deserialize(deserializer)
    }
}

fn read(text: &str, body: bool, limits: &Limits) -> Result<Filter, Error> {
    let rejected = |diagnostic| Err(Error::new(text, vec![diagnostic]));
    let limit = limits.json_bytes.min(MAX_BYTES);
    if text.len() > limit {
        let kind = Kind::TooLong { what: "JSON", limit };
        return rejected(Diagnostic::new(kind, Span::at(0)).help(RAISED));
    }
    let reading = Reading::new(limits);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let read = reading.root(body).deserialize(&mut deserializer);
    let read = read.and_then(|filter| deserializer.end().map(|()| filter));
    // The JSON parser may have changed such a number to a float or zero.
    let beyond = |span: Span| Diagnostic::new(Kind::NumberRange { text: excerpt(span.of(text)) }, span);
    match (read, reading.problem.take()) {
        (Ok(filter), _) => number_beyond(text).map_or(Ok(filter), |span| rejected(beyond(span))),
        (Err(_), Some(mut found)) => match (&found.kind, number_beyond(text)) {
            (Kind::NumberRange { .. }, Some(span)) => rejected(beyond(span)),
            _ => {
                explain(&mut found, |pointer| meant::in_text(text, pointer));
                rejected(found)
            }
        },
        (Err(error), None) => {
            let place = offset(text, error.line(), error.column());
            // The text before this position is valid JSON.
            if is_out_of_range(&error)
                && let Some(span) = number_beyond(text)
            {
                return rejected(beyond(span));
            }
            let mut invalid = Diagnostic::new(Kind::InvalidJson { reason: describe(&error) }, Span::at(place));
            invalid.help = meant::beside_json(text, place);
            rejected(invalid)
        }
    }
}

/// Replaces general help by the filter that was probably meant, if there is one.
fn explain(diagnostic: &mut Diagnostic, meant: impl FnOnce(&str) -> Option<String>) {
    if let (Kind::UnexpectedJson { .. }, Location::Json(pointer)) = (&diagnostic.kind, &diagnostic.location)
        && let Some(help) = meant(pointer)
    {
        diagnostic.help = Some(help);
    }
}

/// Converts the line and column of serde_json, which count bytes from 1, to an offset. A position
/// inside a character is moved to its start.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    boundary(text, start + column.saturating_sub(1))
}
