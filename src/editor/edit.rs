//! Edits of a query for user interfaces. They change the text in place, so that the rest stays as it
//! was typed.

use std::borrow::Cow;
use std::ops::Range;

use crate::ast::{Comment, Expr, Query};
use crate::compiler::Compiler;
use crate::diagnostic::{Edit, Error, Fix};
use crate::limits::{Limits, MAX_BYTES};
use crate::sketch::{self, Terminal, Token};
use crate::span::Span;
use crate::syntax::keyword::{AND, NOT, OR};

/// How a query is joined to the part that it is added to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Join {
    /// Both must match.
    And,
    /// At least one must match.
    Or,
}

/// Edits of the text that the query was parsed from. For a raised query, they apply to its printed
/// text.
///
/// Each edit applies to the smallest part of the query whose span contains a range of bytes: a clause
/// for a range inside it, a group for a range that spans several of its parts. A cursor is an empty
/// range; [`Unit::to_bytes`](crate::span::Unit::to_bytes) converts one in another unit. Text outside
/// the part keeps its spelling, line breaks and comments.
///
/// # Errors
///
/// The errors of the inserted text, or, if the result would be nested deeper than
/// [`MAX_DEPTH`](crate::MAX_DEPTH), that error, whose text is the result.
impl Query<'_> {
    /// Negates a part, or removes its negation.
    ///
    /// ```
    /// let text = "env = prod  # live\nand model in (a, b)";
    /// let fix = freeplay_filter::parse(text)?.toggle(4..4)?;
    /// assert_eq!(fix.apply(text), "not env = prod  # live\nand model in (a, b)");
    /// # Ok::<(), freeplay_filter::Error>(())
    /// ```
    pub fn toggle(&self, at: Range<usize>) -> Result<Fix, Error> {
        let source = Source::of(self);
        let path = source.path(&at);
        let (part, outer) = split(&path, source.root());
        let edits = match (part, outer.map(|(outer, _)| outer)) {
            (Expr::All(span), _) if span.is_empty() => source.fill("not *"),
            (Expr::Not(_, inside), _) | (_, Some(Expr::Not(_, inside))) => {
                let negation =
                    if matches!(part, Expr::Not(..)) { part } else { outer.map_or(part, |(outer, _)| outer) };
                source.without_negation(negation, inside)
            }
            (Expr::Clause(clause), _) if clause.negated => vec![source.positive(clause.operator)],
            _ => {
                let span = part.span();
                if is_loose(part) {
                    vec![Edit::insert(span.start(), "not ("), Edit::insert(span.end(), ")")]
                } else {
                    vec![Edit::insert(span.start(), "not ")]
                }
            }
        };
        source.finish("exclude it, or no longer", edits)
    }

    /// Replaces a part by another query, in parentheses if they are needed.
    ///
    /// ```
    /// let text = "cost > 1 and not env = prod";
    /// let fix = freeplay_filter::parse(text)?.replace(19..19, "env = dev or env = test")?;
    /// assert_eq!(fix.apply(text), "cost > 1 and not (env = dev or env = test)");
    /// # Ok::<(), freeplay_filter::Error>(())
    /// ```
    pub fn replace(&self, at: Range<usize>, with: &str) -> Result<Fix, Error> {
        let source = Source::of(self);
        let new = Part::read(with)?;
        let path = source.path(&at);
        let (part, outer) = split(&path, source.root());
        let text = match outer.map(|(outer, _)| outer) {
            None => new.text(),
            Some(Expr::Not(..)) => new.operand(),
            Some(_) => new.grouped(),
        };
        let edits = match part {
            Expr::All(span) if span.is_empty() => source.fill(&text),
            _ => vec![source.put(part.span(), &text)],
        };
        source.finish("replace it", edits)
    }

    /// Removes a part, with its connective and its negation.
    ///
    /// ```
    /// let text = "cost > 1  # costly\nand not env = prod and model = o1";
    /// let fix = freeplay_filter::parse(text)?.remove(28..28)?;
    /// assert_eq!(fix.apply(text), "cost > 1  # costly\nand model = o1");
    /// # Ok::<(), freeplay_filter::Error>(())
    /// ```
    pub fn remove(&self, at: Range<usize>) -> Result<Fix, Error> {
        let source = Source::of(self);
        let path = without_negations(source.path(&at));
        let (part, outer) = split(&path, source.root());
        let span = part.span();
        let (parts, index) = match outer {
            Some((Expr::And(_, parts) | Expr::Or(_, parts), index)) => (parts.as_slice(), index),
            _ => (&[][..], 0),
        };
        let left = index.checked_sub(1).and_then(|before| parts.get(before)).map(|part| part.span().end());
        let right = parts.get(index + 1).map(|part| part.span().start());
        let gap = match (left, right) {
            (Some(left), _) => Span::new(left, span.start()),
            (None, Some(right)) => Span::new(span.end(), right),
            (None, None) => Span::at(span.start()),
        };
        let between = source.tokens(gap);
        let edits = if between.iter().any(|token| token.terminal == Terminal::Comment) {
            let mut edits: Vec<Edit> = between
                .iter()
                .filter(|token| token.terminal == Terminal::Connective)
                .map(|token| source.put(source.with_blanks(token.span), ""))
                .chain([source.put(source.with_blanks(span), "")])
                .collect();
            edits.sort_by_key(|edit| edit.span);
            edits
        } else {
            vec![source.put(span.to(gap), "")]
        };
        source.finish("remove it", edits)
    }

    /// Adds a query after a part, with parentheses if they are needed.
    ///
    /// ```
    /// use freeplay_filter::editor::Join;
    ///
    /// let text = "model = o1 and cost > 1";
    /// let fix = freeplay_filter::parse(text)?.add(0..0, Join::Or, "model = o3")?;
    /// assert_eq!(fix.apply(text), "(model = o1 or model = o3) and cost > 1");
    /// # Ok::<(), freeplay_filter::Error>(())
    /// ```
    pub fn add(&self, at: Range<usize>, join: Join, with: &str) -> Result<Fix, Error> {
        let source = Source::of(self);
        let new = Part::read(with)?;
        let path = without_negations(source.path(&at));
        let (part, outer) = split(&path, source.root());
        let span = part.span();
        let word = match join {
            Join::And => AND,
            Join::Or => OR,
        };
        let same = |expr: &Expr| matches!((expr, join), (Expr::And(..), Join::And) | (Expr::Or(..), Join::Or));
        let more = format!(" {word} {}", new.grouped());
        let edits = match part {
            Expr::All(empty) if empty.is_empty() => source.fill(&new.text()),
            Expr::And(_, parts) | Expr::Or(_, parts) if same(part) => {
                let last = parts.last().map_or(span, Expr::span);
                vec![source.put(Span::at(last.end()), &more)]
            }
            _ if outer.map_or(!is_loose(part), |(outer, _)| same(outer)) => {
                vec![source.put(Span::at(span.end()), &more)]
            }
            _ if outer.is_none() => {
                vec![Edit::insert(span.start(), "("), source.put(Span::at(span.end()), &format!("){more}"))]
            }
            _ => vec![Edit::insert(span.start(), "("), source.put(Span::at(span.end()), &format!("{more})"))],
        };
        source.finish("add it", edits)
    }

    /// Restricts the whole query to a scope: the result matches only what both match, whatever the
    /// query contains, so a tenant's query stays within the tenant. Use a field that is compared as a
    /// whole: `contains acme` also matches `acme-europe`.
    ///
    /// ```
    /// let text = "cost > 1 or env = prod  # mine";
    /// let fix = freeplay_filter::parse(text)?.scope("environment = acme-prod")?;
    /// assert_eq!(fix.apply(text), "environment = acme-prod and (cost > 1 or env = prod)  # mine");
    /// # Ok::<(), freeplay_filter::Error>(())
    /// ```
    pub fn scope(&self, with: &str) -> Result<Fix, Error> {
        let source = Source::of(self);
        let new = Part::read(with)?;
        let whole = source.root();
        let span = whole.span();
        let edits = match whole {
            Expr::All(empty) if empty.is_empty() => source.fill(&new.text()),
            Expr::Or(..) if is_loose(whole) => {
                vec![Edit::insert(span.start(), format!("{} {AND} (", new.grouped())), Edit::insert(span.end(), ")")]
            }
            _ => vec![Edit::insert(span.start(), format!("{} {AND} ", new.grouped()))],
        };
        source.finish("narrow it down", edits)
    }
}

