//! The values of search results for each field, by the API's reference.
#![cfg(feature = "matches")]

mod common;
mod strategies;

use std::collections::BTreeSet;

use freeplay_filter::matches::{Answer, Record, Stored};
use freeplay_filter::search::{CompletionResult, SessionResult, TraceResult};
use freeplay_filter::{Catalog, Filter, Truth, compile};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

fn matches(query: &str, record: &(impl Record + ?Sized)) -> Truth {
    compile(query).unwrap_or_else(|error| panic!("{query}\n{error}")).matches(record)
}

// ---- The table of the API's results ----

const UUIDS: [&str; 3] = [
    "00000000-0000-4000-8000-00000000000a",
    "00000000-0000-4000-8000-00000000000b",
    "00000000-0000-4000-8000-00000000000c",
];

fn evaluation_results() -> Value {
    json!({
        "auto_evaluations": {"Quality": 4, "Tone": "kind"},
        "human_labels": {"Quality": 2, "Fair": true},
        "client_evaluations": {"Parseable": false, "score": 0.85},
    })
}

fn completion() -> Value {
    json!({
        "completion_id": UUIDS[2],
        "session_id": UUIDS[0],
        "review_queue_id": null,
        "evaluation_results": evaluation_results(),
        "usage": {"prompt_tokens": 12, "completion_tokens": 34},
        "completion_metadata": {
            "environment": "staging",
            "start_time": "2024-06-01 00:00:01",
            "end_time": "2024-06-01 00:00:03.5",
            "model": "gpt-4o",
            "provider": "openai",
            "prompt_template": {"name": "my-prompt", "id": "not-a-name"},
            "prompt_template_version_id": UUIDS[1],
            "assignee": "user@example.com",
            "prompt_version_name": "v2",
            "prompt_version_description": "the second",
        },
        "customer_feedback": {"rating": "positive", "stars": 5, "seen": true},
        "messages": [
            {"role": "assistant", "content": "How can I help?"},
            {"role": "user", "content": [{"type": "text", "text": "Weather?"}]},
            {"role": "assistant", "content": "Sunny weather."},
            {"role": "user", "content": "Thanks."},
        ],
        "input_variables": {"topic": "weather", "user.name": "Ann"},
    })
}

fn trace() -> Value {
    json!({
        "session_id": UUIDS[0],
        "trace_id": UUIDS[1],
        "review_queue_id": null,
        "trace_metadata": {
            "agent_name": "support-agent",
            "start_time": "2024-06-01T02:00:00+02:00",
            "end_time": "2024-06-01T00:01:00Z",
            "assignee": "trace@example.com",
        },
        "custom_metadata": {"workflow": "onboarding"},
        "customer_feedback": {"rating": "negative"},
        "input": {"query": "weather"},
        "output": {"response": "sunny"},
        "evaluation_results": evaluation_results(),
    })
}

fn session() -> Value {
    json!({
        "session_id": UUIDS[0],
        "review_queue_id": UUIDS[1],
        "session_metadata": {"start_time": "2024-06-01 00:00:00", "end_time": "2024-06-01 01:00:00"},
        "usage": {"prompt_tokens": 123, "completion_tokens": 123},
        "custom_metadata": {"user_type": "premium", "seats": 12, "trial": false},
        "test_run_id": UUIDS[1],
    })
}

/// A cell of the table: JSON values, or that no result contains the field.
enum Cell {
    Is(Value),
    NotSaid,
}
use Cell::{Is, NotSaid};

