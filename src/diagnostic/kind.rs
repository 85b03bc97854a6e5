//! The kinds of diagnostics, with their data and messages.

use std::borrow::Cow;

use thiserror::Error;

use crate::filter::Op;

/// What a diagnostic reports, with the data for its message.
///
/// The wording of a message may change between versions; [`Kind::code`] is stable. Each variant belongs
/// to the [`Code`](super::Code) that [`Kind::code`] returns, whose documentation explains it with an
/// example.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the message above each variant says what it is")]
pub enum Kind {
    // Syntax.
    #[error("expected an operator after `{field}`")]
    ExpectedOperator { field: String },
    #[error("expected a value after `{operator}`")]
    ExpectedValue { operator: String },
    #[error("expected a clause {place} `{found}`")]
    ExpectedClause { place: &'static str, found: String },
    #[error("unexpected {}", unexpected(found))]
    Unexpected { found: String },
    #[error("`{found}` is not an operator")]
    UnknownOperator { found: String },
    #[error("`-` must touch the clause or the group that it negates")]
    LoneMinus,
    #[error("there is nothing between these parentheses")]
    EmptyGroup,
    #[error("this `{opener}` is never closed")]
    Unclosed { opener: String },
    #[error("this `{found}` closes nothing")]
    Unopened { found: String },
    #[error("this quote is never closed")]
    UnclosedQuote,
    #[error("a quoted string touches other text")]
    AdjoiningQuote,
    #[error("`{escape}` is not an escape")]
    UnknownEscape { escape: String },
    #[error("`{operator}` needs a list{}", if *.range { " or a range" } else { "" })]
    ExpectedList { operator: String, range: bool },
    #[error("`{operator}` takes a single value, not a list")]
    UnexpectedList { operator: String },
    #[error("`{operator}` takes a single value, not a range")]
    UnexpectedRange { operator: String },
    #[error("the list is empty")]
    EmptyList,
    #[error("{what}")]
    MalformedList { what: &'static str },
    #[error("`between` needs two values joined by `and`")]
    IncompleteBetween,
    #[error("the range has no end")]
    EndlessRange,
    #[error("`{keyword}` is a keyword")]
    KeywordAsValue { keyword: String },
    #[error("`${name}` is not the name of a parameter")]
    ParameterName { name: String },
    #[error("clauses joined without `and` are mixed with `or`")]
    MixedImplicitAnd,
    #[error("`and` and `or` are mixed without parentheses")]
    MixedAndOr,
    #[error("this is a filter in JSON, not a query")]
    JsonAsQuery,
    #[error("these are curly quotes")]
    CurlyQuotes,
    #[error("this contains an invisible character, U+{:04X}", u32::from(*.char))]
    InvisibleCharacter { char: char },

    // Limits.
    #[error("the {what} is longer than {limit} bytes")]
    TooLong { what: &'static str, limit: usize },
    #[error("nested deeper than {limit} levels")]
    TooDeep { limit: usize },
    #[error("more than {limit} {what}")]
    TooMany { what: &'static str, limit: usize },

    // Fields and operators.
    #[error("unknown field `{field}`")]
    UnknownField { field: String },
    #[error("`{field}` needs a key")]
    MissingKey { field: String },
    #[error("`{field}` takes no key")]
    UnexpectedKey { field: String },
    #[error("`{field}` does not take `{operator}`")]
    UnsupportedOperator { field: String, operator: String },
    #[error("the API's guide does not list `{op}` for `{field}`")]
    UnlistedOperator { field: String, op: Op },

    // Values.
    #[error("`{text}` is not a number")]
    InvalidNumber { text: String },
    #[error("the number `{text}` is out of range")]
    NumberRange { text: String },
    #[error("`{field}` takes {expected}, but `{text}` is {kind}")]
    WrongUnit { text: String, kind: &'static str, field: String, expected: &'static str },
    #[error("`{text}` is not a duration")]
    InvalidDuration { text: String },
    #[error("`{field}` is in seconds")]
    AssumedSeconds { field: String },
    #[error("the unit of `{end}` applies to that end only; `{bare}` is in seconds")]
    LoneUnit { end: String, bare: String },
    #[error("`{text}` is not a UUID")]
    InvalidUuid { text: String },
    #[error("`{text}` is not a time")]
    InvalidTime { text: String },
    #[error("`{text}` does not exist: {reason}")]
    NoSuchTime { text: String, reason: String },
    #[error("`{text}` is ambiguous: it occurs twice when clocks go back in {zone}")]
    RepeatedTime { text: String, zone: String },
    #[error("`{text}` is outside the years 1 to 9999")]
    TimeRange { text: String },
    #[error("`{text}` is relative to the current time, which is not available here")]
    NoClock { text: String },
    #[error("the API's times have no fractions of a second")]
    FractionalSecond,
    #[error("`{text}` looks like a wildcard, but the API has none")]
    Wildcard { text: String },
    #[error("`{text}` looks like a regular expression, but the API has none")]
    RegularExpression { text: String },
    #[error("the API cannot test whether `{field}` has a value")]
    ExistenceTest { field: String },
    #[error("`{field}` takes {expected}, but {found}")]
    WrongValue { field: String, expected: &'static str, found: String },

    // Parameters.
    #[error("the parameter `${name}` has no value")]
    MissingParameter { name: String },
    #[error("the parameter `${name}` is not used")]
    UnusedParameter { name: String },
    #[error("the parameter `${name}` is a list")]
    ListParameter { name: String },

    // Valid queries that are probably not meant.
    #[error("equality on `{field}` only compares numbers, but this is a string")]
    TextEquality { field: String },
    #[error("the lower end of the range is above the upper end")]
    ReversedRange,
    #[error("`{text}` is a single second")]
    SingleInstant { text: String },
    #[error("the last of these three dots belongs to `{upper}`")]
    ThreeDots { upper: String },
    #[error("no record{} matches both clauses{}", among(*.opposite, field), opposition(*.opposite))]
    Contradiction { field: String, opposite: bool },
    #[error("every record{} matches one of the two clauses{}", among(*.opposite, field), opposition(*.opposite))]
    Tautology { field: String, opposite: bool },
    #[error("duplicate clause")]
    DuplicateClause,
    #[error("duplicate value")]
    DuplicateValue,
    #[error("{} has no words, so `contains` has nothing to find", if text.is_empty() { "an empty string".to_owned() } else { format!("`{text}`") })]
    NoWords { text: String },
    #[error("`contains` finds whole words, but `{text}` looks like part of one")]
    PartOfWord { text: String },

    #[error("the minus in `{text}` is part of the value and does not negate")]
    MinusInValue { text: String },
    #[error("`{text}` is searched for literally")]
    DoubtfulValue { text: String },
    #[error("`status` means `{field}`, but `{text}` looks like the status of a call")]
    RunStatus { field: String, text: String },
    #[error("`{text}` is searched for as text; it is not part of the value before it")]
    TextAfterValue { text: String },
    #[error("the rest of the line is a comment")]
    CommentAfterClause,

    // JSON.
    #[error("this is not JSON: {reason}")]
    InvalidJson { reason: String },
    #[error("expected {expected}, found {found}")]
    UnexpectedJson { expected: String, found: String },
    #[error("duplicate key `{key}`")]
    DuplicateKey { key: String },
    #[error("cannot be expressed as a query: {reason}")]
    NotExpressible { reason: String },
}

/// Names the backtick and the code fence, which would be unreadable in backticks.
fn unexpected(found: &str) -> Cow<'static, str> {
    match found {
        "`" => "backtick".into(),
        "```" => "code fence".into(),
        _ => format!("`{found}`").into(),
    }
}

/// Describes the records that a lint refers to. For a clause and its negation, these are all records.
fn among(opposite: bool, field: &str) -> String {
    if opposite { String::new() } else { format!(" with at most one value of `{field}`") }
}

fn opposition(opposite: bool) -> &'static str {
    if opposite { ": one is the negation of the other" } else { "" }
}
