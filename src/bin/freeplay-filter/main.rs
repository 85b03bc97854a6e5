//! Translates queries to the filters of Freeplay's Search API, and back.

// What a stranger sends must not panic.
#![deny(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::todo,
    clippy::unreachable,
    clippy::unwrap_used
)]

mod arguments;
mod input;
mod output;
#[cfg(feature = "client")]
mod search;

use std::borrow::Cow;
use std::env;
use std::ffi::OsString;
use std::io;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use freeplay_filter::catalog::Catalog;
use freeplay_filter::search::{BaseUrl, RequestError, SearchRequest};
use freeplay_filter::{Code, Compiler, Diagnostic, Error, Filter, Limits, Parameter, Parameters, visible};
use serde_json::json;

use arguments::{Arguments, MessageFormat, Settings};
use output::{Output, tell, tell_error, tell_json};

/// Why the command does not end well.
enum Failure {
    /// The input was refused, and it was said why.
    Refused,
    /// The command was used wrongly.
    Usage(String),
    Io(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure::Io(error)
    }
}

impl From<RequestError> for Failure {
    fn from(error: RequestError) -> Failure {
        Failure::Usage(format!("{error}; {}", error.help()))
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Failure {
        Failure::Io(error.into())
    }
}

fn main() -> ExitCode {
    match parse_arguments() {
        Ok(arguments) => end(run(&arguments)),
        Err(error) if error.use_stderr() => {
            // Nobody is left to tell where standard error is gone.
            let _ = error.print();
            ExitCode::from(2)
        }
        // Help, or the version.
        Err(page) => end(page.print().map_err(Failure::Io)),
    }
}

fn parse_arguments() -> Result<Arguments, clap::Error> {
    Arguments::try_parse().map_err(|error| {
        // The error may repeat any argument: it is made anew from what is fit to be shown.
        let shown = env::args_os().map(|argument| visible(&argument.to_string_lossy()).into_owned());
        Arguments::try_parse_from(shown).err().unwrap_or(error)
    })
}

fn end(result: Result<(), Failure>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // Who reads standard output has had enough.
        Err(Failure::Io(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(Failure::Refused) => ExitCode::from(1),
        Err(Failure::Usage(message)) => {
            tell_error(&message);
            ExitCode::from(2)
        }
        Err(Failure::Io(error)) => {
            tell_error(&error.to_string());
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut out = Output::new();
    #[cfg(feature = "client")]
    if let Some(arguments::Command::Search(search)) = &arguments.command {
        return search::run(&mut out, search, &arguments.settings);
    }
    if arguments.fields {
        write_fields(&mut out, arguments.json)
    } else if let Some(code) = &arguments.explain {
        write_explanation(&mut out, code)
    } else if let Some(shell) = arguments.completions {
        // Into memory first: it panics where it cannot write.
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut Arguments::command(), env!("CARGO_BIN_NAME"), &mut script);
        Ok(out.line(String::from_utf8_lossy(&script).trim_end())?)
    } else {
        let compiler = compiler(&arguments.settings)?;
        let limits = Limits::default();
        let limit = if arguments.reverse { limits.json_bytes } else { limits.bytes };
        if arguments.batch {
            batch(&mut out, arguments, &compiler, limit)
        } else {
            let input = read_input(&arguments.words, limit)?;
            translate(&mut out, arguments, &compiler, &input)
        }
    }
}

fn compiler(settings: &Settings) -> Result<Compiler, Failure> {
    let mut parameters = Parameters::new();
    for argument in &settings.parameters {
        let (name, value) = read_parameter(argument)?;
        parameters.set(name, value);
    }
    let mut compiler = Compiler::new().strict(settings.strict).parameters(parameters);
    if let Some(now) = settings.now {
        compiler = compiler.now(now);
    }
    if let Some(zone) = &settings.tz {
        compiler = compiler.zone(zone.clone());
    }
    if let Some(name) = &settings.text_field {
        let usage = |error: Error| Failure::Usage(format!("--text-field {name}: {}", error));
        compiler = compiler.text_field(name).map_err(usage)?;
    }
    Ok(compiler)
}

fn read_parameter(argument: &str) -> Result<(&str, Parameter), Failure> {
    let usage = |reason: String| Failure::Usage(format!("--param {argument}: {reason}"));
    let (name, value) = argument.split_once('=').ok_or_else(|| usage("write NAME=TEXT or NAME:=JSON".to_owned()))?;
    let Some(name) = name.strip_suffix(':') else { return Ok((name, value.into())) };
    let value = Parameter::from_json(value).map_err(|error| usage(error.to_string()))?;
    Ok((name, value))
}

/// The query, or with --reverse the filter: the arguments, or all of standard input.
fn read_input(words: &[OsString], limit: usize) -> Result<String, Failure> {
    let bytes = input::read(words, limit)?;
    match input::text(&bytes, limit) {
        Ok(text) => Ok(text.to_owned()),
        Err(message) => {
            tell_error(&message);
            Err(Failure::Refused)
        }
    }
}

fn translate(out: &mut Output, arguments: &Arguments, compiler: &Compiler, input: &str) -> Result<(), Failure> {
    let format = arguments.settings.message_format;
    let refuse = |error| refuse(format, &error);
    if arguments.reverse {
        match Filter::from_body(input).and_then(|filter| compiler.raise(&filter)) {
            Ok(query) if arguments.pretty => out.line(&query.pretty())?,
            Ok(query) => out.line(&query.to_string())?,
            Err(error) => return refuse(error),
        }
    } else if arguments.explain_query {
        match compiler.explain(input) {
            Ok(explanation) => out.line(&explanation.to_string())?,
            Err(error) => return refuse(error),
        }
    } else if arguments.fmt {
        match compiler.parse(input).map(|query| query.pretty()) {
            Ok(formatted) if arguments.check => {
                if formatted != input.strip_suffix('\n').unwrap_or(input) {
                    tell("the query is not in its usual form\n");
                    return Err(Failure::Refused);
                }
            }
            Ok(formatted) => out.line(&formatted)?,
            Err(error) => return refuse(error),
        }
    } else {
        let filter = compile(compiler, format, input)?;
        match (arguments.curl, &arguments.project) {
            (Some(endpoint), Some(project)) => {
                let request = SearchRequest::builder(endpoint, project, &filter).base(BaseUrl::from_env()?).build()?;
                out.line(&request.curl())?;
            }
            _ => write_filter(out, arguments, &filter)?,
        }
    }
    Ok(())
}

/// Compiles a query and tells what was found.
fn compile(compiler: &Compiler, format: MessageFormat, input: &str) -> Result<Filter, Failure> {
    match compiler.compile(input) {
        Ok(compiled) => {
            tell_findings(format, input, &compiled.warnings, || match format {
                MessageFormat::Human => compiled.render_warnings(true),
                MessageFormat::Short => compiled.warnings_to_string(),
                MessageFormat::Json => compiled.warnings_to_json(),
            });
            Ok(compiled.filter)
        }
        Err(error) => refuse(format, &error),
    }
}

fn refuse<T>(format: MessageFormat, error: &Error) -> Result<T, Failure> {
    tell_findings(format, error.text(), error.diagnostics(), || match format {
        MessageFormat::Human => error.render(true),
        MessageFormat::Short => error.to_string(),
        MessageFormat::Json => error.to_json(),
    });
    Err(Failure::Refused)
}

fn write_filter(out: &mut Output, arguments: &Arguments, filter: &Filter) -> Result<(), Failure> {
    let json = match (arguments.body, arguments.pretty) {
        (true, true) => serde_json::to_string_pretty(&json!({"filters": filter}))?,
        (true, false) => format!("{{\"filters\":{}}}", serde_json::to_string(filter)?),
        (false, true) => serde_json::to_string_pretty(filter)?,
        (false, false) => serde_json::to_string(filter)?,
    };
    Ok(out.line(&json)?)
}

fn tell_findings(format: MessageFormat, source: &str, diagnostics: &[Diagnostic], shown: impl Fn() -> String) {
    if diagnostics.is_empty() {
        return;
    }
    match format {
        MessageFormat::Human => tell(&shown()),
        MessageFormat::Short => tell(&(shown() + "\n")),
        MessageFormat::Json => {
            tell_json(&shown());
            return;
        }
    }
    // What the library cannot know of: the command's own ways out.
    if diagnostics.iter().any(|found| found.code() == Code::JsonAsQuery) && Filter::from_body(source).is_ok() {
        tell("help: `--reverse` turns a filter in JSON into a query\n");
    }
    let is_unknown = |found: &Diagnostic| found.code() == Code::UnknownField && found.candidates.is_empty();
    if diagnostics.iter().any(is_unknown) {
        tell("help: `--fields` lists the fields\n");
    }
}

fn batch(out: &mut Output, arguments: &Arguments, compiler: &Compiler, limit: usize) -> Result<(), Failure> {
    let mut refused = false;
    let mut input = io::stdin().lock();
    let mut line = Vec::new();
    while input::read_line(&mut input, &mut line, limit)? {
        let result = input::text(&line, limit)
            .map_err(|message| batch_error(&message, "[]"))
            .and_then(|line| batch_line(line, arguments, compiler));
        match result {
            Ok(BatchResult::Filter(filter)) => write_filter(out, arguments, &filter)?,
            Ok(BatchResult::Query(query)) => out.line(&json!(query).to_string())?,
            Err(error) => {
                refused = true;
                out.line(&error)?;
            }
        }
    }
    if refused { Err(Failure::Refused) } else { Ok(()) }
}

enum BatchResult {
    Filter(Filter),
    Query(String),
}

/// The result for one line, or the JSON that says why there is none.
fn batch_line(line: &str, arguments: &Arguments, compiler: &Compiler) -> Result<BatchResult, String> {
    let result = if arguments.reverse {
        Filter::from_body(line)
            .and_then(|filter| compiler.raise(&filter))
            .map(|query| BatchResult::Query(query.to_string()))
    } else {
        compiler.compile(line).map(|compiled| BatchResult::Filter(compiled.filter))
    };
    result.map_err(|error| batch_error(&error.to_string(), &error.to_json()))
}

fn batch_error(message: &str, diagnostics: &str) -> String {
    format!(r#"{{"error":{},"diagnostics":{diagnostics}}}"#, json!(message))
}

fn write_fields(out: &mut Output, json: bool) -> Result<(), Failure> {
    let catalog = Catalog::builtin();
    if json {
        return Ok(out.line(&serde_json::to_string_pretty(&*catalog)?)?);
    }
    let rows = catalog.fields().iter().map(|field| {
        let listed = field.operators().iter().map(|op| op.to_string());
        let unlisted = field.unlisted_operators().iter().map(|op| format!("{op}*"));
        let aliases: Vec<&str> = field.aliases().collect();
        [
            Cow::Owned(field.pattern()),
            Cow::Borrowed(field.ty().as_str()),
            listed.chain(unlisted).collect::<Vec<_>>().join(" ").into(),
            aliases.join(" ").into(),
            Cow::Borrowed(field.doc()),
        ]
    });
    let head = ["FIELD", "TYPE", "OPERATORS", "ALIASES", "HOLDS"].map(Cow::Borrowed);
    let rows: Vec<[Cow<str>; 5]> = std::iter::once(head).chain(rows).collect();
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.len()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..5).map(width).collect();
    for row in &rows {
        let cells = row.iter().zip(&widths).map(|(cell, &width)| format!("{cell:width$}"));
        out.line(cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    out.line("\n.* stands for a key. An operator with * is not in the API's guide; its vendor's own client uses it.")?;
    Ok(())
}

fn write_explanation(out: &mut Output, name: &str) -> Result<(), Failure> {
    let Some(code) = Code::from_name(name) else {
        let codes: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
        return Err(Failure::Usage(format!(
            "there is no code `{}`; the codes are:\n  {}",
            visible(name),
            codes.join("\n  ")
        )));
    };
    out.line(&format!("{code} ({})\n\n{}", code.severity(), code.explanation()))?;
    if !code.wrong().is_empty() {
        out.line(&format!("\n  wrong:  {}\n  right:  {}", code.wrong(), code.right()))?;
    }
    Ok(())
}
