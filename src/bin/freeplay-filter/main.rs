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
#[cfg(feature = "client")]
mod search;

use std::borrow::Cow;
use std::ffi::OsString;
use std::io::{self, BufRead, Read, Write};
use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use freeplay_filter::catalog::Catalog;
use freeplay_filter::search::{BaseUrl, RequestError, SearchRequest};
use freeplay_filter::{Code, Compiler, Diagnostic, Error, Filter, Parameter, Parameters};
use serde_json::{Value, json};

use arguments::{Arguments, MessageFormat, Settings};

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
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        // Who reads has had enough.
        Err(Failure::Io(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(Failure::Refused) => ExitCode::from(1),
        Err(Failure::Usage(message)) => report(&message),
        Err(Failure::Io(error)) => report(&error.to_string()),
    }
}

fn report(message: &str) -> ExitCode {
    // Nobody is left to tell where standard error is gone as well.
    let _ = writeln!(anstream::stderr(), "error: {message}");
    ExitCode::from(2)
}

fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    #[cfg(feature = "client")]
    if let Some(arguments::Command::Search(search)) = &arguments.command {
        return search::run(&mut out, search, &arguments.settings);
    }
    if arguments.fields {
        write_fields(&mut out, arguments.json)?;
    } else if let Some(code) = &arguments.explain {
        write_explanation(&mut out, code)?;
    } else if let Some(shell) = arguments.completions {
        // Into memory first: it panics where it cannot write.
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut Arguments::command(), env!("CARGO_BIN_NAME"), &mut script);
        out.write_all(&script)?;
    } else {
        let compiler = compiler(&arguments.settings)?;
        if arguments.batch {
            batch(&mut out, arguments, &compiler)?;
        } else {
            let input = read_input(&arguments.words)?;
            translate(&mut out, arguments, &compiler, &input)?;
        }
    }
    out.flush()?;
    Ok(())
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
fn read_input(words: &[OsString]) -> Result<String, Failure> {
    let bytes = if words.is_empty() {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes)?;
        bytes
    } else {
        let words: Vec<&[u8]> = words.iter().map(|word| word.as_encoded_bytes()).collect();
        words.join(&b' ')
    };
    String::from_utf8(bytes).or_else(|error| {
        writeln!(anstream::stderr(), "error: {}", not_utf8(&error.utf8_error()))?;
        Err(Failure::Refused)
    })
}

fn not_utf8(error: &std::str::Utf8Error) -> String {
    format!("the input is not UTF-8: byte {} does not belong there", error.valid_up_to())
}

