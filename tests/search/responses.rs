//! Responses, parsed and serialized.

use freeplay_filter::search::{
    Child, ClientScore, CompletionResult, Content, MetaValue, Page, Role, SessionResult, TraceResult,
};
use proptest::collection::vec;
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::world::Session;

/// The example of the reference page, unchanged.
const EXAMPLE: &str = r#"{"data": [{"session_id": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
      "review_queue_id": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
      "session_metadata": {"start_time": "<string>", "end_time": "<string>"},
      "usage": {"prompt_tokens": 123, "completion_tokens": 123},
      "custom_metadata": {}, "test_run_id": "3c90c3cc-0d44-4b50-8888-8dd25736052a"}],
     "pagination": {"page": 123, "page_size": 123, "has_next": true}}"#;

fn back_and_forth<T: DeserializeOwned + Serialize>(json: &Value) -> Result<Value, serde_json::Error> {
    let read: T = serde_json::from_str(&json.to_string())?;
    serde_json::to_string(&read).and_then(|written| serde_json::from_str(&written))
}

/// Whether nothing is lost in a round trip, and nothing added but `null` for missing keys.
pub(crate) fn is_kept(read: &Value, written: &Value) -> bool {
    match (read, written) {
        (Value::Object(read), Value::Object(written)) => {
            read.iter().all(|(key, value)| written.get(key).is_some_and(|written| is_kept(value, written)))
                && written.iter().all(|(key, value)| read.contains_key(key) || value.is_null())
        }
        (Value::Array(read), Value::Array(written)) => {
            read.len() == written.len() && read.iter().zip(written).all(|(read, written)| is_kept(read, written))
        }
        _ => read == written,
    }
}

fn round_trips<T: DeserializeOwned + Serialize>(json: &Value) {
    let written = back_and_forth::<T>(json).unwrap();
    assert!(is_kept(json, &written), "{json}\n{written}");
}

#[test]
fn example_of_the_reference_round_trips() {
    let page: Page<SessionResult> = serde_json::from_str(EXAMPLE).unwrap();
    assert!(page.pagination.has_next);
    assert_eq!((page.pagination.page, page.pagination.page_size), (123, 123));
    let [session] = &page.data[..] else { panic!("{page:?}") };
    assert_eq!(session.session_id, "3c90c3cc-0d44-4b50-8888-8dd25736052a");
    assert_eq!(session.session_metadata.end_time, Some("<string>".to_owned()));
    assert_eq!(session.custom_metadata.as_ref().map(|metadata| metadata.len()), Some(0));
    assert!(session.children.is_none());
    assert!(session.other.is_empty() && page.other.is_empty());

    let written: Value = serde_json::to_value(&page).unwrap();
    assert!(is_kept(&serde_json::from_str(EXAMPLE).unwrap(), &written), "{written}");
}

#[test]
fn children_are_traces_and_completions_at_any_depth() {
    let json = Session::numbered(3).result("sessions", true);
    let session: SessionResult = serde_json::from_value(json.clone()).unwrap();
    let Some([Child::Trace(trace), Child::Completion(completion)]) = session.children.as_deref() else {
        panic!("{:?}", session.children)
    };
    assert_eq!(trace.trace_id, "00000001-0000-4000-8000-000000000003");
    assert_eq!(trace.input, Some(json!({"query": ["weather"]})));
    assert_eq!(trace.custom_metadata, None);
    assert_eq!(trace.customer_feedback.as_ref().unwrap()["rating"], MetaValue::Text("positive".to_owned()));
    assert_eq!(trace.evaluation_results.client_evaluations["parseable"], ClientScore::Bool(false));
    let Some([Child::Completion(inner)]) = trace.children.as_deref() else { panic!("{trace:?}") };
    assert_eq!(inner, completion);
    let roles: Vec<&Role> = inner.messages.iter().map(|message| &message.role).collect();
    assert_eq!(roles, [&Role::System, &Role::User, &Role::Assistant]);
    assert_eq!(inner.messages[1].content, Content::Blocks(vec![json!({"type": "text", "text": "Weather?"})]));
    round_trips::<SessionResult>(&json);
}

#[test]
fn unknown_roles_are_kept() {
    let mut json = Session::numbered(3).result("completions", false);
    json["messages"][0]["role"] = json!("tool");
    let completion: CompletionResult = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(completion.messages[0].role, Role::Other("tool".to_owned()));
    round_trips::<CompletionResult>(&json);
}

