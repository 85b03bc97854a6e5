//! A second evaluator, of the checked tree, written independently of that of filters. The two must agree.

#[path = "../../tests/targets/padded.rs"]
mod padded;
mod results;

use std::cell::Cell;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::Value;

use crate::checked::{Bound, Checked, Condition, Test};
use crate::common::compiler;
use crate::filter::{Comparison, Scalar};
use crate::lower::lower;
use crate::strategies;
use crate::{Filter, Parameters, Truth, parse};
use padded::padded;
use results::{known, second};

/// Whether a query certainly holds for a search result, and whether it may hold. It does not use
/// three-valued logic: it tracks what is known to pass and what is known to fail.
fn bounds(checked: &Checked, result: &Value) -> (bool, bool) {
    match checked {
        Checked::All => (true, true),
        Checked::Test(test) => {
            let (surely, maybe) = condition_bounds(&test.condition, test, result);
            if test.clause.negated { (!maybe, !surely) } else { (surely, maybe) }
        }
        Checked::Not(part) => {
            let (surely, maybe) = bounds(part, result);
            (!maybe, !surely)
        }
        Checked::And(parts) => {
            let parts = || parts.iter().map(|part| bounds(part, result));
            (parts().all(|(surely, _)| surely), parts().all(|(_, maybe)| maybe))
        }
        Checked::Or(parts) => {
            let parts = || parts.iter().map(|part| bounds(part, result));
            (parts().any(|(surely, _)| surely), parts().any(|(_, maybe)| maybe))
        }
    }
}

/// Each part of a condition is a separate test: of several values, one may pass the first part and
/// another the second.
fn condition_bounds(condition: &Condition, test: &Test, result: &Value) -> (bool, bool) {
    let of = |part: &Condition| condition_bounds(part, test, result);
    match condition {
        Condition::Any(parts) => (parts.iter().any(|part| of(part).0), parts.iter().any(|part| of(part).1)),
        Condition::Every(parts) => (parts.iter().all(|part| of(part).0), parts.iter().all(|part| of(part).1)),
        Condition::Within(Some(lower), Some(upper)) => {
            let end = |bound: &Bound| of(&Condition::Compare(bound.comparison, bound.value.clone()));
            (end(lower).0 && end(upper).0, end(lower).1 && end(upper).1)
        }
        _ => {
            let known = known(result, &test.field);
            let passes = known.values.iter().any(|value| passes(condition, &test.field, value));
            let is_open =
                known.is_incomplete || known.values.iter().any(|value| is_other_case(condition, &test.field, value));
            (passes, passes || is_open)
        }
    }
}

/// Whether two UUIDs differ only in letter case, which the API may or may not distinguish.
fn is_other_case(condition: &Condition, field: &str, value: &Value) -> bool {
    let (Condition::Compare(_, Scalar::String(wanted)), Value::String(value)) = (condition, value) else {
        return false;
    };
    field.ends_with("_id") && field != "insight_id" && value != wanted && value.to_lowercase() == wanted.to_lowercase()
}

/// Whether a complete record matches a checked query.
fn fulfills(checked: &Checked, record: &Value) -> bool {
    match checked {
        Checked::All => true,
        Checked::Test(test) => {
            let found = lookup(record, &test.field).is_some_and(|value| passes(&test.condition, &test.field, value));
            found != test.clause.negated
        }
        Checked::Not(part) => !fulfills(part, record),
        Checked::And(parts) => !parts.iter().any(|part| !fulfills(part, record)),
        Checked::Or(parts) => !parts.iter().all(|part| !fulfills(part, record)),
    }
}

/// Returns the record's value. The strategies generate at most one, flat or nested at the first dot of
/// the name.
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
        (Value::String(value), Scalar::String(wanted)) if is_time => second(value).unwrap() - second(wanted).unwrap(),
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

/// Searches for a phrase by padding: its words, with spaces around them, must be in the words of the
/// text with spaces around them.
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

/// Applies a function to the checked tree of a text.
fn checked<T>(text: &str, of: impl FnOnce(&Checked) -> T) -> T {
    let compiler = compiler();
    let query = parse(text).unwrap();
    let parameters = Parameters::new();
    let (checked, _) = compiler.checked(&query, &parameters).unwrap();
    of(&checked)
}

