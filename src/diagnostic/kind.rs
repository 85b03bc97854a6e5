//! Each sort of finding with its data, and the one wording of its message.

use thiserror::Error;

use crate::filter::Op;

/// What was found, with what is needed to say it.
///
/// The wording of a message may change between versions; [`Kind::code`] is stable.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the message above each variant says what it is")]
pub enum Kind {
    // What does not fit the shape of a query.
    #[error("expected an operator after `{field}`")]
    ExpectedOperator { field: String },
    #[error("expected a value after `{operator}`")]
    ExpectedValue { operator: String },
    #[error("expected a clause {place} `{found}`")]
    ExpectedClause { place: &'static str, found: String },
    #[error("unexpected `{found}`")]
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
    #[error("text and quotes run together")]
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
    #[error("clauses that only stand side by side are mixed with `or`")]
    MixedImplicitAnd,
    #[error("`and` and `or` are mixed without parentheses")]
    MixedAndOr,
    #[error("this is a filter in JSON, not a query")]
    JsonAsQuery,
    #[error("these are curly quotes")]
    CurlyQuotes,
    #[error("this holds an invisible character, U+{:04X}", u32::from(*.char))]
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
    #[error("`{text}` is beyond the range of numbers")]
    NumberRange { text: String },
    #[error("`{text}` is {kind}, and `{field}` takes {expected}")]
    WrongUnit { text: String, kind: &'static str, field: String, expected: &'static str },
    #[error("`{text}` is not a duration")]
    InvalidDuration { text: String },
    #[error("`{field}` is in seconds")]
    AssumedSeconds { field: String },
    #[error("the unit of `{end}` counts for that end only, and `{bare}` is in seconds")]
    LoneUnit { end: String, bare: String },
    #[error("`{text}` is not a UUID")]
    InvalidUuid { text: String },
    #[error("`{text}` is not a time")]
    InvalidTime { text: String },
    #[error("`{text}` does not exist: {reason}")]
    NoSuchTime { text: String, reason: String },
    #[error("the time `{text}` is ambiguous: clocks go back over it in {zone}")]
    RepeatedTime { text: String, zone: String },
    #[error("`{text}` is beyond the years 1 to 9999")]
    TimeRange { text: String },
    #[error("`{text}` is relative to the present time, which is not known here")]
    NoClock { text: String },
    #[error("the API's times have no fractions of a second")]
    FractionalSecond,
    #[error("`{text}` looks like a wildcard, and the API has none")]
    Wildcard { text: String },
    #[error("`{text}` looks like a regular expression, and the API has none")]
    RegularExpression { text: String },
    #[error("the API cannot test whether `{field}` has a value")]
    ExistenceTest { field: String },
    #[error("`{field}` takes {expected}, and {found} was given")]
    WrongValue { field: String, expected: &'static str, found: String },

    // Parameters.
    #[error("the parameter `${name}` has no value")]
    MissingParameter { name: String },
    #[error("the parameter `${name}` is not used")]
    UnusedParameter { name: String },
    #[error("the parameter `${name}` is a list")]
    ListParameter { name: String },

    // What compiles and is likely not meant.
    #[error("`eq` sees only the numbers of `{field}`, and this is a string")]
    TextEquality { field: String },
    #[error("the lower end of the range lies above the upper")]
    ReversedRange,
    #[error("of these three dots the last one belongs to `{upper}`")]
    ThreeDots { upper: String },
    #[error("no record{} fulfils both conditions{}", among(*.opposite, field), opposition(*.opposite))]
    Contradiction { field: String, opposite: bool },
    #[error("every record{} fulfils one of the two conditions{}", among(*.opposite, field), opposition(*.opposite))]
    Tautology { field: String, opposite: bool },
    #[error("the same clause stands here twice")]
    DuplicateClause,
    #[error("the same value stands here twice")]
    DuplicateValue,
    #[error("{} holds no word, so `contains` has nothing to find", if text.is_empty() { "an empty text".to_owned() } else { format!("`{text}`") })]
    NoWords { text: String },
    #[error("`contains` finds whole words, and `{text}` looks like a part of one")]
    PartOfWord { text: String },

    #[error("the minus in `{text}` is a part of the value, and negates nothing")]
    MinusInValue { text: String },
    #[error("`{text}` is searched for as it stands")]
    DoubtfulValue { text: String },
    #[error("`status` is `{field}`, and `{text}` looks like the status of a call")]
    RunStatus { field: String, text: String },
    #[error("`{text}` is text to search for, and no part of the value before it")]
    TextAfterValue { text: String },
    #[error("the rest of the line is a comment")]
    CommentAfterClause,

    // JSON.
    #[error("this is not JSON: {reason}")]
    InvalidJson { reason: String },
    #[error("expected {expected}, found {found}")]
    UnexpectedJson { expected: String, found: String },
    #[error("the key `{key}` stands here twice")]
    DuplicateKey { key: String },
    #[error("no query says this: {reason}")]
    NotExpressible { reason: String },
}

/// The records that a lint speaks of: of a condition and its negation, all of them.
fn among(opposite: bool, field: &str) -> String {
    if opposite { String::new() } else { format!(" with at most one value of `{field}`") }
}

fn opposition(opposite: bool) -> &'static str {
    if opposite { ": one is the negation of the other" } else { "" }
}
