//! Diagnostics: problems of a query or a filter, as data.

mod code;
mod json;
mod kind;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

pub use code::{Code, Severity};
pub(crate) use json::diagnostics_to_json;
pub use kind::Kind;

use crate::limits::{MAX_DEPTH, MAX_DIAGNOSTICS};
use crate::span::{Position, Span};
use crate::visible::{beginning, visible};

/// A diagnostic: a problem, its position, and what to write instead.
///
/// `Display` writes only the message, a fragment without a full stop. [`Error::to_json`] serializes the
/// diagnostic for other languages.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// The problem.
    pub kind: Kind,
    /// Whether it is an error or a warning.
    pub severity: Severity,
    /// The position.
    pub location: Location,
    /// Related positions, each with an explanation.
    pub labels: Vec<Label>,
    /// Advice on what to do.
    pub help: Option<String>,
    /// Possible replacements as they are written in a query: the nearest fields of the catalog, the
    /// operators that the field takes, or its known values. Empty if there are none.
    pub candidates: Vec<String>,
    /// Alternative fixes, each of which removes the diagnostic, likeliest first.
    pub fixes: Vec<Fix>,
}

/// The position of a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// In the text of a query.
    Text(Span),
    /// In a filter's JSON: a JSON pointer (RFC 6901), such as `/and/1/op`; empty for the whole filter.
    Json(String),
}

/// A related position of a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Label {
    /// The position.
    pub span: Span,
    /// The explanation.
    pub text: String,
}

/// A fix: one or several edits that together remove a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fix {
    /// What the fix does: "write `model`".
    pub title: String,
    /// Whether it can be applied without asking.
    pub applicability: Applicability,
    /// The edits, from left to right and without overlaps.
    pub edits: Vec<Edit>,
}

/// Whether a [`Fix`] can be applied without asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Applicability {
    /// The intended query. A diagnostic has at most one such fix, and those of different diagnostics never
    /// overlap, so all of them can be applied at once.
    MachineApplicable,
    /// Possibly a different search than intended: the fix chooses one of several readings, another
    /// operator, or an assumed unit. Ask before applying it.
    MaybeIncorrect,
    /// Contains an example value that has to be replaced.
    HasPlaceholders,
}

impl Applicability {
    /// Returns `machine-applicable`, `maybe-incorrect` or `has-placeholders`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Applicability::MachineApplicable => "machine-applicable",
            Applicability::MaybeIncorrect => "maybe-incorrect",
            Applicability::HasPlaceholders => "has-placeholders",
        }
    }
}

/// The replacement of a span.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Edit {
    /// The span to replace; empty for an insertion.
    pub span: Span,
    /// The new text.
    pub text: String,
}

impl Edit {
    pub(crate) fn insert(place: usize, text: impl Into<String>) -> Edit {
        Edit { span: Span::at(place), text: text.into() }
    }

    pub(crate) fn remove(span: Span) -> Edit {
        Edit { span, text: String::new() }
    }
}

impl Diagnostic {
    pub(crate) fn new(kind: Kind, span: Span) -> Diagnostic {
        Diagnostic::located(kind, Location::Text(span))
    }

    /// Returns the diagnostic for a query that is nested too deep.
    pub(crate) fn too_deep(span: Span) -> Diagnostic {
        Diagnostic::new(Kind::TooDeep { limit: MAX_DEPTH }, span).help("flatten the groups, or split the query")
    }

    pub(crate) fn in_json(kind: Kind, pointer: String) -> Diagnostic {
        Diagnostic::located(kind, Location::Json(pointer))
    }

    fn located(kind: Kind, location: Location) -> Diagnostic {
        let severity = kind.code().severity();
        Diagnostic {
            kind,
            severity,
            location,
            labels: Vec::new(),
            help: None,
            candidates: Vec::new(),
            fixes: Vec::new(),
        }
    }

