//! `freeplay-filter --explain CODE`: explains a diagnostic.

use freeplay_filter::{Code, visible};

use crate::failure::Failure;
use crate::output::Console;

/// Writes the explanation of a code, or a line for each code.
pub(crate) fn explain(console: &mut Console, name: Option<&str>) -> Result<(), Failure> {
    let Some(name) = name else { return list(console) };
    let code = find(name).ok_or_else(|| unknown(name))?;
    let explanation = textwrap::fill(code.explanation(), console.columns());
    console.line(&format!("{code} ({})\n\n{explanation}", code.severity()))?;
    if !code.wrong().is_empty() {
        console.line(&format!("\n  wrong:  {}\n  right:  {}", code.wrong(), code.right()))?;
    }
    Ok(())
}

fn list(console: &mut Console) -> Result<(), Failure> {
    let columns = console.columns();
    let width = Code::ALL.iter().map(|code| code.as_str().len()).max().unwrap_or(0);
    for code in Code::ALL {
        let line = format!("{:width$}  {}", code.as_str(), first_sentence(code.explanation()));
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
pub(crate) fn find(name: &str) -> Option<Code> {
    let name = compact(name);
    Code::ALL.iter().copied().find(|code| compact(code.as_str()) == name)
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
    let mut near: Vec<(usize, &str)> = Code::ALL
        .iter()
        .map(|code| (strsim::osa_distance(&name, &compact(code.as_str())), code.as_str()))
        .filter(|(distance, _)| *distance <= allowed)
        .collect();
    near.sort_unstable();
    if near.is_empty() {
        near =
            Code::ALL.iter().map(|code| (0, code.as_str())).filter(|(_, code)| compact(code).contains(&name)).collect();
    }
    near.into_iter().take(MOST).map(|(_, code)| format!("`{code}`")).collect()
}
