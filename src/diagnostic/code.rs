//! The stable codes of diagnostics, with their documentation.

use std::fmt;

use super::Kind;

/// How serious a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The query does not compile.
    Error,
    /// The query compiles, but probably does not mean what was intended.
    Warning,
}

impl Severity {
    /// `error` or `warning`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Declares [`Code`] with the data of each code, in one table in the order of the reference.
macro_rules! codes {
    ($($variant:ident = $name:literal $severity:ident, $(wrong $wrong:literal, right $right:literal,)? $page:literal;)*) => {
        /// The stable code of a kind of diagnostic.
        ///
        /// Programs may match on it: the meaning of a code never changes. `freeplay-filter --explain
        /// CODE` prints its documentation.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Code {
            $(
                #[doc = concat!("`", $name, "`: ", $page $(, "\n\nWrong: `", $wrong, "`\n\nRight: `", $right, "`")?)]
                $variant,
            )*
        }

        impl Code {
            /// All codes, in the order of the reference.
            pub const ALL: &[Code] = &[$(Code::$variant),*];

            /// Returns the name: lower-case words joined by hyphens.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// Returns the default severity, which [`Compiler::level`](crate::Compiler::level) can change.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity,)* }
            }

            /// Returns an explanation of what it means and what to do, in a few sentences.
            #[must_use]
            pub fn explanation(self) -> &'static str {
                match self { $(Code::$variant => $page,)* }
            }

            /// Returns an example with this diagnostic: a query, or a filter in JSON. Codes of limits have none, as
            /// it would be too long.
            #[must_use]
            pub fn wrong(self) -> Option<&'static str> {
                match self { $(Code::$variant => None$(.or(Some($wrong)))?,)* }
            }

            /// Returns a corrected version of the example.
            #[must_use]
            pub fn right(self) -> Option<&'static str> {
                match self { $(Code::$variant => None$(.or(Some($right)))?,)* }
            }
        }
    };
}

