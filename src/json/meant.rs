//! Suggests the intended filter for invalid JSON, as agents and other tools write it. A suggestion only
//! appears in a message; it is never used as the filter.

use serde_json::{Map, Value};

use crate::filter::{Comparison, Filter, Number, Scalar};
use crate::foreign::{self, Meaning};
use crate::limits::Limits;
use crate::syntax;
use crate::types::number;

/// The maximum length in bytes of a text that is searched, and of suggested JSON.
const MOST_READ: usize = 1 << 20;
const MOST_WRITTEN: usize = 300;

/// The maximum number of values to examine, and the maximum depth.
const MOST_VALUES: usize = 100;
const MOST_DEEP: usize = 16;

/// Returns help with the filter that was probably meant by the part of a text around a pointer.
pub(super) fn in_text(text: &str, pointer: &str) -> Option<String> {
    let root = (text.len() <= MOST_READ).then(|| serde_json::from_str(text).ok())??;
    in_value(&root, pointer)
}

/// Returns the help of [`in_text`] for parsed JSON.
pub(super) fn in_value(root: &Value, pointer: &str) -> Option<String> {
    let place = enclosing_filter(root, pointer);
    let value = root.pointer(place)?;
    let mut reader = Reader { values: 0 };
    let json = reader.filter(value, 0)?.to_json();
    if json.len() > MOST_WRITTEN {
        return None;
    }
    Some(match value {
        Value::Array(parts) if parts.len() > 1 => {
            format!("write `{json}`; if one match is enough, use `or` instead of `and`")
        }
        Value::Object(object) if has_several_negated(object) => {
            format!("write `{json}`; to exclude only records that match all of them, use `and` instead of `or`")
        }
        _ => format!("write `{json}`"),
    })
}

/// Returns the help for a text that is not JSON but contains or resembles it.
pub(super) fn beside_json(text: &str, place: usize) -> Option<String> {
    if let Some(inside) = fenced(text) {
        let json = Filter::from_body(inside).ok().map(|filter| filter.to_json());
        return Some(match json.filter(|json| json.len() <= MOST_WRITTEN) {
            Some(json) => format!("leave the code fence out: write `{json}`"),
            None => "leave the code fence out: only the JSON inside it is read".to_owned(),
        });
    }
    let rest = text.get(place..)?.trim_start();
    if rest.starts_with('\'') {
        return Some("JSON has double quotes around names and strings".to_owned());
    }
    let begins_json = text.trim_start().starts_with(['{', '[']);
    let is_query = !begins_json
        && !text.trim().is_empty()
        && syntax::parse(text, &Limits::default()).is_ok_and(|query| !query.expr.has_text());
    is_query.then(|| "this is a query, not a filter in JSON".to_owned())
}

/// Returns the content of the first fenced code block.
fn fenced(text: &str) -> Option<&str> {
    let (_, rest) = text.trim_start().strip_prefix("```")?.split_once('\n')?;
    rest.split_once("\n```").map(|(inside, _)| inside)
}

/// Returns the help for a key of another language.
pub(super) fn key(key: &str) -> Option<&'static str> {
    let compact = compact(key);
    let known = |(_, names): &&(&str, &[&str])| names.contains(&compact.as_str());
    KEYS.iter().find(known).map(|(ours, _)| *ours).filter(|ours| *ours != key)
}

/// Returns the general help for an operator of another language.
pub(super) fn operator(name: &str) -> Option<&'static str> {
    Some(match meaning(name)? {
        Meaning::Sign("!=") => r#"write {"not": {… "op": "eq" …}}"#,
        Meaning::Sign(sign) => match sign {
            "=" => "write `eq`",
            ">" => "write `gt`",
            ">=" => "write `gte`",
            "<" => "write `lt`",
            _ => "write `lte`",
        },
        Meaning::Words { negated: false } => "write `contains`",
        Meaning::Words { negated: true } => r#"write {"not": {… "op": "contains" …}}"#,
        Meaning::In { negated: false } => r#"write {"or": […]} with an `eq` filter per value"#,
        Meaning::In { negated: true } => r#"write {"not": {"or": […]}} with an `eq` filter per value"#,
        Meaning::Between { negated: false } => "write `between`",
        Meaning::Between { negated: true } => r#"write {"not": {… "op": "between" …}}"#,
        Meaning::Part { .. } => "the API cannot search for a part of a word; `contains` finds whole words",
        Meaning::Pattern { .. } => "the API has no regular expressions; `contains` finds whole words",
        Meaning::Existence => "the API cannot test whether a field has a value",
    })
}

