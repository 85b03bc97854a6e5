//! Limits: each is named in its error, and repetition cannot circumvent them.

mod common;
mod strategies;

use freeplay_filter::ast::Expr;
use freeplay_filter::{Code, Compiler, Error, Filter, Limits, MAX_DEPTH, Parameter, Parameters};
use proptest::prelude::*;

fn compiler(limits: Limits) -> Compiler {
    common::compiler().limits(limits)
}

/// Returns the message and help of the only diagnostic.
fn message_and_help(error: &Error) -> String {
    let [found] = error.diagnostics() else { panic!("{error}") };
    format!("{found}; {}", found.help.as_deref().unwrap_or("no help"))
}

#[test]
fn query_limits_are_enforced_and_named() {
    let defaults = Limits::default();
    for (limits, fits, exceeds, message) in [
        (
            Limits { bytes: 9, ..defaults },
            "model = a",
            "model = ab",
            "the query is longer than 9 bytes; the application can raise this limit",
        ),
        (
            Limits { clauses: 2, ..defaults },
            "model = a and cost > 1",
            "model = a and (cost > 1 or env = b)",
            "more than 2 clauses; the application can raise this limit",
        ),
        (
            Limits { values: 2, ..defaults },
            "model in (a, b)",
            "model in (a, b, c)",
            "more than 2 values in a list; the application can raise this limit",
        ),
        (
            Limits { filters: 3, ..defaults },
            "model in (a, b)",
            "model in (a, b, c)",
            "more than 3 filters in the JSON it compiles to; the application can raise this limit",
        ),
        (
            Limits { filters: 3, ..defaults },
            "not not model = a",
            "not not not model = a",
            "more than 3 filters in the JSON it compiles to; the application can raise this limit",
        ),
        (
            Limits { json_bytes: 60, ..defaults },
            "model = a",
            "model = aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "more than 60 bytes in the JSON it compiles to; the application can raise this limit",
        ),
        // Each operator counts as much as the longest one, with a comma after the filter.
        (
            Limits { json_bytes: r#"{"field":"model","op":"contains","value":"a"},"#.len(), ..defaults },
            "model = a",
            "model = ab",
            "more than 46 bytes in the JSON it compiles to; the application can raise this limit",
        ),
    ] {
        let compiler = compiler(limits);
        assert!(compiler.compile(fits).is_ok(), "{fits}");
        assert_eq!(message_and_help(&compiler.compile(exceeds).unwrap_err()), message, "{exceeds}");
        assert!(Compiler::new().compile(exceeds).is_ok(), "{exceeds}");
    }
}

#[test]
fn json_limits_are_enforced_and_named() {
    let defaults = Limits::default();
    for (limits, fits, exceeds, message) in [
        (
            Limits { json_bytes: 10, ..defaults },
            r#"{"not":{}}"#,
            r#"{"not":{} }"#,
            "the JSON is longer than 10 bytes; the application can raise this limit",
        ),
        (
            Limits { filters: 3, ..defaults },
            r#"{"and":[{},{}]}"#,
            r#"{"and":[{},{},{}]}"#,
            "more than 3 filters; the application can raise this limit",
        ),
        (
            Limits { filters: 3, ..defaults },
            r#"{"not":{"not":{}}}"#,
            r#"{"not":{"not":{"not":{}}}}"#,
            "more than 3 filters; the application can raise this limit",
        ),
    ] {
        assert!(Filter::from_json_within(fits, &limits).is_ok(), "{fits}");
        assert_eq!(message_and_help(&Filter::from_json_within(exceeds, &limits).unwrap_err()), message, "{exceeds}");
        assert!(Filter::from_json(exceeds).is_ok(), "{exceeds}");
    }
}

/// Only enclosing groups count toward the depth, not preceding ones.
#[test]
fn closed_groups_do_not_count_towards_depth() {
    let compiler = compiler(Limits::default());
    for part in ["not model = a", "(model = a)", "not (not (model = a))", "((model = a or env = b))"] {
        let many = vec![part; 100].join(" and ");
        assert!(compiler.compile(&many).is_ok(), "{part}");
    }
    let error = compiler.compile(&vec!["time > now -7d"; 100].join(" and ")).unwrap_err();
    assert!(error.diagnostics().iter().all(|found| found.code() == Code::InvalidTime), "{error}");
}

/// A clause counts as many levels as its filter has: lists and periods are groups.
#[test]
fn depth_counts_groups_that_clauses_lower_to() {
    let compiler = compiler(Limits::default());
    let nots = |clause: &str, levels: usize| format!("{}{clause}", "not ".repeat(levels));
    let groups = |clause: &str, levels: usize| {
        let odd = if levels % 2 == 1 { " or env = b" } else { "" };
        let opening = "(env = a and (env = b or ".repeat(levels / 2);
        let opening = if odd.is_empty() { opening } else { format!("(env = a or {opening}") };
        format!("{opening}{clause}{}", ")".repeat(levels))
    };
    for (clause, height) in [
        ("model = a", 0),
        ("model in (a)", 0),
        ("cost in 1..", 0),
        ("start_time < 2024", 0),
        ("model != a", 1),
        ("model in (a, b)", 1),
        ("output contains all (a, b)", 1),
        ("cost in 1..2", 1),
        ("start_time = 2024", 1),
        ("model not in (a, b)", 2),
        ("start_time in (2023, 2024)", 2),
        ("start_time not in (2023, 2024)", 3),
    ] {
        for nest in [&nots as &dyn Fn(&str, usize) -> String, &groups] {
            let deepest = nest(clause, MAX_DEPTH - height);
            let compiled = compiler.compile(&deepest).unwrap_or_else(|error| panic!("{deepest}\n{error}"));
            assert!(Filter::from_json(&serde_json::to_string(&compiled.filter).unwrap()).is_ok(), "{deepest}");
            let error = compiler.compile(&nest(clause, MAX_DEPTH - height + 1)).unwrap_err();
            assert!(error.diagnostics().iter().all(|found| found.code() == Code::TooDeep), "{clause}: {error}");
        }
    }
}

/// An application may build a tree that no text could have.
#[test]
fn depth_of_trees_is_limited() {
    let compiler = compiler(Limits::default());
    let nested = |levels: usize| {
        let mut query = freeplay_filter::parse("model = a").unwrap().into_owned();
        for _ in 0..levels {
            query.expr = Expr::Not(query.expr.span(), Box::new(query.expr));
        }
        query
    };
    assert!(compiler.lower(&nested(MAX_DEPTH), &Parameters::new()).is_ok());
    let error = compiler.lower(&nested(MAX_DEPTH + 1), &Parameters::new()).unwrap_err();
    assert_eq!(message_and_help(&error), "nested deeper than 60 levels; flatten the groups, or split the query");
}

/// Each value counts as it is written in JSON, and a number as much as the longest one.
#[test]
fn length_of_json_is_checked_in_advance() {
    for (query, counted) in [
        ("model = abc", r#"{"field":"model","op":"contains","value":"abc"},"#),
        (r#"model = "\"\\""#, r#"{"field":"model","op":"contains","value":"\"\\"},"#),
        (r#"model = "\n""#, r#"{"field":"model","op":"contains","value":"\u000a"},"#),
        ("cost = 1", r#"{"field":"cost","op":"contains","value":-2.2250738585072014e-308},"#),
        (
            "cost between 1 and 2",
            r#"{"field":"cost","op":"contains","value":[-2.2250738585072014e-308,-2.2250738585072014e-308]},"#,
        ),
        ("start_time < 2024", r#"{"and":[]},{"field":"start_time","op":"contains","value":"2024-01-01 00:00:00"},"#),
    ] {
        let fits = |json_bytes| compiler(Limits { json_bytes, ..Limits::default() }).compile(query).is_ok();
        assert!(fits(counted.len()), "{query}");
        assert!(!fits(counted.len() - 1), "{query}");
    }
}

#[test]
fn limit_of_values_applies_to_parameters() {
    let few = compiler(Limits { values: 2, ..Limits::default() });
    let compile =
        |values: usize| few.clone().parameters(Parameters::new().with("p", vec!["a"; values])).compile("model in $p");
    assert!(compile(2).is_ok());
    for values in [3, 4] {
        let message = "more than 2 values in a list; the application can raise this limit";
        assert_eq!(message_and_help(&compile(values).unwrap_err()), message);
    }
}

/// The default limits apply to every function that reads a filter, and can be raised.
#[test]
fn wide_filters_are_rejected_everywhere() {
    let wide = |filters: usize| format!("{{\"and\":[{}]}}", vec!["{}"; filters - 1].join(","));
    let most = Limits::default().filters;
    assert!(Filter::from_json(&wide(most)).is_ok());
    let json = wide(most + 1);
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    for error in [
        Filter::from_json(&json).unwrap_err(),
        Filter::from_body(&json).unwrap_err(),
        Filter::from_value(&value).unwrap_err(),
    ] {
        assert_eq!(message_and_help(&error), "more than 100000 filters; the application can raise this limit");
    }
    let plain = serde_json::from_str::<Filter>(&json).unwrap_err().to_string();
    assert!(plain.contains("more than 100000 filters"), "{plain}");
    let raised = Limits { filters: most + 1, ..Limits::default() };
    assert_eq!(Filter::from_json_within(&json, &raised).unwrap().children().len(), most);
}

/// Input that is short as a query and long as JSON: each length is a product of two lengths, a gigabyte or more. The
/// limits are checked before the product is made.
#[test]
fn repetition_does_not_multiply() {
    let key = "k".repeat(100_000);
    let list = vec!["a"; 10_000].join(",");
    let wide = Parameters::new().with("p", Parameter::List(vec![Parameter::from("a"); 20_000]));
    let long = Parameters::new().with("p", "a".repeat(100_000));
    let clauses = vec!["model in $p"; 10_000].join(" or ");
    for (text, parameters, limit) in [
        (format!("meta.{key} contains any ({list})"), Parameters::new(), "bytes in the JSON"),
        (format!("meta.{key} contains all $p"), wide.clone(), "bytes in the JSON"),
        (clauses.clone(), wide, "filters in the JSON"),
        (clauses.replace("in", "="), long, "bytes in the JSON"),
    ] {
        let compiler = compiler(Limits::default()).parameters(parameters);
        let mut result = None;
        let made = allocation_counter::measure(|| result = Some(compiler.compile(&text)));
        let error = result.unwrap().unwrap_err();
        assert!(message_and_help(&error).contains(limit), "{error}");
        assert!(made.bytes_total < 50 << 20, "{limit}: {made:?}");
    }
    let longer = Parameters::new().with("p", Parameter::List(vec![Parameter::from("a"); 20_001]));
    let error = compiler(Limits::default()).parameters(longer).compile("model in $p").unwrap_err();
    assert_eq!(message_and_help(&error), "more than 20000 values in a list; the application can raise this limit");
}

/// Returns the number of filters in a filter, including itself.
fn count(filter: &Filter) -> usize {
    1 + filter.children().iter().map(count).sum::<usize>()
}

proptest! {
    #![proptest_config(strategies::config(1000))]

    /// What compiles within limits has JSON within them, and the estimate is close.
    #[test]
    fn json_is_no_larger_than_estimated(expr in strategies::valid_expr()) {
        let text = expr.to_string();
        let defaults = Limits::default();
        let filter = compiler(defaults).compile(&text).unwrap().filter;
        let (json, filters) = (serde_json::to_string(&filter).unwrap(), count(&filter));
        let exact = Limits { json_bytes: json.len(), filters, ..defaults };
        prop_assert_eq!(Filter::from_json_within(&json, &exact).unwrap(), filter);
        let short = compiler(Limits { json_bytes: json.len() - 1, ..defaults });
        prop_assert!(short.compile(&text).is_err(), "{}", text);
        let few = compiler(Limits { filters: filters - 1, ..defaults });
        prop_assert!(few.compile(&text).is_err(), "{}", text);
        let enough = Limits { json_bytes: 3 * json.len() + 11 * text.len(), filters: filters + text.len(), ..defaults };
        prop_assert!(compiler(enough).compile(&text).is_ok(), "{}", text);
    }
}