codes! {
    ExpectedOperator = "expected-operator" Error,
        wrong "model gpt-4o", right "model = gpt-4o",
        "A clause is a field, an operator and a value. There is no search over all fields: name the field whose text is searched, as in `output contains refund`.";
    ExpectedValue = "expected-value" Error,
        wrong "cost >", right "cost > 0.01",
        "The operator has no value after it. To search for an empty string, write two quotes.";
    ExpectedClause = "expected-clause" Error,
        wrong "model = gpt-4o and", right "model = gpt-4o",
        "`and` and `or` join two clauses; `not` negates the clause after it.";
    Unexpected = "unexpected" Error,
        wrong "model = a, b", right "model in (a, b)",
        "A clause, `and`, `or` or a parenthesis was expected. White space and the characters ( ) [ ] , \" ' = < > ! ~ | & end a value that is not in quotes; put a value that contains one of them in quotes.";
    UnknownOperator = "unknown-operator" Error,
        wrong "cost => 1", right "cost >= 1",
        "The operators are = != < <= > >= : contains in between, with `not` before the words. For an operator of another language, the error names the one to use instead.";
    LoneMinus = "lone-minus" Error,
        wrong "model = gpt-4o - env = prod", right "model = gpt-4o -env = prod",
        "A minus negates the clause or group that it touches. Alone, or with a space after it, it is an error; `not` takes a space.";
    EmptyGroup = "empty-group" Error,
        wrong "model = gpt-4o and ()", right "model = gpt-4o and *",
        "Parentheses group clauses. To match everything, write `*`.";
    Unclosed = "unclosed" Error,
        wrong "(model = gpt-4o", right "(model = gpt-4o)",
        "A parenthesis or bracket is opened and never closed.";
    Unopened = "unopened" Error,
        wrong "model = gpt-4o)", right "(model = gpt-4o)",
        "A parenthesis or bracket is closed that was never opened.";
    UnclosedQuote = "unclosed-quote" Error,
        wrong "model = \"gpt-4o", right "model = \"gpt-4o\"",
        "A quote is opened and never closed. Put a value that contains an apostrophe in double quotes: \"don't\".";
    AdjoiningQuote = "adjoining-quote" Error,
        wrong "model = \"gpt\"-4o", right "model = \"gpt-4o\"",
        "Quotes must go around the whole value, with white space after them. In a field, write a dot before a quoted key.";
    UnknownEscape = "unknown-escape" Error,
        wrong "output contains \"C:\\dir\"", right "output contains \"C:\\\\dir\"",
        "Inside quotes a backslash starts an escape: \\\" \\' \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four hexadecimal digits. Write a backslash itself twice.";
    ExpectedList = "expected-list" Error,
        wrong "model in gpt-4o", right "model in (gpt-4o)",
        "`in` takes a list in parentheses, or a range such as 1..5; `contains any` and `contains all` take a list.";
    UnexpectedList = "unexpected-list" Error,
        wrong "model = (gpt-4o, gpt-4o-mini)", right "model in (gpt-4o, gpt-4o-mini)",
        "This operator compares with one value. Use lists with `in`, `contains any` and `contains all`.";
    UnexpectedRange = "unexpected-range" Error,
        wrong "cost = \"0.01\"..\"0.05\"", right "cost in 0.01..0.05",
        "This operator compares with one value. Use ranges with `in` and `:`; a value with two dots that is in quotes as a whole is a string.";
    EmptyList = "empty-list" Error,
        wrong "model in ()", right "model in (gpt-4o)",
        "A list has at least one value; an empty list would match nothing.";
    MalformedList = "malformed-list" Error,
        wrong "model in (gpt-4o gpt-4o-mini)", right "model in (gpt-4o, gpt-4o-mini)",
        "Separate the values of a list with single commas.";
    IncompleteBetween = "incomplete-between" Error,
        wrong "cost between 1", right "cost between 1 and 5",
        "`between` is followed by the lower value, `and`, and the upper value; both are included.";
    EndlessRange = "endless-range" Error,
        wrong "cost in ..", right "cost in 1..",
        "A range has a lower end, an upper end, or both: 1..5, 1.. or ..5. Both are included.";
    KeywordAsValue = "keyword-as-value" Error,
        wrong "output contains and", right "output contains \"and\"",
        "`and`, `or` and `not` are keywords. To search for the word itself, put it in quotes.";
    ParameterName = "parameter-name" Error,
        wrong "model = $my-model", right "model = $my_model",
        "A parameter is a `$`, a letter or an underscore, and letters, digits and underscores. Put a string that begins with `$` in quotes.";
    MixedImplicitAnd = "mixed-implicit-and" Error,
        wrong "env = prod model = a or model = b", right "env = prod (model = a or model = b)",
        "Clauses next to one another are joined by `and`. Next to an `or`, that has two readings, so write the parentheses.";
    MixedAndOr = "mixed-and-or" Warning,
        wrong "env = prod and model = a or model = b", right "(env = prod and model = a) or model = b",
        "`and` binds tighter than `or`. The query compiles by that rule; parentheses show that this is intended.";
    JsonAsQuery = "json-as-query" Error,
        wrong "{\"field\": \"cost\", \"op\": \"gt\", \"value\": 1}", right "cost > 1",
        "This is the JSON that queries compile to, not a query.";
    CurlyQuotes = "curly-quotes" Warning,
        wrong "model = “gpt-4o”", right "model = \"gpt-4o\"",
        "Curly quotes work as quotes. They usually come from a word processor or a chat.";
    InvisibleCharacter = "invisible-character" Warning,
        wrong "model = gpt\u{200B}-4o", right "model = gpt-4o",
        "The value contains an invisible character, usually from copied text, and it is searched for. In quotes it can be written as an escape, such as \\u200B.";

    TooLong = "too-long" Error,
        "The query, or the JSON of a filter, is longer than the limits allow. Applications that embed the library can raise these limits.";
    TooDeep = "too-deep" Error,
        "Parentheses, `not`, and groups of `and` and `or` may nest 60 levels. JSON readers may reject deeper filters.";
    TooMany = "too-many" Error,
        "The query has more clauses, or a list has more values, than the limits allow; or the filter has too many parts, or its JSON is too long. Applications that embed the library can raise these limits.";

    UnknownField = "unknown-field" Error,
        wrong "modle = gpt-4o", right "model = gpt-4o",
        "The catalog has no such field. Write a key after the name of its field: `session_custom_metadata.user_type`. Some names that appear in results, such as token counts, cannot be searched.";
    MissingKey = "missing-key" Error,
        wrong "session_custom_metadata contains premium", right "session_custom_metadata.user_type contains premium",
        "The field holds values by key. Write the key after a dot, and put a key with spaces or reserved characters in quotes: eval.\"Response Quality\".";
    UnexpectedKey = "unexpected-key" Error,
        wrong "model.name = gpt-4o", right "model = gpt-4o",
        "The field holds one value, so it takes no key.";
    UnsupportedOperator = "unsupported-operator" Error,
        wrong "session_custom_metadata.user_type = premium", right "session_custom_metadata.user_type contains premium",
        "Each field takes only some operators. Free text is searched by words with `contains`; categories are compared as a whole with `=`; numbers and times can also be compared with `<` and `>`.";
    UnlistedOperator = "unlisted-operator" Warning,
        wrong "cost between 1 and 5", right "cost in 1..5",
        "The API's guide does not list this operator for the field, but Freeplay's own client uses it. In strict mode this is an error.";

    InvalidNumber = "invalid-number" Error,
        wrong "cost > cheap", right "cost > 0.01",
        "Numbers are written 12, -0.5, .5, 1e-3 or 1_000; money as $0.01.";
    NumberRange = "number-range" Error,
        wrong "cost > 1e400", right "cost > 1e30",
        "Integers go from -9223372036854775808 to 18446744073709551615, other numbers to about 1.8e308. A number out of range would be searched for as a different one.";
    WrongUnit = "wrong-unit" Error,
        wrong "cost > 500ms", right "latency > 500ms",
        "Durations are for fields in seconds, such as `latency`, and `$` is for fields in US dollars, such as `cost`.";
    InvalidDuration = "invalid-duration" Error,
        wrong "latency > 5parsecs", right "latency > 5s",
        "Durations are written with ms, s, m and h: 500ms, 8s, 1.5m, 1h30m. A bare number is in seconds.";
    AssumedSeconds = "assumed-seconds" Warning,
        wrong "latency > 500", right "latency > 500ms",
        "A bare number is in seconds, and one this large usually means milliseconds. With its unit, 500ms or 500s, the value says which. A unit at one end of a range counts for that end only: `1..5m` is from 1 second to 5 minutes.";
    InvalidUuid = "invalid-uuid" Error,
        wrong "session_id = 42", right "session_id = 3c90c3cc-0d44-4b50-8888-8dd25736052a",
        "A UUID is 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12, joined by hyphens.";
    InvalidTime = "invalid-time" Error,
        wrong "start_time > 01/06/2024", right "start_time > 2024-06-01",
        "Times are written 2024, 2024-06, 2024-06-01, 2024-06-01T12:30:00Z (a zone is optional), today, yesterday, now, or relative as now-7d and today-1mo, with s m h d w mo y. Put a time with a space instead of the `T` in quotes.";
    NoSuchTime = "no-such-time" Error,
        wrong "start_time > 2024-02-30", right "start_time > 2024-02-29",
        "The calendar or the clock of the zone has no such time: a day after the end of its month, hour 25, a leap second, a time that daylight saving skips.";
    RepeatedTime = "repeated-time" Error,
        wrong "start_time > 2024-10-27T02:30", right "start_time > 2024-10-27T02:30+02:00",
        "When clocks go back, an hour happens twice. An offset says which one is meant. In UTC, the default zone, this cannot happen.";
    TimeRange = "time-range" Error,
        wrong "start_time > now-9999y", right "start_time > now-10y",
        "The API's times have four digits for the year, from 0001 to 9999; the end of the year 9999 is out of range.";
    NoClock = "no-clock" Error,
        wrong "start_time > now-7d  # where the host has no clock", right "start_time > 2024-06-01",
        "Times such as `today` and `now-7d` need a clock, and this host has none: WebAssembly in a browser, for example. The application that embeds the library can set the current time.";
    FractionalSecond = "fractional-second" Error,
        wrong "start_time > 2024-06-01T00:00:00.5Z", right "start_time > 2024-06-01T00:00:00Z",
        "The API's times are whole seconds. Rounding would search for something other than what was typed.";
    Wildcard = "wildcard" Error,
        wrong "model = gpt-*", right "model in (gpt-4o, gpt-4o-mini)",
        "The API compares categories as a whole and text by words; it has no wildcards. List the values with `in`, or search for a word with `contains` where the field takes it. In quotes the asterisk is taken literally.";
    RegularExpression = "regular-expression" Error,
        wrong "output contains /refund.*/", right "output contains refund",
        "The API has no regular expressions. In quotes the slashes are taken literally.";
    ExistenceTest = "existence-test" Error,
        wrong "assignee = null", right "assignee = user@example.com",
        "The API has no test for whether a field has a value. Search for the values themselves, or exclude known ones with `!=`; in quotes, `null` and `*` are taken literally.";
    WrongValue = "wrong-value" Error,
        wrong "cost > $min  # where $min is the string cheap", right "cost > $min  # where $min is the number 0.01",
        "The value of the parameter has a type that the field does not take.";

    MissingParameter = "missing-parameter" Error,
        wrong "model = $model", right "model = \"$model\"",
        "The query names a parameter that was not given a value. Put a string that begins with `$` in quotes.";
    UnusedParameter = "unused-parameter" Error,
        wrong "model = gpt-4o  # where $model has a value", right "model = $model  # where $model has a value",
        "A value was given for a parameter that the query does not use; one of the two names is probably misspelled.";
    ListParameter = "list-parameter" Error,
        wrong "model = $models  # where $models is a list", right "model in $models  # where $models is a list",
        "A parameter that is a list can only be used in place of a list: `model in $models`, `output contains any $words`.";

    TextEquality = "text-equality" Warning,
        wrong "trace_evaluation_results.Quality = good", right "trace_evaluation_results.Quality contains good",
        "On evaluation results, equality only compares numbers. A string or a boolean result is found with `contains`, where the field takes it.";
    ReversedRange = "reversed-range" Warning,
        wrong "cost in 5..1", right "cost in 1..5",
        "No value is in a range whose lower end is above its upper end.";
    SingleInstant = "single-instant" Warning,
        wrong "start_time = now-7d", right "start_time >= now-7d",
        "A time counted from now is a single second, which hardly any record has. For the time since then write `>=`, for a span of time a range: `in now-7d..now`.";
    ThreeDots = "three-dots" Warning,
        wrong "cost in 0...5", right "cost in 0..5",
        "Two dots make a range, and a number may begin with its point: `0...5` goes from 0 to 0.5. Some languages write three dots for a range; here it is two.";
    Contradiction = "contradiction" Warning,
        wrong "cost > 5 and cost < 3", right "cost > 3 and cost < 5",
        "No record matches both clauses, so together they find nothing. For a clause and its negation this always holds. For two values or ranges of one field it holds if a record has at most one value of that field; a record with several values may match both.";
    Tautology = "tautology" Warning,
        wrong "model = a or not model = a", right "model = a",
        "Every record matches one of these clauses, so together they exclude nothing. For a clause and its negation this always holds. For two exclusions, as in `model != a or model != b`, it holds if a record has at most one value of the field. Clauses that need a value are not a tautology: `latency >= 2 or latency < 2` leaves out the records without a latency, and `not latency >= 2 and not latency < 2` finds them.";
    DuplicateClause = "duplicate-clause" Warning,
        wrong "model = a or model = a", right "model = a",
        "The second of two equal clauses has no effect; another value was probably meant.";
    DuplicateValue = "duplicate-value" Warning,
        wrong "model in (gpt-4o, gpt-4o)", right "model in (gpt-4o, gpt-4o-mini)",
        "The second of two equal values has no effect; another value was probably meant.";
    NoWords = "no-words" Warning,
        wrong "output contains \"?!\"", right "output contains \"what?!\"",
        "`contains` splits text into words at punctuation, special characters and spaces, and compares the words. A value without a letter or a digit has none.";
    PartOfWord = "part-of-word" Warning,
        wrong "output contains refun-", right "output contains refund",
        "`contains` compares whole words: `free` does not find freeplay. A value that looks like part of a word matches only that exact word.";
    MinusInValue = "minus-in-value" Warning,
        wrong "output:-refund", right "-output:refund",
        "A minus negates the clause that it is written before. After the colon it is part of the value: `env:-a` searches for the string `-a`. Put the value in quotes to silence this warning.";
    DoubtfulValue = "doubtful-value" Warning,
        wrong "model = {{model}}", right "model = gpt-4o",
        "The value looks like part of another language: a placeholder that was not filled in, a word such as `null`, backticks as quotes, a semicolon that ends a statement. It is searched for literally, character by character. Put it in quotes to silence this warning. The same goes for a character that looks like a hyphen and is not one, for a backslash that other languages put before a punctuation mark, and for the status of a call, such as `error`, on a field that holds the status of a review.";
    TextAfterValue = "text-after-value" Warning,
        wrong "environment = prod or staging", right "environment in (prod, staging)",
        "With a text field, a word without a field is a term of its own, searched for in that field. After a value that is written apart from its operator, as in `env = prod`, the word may be meant as part of that value, as another value, or as text; there is a fix for each reading. After `env:prod`, as in a search box, it is text, and there is no warning.";
    CommentAfterClause = "comment-after-clause" Warning,
        wrong "output contains refund #123", right "output contains \"refund #123\"",
        "A `#` after white space starts a comment. Directly before a word, after a clause on the same line, it is probably part of the value, which then needs quotes. Write a space after the `#` of a comment.";

    InvalidJson = "invalid-json" Error,
        wrong "{\"field\": ", right "{\"field\": \"cost\", \"op\": \"gt\", \"value\": 1}",
        "The text is not JSON; the reason says where its reader stopped.";
    UnexpectedJson = "unexpected-json" Error,
        wrong "{\"field\": \"cost\", \"op\": \"neq\", \"value\": 1}", right "{\"not\": {\"field\": \"cost\", \"op\": \"eq\", \"value\": 1}}",
        "A filter is one of five shapes: {\"field\", \"op\", \"value\"}, {\"and\": […]}, {\"or\": […]}, {\"not\": {…}} and {}. The operators are eq, gt, gte, lt, lte, contains and between; a value is a string or a number, and for between two numbers.";
    DuplicateKey = "duplicate-key" Error,
        wrong "{\"field\": \"cost\", \"op\": \"gt\", \"value\": 1, \"value\": 2}", right "{\"field\": \"cost\", \"op\": \"gt\", \"value\": 1}",
        "JSON readers differ in which of two equal keys they keep, so duplicate keys are rejected.";
    NotExpressible = "not-expressible" Error,
        wrong "{\"field\": \"cost\", \"op\": \"gt\", \"value\": \"much\"}", right "{\"field\": \"cost\", \"op\": \"gt\", \"value\": 1}",
        "The filter is well formed, but the query language cannot express it: the catalog lacks the field, the field does not take the operator, or the value is not of the field's type.";
}

