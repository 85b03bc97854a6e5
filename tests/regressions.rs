//! Inputs that once violated a property, and the queries of the cases, each run through every fuzz
//! target.
//!
//! Inputs found by fuzzing are saved in tests/regressions, in a file named after the problem.

mod common;
mod targets;

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use common::case_files::{COMPILE, FIELDS, FIELDS_REJECTED, ORDINARY, REJECTED, filters, queries};

fn through_all(input: &[u8], about: &str) {
    for (name, target) in targets::TARGETS {
        let outcome = std::panic::catch_unwind(|| target(input));
        assert!(outcome.is_ok(), "{about} breaks `{name}`");
    }
}

#[test]
fn regressions_stay_fixed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/regressions");
    let mut found = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        through_all(&fs::read(&path).unwrap(), &path.display().to_string());
        found += 1;
    }
    assert!(found > 0);
}

#[test]
fn cases_satisfy_all_targets() {
    for text in queries().into_iter().chain(filters()) {
        through_all(text.as_bytes(), &text);
    }
    // With mistakes.txt, also as a whole, the test would take several times as long.
    for text in [COMPILE, FIELDS, FIELDS_REJECTED, ORDINARY, REJECTED] {
        through_all(text.as_bytes(), "a whole file");
    }
}

/// The schema that fuzz targets check in code agrees with the one in tests/schema, for every filter of the
/// cases and for each mutation: with a key or a part removed, or replaced.
#[test]
fn schema_in_code_equals_the_schema() {
    let schema: Value = serde_json::from_str(include_str!("schema/filter.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let mut verdicts = [0, 0];
    for json in filters() {
        let filter: Value = serde_json::from_str(&json).unwrap();
        for changed in changes(&filter).into_iter().chain([filter]) {
            let valid = schema.is_valid(&changed);
            assert_eq!(targets::fits_schema(&changed), valid, "{changed}");
            verdicts[usize::from(valid)] += 1;
        }
    }
    assert!(verdicts.iter().all(|&count| count > 100), "{verdicts:?}");
}

/// Returns the value with each of its parts mutated in turn.
fn changes(value: &Value) -> Vec<Value> {
    let mut changed = vec![json!(null), json!(1.5), json!("eq"), json!(""), json!([]), json!([1, 2]), json!({})];
    match value {
        Value::Object(object) => {
            for (key, part) in object {
                let mut others = object.clone();
                others.remove(key);
                changed.push(Value::Object(others.clone()));
                for name in ["and", "not", "between"] {
                    let mut renamed = others.clone();
                    renamed.insert(name.to_owned(), part.clone());
                    changed.push(Value::Object(renamed));
                }
                changed.extend(changes(part).into_iter().map(|part| {
                    let mut object = object.clone();
                    object.insert(key.clone(), part);
                    Value::Object(object)
                }));
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let mut fewer = items.clone();
                fewer.remove(index);
                changed.push(Value::Array(fewer));
                changed.extend(changes(item).into_iter().map(|item| {
                    let mut items = items.clone();
                    items[index] = item;
                    Value::Array(items)
                }));
            }
        }
        Value::String(_) => changed.extend(["between", "contains", "neq"].map(Value::from)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
    changed
}
