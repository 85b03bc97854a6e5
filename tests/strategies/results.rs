//! Strategies for search results, as the API may send them, and for queries on their data.

use serde_json::{Map, Value as Json, json};

use super::*;

/// A sequence of random choices; after its end, the first option is chosen.
struct Choices(std::vec::IntoIter<u8>);

impl Choices {
    fn below(&mut self, count: usize) -> usize {
        usize::from(self.0.next().unwrap_or(0)) % count
    }

    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }

    /// Adds a key with a value, with `null`, or not at all.
    fn may_hold(&mut self, object: &mut Json, key: &str, value: impl FnOnce(&mut Choices) -> Json) {
        match self.below(8) {
            6 => object[key] = Json::Null,
            7 => {}
            _ => object[key] = value(self),
        }
    }
}

pub(crate) const IDS: [&str; 2] = ["3c90c3cc-0d44-4b50-8888-8dd25736052a", "00000000-0000-4000-8000-000000000001"];
const TEXTS: [&str; 8] = ["a", "prod", "gpt-4o", "yes", "no", "refund policy", "Refund-Policy now", ""];
const TIMES: [&str; 6] = [
    "2024-06-01T00:00:00Z",
    "2024-06-01 00:00:05",
    "2024-06-01T02:00:00.5+02:00",
    "2024-05-31 23:59:59",
    "2023-01-01 00:00:00",
    "<string>",
];

fn text(choices: &mut Choices) -> Json {
    json!(choices.one(&TEXTS))
}

fn single(choices: &mut Choices) -> Json {
    match choices.below(4) {
        0 => json!(choices.below(10)),
        1 => json!(choices.one(&[0.5, 0.01, 8.0])),
        2 => json!(choices.below(2) == 0),
        _ => text(choices),
    }
}

fn any_json(choices: &mut Choices) -> Json {
    match choices.below(8) {
        0 => json!({"b": "yes"}),
        1 => json!(["yes", 5]),
        2 => Json::Null,
        _ => single(choices),
    }
}

fn object(choices: &mut Choices, value: fn(&mut Choices) -> Json) -> Json {
    let mut object = json!({});
    for key in ["a", "x.b"] {
        if choices.below(4) > 0 {
            object[key] = value(choices);
        }
    }
    object
}

fn metadata(choices: &mut Choices, keys: &[&str]) -> Json {
    let mut metadata = json!({});
    for key in ["start_time", "end_time"] {
        choices.may_hold(&mut metadata, key, |choices| json!(choices.one(&TIMES)));
    }
    for key in keys {
        choices.may_hold(&mut metadata, key, text);
    }
    metadata
}

fn evaluations(choices: &mut Choices) -> Json {
    let mut evaluations = json!({});
    choices.may_hold(&mut evaluations, "auto_evaluations", |choices| object(choices, any_json));
    choices.may_hold(&mut evaluations, "human_labels", |choices| object(choices, any_json));
    choices.may_hold(&mut evaluations, "client_evaluations", |choices| {
        object(choices, |choices| match choices.below(3) {
            0 => json!(choices.below(2) == 0),
            _ => json!(choices.one(&[0.5, 5.0, 8.0])),
        })
    });
    evaluations
}

fn message(choices: &mut Choices) -> Json {
    let content = match choices.below(4) {
        0 => json!([{"type": "text", "text": "yes"}]),
        _ => text(choices),
    };
    json!({"role": choices.one(&["assistant", "assistant", "user", "system"]), "content": content})
}

fn session(choices: &mut Choices) -> Json {
    let mut session = json!({"session_id": choices.one(&IDS), "usage": {"prompt_tokens": 1, "completion_tokens": 2}});
    choices.may_hold(&mut session, "session_metadata", |choices| metadata(choices, &[]));
    choices.may_hold(&mut session, "custom_metadata", |choices| object(choices, single));
    session
}

fn trace(choices: &mut Choices) -> Json {
    let mut trace = json!({"trace_id": choices.one(&IDS), "session_id": choices.one(&IDS), "review_queue_id": null});
    choices.may_hold(&mut trace, "trace_metadata", |choices| metadata(choices, &["agent_name", "assignee"]));
    choices.may_hold(&mut trace, "evaluation_results", evaluations);
    for key in ["custom_metadata", "customer_feedback"] {
        choices.may_hold(&mut trace, key, |choices| object(choices, single));
    }
    for key in ["input", "output"] {
        choices.may_hold(&mut trace, key, |choices| match choices.below(3) {
            0 => any_json(choices),
            _ => object(choices, any_json),
        });
    }
    trace
}

fn completion(choices: &mut Choices) -> Json {
    let mut completion = json!({"completion_id": choices.one(&IDS), "session_id": choices.one(&IDS), "usage": {"prompt_tokens": 1, "completion_tokens": 2}});
    choices.may_hold(&mut completion, "completion_metadata", |choices| {
        let keys = ["model", "environment", "provider", "assignee", "prompt_version_name"];
        let mut metadata = metadata(choices, &keys);
        choices.may_hold(&mut metadata, "prompt_template", |choices| {
            let mut template = json!({"id": "a"});
            choices.may_hold(&mut template, "name", text);
            template
        });
        metadata
    });
    choices.may_hold(&mut completion, "evaluation_results", evaluations);
    choices.may_hold(&mut completion, "customer_feedback", |choices| object(choices, single));
    choices.may_hold(&mut completion, "input_variables", |choices| object(choices, any_json));
    choices.may_hold(&mut completion, "messages", |choices| {
        let count = choices.below(4);
        json!((0..count).map(|_| message(choices)).collect::<Vec<Json>>())
    });
    completion
}

