//! Implements records for the types of [`search`](crate::search).

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

use super::record::{Answer, Record, Stored, scalar};
use super::results::{self, Kind, Source, no_output, of_key};
use crate::search::{
    Child, ClientScore, CompletionResult, Content, EvaluationResults, MetaValue, Role, SessionResult, TraceResult,
};

impl Record for SessionResult {
    fn answer(&self, field: &str) -> Answer<'_> {
        results::answer(self, field)
    }
}

impl Record for TraceResult {
    fn answer(&self, field: &str) -> Answer<'_> {
        results::answer(self, field)
    }
}

impl Record for CompletionResult {
    fn answer(&self, field: &str) -> Answer<'_> {
        results::answer(self, field)
    }
}

impl Source for SessionResult {
    fn kind(&self) -> Option<Kind> {
        Some(Kind::Session)
    }

    fn scalar(&self, path: &str) -> Answer<'_> {
        match path {
            "session_id" => text(&self.session_id),
            "session_metadata.start_time" => nullable(&self.session_metadata.start_time),
            "session_metadata.end_time" => nullable(&self.session_metadata.end_time),
            _ => missing(),
        }
    }

    fn value<'a>(&'a self, path: &str, key: &str) -> Answer<'a> {
        match path {
            "custom_metadata" => meta(self.custom_metadata.as_ref(), key),
            _ => missing(),
        }
    }

    fn output(&self) -> Answer<'_> {
        no_output()
    }

    fn children(&self) -> Option<Vec<&dyn Source>> {
        self.children.as_deref().map(children)
    }
}

impl Source for TraceResult {
    fn kind(&self) -> Option<Kind> {
        Some(Kind::Trace)
    }

    fn scalar(&self, path: &str) -> Answer<'_> {
        let metadata = self.trace_metadata.as_ref();
        let of_metadata = match path {
            "session_id" => return text(&self.session_id),
            "trace_id" => return text(&self.trace_id),
            "trace_metadata.start_time" => metadata.map(|metadata| &metadata.start_time),
            "trace_metadata.end_time" => metadata.map(|metadata| &metadata.end_time),
            "trace_metadata.assignee" => metadata.map(|metadata| &metadata.assignee),
            "trace_metadata.agent_name" => metadata.map(|metadata| &metadata.agent_name),
            _ => None,
        };
        of_metadata.map_or_else(missing, nullable)
    }

    fn value<'a>(&'a self, path: &str, key: &str) -> Answer<'a> {
        match path {
            "custom_metadata" => meta(self.custom_metadata.as_ref(), key),
            "customer_feedback" => meta(self.customer_feedback.as_ref(), key),
            "input" => json(self.input.as_ref(), key),
            "output" => json(self.output.as_ref(), key),
            _ => evaluations(&self.evaluation_results, path, key),
        }
    }

    fn output(&self) -> Answer<'_> {
        no_output()
    }

    fn children(&self) -> Option<Vec<&dyn Source>> {
        self.children.as_deref().map(children)
    }
}

impl Source for CompletionResult {
    fn kind(&self) -> Option<Kind> {
        Some(Kind::Completion)
    }

    fn scalar(&self, path: &str) -> Answer<'_> {
        let metadata = &self.completion_metadata;
        nullable(match path {
            "completion_id" => return text(&self.completion_id),
            "session_id" => return text(&self.session_id),
            "completion_metadata.start_time" => &metadata.start_time,
            "completion_metadata.end_time" => &metadata.end_time,
            "completion_metadata.model" => &metadata.model,
            "completion_metadata.provider" => &metadata.provider,
            "completion_metadata.environment" => &metadata.environment,
            "completion_metadata.assignee" => &metadata.assignee,
            "completion_metadata.prompt_version_name" => &metadata.prompt_version_name,
            _ => return missing(),
        })
    }

    fn value<'a>(&'a self, path: &str, key: &str) -> Answer<'a> {
        match path {
            "input_variables" => of_key(&self.input_variables, key),
            "customer_feedback" => meta(Some(&self.customer_feedback), key),
            "completion_metadata.prompt_template" => {
                let template = self.completion_metadata.prompt_template.as_ref();
                template.and_then(|template| template.get(key)).map_or_else(Answer::none, |value| text(value))
            }
            _ => evaluations(&self.evaluation_results, path, key),
        }
    }

    fn output(&self) -> Answer<'_> {
        let last = self.messages.iter().rfind(|message| message.role == Role::Assistant);
        match last.map(|message| &message.content) {
            Some(Content::Text(said)) => text(said),
            Some(Content::Blocks(_)) | None => no_output(),
        }
    }

    fn children(&self) -> Option<Vec<&dyn Source>> {
        self.children.as_deref().map(children)
    }
}

fn children(children: &[Child]) -> Vec<&dyn Source> {
    fn source(child: &Child) -> &dyn Source {
        match child {
            Child::Trace(trace) => &**trace,
            Child::Completion(completion) => &**completion,
        }
    }
    children.iter().map(source).collect()
}

fn text(text: &str) -> Answer<'_> {
    Answer::values([Stored::String(Cow::Borrowed(text))])
}

fn nullable(value: &Option<String>) -> Answer<'_> {
    Answer::values(value.iter().map(|text| Stored::String(Cow::Borrowed(text))))
}

fn meta<'a>(object: Option<&'a BTreeMap<String, MetaValue>>, key: &str) -> Answer<'a> {
    match object.and_then(|object| object.get(key)) {
        None => Answer::none(),
        Some(MetaValue::Text(value)) => text(value),
        Some(MetaValue::Number(number)) => scalar(number),
        Some(MetaValue::Bool(boolean)) => Answer::values([Stored::Boolean(*boolean)]),
    }
}

fn json<'a>(value: Option<&'a Value>, key: &str) -> Answer<'a> {
    match value {
        None | Some(Value::Null) => Answer::none(),
        Some(Value::Object(object)) => of_key(object, key),
        Some(_) => Answer::unknown("it is not an object"),
    }
}

fn evaluations<'a>(results: &'a EvaluationResults, path: &str, key: &str) -> Answer<'a> {
    match path {
        "evaluation_results.auto_evaluations" => of_key(&results.auto_evaluations, key),
        "evaluation_results.human_labels" => of_key(&results.human_labels, key),
        "evaluation_results.client_evaluations" => match results.client_evaluations.get(key) {
            None => Answer::none(),
            Some(ClientScore::Number(number)) => scalar(number),
            Some(ClientScore::Bool(boolean)) => Answer::values([Stored::Boolean(*boolean)]),
        },
        _ => missing(),
    }
}

fn missing<'a>() -> Answer<'a> {
    Answer::unknown("the result does not contain it")
}
