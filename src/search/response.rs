//! Responses of the API.

use std::collections::BTreeMap;

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::Endpoint;

/// One page of results: the response of every endpoint.
///
/// Like every response type it keeps unknown keys, in `other`, and serializes to equivalent JSON, so
/// nothing that the API sends is lost. A missing key and a `null` are both `None`, and are written as
/// `null`.
///
/// ```
/// use freeplay_filter::search::{Page, SessionResult};
///
/// let response = serde_json::json!({
///     "data": [{
///         "session_id": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
///         "review_queue_id": null,
///         "session_metadata": {"start_time": "2024-06-01 00:00:00", "end_time": null},
///         "usage": {"prompt_tokens": 123, "completion_tokens": 45},
///         "custom_metadata": {"user_type": "premium"},
///         "test_run_id": null,
///         "children": null,
///         "new_key": [1, 2.5],
///     }],
///     "pagination": {"page": 1, "page_size": 30, "has_next": true},
/// });
/// let page: Page<SessionResult> = serde_json::from_value(response.clone())?;
///
/// let session = &page.data[0];
/// assert_eq!(session.usage.prompt_tokens, 123);
/// assert_eq!(session.review_queue_id, None);
/// assert_eq!(session.other["new_key"][1], 2.5);
/// assert_eq!(serde_json::to_value(&page)?, response);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Page<R> {
    /// The results on this page.
    pub data: Vec<R>,
    /// The page number and whether there are more pages.
    pub pagination: Pagination,
    /// Unknown keys.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// The position of a page. The API returns no total; use `has_next`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Pagination {
    /// The number of this page, counted from 1.
    pub page: u64,
    /// The maximum number of results per page.
    pub page_size: u64,
    /// Whether there is a page after this one.
    pub has_next: bool,
    /// Unknown keys.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// A result of a search: [`SessionResult`], [`TraceResult`], [`CompletionResult`], or your own type
/// with the fields you need.
///
/// ```
/// use freeplay_filter::search::{Endpoint, Page, SearchResult};
///
/// #[derive(serde::Deserialize)]
/// struct SessionId {
///     session_id: String,
/// }
///
/// impl SearchResult for SessionId {
///     const ENDPOINTS: &[Endpoint] = &[Endpoint::Sessions];
/// }
///
/// let response = r#"{"data": [{"session_id": "…"}], "pagination": {"page": 1, "page_size": 30, "has_next": false}}"#;
/// let page: Page<SessionId> = serde_json::from_str(response)?;
/// assert_eq!(page.data[0].session_id, "…");
/// # Ok::<(), serde_json::Error>(())
/// ```
pub trait SearchResult: DeserializeOwned {
    /// The endpoints that return results of this type.
    const ENDPOINTS: &[Endpoint];
}

impl SearchResult for SessionResult {
    const ENDPOINTS: &[Endpoint] = &[Endpoint::Sessions];
}

impl SearchResult for TraceResult {
    const ENDPOINTS: &[Endpoint] = &[Endpoint::Traces];
}

impl SearchResult for CompletionResult {
    const ENDPOINTS: &[Endpoint] = &[Endpoint::Completions];
}