/// A query to insert into another one.
struct Part<'a> {
    query: Query<'a>,
}

impl<'a> Part<'a> {
    fn read(text: &'a str) -> Result<Part<'a>, Error> {
        read_unbounded(text.trim()).map(|query| Part { query })
    }

    /// Returns the text as written, with a line break if it ends in a comment.
    fn text(&self) -> String {
        let text = &self.query.text;
        let mut out = String::new();
        if text.starts_with('#') {
            // A comment begins after white space.
            out.push('\n');
        }
        out.push_str(text);
        if matches!(self.query.expr, Expr::All(span) if span.is_empty()) {
            out.push_str(if ends_in_comment(&self.query.comments, text.len()) { "\n*" } else { "*" });
        } else if ends_in_comment(&self.query.comments, text.len()) {
            out.push('\n');
        }
        out
    }

    /// Returns the text to use next to other parts.
    fn grouped(&self) -> String {
        match &self.query.expr {
            group @ (Expr::And(..) | Expr::Or(..)) if is_loose(group) => format!("({})", self.text()),
            _ => self.text(),
        }
    }

    /// Returns the text to use after a negation.
    fn operand(&self) -> String {
        match &self.query.expr {
            Expr::Clause(_) if self.query.comments.is_empty() => self.text(),
            _ => format!("({})", self.text()),
        }
    }
}

/// The edited query and its text.
struct Source<'q, 'a> {
    query: Cow<'q, Query<'a>>,
}

/// A part and its index in the enclosing group or negation.
type Step<'e, 'a> = (&'e Expr<'a>, usize);

impl<'q, 'a> Source<'q, 'a> {
    fn of(query: &'q Query<'a>) -> Source<'q, 'a> {
        let raised = query.text.is_empty() && !matches!(query.expr, Expr::All(_));
        let printed = if raised { read_unbounded(&query.to_string()).map(Query::into_owned).ok() } else { None };
        Source { query: printed.map_or(Cow::Borrowed(query), Cow::Owned) }
    }

