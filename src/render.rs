//! Draws diagnostics under the text that they refer to.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Patch, Renderer, Snippet};

use crate::compiler::Compiled;
use crate::diagnostic::{Applicability, Diagnostic, Error, Fix, Location, Severity};
use crate::span::{Span, boundary};
use crate::visible::{visible, visible_lines};

/// How diagnostics are drawn: in color or not, and how wide. Needs the feature `render`.
///
/// Functions that take one also accept `true` for [`Drawing::styled`] and `false` for
/// [`Drawing::plain`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(docsrs, doc(cfg(feature = "render")))]
pub struct Drawing {
    styled: bool,
    columns: usize,
}

impl Drawing {
    const COLUMNS: usize = 140;

    /// Without color, 140 columns wide.
    #[must_use]
    pub fn plain() -> Drawing {
        Drawing { styled: false, columns: Drawing::COLUMNS }
    }

    /// In color, by ANSI escapes, 140 columns wide.
    #[must_use]
    pub fn styled() -> Drawing {
        Drawing { styled: true, ..Drawing::plain() }
    }

    /// Sets the width of the terminal. A longer line of the query is cut around the part that is
    /// annotated.
    #[must_use]
    pub fn columns(self, columns: usize) -> Drawing {
        Drawing { columns, ..self }
    }

    fn renderer(self) -> Renderer {
        let renderer = if self.styled { Renderer::styled() } else { Renderer::plain() };
        renderer.term_width(self.columns)
    }
}

impl From<bool> for Drawing {
    fn from(styled: bool) -> Drawing {
        if styled { Drawing::styled() } else { Drawing::plain() }
    }
}

impl Error {
    /// Draws each diagnostic under its position in the text, for a person at a terminal. Needs the
    /// feature `render`.
    ///
    /// With `true`, the result has ANSI escapes for color. The caller has to strip them if the output
    /// does not support them.
    ///
    /// ```
    /// let error = freeplay_filter::compile("modle = gpt-4o").unwrap_err();
    /// assert_eq!(error.render(false), "\
    /// error[unknown-field]: unknown field `modle`
    ///   |
    /// 1 | modle = gpt-4o
    ///   | ^^^^^
    ///   |
    /// help: did you mean `model`?
    ///   |
    /// 1 - modle = gpt-4o
    /// 1 + model = gpt-4o
    ///   |
    /// ");
    /// ```
    #[must_use]
    #[cfg_attr(docsrs, doc(cfg(feature = "render")))]
    pub fn render(&self, drawing: impl Into<Drawing>) -> String {
        render(self.text(), self.diagnostics(), drawing.into())
    }
}

impl Compiled {
    /// Draws the warnings as [`Error::render`] draws errors. Needs the feature `render`.
    ///
    /// ```
    /// let compiled = freeplay_filter::Compiler::new().compile("cost in 5..1")?;
    /// assert!(compiled.render_warnings(false).starts_with("warning[reversed-range]: "));
    /// # Ok::<(), freeplay_filter::Error>(())
    /// ```
    #[must_use]
    #[cfg_attr(docsrs, doc(cfg(feature = "render")))]
    pub fn render_warnings(&self, drawing: impl Into<Drawing>) -> String {
        render(self.source(), &self.warnings, drawing.into())
    }
}

impl Diagnostic {
    /// Draws one diagnostic as [`Error::render`] does. `text` is the query or JSON that it refers to.
    /// Needs the feature `render`.
    ///
    /// ```
    /// let text = "modle = a";
    /// let error = freeplay_filter::compile(text).unwrap_err();
    /// assert_eq!(error.diagnostics()[0].render(text, false), error.render(false));
    /// ```
    #[must_use]
    #[cfg_attr(docsrs, doc(cfg(feature = "render")))]
    pub fn render(&self, text: &str, drawing: impl Into<Drawing>) -> String {
        render(text, std::slice::from_ref(self), drawing.into())
    }
}

fn render(source: &str, diagnostics: &[Diagnostic], drawing: Drawing) -> String {
    let renderer = drawing.renderer();
    let mut out = String::new();
    for diagnostic in diagnostics {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&renderer.render(&report(source, diagnostic, drawing.columns)));
        out.push('\n');
    }
    out
}

fn report<'a>(source: &'a str, diagnostic: &'a Diagnostic, columns: usize) -> Vec<Group<'a>> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(diagnostic.to_string()).id(diagnostic.code().as_str());
    let mut group = Group::with_title(title);
    match &diagnostic.location {
        // A diagnostic about the whole query, such as an unused parameter, is not drawn.
        Location::Text(span) if *span == Span::NOWHERE && !source.is_empty() => {}
        Location::Text(span) => {
            let window = Window::around(source, *span);
            let primary = AnnotationKind::Primary.span(window.place(*span));
            let labels = diagnostic
                .labels
                .iter()
                .filter(|label| window.holds(label.span))
                .map(|label| AnnotationKind::Context.span(window.place(label.span)).label(visible(&label.text)));
            group = group.element(window.snippet().annotation(primary).annotations(labels));
        }
        Location::Json(pointer) => {
            let place = if pointer.is_empty() { "at the top".to_owned() } else { format!("at `{}`", visible(pointer)) };
            group = group.element(Level::NOTE.no_name().message(format!("{place} of the JSON")));
        }
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(visible(help)));
    }
    let fixes = diagnostic.fixes.iter().filter_map(|fix| suggestion(source, fix, columns));
    std::iter::once(group).chain(fixes).collect()
}

