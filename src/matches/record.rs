//! The records that filters are evaluated on.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::results;
use crate::catalog::{Catalog, Type};
use crate::filter::Number;
use crate::syntax::quote;
use crate::truth::Truth;
use crate::types::number;

/// A record that filters can be evaluated on: a search result, or your own data. Needs the feature
/// `matches`.
///
/// [`SessionResult`](crate::search::SessionResult), [`TraceResult`](crate::search::TraceResult) and
/// [`CompletionResult`](crate::search::CompletionResult) are records. [`serde_json::Value`] is one
/// too, in two forms:
///
/// - **A search result** as the API sent it: an object with a `session_id`, `trace_id` or
///   `completion_id`, and either with a key that only results have, such as `session_metadata` or
///   `usage`, or with IDs alone.
/// - **Any other object**, keyed by the API's field names. Such a record is complete: a field that is
///   missing has no value. Keys of fields like `completion_inputs.*` are either part of the name
///   (`"completion_inputs.topic"`) or keys of an object (`"completion_inputs": {"topic": …}`). An
///   array holds several values.
///
/// For JSON that is not an object, every field is unknown, and so is a field whose single value should
/// be a scalar but is an object or array.
///
/// # The fields of a result
///
/// A result contains only some of the fields that can be searched. Where the table has no entry, the
/// field is unknown.
///
/// | field | completion | trace | session |
/// |---|---|---|---|
/// | `session_id` | `session_id` | `session_id` | `session_id` |
/// | `trace_id` | | `trace_id` | |
/// | `completion_id` | `completion_id` | | |
/// | `start_time` | `completion_metadata.start_time` | `trace_metadata.start_time` | `session_metadata.start_time` |
/// | `latency` | `end_time` − `start_time` | `end_time` − `start_time` | `end_time` − `start_time` |
/// | `model`, `provider`, `environment` | `completion_metadata.…` | | |
/// | `assignee` | `completion_metadata.assignee` | `trace_metadata.assignee` | |
/// | `prompt_template` | `completion_metadata.prompt_template.name` | | |
/// | `prompt_version` | `completion_metadata.prompt_version_name` | | |
/// | `agent_name`, `trace_agent_name` | | `trace_metadata.agent_name` | |
/// | `completion_output` | the last message of the role `assistant` | | |
/// | `completion_inputs.*` | `input_variables` | | |
/// | `completion_feedback.*` | `customer_feedback` | | |
/// | `completion_evaluation_results.*` | `evaluation_results.auto_evaluations`, `….human_labels` | | |
/// | `completion_client_evaluation_results.*` | `evaluation_results.client_evaluations` | | |
/// | `trace_evaluation_results.*` | | `evaluation_results.auto_evaluations`, `….human_labels` | |
/// | `trace_client_eval_results.*` | | `evaluation_results.client_evaluations` | |
/// | `trace_input.*`, `trace_output.*` | | `input`, `output` | |
/// | `trace_feedback.*`, `trace_custom_metadata.*` | | `customer_feedback`, `custom_metadata` | |
/// | `session_custom_metadata.*` | | | `custom_metadata` |
///
/// No result contains `cost`, `api_key`, `review_status`, `insight_name`, `insight_id`,
/// `prompt_template_id` or `evaluation_notes.*`.
///
/// The API's reference leaves some questions open. They are decided so that nothing is assumed to be
/// known that may not be:
///
/// - A string that is `null` is no value, and the same applies to metadata, feedback, an input or an
///   output. A missing key is unknown. The typed results cannot distinguish the two, and treat a
///   missing key as `null`.
/// - If `trace_metadata` is `null`, or a prompt template is `null` or has no name, their fields are
///   unknown.
/// - An invalid time is unknown. `latency` is known if both times are valid, and is as precise as they
///   are.
/// - The output is unknown if there is no message of the `assistant`, or if the last one is not a
///   string.
/// - A nested value is unknown, since the API's comparison of it is not documented. So are a key with
///   dots that may refer to a nested value, and all keys of an input or output that is not an object.
///
/// **Children.** If the table has an entry in the result's own column, the result itself has the value:
/// the `start_time` of a session is never that of its completions. Otherwise the values are those of
/// all its `children`, by the same rules. So a test holds for a session if it holds for any of its
/// children. It is assumed that the API defines it like this, and that `children` is complete. If a
/// result has no `children`, or no child has an entry for the field, the field is unknown.
pub trait Record {
    /// Returns the values of a field, given by its full name in the API: `completion_inputs.topic`.
    fn answer(&self, field: &str) -> Answer<'_>;

    /// Returns the type of the field, which decides how values are compared. By default it is the type
    /// in the built-in catalog, or [`Type::Any`] for a field that is not in it.
    fn ty(&self, field: &str) -> Type {
        Catalog::builtin().resolve(field).map_or(Type::Any, |resolved| resolved.field.ty())
    }
}

