//! The syntax tree: a query exactly as it was written, with the span of each part.
//!
//! Aliases, relative times and parameters are not resolved; [`Compiler`](crate::Compiler) does that
//! when it compiles the query. Trees from [`parse`](crate::parse) and
//! [`Compiler::raise`](crate::Compiler::raise) are nested at most [`MAX_DEPTH`](crate::MAX_DEPTH)
//! levels. A tree that was modified in code may be deeper; it is rejected when it is compiled.

use std::borrow::Cow;
use std::slice;

use crate::filter::Comparison;
use crate::span::Span;

/// A parsed query.
///
/// It can be stored, and compiled many times with different parameters and at different times.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Query<'a> {
    /// The text it was parsed from; empty for a query raised from a filter.
    pub text: Cow<'a, str>,
    /// The root of the tree.
    pub expr: Expr<'a>,
    /// The comments, in the order of the text.
    pub comments: Vec<Comment<'a>>,
}

/// A part of a query.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr<'a> {
    /// `*`, or an empty query: matches everything.
    All(Span),
    /// A field, an operator and a value.
    Clause(Clause<'a>),
    /// Text without a field: a word or a string.
    Text(Value<'a>),
    /// `not …`, `!…`, `-…`.
    Not(Span, Box<Expr<'a>>),
    /// Two parts or more, joined by `and` or by white space. The span includes the parentheses.
    And(Span, Vec<Expr<'a>>),
    /// Two parts or more, joined by `or`. The span includes the parentheses.
    Or(Span, Vec<Expr<'a>>),
}

/// A field, an operator and a value: `cost >= 0.01`.
#[derive(Clone, Debug, PartialEq)]
pub struct Clause<'a> {
    /// From the field to the end of the value, or the parentheses around them.
    pub span: Span,
    /// The field, with its key if it has one.
    pub field: Field<'a>,
    /// Whether the operator is a negated one: `!=`, `!~`, `not in`, `not contains`, `not between`.
    pub negated: bool,
    /// The span of the operator.
    pub operator: Span,
    /// The operator and its values.
    pub predicate: Predicate<'a>,
}

/// A field as written, without the quotes: `meta.user_type`.
#[derive(Clone, Debug, PartialEq)]
pub struct Field<'a> {
    /// The span of the field, including quotes.
    pub span: Span,
    /// The name or alias, followed by the key.
    pub path: Cow<'a, str>,
}

/// An operator with its values.
#[derive(Clone, Debug, PartialEq)]
pub enum Predicate<'a> {
    /// `:` and a value: the field's natural operator.
    Natural(Value<'a>),
    /// `=` `<` `<=` `>` `>=`.
    Compare(Comparison, Value<'a>),
    /// `contains`, `~`.
    Contains(Value<'a>),
    /// `contains any (…)`.
    ContainsAny(Vec<Value<'a>>),
    /// `contains all (…)`.
    ContainsAll(Vec<Value<'a>>),
    /// `in (…)`.
    In(Vec<Value<'a>>),
    /// `in lower..upper`; at least one end is present.
    Range(Option<Value<'a>>, Option<Value<'a>>),
    /// `between lower and upper`.
    Between(Value<'a>, Value<'a>),
}

/// A value, not yet interpreted by its field.
#[derive(Clone, Debug, PartialEq)]
pub struct Value<'a> {
    /// The span of the value, including quotes.
    pub span: Span,
    /// What was written.
    pub token: Token<'a>,
}

/// How a value was written.
#[derive(Clone, Debug, PartialEq)]
pub enum Token<'a> {
    /// A word without quotes.
    Word(Cow<'a, str>),
    /// A quoted string, here without the quotes and with escapes resolved.
    Quoted(Cow<'a, str>),
    /// `$name`, here without the `$`.
    Parameter(Cow<'a, str>),
}

/// `# …`, to the end of its line.
#[derive(Clone, Debug, PartialEq)]
pub struct Comment<'a> {
    /// The span of the comment, without the line break.
    pub span: Span,
    /// The text, including the `#`.
    pub text: Cow<'a, str>,
}

impl Query<'_> {
    /// Returns the same query with owned strings.
    #[must_use]
    pub fn into_owned(self) -> Query<'static> {
        Query {
            text: owned(self.text),
            expr: self.expr.into_owned(),
            comments: self
                .comments
                .into_iter()
                .map(|comment| Comment { span: comment.span, text: owned(comment.text) })
                .collect(),
        }
    }
}

impl<'a> Expr<'a> {
    /// Returns the only part, or a group of the parts without a span.
    pub(crate) fn joined(mut parts: Vec<Expr<'a>>, group: fn(Span, Vec<Expr<'a>>) -> Expr<'a>) -> Expr<'a> {
        match parts.pop() {
            Some(part) if parts.is_empty() => part,
            last => {
                parts.extend(last);
                group(Span::NOWHERE, parts)
            }
        }
    }

    /// Returns the span of the expression.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Expr::All(span) | Expr::Not(span, _) | Expr::And(span, _) | Expr::Or(span, _) => *span,
            Expr::Clause(clause) => clause.span,
            Expr::Text(text) => text.span,
        }
    }

    /// Whether the expression contains text without a field.
    pub(crate) fn has_text(&self) -> bool {
        match self {
            Expr::Text(_) => true,
            Expr::All(_) | Expr::Clause(_) => false,
            Expr::Not(_, part) => part.has_text(),
            Expr::And(_, parts) | Expr::Or(_, parts) => parts.iter().any(Expr::has_text),
        }
    }

    pub(crate) fn set_span(&mut self, new: Span) {
        match self {
            Expr::All(span) | Expr::Not(span, _) | Expr::And(span, _) | Expr::Or(span, _) => *span = new,
            Expr::Clause(clause) => clause.span = new,
            Expr::Text(text) => text.span = new,
        }
    }

    /// Returns the same expression with all spans empty. Two texts have the same tree exactly if
    /// these are equal.
    #[must_use]
    pub fn without_spans(self) -> Expr<'a> {
        self.map(&mut |text| text, &mut |_| Span::default())
    }

    fn into_owned(self) -> Expr<'static> {
        self.map(&mut owned, &mut |span| span)
    }

    fn map<'b>(
        self,
        text: &mut impl FnMut(Cow<'a, str>) -> Cow<'b, str>,
        place: &mut impl FnMut(Span) -> Span,
    ) -> Expr<'b> {
        match self {
            Expr::All(span) => Expr::All(place(span)),
            Expr::Clause(clause) => Expr::Clause(clause.map(text, place)),
            Expr::Text(value) => Expr::Text(value.map(text, place)),
            Expr::Not(span, part) => Expr::Not(place(span), Box::new(part.map(text, place))),
            Expr::And(span, parts) => {
                Expr::And(place(span), parts.into_iter().map(|part| part.map(text, place)).collect())
            }
            Expr::Or(span, parts) => {
                Expr::Or(place(span), parts.into_iter().map(|part| part.map(text, place)).collect())
            }
        }
    }
}

