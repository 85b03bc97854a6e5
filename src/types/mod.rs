//! The types of values. Each type parses strings, suggests a value for a string in another notation,
//! and has a description for messages. Types are independent of fields.

pub(crate) mod duration;
pub(crate) mod money;
pub(crate) mod number;
pub(crate) mod text;
pub(crate) mod time;
pub(crate) mod unit;
pub(crate) mod uuid;

use crate::diagnostic::Kind;
use crate::filter::{Comparison, Op};

/// The type of a field's values. It decides how a value is read, whatever the value looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Type {
    /// A string: `environment = 2024` compares with the string `2024`.
    Text,
    /// A UUID in its hyphenated form.
    Uuid,
    /// A number without a unit.
    Number,
    /// An amount in US dollars; may be written `$0.01`.
    Usd,
    /// A duration in seconds; may be written `500ms`, `8s`, `1.5m`, `1h`.
    Seconds,
    /// An instant, searched by instants and periods: `2024-06-01T12:00Z`, `2024-06`, `now-7d`.
    Time,
    /// An evaluation result: a bare number is a number, anything else a string.
    Score,
    /// Unknown: read like a score, but without advice. Fields that are not in the catalog have this
    /// type if they are allowed.
    Any,
}

impl Type {
    /// Whether the operator is meaningful for values of the type.
    pub(crate) fn suits(self, op: Op) -> bool {
        match op {
            Op::Eq => true,
            Op::Contains => matches!(self, Type::Text | Type::Score | Type::Any),
            Op::Gt | Op::Gte | Op::Lt | Op::Lte => !matches!(self, Type::Text | Type::Uuid),
            Op::Between => !matches!(self, Type::Text | Type::Uuid | Type::Time),
        }
    }