/// The table of the fields of a result, with the values of the results above: each field of the catalog,
/// with its cell for a completion, a trace and a session.
fn table() -> Vec<(&'static str, Cell, Cell, Cell)> {
    let is = |value: Value| Is(value);
    vec![
        ("completion_id", is(json!([UUIDS[2]])), NotSaid, NotSaid),
        ("session_id", is(json!([UUIDS[0]])), is(json!([UUIDS[0]])), is(json!([UUIDS[0]]))),
        ("trace_id", NotSaid, is(json!([UUIDS[1]])), NotSaid),
        ("model", is(json!(["gpt-4o"])), NotSaid, NotSaid),
        ("provider", is(json!(["openai"])), NotSaid, NotSaid),
        ("environment", is(json!(["staging"])), NotSaid, NotSaid),
        ("assignee", is(json!(["user@example.com"])), is(json!(["trace@example.com"])), NotSaid),
        (
            "start_time",
            is(json!(["2024-06-01 00:00:01"])),
            is(json!(["2024-06-01T02:00:00+02:00"])),
            is(json!(["2024-06-01 00:00:00"])),
        ),
        ("latency", is(json!([2.5])), is(json!([60])), is(json!([3600]))),
        ("prompt_template", is(json!(["my-prompt"])), NotSaid, NotSaid),
        ("prompt_version", is(json!(["v2"])), NotSaid, NotSaid),
        ("trace_agent_name", NotSaid, is(json!(["support-agent"])), NotSaid),
        ("agent_name", NotSaid, is(json!(["support-agent"])), NotSaid),
        ("completion_output", is(json!(["Sunny weather."])), NotSaid, NotSaid),
        ("completion_inputs.topic", is(json!(["weather"])), NotSaid, NotSaid),
        ("completion_inputs.user.name", is(json!(["Ann"])), NotSaid, NotSaid),
        ("completion_feedback.rating", is(json!(["positive"])), NotSaid, NotSaid),
        ("completion_feedback.stars", is(json!([5])), NotSaid, NotSaid),
        ("completion_feedback.seen", is(json!([true])), NotSaid, NotSaid),
        ("completion_feedback.absent", is(json!([])), NotSaid, NotSaid),
        ("completion_evaluation_results.Quality", is(json!([4, 2])), NotSaid, NotSaid),
        ("completion_evaluation_results.Tone", is(json!(["kind"])), NotSaid, NotSaid),
        ("completion_evaluation_results.Fair", is(json!([true])), NotSaid, NotSaid),
        ("completion_evaluation_results.score", is(json!([])), NotSaid, NotSaid),
        ("completion_client_evaluation_results.score", is(json!([0.85])), NotSaid, NotSaid),
        ("completion_client_evaluation_results.Parseable", is(json!([false])), NotSaid, NotSaid),
        ("trace_evaluation_results.Quality", NotSaid, is(json!([4, 2])), NotSaid),
        ("trace_client_eval_results.score", NotSaid, is(json!([0.85])), NotSaid),
        ("trace_input.query", NotSaid, is(json!(["weather"])), NotSaid),
        ("trace_output.response", NotSaid, is(json!(["sunny"])), NotSaid),
        ("trace_feedback.rating", NotSaid, is(json!(["negative"])), NotSaid),
        ("trace_custom_metadata.workflow", NotSaid, is(json!(["onboarding"])), NotSaid),
        ("session_custom_metadata.user_type", NotSaid, NotSaid, is(json!(["premium"]))),
        ("session_custom_metadata.seats", NotSaid, NotSaid, is(json!([12]))),
        ("session_custom_metadata.trial", NotSaid, NotSaid, is(json!([false]))),
        ("cost", NotSaid, NotSaid, NotSaid),
        ("api_key", NotSaid, NotSaid, NotSaid),
        ("review_status", NotSaid, NotSaid, NotSaid),
        ("insight_name", NotSaid, NotSaid, NotSaid),
        ("insight_id", NotSaid, NotSaid, NotSaid),
        ("evaluation_notes.content", NotSaid, NotSaid, NotSaid),
        ("evaluation_notes.author", NotSaid, NotSaid, NotSaid),
        ("evaluation_notes.created_at", NotSaid, NotSaid, NotSaid),
        ("prompt_template_id", NotSaid, NotSaid, NotSaid),
    ]
}

fn as_json(answer: &Answer) -> Value {
    let value = |stored: &Stored| match stored {
        Stored::String(text) => json!(text),
        Stored::Number(number) => serde_json::to_value(number).unwrap(),
        Stored::Boolean(boolean) => json!(boolean),
    };
    answer.values.iter().map(value).collect()
}