/// The values of a field in a record, which may be incomplete. Needs the feature `matches`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer<'a> {
    /// The known values.
    pub values: Vec<Stored<'a>>,
    /// Why there may be other values, as a clause for people: `results do not contain it`. It is `None`
    /// if the values are complete.
    pub incomplete: Option<Cow<'static, str>>,
}

/// A value in a record. Needs the feature `matches`.
#[derive(Clone, Debug, PartialEq)]
pub enum Stored<'a> {
    /// A string, or an instant: `2024-06-01 00:00:00` or as in RFC 3339.
    String(Cow<'a, str>),
    /// A number.
    Number(Number),
    /// A boolean, which only `contains` matches, by its name.
    Boolean(bool),
}

impl<'a> Answer<'a> {
    /// Returns an answer with these values and no others.
    #[must_use]
    pub fn values(values: impl IntoIterator<Item = Stored<'a>>) -> Answer<'a> {
        Answer { values: values.into_iter().collect(), incomplete: None }
    }

    /// Returns the answer for a field without a value.
    #[must_use]
    pub fn none() -> Answer<'a> {
        Answer::default()
    }

    /// Returns the answer for a field whose values are unknown, with the reason.
    #[must_use]
    pub fn unknown(reason: impl Into<Cow<'static, str>>) -> Answer<'a> {
        Answer { values: Vec::new(), incomplete: Some(reason.into()) }
    }

    /// Whether a test holds for any of the values.
    pub(super) fn any(&self, test: impl Fn(&Stored) -> Truth) -> Truth {
        let others = if self.incomplete.is_some() { Truth::Unknown } else { Truth::False };
        self.values.iter().map(test).fold(others, |any, truth| any | truth)
    }

    /// Describes the answer as a clause: `it has 0.5`.
    pub(crate) fn in_words(&self) -> String {
        const SHOWN: usize = 3;
        let mut values: Vec<String> = self.values.iter().take(SHOWN).map(Stored::in_words).collect();
        match self.values.len().saturating_sub(SHOWN) {
            0 => {}
            more => values.push(format!("{more} more")),
        }
        match (values.as_slice(), &self.incomplete) {
            ([], None) => "it has no value".to_owned(),
            ([], Some(reason)) => reason.clone().into_owned(),
            (values, None) => format!("it has {}", values.join(", ")),
            (values, Some(reason)) => format!("it has {}, and perhaps more: {reason}", values.join(", ")),
        }
    }

    pub(super) fn add(&mut self, other: Answer<'a>) {
        self.values.extend(other.values);
        if self.incomplete.is_none() {
            self.incomplete = other.incomplete;
        }
    }
}

impl Stored<'_> {
    fn in_words(&self) -> String {
        const SHOWN: usize = 40;
        match self {
            Stored::String(text) => match text.char_indices().nth(SHOWN) {
                Some((end, _)) => quote(text.get(..end).unwrap_or_default()) + "…",
                None => quote(text),
            },
            Stored::Number(number) => number.to_string(),
            Stored::Boolean(boolean) => boolean.to_string(),
        }
    }
}

impl Record for Value {
    fn answer(&self, field: &str) -> Answer<'_> {
        let Some(object) = self.as_object() else { return Answer::unknown("the record is not an object") };
        if results::is_result(object) { results::answer(self, field) } else { keyed(object, field) }
    }
}

/// Returns the answer of an object that is keyed by field names.
fn keyed<'a>(object: &'a Map<String, Value>, field: &str) -> Answer<'a> {
    let nested = || {
        field.match_indices('.').find_map(|(dot, _)| {
            let (name, key) = field.split_at_checked(dot)?;
            object.get(name)?.get(key.strip_prefix('.')?)
        })
    };
    match object.get(field).or_else(nested) {
        None => Answer::none(),
        Some(Value::Array(items)) => {
            let mut all = Answer::none();
            items.iter().for_each(|item| all.add(single(item)));
            all
        }
        Some(value) => single(value),
    }
}

/// Returns the answer for JSON that should be a single value, or `null` for none.
pub(super) fn single(value: &Value) -> Answer<'_> {
    match value {
        Value::Null => Answer::none(),
        Value::String(text) => Answer::values([Stored::String(Cow::Borrowed(text))]),
        Value::Number(number) => scalar(number),
        Value::Bool(boolean) => Answer::values([Stored::Boolean(*boolean)]),
        Value::Array(_) | Value::Object(_) => {
            Answer::unknown("it is nested, and how the API compares that is not documented")
        }
    }
}

/// Returns the answer for a JSON number, which may not fit 64 bits.
pub(super) fn scalar(number: &serde_json::Number) -> Answer<'static> {
    match number::read(&number.to_string()) {
        Ok(number) => Answer::values([Stored::Number(number)]),
        Err(_) => Answer::unknown("it is beyond the range of numbers"),
    }
}