    /// Returns the type's name in JSON: `text`, `usd`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Type::Text => "text",
            Type::Uuid => "uuid",
            Type::Number => "number",
            Type::Usd => "usd",
            Type::Seconds => "seconds",
            Type::Time => "time",
            Type::Score => "score",
            Type::Any => "any",
        }
    }

    /// Whether values of the type are ordered, so that two dots form a range.
    pub(crate) fn is_ordered(self) -> bool {
        matches!(self, Type::Number | Type::Usd | Type::Seconds | Type::Time)
    }

    /// Returns the type to use for comparisons by size, which read a score as a number.
    pub(crate) fn by_size(self) -> Type {
        if self == Type::Score { Type::Number } else { self }
    }

    /// Describes a value of the type: `a string`, `an amount in US dollars`.
    pub(crate) fn describe(self) -> &'static str {
        match self {
            Type::Text => "a string",
            Type::Uuid => "a UUID",
            Type::Number => "a number",
            Type::Usd => "an amount in US dollars",
            Type::Seconds => "a duration in seconds",
            Type::Time => "a time",
            Type::Score | Type::Any => "a number or a string",
        }
    }

    /// Whether a string in quotes is a valid value of the type.
    pub(crate) fn fits(self, text: &str) -> bool {
        match self {
            Type::Text | Type::Score | Type::Any => true,
            Type::Uuid => uuid::is_uuid(text),
            Type::Time => time::fits(text),
            Type::Number | Type::Usd | Type::Seconds => self.is_plain(text),
        }
    }

    /// Whether a string is a valid value of the type in its simplest form.
    pub(crate) fn is_plain(self, text: &str) -> bool {
        match self {
            Type::Text | Type::Any => !text.contains('*'),
            Type::Uuid => ::uuid::Uuid::try_parse(text).is_ok(),
            Type::Usd => money::read(text).is_ok(),
            Type::Seconds => duration::is_duration(text) || number::read(text).is_ok(),
            Type::Number | Type::Score => number::read(text).is_ok(),
            Type::Time => false,
        }
    }

    /// Whether an invalid value can only mean the [suggested](Type::guess) one.
    pub(crate) fn has_one_reading(self, text: &str) -> bool {
        self == Type::Time && time::has_one_reading(text)
    }

    /// Returns the comparison to use with the [suggested](Type::guess) value so that the meaning stays
    /// the same: `> startOfMonth()` is `>= this-month`.
    pub(crate) fn comparison_with_guess(self, text: &str, comparison: Comparison) -> Comparison {
        if self == Type::Time { time::comparison_with_period(text, comparison) } else { comparison }
    }

    /// Returns the value of this language for a string in another notation.
    pub(crate) fn guess(self, text: &str) -> Option<String> {
        const LONGEST: usize = 60;
        let text = text.trim();
        if text.len() > LONGEST {
            return None;
        }
        if let Some((hyphened, _)) = text::with_hyphens(text) {
            return if self.is_plain(&hyphened) || self.fits(&hyphened) {
                Some(hyphened)
            } else {
                self.guess(&hyphened)
            };
        }
        match self {
            Type::Time => time::guess(text),
            Type::Seconds => duration::guess(text),
            Type::Usd => money::guess(text).or_else(|| number::guess(text)),
            Type::Number | Type::Score => number::guess(text),
            Type::Uuid => uuid::guess(text),
            Type::Text | Type::Any => None,
        }
    }

    /// Returns the diagnostic for an invalid value, with its help.
    pub(crate) fn invalid(self, text: String) -> (Kind, &'static str) {
        match self {
            Type::Time => (Kind::InvalidTime { text }, time::FORMS),
            Type::Seconds => (Kind::InvalidDuration { text }, "write 500ms, 8s, 1.5m, 1h30m, or a number of seconds"),
            Type::Uuid => (Kind::InvalidUuid { text }, "write 32 hexadecimal digits as 8-4-4-4-12"),
            Type::Usd => (Kind::InvalidNumber { text }, "write $0.01 or 0.01"),
            Type::Number | Type::Score | Type::Text | Type::Any => {
                (Kind::InvalidNumber { text }, "write 12, -0.5, 1e-3 or 1_000")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_values_have_no_suggestion() {
        let number = |digits: usize| format!("1,{}", "5".repeat(digits));
        assert!(Type::Number.guess(&number(58)).is_some());
        assert_eq!(Type::Number.guess(&number(59)), None);
    }

    #[test]
    fn values_of_other_languages_have_suggestions() {
        for (text, ty, meant) in [
            ("7 days ago", Type::Time, "now-7d"),
            ("last 7 days", Type::Time, "now-7d"),
            ("90 seconds ago", Type::Time, "now-90s"),
            ("5 min ago", Type::Time, "now-5m"),
            ("2 hours ago", Type::Time, "now-2h"),
            ("last 2 weeks", Type::Time, "now-2w"),
            ("3 months ago", Type::Time, "now-3mo"),
            ("past 1 year", Type::Time, "now-1y"),
            ("last_30_minutes", Type::Time, "now-30m"),
            ("last7d", Type::Time, "now-7d"),
            ("-7d", Type::Time, "now-7d"),
            ("now - 7d", Type::Time, "now-7d"),
            ("now() - interval '7 days'", Type::Time, "now-7d"),
            ("now-7days", Type::Time, "now-7d"),
            ("now-1M", Type::Time, "now-1mo"),
            ("now/d", Type::Time, "today"),
            ("now-7d/d", Type::Time, "today-7d"),
            ("now/M", Type::Time, "this-month"),
            ("now/Q", Type::Time, "this-quarter"),
            ("now-1M/M", Type::Time, "last-month"),
            ("now-2w/w", Type::Time, "this-week-2w"),
            ("now-1Q/Q", Type::Time, "last-quarter"),
            ("now-1y/M", Type::Time, "this-month-1y"),
            ("now-6M/Q", Type::Time, "this-quarter-6mo"),
            ("now-1M/d", Type::Time, "today-1mo"),
            ("last month", Type::Time, "last-month"),
            ("last_month", Type::Time, "last-month"),
            ("lastMonth", Type::Time, "last-month"),
            ("Last Week", Type::Time, "last-week"),
            ("this week", Type::Time, "this-week"),
            ("this_week()", Type::Time, "this-week"),
            ("current quarter", Type::Time, "this-quarter"),
            ("previous quarter", Type::Time, "last-quarter"),
            ("previous calendar month", Type::Time, "last-month"),
            ("prev year", Type::Time, "last-year"),
            ("next month", Type::Time, "this-month+1mo"),
            ("next_quarter", Type::Time, "this-quarter+3mo"),
            ("last day", Type::Time, "yesterday"),
            ("MTD", Type::Time, "this-month"),
            ("qtd", Type::Time, "this-quarter"),
            ("YTD", Type::Time, "this-year"),
            ("week to date", Type::Time, "this-week"),
            ("startOfMonth()", Type::Time, "this-month"),
            ("startOfMonth(-1)", Type::Time, "last-month"),
            ("startOfQuarter('-2')", Type::Time, "this-quarter-6mo"),
            ("start_of_week", Type::Time, "this-week"),
            ("start of the year", Type::Time, "this-year"),
            ("beginning of last month", Type::Time, "last-month"),
            ("endOfMonth()", Type::Time, "this-month"),
            ("toStartOfMonth(now())", Type::Time, "this-month"),
            ("the last month", Type::Time, "now-1mo"),
            ("past week", Type::Time, "now-1w"),
            ("past 7 days", Type::Time, "now-7d"),
            ("last hour", Type::Time, "now-1h"),
            ("an hour ago", Type::Time, "now-1h"),
            ("a week ago", Type::Time, "now-1w"),
            ("2024W23", Type::Time, "2024-W23"),
            ("2024-W5", Type::Time, "2024-W05"),
            ("2024-W23-5", Type::Time, "2024-06-07"),
            ("week 23 2024", Type::Time, "2024-W23"),
            ("Week 23 of 2024", Type::Time, "2024-W23"),
            ("W53 2020", Type::Time, "2020-W53"),
            ("Q2 2024", Type::Time, "2024-Q2"),
            ("2024 Q2", Type::Time, "2024-Q2"),
            ("2024Q2", Type::Time, "2024-Q2"),
            ("Q2/2024", Type::Time, "2024-Q2"),
            ("startOfDay()", Type::Time, "today"),
            ("startOfYesterday()", Type::Time, "yesterday"),
            ("CURRENT_TIMESTAMP", Type::Time, "now"),
            ("2024/06/01", Type::Time, "2024-06-01"),
            ("2024-6-1", Type::Time, "2024-06-01"),
            ("20240601", Type::Time, "2024-06-01"),
            ("2024-06-01T10", Type::Time, "2024-06-01T10:00"),
            ("25/12/2024", Type::Time, "2024-12-25"),
            ("12/25/2024", Type::Time, "2024-12-25"),
            ("1 June 2024", Type::Time, "2024-06-01"),
            ("June 1st, 2024", Type::Time, "2024-06-01"),
            ("Jun 2024", Type::Time, "2024-06"),
            ("1717200000", Type::Time, "2024-06-01T00:00:00Z"),
            ("1717200000000", Type::Time, "2024-06-01T00:00:00Z"),
            ("5 seconds", Type::Seconds, "5s"),
            ("1 minute 30 sec", Type::Seconds, "1m30s"),
            ("250 msec", Type::Seconds, "250ms"),
            ("5S", Type::Seconds, "5s"),
            ("2 hours", Type::Seconds, "2h"),
            ("5 USD", Type::Usd, "$5"),
            ("0.01usd", Type::Usd, "$0.01"),
            ("5$", Type::Usd, "$5"),
            ("5 cents", Type::Usd, "$0.05"),
            ("1,5", Type::Usd, "1.5"),
            ("1.000,5", Type::Number, "1000.5"),
            ("1,000.5", Type::Number, "1000.5"),
            ("1,000", Type::Number, "1000"),
            ("1,00,000", Type::Number, "100000"),
            ("+5", Type::Number, "5"),
            ("5k", Type::Number, "5000"),
            ("3C90C3CC0D444B5088888DD25736052A", Type::Uuid, "3c90c3cc-0d44-4b50-8888-8dd25736052a"),
        ] {
            assert_eq!(ty.guess(text).as_deref(), Some(meant), "{text}");
        }
    }

    #[test]
    fn ambiguous_values_have_no_suggestion() {
        for (text, ty) in [
            ("06/01/2024", Type::Time),
            ("12/06/2024", Type::Time),
            ("06/12/2024", Type::Time),
            ("1.5 hours ago", Type::Time),
            ("week", Type::Time),
            ("last", Type::Time),
            ("past quarter", Type::Time),
            ("last months", Type::Time),
            ("a day", Type::Time),
            ("Q2", Type::Time),
            ("Q5 2024", Type::Time),
            ("W53 2024", Type::Time),
            ("week 23", Type::Time),
            ("this-month-1d", Type::Time),
            ("now-7d/M", Type::Time),
            ("now-1h/h", Type::Time),
            ("startOfMonth(9999999999999999999)", Type::Time),
            ("startOfMonth(9223372036854775807)", Type::Time),
            ("startOfQuarter(9223372036854775807)", Type::Time),
            ("monday", Type::Time),
            ("10:00", Type::Time),
            ("7", Type::Time),
            ("in 7 days +1", Type::Time),
            ("31 February 2024", Type::Time),
            ("1.5k", Type::Number),
            ("xk", Type::Number),
            ("5d", Type::Seconds),
            ("5 parsecs", Type::Seconds),
            ("€5", Type::Usd),
            ("50%", Type::Usd),
            ("cheap", Type::Usd),
            ("42", Type::Uuid),
        ] {
            assert_eq!(ty.guess(text), None, "{text}");
        }
    }

    /// A boundary is an instant, but the comparison is with the period.
    #[test]
    fn comparisons_with_boundaries_keep_their_meaning() {
        use Comparison::{Eq, Gt, Gte, Lt, Lte};
        for (text, compared) in [
            ("startOfMonth()", [Eq, Gte, Gte, Lt, Lt]),
            ("start_of_week", [Eq, Gte, Gte, Lt, Lt]),
            ("endOfMonth()", [Eq, Gt, Gt, Lte, Lte]),
            ("endOfMonth(-1)", [Eq, Gt, Gt, Lte, Lte]),
            ("now/M", [Eq, Gt, Gte, Lt, Lte]),
            ("last month", [Eq, Gt, Gte, Lt, Lte]),
        ] {
            let comparisons =
                [Eq, Gt, Gte, Lt, Lte].map(|comparison| Type::Time.comparison_with_guess(text, comparison));
            assert_eq!(comparisons, compared, "{text}");
        }
    }
}