    pub(crate) fn label(mut self, span: Span, text: impl Into<String>) -> Diagnostic {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn candidates(mut self, candidates: Vec<String>) -> Diagnostic {
        self.candidates = candidates;
        self
    }

    /// Adds fixes that replace an unknown name. A single one may be machine-applicable.
    pub(crate) fn rename(mut self, span: Span, names: Vec<String>, is_sure: bool) -> Diagnostic {
        self.candidates.clone_from(&names);
        if let [name] = names.as_slice() {
            let fix = Fix::rename(span, name);
            return self.fix(fix.sure_if(is_sure));
        }
        let mut listed: Vec<String> = names.iter().map(|name| format!("`{}`", excerpt(name))).collect();
        if let Some(last) = listed.pop().filter(|_| !listed.is_empty()) {
            self.help = Some(format!("did you mean {} or {last}?", listed.join(", ")));
        }
        names.into_iter().fold(self, |diagnostic, name| diagnostic.fix(Fix::write(span, name)))
    }

    /// Lowers its machine-applicable fixes to ones that may be incorrect.
    pub(crate) fn doubt(&mut self) {
        self.fixes.iter_mut().for_each(Fix::doubt);
    }

    pub(crate) fn fix(mut self, fix: Fix) -> Diagnostic {
        self.fixes.push(fix);
        self
    }

    /// Returns the stable code of the diagnostic.
    #[must_use]
    pub fn code(&self) -> Code {
        self.kind.code()
    }

    /// Returns the span in the query; `None` for a diagnostic in JSON.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        match self.location {
            Location::Text(span) => Some(span),
            Location::Json(_) => None,
        }
    }

    /// Formats the diagnostic on one line, as `line:column: error[code]: message`, followed by the help and
    /// the titles of the fixes. `text` is the query or JSON that it refers to.
    ///
    /// ```
    /// let text = "modle = a";
    /// let error = freeplay_filter::compile(text).unwrap_err();
    /// assert_eq!(
    ///     error.diagnostics()[0].to_line(text),
    ///     "1:1: error[unknown-field]: unknown field `modle`; did you mean `model`?",
    /// );
    /// ```
    #[must_use]
    pub fn to_line(&self, text: &str) -> String {
        visible(&Short { source: text, diagnostic: self }.to_string()).into_owned()
    }

    /// Whether a limit was exceeded, so that nothing else was checked.
    pub(crate) fn is_limit(&self) -> bool {
        matches!(self.code(), Code::TooLong | Code::TooDeep | Code::TooMany)
    }

    pub(crate) fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&visible(&self.kind.to_string()))
    }
}

impl Fix {
    /// Returns a fix that may be incorrect.
    pub(crate) fn new(title: impl Into<String>, edits: Vec<Edit>) -> Fix {
        Fix { title: title.into(), applicability: Applicability::MaybeIncorrect, edits }
    }

    pub(crate) fn replace(title: impl Into<String>, span: Span, text: impl Into<String>) -> Fix {
        Fix::new(title, vec![Edit { span, text: text.into() }])
    }

    /// Makes the fix machine-applicable.
    pub(crate) fn sure(mut self) -> Fix {
        self.applicability = Applicability::MachineApplicable;
        self
    }

    /// Marks the fix as one with an example value.
    pub(crate) fn placeholder(mut self) -> Fix {
        self.applicability = Applicability::HasPlaceholders;
        self
    }

    /// Makes the fix machine-applicable if `is_sure`.
    pub(crate) fn sure_if(self, is_sure: bool) -> Fix {
        if is_sure { self.sure() } else { self }
    }

    pub(crate) fn is_sure(&self) -> bool {
        self.applicability == Applicability::MachineApplicable
    }

    pub(crate) fn has_placeholders(&self) -> bool {
        self.applicability == Applicability::HasPlaceholders
    }

    /// Lowers a machine-applicable fix to one that may be incorrect.
    pub(crate) fn doubt(&mut self) {
        self.applicability = self.applicability.max(Applicability::MaybeIncorrect);
    }

    /// Returns a fix that replaces a name by the one that was probably meant.
    pub(crate) fn rename(span: Span, name: impl Into<String>) -> Fix {
        let name = name.into();
        Fix::replace(format!("did you mean `{}`?", excerpt(&name)), span, name)
    }