fn translate(out: &mut impl Write, arguments: &Arguments, compiler: &Compiler, input: &str) -> Result<(), Failure> {
    let format = arguments.settings.message_format;
    let refuse = |error| refuse(format, &error);
    if arguments.reverse {
        match Filter::from_body(input).and_then(|filter| compiler.raise(&filter)) {
            Ok(query) if arguments.pretty => writeln!(out, "{}", query.pretty())?,
            Ok(query) => writeln!(out, "{query}")?,
            Err(error) => return refuse(error),
        }
    } else if arguments.explain_query {
        match compiler.explain(input) {
            Ok(explanation) => writeln!(out, "{explanation}")?,
            Err(error) => return refuse(error),
        }
    } else if arguments.fmt {
        match compiler.parse(input).map(|query| query.pretty()) {
            Ok(formatted) if arguments.check => {
                if formatted != input.strip_suffix('\n').unwrap_or(input) {
                    writeln!(anstream::stderr(), "the query is not in its usual form")?;
                    return Err(Failure::Refused);
                }
            }
            Ok(formatted) => writeln!(out, "{formatted}")?,
            Err(error) => return refuse(error),
        }
    } else {
        let filter = compile(compiler, format, input)?;
        match (arguments.curl, &arguments.project) {
            (Some(endpoint), Some(project)) => {
                let request = SearchRequest::builder(endpoint, project, &filter).base(BaseUrl::from_env()?).build()?;
                writeln!(out, "{}", request.curl())?;
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
            write_findings(format, input, &compiled.warnings)?;
            Ok(compiled.filter)
        }
        Err(error) => refuse(format, &error),
    }
}

fn refuse<T>(format: MessageFormat, error: &Error) -> Result<T, Failure> {
    write_findings(format, error.text(), error.diagnostics())?;
    Err(Failure::Refused)
}

fn write_filter(out: &mut impl Write, arguments: &Arguments, filter: &Filter) -> Result<(), Failure> {
    match (arguments.body, arguments.pretty) {
        (true, true) => serde_json::to_writer_pretty(&mut *out, &json!({"filters": filter}))?,
        (true, false) => {
            out.write_all(b"{\"filters\":")?;
            serde_json::to_writer(&mut *out, filter)?;
            out.write_all(b"}")?;
        }
        (false, true) => serde_json::to_writer_pretty(&mut *out, filter)?,
        (false, false) => serde_json::to_writer(&mut *out, filter)?,
    }
    writeln!(out)?;
    Ok(())
}

fn write_findings(format: MessageFormat, source: &str, diagnostics: &[Diagnostic]) -> Result<(), Failure> {
    let mut err = anstream::stderr();
    if diagnostics.is_empty() {
        return Ok(());
    }
    match format {
        MessageFormat::Human => write!(err, "{}", freeplay_filter::render(source, diagnostics, true))?,
        MessageFormat::Short => writeln!(err, "{}", freeplay_filter::short(source, diagnostics))?,
        MessageFormat::Json => writeln!(err, "{}", freeplay_filter::diagnostics_to_json(source, diagnostics))?,
    }
    Ok(())
}

fn batch(out: &mut impl Write, arguments: &Arguments, compiler: &Compiler) -> Result<(), Failure> {
    let mut refused = false;
    let mut input = io::stdin().lock();
    let mut line = Vec::new();
    while input.read_until(b'\n', &mut line)? > 0 {
        let end = line.strip_suffix(b"\n").unwrap_or(&line);
        let end = end.strip_suffix(b"\r").unwrap_or(end);
        match batch_line(end, arguments, compiler) {
            Ok(BatchResult::Filter(filter)) => write_filter(out, arguments, &filter)?,
            Ok(BatchResult::Query(query)) => writeln!(out, "{}", json!(query))?,
            Err(error) => {
                refused = true;
                writeln!(out, "{error}")?;
            }
        }
        line.clear();
    }
    if refused { Err(Failure::Refused) } else { Ok(()) }
}

enum BatchResult {
    Filter(Filter),
    Query(String),
}

/// The result for one line, or the object that says why there is none.
fn batch_line(line: &[u8], arguments: &Arguments, compiler: &Compiler) -> Result<BatchResult, Value> {
    let line = std::str::from_utf8(line).map_err(|error| json!({"error": not_utf8(&error), "diagnostics": []}))?;
    let result = if arguments.reverse {
        Filter::from_body(line)
            .and_then(|filter| compiler.raise(&filter))
            .map(|query| BatchResult::Query(query.to_string()))
    } else {
        compiler.compile(line).map(|compiled| BatchResult::Filter(compiled.filter))
    };
    result.map_err(|error| json!({"error": error.to_string(), "diagnostics": error.to_json()}))
}

fn write_fields(out: &mut impl Write, json: bool) -> Result<(), Failure> {
    let catalog = Catalog::builtin();
    if json {
        serde_json::to_writer_pretty(&mut *out, &*catalog)?;
        writeln!(out)?;
        return Ok(());
    }
    let rows = catalog.fields().iter().map(|field| {
        let listed = field.listed().iter().map(|op| op.to_string());
        let unlisted = field.unlisted().iter().map(|op| format!("{op}*"));
        let aliases: Vec<&str> = field.aliases().collect();
        [
            Cow::Owned(field.pattern()),
            Cow::Borrowed(field.ty().as_str()),
            listed.chain(unlisted).collect::<Vec<_>>().join(" ").into(),
            aliases.join(" ").into(),
            Cow::Borrowed(field.summary()),
        ]
    });
    let head = ["FIELD", "TYPE", "OPERATORS", "ALIASES", "HOLDS"].map(Cow::Borrowed);
    let rows: Vec<[Cow<str>; 5]> = std::iter::once(head).chain(rows).collect();
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.len()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..5).map(width).collect();
    for row in &rows {
        let cells = row.iter().zip(&widths).map(|(cell, &width)| format!("{cell:width$}"));
        writeln!(out, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    writeln!(
        out,
        "\n.* stands for a key. An operator with * is not in the API's guide; its vendor's own client uses it."
    )?;
    Ok(())
}

fn write_explanation(out: &mut impl Write, name: &str) -> Result<(), Failure> {
    let Some(code) = Code::from_name(name) else {
        let codes: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
        return Err(Failure::Usage(format!("there is no code `{name}`; the codes are:\n  {}", codes.join("\n  "))));
    };
    writeln!(out, "{code} ({})\n\n{}", code.severity(), code.explanation())?;
    if !code.wrong().is_empty() {
        writeln!(out, "\n  wrong:  {}\n  right:  {}", code.wrong(), code.right())?;
    }
    Ok(())
}
