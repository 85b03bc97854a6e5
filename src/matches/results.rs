//! Where search results contain the value of each field.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::record::{Answer, Stored, single};
use crate::compare::instant;
use crate::diagnostic::excerpt;
use crate::filter::Number;

/// The kind of a result.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Session,
    Trace,
    Completion,
}

/// A search result in any representation. Paths are those of the API's JSON.
pub(super) trait Source {
    /// Returns the kind of result; `None` if it is unclear.
    fn kind(&self) -> Option<Kind>;

    /// Returns the string, number or boolean at a path.
    fn scalar(&self, path: &str) -> Answer<'_>;

    /// Returns the value of a key of the object at a path.
    fn value<'a>(&'a self, path: &str, key: &str) -> Answer<'a>;

    /// Returns the last message of the assistant.
    fn output(&self) -> Answer<'_>;

    /// Returns the children, if the result contains them.
    fn children(&self) -> Option<Vec<&dyn Source>>;
}

/// Where a kind of result contains a field.
#[derive(Clone, Copy)]
enum Place {
    /// A string, number or boolean at a path.
    Scalar(&'static str),
    /// A time at a path.
    Time(&'static str),
    /// The seconds between the two times of an object.
    Latency { start: &'static str, end: &'static str },
    /// The name in an object that may lack one.
    Name(&'static str),
    /// The last message of the assistant.
    Output,
    /// The keys of the objects at these paths.
    Keys(&'static [&'static str]),
}

/// A field, and where a completion, a trace and a session contain it.
type Row = (&'static str, Option<Place>, Option<Place>, Option<Place>);

const SESSION_ID: Option<Place> = Some(Place::Scalar("session_id"));
const SCORES: Option<Place> =
    Some(Place::Keys(&["evaluation_results.auto_evaluations", "evaluation_results.human_labels"]));
const CLIENT_SCORES: Option<Place> = Some(Place::Keys(&["evaluation_results.client_evaluations"]));

/// The fields that results contain; fields with keys are listed without `.*`.
#[rustfmt::skip]
const TABLE: &[Row] = &[
    ("session_id", SESSION_ID, SESSION_ID, SESSION_ID),
    ("trace_id", None, Some(Place::Scalar("trace_id")), None),
    ("completion_id", Some(Place::Scalar("completion_id")), None, None),
    ("start_time", time("completion_metadata.start_time"), time("trace_metadata.start_time"), time("session_metadata.start_time")),
    (
        "latency",
        latency("completion_metadata.start_time", "completion_metadata.end_time"),
        latency("trace_metadata.start_time", "trace_metadata.end_time"),
        latency("session_metadata.start_time", "session_metadata.end_time"),
    ),
    ("model", scalar("completion_metadata.model"), None, None),
    ("provider", scalar("completion_metadata.provider"), None, None),
    ("environment", scalar("completion_metadata.environment"), None, None),
    ("assignee", scalar("completion_metadata.assignee"), scalar("trace_metadata.assignee"), None),
    ("prompt_template", Some(Place::Name("completion_metadata.prompt_template")), None, None),
    ("prompt_version", scalar("completion_metadata.prompt_version_name"), None, None),
    ("agent_name", None, scalar("trace_metadata.agent_name"), None),
    ("trace_agent_name", None, scalar("trace_metadata.agent_name"), None),
    ("completion_output", Some(Place::Output), None, None),
    ("completion_inputs", keys(&["input_variables"]), None, None),
    ("completion_feedback", keys(&["customer_feedback"]), None, None),
    ("completion_evaluation_results", SCORES, None, None),
    ("completion_client_evaluation_results", CLIENT_SCORES, None, None),
    ("trace_evaluation_results", None, SCORES, None),
    ("trace_client_eval_results", None, CLIENT_SCORES, None),
    ("trace_input", None, keys(&["input"]), None),
    ("trace_output", None, keys(&["output"]), None),
    ("trace_feedback", None, keys(&["customer_feedback"]), None),
    ("trace_custom_metadata", None, keys(&["custom_metadata"]), None),
    ("session_custom_metadata", None, None, keys(&["custom_metadata"])),
];

const fn scalar(path: &'static str) -> Option<Place> {
    Some(Place::Scalar(path))
}

const fn time(path: &'static str) -> Option<Place> {
    Some(Place::Time(path))
}

const fn latency(start: &'static str, end: &'static str) -> Option<Place> {
    Some(Place::Latency { start, end })
}

const fn keys(paths: &'static [&'static str]) -> Option<Place> {
    Some(Place::Keys(paths))
}

/// Returns the row of a field, and the field's key.
fn find(field: &str) -> Option<(&'static Row, &str)> {
    let row = |name: &str| TABLE.iter().find(|(known, ..)| *known == name);
    let is_keyed = |(_, completion, trace, session): &Row| {
        [completion, trace, session].into_iter().flatten().any(|place| matches!(place, Place::Keys(_)))
    };
    match field.split_once('.') {
        Some((name, key)) => row(name).filter(|row| is_keyed(row)).map(|row| (row, key)),
        None => row(field).filter(|row| !is_keyed(row)).map(|row| (row, "")),
    }
}

fn place(row: &Row, kind: Kind) -> Option<Place> {
    let (_, completion, trace, session) = row;
    match kind {
        Kind::Completion => *completion,
        Kind::Trace => *trace,
        Kind::Session => *session,
    }
}

/// Returns a result's answer for a field: its own if its kind contains the field, otherwise that of its
/// children. It uses an explicit stack, so it works for any depth.
pub(super) fn answer<'a>(result: &'a dyn Source, field: &str) -> Answer<'a> {
    let Some((row, key)) = find(field) else { return Answer::unknown("results do not contain it") };
    let mut all = Answer::none();
    let mut is_answered = false;
    let mut pending = vec![result];
    while let Some(result) = pending.pop() {
        let kind = result.kind();
        if let Some(place) = kind.and_then(|kind| place(row, kind)) {
            all.add(read(result, place, key));
            is_answered = true;
            continue;
        }
        let children = result.children();
        if children.is_none() || kind.is_none() {
            all.add(Answer::unknown(silence(kind, row)));
        }
        pending.extend(children.into_iter().flatten().rev());
    }
    if !is_answered {
        all.add(Answer::unknown("no child contains it"));
    }
    all
}

