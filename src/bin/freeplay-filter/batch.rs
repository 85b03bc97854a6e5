//! `freeplay-filter batch`: answers each line with a line of JSON, for programs.

use std::collections::BTreeMap;
use std::io::BufReader;

use clap::Args;
use freeplay_filter::editor::TokenKind;
use freeplay_filter::span::Unit;
use freeplay_filter::{Compiler, Filter, Limits, Parameter, Parameters};
use serde_json::json;

use crate::failure::Failure;
use crate::input::{FlushFirst, read_line, text, without_mark};
use crate::output::Console;
use crate::request::{FilterRequest, QueryRequest, Rejected, object};
use crate::settings::Settings;

/// Answer each line of standard input with a line of JSON, for programs
///
/// A line is a query, or an object that begins with `{`: {"id": …, "query": …, "params": {…},
/// "now": …}. All but the query may be left out. The id is any JSON. The params are strings, numbers
/// and lists of them, and override those of --param, which a line need not use.
///
/// The answer is {"filter": …, "warnings": […]}, or {"error": {"diagnostics": […]}} if the line is
/// rejected. The id of an object is repeated, and is null if the object cannot be read. Positions
/// in diagnostics are positions in the query.
///
/// With --reverse, a line is a filter, the body of a request, or an object {"id": …, "filter": …}.
/// The answer is {"query": …, "warnings": []}.
///
/// Every line that was read is answered before more input is waited for. The exit status is 1 if a
/// line was rejected.
#[derive(Args)]
pub(crate) struct Batch {
    /// Turn filters into queries
    #[arg(long, conflicts_with = "Settings")]
    reverse: bool,

    #[command(flatten)]
    settings: Settings,
}

impl Batch {
    pub(crate) fn run(&self, console: &mut Console) -> Result<(), Failure> {
        let compiler = self.settings.compiler()?.parameters(Parameters::new());
        let limit = Limits::default().json_bytes;
        let answerer = Answerer { compiler, shared: self.settings.parameters()?, limit };
        let mut input = BufReader::with_capacity(1 << 16, FlushFirst::new(console));
        let mut line = Vec::new();
        let mut is_rejected = false;
        while read_line(&mut input, &mut line, limit)? {
            let answer = match text(&line, limit) {
                Ok(line) if self.reverse => answerer.query(line),
                Ok(line) => answerer.filter(line),
                Err(message) => {
                    let rejected = Rejected::encoding(&line, message);
                    Answer::rejected(rejected.id, &rejected.diagnostics())
                }
            };
            is_rejected |= answer.is_rejected;
            input.get_mut().console().line(&answer.json)?;
        }
        if is_rejected { Err(Failure::Told) } else { Ok(()) }
    }
}

struct Answerer {
    /// The compiler, without parameters.
    compiler: Compiler,
    /// The parameters of the command line.
    shared: BTreeMap<String, Parameter>,
    /// The maximum length in bytes of a line that is an object.
    limit: usize,
}

impl Answerer {
    /// Answers a line that is a query, or an object with one.
    fn filter(&self, line: &str) -> Answer {
        let Some(object) = object(line) else { return self.compile(&QueryRequest::of(line)) };
        match QueryRequest::read(object, self.limit) {
            Ok(request) => self.compile(&request),
            Err(rejected) => Answer::rejected(rejected.id, &rejected.diagnostics()),
        }
    }

    fn compile(&self, request: &QueryRequest) -> Answer {
        let QueryRequest { id, query, parameters, now } = request;
        let compiled = if !self.shared.is_empty() || !parameters.is_empty() || now.is_some() {
            let mut compiler = self.compiler.clone().parameters(self.parameters(query, parameters));
            if let Some(now) = now {
                compiler = compiler.now(*now);
            }
            compiler.compile(query)
        } else {
            self.compiler.compile(query)
        };
        match compiled {
            Ok(compiled) => {
                let warnings = if compiled.warnings.is_empty() { "[]".to_owned() } else { compiled.warnings_to_json() };
                Answer::new(*id, "filter", &compiled.filter.to_json(), &warnings)
            }
            Err(error) => Answer::rejected(*id, &error.to_json()),
        }
    }

    /// Returns the parameters of a line, and those of the command line that its query uses.
    fn parameters(&self, query: &str, own: &BTreeMap<String, Parameter>) -> Parameters {
        let tokens =
            self.compiler.highlight(query, Unit::Bytes).into_iter().filter(|token| token.kind == TokenKind::Parameter);
        let names = tokens.filter_map(|token| query.get(token.start..token.end)?.strip_prefix('$'));
        let shared = names.filter_map(|name| self.shared.get_key_value(name));
        shared.chain(own).map(|(name, value)| (name.as_str(), value.clone())).collect()
    }

    /// Answers a line that is a filter, or an object with one.
    fn query(&self, line: &str) -> Answer {
        match FilterRequest::read(without_mark(line), self.limit) {
            Ok(FilterRequest { id, filter }) => {
                match Filter::from_body(filter).and_then(|filter| self.compiler.raise(&filter)) {
                    Ok(query) => Answer::new(id, "query", &json!(query.to_string()).to_string(), "[]"),
                    Err(error) => Answer::rejected(id, &error.to_json()),
                }
            }
            Err(rejected) => Answer::rejected(rejected.id, &rejected.diagnostics()),
        }
    }
}

/// The answer to a line.
struct Answer {
    json: String,
    is_rejected: bool,
}

impl Answer {
    fn new(id: Option<&str>, name: &str, result: &str, warnings: &str) -> Answer {
        let json = write(id, &["\"", name, "\":", result, ",\"warnings\":", warnings]);
        Answer { json, is_rejected: false }
    }

    fn rejected(id: Option<&str>, diagnostics: &str) -> Answer {
        let json = write(id, &["\"error\":{\"diagnostics\":", diagnostics, "}"]);
        Answer { json, is_rejected: true }
    }
}

/// Writes an object, beginning with the id if there is one. `format!` would take a large part of the time of a line.
fn write(id: Option<&str>, rest: &[&str]) -> String {
    let id = id.map_or(["", "", ""], |id| ["\"id\":", id, ","]);
    [&["{"], &id[..], rest, &["}"]].concat().concat()
}
