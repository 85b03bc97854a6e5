//! What is wrong with a query or a filter, as data.

mod code;
mod json;
mod kind;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

pub use code::{Code, Severity};
pub(crate) use json::diagnostics_to_json;
pub use kind::Kind;

use crate::limits::{MAX_DEPTH, MAX_FINDINGS};
use crate::span::{Position, Span};
use crate::visible::{beginning, visible};

/// One finding: what it is, where it is, and what to write instead.
///
/// Its `Display` is the message alone, a fragment without a full stop. [`Error::to_json`] writes it
/// for other languages.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// What was found.
    pub kind: Kind,
    /// Whether it stops the query from compiling.
    pub severity: Severity,
    /// Where it was found.
    pub location: Location,
    /// Other places that belong to it, each with a word about it.
    pub labels: Vec<Label>,
    /// What to do about it.
    pub help: Option<String>,
    /// What can be written in its place, as one types it: the nearest fields of the catalog, the
    /// operators that the field takes, its known values. Empty where nothing is known.
    pub candidates: Vec<String>,
    /// Edits that each remove it; the first is the likeliest.
    pub fixes: Vec<Fix>,
}

/// Where a finding lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// In the text of a query.
    Text(Span),
    /// In a filter's JSON: a pointer as of RFC 6901, such as `/and/1/op`; empty for the whole.
    Json(String),
}

/// A place that belongs to a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is there.
    pub text: String,
}

/// An edit, of one place or several, that removes a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fix {
    /// What the edit does: "write `model`".
    pub title: String,
    /// Whether it can be applied without asking.
    pub applicability: Applicability,
    /// The replacements, from left to right; none overlaps another.
    pub edits: Vec<Edit>,
}

/// Whether a [`Fix`] can be applied without asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Applicability {
    /// It is what was meant. A diagnostic has at most one such fix, and those of different
    /// diagnostics never overlap, so all of them can be applied at once.
    MachineApplicable,
    /// It may make another search than was meant, for it takes one reading of several, another
    /// operator or an assumed unit. Ask before it is applied.
    MaybeIncorrect,
    /// It holds an example value that has to be replaced.
    HasPlaceholders,
}

impl Applicability {
    /// `machine-applicable`, `maybe-incorrect` or `has-placeholders`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Applicability::MachineApplicable => "machine-applicable",
            Applicability::MaybeIncorrect => "maybe-incorrect",
            Applicability::HasPlaceholders => "has-placeholders",
        }
    }
}

/// One replacement.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Edit {
    /// What is replaced; empty where something is inserted.
    pub span: Span,
    /// What stands there afterwards.
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

    /// That a query is nested too deeply.
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

    /// Offers names in place of one that is unknown; a single one may be sure.
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

    pub(crate) fn fix(mut self, fix: Fix) -> Diagnostic {
        self.fixes.push(fix);
        self
    }

    /// The stable name of this sort of finding.
    #[must_use]
    pub fn code(&self) -> Code {
        self.kind.code()
    }

    /// The place in the query's text; `None` for a finding in JSON.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        match self.location {
            Location::Text(span) => Some(span),
            Location::Json(_) => None,
        }
    }

    /// The diagnostic in one line, `line:column: error[code]: message`, with the help and what the
    /// fixes do after it. `text` is what was compiled or read.
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

    /// Whether it is that a limit was exceeded: then nothing else was looked at.
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
    /// One that may be incorrect.
    pub(crate) fn new(title: impl Into<String>, edits: Vec<Edit>) -> Fix {
        Fix { title: title.into(), applicability: Applicability::MaybeIncorrect, edits }
    }

    pub(crate) fn replace(title: impl Into<String>, span: Span, text: impl Into<String>) -> Fix {
        Fix::new(title, vec![Edit { span, text: text.into() }])
    }

    /// The same, to be applied without asking.
    pub(crate) fn sure(mut self) -> Fix {
        self.applicability = Applicability::MachineApplicable;
        self
    }

    /// The same, to be applied without asking if `is_sure`.
    pub(crate) fn sure_if(self, is_sure: bool) -> Fix {
        if is_sure { self.sure() } else { self }
    }

    pub(crate) fn is_sure(&self) -> bool {
        self.applicability == Applicability::MachineApplicable
    }

    /// Makes it one that may be incorrect, if it was sure.
    pub(crate) fn doubt(&mut self) {
        self.applicability = self.applicability.max(Applicability::MaybeIncorrect);
    }

    /// Replaces a name by one that was likely meant.
    pub(crate) fn rename(span: Span, name: impl Into<String>) -> Fix {
        let name = name.into();
        Fix::replace(format!("did you mean `{}`?", excerpt(&name)), span, name)
    }

    /// Replaces `span` by `text`, with a title that says so.
    pub(crate) fn write(span: Span, text: impl Into<String>) -> Fix {
        let text = text.into();
        Fix::replace(format!("write `{}`", excerpt(&text)), span, text)
    }

    /// The text with the edits made; unchanged where an edit does not fit it.
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