impl Code {
    /// Returns the code with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.as_str() == name)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl serde::Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Kind {
    /// Returns the stable code of this kind of diagnostic.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Kind::ExpectedOperator { .. } => Code::ExpectedOperator,
            Kind::ExpectedValue { .. } => Code::ExpectedValue,
            Kind::ExpectedClause { .. } => Code::ExpectedClause,
            Kind::Unexpected { .. } => Code::Unexpected,
            Kind::UnknownOperator { .. } => Code::UnknownOperator,
            Kind::LoneMinus => Code::LoneMinus,
            Kind::EmptyGroup => Code::EmptyGroup,
            Kind::Unclosed { .. } => Code::Unclosed,
            Kind::Unopened { .. } => Code::Unopened,
            Kind::UnclosedQuote => Code::UnclosedQuote,
            Kind::AdjoiningQuote => Code::AdjoiningQuote,
            Kind::UnknownEscape { .. } => Code::UnknownEscape,
            Kind::ExpectedList { .. } => Code::ExpectedList,
            Kind::UnexpectedList { .. } => Code::UnexpectedList,
            Kind::UnexpectedRange { .. } => Code::UnexpectedRange,
            Kind::EmptyList => Code::EmptyList,
            Kind::MalformedList { .. } => Code::MalformedList,
            Kind::IncompleteBetween => Code::IncompleteBetween,
            Kind::EndlessRange => Code::EndlessRange,
            Kind::KeywordAsValue { .. } => Code::KeywordAsValue,
            Kind::ParameterName { .. } => Code::ParameterName,
            Kind::MixedImplicitAnd => Code::MixedImplicitAnd,
            Kind::MixedAndOr => Code::MixedAndOr,
            Kind::JsonAsQuery => Code::JsonAsQuery,
            Kind::CurlyQuotes => Code::CurlyQuotes,
            Kind::InvisibleCharacter { .. } => Code::InvisibleCharacter,
            Kind::TooLong { .. } => Code::TooLong,
            Kind::TooDeep { .. } => Code::TooDeep,
            Kind::TooMany { .. } => Code::TooMany,
            Kind::UnknownField { .. } => Code::UnknownField,
            Kind::MissingKey { .. } => Code::MissingKey,
            Kind::UnexpectedKey { .. } => Code::UnexpectedKey,
            Kind::UnsupportedOperator { .. } => Code::UnsupportedOperator,
            Kind::UnlistedOperator { .. } => Code::UnlistedOperator,
            Kind::InvalidNumber { .. } => Code::InvalidNumber,
            Kind::NumberRange { .. } => Code::NumberRange,
            Kind::WrongUnit { .. } => Code::WrongUnit,
            Kind::InvalidDuration { .. } => Code::InvalidDuration,
            Kind::AssumedSeconds { .. } | Kind::LoneUnit { .. } => Code::AssumedSeconds,
            Kind::InvalidUuid { .. } => Code::InvalidUuid,
            Kind::InvalidTime { .. } => Code::InvalidTime,
            Kind::NoSuchTime { .. } => Code::NoSuchTime,
            Kind::RepeatedTime { .. } => Code::RepeatedTime,
            Kind::TimeRange { .. } => Code::TimeRange,
            Kind::NoClock { .. } => Code::NoClock,
            Kind::FractionalSecond => Code::FractionalSecond,
            Kind::Wildcard { .. } => Code::Wildcard,
            Kind::RegularExpression { .. } => Code::RegularExpression,
            Kind::ExistenceTest { .. } => Code::ExistenceTest,
            Kind::WrongValue { .. } => Code::WrongValue,
            Kind::MissingParameter { .. } => Code::MissingParameter,
            Kind::UnusedParameter { .. } => Code::UnusedParameter,
            Kind::ListParameter { .. } => Code::ListParameter,
            Kind::TextEquality { .. } => Code::TextEquality,
            Kind::ReversedRange => Code::ReversedRange,
            Kind::SingleInstant { .. } => Code::SingleInstant,
            Kind::ThreeDots { .. } => Code::ThreeDots,
            Kind::Contradiction { .. } => Code::Contradiction,
            Kind::Tautology { .. } => Code::Tautology,
            Kind::DuplicateClause => Code::DuplicateClause,
            Kind::DuplicateValue => Code::DuplicateValue,
            Kind::NoWords { .. } => Code::NoWords,
            Kind::PartOfWord { .. } => Code::PartOfWord,
            Kind::MinusInValue { .. } => Code::MinusInValue,
            Kind::DoubtfulValue { .. } | Kind::RunStatus { .. } => Code::DoubtfulValue,
            Kind::TextAfterValue { .. } => Code::TextAfterValue,
            Kind::CommentAfterClause => Code::CommentAfterClause,
            Kind::InvalidJson { .. } => Code::InvalidJson,
            Kind::UnexpectedJson { .. } => Code::UnexpectedJson,
            Kind::DuplicateKey { .. } => Code::DuplicateKey,
            Kind::NotExpressible { .. } => Code::NotExpressible,
        }
    }
}
