//! The conformance cases: what a query compiles to, and which query a filter is raised to.
//!
//! tests/conformance/README.md describes the file. It is independent of Rust, so that other
//! implementations and bindings can run it. `UPDATE=1 cargo test --all-features --test conformance` writes
//! the results of this implementation; review the difference before committing it.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::Path;

use freeplay_filter::diagnostic::Location;
use freeplay_filter::jiff::tz::TimeZone;
use freeplay_filter::{Compiler, Diagnostic, Filter, Parameter, Parameters};
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Case {
    #[serde(skip_serializing_if = "Option::is_none")]
    query: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    json: Option<String>,
    #[serde(skip_serializing_if = "Settings::is_default")]
    settings: Settings,
    #[serde(skip_serializing_if = "Option::is_none")]
    filter: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    raised: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    diagnostics: Vec<Expected>,
}

#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Settings {
    #[serde(skip_serializing_if = "Option::is_none")]
    now: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    zone: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    strict: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    unknown_fields: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    text_field: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    parameters: BTreeMap<String, Value>,
}

#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Expected {
    code: String,
    severity: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    span: Option<[usize; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<ExpectedFix>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedFix {
    applicability: String,
    edits: Vec<Replacement>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Replacement {
    span: [usize; 2],
    text: String,
}

impl Settings {
    fn is_default(&self) -> bool {
        *self == Settings::default()
    }

    fn compiler(&self) -> Compiler {
        let now = self.now.as_deref().unwrap_or("2024-03-31T12:00:00Z").parse().unwrap();
        let zone = self.zone.as_deref().map_or(TimeZone::UTC, |name| TimeZone::get(name).unwrap());
        let parameters = self.parameters.iter().fold(Parameters::new(), |parameters, (name, value)| {
            parameters.with(name, Parameter::try_from(value.clone()).unwrap())
        });
        let compiler = Compiler::new()
            .now(now)
            .zone(zone)
            .strict(self.strict)
            .allow_unknown_fields(self.unknown_fields)
            .parameters(parameters);
        match &self.text_field {
            Some(name) => compiler.text_field(name).unwrap(),
            None => compiler,
        }
    }
}

impl From<&Diagnostic> for Expected {
    fn from(diagnostic: &Diagnostic) -> Expected {
        let (span, pointer) = match &diagnostic.location {
            Location::Text(span) => (Some([span.start(), span.end()]), None),
            Location::Json(pointer) => (None, Some(pointer.clone())),
        };
        let fixes = diagnostic.fixes.iter().map(|fix| {
            let edits = fix.edits.iter();
            let edits =
                edits.map(|edit| Replacement { span: [edit.span.start(), edit.span.end()], text: edit.text.clone() });
            ExpectedFix { applicability: fix.applicability.as_str().to_owned(), edits: edits.collect() }
        });
        Expected {
            code: diagnostic.code().to_string(),
            severity: diagnostic.severity.to_string(),
            span,
            pointer,
            fixes: fixes.collect(),
        }
    }
}

/// Returns the case with the results of this implementation.
fn answered(case: &Case) -> Case {
    let input =
        Case { query: case.query.clone(), json: case.json.clone(), settings: case.settings.clone(), ..Case::default() };
    let compiler = case.settings.compiler();
    match (&case.query, &case.json) {
        (Some(query), None) => match compiler.compile(query) {
            Ok(compiled) => Case {
                filter: Some(serde_json::to_value(&compiled.filter).unwrap()),
                diagnostics: compiled.warnings.iter().map(Expected::from).collect(),
                ..input
            },
            Err(error) => Case { diagnostics: error.diagnostics().iter().map(Expected::from).collect(), ..input },
        },
        (None, Some(json)) => match Filter::from_json(json).and_then(|filter| compiler.raise(&filter)) {
            Ok(query) => Case { raised: Some(query.to_string()), ..input },
            Err(error) => Case { diagnostics: error.diagnostics().iter().map(Expected::from).collect(), ..input },
        },
        _ => panic!("a case has a query or JSON: {case:?}"),
    }
}

#[test]
fn results_match_the_cases() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/cases.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    let cases: Vec<Case> = text.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    assert!(cases.len() > 800, "{}", cases.len());
    let answers: Vec<Case> = cases.iter().map(answered).collect();
    if std::env::var_os("UPDATE").is_some() {
        let lines: String = answers.iter().map(|case| serde_json::to_string(case).unwrap() + "\n").collect();
        fs::write(&path, lines).unwrap();
        return;
    }
    let differences: Vec<String> = cases
        .iter()
        .zip(&answers)
        .enumerate()
        .filter(|(_, (recorded, answer))| recorded != answer)
        .map(|(index, (recorded, answer))| {
            let shown = |case| serde_json::to_string(case).unwrap();
            format!("line {}\n  recorded {}\n  answered {}", index + 1, shown(recorded), shown(answer))
        })
        .collect();
    assert!(
        differences.is_empty(),
        "{} differ; if the change is right, UPDATE=1 cargo test --all-features --test conformance records it\n{}",
        differences.len(),
        differences.join("\n")
    );
}

#[test]
fn inputs_are_distinct() {
    let text = include_str!("conformance/cases.jsonl");
    let mut seen = HashSet::new();
    for line in text.lines() {
        let case: Case = serde_json::from_str(line).unwrap();
        let input = Case { filter: None, raised: None, diagnostics: Vec::new(), ..case };
        assert!(seen.insert(serde_json::to_string(&input).unwrap()), "{line}");
    }
}
