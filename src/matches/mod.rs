//! Evaluates filters on records: the API's semantics, as far as they are documented, without the API. Needs the
//! feature `matches`.

mod record;
mod results;
mod typed;

use std::borrow::Cow;
use std::cmp::Ordering;

pub use record::{Answer, Record, Stored};

use crate::catalog::Type;
use crate::compare::{Operand, Relation, relation, words};
use crate::filter::{Comparison, Condition, FieldFilter, Filter};
use crate::truth::Truth;

impl Filter {
    /// Evaluates the filter on a record. Needs the feature `matches`.
    ///
    /// The semantics are those of the API's guide: categories are compared as a whole; numbers and
    /// times are compared by size, and ranges include their ends; `contains` looks for the words of its
    /// value next to one another, in any letter case; on evaluation results, `eq` only compares
    /// numbers.
    ///
    /// A test of a field that the record [does not contain](Record) is [`Truth::Unknown`], and so is
    /// one that the guide does not define: the order of strings, an invalid time, a UUID in other
    /// letter case. In other cases that the guide leaves open, a test of a field with several values
    /// holds if it holds for one of them, a test of a field without a value does not hold, and words
    /// are split at every character that is neither a letter nor a digit.
    ///
    /// ```
    /// use freeplay_filter::{Truth, compile};
    /// use serde_json::json;
    ///
    /// // A result of a search for completions, shortened.
    /// let result = json!({
    ///     "completion_id": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
    ///     "completion_metadata": {"model": "gpt-4o", "environment": null},
    ///     "messages": [{"role": "assistant", "content": "Our Refund-Policy changed."}],
    /// });
    /// assert_eq!(compile("model = gpt-4o and output contains 'refund policy'")?.matches(&result), Truth::True);
    /// assert_eq!(compile("env = prod")?.matches(&result), Truth::False);
    /// assert_eq!(compile("cost > $0.01")?.matches(&result), Truth::Unknown, "results do not contain it");
    ///
    /// // A record keyed by the names of fields is complete.
    /// let record = json!({"cost": 0.02, "model": ["gpt-4o", "o1"], "completion_inputs": {"topic": "refunds"}});
    /// assert_eq!(compile("cost > $0.01 and model = o1 and not env = prod")?.matches(&record), Truth::True);
    /// # Ok::<(), freeplay_filter::Error>(())
    /// ```
    #[cfg_attr(docsrs, doc(cfg(feature = "matches")))]
    pub fn matches(&self, record: &(impl Record + ?Sized)) -> Truth {
        // An explicit stack: each open group, with the number of parts evaluated and the result so
        // far.
        let mut open: Vec<(&Filter, usize, Truth)> = Vec::new();
        let mut filter = self;
        loop {
            let mut truth = match (filter, filter.children().first()) {
                (Filter::Field(field), _) => field.matches(record),
                (_, Some(first)) => {
                    open.push((filter, 1, of_none(filter)));
                    filter = first;
                    continue;
                }
                (_, None) => of_none(filter),
            };
            loop {
                let Some((group, looked_at, before)) = open.pop() else { return truth };
                let (so_far, is_decided) = match group {
                    Filter::Or(_) => (before | truth, truth == Truth::True),
                    Filter::Not(_) => (!truth, true),
                    Filter::All | Filter::Field(_) | Filter::And(_) => (before & truth, truth == Truth::False),
                };
                if let (false, Some(next)) = (is_decided, group.children().get(looked_at)) {
                    open.push((group, looked_at + 1, so_far));
                    filter = next;
                    break;
                }
                truth = so_far;
            }
        }
    }
}

/// Returns the result of a group without parts.
fn of_none(group: &Filter) -> Truth {
    Truth::from(!matches!(group, Filter::Or(_)))
}

impl FieldFilter {
    /// Evaluates this test on a record; see [`Filter::matches`]. Needs the feature `matches`.
    #[cfg_attr(docsrs, doc(cfg(feature = "matches")))]
    pub fn matches(&self, record: &(impl Record + ?Sized)) -> Truth {
        let ty = record.ty(&self.field);
        record.answer(&self.field).any(|stored| holds(&self.condition, stored, ty))
    }
}

fn holds(condition: &Condition, stored: &Stored, ty: Type) -> Truth {
    match condition {
        Condition::Compare(comparison, value) => compare(stored, *comparison, value.into(), ty),
        Condition::Between(lower, upper) => {
            compare(stored, Comparison::Gte, Operand::Number(*lower), ty)
                & compare(stored, Comparison::Lte, Operand::Number(*upper), ty)
        }
        Condition::Contains(value) => {
            let stored = match stored {
                Stored::String(text) => Cow::Borrowed(&**text),
                Stored::Number(number) => Cow::Owned(number.to_string()),
                Stored::Boolean(boolean) => Cow::Owned(boolean.to_string()),
            };
            contains_phrase(&stored, &value.text()).into()
        }
    }
}

fn compare(stored: &Stored, comparison: Comparison, value: Operand, ty: Type) -> Truth {
    let relation = match stored {
        Stored::String(text) => relation(Operand::String(text), value, ty),
        Stored::Number(number) => relation(Operand::Number(*number), value, ty),
        Stored::Boolean(_) if ty == Type::Time => Relation::Unknown,
        Stored::Boolean(_) => Relation::Unrelated,
    };
    match (relation, comparison) {
        (Relation::Ordered(ordering), Comparison::Eq) => (ordering == Ordering::Equal).into(),
        (Relation::Ordered(ordering), Comparison::Gt) => (ordering == Ordering::Greater).into(),
        (Relation::Ordered(ordering), Comparison::Gte) => (ordering != Ordering::Less).into(),
        (Relation::Ordered(ordering), Comparison::Lt) => (ordering == Ordering::Less).into(),
        (Relation::Ordered(ordering), Comparison::Lte) => (ordering != Ordering::Greater).into(),
        (Relation::Different, Comparison::Eq) | (Relation::Unrelated, _) => Truth::False,
        (Relation::Different | Relation::Unknown, _) => Truth::Unknown,
    }
}

/// Whether a string contains the words of a phrase, next to one another and in order.
fn contains_phrase(text: &str, phrase: &str) -> bool {
    let phrase: Vec<String> = words(phrase).collect();
    let text: Vec<String> = words(text).collect();
    !phrase.is_empty() && text.windows(phrase.len()).any(|window| window == phrase)
}
