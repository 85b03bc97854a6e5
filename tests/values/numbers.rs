//! Numbers and durations.

use freeplay_filter::filter::{Condition, FieldFilter, Scalar};
use freeplay_filter::{Code, Compiler, Filter, Parameter, Span, compile};
use proptest::prelude::*;

use super::{codes, strategies};

proptest! {
    #![proptest_config(strategies::config(2000))]

    /// `contains` looks for exactly what was typed, on score fields as on string fields.
    #[test]
    fn contains_searches_for_what_was_typed(word in prop_oneof!["-?[0-9_.]{1,6}(e-?[0-9]{1,3})?", strategies::word()]) {
        for field in ["trace_eval.v", "output"] {
            let Ok(compiled) = compile(&format!("{field} contains {word}")) else { continue };
            let Filter::Field(FieldFilter { condition: Condition::Contains(value), .. }) = &compiled else {
                panic!("{compiled:?}")
            };
            let searched = match value {
                Scalar::String(text) => text.clone(),
                Scalar::Number(number) => number.to_string(),
            };
            prop_assert_eq!(searched, word.as_str());
            let raised = Compiler::new().raise(&compiled).unwrap().to_string();
            prop_assert_eq!(compile(&raised).unwrap(), compiled);
        }
    }

    /// A number in JSON is read exactly or rejected; it never silently becomes a different one.
    #[test]
    fn numbers_in_json_are_kept_or_rejected(number in "-?(0|[1-9][0-9]{0,25})(\\.[0-9]{1,4})?([eE][+-]?[0-9]{1,3})?") {
        let json = format!(r#"{{"field":"cost","op":"eq","value":{number}}}"#);
        let is_zero = !number.split(['e', 'E']).next().unwrap().contains(|char| matches!(char, '1'..='9'));
        match Filter::from_json(&json) {
            Ok(Filter::Field(FieldFilter { condition: Condition::Compare(_, Scalar::Number(read)), .. })) => {
                prop_assert_eq!(read.as_f64() == 0.0, is_zero);
                prop_assert!(read.is_finite());
                let is_integer = !number.contains(['.', 'e', 'E']);
                prop_assert!(!is_integer || is_zero || read.to_string() == number, "{}", read);
            }
            Ok(filter) => panic!("{filter:?}"),
            Err(error) => prop_assert_eq!(codes(&error), [Code::NumberRange]),
        }
        prop_assert_eq!(Parameter::from_json(&number).is_ok(), Filter::from_json(&json).is_ok());
    }
}

/// The unit is seconds; a value that looks like milliseconds gets a warning.
#[test]
fn long_latencies_have_a_warning() {
    let query = "latency > 500";
    let warnings = Compiler::new().compile(query).unwrap().warnings;
    assert_eq!(warnings.len(), 1);
    assert_eq!(warnings[0].code(), Code::AssumedSeconds);
    assert_eq!(warnings[0].span().map(|span: Span| span.of(query)), Some("500"));
    assert_eq!(warnings[0].fixes[0].apply(query), "latency > 500ms");
    for query in ["latency > 500s", "latency > 99", "latency > 500ms", "cost > 500"] {
        assert_eq!(Compiler::new().compile(query).unwrap().warnings, [], "{query}");
    }
}

/// A warning says that a unit at one end of a range applies only to that end, where the other may have been meant.
#[test]
fn units_at_one_end_have_a_warning() {
    for (query, edits) in [
        ("latency in 1..5m", ["latency in 1s..5m", "latency in 1m..5m"]),
        ("latency in 1..1h30m", ["latency in 1s..1h30m", "latency in 1h..1h30m"]),
        ("latency in 1m..90", ["latency in 1m..90s", "latency in 1m..90m"]),
        ("latency between 1m and 90", ["latency between 1m and 90s", "latency between 1m and 90m"]),
    ] {
        let warnings = Compiler::new().compile(query).unwrap().warnings;
        let doubts: Vec<_> = warnings.iter().filter(|found| found.code() == Code::AssumedSeconds).collect();
        assert_eq!(doubts.len(), 1, "{query}");
        let edited: Vec<_> = doubts[0].fixes.iter().map(|fix| fix.apply(query)).collect();
        assert_eq!(edited, edits);
        assert!(warnings.iter().all(|found| found.code() != Code::ReversedRange), "{query}");
    }
    // In seconds the range would be reversed, which the warning about that says.
    for (query, edits) in [
        ("latency between 1m and 5", ["latency between 1m and 5m", "latency between 5 and 1m"]),
        ("latency in 100..500ms", ["latency in 100ms..500ms", "latency in 500ms..100"]),
    ] {
        let warnings = Compiler::new().compile(query).unwrap().warnings;
        let reversed: Vec<_> = warnings.iter().filter(|found| found.code() == Code::ReversedRange).collect();
        assert_eq!(reversed.len(), 1, "{query}");
        let edited: Vec<_> = reversed[0].fixes.iter().map(|fix| fix.apply(query)).collect();
        assert_eq!(edited, edits);
        assert!(reversed[0].help.as_deref().unwrap().contains("applies to that end only"));
    }
    for query in ["latency in 1s..5m", "latency in 0..5m", "latency in 1..5s", "latency in 500ms..8", "latency in 1..5"]
    {
        assert_eq!(Compiler::new().compile(query).unwrap().warnings, [], "{query}");
    }
}