fn suggestion<'a>(source: &'a str, fix: &'a Fix, columns: usize) -> Option<Group<'a>> {
    let first = fix.edits.first()?.span;
    let last = fix.edits.last()?.span;
    // A fix too long to draw is still available as data.
    let window = Window::of_change(source, first.to(last), columns)?;
    let patches = fix.edits.iter().map(|edit| Patch::new(window.place(edit.span), visible_lines(&edit.text)));
    let snippet = window.snippet().patches(patches);
    let title = Level::HELP.secondary_title(visible(&fix.title));
    let title = match fix.applicability {
        Applicability::MachineApplicable => title,
        unsure => title.id(unsure.as_str()),
    };
    Some(title.element(snippet))
}

/// The part of a text around a position, so that drawing takes time independent of the text's length.
struct Window<'a> {
    /// The part of the text.
    text: &'a str,
    /// The offset of the part in the text.
    start: usize,
    /// The line number of the part's first line.
    line: usize,
    /// The ellipses drawn before and after the part if the text was cut there.
    lead: &'static str,
    trail: &'static str,
}

impl<'a> Window<'a> {
    /// Returns the lines around a span. The renderer itself cuts lines that are too long.
    fn around(source: &'a str, span: Span) -> Window<'a> {
        const BEFORE: usize = 1000;
        const AFTER: usize = 3000;
        let start = boundary(source, span.start().saturating_sub(BEFORE));
        let end = boundary(source, span.start().saturating_add(AFTER));
        let text = source.get(start..end).unwrap_or_default();
        Window { text, start, line: line_of(source, start), lead: "", trail: "" }
    }

    /// Returns the lines that a change affects, cut on both sides if they are too long; `None` if the
    /// change itself is too long to draw.
    fn of_change(source: &'a str, span: Span, columns: usize) -> Option<Window<'a>> {
        const MOST_BESIDE: usize = 60;
        const LEAST_BESIDE: usize = 10;
        // The line number, its separator, and both ellipses.
        const GUTTER: usize = 10;
        const LONGEST: usize = 400;
        const CUT: &str = "…";
        let changed = span.end() - span.start();
        if changed > LONGEST {
            return None;
        }
        let beside = (columns.saturating_sub(GUTTER + changed) / 2).clamp(LEAST_BESIDE, MOST_BESIDE);
        let before = source.get(..span.start())?;
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let start = line_start.max(boundary(source, span.start().saturating_sub(beside)));
        let after = source.get(span.end()..)?;
        let line_end = span.end() + after.lines().next().unwrap_or_default().len();
        let end = line_end.min(boundary(source, span.end() + beside).max(span.end()));
        let lead = if start > line_start { CUT } else { "" };
        let trail = if end < line_end { CUT } else { "" };
        Some(Window { text: source.get(start..end)?, start, line: line_of(source, start), lead, trail })
    }

    /// Returns the part as the renderer's input.
    fn snippet<T: Clone>(&self) -> Snippet<'a, T> {
        let text = visible_lines(self.text);
        let text = if self.lead.is_empty() && self.trail.is_empty() {
            text
        } else {
            format!("{}{text}{}", self.lead, self.trail).into()
        };
        Snippet::source(text).line_start(self.line)
    }

    fn holds(&self, span: Span) -> bool {
        (self.start..=self.start + self.text.len()).contains(&span.start())
            && span.end() <= self.start + self.text.len()
    }

    /// Converts a span of the text to the drawn part, cutting what is beyond its end.
    fn place(&self, span: Span) -> Range<usize> {
        self.drawn(span.start())..self.drawn(span.end())
    }

    fn drawn(&self, place: usize) -> usize {
        let (before, after) = self.text.split_at(boundary(self.text, place.saturating_sub(self.start)));
        // The two characters of a line break are drawn as one.
        let before = if after.starts_with('\n') { before.strip_suffix('\r').unwrap_or(before) } else { before };
        self.lead.len() + visible_lines(before).len()
    }
}

fn line_of(source: &str, place: usize) -> usize {
    1 + source.bytes().take(place).filter(|byte| *byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawings_fit_their_columns() {
        let clause = |number| format!("model = gpt-4o-{number:03}");
        let mut clauses: Vec<String> = (0..50).map(clause).collect();
        clauses[25] = "modle = gpt-4o".to_owned();
        let error = crate::compile(&clauses.join(" or ")).unwrap_err();
        for columns in [40, 80, 120, 200] {
            let drawn = error.render(Drawing::plain().columns(columns));
            let sources = drawn.lines().filter(|line| line.starts_with("1 "));
            let longest = sources.map(|line| line.chars().count()).max().unwrap_or(0);
            assert!((columns.min(120) - 10..=columns).contains(&longest), "{longest} of {columns}:\n{drawn}");
            assert!(drawn.contains("^^^^^"), "{drawn}");
        }
    }
}
