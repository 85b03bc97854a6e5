//! Writes diagnostics as JSON, with the positions of their spans in every unit.

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::{Diagnostic, Edit, Fix, Label, Location};
use crate::span::{Positions, Span};

/// Implements [`Error::to_json`](super::Error::to_json), for warnings as well.
#[expect(clippy::expect_used, reason = "only keys that are no strings, or an output that fails, are errors")]
pub(crate) fn diagnostics_to_json(source: &str, diagnostics: &[Diagnostic]) -> String {
    let positions = Positions::of(source, diagnostics.iter().flat_map(spans));
    serde_json::to_string(&Located { part: diagnostics, positions: &positions }).expect("diagnostics are JSON")
}

/// Returns every span of a diagnostic.
fn spans(diagnostic: &Diagnostic) -> impl Iterator<Item = Span> {
    let labels = diagnostic.labels.iter().map(|label| label.span);
    let edits = diagnostic.fixes.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
    diagnostic.span().into_iter().chain(labels).chain(edits)
}

/// A part of the JSON, with the positions of its spans.
struct Located<'a, T: ?Sized> {
    part: &'a T,
    positions: &'a Positions,
}

impl<'a, T: ?Sized> Located<'a, T> {
    fn with<U: ?Sized>(&self, part: &'a U) -> Located<'a, U> {
        Located { part, positions: self.positions }
    }
}

impl<T> Serialize for Located<'_, [T]>
where
    for<'a> Located<'a, T>: Serialize,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.part.iter().map(|part| self.with(part)))
    }
}

impl Serialize for Located<'_, Diagnostic> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let diagnostic = self.part;
        let mut out = serializer.serialize_struct("Diagnostic", 8)?;
        out.serialize_field("code", &diagnostic.code())?;
        out.serialize_field("severity", &diagnostic.severity)?;
        out.serialize_field("message", &diagnostic.to_string())?;
        match &diagnostic.location {
            Location::Text(span) => out.serialize_field("span", &self.with(span))?,
            Location::Json(pointer) => out.serialize_field("pointer", pointer)?,
        }
        out.serialize_field("labels", &self.with(diagnostic.labels.as_slice()))?;
        out.serialize_field("help", &diagnostic.help)?;
        out.serialize_field("candidates", &diagnostic.candidates)?;
        out.serialize_field("fixes", &self.with(diagnostic.fixes.as_slice()))?;
        out.end()
    }
}

impl Serialize for Located<'_, Label> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Label", 2)?;
        out.serialize_field("span", &self.with(&self.part.span))?;
        out.serialize_field("text", &self.part.text)?;
        out.end()
    }
}

impl Serialize for Located<'_, Fix> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Fix", 3)?;
        out.serialize_field("title", &self.part.title)?;
        out.serialize_field("applicability", &self.part.applicability)?;
        out.serialize_field("edits", &self.with(self.part.edits.as_slice()))?;
        out.end()
    }
}

impl Serialize for Located<'_, Edit> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Edit", 2)?;
        out.serialize_field("span", &self.with(&self.part.span))?;
        out.serialize_field("text", &self.part.text)?;
        out.end()
    }
}

impl Serialize for Located<'_, Span> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (start, end) = (self.part.start(), self.part.end());
        let (first, last) = (self.positions.at(start), self.positions.at(end));
        let mut out = serializer.serialize_struct("Span", 10)?;
        out.serialize_field("start", &start)?;
        out.serialize_field("end", &end)?;
        out.serialize_field("utf16_start", &first.utf16)?;
        out.serialize_field("utf16_end", &last.utf16)?;
        out.serialize_field("char_start", &first.chars)?;
        out.serialize_field("char_end", &last.chars)?;
        out.serialize_field("line", &first.line)?;
        out.serialize_field("column", &first.column)?;
        out.serialize_field("end_line", &last.line)?;
        out.serialize_field("end_column", &last.column)?;
        out.end()
    }
}
