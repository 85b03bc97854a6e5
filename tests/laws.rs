//! The laws of the language, checked on generated trees and filters with hostile strings.

mod common;
mod strategies;
mod targets;

use freeplay_filter::ast::Expr;
use freeplay_filter::{Compiler, Filter, compile, parse};
use proptest::prelude::*;

use common::compiler;
use strategies::{any_expr, config, expr_with_text, hostile_text, typed_text, unknown_filter, valid_expr};

fn reread(text: &str) -> Expr<'static> {
    match parse(text) {
        Ok(query) => query.into_owned().expr.without_spans(),
        Err(error) => panic!("{text}\n{error}"),
    }
}

/// Text: a printed query is parsed as the same tree, on one line and on several.
fn text_law(expr: &Expr<'static>) {
    let line = expr.to_string();
    let read = reread(&line);
    assert_eq!(&read, expr, "{line}");
    assert_eq!(read.to_string(), line);
    let lines = parse(&line).unwrap().pretty();
    assert_eq!(&reread(&lines), expr, "{lines}");
    assert_eq!(parse(&lines).unwrap().pretty(), lines);
}

/// Forward: a query's filter is raised to a query that compiles to the same filter, with and without a text field.
fn forward_law(expr: &Expr<'static>, compiler_of_query: &Compiler) {
    let text = expr.to_string();
    let filter = match compiler_of_query.compile(&text) {
        Ok(compiled) => compiled.filter,
        Err(error) => panic!("{text}\n{error}"),
    };
    assert_eq!(filter.canonical(), filter, "{text}");
    let raised = match compiler_of_query.raise(&filter) {
        Ok(raised) => raised.to_string(),
        Err(error) => panic!("{text}\n{error}"),
    };
    assert_eq!(compiler().compile(&raised).unwrap().filter, filter, "{text}\n{raised}");
}

/// JSON: the query for a filter compiles to its canonical form, and its JSON is parsed as the same filter.
fn json_law(filter: &Filter) {
    let json = serde_json::to_string(filter).unwrap();
    assert_eq!(filter.to_json(), json);
    assert_eq!(&Filter::from_json(&json).unwrap(), filter, "{json}");
    assert_eq!(&serde_json::from_str::<Filter>(&json).unwrap(), filter, "{json}");
    assert_eq!(&serde_json::from_value::<Filter>(serde_json::to_value(filter).unwrap()).unwrap(), filter, "{json}");
    assert_eq!(&Filter::from_value(&serde_json::to_value(filter).unwrap()).unwrap(), filter, "{json}");
    let canonical = filter.canonical();
    assert_eq!(canonical.canonical(), canonical, "{json}");
    let open = compiler().allow_unknown_fields(true);
    let text = open.raise(filter).unwrap().to_string();
    let lowered = open.compile(&text).unwrap_or_else(|error| panic!("{json}\n{text}\n{error}")).filter;
    assert_eq!(lowered, canonical, "{json}\n{text}");
    // Equal floats may differ in the sign of zero, but their JSON may not.
    assert_eq!(serde_json::to_string(&lowered).unwrap(), serde_json::to_string(&canonical).unwrap());
}

proptest! {
    #![proptest_config(config(4000))]

    #[test]
    fn text_round_trips(expr in any_expr()) {
        text_law(&expr);
    }

    #[test]
    fn queries_round_trip_through_filters(expr in valid_expr()) {
        forward_law(&expr, &compiler());
    }

    #[test]
    fn queries_with_text_round_trip_through_filters(expr in expr_with_text()) {
        forward_law(&expr, &compiler().text_field("completion_output").unwrap());
    }

    #[test]
    fn json_round_trips(filter in unknown_filter()) {
        json_law(&filter);
    }

    /// The laws also hold for text as it is typed.
    #[test]
    fn typed_text_satisfies_the_targets(text in typed_text()) {
        for (_, target) in targets::TARGETS.iter().filter(|(name, _)| !matches!(*name, "json" | "fixes")) {
            target(text.as_bytes());
        }
    }

    #[test]
    fn quoted_texts_are_single_values(text in hostile_text()) {
        let filter = compile(&format!("model = {} and cost > 1", freeplay_filter::quote(&text))).unwrap();
        prop_assert_eq!(filter, Filter::field("model").eq(text) & Filter::field("cost").gt(1));
    }
}

proptest! {
    #![proptest_config(config(256_000))]

    #[test]
    #[ignore = "takes minutes"]
    fn text_round_trips_at_length(expr in any_expr()) {
        text_law(&expr);
    }

    #[test]
    #[ignore = "takes minutes"]
    fn queries_round_trip_through_filters_at_length(expr in valid_expr()) {
        forward_law(&expr, &compiler());
    }

    #[test]
    #[ignore = "takes minutes"]
    fn json_round_trips_at_length(filter in unknown_filter()) {
        json_law(&filter);
    }
}
