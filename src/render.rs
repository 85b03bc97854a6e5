//! Findings drawn under the text that they speak of.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Patch, Renderer, Snippet};

use crate::diagnostic::{Diagnostic, Error, Fix, Location, Severity};
use crate::span::Span;

impl Error {
    /// The findings, each drawn under its place in the text, for a person at a terminal.
    ///
    /// With `styled`, ANSI escapes colour it; a stream that strips them where they do not belong is
    /// the caller's.
    ///
    /// ```
    /// let error = freeplay_filter::compile("modle = gpt-4o").unwrap_err();
    /// assert_eq!(error.render(false), "\
    /// error[unknown-field]: unknown field `modle`
    ///   |
    /// 1 | modle = gpt-4o
    ///   | ^^^^^
    ///   |
    ///   = help: did you mean `model`?
    /// help: write `model`
    ///   |
    /// 1 - modle = gpt-4o
    /// 1 + model = gpt-4o
    ///   |
    /// ");
    /// ```
    #[must_use]
    pub fn render(&self, styled: bool) -> String {
        render(self.source(), self.diagnostics(), styled)
    }
}

/// [`Error::render`] for findings that come without an [`Error`]: the warnings of a query that
/// compiled.
#[must_use]
pub fn render(source: &str, diagnostics: &[Diagnostic], styled: bool) -> String {
    let renderer = if styled { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for diagnostic in diagnostics {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&renderer.render(&report(source, diagnostic)));
        out.push('\n');
    }
    out
}

fn report<'a>(source: &'a str, diagnostic: &'a Diagnostic) -> Vec<Group<'a>> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(diagnostic.to_string()).id(diagnostic.code().as_str());
    let mut group = Group::with_title(title);
    match &diagnostic.location {
        // A finding about the whole, such as a parameter that no place names, has no picture.
        Location::Text(span) if *span == Span::NOWHERE && !source.is_empty() => {}
        Location::Text(span) => {
            let window = Window::around(source, *span);
            let primary = AnnotationKind::Primary.span(window.place(*span));
            let labels = diagnostic
                .labels
                .iter()
                .filter(|label| window.holds(label.span))
                .map(|label| AnnotationKind::Context.span(window.place(label.span)).label(label.text.as_str()));
            group = group.element(window.snippet().annotation(primary).annotations(labels));
        }
        Location::Json(pointer) => {
            group = group.element(Level::NOTE.no_name().message(format!("at `{pointer}` of the JSON")));
        }
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let fixes = diagnostic.fixes.iter().filter_map(|fix| suggestion(source, fix));
    std::iter::once(group).chain(fixes).collect()
}

fn suggestion<'a>(source: &'a str, fix: &'a Fix) -> Option<Group<'a>> {
    let first = fix.edits.first()?.span;
    let window = Window::around(source, first);
    // A fix too long to draw is still there as data.
    if !fix.edits.iter().all(|edit| window.holds(edit.span)) {
        return None;
    }
    let patches = fix.edits.iter().map(|edit| Patch::new(window.place(edit.span), edit.text.as_str()));
    let snippet = Snippet::source(window.text).line_start(window.line).patches(patches);
    Some(Level::HELP.secondary_title(fix.title.as_str()).element(snippet))
}

/// The part of a text around a place, so that the time to draw it does not grow with the text.
struct Window<'a> {
    text: &'a str,
    start: usize,
    /// The number of its first line in the whole text.
    line: usize,
}

impl<'a> Window<'a> {
    fn around(source: &'a str, span: Span) -> Window<'a> {
        const BEFORE: usize = 1000;
        const AFTER: usize = 3000;
        let boundary = |place: usize| (0..=place.min(source.len())).rev().find(|at| source.is_char_boundary(*at));
        let start = boundary(span.start().saturating_sub(BEFORE)).unwrap_or(0);
        let end = boundary(span.start().saturating_add(AFTER)).unwrap_or(source.len());
        let line = 1 + source.bytes().take(start).filter(|byte| *byte == b'\n').count();
        Window { text: source.get(start..end).unwrap_or_default(), start, line }
    }

    fn snippet<T: Clone>(&self) -> Snippet<'a, T> {
        Snippet::source(self.text).line_start(self.line)
    }

    fn holds(&self, span: Span) -> bool {
        (self.start..=self.start + self.text.len()).contains(&span.start())
            && span.end() <= self.start + self.text.len()
    }

    /// A place in the window; what reaches beyond its end is cut.
    fn place(&self, span: Span) -> Range<usize> {
        let within = |place: usize| place.saturating_sub(self.start).min(self.text.len());
        within(span.start())..within(span.end())
    }
}
