//! The printer: writes a tree as text.
//!
//! A group inside another expression is always parenthesized, even where precedence would not
//! require it. Readers need not know the precedence, and `and` and `or` never mix without
//! parentheses.

use std::fmt::{self, Write};

use crate::ast::{Clause, Comment, Expr, Predicate, Query, Token, Value};
use crate::filter::Comparison;
use crate::span::Span;
use crate::syntax::keyword::{AND, NOT, OR};
use crate::syntax::{After, Rule, after_gap, inside_parentheses, is_item, is_name, is_one, is_term, is_word, quote};

/// The maximum line width in characters, where the query can be broken.
const WIDTH: usize = 80;
const INDENT: usize = 4;

/// Prints the query on one line, without its comments.
impl fmt::Display for Query<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expr.fmt(f)
    }
}

/// Prints the expression on one line.
impl fmt::Display for Expr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        inline(f, self, false)
    }
}

impl Query<'_> {
    /// Formats the query with its comments, in lines of up to 80 characters. A longer query is
    /// broken at `and`, `or` and the values of lists.
    ///
    /// ```
    /// let query = freeplay_filter::parse("# costly\ncost>=0.01 AND(model:a||model:'b c')  # two")?;
    /// assert_eq!(query.pretty(), "# costly\ncost >= 0.01 and (model:a or model:\"b c\")  # two");
    /// # Ok::<(), freeplay_filter::Error>(())
    /// ```
    #[must_use]
    pub fn pretty(&self) -> String {
        let mut printer =
            Printer { out: String::new(), text: &self.text, comments: &self.comments, ends_in_comment: false };
        printer.root(&self.expr);
        printer.out
    }
}

/// Returns a field as it is written in a query, with quotes only where they are needed.
pub(crate) fn field(path: &str) -> String {
    if is_name(path) {
        return path.to_owned();
    }
    let dots = path.match_indices('.').map(|(dot, _)| dot);
    let bare = dots.take_while(|dot| path.get(..*dot).is_some_and(is_name)).last().map_or(0, |dot| dot + 1);
    let (bare, rest) = path.split_at_checked(bare).unwrap_or(("", path));
    format!("{bare}{}", quote(rest))
}

/// Returns a range as it is written in a query.
pub(crate) fn range(lower: Option<&Value>, upper: Option<&Value>) -> String {
    // The first two dots of the token separate the ends of the range.
    let before = |value: &Value| match &value.token {
        Token::Word(word) if word.ends_with('.') || word.contains("..") || !is_one(Rule::Bound, word) => quote(word),
        _ => literal(value),
    };
    format!("{}..{}", lower.map(before).unwrap_or_default(), upper.map(literal).unwrap_or_default())
}

pub(crate) fn literal(value: &Value) -> String {
    match &value.token {
        Token::Word(word) if is_word(word) => word.to_string(),
        Token::Word(text) | Token::Quoted(text) => quote(text),
        Token::Parameter(name) => format!("${name}"),
    }
}

/// Returns a value of a list as it is written in a query.
fn item(value: &Value) -> String {
    match &value.token {
        Token::Word(word) if !word.is_ascii() && !is_item(word) => quote(word),
        _ => literal(value),
    }
}

/// Returns text without a field. Its quotes are kept, so that printing does not need a catalog.
fn term(value: &Value) -> String {
    match &value.token {
        Token::Word(word) if is_term(word) => word.to_string(),
        Token::Word(text) | Token::Quoted(text) | Token::Parameter(text) => quote(text),
    }
}

/// Writes an expression on one line, with parentheses around a nested group.
fn inline(out: &mut impl Write, expr: &Expr, nested: bool) -> fmt::Result {
    match expr {
        Expr::All(_) => out.write_str("*"),
        Expr::Clause(part) => clause(out, part),
        Expr::Text(value) => out.write_str(&term(value)),
        Expr::Not(_, part) => {
            write!(out, "{NOT} ")?;
            inline(out, part, true)
        }
        Expr::And(_, parts) | Expr::Or(_, parts) => {
            let connective = connective(expr);
            if nested {
                out.write_str("(")?;
            }
            for (index, part) in parts.iter().enumerate() {
                if index > 0 {
                    write!(out, " {connective} ")?;
                }
                inline(out, part, true)?;
            }
            if nested { out.write_str(")") } else { Ok(()) }
        }
    }
}

fn connective(group: &Expr) -> &'static str {
    match group {
        Expr::Or(..) => OR,
        Expr::All(_) | Expr::Clause(_) | Expr::Text(_) | Expr::Not(..) | Expr::And(..) => AND,
    }
}