fn meaning(op: &str) -> Option<Meaning> {
    let compact: String = op.chars().filter(|char| char.is_alphanumeric()).collect();
    sign(op).map(Meaning::Sign).or_else(|| foreign::function(&compact))
}

/// The keys of a filter with their other names, in lower case and without punctuation.
const KEYS: &[(&str, &[&str])] = &[
    ("and", &["and", "all", "allof", "must"]),
    ("or", &["or", "any", "anyof", "should"]),
    ("not", &["not", "mustnot"]),
    ("field", &["field", "fieldname", "name", "key", "column", "attribute", "property"]),
    ("op", &["op", "operator", "operation", "comparison", "comparator", "condition"]),
    ("value", &["value", "val", "values", "operand"]),
];

fn compact(name: &str) -> String {
    name.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn has_several_negated(object: &Map<String, Value>) -> bool {
    let mut entries = object.iter();
    match (entries.next(), entries.next()) {
        (Some((name, Value::Array(parts))), None) => parts.len() > 1 && compact(name) == "not",
        _ => false,
    }
}

/// Returns the pointer to the nearest filter around the value at a pointer.
fn enclosing_filter<'p>(root: &Value, pointer: &'p str) -> &'p str {
    let mut place = pointer;
    while let Some((around, step)) = place.rsplit_once('/') {
        let is_filter = match step {
            "not" => !matches!(root.pointer(place), Some(Value::Array(_))),
            "filters" => true,
            _ => {
                step.bytes().all(|byte| byte.is_ascii_digit()) && (around.ends_with("/and") || around.ends_with("/or"))
            }
        };
        if is_filter {
            break;
        }
        place = around;
    }
    place
}

struct Reader {
    /// The number of values examined so far.
    values: usize,
}

impl Reader {
    fn filter(&mut self, value: &Value, depth: usize) -> Option<Filter> {
        self.values += 1;
        if self.values > MOST_VALUES || depth > MOST_DEEP {
            return None;
        }
        match value {
            // A string inside a string is only a string.
            Value::String(text) if depth == 0 => {
                let text = fenced(text).unwrap_or(text);
                let value: Value = serde_json::from_str(text).ok()?;
                if value.is_object() { self.filter(&value, 1) } else { None }
            }
            Value::Array(parts) if !parts.is_empty() => self.parts(parts, depth).map(Filter::all_of),
            Value::Object(object) if object.is_empty() => Some(Filter::All),
            Value::Object(object) => self.object(object, depth),
            _ => None,
        }
    }

    fn parts(&mut self, parts: &[Value], depth: usize) -> Option<Vec<Filter>> {
        parts.iter().map(|part| self.filter(part, depth + 1)).collect()
    }

    fn object(&mut self, object: &Map<String, Value>, depth: usize) -> Option<Filter> {
        let get = |ours: &str| object.iter().find(|(name, _)| known_key(name) == Some(ours)).map(|(_, value)| value);
        if let (Some(Value::String(field)), Some(Value::String(op)), Some(value), 3) =
            (get("field"), get("op"), get("value"), object.len())
        {
            return self.test(field, op, value);
        }
        // Several groups in one object are ambiguous.
        let is_group = |name: &String| known_key(name).is_some() || is_body_key(name);
        if object.len() > 1 && object.keys().any(is_group) {
            return None;
        }
        let parts = object.iter().map(|(name, value)| self.entry(name, value, depth));
        parts.collect::<Option<Vec<_>>>().map(Filter::all_of)
    }

