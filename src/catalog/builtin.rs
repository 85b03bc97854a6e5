//! The fields of Freeplay's Search API, in one table.
//!
//! Names, operators and example values are taken from the API's guide to search operators, which has
//! one table for sessions, traces and completions. The second list of operators has those that the
//! guide does not list for the field but Freeplay's own client uses. The aliases are defined by
//! this language, except `review_theme`, the name of `insight_name` in an older guide.

use super::{Catalog, Field, Type};
use crate::filter::Op::{self, Between, Contains, Eq, Gt, Gte, Lt, Lte};

struct Row {
    name: &'static str,
    ty: Type,
    listed: &'static [Op],
    unlisted: &'static [Op],
    aliases: &'static [&'static str],
    doc: &'static str,
    example: &'static str,
}

/// Returns a row of the table.
const fn row(
    name: &'static str,
    ty: Type,
    listed: &'static [Op],
    unlisted: &'static [Op],
    aliases: &'static [&'static str],
    doc: &'static str,
    example: &'static str,
) -> Row {
    Row { name, ty, listed, unlisted, aliases, doc, example }
}

const ORDER: &[Op] = &[Eq, Lt, Gt, Lte, Gte];
const BOUNDS: &[Op] = &[Lt, Gt, Lte, Gte];
const EQ: &[Op] = &[Eq];
const WORDS: &[Op] = &[Contains];
const NONE: &[Op] = &[];