/// A session, returned by [`Endpoint::Sessions`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SessionResult {
    /// The session's UUID.
    pub session_id: String,
    /// The UUID of its review queue.
    pub review_queue_id: Option<String>,
    /// The UUID of its test run.
    pub test_run_id: Option<String>,
    /// When it ran.
    pub session_metadata: SessionMetadata,
    /// The number of tokens it used.
    pub usage: Usage,
    /// Metadata recorded by the application.
    pub custom_metadata: Option<BTreeMap<String, MetaValue>>,
    /// Its traces and completions, if the search requested children.
    pub children: Option<Vec<Child>>,
    /// Unknown keys.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// When a session ran.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SessionMetadata {
    /// The start time.
    pub start_time: Option<String>,
    /// The end time.
    pub end_time: Option<String>,
    /// Unknown keys.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// A trace, returned by [`Endpoint::Traces`] or as a child of another result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TraceResult {
    /// The UUID of its session.
    pub session_id: String,
    /// The trace's UUID.
    pub trace_id: String,
    /// The UUID of its review queue.
    pub review_queue_id: Option<String>,
    /// Its agent, times and assignee.
    pub trace_metadata: Option<TraceMetadata>,
    /// Metadata recorded by the application.
    pub custom_metadata: Option<BTreeMap<String, MetaValue>>,
    /// The customer's feedback.
    pub customer_feedback: Option<BTreeMap<String, MetaValue>>,
    /// The input: any JSON.
    pub input: Option<Value>,
    /// The output: any JSON.
    pub output: Option<Value>,
    /// The results of its evaluations.
    pub evaluation_results: EvaluationResults,
    /// Its traces and completions, if the search requested children.
    pub children: Option<Vec<Child>>,
    /// Unknown keys.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// The agent, times and assignee of a trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TraceMetadata {
    /// The agent's name.
    pub agent_name: Option<String>,
    /// The start time.
    pub start_time: Option<String>,
    /// The end time.
    pub end_time: Option<String>,
    /// The assigned reviewer.
    pub assignee: Option<String>,
    /// Unknown keys.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// A completion, returned by [`Endpoint::Completions`] or as a child of another result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CompletionResult {
    /// The completion's UUID.
    pub completion_id: String,
    /// The UUID of its session.
    pub session_id: String,
    /// The UUID of its review queue.
    pub review_queue_id: Option<String>,
    /// The results of its evaluations.
    pub evaluation_results: EvaluationResults,
    /// The number of tokens it used.
    pub usage: Usage,
    /// Its model, prompt template, times and so on.
    pub completion_metadata: CompletionMetadata,
    /// The customer's feedback.
    pub customer_feedback: BTreeMap<String, MetaValue>,
    /// The messages of the conversation.
    pub messages: Vec<Message>,
    /// The values of the prompt template's variables: any JSON.
    pub input_variables: Map<String, Value>,
    /// Its traces and completions, if the search requested children.
    pub children: Option<Vec<Child>>,
    /// Unknown keys.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// The model, prompt template, times and so on of a completion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CompletionMetadata {
    /// The environment.
    pub environment: Option<String>,
    /// The start time.
    pub start_time: Option<String>,
    /// The end time.
    pub end_time: Option<String>,
    /// The model.
    pub model: Option<String>,
    /// The model's provider.
    pub provider: Option<String>,
    /// The prompt template.
    pub prompt_template: Option<BTreeMap<String, String>>,
    /// The UUID of the prompt template's version.
    pub prompt_template_version_id: Option<String>,
    /// The assigned reviewer.
    pub assignee: Option<String>,
    /// The name of the prompt template's version.
    pub prompt_version_name: Option<String>,
    /// The description of the prompt template's version.
    pub prompt_version_description: Option<String>,
    /// Unknown keys.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// Numbers of tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Usage {
    /// The tokens of the prompts.
    pub prompt_tokens: i64,
    /// The tokens of the completions.
    pub completion_tokens: i64,
    /// Unknown keys.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// The results of evaluations of a trace or a completion, by the name of the criterion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EvaluationResults {
    /// Results of automatic evaluations.
    pub auto_evaluations: Map<String, Value>,
    /// Labels by people.
    pub human_labels: Map<String, Value>,
    /// Results of the application's own evaluations.
    pub client_evaluations: BTreeMap<String, ClientScore>,
    /// Unknown keys.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// A value in an application's metadata or a customer's feedback.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a string, a number or a boolean")]
pub enum MetaValue {
    /// A string.
    Text(String),
    /// A number.
    Number(serde_json::Number),
    /// A boolean.
    Bool(bool),
}

/// A result of an application's own evaluation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a boolean or a number")]
pub enum ClientScore {
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(serde_json::Number),
}

/// A message of a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Message {
    /// The role of the author.
    pub role: Role,
    /// The content.
    pub content: Content,
    /// Unknown keys.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// The role of a message's author.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Role {
    /// `user`.
    User,
    /// `system`.
    System,
    /// `assistant`.
    Assistant,
    /// A role that the API's reference does not list.
    Other(String),
}

impl From<String> for Role {
    fn from(name: String) -> Role {
        match name.as_str() {
            "user" => Role::User,
            "system" => Role::System,
            "assistant" => Role::Assistant,
            _ => Role::Other(name),
        }
    }
}

impl From<Role> for String {
    fn from(role: Role) -> String {
        match role {
            Role::User => "user".to_owned(),
            Role::System => "system".to_owned(),
            Role::Assistant => "assistant".to_owned(),
            Role::Other(name) => name,
        }
    }
}

/// The content of a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a string or an array of blocks")]
pub enum Content {
    /// A string.
    Text(String),
    /// Blocks, in a user's message. The API's reference does not describe them.
    Blocks(Vec<Value>),
}

/// A child of another result: a trace or a completion.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Child {
    /// A trace; it has no `completion_id`.
    Trace(Box<TraceResult>),
    /// A completion; it has a `completion_id`.
    Completion(Box<CompletionResult>),
}

/// Deserializes by the ID that the child contains, instead of trying both types, so that the error for
/// an invalid child says what is wrong with it.
impl<'de> Deserialize<'de> for Child {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Child, D::Error> {
        let child = Map::deserialize(deserializer)?;
        if child.contains_key("completion_id") {
            CompletionResult::deserialize(child)
                .map(|child| Child::Completion(Box::new(child)))
                .map_err(D::Error::custom)
        } else if child.contains_key("trace_id") {
            TraceResult::deserialize(child).map(|child| Child::Trace(Box::new(child))).map_err(D::Error::custom)
        } else {
            Err(D::Error::custom("a child has neither a `completion_id` nor a `trace_id`"))
        }
    }
}