    /// Returns a fix that replaces `span` by `text`, with a title that says so.
    pub(crate) fn write(span: Span, text: impl Into<String>) -> Fix {
        let text = text.into();
        Fix::replace(format!("write `{}`", excerpt(&text)), span, text)
    }

    /// Returns the text with the edits applied, or unchanged if an edit is not within the text.
    ///
    /// ```
    /// let text = "modle = gpt-4o";
    /// let error = freeplay_filter::compile(text).unwrap_err();
    /// let fix = &error.diagnostics()[0].fixes[0];
    /// assert_eq!(fix.apply(text), "model = gpt-4o");
    /// ```
    #[must_use]
    pub fn apply(&self, text: &str) -> String {
        apply(&self.edits, text)
    }
}

/// Applies edits from left to right; returns the text unchanged if one is not within it.
pub(crate) fn apply(edits: &[Edit], text: &str) -> String {
    apply_within(edits, text, Span::new(0, text.len()))
}

/// Applies edits to a part of the text, and returns that part; unchanged if an edit is not within it.
pub(crate) fn apply_within(edits: &[Edit], text: &str, part: Span) -> String {
    let unchanged = || part.of(text).to_owned();
    let mut out = String::with_capacity(part.range().len() + 16);
    let mut copied = part.start();
    for edit in edits {
        let Some(kept) = text.get(copied..edit.span.start()) else { return unchanged() };
        out.push_str(kept);
        out.push_str(&edit.text);
        copied = edit.span.end();
    }
    match text.get(copied..part.end()) {
        Some(rest) => out + rest,
        None => unchanged(),
    }
}

/// The error for a query that does not compile, a filter that cannot be read, or one that cannot be
/// expressed as a query. It contains one or more diagnostics, including warnings.
///
/// `Display` writes one line per diagnostic, `line:column: error[code]: message`, followed by the help and
/// the titles of the fixes. With the feature `render`, diagnostics can be drawn under the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Error {
    source: Arc<str>,
    diagnostics: Vec<Diagnostic>,
}

impl Error {
    pub(crate) fn new(source: &str, mut diagnostics: Vec<Diagnostic>) -> Error {
        sort(&mut diagnostics);
        Error { source: source.into(), diagnostics }
    }

    /// Returns all diagnostics in the order of the text, at least one of which is an error.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Returns the rejected text: the query, or the JSON if the filter was read from text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.source
    }

    /// Formats the diagnostics as a JSON array.
    ///
    /// Each one has a `code`, a `severity` (`error` or `warning`), a `message`, a position, related
    /// positions as `labels`, a `help` or null, `candidates`, and `fixes`. A fix has a `title`, an
    /// `applicability` (`machine-applicable`, `maybe-incorrect` or `has-placeholders`) and `edits`. Applying
    /// all edits of a fix, from right to left, removes the diagnostic. The likeliest fix comes first. A
    /// position is a `span` in the text: `start` and `end` in bytes, `utf16_start` and `utf16_end` as in
    /// JavaScript, `char_start` and `char_end` as in Python, and `line`, `column`, `end_line` and
    /// `end_column` in characters from 1. In a filter that was read from JSON, it may be a `pointer`
    /// (RFC 6901) instead.
    ///
    /// ```
    /// let error = freeplay_filter::compile("cost => 1").unwrap_err();
    /// assert_eq!(
    ///     serde_json::from_str::<serde_json::Value>(&error.to_json())?,
    ///     serde_json::json!([{
    ///         "code": "unknown-operator",
    ///         "severity": "error",
    ///         "message": "`=>` is not an operator",
    ///         "span": {
    ///             "start": 5, "end": 7, "utf16_start": 5, "utf16_end": 7, "char_start": 5, "char_end": 7,
    ///             "line": 1, "column": 6, "end_line": 1, "end_column": 8,
    ///         },
    ///         "labels": [],
    ///         "help": null,
    ///         "candidates": [],
    ///         "fixes": [{
    ///             "title": "write `>=`",
    ///             "applicability": "machine-applicable",
    ///             "edits": [{
    ///                 "span": {
    ///                     "start": 5, "end": 7, "utf16_start": 5, "utf16_end": 7, "char_start": 5, "char_end": 7,
    ///                     "line": 1, "column": 6, "end_line": 1, "end_column": 8,
    ///                 },
    ///                 "text": ">=",
    ///             }],
    ///         }],
    ///     }]),
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        diagnostics_to_json(&self.source, &self.diagnostics)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_lines(&self.source, &self.diagnostics))
    }
}