impl<'a> Clause<'a> {
    pub(crate) fn map<'b>(
        self,
        text: &mut impl FnMut(Cow<'a, str>) -> Cow<'b, str>,
        place: &mut impl FnMut(Span) -> Span,
    ) -> Clause<'b> {
        let field = Field { span: place(self.field.span), path: text(self.field.path) };
        let mut value = |value: Value<'a>| value.map(text, place);
        let predicate = match self.predicate {
            Predicate::Natural(operand) => Predicate::Natural(value(operand)),
            Predicate::Compare(comparison, operand) => Predicate::Compare(comparison, value(operand)),
            Predicate::Contains(operand) => Predicate::Contains(value(operand)),
            Predicate::ContainsAny(list) => Predicate::ContainsAny(list.into_iter().map(value).collect()),
            Predicate::ContainsAll(list) => Predicate::ContainsAll(list.into_iter().map(value).collect()),
            Predicate::In(list) => Predicate::In(list.into_iter().map(value).collect()),
            Predicate::Range(lower, upper) => {
                let lower = lower.map(&mut value);
                Predicate::Range(lower, upper.map(value))
            }
            Predicate::Between(lower, upper) => {
                let lower = value(lower);
                Predicate::Between(lower, value(upper))
            }
        };
        Clause { span: place(self.span), field, negated: self.negated, operator: place(self.operator), predicate }
    }
}

impl<'a> Predicate<'a> {
    /// Returns the values in the order of the text.
    pub(crate) fn values(&self) -> impl Iterator<Item = &Value<'a>> + Clone {
        let (values, last) = match self {
            Predicate::Natural(value) | Predicate::Compare(_, value) | Predicate::Contains(value) => {
                (slice::from_ref(value), None)
            }
            Predicate::ContainsAny(values) | Predicate::ContainsAll(values) | Predicate::In(values) => {
                (values.as_slice(), None)
            }
            Predicate::Range(lower, upper) => (lower.as_slice(), upper.as_ref()),
            Predicate::Between(lower, upper) => (slice::from_ref(lower), Some(upper)),
        };
        values.iter().chain(last)
    }
}

impl<'a> Value<'a> {
    fn map<'b>(
        self,
        text: &mut impl FnMut(Cow<'a, str>) -> Cow<'b, str>,
        place: &mut impl FnMut(Span) -> Span,
    ) -> Value<'b> {
        let token = match self.token {
            Token::Word(word) => Token::Word(text(word)),
            Token::Quoted(quoted) => Token::Quoted(text(quoted)),
            Token::Parameter(name) => Token::Parameter(text(name)),
        };
        Value { span: place(self.span), token }
    }

    /// Returns what was written, without quotes or `$`.
    #[must_use]
    pub fn text(&self) -> &str {
        match &self.token {
            Token::Word(text) | Token::Quoted(text) | Token::Parameter(text) => text,
        }
    }
}

fn owned(text: Cow<'_, str>) -> Cow<'static, str> {
    Cow::Owned(text.into_owned())
}
