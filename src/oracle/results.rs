//! The data in search results, by a table that is written independently of [`crate::matches`].

use jiff::{Timestamp, civil::DateTime, tz::Offset};
use serde_json::Value;

/// The field, and where a completion, a trace and a session contain it, as JSON pointers; `?` where they
/// do not.
const TABLE: &str = "
completion_id     | /completion_id | ?         | ?
session_id        | /session_id    | /session_id | /session_id
trace_id          | ?              | /trace_id | ?
model             | /completion_metadata/model       | ? | ?
provider          | /completion_metadata/provider    | ? | ?
environment       | /completion_metadata/environment | ? | ?
assignee          | /completion_metadata/assignee    | /trace_metadata/assignee | ?
start_time        | time /completion_metadata | time /trace_metadata | time /session_metadata
latency           | seconds /completion_metadata | seconds /trace_metadata | seconds /session_metadata
prompt_template   | named /completion_metadata/prompt_template/name | ? | ?
prompt_version    | /completion_metadata/prompt_version_name        | ? | ?
trace_agent_name  | ? | /trace_metadata/agent_name | ?
agent_name        | ? | /trace_metadata/agent_name | ?
completion_output | said | ? | ?
completion_inputs.*   | * /input_variables   | ? | ?
completion_feedback.* | * /customer_feedback | ? | ?
completion_evaluation_results.*        | * /evaluation_results/auto_evaluations /evaluation_results/human_labels | ? | ?
completion_client_evaluation_results.* | * /evaluation_results/client_evaluations | ? | ?
trace_evaluation_results.*  | ? | * /evaluation_results/auto_evaluations /evaluation_results/human_labels | ?
trace_client_eval_results.* | ? | * /evaluation_results/client_evaluations | ?
trace_input.*           | ? | * /input             | ?
trace_output.*          | ? | * /output            | ?
trace_feedback.*        | ? | * /customer_feedback | ?
trace_custom_metadata.* | ? | * /custom_metadata   | ?
session_custom_metadata.* | ? | ? | * /custom_metadata
";

/// A result's data on a field: the values, whether they are complete, and whether any part could contain the field.
#[derive(Default)]
pub(super) struct Known {
    pub(super) values: Vec<Value>,
    pub(super) is_incomplete: bool,
    has_source: bool,
}

pub(super) fn known(result: &Value, field: &str) -> Known {
    let mut known = Known::default();
    collect(result, field, &mut known);
    known.is_incomplete |= !known.has_source;
    known
}

fn collect(result: &Value, field: &str, known: &mut Known) {
    let column = ["completion_id", "trace_id", "session_id"].iter().position(|id| result[*id].is_string());
    match column.map(|column| cell(field, column)) {
        Some(Some((how, key))) => {
            known.has_source = true;
            if !read(result, how, key, &mut known.values) {
                known.is_incomplete = true;
            }
        }
        Some(None) if result["children"].is_array() => {}
        Some(None) | None => {
            known.is_incomplete = true;
            return;
        }
    }
    if is_in_children(column, field) {
        result["children"].as_array().into_iter().flatten().for_each(|child| collect(child, field, known));
    }
}

fn is_in_children(column: Option<usize>, field: &str) -> bool {
    column.is_some_and(|column| cell(field, column).is_none())
}

/// Returns the table's cell for a field, and the field's key.
fn cell(field: &str, column: usize) -> Option<(&'static str, &str)> {
    TABLE.lines().find_map(|line| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let key = match cells[0].strip_suffix('*') {
            Some(stem) if !stem.is_empty() => field.strip_prefix(stem)?,
            _ => Some("").filter(|_| cells[0] == field)?,
        };
        let cell: &'static str = cells.get(column + 1)?;
        (cell != "?").then_some((cell, key))
    })
}

/// Adds the values of a cell. Returns whether they are complete.
fn read(result: &Value, how: &str, key: &str, values: &mut Vec<Value>) -> bool {
    let mut words = how.split(' ');
    match (words.next().unwrap(), words.next()) {
        ("said", _) => {
            let messages = result["messages"].as_array().map_or(&[][..], Vec::as_slice);
            let said: Vec<&Value> = messages.iter().filter(|message| message["role"] == "assistant").collect();
            let last = said.last().map(|message| &message["content"]).filter(|content| content.is_string());
            values.extend(last.cloned());
            last.is_some()
        }
        ("time", Some(object)) => match &result.pointer(object).unwrap_or(&Value::Null).get("start_time") {
            Some(Value::String(time)) if second(time).is_none() => false,
            Some(time) => plain(time, values),
            None => false,
        },
        ("seconds", Some(object)) => {
            let at = |name: &str| second(result.pointer(&format!("{object}/{name}"))?.as_str()?);
            let Some((start, end)) = at("start_time").zip(at("end_time")) else { return false };
            values.push((end - start).into());
            true
        }
        ("named", Some(pointer)) => match result.pointer(pointer) {
            Some(Value::String(name)) => {
                values.push(name.as_str().into());
                true
            }
            _ => false,
        },
        ("*", Some(first)) => {
            [Some(first), words.next()].into_iter().flatten().fold(true, |all, object| {
                let of_key = match result.pointer(object) {
                    None => false,
                    Some(Value::Null) => true,
                    Some(Value::Object(object)) => match object.get(key) {
                        Some(value) => plain(value, values),
                        // `a.b` is unknown if `a` is nested.
                        None => !object.iter().any(|(name, value)| {
                            key.starts_with(&format!("{name}.")) && matches!(value, Value::Object(_) | Value::Array(_))
                        }),
                    },
                    Some(_) => false,
                };
                all & of_key
            })
        }
        (pointer, _) => result.pointer(pointer).is_some_and(|value| plain(value, values)),
    }
}

/// Adds a value that is not an array or object; nothing for `null`.
fn plain(value: &Value, values: &mut Vec<Value>) -> bool {
    if matches!(value, Value::Array(_) | Value::Object(_)) {
        return false;
    }
    values.extend(Some(value.clone()).filter(|value| !value.is_null()));
    true
}

/// Returns a time in seconds; without a zone, it is in UTC.
pub(super) fn second(time: &str) -> Option<f64> {
    let zoned = time.parse::<Timestamp>().ok();
    let local = || Offset::UTC.to_timestamp(time.parse::<DateTime>().ok()?).ok();
    zoned.or_else(local).map(|time| time.as_millisecond() as f64 / 1000.0)
}