/// Returns equivalent forms of a filter: itself, with redundant groups, its canonical form, and that of
/// the query that it is raised to.
fn forms(filter: &Filter) -> [Filter; 4] {
    let compiler = compiler();
    let raised = compiler.raise(filter).unwrap().to_string();
    let padded = padded(filter);
    [filter.clone(), padded.canonical(), padded, compiler.compile(&raised).unwrap().filter]
}

/// Checks that all forms of a query's filter agree with the second evaluator, and returns the result.
fn agree_on_result(expr: &crate::ast::Expr, result: &Value) -> Truth {
    let text = expr.to_string();
    let (filter, (surely, maybe)) = checked(&text, |checked| (lower(checked.clone()), bounds(checked, result)));
    let meant = if surely == maybe { Truth::from(surely) } else { Truth::Unknown };
    for form in forms(&filter) {
        assert_eq!(form.matches(result), meant, "{text}\n{result}");
    }
    meant
}

proptest! {
    #![proptest_config(strategies::config(4000))]

    /// On complete records, the tree, its filter and all its forms match alike, and the three-valued
    /// evaluator agrees with a two-valued one.
    #[test]
    fn tree_and_filter_agree(
        expr in strategies::likely_expr(),
        records in proptest::collection::vec(strategies::record(), 8),
    ) {
        let text = expr.to_string();
        let (filter, meant): (Filter, Vec<bool>) = checked(&text, |checked| {
            (lower(checked.clone()), records.iter().map(|record| fulfills(checked, record)).collect())
        });
        let forms = forms(&filter);
        for (record, meant) in records.iter().zip(meant) {
            for form in &forms {
                prop_assert_eq!(form.matches(record), Truth::from(meant), "{}\n{}", text, record);
            }
        }
    }

}

proptest! {
    #![proptest_config(strategies::config(1500))]

    /// On search results, which are incomplete, both evaluators agree on what is known.
    #[test]
    fn evaluators_agree_on_results(expr in strategies::results::expr_on_results(), result in strategies::results::result()) {
        let _ = agree_on_result(&expr, &result);
    }

    /// A result with more data never changes true to false, false to true, or either to unknown.
    #[test]
    fn more_data_never_changes_known_results(
        expr in strategies::results::expr_on_results(),
        (less, more) in strategies::results::less_and_more(),
    ) {
        let filter = checked(&expr.to_string(), |checked| lower(checked.clone()));
        let (before, after) = (filter.matches(&less), filter.matches(&more));
        prop_assert!(before == Truth::Unknown || before == after, "{}\n{}\n{}", expr, less, more);
    }
}

/// `cargo test --release --lib million -- --ignored --nocapture`
#[test]
#[ignore = "takes minutes"]
fn a_million_results_agree() {
    let counts = [Truth::True, Truth::False, Truth::Unknown].map(|truth| (truth, Cell::new(0_u32)));
    let drawn = (strategies::results::expr_on_results(), strategies::results::result());
    let mut runner = TestRunner::new(strategies::config(1_000_000));
    let run = runner.run(&drawn, |(expr, result)| {
        let meant = agree_on_result(&expr, &result);
        counts.iter().filter(|(truth, _)| *truth == meant).for_each(|(_, count)| count.set(count.get() + 1));
        Ok(())
    });
    run.unwrap_or_else(|error| panic!("{error}"));
    println!("{counts:?}");
}

/// The properties are only meaningful if each truth value is frequent.
#[test]
fn each_truth_value_is_frequent() {
    use proptest::strategy::ValueTree;
    let mut runner = TestRunner::deterministic();
    let mut fulfilled = 0;
    let mut of_results = [0; 3];
    for _ in 0..500 {
        let expr = strategies::likely_expr().new_tree(&mut runner).unwrap().current();
        let record = strategies::record().new_tree(&mut runner).unwrap().current();
        fulfilled += usize::from(checked(&expr.to_string(), |checked| fulfills(checked, &record)));
        let expr = strategies::results::expr_on_results().new_tree(&mut runner).unwrap().current();
        let result = strategies::results::result().new_tree(&mut runner).unwrap().current();
        of_results[agree_on_result(&expr, &result) as usize] += 1;
    }
    assert!((100..400).contains(&fulfilled), "{fulfilled} of 500");
    assert!(of_results.iter().all(|count| *count > 75), "{of_results:?} of 500");
}
