//! The JSON Schema of a request body.

use jsonschema::Validator;
use serde_json::{Value, json};

/// Returns a validator for a request body, `{"filters": …}`.
pub(crate) fn body() -> Validator {
    let mut schema: Value = serde_json::from_str(include_str!("../schema/filter.schema.json")).unwrap();
    schema["$ref"] = json!("#/$defs/body");
    jsonschema::validator_for(&schema).unwrap()
}

#[test]
fn schema_accepts_every_shape_and_no_other() {
    let schema = body();
    let takes = |filter: Value| schema.is_valid(&json!({"filters": filter}));
    let field = json!({"field": "cost", "op": "gte", "value": 0.001});

    for filter in [
        json!({}),
        field.clone(),
        json!({"field": "cost", "op": "between", "value": [1, 2.5]}),
        json!({"field": "start_time", "op": "lt", "value": "2024-06-01 00:00:00"}),
        json!({"and": [field, {"or": [field, {"not": {}}]}, {"not": {"and": [field]}}]}),
    ] {
        assert!(takes(filter.clone()), "{filter}");
    }
    for filter in [
        json!(null),
        json!([]),
        json!("cost"),
        json!({"and": []}),
        json!({"and": field}),
        json!({"not": [field]}),
        json!({"and": [field], "or": [field]}),
        json!({"field": "cost", "op": "gte"}),
        json!({"field": "cost", "op": "neq", "value": 1}),
        json!({"field": "", "op": "eq", "value": 1}),
        json!({"field": "cost", "op": "eq", "value": 1, "note": "x"}),
        json!({"field": "cost", "op": "eq", "value": true}),
        json!({"field": "cost", "op": "eq", "value": null}),
        json!({"field": "cost", "op": "eq", "value": [1, 2]}),
        json!({"field": "cost", "op": "eq", "value": {}}),
        json!({"field": "cost", "op": "between", "value": 1}),
        json!({"field": "cost", "op": "between", "value": [1]}),
        json!({"field": "cost", "op": "between", "value": [1, 2, 3]}),
        json!({"field": "cost", "op": "between", "value": ["1", "2"]}),
        json!({"or": [{"not": {"field": "cost", "op": "eq", "value": false}}]}),
    ] {
        assert!(!takes(filter.clone()), "{filter}");
    }
    assert!(!schema.is_valid(&json!({})));
    assert!(!schema.is_valid(&json!({"filters": {}, "page": 1})));
}