#[test]
fn invalid_responses_are_errors() {
    fn error<T: DeserializeOwned + Serialize>(kind: &str, pointer: &str, value: Value) -> String {
        let mut json = Session::numbered(3).result(kind, true);
        *json.pointer_mut(pointer).unwrap() = value;
        back_and_forth::<T>(&json).unwrap_err().to_string()
    }
    for (error, expected) in [
        (
            error::<SessionResult>("sessions", "/custom_metadata/model", json!(null)),
            "expected a string, a number or a boolean",
        ),
        (error::<SessionResult>("sessions", "/usage/prompt_tokens", json!(1.5)), "invalid type: floating point `1.5`"),
        (
            error::<SessionResult>("sessions", "/usage", json!({"prompt_tokens": 1})),
            "missing field `completion_tokens`",
        ),
        (error::<SessionResult>("sessions", "/session_id", json!(null)), "expected a string"),
        (
            error::<SessionResult>("sessions", "/children/0", json!({})),
            "a child has neither a `completion_id` nor a `trace_id`",
        ),
        (
            error::<SessionResult>("sessions", "/children/1", json!({"completion_id": "x"})),
            "missing field `session_id`",
        ),
        (
            error::<TraceResult>("traces", "/evaluation_results/client_evaluations/score", json!("4")),
            "expected a boolean or a number",
        ),
        (
            error::<CompletionResult>("completions", "/messages/2/content", json!(7)),
            "expected a string or an array of blocks",
        ),
    ] {
        assert!(error.contains(expected), "{error}");
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_filter_map("finite", |number| number.is_finite().then(|| Value::from(number))),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((any::<String>(), inner), 0..4).prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

fn text() -> BoxedStrategy<Value> {
    any::<String>().prop_map(Value::from).boxed()
}

fn int() -> BoxedStrategy<Value> {
    any::<i64>().prop_map(Value::from).boxed()
}

fn number() -> BoxedStrategy<Value> {
    prop_oneof![int(), (-1e9..1e9).prop_map(Value::from)].boxed()
}

fn boolean() -> BoxedStrategy<Value> {
    any::<bool>().prop_map(Value::from).boxed()
}

fn map_of(values: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    vec((any::<String>(), values), 0..3).prop_map(|pairs| Value::Object(pairs.into_iter().collect())).boxed()
}

fn meta() -> BoxedStrategy<Value> {
    map_of(prop_oneof![text(), number(), boolean()].boxed())
}

/// Generates an object with all of `required`, some of `nullable`, which may be null, and unknown keys.
fn object(
    required: Vec<(&'static str, BoxedStrategy<Value>)>,
    nullable: Vec<(&'static str, BoxedStrategy<Value>)>,
) -> BoxedStrategy<Value> {
    let required: Vec<_> = required
        .into_iter()
        .map(|(key, value)| value.prop_map(move |value| Some((key, value))))
        .map(Strategy::boxed)
        .collect();
    let nullable = nullable.into_iter().map(|(key, value)| {
        prop_oneof![Just(None), Just(Some((key, Value::Null))), value.prop_map(move |value| Some((key, value)))].boxed()
    });
    let known: Vec<_> = required.into_iter().chain(nullable).collect();
    (known, vec(("[a-z]{0,3}", any_json()), 0..2))
        .prop_map(|(known, unknown)| {
            let known = known.into_iter().flatten().map(|(key, value)| (key.to_owned(), value));
            Value::Object(unknown.into_iter().chain(known).collect::<Map<_, _>>())
        })
        .boxed()
}

fn usage() -> BoxedStrategy<Value> {
    object(vec![("prompt_tokens", int()), ("completion_tokens", int())], vec![])
}

fn evaluations() -> BoxedStrategy<Value> {
    let any_map = || map_of(any_json().boxed());
    let scores = map_of(prop_oneof![number(), boolean()].boxed());
    object(vec![("auto_evaluations", any_map()), ("human_labels", any_map()), ("client_evaluations", scores)], vec![])
}

fn children(depth: u32) -> BoxedStrategy<Value> {
    if depth == 0 {
        return Just(json!([])).boxed();
    }
    vec(prop_oneof![trace(depth - 1), completion(depth - 1)], 0..3).prop_map(Value::from).boxed()
}

fn session() -> BoxedStrategy<Value> {
    let metadata = object(vec![], vec![("start_time", text()), ("end_time", text())]);
    object(
        vec![("session_id", text()), ("session_metadata", metadata), ("usage", usage())],
        vec![
            ("review_queue_id", text()),
            ("test_run_id", text()),
            ("custom_metadata", meta()),
            ("children", children(2)),
        ],
    )
}

fn trace(depth: u32) -> BoxedStrategy<Value> {
    let metadata = ["agent_name", "start_time", "end_time", "assignee"].map(|key| (key, text()));
    object(
        vec![("session_id", text()), ("trace_id", text()), ("evaluation_results", evaluations())],
        vec![
            ("review_queue_id", text()),
            ("trace_metadata", object(vec![], metadata.into())),
            ("custom_metadata", meta()),
            ("customer_feedback", meta()),
            ("input", any_json().boxed()),
            ("output", any_json().boxed()),
            ("children", children(depth)),
        ],
    )
}

fn completion(depth: u32) -> BoxedStrategy<Value> {
    let texts = [
        "environment",
        "start_time",
        "end_time",
        "model",
        "provider",
        "prompt_template_version_id",
        "assignee",
        "prompt_version_name",
        "prompt_version_description",
    ];
    let metadata = texts.map(|key| (key, text())).into_iter().chain([("prompt_template", map_of(text()))]).collect();
    let role = prop_oneof!["user", "system", "assistant", "[a-z]{1,5}"].prop_map(Value::from).boxed();
    let content = prop_oneof![text(), vec(any_json(), 0..3).prop_map(Value::from)].boxed();
    let messages = vec(object(vec![("role", role), ("content", content)], vec![]), 0..3).prop_map(Value::from).boxed();
    object(
        vec![
            ("completion_id", text()),
            ("session_id", text()),
            ("evaluation_results", evaluations()),
            ("usage", usage()),
            ("completion_metadata", object(vec![], metadata)),
            ("customer_feedback", meta()),
            ("messages", messages),
            ("input_variables", map_of(any_json().boxed())),
        ],
        vec![("review_queue_id", text()), ("children", children(depth))],
    )
}

fn page(result: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    let natural = || any::<u64>().prop_map(Value::from).boxed();
    let pagination = object(vec![("page", natural()), ("page_size", natural()), ("has_next", boolean())], vec![]);
    object(vec![("data", vec(result, 0..3).prop_map(Value::from).boxed()), ("pagination", pagination)], vec![])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn sessions_round_trip(page in page(session())) {
        round_trips::<Page<SessionResult>>(&page);
    }

    #[test]
    fn traces_round_trip(page in page(trace(2))) {
        round_trips::<Page<TraceResult>>(&page);
    }

    #[test]
    fn completions_round_trip(page in page(completion(2))) {
        round_trips::<Page<CompletionResult>>(&page);
    }
}
