//! Whether a record fulfils a filter: the API's meaning, as far as it is documented, without the API. Needs the
//! feature `matches`.

use std::borrow::Cow;
use std::cmp::Ordering;

use jiff::SignedDuration;
use jiff::civil::DateTime;
use jiff::fmt::temporal::Pieces;
use jiff::tz::Offset;

use crate::catalog::{Catalog, Type};
use crate::filter::{Comparison, Condition, FieldFilter, Filter, Number, Scalar};
use crate::words::words;

/// Something that filters can be tested against: a session, a trace, a completion.
/// Needs the feature `matches`.
///
/// [`serde_json::Value`] is one: an object keyed by the API's field names, where keys of fields
/// like `completion_inputs.*` are either part of the name (`"completion_inputs.topic"`) or those of
/// an object (`"completion_inputs": {"topic": …}`). An array holds several values.
pub trait Record {
    /// The values of a field, named in full as the API names it: `completion_inputs.topic`. None
    /// where the record lacks it.
    fn values(&self, field: &str) -> Vec<Stored<'_>>;

    /// The type of the field, which decides what its values mean: by default that of the built-in
    /// catalog, and [`Type::Any`] for a field that it does not have.
    fn ty(&self, field: &str) -> Type {
        Catalog::builtin().resolve(field).map_or(Type::Any, |resolved| resolved.field.ty())
    }
}

/// A value that a record holds. Needs the feature `matches`.
#[derive(Clone, Debug, PartialEq)]
pub enum Stored<'a> {
    /// A text, or an instant: `2024-06-01 00:00:00` or in the form of RFC 3339.
    Text(Cow<'a, str>),
    /// A number.
    Number(Number),
    /// A boolean, which only `contains` finds, by its name.
    Boolean(bool),
}

impl Filter {
    /// Whether a record fulfils the filter. Needs the feature `matches`.
    ///
    /// The meaning is that of the API's guide: categories are equal as a whole; numbers and times
    /// are compared, and ranges include their ends; `contains` looks for the words of its value
    /// next to one another, whatever their case; and on evaluation results `eq` sees only numbers.
    ///
    /// What the guide leaves open is decided so: a field with several values fulfils a test if one
    /// of them does, a field without a value fulfils none, and words are split at whatever is
    /// neither a letter nor a digit.
    ///
    /// ```
    /// use freeplay_filter::compile;
    /// use serde_json::json;
    ///
    /// let record = json!({
    ///     "cost": 0.02,
    ///     "model": "gpt-4o",
    ///     "completion_output": "Our Refund-Policy changed.",
    ///     "completion_inputs": {"topic": "refunds"},
    /// });
    /// assert!(compile("cost > $0.01 and output contains 'refund policy'")?.matches(&record));
    /// assert!(!compile("input.topic contains refund")?.matches(&record));
    /// # Ok::<(), freeplay_filter::Error>(())
    /// ```
    #[must_use]
    #[cfg_attr(docsrs, doc(cfg(feature = "matches")))]
    pub fn matches(&self, record: &impl Record) -> bool {
        // A stack of its own: each open group, with the number of its parts that were looked at.
        let mut open: Vec<(&Filter, usize)> = Vec::new();
        let mut filter = self;
        loop {
            let mut holds = match (filter, filter.children().first()) {
                (Filter::Field(field), _) => field.matches(record),
                (_, Some(first)) => {
                    open.push((filter, 1));
                    filter = first;
                    continue;
                }
                (_, None) => !matches!(filter, Filter::Or(_)),
            };
            loop {
                let Some((group, looked_at)) = open.pop() else { return holds };
                let decided = match group {
                    Filter::Or(_) => holds,
                    _ => !holds,
                };
                if let (false, Some(next)) = (decided, group.children().get(looked_at)) {
                    open.push((group, looked_at + 1));
                    filter = next;
                    break;
                }
                holds ^= matches!(group, Filter::Not(_));
            }
        }
    }
}

impl FieldFilter {
    /// Whether a record fulfils this one test; see [`Filter::matches`]. Needs the feature `matches`.
    #[must_use]
    #[cfg_attr(docsrs, doc(cfg(feature = "matches")))]
    pub fn matches(&self, record: &impl Record) -> bool {
        let ty = record.ty(&self.field);
        record.values(&self.field).iter().any(|stored| holds(&self.condition, stored, ty))
    }
}

fn holds(condition: &Condition, stored: &Stored, ty: Type) -> bool {
    match condition {
        Condition::Compare(comparison, value) => compare(stored, value, ty).is_some_and(|ordering| match comparison {
            Comparison::Eq => ordering == Ordering::Equal,
            Comparison::Gt => ordering == Ordering::Greater,
            Comparison::Gte => ordering != Ordering::Less,
            Comparison::Lt => ordering == Ordering::Less,
            Comparison::Lte => ordering != Ordering::Greater,
        }),
        Condition::Contains(value) => {
            let stored = match stored {
                Stored::Text(text) => Cow::Borrowed(&**text),
                Stored::Number(number) => Cow::Owned(number.to_string()),
                Stored::Boolean(boolean) => Cow::Owned(boolean.to_string()),
            };
            contains_phrase(&stored, &value.text())
        }
        Condition::Between(lower, upper) => match stored {
            Stored::Number(number) => {
                number.order(*lower).is_some_and(Ordering::is_ge) && number.order(*upper).is_some_and(Ordering::is_le)
            }
            Stored::Text(_) | Stored::Boolean(_) => false,
        },
    }
}

