//! The meaning of the checked tree, written apart from that of filters: the two must agree.

use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::Value;

use crate::checked::{Bound, Checked, Condition};
use crate::filter::{Comparison, Scalar};
use crate::lower::lower;
use crate::strategies;
use crate::{Compiler, Filter, Parameters, parse};

/// Whether a record fulfils a checked query.
fn fulfils(checked: &Checked, record: &Value) -> bool {
    match checked {
        Checked::All => true,
        Checked::Test(test) => {
            let found = lookup(record, &test.field).is_some_and(|value| passes(&test.condition, &test.field, value));
            found != test.clause.negated
        }
        Checked::Not(part) => !fulfils(part, record),
        Checked::And(parts) => !parts.iter().any(|part| !fulfils(part, record)),
        Checked::Or(parts) => !parts.iter().all(|part| !fulfils(part, record)),
    }
}

/// The record's value: the strategies give one at most, nested by the name before the first dot or
/// flat.
fn lookup<'r>(record: &'r Value, field: &str) -> Option<&'r Value> {
    let direct = record.get(field);
    direct.or_else(|| field.split_once('.').and_then(|(name, key)| record.get(name)?.get(key)))
}

fn passes(condition: &Condition, field: &str, value: &Value) -> bool {
    match condition {
        Condition::Compare(comparison, wanted) => in_order(*comparison, field, value, wanted),
        Condition::Contains(wanted) => has_phrase(value, wanted),
        Condition::Between(lower, upper) => {
            in_order(Comparison::Gte, field, value, &(*lower).into())
                && in_order(Comparison::Lte, field, value, &(*upper).into())
        }
        Condition::Within(lower, upper) => {
            let inside = |bound: &Option<Bound>| {
                bound.as_ref().is_none_or(|bound| in_order(bound.comparison, field, value, &bound.value))
            };
            inside(lower) && inside(upper)
        }
        Condition::Any(parts) => parts.iter().any(|part| passes(part, field, value)),
        Condition::Every(parts) => parts.iter().all(|part| passes(part, field, value)),
    }
}

fn in_order(comparison: Comparison, field: &str, value: &Value, wanted: &Scalar) -> bool {
    let is_score = field.contains("evaluation_results.") || field.contains("eval_results.");
    let is_time = field == "start_time" || field == "evaluation_notes.created_at";
    let difference = match (value, wanted) {
        (Value::Number(value), Scalar::Number(wanted)) => value.as_f64().unwrap() - wanted.as_f64(),
        (Value::Number(value), Scalar::String(wanted)) if is_score => match wanted.parse::<f64>() {
            Ok(wanted) => value.as_f64().unwrap() - wanted,
            Err(_) => return false,
        },
        (Value::String(value), Scalar::String(wanted)) if is_time => seconds(value) - seconds(wanted),
        (Value::String(value), Scalar::String(wanted)) if !is_score => {
            return comparison == Comparison::Eq && value == wanted;
        }
        _ => return false,
    };
    match comparison {
        Comparison::Eq => difference == 0.0,
        Comparison::Gt => difference > 0.0,
        Comparison::Gte => difference >= 0.0,
        Comparison::Lt => difference < 0.0,
        Comparison::Lte => difference <= 0.0,
    }
}

#[expect(clippy::cast_precision_loss, reason = "seconds of our centuries")]
fn seconds(time: &str) -> f64 {
    let zoned = if time.ends_with('Z') { time.to_owned() } else { format!("{}Z", time.replace(' ', "T")) };
    zoned.parse::<Timestamp>().unwrap().as_second() as f64
}

/// By padding: the words of a phrase with spaces around them are in the words of the text with
/// spaces around them.
fn has_phrase(value: &Value, wanted: &Scalar) -> bool {
    let spaced = |text: &str| {
        let words: String = text.chars().map(|char| if char.is_alphanumeric() { char } else { ' ' }).collect();
        let words = words.split_whitespace().map(|word| format!("<{}>", word.to_lowercase()));
        words.collect::<String>()
    };
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let wanted = match wanted {
        Scalar::String(text) => text.clone(),
        Scalar::Number(number) => number.to_string(),
    };
    !spaced(&wanted).is_empty() && spaced(&text).contains(&spaced(&wanted))
}

/// What is made of the checked tree of a text.
fn checked<T>(text: &str, of: impl FnOnce(&Checked) -> T) -> T {
    let compiler = Compiler::new().now("2024-03-31T12:00:00Z".parse().unwrap());
    let query = parse(text).unwrap();
    let parameters = Parameters::new();
    let (checked, _) = compiler.checked(&query, &parameters).unwrap();
    of(&checked)
}

/// A filter with groups around parts of it that change nothing.
fn padded(filter: &Filter) -> Filter {
    match filter {
        Filter::All => Filter::And(vec![]),
        Filter::Field(_) => Filter::Or(vec![filter.clone()]),
        Filter::And(parts) => Filter::And(vec![Filter::And(parts.iter().map(padded).collect())]),
        Filter::Or(parts) => Filter::Or(vec![Filter::Or(parts.iter().map(padded).collect()), Filter::Or(vec![])]),
        Filter::Not(part) => !Filter::And(vec![padded(part)]),
    }
}

proptest! {
    #![proptest_config(strategies::config(4000))]

    /// Meaning: the tree, its filter and its canonical filter match alike.
    #[test]
    fn tree_and_filter_mean_the_same(
        expr in strategies::likely_expr(),
        records in proptest::collection::vec(strategies::record(), 8),
    ) {
        let text = expr.to_string();
        let (filter, meant): (Filter, Vec<bool>) = checked(&text, |checked| {
            (lower(checked.clone()), records.iter().map(|record| fulfils(checked, record)).collect())
        });
        let padded = padded(&filter);
        for (record, meant) in records.iter().zip(meant) {
            prop_assert_eq!(filter.matches(record), meant, "{}\n{}", text, record);
            prop_assert_eq!(padded.matches(record), meant, "{}\n{}", text, record);
            prop_assert_eq!(padded.canonical().matches(record), meant, "{}\n{}", text, record);
        }
    }
}

/// The property is worth something only if records often match and often do not.
#[test]
fn likely_queries_are_often_fulfilled() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut fulfilled = 0;
    for _ in 0..500 {
        let expr = strategies::likely_expr().new_tree(&mut runner).unwrap().current();
        let record = strategies::record().new_tree(&mut runner).unwrap().current();
        fulfilled += usize::from(checked(&expr.to_string(), |checked| fulfils(checked, &record)));
    }
    assert!((100..400).contains(&fulfilled), "{fulfilled} of 500");
}