    fn root(&self) -> &Expr<'a> {
        &self.query.expr
    }

    /// Returns the parts that contain a range, from the whole query to the smallest.
    fn path(&self, at: &Range<usize>) -> Vec<Step<'_, 'a>> {
        let mut path = vec![(self.root(), 0)];
        while let Some((part, _)) = path.last() {
            let covers = |part: &Expr| part.span().start() <= at.start && at.end <= part.span().end();
            let inner = match part {
                Expr::All(_) | Expr::Clause(_) | Expr::Text(_) => None,
                Expr::Not(_, inside) => Some((&**inside, 0)).filter(|(inside, _)| covers(inside)),
                Expr::And(_, parts) | Expr::Or(_, parts) => {
                    parts.iter().enumerate().find(|(_, part)| covers(part)).map(|(index, part)| (part, index))
                }
            };
            match inner {
                Some(inner) => path.push(inner),
                None => break,
            }
        }
        path
    }

    /// Returns the tokens inside a span, including comments.
    fn tokens(&self, span: Span) -> Vec<Token> {
        let inside = |token: &Token| span.start() <= token.span.start() && token.span.end() <= span.end();
        let tokens = sketch::tokens(&self.query.text);
        tokens.into_iter().skip_while(|token| token.span.start() < span.start()).take_while(inside).collect()
    }

    /// Removes a `not`, `!` or `-`.
    fn without_negation(&self, negation: &Expr, inside: &Expr) -> Vec<Edit> {
        let head = Span::new(negation.span().start(), inside.span().start());
        let tokens = self.tokens(head);
        let sign = tokens.into_iter().find(|token| token.terminal == Terminal::Connective);
        sign.map(|sign| self.put(self.with_blanks(sign.span), "")).into_iter().collect()
    }

