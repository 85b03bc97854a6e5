//! A project with a few hundred sessions, and the meaning of a filter on it.

use serde_json::{Map, Value, json};

/// A session with one trace and one completion: the values of its fields, and the API's representation
/// of it.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) number: u32,
    pub(crate) cost: f64,
    pub(crate) latency: u32,
    pub(crate) model: &'static str,
    pub(crate) environment: &'static str,
    pub(crate) start_time: String,
    pub(crate) output: &'static str,
}

/// The kind of a result: the last segment of the endpoint's path.
pub(crate) const KINDS: [&str; 3] = ["sessions", "traces", "completions"];

pub(crate) fn sessions(count: u32) -> Vec<Session> {
    (0..count).map(Session::numbered).collect()
}

impl Session {
    /// The steps are coprime to the numbers of values, so that all combinations occur.
    pub(crate) fn numbered(number: u32) -> Session {
        let pick = |values: &[&'static str], step: u32| values[(number * step) as usize % values.len()];
        Session {
            number,
            cost: f64::from(number * 37 % 101) / 100.0,
            latency: number * 11 % 29,
            model: pick(&["gpt-4o", "claude-3-opus", "it's `$HOME`!", "gpt-4o-mini"], 3),
            environment: pick(&["prod", "staging", "dev"], 1),
            start_time: format!("2024-06-{:02} {:02}:00:00", number % 30 + 1, number % 24),
            output: pick(
                &["The weather is fine.", "Refund policy: none", "policy refund", "weathering", "re-FUND POLICY"],
                2,
            ),
        }
    }

    pub(crate) fn id(&self, kind: &str) -> String {
        let kind = KINDS.iter().position(|name| *name == kind).unwrap();
        format!("{kind:08x}-0000-4000-8000-{:012x}", self.number)
    }

    /// Returns the values of its fields, by the API's names.
    fn facts(&self) -> Map<String, Value> {
        let facts = json!({
            "cost": self.cost,
            "latency": self.latency,
            "model": self.model,
            "environment": self.environment,
            "start_time": self.start_time,
            "completion_output": self.output,
            "session_id": self.id("sessions"),
        });
        facts.as_object().unwrap().clone()
    }

    pub(crate) fn matches(&self, filter: &Value) -> bool {
        matches(filter, &self.facts())
    }

    pub(crate) fn result(&self, kind: &str, include_children: bool) -> Value {
        let evaluations = json!({
            "auto_evaluations": {"Quality": {"score": 4}},
            "human_labels": {},
            "client_evaluations": {"parseable": self.number.is_multiple_of(2), "score": self.cost},
        });
        let usage = json!({"prompt_tokens": self.number, "completion_tokens": 2 * self.number});
        let mut result = match kind {
            "sessions" => json!({
                "session_id": self.id("sessions"),
                "review_queue_id": null,
                "session_metadata": {"start_time": self.start_time, "end_time": null},
                "usage": usage,
                "custom_metadata": {"number": self.number, "cost": self.cost, "model": self.model},
                "new_key": {"kept": [true, null]},
            }),
            "traces" => json!({
                "session_id": self.id("sessions"),
                "trace_id": self.id("traces"),
                "review_queue_id": null,
                "trace_metadata": {"agent_name": "agent", "start_time": self.start_time, "end_time": null, "assignee": null},
                "custom_metadata": null,
                "customer_feedback": {"rating": "positive"},
                "input": {"query": ["weather"]},
                "output": self.output,
                "evaluation_results": evaluations,
            }),
            "completions" => json!({
                "completion_id": self.id("completions"),
                "session_id": self.id("sessions"),
                "review_queue_id": null,
                "evaluation_results": evaluations,
                "usage": usage,
                "completion_metadata": {"environment": self.environment, "model": self.model, "prompt_template": {"name": "my-prompt"}},
                "customer_feedback": {},
                "messages": [
                    {"role": "system", "content": "Be brief."},
                    {"role": "user", "content": [{"type": "text", "text": "Weather?"}]},
                    {"role": "assistant", "content": self.output},
                ],
                "input_variables": {"topic": "weather", "depth": 1.5},
            }),
            other => panic!("there are no {other}"),
        };
        if include_children {
            result["children"] = match kind {
                "sessions" => json!([self.result("traces", true), self.result("completions", false)]),
                "traces" => json!([self.result("completions", false)]),
                _ => json!([]),
            };
        }
        result
    }
}

/// Evaluates a filter as the API's guide describes each operator, in the simplest way.
fn matches(filter: &Value, facts: &Map<String, Value>) -> bool {
    let filter = filter.as_object().unwrap();
    if let Some(parts) = filter.get("and") {
        return parts.as_array().unwrap().iter().all(|part| matches(part, facts));
    }
    if let Some(parts) = filter.get("or") {
        return parts.as_array().unwrap().iter().any(|part| matches(part, facts));
    }
    if let Some(part) = filter.get("not") {
        return !matches(part, facts);
    }
    let Some(field) = filter.get("field") else { return true };
    let Some(fact) = facts.get(field.as_str().unwrap()) else { return false };
    let value = &filter["value"];
    match filter["op"].as_str().unwrap() {
        "eq" => compare(fact, value).is_some_and(|order| order.is_eq()),
        "gt" => compare(fact, value).is_some_and(|order| order.is_gt()),
        "gte" => compare(fact, value).is_some_and(|order| order.is_ge()),
        "lt" => compare(fact, value).is_some_and(|order| order.is_lt()),
        "lte" => compare(fact, value).is_some_and(|order| order.is_le()),
        "between" => {
            compare(fact, &value[0]).is_some_and(|order| order.is_ge())
                && compare(fact, &value[1]).is_some_and(|order| order.is_le())
        }
        "contains" => {
            let (fact, value) = (words(fact), words(value));
            fact.windows(value.len().max(1)).any(|window| window == value)
        }
        op => panic!("there is no {op}"),
    }
}

fn compare(fact: &Value, value: &Value) -> Option<std::cmp::Ordering> {
    match (fact, value) {
        (Value::Number(fact), Value::Number(value)) => fact.as_f64()?.partial_cmp(&value.as_f64()?),
        (Value::String(fact), Value::String(value)) => Some(fact.cmp(value)),
        _ => None,
    }
}

fn words(text: &Value) -> Vec<String> {
    let text = text.as_str().unwrap().to_lowercase();
    text.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}