/// Checks that a record's answer for a field is a cell of the table, and that tests of the field agree.
fn answers(field: &str, cell: &Cell, record: &dyn Record) {
    let answer = record.answer(field);
    let test = |value: &Value| {
        let filter = match value {
            Value::Number(number) => Filter::field(field).eq(number.as_f64().unwrap()),
            Value::String(text) if field.starts_with("completion_evaluation") => Filter::field(field).contains(&**text),
            Value::String(text) => Filter::field(field).eq(&**text),
            other => Filter::field(field).contains(other.to_string()),
        };
        filter.matches(record)
    };
    match cell {
        Is(values) => {
            assert_eq!((as_json(&answer), &answer.incomplete), (values.clone(), &None), "{field}");
            for value in values.as_array().unwrap() {
                assert_eq!(test(value), Truth::True, "{field} {value}");
            }
            // A time is normalized, and is compared with a different time.
            let other =
                if field == "start_time" { "1999-12-31 00:00:00" } else { "00000000-0000-4000-8000-0000000000ff" };
            assert_eq!(test(&json!(other)), Truth::False, "{field}");
        }
        NotSaid => {
            assert!(answer.values.is_empty() && answer.incomplete.is_some(), "{field}: {answer:?}");
            assert_eq!(test(&json!("a")), Truth::Unknown, "{field}");
            assert_eq!((!Filter::field(field).contains("a")).matches(record), Truth::Unknown, "{field}");
        }
    }
}

#[test]
fn every_field_has_the_value_in_the_table() {
    let (completion, trace, session) = (completion(), trace(), session());
    let typed_completion: CompletionResult = serde_json::from_value(completion.clone()).unwrap();
    let typed_trace: TraceResult = serde_json::from_value(trace.clone()).unwrap();
    let typed_session: SessionResult = serde_json::from_value(session.clone()).unwrap();
    let mut told = BTreeSet::new();
    for (field, of_completion, of_trace, of_session) in table() {
        answers(field, &of_completion, &completion);
        answers(field, &of_completion, &typed_completion);
        answers(field, &of_trace, &trace);
        answers(field, &of_trace, &typed_trace);
        answers(field, &of_session, &session);
        answers(field, &of_session, &typed_session);
        let catalog = Catalog::builtin();
        let name = catalog.get(field).map_or_else(|| field.split_once('.').unwrap().0, |_| field);
        told.insert(catalog.get(name).unwrap().pattern());
    }
    let all: BTreeSet<String> = Catalog::builtin().fields().iter().map(|field| field.pattern()).collect();
    assert_eq!(told, all, "table() needs a row for each field of the catalog");
}

/// The example response of the reference, unchanged: its times are `<string>`.
#[test]
fn example_of_the_reference_has_its_id_and_metadata() {
    let result: Value = serde_json::from_str(
        r#"{"session_id": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
      "review_queue_id": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
      "session_metadata": {"start_time": "<string>", "end_time": "<string>"},
      "usage": {"prompt_tokens": 123, "completion_tokens": 123},
      "custom_metadata": {}, "test_run_id": "3c90c3cc-0d44-4b50-8888-8dd25736052a"}"#,
    )
    .unwrap();
    let typed: SessionResult = serde_json::from_value(result.clone()).unwrap();
    for field in Catalog::builtin().fields() {
        let (name, cell) = match field.name() {
            "session_id" => ("session_id".to_owned(), Is(json!(["3c90c3cc-0d44-4b50-8888-8dd25736052a"]))),
            "session_custom_metadata" => ("session_custom_metadata.user_type".to_owned(), Is(json!([]))),
            _ => (field.pattern().replace('*', "a"), NotSaid),
        };
        answers(&name, &cell, &result);
        answers(&name, &cell, &typed);
    }
}