    /// Replaces a negated operator by the positive one.
    fn positive(&self, operator: Span) -> Edit {
        let written = operator.of(&self.query.text);
        match written {
            "!=" | "<>" => Edit { span: operator, text: "=".to_owned() },
            "!~" => Edit { span: operator, text: "~".to_owned() },
            _ => {
                let not = Span::new(operator.start(), operator.start() + NOT.len());
                Edit::remove(self.with_blanks(not))
            }
        }
    }

    /// Extends a span by the spaces after it, except for white space before a comment.
    fn with_blanks(&self, span: Span) -> Span {
        let rest = self.query.text.get(span.end()..).unwrap_or_default();
        let next = rest.trim_start_matches([' ', '\t']);
        let blanks = if next.starts_with('#') { 0 } else { rest.len() - next.len() };
        Span::new(span.start(), span.end() + blanks)
    }

    /// Replaces a span, adding spaces where the new text, or what is left after a removal, would join
    /// adjacent text.
    fn put(&self, span: Span, text: &str) -> Edit {
        let source = &self.query.text;
        let before = source.get(..span.start()).and_then(|text| text.chars().next_back());
        let after = source.get(span.end()..).and_then(|text| text.chars().next());
        let joins_before =
            before.is_none_or(|char| char.is_whitespace() || matches!(char, '(' | '!' | '-' | '&' | '|'));
        let joins_after = after.is_none_or(|char| char.is_whitespace() || char == ')');
        let mut out = String::new();
        if !joins_before && !text.is_empty() && !text.starts_with([' ', '\n', ')']) {
            out.push(' ');
        }
        out.push_str(text);
        let open_end = if text.is_empty() { !joins_before } else { !text.ends_with('\n') };
        if open_end && !joins_after {
            out.push(' ');
        }
        Edit { span, text: out }
    }

    /// Inserts text into a query that contains nothing but comments.
    fn fill(&self, text: &str) -> Vec<Edit> {
        let source = &self.query.text;
        let lead = if ends_in_comment(&self.query.comments, source.len()) { "\n" } else { "" };
        vec![Edit::insert(source.len(), format!("{lead}{text}"))]
    }

    /// Returns the fix after parsing its result, which may be nested too deep.
    fn finish(&self, title: &str, edits: Vec<Edit>) -> Result<Fix, Error> {
        let fix = Fix::new(title, edits).sure();
        read_unbounded(&fix.apply(&self.query.text))?;
        Ok(fix)
    }
}

/// Splits a path into its last part and the expression that contains it.
fn split<'e, 'a>(path: &[Step<'e, 'a>], root: &'e Expr<'a>) -> (&'e Expr<'a>, Option<Step<'e, 'a>>) {
    match path {
        [.., (outer, _), (part, index)] => (part, Some((outer, *index))),
        _ => (root, None),
    }
}

/// Shortens a path to a part so that it ends at the outermost negation directly around the part.
fn without_negations<'e, 'a>(mut path: Vec<Step<'e, 'a>>) -> Vec<Step<'e, 'a>> {
    while let [.., (Expr::Not(..), _), _] = path.as_slice() {
        path.pop();
    }
    path
}

/// Whether the expression is a group without parentheses.
fn is_loose(part: &Expr) -> bool {
    match part {
        Expr::All(_) | Expr::Clause(_) | Expr::Text(_) | Expr::Not(..) => false,
        Expr::And(span, parts) | Expr::Or(span, parts) => {
            parts.first().is_some_and(|first| first.span().start() == span.start())
        }
    }
}

fn ends_in_comment(comments: &[Comment], end: usize) -> bool {
    comments.last().is_some_and(|comment| comment.span.end() == end)
}

/// No limits: they protect against untrusted input, and this query was accepted before the edit.
const UNBOUNDED: Limits =
    Limits { bytes: MAX_BYTES, clauses: usize::MAX, values: usize::MAX, filters: usize::MAX, json_bytes: MAX_BYTES };

fn read_unbounded(text: &str) -> Result<Query<'_>, Error> {
    Compiler::new().limits(UNBOUNDED).parse(text)
}