/// Returns why the field is unknown for a result without children.
fn silence(kind: Option<Kind>, (_, completion, trace, _): &Row) -> &'static str {
    match kind {
        None => "a part of the result is neither a trace nor a completion",
        Some(Kind::Session) if trace.is_some() || completion.is_some() => {
            "a session contains it only with its children"
        }
        Some(Kind::Trace) if completion.is_some() => "a trace contains it only with its children",
        Some(Kind::Session) => "a session does not contain it",
        Some(Kind::Trace) => "a trace does not contain it",
        Some(Kind::Completion) => "a completion does not contain it",
    }
}

fn read<'a>(result: &'a dyn Source, place: Place, key: &str) -> Answer<'a> {
    match place {
        Place::Scalar(path) => result.scalar(path),
        Place::Time(path) => {
            let answer = result.scalar(path);
            match answer.values.as_slice() {
                [Stored::String(text)] if instant(text).is_none() => {
                    Answer::unknown(format!("`{}` is not a time", excerpt(text)))
                }
                _ => answer,
            }
        }
        Place::Latency { start, end } => match latency_of(&result.scalar(start), &result.scalar(end)) {
            Some(seconds) => Answer::values([Stored::Number(seconds)]),
            None => Answer::unknown("the result lacks its start or end time"),
        },
        Place::Name(path) => {
            let name = result.value(path, "name");
            if name.values.is_empty() { Answer::unknown("the result lacks the template's name") } else { name }
        }
        Place::Output => result.output(),
        Place::Keys(paths) => {
            let mut all = Answer::none();
            paths.iter().for_each(|path| all.add(result.value(path, key)));
            all
        }
    }
}