/// Each row is a change to a completion, trace or session, a field, and the answer after the change.
#[test]
fn missing_or_invalid_data_is_unknown() {
    let none = || Is(json!([]));
    for (result, pointer, value, field, cell) in [
        // A string that is null is no value; a missing key is unknown.
        (completion(), "/completion_metadata/model", Some(json!(null)), "model", none()),
        (completion(), "/completion_metadata/model", None, "model", NotSaid),
        (completion(), "/completion_metadata", None, "model", NotSaid),
        (completion(), "/completion_metadata/start_time", Some(json!(null)), "start_time", none()),
        (completion(), "/completion_metadata/start_time", Some(json!("yesterday")), "start_time", NotSaid),
        // The latency needs both times.
        (completion(), "/completion_metadata/start_time", Some(json!(null)), "latency", NotSaid),
        (completion(), "/completion_metadata/end_time", Some(json!(null)), "latency", NotSaid),
        (completion(), "/completion_metadata/end_time", Some(json!("<string>")), "latency", NotSaid),
        (
            completion(),
            "/completion_metadata/end_time",
            Some(json!("2024-06-01 00:00:09.1")),
            "latency",
            Is(json!([8.1])),
        ),
        (session(), "/session_metadata/end_time", Some(json!("2024-06-01")), "latency", Is(json!([0]))),
        (completion(), "/completion_metadata/prompt_template", Some(json!(null)), "prompt_template", NotSaid),
        (completion(), "/completion_metadata/prompt_template", Some(json!({"id": "x"})), "prompt_template", NotSaid),
        (completion(), "/messages", Some(json!([])), "completion_output", NotSaid),
        (completion(), "/messages", Some(json!([{"role": "user", "content": "a"}])), "completion_output", NotSaid),
        (
            completion(),
            "/messages/2/content",
            Some(json!([{"type": "text", "text": "a"}])),
            "completion_output",
            NotSaid,
        ),
        (completion(), "/customer_feedback", Some(json!({})), "completion_feedback.rating", none()),
        // Nested values, and keys that may refer to one.
        (completion(), "/input_variables/topic", Some(json!({"b": "a"})), "completion_inputs.topic", NotSaid),
        (completion(), "/input_variables/topic", Some(json!({"b": "a"})), "completion_inputs.topic.b", NotSaid),
        (completion(), "/input_variables/topic", Some(json!("a")), "completion_inputs.topic.b", none()),
        (completion(), "/input_variables/topic", Some(json!(null)), "completion_inputs.topic", none()),
        (completion(), "/evaluation_results/human_labels", None, "completion_evaluation_results.absent", NotSaid),
        (trace(), "/trace_metadata", Some(json!(null)), "agent_name", NotSaid),
        (trace(), "/trace_metadata", Some(json!(null)), "start_time", NotSaid),
        (trace(), "/trace_metadata/agent_name", Some(json!(null)), "trace_agent_name", none()),
        (trace(), "/custom_metadata", Some(json!(null)), "trace_custom_metadata.workflow", none()),
        (trace(), "/custom_metadata", None, "trace_custom_metadata.workflow", NotSaid),
        (trace(), "/input", Some(json!(null)), "trace_input.query", none()),
        (trace(), "/input", Some(json!("weather")), "trace_input.query", NotSaid),
        (trace(), "/output", Some(json!(["sunny"])), "trace_output.response", NotSaid),
        (session(), "/custom_metadata", Some(json!(null)), "session_custom_metadata.user_type", none()),
    ] {
        let mut changed = result;
        let (object, key) = pointer.rsplit_once('/').unwrap();
        let was_missing = value.is_none();
        match (changed.pointer_mut(object).unwrap(), value) {
            (Value::Array(items), Some(value)) => items[key.parse::<usize>().unwrap()] = value,
            (object, Some(value)) => object[key] = value,
            (object, None) => drop(object.as_object_mut().unwrap().remove(key)),
        }
        answers(field, &cell, &changed);
        // The types treat a missing key as null, and require some keys.
        if was_missing {
            continue;
        }
        match field_of_type(&changed) {
            Typed::Completion(typed) => answers(field, &cell, &*typed),
            Typed::Trace(typed) => answers(field, &cell, &*typed),
            Typed::Session(typed) => answers(field, &cell, &*typed),
        }
    }
}

enum Typed {
    Completion(Box<CompletionResult>),
    Trace(Box<TraceResult>),
    Session(Box<SessionResult>),
}

fn field_of_type(result: &Value) -> Typed {
    if result.get("completion_id").is_some() {
        Typed::Completion(serde_json::from_value(result.clone()).unwrap())
    } else if result.get("trace_id").is_some() {
        Typed::Trace(serde_json::from_value(result.clone()).unwrap())
    } else {
        Typed::Session(serde_json::from_value(result.clone()).unwrap())
    }
}