fn clause(out: &mut impl Write, clause: &Clause) -> fmt::Result {
    out.write_str(&head(clause))?;
    match &clause.predicate {
        Predicate::Contains(Value { token: Token::Word(word), .. }) if !After::Contains.takes(word) => {
            out.write_str(&quote(word))
        }
        Predicate::Natural(value) | Predicate::Compare(_, value) | Predicate::Contains(value) => {
            out.write_str(&literal(value))
        }
        Predicate::In(values) | Predicate::ContainsAny(values) | Predicate::ContainsAll(values) => {
            out.write_str("(")?;
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    out.write_str(", ")?;
                }
                out.write_str(&item(value))?;
            }
            out.write_str(")")
        }
        Predicate::Range(lower, upper) => out.write_str(&range(lower.as_ref(), upper.as_ref())),
        Predicate::Between(lower, upper) => write!(out, "{} {AND} {}", literal(lower), literal(upper)),
    }
}

/// Returns the field and the operator of a clause.
fn head(clause: &Clause) -> String {
    let field = field(&clause.field.path);
    let operator = clause.predicate.operator(clause.negated);
    match &clause.predicate {
        // No query has this; only a tree changed in code.
        Predicate::Natural(_) if clause.negated => format!("{NOT} {field}:"),
        // Otherwise the two colons would be read as one operator.
        Predicate::Natural(value) if value.text().starts_with(':') => format!("{field}: "),
        Predicate::Natural(_) => format!("{field}:"),
        Predicate::Compare(comparison, _) if clause.negated && *comparison != Comparison::Eq => {
            format!("{NOT} {field} {operator} ")
        }
        _ => format!("{field} {operator} "),
    }
}

impl Predicate<'_> {
    /// Returns the operator as it is printed: `=`, `not in`, `contains any`.
    #[must_use]
    pub fn operator(&self, negated: bool) -> &'static str {
        match (self, negated) {
            (Predicate::Natural(_), _) => ":",
            (Predicate::Compare(Comparison::Eq, _), true) => "!=",
            (Predicate::Compare(comparison, _), _) => comparison.op().written(),
            (Predicate::Contains(_), false) => "contains",
            (Predicate::Contains(_), true) => "not contains",
            (Predicate::ContainsAny(_), false) => "contains any",
            (Predicate::ContainsAny(_), true) => "not contains any",
            (Predicate::ContainsAll(_), false) => "contains all",
            (Predicate::ContainsAll(_), true) => "not contains all",
            (Predicate::In(_) | Predicate::Range(..), false) => "in",
            (Predicate::In(_) | Predicate::Range(..), true) => "not in",
            (Predicate::Between(..), false) => "between",
            (Predicate::Between(..), true) => "not between",
        }
    }
}

/// Prints on several lines, with each comment next to the part that it preceded or followed.
struct Printer<'q> {
    out: String,
    text: &'q str,
    /// The comments not yet written.
    comments: &'q [Comment<'q>],
    /// Whether the last line ends in a comment.
    ends_in_comment: bool,
}

