//! A search box in a terminal: highlights the query while it is typed, underlines what is wrong,
//! completes at Tab, and shows below the line what may come next, and the filter or its diagnostics.
//!
//! ```text
//! cargo run --example search_box
//! ```

use std::borrow::Cow;

use freeplay_filter::Compiler;
use freeplay_filter::catalog::Field;
use freeplay_filter::editor::{Completion, Provider, TokenKind};
use freeplay_filter::filter::Scalar;
use freeplay_filter::span::Unit;
use rustyline::completion::{Completer, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::{Hint, Hinter};
use rustyline::history::MemHistory;
use rustyline::line_buffer::LineBuffer;
use rustyline::validate::Validator;
use rustyline::{Changeset, CompletionType, Config, Context, Editor, Helper};

/// What an application knows of its own data.
struct Application;

impl Provider for Application {
    fn values(&self, field: &Field, _key: Option<&str>, _prefix: &str) -> Vec<Scalar> {
        let known: &[&str] = match field.name() {
            "model" => &["claude-3-opus", "gpt-4o", "gpt-4o-mini"],
            "environment" => &["dev", "prod", "staging"],
            "session_custom_metadata" => &["free", "premium"],
            _ => &[],
        };
        known.iter().copied().map(Scalar::from).collect()
    }

    fn keys(&self, field: &Field, _prefix: &str) -> Vec<String> {
        match field.name() {
            "session_custom_metadata" => vec!["user_type".to_owned(), "user name".to_owned()],
            _ => Vec::new(),
        }
    }
}

struct SearchBox {
    compiler: Compiler,
}

impl SearchBox {
    fn completions(&self, line: &str, cursor: usize) -> Vec<Completion> {
        self.compiler.complete(line, cursor, Unit::Bytes, &Application)
    }

    /// Where the edits of all completions begin.
    fn start(completions: &[Completion], cursor: usize) -> usize {
        completions.iter().map(|item| item.start).min().unwrap_or(cursor)
    }

    /// Returns the text from `start` on after applying a completion.
    fn replacement(line: &str, start: usize, item: &Completion) -> String {
        let kept = line.get(start..item.start).unwrap_or_default();
        format!("{kept}{}", item.text)
    }
}

impl Completer for SearchBox {
    type Candidate = Pair;

    fn complete(&self, line: &str, cursor: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        let completions = self.completions(line, cursor);
        let start = SearchBox::start(&completions, cursor);
        let pair = |item: &Completion| Pair {
            display: item.label.clone(),
            replacement: SearchBox::replacement(line, start, item),
        };
        Ok((start, completions.iter().map(pair).collect()))
    }

    /// Replaces the whole word, including the part after the cursor.
    fn update(&self, line: &mut LineBuffer, start: usize, elected: &str, changes: &mut Changeset) {
        let cursor = line.pos();
        let completions = self.completions(line.as_str(), cursor);
        let chosen = completions.iter().find(|item| SearchBox::replacement(line.as_str(), start, item) == elected);
        let end = chosen.map_or(cursor, |item| item.end);
        line.replace(start..end, elected, changes);
    }
}

impl Highlighter for SearchBox {
    fn highlight<'l>(&self, line: &'l str, cursor: usize) -> Cow<'l, str> {
        let error = self.compiler.compile(line).err();
        let found = error.iter().flat_map(|error| error.diagnostics()).filter_map(|diagnostic| diagnostic.span());
        // What is still being typed is not wrong yet.
        let wrong: Vec<_> = found.filter(|span| span.end() != cursor).collect();
        let mut out = String::new();
        for token in self.compiler.highlight(line, Unit::Bytes) {
            let color = match token.kind {
                TokenKind::Field => "36",
                TokenKind::Key => "96",
                TokenKind::Operator => "33",
                TokenKind::Keyword => "1;35",
                TokenKind::String => "32",
                TokenKind::Number | TokenKind::Time => "34",
                TokenKind::Parameter => "94",
                TokenKind::Comment => "2",
                TokenKind::Bracket if token.partner.is_none() => "1;31",
                TokenKind::Error => "31",
                _ => "0",
            };
            let inside = |span: &freeplay_filter::Span| span.start() < token.end && token.start < span.end();
            let underline = if wrong.iter().any(inside) { ";4" } else { "" };
            out.push_str(&format!("\x1b[{color}{underline}m{}\x1b[0m", line.get(token.range()).unwrap_or_default()));
        }
        out.into()
    }

    fn highlight_char(&self, _: &str, _: usize, _: CmdKind) -> bool {
        true
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        format!("\x1b[2m{hint}\x1b[0m").into()
    }
}

/// What is shown below the line.
struct Below(String);

impl Hint for Below {
    fn display(&self) -> &str {
        &self.0
    }

    fn completion(&self) -> Option<&str> {
        None
    }
}

impl Hinter for SearchBox {
    type Hint = Below;

    fn hint(&self, line: &str, cursor: usize, _: &Context<'_>) -> Option<Below> {
        let completions = self.completions(line, cursor);
        let labels: Vec<&str> = completions.iter().take(8).map(|item| item.label.as_str()).collect();
        let result = match self.compiler.compile(line) {
            Ok(compiled) => {
                let filter = serde_json::to_string(&compiled.filter).unwrap_or_default();
                let warnings = compiled.warnings_to_string();
                if warnings.is_empty() { filter } else { format!("{filter}\n{warnings}") }
            }
            Err(error) => error.to_string(),
        };
        Some(Below(format!("\n  {}\n{result}", labels.join("  "))))
    }
}

impl Validator for SearchBox {}

impl Helper for SearchBox {}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let config = Config::builder().completion_type(CompletionType::List).build();
    let mut editor = Editor::with_history(config, MemHistory::new())?;
    editor.set_helper(Some(SearchBox { compiler: Compiler::new() }));
    loop {
        let line = match editor.readline("search: ") {
            Ok(line) => line,
            Err(ReadlineError::Interrupted | ReadlineError::Eof) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        editor.add_history_entry(&line)?;
        match Compiler::new().explain(&line) {
            Ok(explanation) => println!("{explanation}\n"),
            Err(error) => println!("{error}\n"),
        }
    }
}
