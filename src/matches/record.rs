//! What filters are tested against.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::results;
use crate::catalog::{Catalog, Type};
use crate::filter::Number;
use crate::syntax::quote;
use crate::truth::Truth;
use crate::types::number;

/// Something that filters can be tested against: a search result, or a record of your own. Needs
/// the feature `matches`.
///
/// [`SessionResult`](crate::search::SessionResult), [`TraceResult`](crate::search::TraceResult) and
/// [`CompletionResult`](crate::search::CompletionResult) are records. [`serde_json::Value`] is one
/// too, in two forms:
///
/// - **A search result**, as the API sent it: an object with a `session_id`, `trace_id` or
///   `completion_id`, and with a key that only results have, such as `session_metadata` or `usage`, or
///   with IDs alone.
/// - **Any other object**, keyed by the API's field names, which says everything: a field that it
///   lacks has no value. Keys of fields like `completion_inputs.*` are either part of the name
///   (`"completion_inputs.topic"`) or those of an object (`"completion_inputs": {"topic": …}`). An
///   array holds several values.
///
/// JSON that is no object says nothing, and neither does an object or array where one value is
/// expected.
///
/// # What a result says
///
/// A result answers a filter only in part. Where no cell is given, it does not say.
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
/// No result says `cost`, `api_key`, `review_status`, `insight_name`, `insight_id`,
/// `prompt_template_id` or `evaluation_notes.*`.
///
/// The API's reference leaves some of this open. A result is never taken to say more than it does:
///
/// - A string that is `null`, and metadata, feedback, an input or an output that is `null`, is no
///   value. A key that is missing is not said. The typed results do not tell the two apart, and
///   take a missing key for `null`.
/// - `trace_metadata` that is `null`, and a prompt template that is `null` or without a name, say
///   nothing.
/// - A time that cannot be read is not said. `latency` is said where both times can be read, and is
///   as exact as they are.
/// - The output is not said where no message is of the `assistant`, or the last of these is not a
///   string.
/// - A nested value is not said, since how the API compares it is not documented. Neither is a key
///   with dots that may lead into one, nor any key of an input or output that is not an object.
///
/// **Children.** Where the result's own column has a cell, the result answers for itself: a
/// session's `start_time` is never that of its completions. Otherwise its `children` answer, in the
/// same way, and the values are those of all of them. So a test holds for a session where it holds
/// for any of its children; that the API means it so, and that `children` is complete, is assumed.
/// A result without `children` does not say what is in it, and where no child has a cell for the
/// field, it is not said either.
pub trait Record {
    /// What the record says of a field, named in full as the API names it:
    /// `completion_inputs.topic`.
    fn answer(&self, field: &str) -> Answer<'_>;

    /// The type of the field, which decides what its values mean: by default that of the built-in
    /// catalog, and [`Type::Any`] for a field that it does not have.
    fn ty(&self, field: &str) -> Type {
        Catalog::builtin().resolve(field).map_or(Type::Any, |resolved| resolved.field.ty())
    }
}

/// What a record says of a field: its values, that it has none, or that it is not said. Needs the
/// feature `matches`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer<'a> {
    /// The values that the record says.
    pub values: Vec<Stored<'a>>,
    /// Why there may be other values, as a clause for people: `no result says it`. `None` where
    /// these are all.
    pub unsaid: Option<Cow<'static, str>>,
}

/// A value that a record holds. Needs the feature `matches`.
#[derive(Clone, Debug, PartialEq)]
pub enum Stored<'a> {
    /// A string, or an instant: `2024-06-01 00:00:00` or in the form of RFC 3339.
    String(Cow<'a, str>),
    /// A number.
    Number(Number),
    /// A boolean, which only `contains` finds, by its name.
    Boolean(bool),
}

impl<'a> Answer<'a> {
    /// These are all the values.
    #[must_use]
    pub fn values(values: impl IntoIterator<Item = Stored<'a>>) -> Answer<'a> {
        Answer { values: values.into_iter().collect(), unsaid: None }
    }

    /// The record has no value of the field.
    #[must_use]
    pub fn none() -> Answer<'a> {
        Answer::default()
    }

    /// The record does not say it, for a reason.
    #[must_use]
    pub fn not_said(reason: impl Into<Cow<'static, str>>) -> Answer<'a> {
        Answer { values: Vec::new(), unsaid: Some(reason.into()) }
    }

    /// Whether a test holds for any of the values.
    pub(super) fn any(&self, test: impl Fn(&Stored) -> Truth) -> Truth {
        let others = if self.unsaid.is_some() { Truth::Unknown } else { Truth::False };
        self.values.iter().map(test).fold(others, |any, truth| any | truth)
    }

    /// The answer as a clause for people: `it has 0.5`.
    pub(crate) fn in_words(&self) -> String {
        const SHOWN: usize = 3;
        let mut values: Vec<String> = self.values.iter().take(SHOWN).map(Stored::in_words).collect();
        match self.values.len().saturating_sub(SHOWN) {
            0 => {}
            more => values.push(format!("{more} more")),
        }
        match (values.as_slice(), &self.unsaid) {
            ([], None) => "it has no value".to_owned(),
            ([], Some(unsaid)) => unsaid.clone().into_owned(),
            (values, None) => format!("it has {}", values.join(", ")),
            (values, Some(unsaid)) => format!("it has {}, and perhaps more: {unsaid}", values.join(", ")),
        }
    }

    pub(super) fn add(&mut self, other: Answer<'a>) {
        self.values.extend(other.values);
        if self.unsaid.is_none() {
            self.unsaid = other.unsaid;
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
        let Some(object) = self.as_object() else { return Answer::not_said("the record is not an object") };
        if results::is_result(object) { results::answer(self, field) } else { keyed(object, field) }
    }
}

/// The answer of an object that is keyed by the names of fields.
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

/// The answer of JSON that should be one value, or `null` for none.
pub(super) fn single(value: &Value) -> Answer<'_> {
    match value {
        Value::Null => Answer::none(),
        Value::String(text) => Answer::values([Stored::String(Cow::Borrowed(text))]),
        Value::Number(number) => scalar(number),
        Value::Bool(boolean) => Answer::values([Stored::Boolean(*boolean)]),
        Value::Array(_) | Value::Object(_) => {
            Answer::not_said("it is nested, and how the API compares that is not documented")
        }
    }
}

/// The answer of a number in JSON, which may be one that 64 bits do not hold.
pub(super) fn scalar(number: &serde_json::Number) -> Answer<'static> {
    match number::read(&number.to_string()) {
        Ok(number) => Answer::values([Stored::Number(number)]),
        Err(_) => Answer::not_said("it is beyond the range of numbers"),
    }
}