/// A known value counts next to an unknown one.
#[test]
fn known_values_count_next_to_unknown_ones() {
    let mut result = completion();
    result["evaluation_results"]["human_labels"]["Quality"] = json!({"score": 5});
    let truths = |query: &str| (matches(query, &result), matches(&format!("not {query}"), &result));
    assert_eq!(truths("eval.Quality = 4"), (Truth::True, Truth::False));
    assert_eq!(truths("eval.Quality = 5"), (Truth::Unknown, Truth::Unknown));
}

// ---- Children ----

fn with_children(mut result: Value, children: &[Value]) -> Value {
    result["children"] = json!(children);
    result
}

fn completion_of(model: &str) -> Value {
    let mut completion = completion();
    completion["completion_metadata"]["model"] = json!(model);
    completion
}

#[test]
fn tests_hold_if_they_hold_for_any_child() {
    let inner = with_children(trace(), &[completion_of("gpt-4o")]);
    let full = with_children(session(), &[inner, completion_of("o1")]);
    let listed = with_children(session(), &[trace(), with_children(completion(), &[])]);
    let of_leaf = with_children(session(), &[with_children(trace(), &[]), completion_of("o1")]);
    let silent = with_children(session(), &[trace(), completion_of("o1")]);
    let empty = with_children(session(), &[]);
    let strange = with_children(session(), &[completion_of("o1"), json!({"span_id": "x"})]);
    let around = with_children(session(), &[with_children(json!({"span_id": "x"}), &[completion_of("o1")])]);
    let rows = [
        // Without children, the fields of a session's completions and traces are unknown.
        (session(), "model = o1", Truth::Unknown),
        (session(), "agent = support-agent", Truth::Unknown),
        // Any child, at any depth.
        (full.clone(), "model = o1", Truth::True),
        (full.clone(), "model = gpt-4o", Truth::True),
        (full.clone(), "model = claude", Truth::False),
        (full.clone(), "not model = claude", Truth::True),
        (full.clone(), "model = o1 and not model = gpt-4o", Truth::False),
        (full.clone(), "agent = support-agent and meta.user_type ~ premium", Truth::True),
        (full.clone(), "assignee = user@example.com and assignee = trace@example.com", Truth::True),
        // No result contains this field.
        (full.clone(), "cost > 1", Truth::Unknown),
        // Without a list of children there may be some; with an empty list there are none.
        (silent.clone(), "model = o1", Truth::True),
        (silent, "model = claude", Truth::Unknown),
        (full.clone(), "agent = other", Truth::Unknown),
        (listed, "agent = other", Truth::False),
        (of_leaf, "model = claude", Truth::False),
        // No part of the result can contain the field.
        (empty.clone(), "model = o1", Truth::Unknown),
        (empty, "meta.user_type ~ premium", Truth::True),
        // JSON that is not a result.
        (strange.clone(), "model = o1", Truth::True),
        (strange, "model = claude", Truth::Unknown),
        (around.clone(), "model = o1", Truth::True),
        (around, "model = claude", Truth::Unknown),
        // A result's own value takes precedence.
        (full.clone(), "latency = 1h", Truth::True),
        (full.clone(), "latency = 2.5s", Truth::False),
        (full, "time = 2024-06-01T00:00:01Z", Truth::False),
        // A completion is not a child of its session, nor a trace of its own.
        (completion(), "agent = support-agent", Truth::Unknown),
        (with_children(trace(), &[completion()]), "meta.user_type ~ premium", Truth::Unknown),
        (with_children(trace(), &[completion()]), "output ~ sunny and assignee = user@example.com", Truth::False),
    ];
    for (result, query, truth) in rows {
        assert_eq!(matches(query, &result), truth, "{query}\n{result}");
    }
}