#[rustfmt::skip]
const FIELDS: &[Row] = &[
    row("cost", Type::Usd, ORDER, &[Between], &[], "Cost of the calls, in US dollars", "cost >= $0.003"),
    row("latency", Type::Seconds, ORDER, &[Between], &[], "Duration in seconds", "latency > 8s"),
    row("start_time", Type::Time, ORDER, NONE, &["time"], "When the session, trace or completion started", "start_time >= 2024-06-01"),
    row("environment", Type::Text, EQ, NONE, &["env"], "The deployment environment", "environment = staging"),
    row("prompt_template", Type::Text, EQ, NONE, &["template"], "The prompt template's name", "prompt_template = my-prompt"),
    row("prompt_template_id", Type::Uuid, EQ, NONE, &["template_id"], "The prompt template's ID", "prompt_template_id = 3c90c3cc-0d44-4b50-8888-8dd25736052a"),
    row("prompt_version", Type::Text, NONE, EQ, &["version"], "The prompt template's version", "prompt_version = v2"),
    row("completion_id", Type::Uuid, EQ, NONE, &[], "The completion's ID", "completion_id = 3c90c3cc-0d44-4b50-8888-8dd25736052a"),
    row("session_id", Type::Uuid, EQ, NONE, &[], "The session's ID", "session_id = 3c90c3cc-0d44-4b50-8888-8dd25736052a"),
    row("trace_id", Type::Uuid, NONE, EQ, &[], "The trace's ID", "trace_id = 3c90c3cc-0d44-4b50-8888-8dd25736052a"),
    row("model", Type::Text, EQ, NONE, &[], "The model's name", "model = gpt-4o"),
    row("provider", Type::Text, EQ, NONE, &[], "The model's provider", "provider = openai"),
    row("review_status", Type::Text, EQ, NONE, &["status"], "The status of its review", "review_status = review_complete"),
    row("agent_name", Type::Text, EQ, NONE, &["agent"], "The agent's name", "agent_name = support-agent"),
    row("trace_agent_name", Type::Text, EQ, NONE, &["trace_agent"], "The name of the trace's agent", "trace_agent_name = my-agent"),
    row("api_key", Type::Text, EQ, NONE, &[], "The name of the API key", "api_key = production-key"),
    row("assignee", Type::Text, EQ, NONE, &[], "The e-mail address of the reviewer", "assignee = user@example.com"),
    row("insight_name", Type::Text, EQ, NONE, &["insight", "review_theme"], "The insight's name", r#"insight_name = "Response Quality Issues""#),
    row("insight_id", Type::Text, NONE, EQ, &[], "The insight's ID", "insight_id = 42"),
    row("completion_output", Type::Text, WORDS, NONE, &["output"], "The model's answer", "completion_output contains weather"),
    row("completion_inputs.*", Type::Text, WORDS, NONE, &["input"], "The prompt's variables", "completion_inputs.topic contains weather"),
    row("completion_feedback.*", Type::Text, WORDS, NONE, &["feedback"], "The customers' feedback on a completion", "completion_feedback.rating contains positive"),
    row("session_custom_metadata.*", Type::Text, WORDS, NONE, &["meta"], "The session's metadata", "session_custom_metadata.user_type contains premium"),
    row("trace_custom_metadata.*", Type::Text, WORDS, NONE, &["trace_meta"], "The trace's metadata", "trace_custom_metadata.workflow contains onboarding"),
    row("trace_input.*", Type::Text, WORDS, NONE, &[], "The trace's input", "trace_input.query contains weather"),
    row("trace_output.*", Type::Text, WORDS, NONE, &[], "The trace's output", "trace_output.response contains sunny"),
    row("trace_feedback.*", Type::Text, WORDS, NONE, &[], "The customers' feedback on a trace", "trace_feedback.rating contains positive"),
    row("completion_evaluation_results.*", Type::Score, EQ, BOUNDS, &["eval"], "A completion's evaluation results", r#"completion_evaluation_results."Response Quality" = 4"#),
    row("completion_client_evaluation_results.*", Type::Score, EQ, WORDS, &["client_eval"], "A completion's evaluation results from your own code", "completion_client_evaluation_results.score = 85"),
    row("trace_evaluation_results.*", Type::Score, &[Eq, Gt, Lt, Gte, Lte, Contains], NONE, &["trace_eval"], "A trace's evaluation results", r#"trace_evaluation_results."Quality Score" >= 5"#),
    row("trace_client_eval_results.*", Type::Score, &[Eq, Contains], NONE, &["trace_client_eval"], "A trace's evaluation results from your own code", "trace_client_eval_results.confidence_score = 0.95"),
    row("evaluation_notes.content", Type::Text, WORDS, NONE, &["note"], "The text of a reviewer's note", r#"evaluation_notes.content contains "needs review""#),
    row("evaluation_notes.author", Type::Text, EQ, NONE, &["note_author"], "The e-mail address of a note's author", "evaluation_notes.author = user@example.com"),
    row("evaluation_notes.created_at", Type::Time, BOUNDS, NONE, &["note_time"], "When a note was written", "evaluation_notes.created_at >= 2024-06-01"),
];

/// Other names of a field: in common use, in other tools, and in the API's results. `*` is any key.
const SYNONYMS: &[(&str, &str)] = &[
    ("cost", "price spend total_cost costs"),
    ("latency", "duration elapsed elapsed_time response_time total_latency"),
    ("start_time", "created created_at date started started_at timestamp"),
    ("environment", "deployment environment_name stage"),
    ("prompt_template", "prompt_name template_name prompt_template_name"),
    ("prompt_template_id", "prompt_id"),
    ("session_id", "session"),
    ("trace_id", "trace"),
    ("prompt_version", "prompt_version_name template_version"),
    ("model", "engine llm llm_model model_name"),
    ("provider", "provider_name vendor"),
    ("api_key", "api_key_name"),
    ("assignee", "assigned_to owner reviewer"),
    ("completion_output", "answer completion completion_text message output_text response response_text text"),
    ("completion_inputs", "input_variables variables"),
    ("completion_feedback", "customer_feedback"),
    ("trace_feedback", "customer_feedback"),
    ("session_custom_metadata", "custom_metadata metadata session_meta session_metadata *"),
    ("trace_custom_metadata", "custom_metadata metadata trace_metadata *"),
    (
        "completion_evaluation_results",
        "auto_evaluations evals evaluation evaluation_results evaluations human_labels score scores *",
    ),
    (
        "trace_evaluation_results",
        "auto_evaluations evals evaluation evaluation_results evaluations human_labels score scores *",
    ),
    ("completion_client_evaluation_results", "client_evaluations"),
    ("trace_client_eval_results", "client_evaluations"),
    ("evaluation_notes.content", "notes"),
    ("evaluation_notes.author", "author"),
];

fn synonyms(name: &str) -> impl Iterator<Item = &'static str> {
    let stem = name.trim_end_matches(".*");
    let found = SYNONYMS.iter().filter(move |(field, _)| *field == stem);
    found.flat_map(|(_, synonyms)| synonyms.split_whitespace())
}

pub(super) fn catalog() -> Catalog {
    let fields = FIELDS.iter().map(|row| {
        let field = Field::new(row.name, row.ty)
            .with_operators(row.listed.iter().copied())
            .with_unlisted_operators(row.unlisted.iter().copied())
            .with_doc(row.doc)
            .with_example(row.example);
        let field = row.aliases.iter().copied().fold(field, Field::with_alias);
        synonyms(row.name).fold(field, Field::with_synonym)
    });
    // A test builds the table with all checks, so they are skipped here.
    Catalog::unchecked(fields.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn synonyms_refer_to_fields_and_are_not_names() {
        let catalog = catalog();
        for (field, synonyms) in SYNONYMS {
            assert!(catalog.fields().iter().any(|known| known.name() == *field), "{field}");
            for synonym in synonyms.split_whitespace() {
                assert!(catalog.get(synonym).is_none(), "{synonym}");
            }
        }
    }
}