/// How a stored value stands to the filter's; `None` where the two have no order.
fn compare(stored: &Stored, value: &Scalar, ty: Type) -> Option<Ordering> {
    match (stored, value) {
        (Stored::Number(stored), Scalar::Number(value)) => stored.order(*value),
        // The guide's own example compares a score with the text "4".
        (Stored::Number(stored), Scalar::String(text)) if ty == Type::Score => {
            stored.order(crate::types::number::read(text).ok()?)
        }
        (Stored::Text(stored), Scalar::String(value)) => match ty {
            Type::Time => Some(instant(stored)?.cmp(&instant(value)?)),
            Type::Score => None,
            _ => (**stored == **value).then_some(Ordering::Equal),
        },
        _ => None,
    }
}

/// An instant in UTC, of a text with its offset, or without one and then in UTC already.
fn instant(text: &str) -> Option<DateTime> {
    let pieces = Pieces::parse(text).ok()?;
    let local = pieces.date().to_datetime(pieces.time().unwrap_or_default());
    let offset = pieces.to_numeric_offset().unwrap_or(Offset::UTC);
    local.checked_sub(SignedDuration::from_secs(offset.seconds().into())).ok()
}

/// Whether the words of a phrase stand in a text next to one another and in order.
fn contains_phrase(text: &str, phrase: &str) -> bool {
    let phrase: Vec<String> = words(phrase).collect();
    let text: Vec<String> = words(text).collect();
    !phrase.is_empty() && text.windows(phrase.len()).any(|window| window == phrase)
}

impl Record for serde_json::Value {
    fn values(&self, field: &str) -> Vec<Stored<'_>> {
        let Some(object) = self.as_object() else { return Vec::new() };
        let nested = || {
            field.match_indices('.').find_map(|(dot, _)| {
                let (name, key) = field.split_at_checked(dot)?;
                object.get(name)?.get(key.strip_prefix('.')?)
            })
        };
        let Some(found) = object.get(field).or_else(nested) else { return Vec::new() };
        match found {
            serde_json::Value::Array(items) => items.iter().filter_map(stored).collect(),
            _ => stored(found).into_iter().collect(),
        }
    }
}

fn stored(value: &serde_json::Value) -> Option<Stored<'_>> {
    match value {
        serde_json::Value::String(text) => Some(Stored::Text(Cow::Borrowed(text))),
        serde_json::Value::Number(number) => crate::types::number::read(&number.to_string()).ok().map(Stored::Number),
        serde_json::Value::Bool(boolean) => Some(Stored::Boolean(*boolean)),
        serde_json::Value::Null | serde_json::Value::Array(_) | serde_json::Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn phrases() {
        for (text, phrase, found) in [
            ("user@freeplay.ai", "freeplay", true),
            ("user@freeplay.ai", "FREEPLAY AI", true),
            ("user@freeplay.ai", "free", false),
            ("user@freeplay.ai", "user ai", false),
            ("a b a c", "a c", true),
            ("refund-policy", "refund policy", true),
            ("policy refund", "refund policy", false),
            ("anything", "?!", false),
            ("", "a", false),
            ("Straße", "STRASSE", false),
            ("Ünïcode wörds", "ÜNÏCODE", true),
        ] {
            assert_eq!(contains_phrase(text, phrase), found, "{text:?} contains {phrase:?}");
        }
    }

    #[test]
    fn fields_of_json() {
        let record = json!({
            "model": ["gpt-4o", "o1"],
            "completion_inputs": {"topic": "a.b", "user.name": "Ann"},
            "trace_input.query": "flat",
            "evaluation_notes": {"content": "good"},
            "assignee": null,
        });
        let of = |field: &str| record.values(field);
        assert_eq!(of("model"), [Stored::Text("gpt-4o".into()), Stored::Text("o1".into())]);
        assert_eq!(of("completion_inputs.user.name"), [Stored::Text("Ann".into())]);
        assert_eq!(of("trace_input.query"), [Stored::Text("flat".into())]);
        assert_eq!(of("evaluation_notes.content"), [Stored::Text("good".into())]);
        assert_eq!(of("assignee"), []);
        assert_eq!(of("cost"), []);
    }

    #[test]
    fn meanings_of_operators() {
        let record = json!({
            "cost": 0.5,
            "latency": 8,
            "start_time": "2024-06-01T02:00:00.5+02:00",
            "environment": "prod",
            "completion_evaluation_results": {"Accuracy": 4, "Parseable": "no", "Passed": true},
        });
        let field = |name: &str| Filter::field(name);
        for (filter, holds) in [
            (field("cost").between(0.5, 1), true),
            (field("cost").between(0, 0.4), false),
            (field("latency").eq(8.0), true),
            (field("latency").lte(8), true),
            (field("latency").gt(8), false),
            (field("start_time").gt("2024-06-01 00:00:00"), true),
            (field("start_time").lt("2024-06-01 00:00:01"), true),
            (field("cost").eq("0.5"), false),
            (field("environment").eq("Prod"), false),
            (field("environment").eq("prod"), true),
            (field("completion_evaluation_results.Accuracy").eq(4), true),
            (field("completion_evaluation_results.Accuracy").eq("4"), true),
            (field("completion_evaluation_results.Parseable").eq("no"), false),
            (field("completion_evaluation_results.Parseable").contains("NO"), true),
            (field("completion_evaluation_results.Passed").contains("true"), true),
            (field("model").eq("gpt-4o"), false),
            (!field("model").eq("gpt-4o"), true),
            (Filter::All, true),
            (Filter::And(vec![]), true),
            (Filter::Or(vec![]), false),
            (!Filter::Or(vec![]), true),
            (Filter::And(vec![Filter::All, !Filter::All, Filter::All]), false),
            (Filter::Or(vec![!Filter::All, Filter::All, !Filter::All]), true),
            (!(Filter::Or(vec![!Filter::All, !Filter::All]) & Filter::All), true),
        ] {
            assert_eq!(filter.matches(&record), holds, "{filter:?}");
        }
    }
}