    fn entry(&mut self, name: &str, value: &Value, depth: usize) -> Option<Filter> {
        self.values += 1;
        if self.values > MOST_VALUES {
            return None;
        }
        match (known_key(name), value) {
            (Some("and"), Value::Array(parts)) => self.parts(parts, depth).map(Filter::all_of),
            (Some("or"), Value::Array(parts)) => self.parts(parts, depth).map(Filter::any_of),
            (Some("not"), Value::Array(parts)) => {
                self.parts(parts, depth).filter(|parts| !parts.is_empty()).map(|parts| !Filter::any_of(parts))
            }
            (Some("and" | "or"), Value::Object(_)) => self.filter(value, depth + 1),
            (Some("not"), Value::Object(_)) => self.filter(value, depth + 1).map(|part| !part),
            (Some(_), _) => None,
            (None, _) if is_body_key(name) => self.filter(value, depth),
            // `{"model": "gpt-4o"}`, `{"cost": {"$gte": 1, "$lt": 5}}`
            (None, Value::Object(tests)) if !tests.is_empty() => {
                let tests = tests.iter().map(|(op, value)| self.test(name, op, value));
                tests.collect::<Option<Vec<_>>>().map(Filter::all_of)
            }
            (None, _) => self.test(name, "eq", value),
        }
    }

    fn test(&mut self, field: &str, op: &str, value: &Value) -> Option<Filter> {
        let of = || Filter::field(field);
        let negate = |negated: bool, filter: Filter| if negated { !filter } else { filter };
        let any = |scalars: Vec<Scalar>, test: &dyn Fn(Scalar) -> Filter| {
            (!scalars.is_empty()).then(|| Filter::any_of(scalars.into_iter().map(test)))
        };
        Some(match meaning(op)? {
            Meaning::Sign(sign @ ("=" | "!=")) => {
                negate(sign == "!=", any(self.scalars(value)?, &|value| of().eq(value))?)
            }
            Meaning::In { negated } => negate(negated, any(self.scalars(value)?, &|value| of().eq(value))?),
            Meaning::Words { negated } => negate(negated, any(self.scalars(value)?, &|value| of().contains(value))?),
            Meaning::Sign(sign) => of().compare(comparison(sign)?, scalar(value)?),
            Meaning::Between { negated } => {
                let [lower, upper] = <[Scalar; 2]>::try_from(self.scalars(value)?).ok()?;
                let between = match (number_of(&lower), number_of(&upper)) {
                    (Some(lower), Some(upper)) => of().between(lower, upper),
                    _ => of().gte(lower) & of().lte(upper),
                };
                negate(negated, between)
            }
            Meaning::Part { .. } | Meaning::Pattern { .. } | Meaning::Existence => return None,
        })
    }

    fn scalars(&mut self, value: &Value) -> Option<Vec<Scalar>> {
        match value {
            Value::Array(values) => {
                self.values += values.len();
                if self.values > MOST_VALUES { None } else { values.iter().map(scalar).collect() }
            }
            value => scalar(value).map(|scalar| vec![scalar]),
        }
    }
}

/// Returns the filter key for a key, possibly under another name.
fn known_key(name: &str) -> Option<&'static str> {
    key(name).or_else(|| KEYS.iter().map(|(ours, _)| *ours).find(|ours| *ours == name))
}

/// Whether a key is one that contains a filter, as in a request body.
fn is_body_key(name: &str) -> bool {
    matches!(name, "filters" | "filter" | "where")
}

fn scalar(value: &Value) -> Option<Scalar> {
    match value {
        Value::String(text) => Some(Scalar::String(text.clone())),
        Value::Number(number) => number::read(&number.to_string()).ok().map(Scalar::Number),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

fn number_of(scalar: &Scalar) -> Option<Number> {
    match scalar {
        Scalar::Number(number) => Some(*number),
        Scalar::String(_) => None,
    }
}

/// Returns the operator for a sign.
fn sign(op: &str) -> Option<&'static str> {
    Some(match op {
        "=" | "==" | "===" => "=",
        "!=" | "<>" | "!==" => "!=",
        "<" => "<",
        "<=" => "<=",
        ">" => ">",
        ">=" => ">=",
        _ => return None,
    })
}

fn comparison(sign: &str) -> Option<Comparison> {
    Some(match sign {
        "<" => Comparison::Lt,
        "<=" => Comparison::Lte,
        ">" => Comparison::Gt,
        ">=" => Comparison::Gte,
        _ => return None,
    })
}
