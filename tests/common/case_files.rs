//! Reads the case files in tests/cases: queries with their expected results.
//!
//! In tests/cases/mistakes.txt each line of a query begins with `| `, and its result is on the lines below. In the
//! other files a query begins at the margin, and its result is indented below it; tests/cases/ordinary.txt has one
//! query per line, without results. Lines that begin with `##` are headings.

pub(crate) const COMPILE: &str = include_str!("../cases/compile.txt");
pub(crate) const FIELDS: &str = include_str!("../cases/fields.txt");
pub(crate) const FIELDS_REJECTED: &str = include_str!("../cases/fields_rejected.txt");
pub(crate) const MISTAKES: &str = include_str!("../cases/mistakes.txt");
pub(crate) const ORDINARY: &str = include_str!("../cases/ordinary.txt");
pub(crate) const REJECTED: &str = include_str!("../cases/rejected.txt");

/// A query, which may have several lines, with the lines of its expected result.
pub(crate) struct Case {
    /// The number of the query's first line.
    pub(crate) line: usize,
    /// The last heading before the query.
    pub(crate) heading: &'static str,
    pub(crate) query: String,
    pub(crate) expected: Vec<String>,
}

/// Returns the cases of a file whose results are indented.
pub(crate) fn cases(text: &'static str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut heading = "";
    let mut query: Vec<&str> = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        if text.starts_with("##") || text.is_empty() {
            assert!(query.is_empty(), "line {line}: a query without its result");
            heading = text.strip_prefix("## ").unwrap_or(heading);
            continue;
        }
        // A continued line of a query may also be indented; only results look like results.
        let result = text.strip_prefix("  ").filter(|rest| rest.starts_with('{') || rest.contains(": "));
        let Some(result) = result else {
            query.push(text);
            continue;
        };
        if !query.is_empty() {
            cases.push(Case { line: line - query.len(), heading, query: query.join("\n"), expected: Vec::new() });
            query.clear();
        }
        cases.last_mut().expect("a query comes first").expected.push(result.to_owned());
    }
    assert!(query.is_empty(), "the last query has no result");
    cases
}

/// Returns the cases of tests/cases/mistakes.txt, with `\u{…}` in queries replaced by the character.
pub(crate) fn mistakes() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut heading = "";
    let mut in_query = false;
    for (line, text) in (1..).zip(MISTAKES.lines()) {
        if let Some(part) = text.strip_prefix("| ") {
            let part = unescape(part);
            match cases.last_mut() {
                Some(case) if in_query => case.query += &format!("\n{part}"),
                _ => cases.push(Case { line, heading, query: part, expected: Vec::new() }),
            }
        } else if let Some(name) = text.strip_prefix("## ") {
            heading = name;
        } else if !text.is_empty() {
            cases.last_mut().expect("a query comes first").expected.push(text.to_owned());
        }
        in_query = text.starts_with("| ");
    }
    cases
}

fn unescape(text: &str) -> String {
    let mut parts = text.split("\\u{");
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        let (code, rest) = part.split_once('}').unwrap();
        out.push(char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap());
        out.push_str(rest);
    }
    out
}

/// Returns the queries of tests/cases/ordinary.txt.
pub(crate) fn ordinary() -> impl Iterator<Item = &'static str> {
    ORDINARY.lines().filter(|line| !line.is_empty())
}

/// Returns the queries of all case files.
pub(crate) fn queries() -> Vec<String> {
    let cases = [COMPILE, FIELDS, FIELDS_REJECTED, REJECTED].into_iter().flat_map(cases).chain(mistakes());
    cases.map(|case| case.query).chain(ordinary().map(str::to_owned)).collect()
}

/// Returns the JSON of the filters that queries compile to.
pub(crate) fn filters() -> impl Iterator<Item = String> {
    [COMPILE, FIELDS].into_iter().flat_map(cases).flat_map(|case| case.expected)
}
