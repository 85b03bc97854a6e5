//! A query as it was written: the faithful tree, with the place of each part.
//!
//! Aliases, relative times and parameters are still what was typed; [`Compiler`](crate::Compiler)
//! gives them their meaning. Trees come from [`parse`](crate::parse) and from
//! [`Compiler::raise`](crate::Compiler::raise) only, so none is nested deeper than
//! [`MAX_DEPTH`](crate::MAX_DEPTH).

use std::borrow::Cow;

use crate::filter::Comparison;
use crate::span::Span;

/// A query that was read without an error.
///
/// It can be kept, and compiled many times with other parameters and at other times.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Query<'a> {
    /// The text it was read from; empty for one that was raised from a filter.
    pub text: Cow<'a, str>,
    /// What the query asks for.
    pub expr: Expr<'a>,
    /// The comments, in the order in which they stand.
    pub comments: Vec<Comment<'a>>,
}

/// A part of a query.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr<'a> {
    /// `*`, or a query that is empty: everything.
    All(Span),
    /// A field and what is asked of it.
    Clause(Clause<'a>),
    /// Text without a field: a word or a string.
    Text(Value<'a>),
    /// `not …`, `!…`, `-…`.
    Not(Span, Box<Expr<'a>>),
    /// Two parts or more, joined by `and` or by standing next to one another. The span covers
    /// the parentheses.
    And(Span, Vec<Expr<'a>>),
    /// Two parts or more, joined by `or`. The span covers the parentheses.
    Or(Span, Vec<Expr<'a>>),
}

/// A field and what is asked of it: `cost >= 0.01`.
#[derive(Clone, Debug, PartialEq)]
pub struct Clause<'a> {
    /// From the field to the end of the value.
    pub span: Span,
    /// The field, with its key where it has one.
    pub field: Field<'a>,
    /// Whether the operator is the negative one: `!=`, `!~`, `not in`, `not contains`, `not between`.
    pub negated: bool,
    /// Where the operator stands.
    pub operator: Span,
    /// What is asked.
    pub predicate: Predicate<'a>,
}

/// A field as written, without the quotes: `meta.user_type`.
#[derive(Clone, Debug, PartialEq)]
pub struct Field<'a> {
    /// Where it stands, quotes included.
    pub span: Span,
    /// The name or alias, and after it the key.
    pub path: Cow<'a, str>,
}

/// What is asked of a field.
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
    /// `in lower..upper`; at least one end is there.
    Range(Option<Value<'a>>, Option<Value<'a>>),
    /// `between lower and upper`.
    Between(Value<'a>, Value<'a>),
}

/// A value, which its field interprets.
#[derive(Clone, Debug, PartialEq)]
pub struct Value<'a> {
    /// Where it stands, quotes included.
    pub span: Span,
    /// What was written.
    pub token: Token<'a>,
}

/// How a value was written.
#[derive(Clone, Debug, PartialEq)]
pub enum Token<'a> {
    /// Without quotes.
    Word(Cow<'a, str>),
    /// In quotes; here without them, and with its escapes undone.
    Quoted(Cow<'a, str>),
    /// `$name`, here without the `$`.
    Parameter(Cow<'a, str>),
}

/// `# …`, to the end of its line.
#[derive(Clone, Debug, PartialEq)]
pub struct Comment<'a> {
    /// Where it stands, without the line break.
    pub span: Span,
    /// Its text, from the `#` on.
    pub text: Cow<'a, str>,
}

impl Query<'_> {
    /// The same query with nothing borrowed.
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
    /// Where the part stands.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Expr::All(span) | Expr::Not(span, _) | Expr::And(span, _) | Expr::Or(span, _) => *span,
            Expr::Clause(clause) => clause.span,
            Expr::Text(text) => text.span,
        }
    }

    /// Whether text without a field is in it.
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

    /// The same part with every span empty: two texts mean the same tree exactly when these are
    /// equal.
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
    /// The values, in the order in which they were written.
    pub(crate) fn values(&self) -> impl Iterator<Item = &Value<'a>> + Clone {
        let (first, second, list): (Option<&Value>, Option<&Value>, &[Value]) = match self {
            Predicate::Natural(value) | Predicate::Compare(_, value) | Predicate::Contains(value) => {
                (Some(value), None, &[])
            }
            Predicate::ContainsAny(values) | Predicate::ContainsAll(values) | Predicate::In(values) => {
                (None, None, values)
            }
            Predicate::Range(lower, upper) => (lower.as_ref(), upper.as_ref(), &[]),
            Predicate::Between(lower, upper) => (Some(lower), Some(upper), &[]),
        };
        first.into_iter().chain(second).chain(list)
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

    /// What was written, without quotes and `$`.
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