/// Returns the seconds between two times.
fn latency_of(start: &Answer, end: &Answer) -> Option<Number> {
    let time = |answer: &Answer| match answer.values.as_slice() {
        [Stored::String(text)] => instant(text),
        _ => None,
    };
    let nanoseconds = time(end)?.duration_since(time(start)?).as_nanos();
    const SECOND: i128 = 1_000_000_000;
    match i64::try_from(nanoseconds / SECOND) {
        Ok(seconds) if nanoseconds % SECOND == 0 => Some(seconds.into()),
        // A single division, so that 8.1 seconds become exactly the number 8.1.
        _ => Some((nanoseconds as f64 / SECOND as f64).into()),
    }
}

/// Whether JSON is a search result rather than an object keyed by field names: it has the ID of a
/// result, and either a key that only results have or IDs alone.
pub(super) fn is_result(object: &Map<String, Value>) -> bool {
    const IDS: [&str; 3] = ["session_id", "trace_id", "completion_id"];
    const KEYS: [&str; 15] = [
        "session_metadata",
        "trace_metadata",
        "completion_metadata",
        "custom_metadata",
        "customer_feedback",
        "evaluation_results",
        "review_queue_id",
        "test_run_id",
        "usage",
        "children",
        "messages",
        "input_variables",
        "input",
        "output",
        "prompt_template_version_id",
    ];
    let ids = IDS.iter().filter(|id| object.contains_key(**id)).count();
    ids > 0 && (ids == object.len() || KEYS.iter().any(|key| object.contains_key(*key)))
}

/// A result as the API sent it.
impl Source for Value {
    fn kind(&self) -> Option<Kind> {
        let has = |id| self.get(id).is_some_and(|id| !id.is_null());
        if has("completion_id") {
            Some(Kind::Completion)
        } else if has("trace_id") {
            Some(Kind::Trace)
        } else {
            has("session_id").then_some(Kind::Session)
        }
    }

    fn scalar(&self, path: &str) -> Answer<'_> {
        at(self, path).map_or_else(|| missing(path), single)
    }

    fn value<'a>(&'a self, path: &str, key: &str) -> Answer<'a> {
        match at(self, path) {
            None => missing(path),
            Some(Value::Null) => Answer::none(),
            Some(Value::Object(object)) => of_key(object, key),
            Some(_) => Answer::unknown(format!("`{path}` is not an object")),
        }
    }

    fn output(&self) -> Answer<'_> {
        let messages = self.get("messages").and_then(Value::as_array);
        let is_assistant = |message: &&Value| message.get("role").and_then(Value::as_str) == Some("assistant");
        let last = messages.and_then(|messages| messages.iter().rfind(is_assistant));
        match last.and_then(|message| message.get("content")) {
            Some(Value::String(text)) => Answer::values([Stored::String(Cow::Borrowed(text))]),
            _ => no_output(),
        }
    }

    fn children(&self) -> Option<Vec<&dyn Source>> {
        let children = self.get("children")?.as_array()?;
        Some(children.iter().map(|child| child as &dyn Source).collect())
    }
}

fn at<'v>(result: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(result, |value, key| value.get(key))
}

/// Returns the answer for a key of an object with the application's own data.
pub(super) fn of_key<'a>(object: &'a Map<String, Value>, key: &str) -> Answer<'a> {
    if let Some(value) = object.get(key) {
        return single(value);
    }
    let leads_in = |(dot, _): (usize, &str)| {
        let outer = key.get(..dot).and_then(|name| object.get(name));
        outer.is_some_and(|value| value.is_object() || value.is_array())
    };
    match key.match_indices('.').any(leads_in) {
        true => Answer::unknown("whether the key leads into a nested value is not documented"),
        false => Answer::none(),
    }
}

fn missing<'a>(path: &str) -> Answer<'a> {
    Answer::unknown(format!("the result has no `{path}`"))
}

pub(super) fn no_output<'a>() -> Answer<'a> {
    Answer::unknown("no message of the assistant is a string")
}