fn made(choices: &mut Choices, kind: usize, levels: usize) -> Json {
    let mut result = match kind {
        0 => session(choices),
        1 => trace(choices),
        _ => completion(choices),
    };
    if levels > 0 && choices.below(4) > 0 {
        choices.may_hold(&mut result, "children", |choices| {
            let count = choices.below(4);
            let children = (0..count).map(|_| match choices.below(20) {
                0 => json!("neither a trace nor a completion"),
                number => made(choices, 1 + number % 2, levels - 1),
            });
            Json::Array(children.collect())
        });
    }
    result
}

/// Generates a result of a search for sessions, traces or completions, often with children.
pub(crate) fn result() -> impl Strategy<Value = Json> {
    (0_usize..3, vec(any::<u8>(), 400)).prop_map(|(kind, drawn)| made(&mut Choices(drawn.into_iter()), kind, 2))
}

/// Generates a result, and the same result with less data before it.
pub(crate) fn less_and_more() -> impl Strategy<Value = (Json, Json)> {
    (result(), vec(any::<u8>(), 200)).prop_map(|(more, drawn)| {
        let mut less = more.clone();
        forget(&mut less, &mut Choices(drawn.into_iter()));
        (less, more)
    })
}

/// Removes keys that the API's reference has for every result, and makes values invalid, without changing
/// the kind of the result.
fn forget(result: &mut Json, choices: &mut Choices) {
    const OBJECTS: [&str; 4] = ["session_metadata", "trace_metadata", "completion_metadata", "evaluation_results"];
    const OF_THE_USER: [&str; 8] = [
        "custom_metadata",
        "customer_feedback",
        "input",
        "output",
        "input_variables",
        "auto_evaluations",
        "human_labels",
        "client_evaluations",
    ];
    fn within(object: &mut Map<String, Json>, choices: &mut Choices) {
        object.retain(|key, _| key.ends_with("_id") || choices.below(10) > 0);
        for (key, value) in object.iter_mut() {
            match value {
                Json::Object(inside) if OBJECTS.contains(&key.as_str()) => within(inside, choices),
                Json::Object(inside) if OF_THE_USER.contains(&key.as_str()) => {
                    inside.values_mut().filter(|_| choices.below(10) == 0).for_each(|value| *value = json!([[]]));
                }
                Json::Array(children) if key == "children" => {
                    children.iter_mut().for_each(|child| forget(child, choices))
                }
                Json::String(time) if key.ends_with("_time") && choices.below(10) == 0 => *time = "<string>".to_owned(),
                _ => {}
            }
        }
    }
    if let Some(object) = result.as_object_mut() {
        within(object, choices);
    }
}

/// Generates trees with the fields that results may contain, and a few that none contains.
pub(crate) fn expr_on_results() -> impl Strategy<Value = Expr<'static>> {
    tree(prop_oneof![1 => likely_clause(), 2 => clause_on_results()])
}

fn clause_on_results() -> impl Strategy<Value = Expr<'static>> {
    let text = || select(&TEXTS[..7]).prop_map(|text| value(Token::Quoted(text.into())));
    let made =
        |(name, negated, predicate): (&str, bool, Predicate<'static>)| clause(name.to_owned(), negated, predicate);
    let equal = select(vec![
        "model",
        "env",
        "provider",
        "assignee",
        "template",
        "version",
        "agent",
        "trace_agent",
        "api_key",
        "status",
    ]);
    let searched = select(vec![
        "output",
        "input.a",
        "input.x.b",
        "input.x",
        "feedback.a",
        "meta.a",
        "trace_meta.a",
        "trace_input.a",
        "trace_input.x.b",
        "trace_output.a.b",
        "trace_feedback.a",
        "trace_eval.a",
        "client_eval.a",
        "trace_client_eval.a",
        "note",
    ]);
    let id = select(vec!["completion_id", "trace_id", "session_id", "template_id"]);
    let ids = select(vec![IDS[0].to_owned(), IDS[1].to_owned(), IDS[0].to_uppercase()]);
    let score = select(vec!["eval.a", "client_eval.a", "trace_eval.a", "trace_client_eval.a", "latency", "cost"]);
    let number =
        select(vec!["0", "0.5", "0.01", "1", "5", "5.5", "8"]).prop_map(|text| value(Token::Word(text.into())));
    let order = select(vec![Comparison::Gt, Comparison::Gte, Comparison::Lt, Comparison::Lte]);
    let time = select(vec!["2024-06-01", "2024-06-01T00:00:00Z", "2024-05-31T23:59:59Z", "2024"])
        .prop_map(|text| value(Token::Word(text.into())));
    let negated = any::<bool>;
    prop_oneof![
        4 => (equal, negated(), text().prop_map(|v| Predicate::Compare(Comparison::Eq, v))).prop_map(made),
        6 => (searched, negated(), text().prop_map(Predicate::Contains)).prop_map(made),
        1 => (id, negated(), ids.prop_map(|id| Predicate::Compare(Comparison::Eq, value(Token::Word(id.into())))))
            .prop_map(made),
        3 => (score, negated(), number.prop_map(|v| Predicate::Compare(Comparison::Eq, v))).prop_map(made),
        2 => (Just("time"), Just(false), (order, time).prop_map(|(o, v)| Predicate::Compare(o, v))).prop_map(made),
    ]
}