impl std::error::Error for Error {}

/// The diagnostics collected so far.
#[derive(Default)]
pub(crate) struct Diagnostics {
    found: Vec<Diagnostic>,
    counts: BTreeMap<Code, usize>,
    tally: Tally,
}

/// The number of diagnostics, whether they are kept or not.
#[derive(Clone, Copy, Default, PartialEq)]
pub(crate) struct Tally {
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
}

impl Diagnostics {
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        let count = self.counts.entry(diagnostic.code()).or_default();
        *count += 1;
        match diagnostic.severity {
            Severity::Error => self.tally.errors += 1,
            Severity::Warning => self.tally.warnings += 1,
        }
        if *count <= MAX_DIAGNOSTICS {
            self.found.push(diagnostic);
        }
    }

    /// Whether further diagnostics with a code are dropped, so that no help is needed.
    pub(crate) fn has_enough(&self, code: Code) -> bool {
        self.counts.get(&code).is_some_and(|count| *count >= MAX_DIAGNOSTICS)
    }

    pub(crate) fn tally(&self) -> Tally {
        self.tally
    }

    /// Returns the number of errors of each code.
    pub(crate) fn errors(&self) -> impl Iterator<Item = (Code, usize)> {
        let is_error = |code| self.found.iter().any(|found| found.code() == code && found.is_error());
        self.counts.iter().map(|(code, count)| (*code, *count)).filter(move |(code, _)| is_error(*code))
    }

    /// Makes all machine-applicable fixes ones that may be incorrect.
    pub(crate) fn doubt_all(&mut self) {
        self.found.iter_mut().for_each(Diagnostic::doubt);
    }

    pub(crate) fn as_slice(&self) -> &[Diagnostic] {
        &self.found
    }

    pub(crate) fn into_vec(self) -> Vec<Diagnostic> {
        self.found
    }
}

/// Sorts diagnostics by position, with errors before warnings.
pub(crate) fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span(), diagnostic.severity));
}

/// Formats each diagnostic on one line.
pub(crate) fn to_lines(source: &str, diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(|diagnostic| diagnostic.to_line(source)).collect::<Vec<_>>().join("\n")
}

/// A diagnostic formatted on one line.
struct Short<'a> {
    source: &'a str,
    diagnostic: &'a Diagnostic,
}

impl fmt::Display for Short<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.diagnostic.location {
            Location::Text(span) => {
                let position = Position::of(self.source, span.start());
                write!(f, "{}:{}: ", position.line, position.column)?;
            }
            Location::Json(pointer) if pointer.is_empty() => {}
            Location::Json(pointer) => write!(f, "{pointer}: ")?,
        }
        let Diagnostic { severity, help, fixes, .. } = self.diagnostic;
        write!(f, "{severity}[{}]: {}", self.diagnostic.code(), self.diagnostic)?;
        if let Some(help) = help {
            write!(f, "; {help}")?;
        }
        // Help for several fixes already describes them.
        let titled = if help.is_some() && fixes.len() > 1 { &[] } else { fixes.as_slice() };
        for (index, fix) in titled.iter().enumerate() {
            write!(f, "{}{}", if index == 0 { "; " } else { " or " }, fix.title)?;
        }
        Ok(())
    }
}

/// Returns the start of a text for a message: at most 60 characters, on one line, with hidden characters
/// escaped.
pub(crate) fn excerpt(text: &str) -> String {
    beginning(text, 60)
}