proptest! {
    #![proptest_config(strategies::config(500))]

    /// For any unexpected JSON in a result, a test is decided by what is valid, and unknown otherwise.
    #[test]
    fn malformed_results_are_read_as_far_as_possible(
        (mut result, other) in (strategies::results::result(), strategies::results::result()),
        (at, from) in any::<(prop::sample::Index, prop::sample::Index)>(),
    ) {
        let part = |result: &Value, index: prop::sample::Index| {
            let mut pointers = Vec::new();
            list(result, String::new(), &mut pointers);
            pointers.swap_remove(index.index(pointers.len()))
        };
        *result.pointer_mut(&part(&result, at)).unwrap() = other.pointer(&part(&other, from)).unwrap().clone();
        for field in Catalog::builtin().fields() {
            let name = field.pattern().replace('*', "a");
            let answer = result.answer(&name);
            let found = Filter::field(&*name).contains("yes").matches(&result);
            let is_decided = answer.incomplete.is_none() || as_json(&answer).to_string().contains("yes");
            prop_assert_eq!(found.known().is_some(), is_decided, "{}\n{}", name, result);
        }
    }
}

/// Returns the JSON pointers of all parts.
fn list(value: &Value, pointer: String, all: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            object.iter().for_each(|(key, value)| list(value, format!("{pointer}/{key}"), all));
        }
        Value::Array(items) => {
            items.iter().zip(0..).for_each(|(item, index)| list(item, format!("{pointer}/{index}"), all));
        }
        _ => {}
    }
    all.push(pointer);
}

/// Results are untrusted JSON, and may be as deep as memory allows.
#[test]
fn deep_children_use_no_stack() {
    let mut deep = completion_of("deep");
    for _ in 0..50_000 {
        let mut outer = json!({"trace_id": "x", "session_id": "y", "usage": {}});
        outer["children"] = Value::Array(vec![deep]);
        deep = outer;
    }
    assert_eq!(matches("model = deep", &deep), Truth::True);
    assert_eq!(matches("model = other", &deep), Truth::False);
    std::mem::forget(deep);
}

/// Whether JSON is a result or an object keyed by fields.
#[test]
fn results_are_distinguished_from_objects_keyed_by_fields() {
    let uuid = UUIDS[0];
    for (record, truth) in [
        (json!({"session_id": uuid, "model": "o1"}), Truth::True),
        (json!({"completion_id": uuid, "trace_id": uuid, "cost": 1}), Truth::False),
        (json!({}), Truth::False),
        // Only results have these keys.
        (json!({"completion_id": uuid, "completion_metadata": {"model": "o1"}}), Truth::True),
        (json!({"session_id": uuid, "usage": {}, "model": "o1"}), Truth::Unknown),
        (
            json!({"session_id": uuid, "children": [{"completion_id": uuid, "completion_metadata": {"model": "o1"}}]}),
            Truth::True,
        ),
        // An ID alone is a result with everything else removed.
        (json!({"session_id": uuid}), Truth::Unknown),
        (json!({"completion_id": uuid, "session_id": uuid}), Truth::Unknown),
    ] {
        assert_eq!(matches("model = o1", &record), truth, "{record}");
    }
}

#[test]
fn results_can_be_trait_objects() {
    let records: [&dyn Record; 2] = [&session(), &json!({"cost": 5})];
    let found: Vec<Truth> = records.iter().map(|record| matches("cost > 1", *record)).collect();
    assert_eq!(found, [Truth::Unknown, Truth::True]);
}

/// The types and the JSON that they are serialized as have equal answers.
#[test]
fn types_and_their_json_agree() {
    fn agree<T: Record + Serialize + DeserializeOwned>(filter: &Filter, result: &Value, count: &mut u32) {
        let Ok(typed) = serde_json::from_value::<T>(result.clone()) else { return };
        let written = serde_json::to_value(&typed).unwrap();
        assert_eq!(filter.matches(&typed), filter.matches(&written), "{filter:?}\n{written}");
        *count += 1;
    }
    let compiler = common::compiler();
    let mut runner = TestRunner::deterministic();
    let mut counts = [0; 3];
    for _ in 0..3000 {
        let result = strategies::results::result().new_tree(&mut runner).unwrap().current();
        let expr = strategies::results::expr_on_results().new_tree(&mut runner).unwrap().current();
        let filter = compiler.compile(&expr.to_string()).unwrap().filter;
        agree::<SessionResult>(&filter, &result, &mut counts[0]);
        agree::<TraceResult>(&filter, &result, &mut counts[1]);
        agree::<CompletionResult>(&filter, &result, &mut counts[2]);
    }
    assert!(counts.iter().all(|count| *count >= 30), "{counts:?}");
}