/// The text with edits made from left to right; unchanged where one does not fit it.
pub(crate) fn apply(edits: &[Edit], text: &str) -> String {
    apply_within(edits, text, Span::new(0, text.len()))
}

/// A part of the text, with the edits made in it; unchanged where one does not fit it.
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

/// Why a query did not compile, a filter could not be read, or one could not be written as a
/// query: one finding or more, warnings among them.
///
/// Its `Display` is a line a finding, `line:column: error[code]: message`, with the help and what
/// the fixes do behind.
/// The `render` feature draws them under the text.
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

    /// Everything that was found, in the order of the text; at least one is an error.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The text that was refused: the query, or the JSON where it was read from text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.source
    }

    /// The findings as a JSON array.
    ///
    /// Each has its `code` and `severity` (`error` or `warning`), its `message`, its place, other
    /// places that belong to it as `labels`, `help` or null, `candidates`, and `fixes`. A fix has a
    /// `title`, an `applicability` (`machine-applicable`, `maybe-incorrect` or `has-placeholders`)
    /// and `edits`; making all edits of one, from right to left, removes the diagnostic, and the
    /// first fix is the likeliest. A place is a `span` in the text: `start` and `end` in bytes,
    /// `utf16_start` and `utf16_end` as JavaScript counts, `char_start` and `char_end` as Python
    /// counts, and `line`, `column`, `end_line` and `end_column` in characters from 1. In a filter that
    /// was read from JSON it may be a `pointer` (RFC 6901) instead.
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

/// What was found so far.
#[derive(Default)]
pub(crate) struct Findings {
    found: Vec<Diagnostic>,
    counts: BTreeMap<Code, usize>,
    tally: Tally,
}

/// How much was found, whether it is kept or not.
#[derive(Clone, Copy, Default, PartialEq)]
pub(crate) struct Tally {
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
}

impl Findings {
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        let count = self.counts.entry(diagnostic.code()).or_default();
        *count += 1;
        match diagnostic.severity {
            Severity::Error => self.tally.errors += 1,
            Severity::Warning => self.tally.warnings += 1,
        }
        if *count <= MAX_FINDINGS {
            self.found.push(diagnostic);
        }
    }

    /// Whether nothing more of a code is kept, so that no help need be sought for it.
    pub(crate) fn has_enough(&self, code: Code) -> bool {
        self.counts.get(&code).is_some_and(|count| *count >= MAX_FINDINGS)
    }

    pub(crate) fn tally(&self) -> Tally {
        self.tally
    }

    pub(crate) fn as_slice(&self) -> &[Diagnostic] {
        &self.found
    }

    pub(crate) fn into_vec(self) -> Vec<Diagnostic> {
        self.found
    }
}

/// Findings in the order of the text, errors before warnings at the same place.
pub(crate) fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span(), diagnostic.severity));
}

/// Each diagnostic in one line.
pub(crate) fn to_lines(source: &str, diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(|diagnostic| diagnostic.to_line(source)).collect::<Vec<_>>().join("\n")
}

/// A finding in one line.
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
        // A help beside several fixes speaks of them already.
        let titled = if help.is_some() && fixes.len() > 1 { &[] } else { fixes.as_slice() };
        for (index, fix) in titled.iter().enumerate() {
            write!(f, "{}{}", if index == 0 { "; " } else { " or " }, fix.title)?;
        }
        Ok(())
    }
}

/// The start of a text, for a message: at most 60 characters, on one line, with what cannot be
/// seen written as escapes.
pub(crate) fn excerpt(text: &str) -> String {
    beginning(text, 60)
}
