//! What the API answers.

use std::collections::BTreeMap;

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::Endpoint;

/// One page of results: the answer of every endpoint.
///
/// Like every type of an answer it keeps the keys it does not know, in `other`, and serialises
/// back to JSON that means the same: nothing the API sends is lost. A key that is missing and one
/// that is `null` are both `None`, and are written as `null`.
///
/// ```
/// use freeplay_filter::search::{Page, SessionResult};
///
/// let answer = serde_json::json!({
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
/// let page: Page<SessionResult> = serde_json::from_value(answer.clone())?;
///
/// let session = &page.data[0];
/// assert_eq!(session.usage.prompt_tokens, 123);
/// assert_eq!(session.review_queue_id, None);
/// assert_eq!(session.other["new_key"][1], 2.5);
/// assert_eq!(serde_json::to_value(&page)?, answer);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Page<R> {
    /// The results on this page.
    pub data: Vec<R>,
    /// Where this page stands.
    pub pagination: Pagination,
    /// Keys this version does not know.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// Where a page stands. The API gives no total: follow `has_next`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Pagination {
    /// This page, counted from 1.
    pub page: u64,
    /// How many results a page has at most.
    pub page_size: u64,
    /// Whether there is a page after this one.
    pub has_next: bool,
    /// Keys this version does not know.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// A result that an endpoint answers with: [`SessionResult`], [`TraceResult`],
/// [`CompletionResult`], or a type of your own that reads the part you need.
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
/// let answer = r#"{"data": [{"session_id": "…"}], "pagination": {"page": 1, "page_size": 30, "has_next": false}}"#;
/// let page: Page<SessionId> = serde_json::from_str(answer)?;
/// assert_eq!(page.data[0].session_id, "…");
/// # Ok::<(), serde_json::Error>(())
/// ```
pub trait SearchResult: DeserializeOwned {
    /// The endpoints whose results have this form.
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

/// A session found by [`Endpoint::Sessions`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SessionResult {
    /// The session's UUID.
    pub session_id: String,
    /// The UUID of the review queue it is in.
    pub review_queue_id: Option<String>,
    /// The UUID of the test run it belongs to.
    pub test_run_id: Option<String>,
    /// When it ran.
    pub session_metadata: SessionMetadata,
    /// The tokens it took.
    pub usage: Usage,
    /// What the application recorded with it.
    pub custom_metadata: Option<BTreeMap<String, MetaValue>>,
    /// Its traces and completions, where the search asked for children.
    pub children: Option<Vec<Child>>,
    /// Keys this version does not know.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// When a session ran.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SessionMetadata {
    /// When it began.
    pub start_time: Option<String>,
    /// When it ended.
    pub end_time: Option<String>,
    /// Keys this version does not know.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// A trace found by [`Endpoint::Traces`], or a child of another result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TraceResult {
    /// The UUID of the session it is part of.
    pub session_id: String,
    /// The trace's UUID.
    pub trace_id: String,
    /// The UUID of the review queue it is in.
    pub review_queue_id: Option<String>,
    /// Who ran it, and when.
    pub trace_metadata: Option<TraceMetadata>,
    /// What the application recorded with it.
    pub custom_metadata: Option<BTreeMap<String, MetaValue>>,
    /// What the customer said of it.
    pub customer_feedback: Option<BTreeMap<String, MetaValue>>,
    /// What went in: any JSON.
    pub input: Option<Value>,
    /// What came out: any JSON.
    pub output: Option<Value>,
    /// How it was judged.
    pub evaluation_results: EvaluationResults,
    /// Its traces and completions, where the search asked for children.
    pub children: Option<Vec<Child>>,
    /// Keys this version does not know.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// Who ran a trace, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TraceMetadata {
    /// The agent's name.
    pub agent_name: Option<String>,
    /// When it began.
    pub start_time: Option<String>,
    /// When it ended.
    pub end_time: Option<String>,
    /// Who is to review it.
    pub assignee: Option<String>,
    /// Keys this version does not know.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// A completion found by [`Endpoint::Completions`], or a child of another result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CompletionResult {
    /// The completion's UUID.
    pub completion_id: String,
    /// The UUID of the session it is part of.
    pub session_id: String,
    /// The UUID of the review queue it is in.
    pub review_queue_id: Option<String>,
    /// How it was judged.
    pub evaluation_results: EvaluationResults,
    /// The tokens it took.
    pub usage: Usage,
    /// What made it, and when.
    pub completion_metadata: CompletionMetadata,
    /// What the customer said of it.
    pub customer_feedback: BTreeMap<String, MetaValue>,
    /// The conversation.
    pub messages: Vec<Message>,
    /// What was put into the prompt template: any JSON.
    pub input_variables: Map<String, Value>,
    /// Its traces and completions, where the search asked for children.
    pub children: Option<Vec<Child>>,
    /// Keys this version does not know.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// What made a completion, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CompletionMetadata {
    /// The environment it ran in.
    pub environment: Option<String>,
    /// When it began.
    pub start_time: Option<String>,
    /// When it ended.
    pub end_time: Option<String>,
    /// The model.
    pub model: Option<String>,
    /// The model's provider.
    pub provider: Option<String>,
    /// The prompt template.
    pub prompt_template: Option<BTreeMap<String, String>>,
    /// The UUID of the template's version.
    pub prompt_template_version_id: Option<String>,
    /// Who is to review it.
    pub assignee: Option<String>,
    /// The name of the template's version.
    pub prompt_version_name: Option<String>,
    /// What the template's version says of itself.
    pub prompt_version_description: Option<String>,
    /// Keys this version does not know.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// Tokens that went in and came out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Usage {
    /// Tokens in the prompts.
    pub prompt_tokens: i64,
    /// Tokens in the completions.
    pub completion_tokens: i64,
    /// Keys this version does not know.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// How a trace or a completion was judged, each by the name of the criterion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EvaluationResults {
    /// By automatic evaluations.
    pub auto_evaluations: Map<String, Value>,
    /// By people.
    pub human_labels: Map<String, Value>,
    /// By the application.
    pub client_evaluations: BTreeMap<String, ClientScore>,
    /// Keys this version does not know.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// A value of an application's own metadata or of a customer's feedback.
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
    /// Who speaks.
    pub role: Role,
    /// What is said.
    pub content: Content,
    /// Keys this version does not know.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// Who speaks in a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Role {
    /// `user`.
    User,
    /// `system`.
    System,
    /// `assistant`.
    Assistant,
    /// A role that the API's reference does not name.
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

/// What a message says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a string or an array of blocks")]
pub enum Content {
    /// A text.
    Text(String),
    /// Blocks, in a user's message. The API's reference says nothing of what is in them.
    Blocks(Vec<Value>),
}

/// A part of another result: a trace or a completion.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Child {
    /// A trace: it has no `completion_id`.
    Trace(Box<TraceResult>),
    /// A completion: it has a `completion_id`.
    Completion(Box<CompletionResult>),
}

/// Read by the ID it carries rather than by trying both forms, so that a malformed child is
/// reported for what is wrong with it.
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
