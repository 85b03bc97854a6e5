//! Findings drawn under the text that they speak of.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Patch, Renderer, Snippet};

use crate::compiler::Compiled;
use crate::diagnostic::{Applicability, Diagnostic, Error, Fix, Location, Severity};
use crate::span::Span;
use crate::visible::{visible, visible_lines};

/// How diagnostics are drawn: in colour or not, and how wide. Needs the feature `render`.
///
/// `true` and `false` are [`Drawing::styled`] and [`Drawing::plain`] where one is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(docsrs, doc(cfg(feature = "render")))]
pub struct Drawing {
    styled: bool,
    columns: usize,
}

impl Drawing {
    const COLUMNS: usize = 140;

    /// Without colour, for 140 columns.
    #[must_use]
    pub fn plain() -> Drawing {
        Drawing { styled: false, columns: Drawing::COLUMNS }
    }

    /// With ANSI escapes that colour it, for 140 columns.
    #[must_use]
    pub fn styled() -> Drawing {
        Drawing { styled: true, ..Drawing::plain() }
    }

    /// The width of the terminal: a line of the query that is longer is cut around what is drawn
    /// under it.
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
    /// The findings, each drawn under its place in the text, for a person at a terminal. Needs the
    /// feature `render`.
    ///
    /// With `true`, ANSI escapes colour it; a stream that strips them where they do not belong is
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
    /// The warnings, drawn as [`Error::render`] draws errors. Needs the feature `render`.
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
    /// One diagnostic, drawn as [`Error::render`] draws all of them. `text` is what was compiled or
    /// read. Needs the feature `render`.
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
        // A finding about the whole, such as a parameter that no place names, has no picture.
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
    // A fix too long to draw is still there as data.
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

/// The part of a text around a place, so that the time to draw it does not grow with the text.
struct Window<'a> {
    /// As it is in the whole text.
    text: &'a str,
    /// Where it begins in the whole text.
    start: usize,
    /// The number of its first line in the whole text.
    line: usize,
    /// What is drawn before and after it for what was cut.
    lead: &'static str,
    trail: &'static str,
}

impl<'a> Window<'a> {
    /// Some lines; the renderer itself cuts the ones that it draws.
    fn around(source: &'a str, span: Span) -> Window<'a> {
        const BEFORE: usize = 1000;
        const AFTER: usize = 3000;
        let start = boundary(source, span.start().saturating_sub(BEFORE));
        let end = boundary(source, span.start().saturating_add(AFTER));
        let text = source.get(start..end).unwrap_or_default();
        Window { text, start, line: line_of(source, start), lead: "", trail: "" }
    }

    /// The lines that a change touches, cut on both sides where they are long; `None` where the
    /// change itself is too long to draw.
    fn of_change(source: &'a str, span: Span, columns: usize) -> Option<Window<'a>> {
        const MOST_BESIDE: usize = 60;
        const LEAST_BESIDE: usize = 10;
        // The number of a line, what is drawn after it, and both marks of a cut.
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

    /// The text as it is drawn.
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

    /// A place in the text as it is drawn; what reaches beyond its end is cut.
    fn place(&self, span: Span) -> Range<usize> {
        self.drawn(span.start())..self.drawn(span.end())
    }

    fn drawn(&self, place: usize) -> usize {
        let (before, after) = self.text.split_at(boundary(self.text, place.saturating_sub(self.start)));
        // Both characters of a line break are drawn as one.
        let before = if after.starts_with('\n') { before.strip_suffix('\r').unwrap_or(before) } else { before };
        self.lead.len() + visible_lines(before).len()
    }
}

/// The nearest place at or before one where a character begins.
fn boundary(source: &str, place: usize) -> usize {
    (0..=place.min(source.len())).rev().find(|at| source.is_char_boundary(*at)).unwrap_or(0)
}

fn line_of(source: &str, place: usize) -> usize {
    1 + source.bytes().take(place).filter(|byte| *byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_fits_its_columns() {
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
