//! Evaluation of filters on records: the meaning of the operators, and of unknown values.
#![cfg(feature = "matches")]

use freeplay_filter::matches::{Answer, Record, Stored};
use freeplay_filter::{Filter, Truth, compile};
use serde_json::json;

fn field(name: &str) -> freeplay_filter::FieldBuilder {
    Filter::field(name)
}

fn matches(query: &str, record: &(impl Record + ?Sized)) -> Truth {
    compile(query).unwrap_or_else(|error| panic!("{query}\n{error}")).matches(record)
}

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
        let filter = field("completion_output").contains(phrase);
        let record = json!({"completion_output": text});
        assert_eq!(filter.matches(&record), Truth::from(found), "{text:?} contains {phrase:?}");
    }
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
        (field("completion_evaluation_results.Passed").eq("true"), false),
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
        assert_eq!(filter.matches(&record), Truth::from(holds), "{filter:?}");
    }
}

/// Kleene's truth tables, for all kinds of groups.
#[test]
fn unknown_follows_kleene_logic() {
    let record = json!({"session_id": "x", "custom_metadata": {"a": "yes"}});
    let of = |truth: Truth| match truth {
        Truth::True => Filter::All,
        Truth::False => !Filter::All,
        Truth::Unknown => field("cost").gt(1),
    };
    const ALL: [Truth; 3] = [Truth::True, Truth::False, Truth::Unknown];
    let is = |truth: Truth, among: &[Truth]| among.contains(&truth);
    for left in ALL {
        assert_eq!(of(left).matches(&record), left);
        assert_eq!((!of(left)).matches(&record).known(), left.known().map(|known| !known));
        for right in ALL {
            let and = match [left, right] {
                pair if is(Truth::False, &pair) => Truth::False,
                pair if is(Truth::Unknown, &pair) => Truth::Unknown,
                _ => Truth::True,
            };
            let or = match [left, right] {
                pair if is(Truth::True, &pair) => Truth::True,
                pair if is(Truth::Unknown, &pair) => Truth::Unknown,
                _ => Truth::False,
            };
            assert_eq!(Filter::And(vec![of(left), of(right)]).matches(&record), and, "{left} and {right}");
            assert_eq!(Filter::Or(vec![of(left), of(right)]).matches(&record), or, "{left} or {right}");
            assert_eq!((left & right, left | right), (and, or));
            let three = Filter::And(vec![Filter::All, Filter::Or(vec![of(left), of(right)]), Filter::All]);
            assert_eq!(three.matches(&record), or);
        }
    }
    let shown: Vec<String> = ALL.iter().map(|truth| format!("{truth} {}", json!(truth))).collect();
    assert_eq!(shown, ["true true", "false false", "unknown null"]);
    assert_eq!([Some(true), Some(false), None].map(Truth::from), ALL);
}

/// What the guide does not define is unknown, and what certainly does not hold is false.
#[test]
fn undocumented_comparisons_are_unknown() {
    let uuid = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
    let record = json!({
        "tenant": "acme", "start_time": "<string>", "model": "gpt-4o", "session_id": uuid,
        "evaluation_notes.created_at": true, "completion_inputs": {"a": {"b": 1}, "c": ["x", ["y"]]},
        "latency": 5,
    });
    for (filter, truth) in [
        (field("tenant").gt("abc"), Truth::Unknown),
        (field("tenant").gte("acme"), Truth::True),
        (field("tenant").lt("acme"), Truth::False),
        (field("tenant").eq("abc"), Truth::False),
        (field("tenant").gt(5), Truth::False),
        (field("start_time").gt("2024-06-01 00:00:00"), Truth::Unknown),
        (field("start_time").eq("<string>"), Truth::Unknown),
        (field("start_time").contains("string"), Truth::True),
        (field("evaluation_notes.created_at").gt("2024-06-01 00:00:00"), Truth::Unknown),
        (field("session_id").eq(uuid.to_uppercase()), Truth::Unknown),
        (field("session_id").eq(uuid.replace('3', "4")), Truth::False),
        (field("model").eq("GPT-4o"), Truth::False),
        (field("completion_inputs.a").contains("1"), Truth::Unknown),
        (field("completion_inputs.c").contains("x"), Truth::True),
        (field("completion_inputs.c").contains("z"), Truth::Unknown),
        (field("latency").eq("5"), Truth::False),
        (field("latency").between(5, 6), Truth::True),
        (field("start_time").between(5, 6), Truth::Unknown),
    ] {
        assert_eq!(filter.matches(&record), truth, "{filter:?}");
    }
    for record in [json!(null), json!([]), json!("gpt-4o"), json!(5)] {
        assert_eq!(matches("model = gpt-4o", &record), Truth::Unknown, "{record}");
    }
}

#[test]
fn objects_keyed_by_fields_are_complete() {
    let record = json!({
        "model": ["gpt-4o", "o1"],
        "completion_inputs": {"topic": "a.b", "user.name": "Ann"},
        "trace_input.query": "flat",
        "evaluation_notes": {"content": "good"},
        "assignee": null,
        "session_id": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
    });
    let of = |field: &str| record.answer(field);
    assert_eq!(of("model"), Answer::values([Stored::String("gpt-4o".into()), Stored::String("o1".into())]));
    assert_eq!(of("completion_inputs.user.name"), Answer::values([Stored::String("Ann".into())]));
    assert_eq!(of("trace_input.query"), Answer::values([Stored::String("flat".into())]));
    assert_eq!(of("evaluation_notes.content"), Answer::values([Stored::String("good".into())]));
    assert_eq!(of("assignee"), Answer::none());
    assert_eq!(of("cost"), Answer::none());
}
