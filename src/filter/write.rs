//! Formats filters as JSON and for debugging.

use std::fmt::{self, Write};

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::{Condition, FieldFilter, Filter, Number, Op, Scalar};
use crate::limits::MAX_DEPTH;

impl Filter {
    /// Returns the filter as JSON, on one line without white space: the same text that serde writes.
    ///
    /// Unlike serialization it never fails. A number that is not finite, which only Rust code can put into
    /// a filter, is written as `null`, which the API rejects. A filter nested deeper than [`MAX_DEPTH`] is
    /// written in full, which JSON parsers reject.
    ///
    /// ```
    /// use freeplay_filter::Filter;
    ///
    /// let filter = !Filter::field("cost").gt(0.5);
    /// assert_eq!(filter.to_json(), r#"{"not":{"field":"cost","op":"gt","value":0.5}}"#);
    /// assert_eq!(Filter::from_json(&filter.to_json())?, filter);
    /// # Ok::<(), freeplay_filter::Error>(())
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = String::with_capacity(TEST_LEN * (1 + self.children().len()));
        // The open groups: the remaining parts, and what closes each.
        let mut open: Vec<(&[Filter], &str)> = Vec::with_capacity(4);
        let mut filter = self;
        loop {
            let (start, close) = match filter {
                Filter::All => ("{}", None),
                Filter::Field(field) => {
                    push_field(&mut out, field);
                    ("", None)
                }
                Filter::And(_) => (r#"{"and":["#, Some("]}")),
                Filter::Or(_) => (r#"{"or":["#, Some("]}")),
                Filter::Not(_) => (r#"{"not":"#, Some("}")),
            };
            out.push_str(start);
            if let Some(close) = close {
                open.push((filter.children(), close));
            }
            loop {
                let Some((parts, close)) = open.last_mut() else { return out };
                if let Some((next, rest)) = parts.split_first() {
                    if out.ends_with('}') {
                        out.push(',');
                    }
                    *parts = rest;
                    filter = next;
                    break;
                }
                out.push_str(close);
                open.pop();
            }
        }
    }
}

/// The capacity for a test in JSON, enough for most.
const TEST_LEN: usize = 80;

fn push_field(out: &mut String, FieldFilter { field, condition }: &FieldFilter) {
    out.push_str(r#"{"field":"#);
    push_string(out, field);
    out.push_str(match condition.op() {
        Op::Eq => r#","op":"eq","value":"#,
        Op::Gt => r#","op":"gt","value":"#,
        Op::Gte => r#","op":"gte","value":"#,
        Op::Lt => r#","op":"lt","value":"#,
        Op::Lte => r#","op":"lte","value":"#,
        Op::Contains => r#","op":"contains","value":"#,
        Op::Between => r#","op":"between","value":"#,
    });
    match condition {
        Condition::Compare(_, Scalar::String(text)) | Condition::Contains(Scalar::String(text)) => {
            push_string(out, text)
        }
        Condition::Compare(_, Scalar::Number(number)) | Condition::Contains(Scalar::Number(number)) => {
            push_number(out, *number);
        }
        Condition::Between(lower, upper) => {
            out.push('[');
            push_number(out, *lower);
            out.push(',');
            push_number(out, *upper);
            out.push(']');
        }
    }
    out.push('}');
}

fn push_string(out: &mut String, text: &str) {
    if json_len(text) == text.len() + "\"\"".len() {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        // A string can always be serialized.
        out.push_str(&serde_json::to_string(text).unwrap_or_default());
    }
}

fn push_number(out: &mut String, number: Number) {
    match number.json() {
        // Writing to a string cannot fail.
        Some(number) => drop(write!(out, "{number}")),
        None => out.push_str("null"),
    }
}

/// Writes the filter as [`Filter::to_json`] does.
impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_json())
    }
}

impl Serialize for Filter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Level { filter: self, above: 0 }.serialize(serializer)
    }
}

/// A filter with the number of groups around it.
struct Level<'f> {
    filter: &'f Filter,
    above: usize,
}

impl Serialize for Level<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.above > MAX_DEPTH {
            return Err(too_deep());
        }
        let above = self.above + 1;
        match self.filter {
            Filter::All => serializer.serialize_map(Some(0))?.end(),
            Filter::Field(field) => field.serialize(serializer),
            Filter::And(parts) => serialize_group(serializer, "and", &Parts { parts, above }),
            Filter::Or(parts) => serialize_group(serializer, "or", &Parts { parts, above }),
            Filter::Not(part) => serialize_group(serializer, "not", &Level { filter: part, above }),
        }
    }
}

fn too_deep<E: serde::ser::Error>() -> E {
    E::custom(format_args!("the filter is nested deeper than {MAX_DEPTH} levels"))
}

/// Returns an upper bound for the length of a string in JSON, which is exact if nothing is escaped.
pub(crate) fn json_len(text: &str) -> usize {
    let written = |byte| WRITTEN.get(usize::from(byte)).copied().map_or(0, usize::from);
    "\"\"".len() + text.bytes().map(written).sum::<usize>()
}

/// The length of each byte of a string in JSON, as a table for speed.
static WRITTEN: [u8; 256] = {
    let mut table = [0; 256];
    let mut rest: &mut [u8] = &mut table;
    let mut byte = 0_u8;
    while let [len, others @ ..] = rest {
        *len = match byte {
            b'"' | b'\\' => 2,
            // As in \u0000.
            0..=0x1f => 6,
            _ => 1,
        };
        byte = byte.wrapping_add(1);
        rest = others;
    }
    table
};

fn serialize_group<S: Serializer>(serializer: S, name: &'static str, body: &impl Serialize) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry(name, body)?;
    map.end()
}

/// Formats as derived, down to [`MAX_DEPTH`] levels; deeper filters are written as `…`.
impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Level { filter: self, above: 0 }.fmt(f)
    }
}

/// Formats a filter at its level.
impl fmt::Debug for Level<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.above > MAX_DEPTH {
            return f.write_str("…");
        }
        let above = self.above + 1;
        match self.filter {
            Filter::All => f.write_str("All"),
            Filter::Field(field) => f.debug_tuple("Field").field(field).finish(),
            Filter::And(parts) => f.debug_tuple("And").field(&Parts { parts, above }).finish(),
            Filter::Or(parts) => f.debug_tuple("Or").field(&Parts { parts, above }).finish(),
            Filter::Not(part) => f.debug_tuple("Not").field(&Level { filter: part, above }).finish(),
        }
    }
}

struct Parts<'f> {
    parts: &'f [Filter],
    above: usize,
}

impl Parts<'_> {
    fn levels(&self) -> impl Iterator<Item = Level<'_>> {
        self.parts.iter().map(|filter| Level { filter, above: self.above })
    }
}

impl fmt::Debug for Parts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.levels()).finish()
    }
}

impl Serialize for Parts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_seq(Some(self.parts.len()))?;
        for level in self.levels() {
            seq.serialize_element(&level)?;
        }
        seq.end()
    }
}

impl Serialize for FieldFilter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("field", &*self.field)?;
        map.serialize_entry("op", self.condition.op().as_str())?;
        match &self.condition {
            Condition::Compare(_, value) | Condition::Contains(value) => map.serialize_entry("value", value)?,
            Condition::Between(lower, upper) => map.serialize_entry("value", &(lower, upper))?,
        }
        map.end()
    }
}

impl Serialize for Scalar {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Scalar::String(text) => serializer.serialize_str(text),
            Scalar::Number(number) => number.serialize(serializer),
        }
    }
}