impl Printer<'_> {
    fn root(&mut self, expr: &Expr) {
        // Comments before the first part come before the whole, and need not break it.
        let first = match expr {
            Expr::And(_, parts) | Expr::Or(_, parts) => parts.first().unwrap_or(expr),
            Expr::All(_) | Expr::Clause(_) | Expr::Text(_) | Expr::Not(..) => expr,
        };
        self.flush_comments(self.first_place(first), 0);
        match expr {
            // A text with only comments is a valid query for everything.
            Expr::All(span) if span.is_empty() && (!self.out.is_empty() || !self.comments.is_empty()) => {}
            // The end of the last part, as the parentheses around the whole are not printed.
            Expr::And(_, parts) | Expr::Or(_, parts) if self.fits(expr, parts.last().unwrap_or(expr), 0, false) => {
                self.start_line(0);
                // Writing to a string cannot fail.
                let _ = inline(&mut self.out, expr, false);
            }
            Expr::And(_, parts) | Expr::Or(_, parts) => self.parts(parts, connective(expr), 0),
            Expr::All(_) | Expr::Clause(_) | Expr::Text(_) | Expr::Not(..) => self.part(expr, "", 0),
        }
        self.flush_comments(usize::MAX, 0);
    }

    /// Writes each part of a group on lines of its own.
    fn parts(&mut self, parts: &[Expr], connective: &str, indent: usize) {
        for (index, part) in parts.iter().enumerate() {
            let lead = if index == 0 { String::new() } else { format!("{connective} ") };
            self.part(part, &lead, indent);
        }
    }

    /// Writes one part after a lead such as `and`, from the start of a line.
    fn part(&mut self, expr: &Expr, lead: &str, indent: usize) {
        self.flush_comments(self.first_place(expr), indent);
        self.start_line(indent);
        self.out.push_str(lead);
        self.broken(expr, indent);
    }

    /// Writes a part, broken if it does not fit the rest of the line.
    fn broken(&mut self, expr: &Expr, indent: usize) {
        if self.fits(expr, expr, self.column(), true) {
            let _ = inline(&mut self.out, expr, true);
            return;
        }
        match expr {
            Expr::All(_) => self.out.push('*'),
            Expr::Text(value) => self.out.push_str(&term(value)),
            Expr::Not(_, part) => {
                let _ = write!(self.out, "{NOT} ");
                self.broken(part, indent);
            }
            Expr::And(span, parts) | Expr::Or(span, parts) => {
                self.out.push('(');
                self.parts(parts, connective(expr), indent + INDENT);
                self.close(span.end(), indent);
            }
            Expr::Clause(part) => match &part.predicate {
                Predicate::In(values) | Predicate::ContainsAny(values) | Predicate::ContainsAll(values) => {
                    self.out.push_str(&head(part));
                    self.out.push('(');
                    for (index, value) in values.iter().enumerate() {
                        self.flush_comments(value.span.start(), indent + INDENT);
                        self.start_line(indent + INDENT);
                        self.out.push_str(&item(value));
                        if index + 1 < values.len() {
                            self.out.push(',');
                        }
                    }
                    self.close(self.last_place(expr), indent);
                }
                _ => {
                    let _ = clause(&mut self.out, part);
                }
            },
        }
    }

    /// Writes the parenthesis that closes a broken group or list.
    fn close(&mut self, end: usize, indent: usize) {
        self.flush_comments(end, indent + INDENT);
        self.start_line(indent);
        self.out.push(')');
    }

    /// Returns where the comments before a part end. If lines can be broken inside the part, the
    /// comments inside are written with what they are next to.
    fn first_place(&self, expr: &Expr) -> usize {
        match expr {
            Expr::Clause(part) => match &part.predicate {
                Predicate::In(values) | Predicate::ContainsAny(values) | Predicate::ContainsAll(values) => {
                    // Up to the opening parenthesis after the operator.
                    let first = values.first().map_or(part.span.end(), |value| value.span.start());
                    let between = Span::new(part.operator.end(), first).of(self.text);
                    part.operator.end() + between.find(['(', '[']).unwrap_or(0)
                }
                _ => self.last_place(expr),
            },
            Expr::Not(_, part) => self.first_place(part),
            Expr::And(span, _) | Expr::Or(span, _) => span.start(),
            Expr::All(_) | Expr::Text(_) => self.last_place(expr),
        }
    }

    /// Returns where a part ends, without parentheses around it that are not printed. The comments after
    /// it come after the part.
    fn last_place(&self, expr: &Expr) -> usize {
        match expr {
            Expr::All(span) => inside_parentheses(Rule::All, self.text, *span).end(),
            Expr::Text(value) => inside_parentheses(Rule::Text, self.text, value.span).end(),
            Expr::Clause(part) => {
                let Some(last) = part.predicate.values().last() else { return part.span.end() };
                match &part.predicate {
                    Predicate::In(_) | Predicate::ContainsAny(_) | Predicate::ContainsAll(_) => {
                        let after = after_gap(self.text, last.span.end());
                        let is_closed = Span::new(after, part.span.end()).of(self.text).starts_with([')', ']']);
                        if is_closed { after + ")".len() } else { last.span.end() }
                    }
                    Predicate::Range(_, None) => last.span.end() + "..".len(),
                    _ => last.span.end(),
                }
            }
            Expr::Not(_, part) => self.last_place(part),
            Expr::And(span, _) | Expr::Or(span, _) => span.end(),
        }
    }

    /// Whether a part fits the line and no comment comes before the end of its last part, since a comment
    /// would end the line.
    fn fits(&self, expr: &Expr, last: &Expr, column: usize, nested: bool) -> bool {
        let commented = self.comments.first().is_some_and(|comment| comment.span.start() < self.last_place(last));
        !commented && inline(&mut Room(WIDTH.saturating_sub(column)), expr, nested).is_ok()
    }

    fn flush_comments(&mut self, before: usize, indent: usize) {
        while let [comment, rest @ ..] = self.comments
            && comment.span.start() < before
        {
            self.comments = rest;
            let line = self.text.get(..comment.span.start()).unwrap_or_default();
            let line = line.rsplit(['\n', '\r']).next().unwrap_or_default();
            let after_something = !line.trim().is_empty();
            if after_something && !self.out.is_empty() && !self.ends_in_comment {
                self.out.push_str("  ");
            } else {
                self.start_line(indent);
            }
            self.out.push_str(comment.text.trim_end());
            self.ends_in_comment = true;
        }
    }

    fn start_line(&mut self, indent: usize) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.ends_in_comment = false;
    }

    fn column(&self) -> usize {
        self.out.rsplit('\n').next().unwrap_or_default().chars().count()
    }
}

/// A writer that fails after the given number of characters.
struct Room(usize);

impl Write for Room {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 = self.0.checked_sub(text.chars().count()).ok_or(fmt::Error)?;
        Ok(())
    }
}
