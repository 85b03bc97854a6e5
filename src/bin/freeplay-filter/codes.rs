//! `freeplay-filter --explain CODE`: explains a diagnostic.

use freeplay_filter::diagnostic::Severity;
use freeplay_filter::{Code, visible};

use crate::failure::Failure;
use crate::output::Console;

/// The code for a line of `batch` that is not text, which the library never sees.
pub(crate) const INVALID_UTF_8: &str = "invalid-utf-8";

/// A code and its explanation.
struct Entry {
    code: &'static str,
    severity: Severity,
    explanation: &'static str,
    /// An example and its correction.
    example: Option<(&'static str, &'static str)>,
}

/// Returns the codes of the library, and those of the command.
fn entries() -> impl Iterator<Item = Entry> {
    let of_library = Code::ALL.iter().map(|code| Entry {
        code: code.as_str(),
        severity: code.severity(),
        explanation: code.explanation(),
        example: code.wrong().zip(code.right()),
    });
    let of_command = Entry {
        code: INVALID_UTF_8,
        severity: Severity::Error,
        explanation: "The line is not text in UTF-8. The message says which byte is the first invalid one. \
            Other lines are not affected.",
        example: None,
    };
    of_library.chain([of_command])
}

/// Writes the explanation of a code, or a line for each code.
pub(crate) fn explain(console: &mut Console, name: Option<&str>) -> Result<(), Failure> {
    let Some(name) = name else { return list(console) };
    let Entry { code, severity, explanation, example } = entry(name).ok_or_else(|| unknown(name))?;
    let explanation = textwrap::fill(explanation, console.columns());
    console.line(&format!("{code} ({severity})\n\n{explanation}"))?;
    if let Some((wrong, right)) = example {
        console.line(&format!("\n  wrong:  {wrong}\n  right:  {right}"))?;
    }
    Ok(())
}

fn list(console: &mut Console) -> Result<(), Failure> {
    let columns = console.columns();
    let width = entries().map(|entry| entry.code.len()).max().unwrap_or(0);
    for Entry { code, explanation, .. } in entries() {
        let line = format!("{code:width$}  {}", first_sentence(explanation));
        if line.chars().count() <= columns {
            console.line(&line)?;
        } else {
            let beginning: String = line.chars().take(columns.saturating_sub(1)).collect();
            console.line(&format!("{}…", beginning.trim_end()))?;
        }
    }
    Ok(())
}

fn first_sentence(text: &str) -> &str {
    // The dots of `1..` do not end a sentence.
    let mut ends = text.match_indices(". ").filter_map(|(end, _)| text.split_at_checked(end));
    let first = ends.find(|(_, rest)| rest.chars().nth(2).is_some_and(|char| !char.is_lowercase()));
    first.map_or(text, |(sentence, _)| sentence).trim_end_matches('.')
}

/// Returns the code for a name as diagnostics show it, `error[unknown-field]`, or in another spelling.
pub(crate) fn find(name: &str) -> Option<&'static str> {
    entry(name).map(|entry| entry.code)
}

fn entry(name: &str) -> Option<Entry> {
    let name = compact(name);
    entries().find(|entry| compact(entry.code) == name)
}

fn compact(name: &str) -> String {
    let name = name.trim();
    let inside = name.split_once('[').and_then(|(level, rest)| {
        let is_level = ["error", "warning"].iter().any(|known| level.trim().eq_ignore_ascii_case(known));
        is_level.then(|| rest.strip_suffix(']').unwrap_or(rest))
    });
    let name = inside.unwrap_or(name);
    name.chars().filter(|char| !matches!(char, '-' | '_' | ' ')).flat_map(char::to_lowercase).collect()
}

fn unknown(name: &str) -> Failure {
    let near = nearest(name);
    let help = if !near.is_empty() {
        format!("did you mean {}?", near.join(" or "))
    } else if freeplay_filter::compile(name).is_ok() {
        "`freeplay-filter explain QUERY` explains a query".to_owned()
    } else {
        "`freeplay-filter --explain` lists the codes".to_owned()
    };
    Failure::Usage(format!("there is no code `{}`; {help}", visible(name)))
}

/// Returns the codes with similar names, nearest first, or else those that contain the name.
fn nearest(name: &str) -> Vec<String> {
    const MOST: usize = 3;
    // A longer name is not a code, and the distance takes quadratic time.
    const LONGEST: usize = 40;
    let name = compact(name);
    if name.is_empty() || name.len() > LONGEST {
        return Vec::new();
    }
    let allowed = name.len().div_ceil(4).min(4);
    let codes = || entries().map(|entry| entry.code);
    let mut near: Vec<(usize, &str)> = codes()
        .map(|code| (strsim::osa_distance(&name, &compact(code)), code))
        .filter(|(distance, _)| *distance <= allowed)
        .collect();
    near.sort_unstable();
    if near.is_empty() {
        near = codes().filter(|code| compact(code).contains(&name)).map(|code| (0, code)).collect();
    }
    near.into_iter().take(MOST).map(|(_, code)| format!("`{code}`")).collect()
}
