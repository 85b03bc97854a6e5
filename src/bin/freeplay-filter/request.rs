//! Reads lines of `freeplay-filter batch` that are objects. This is strict.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use freeplay_filter::jiff::Timestamp;
use freeplay_filter::{Code, Parameter, visible};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::json;
use serde_json::value::RawValue;

use crate::codes::INVALID_UTF_8;
use crate::input::without_mark;
use crate::json::locate;
use crate::settings::{NOW, check_name, read_now};

/// `{"id": …, "query": …, "params": {…}, "now": …}`.
pub(crate) struct QueryRequest<'a> {
    /// The JSON of the id, if there is one.
    pub(crate) id: Option<&'a str>,
    pub(crate) query: Cow<'a, str>,
    pub(crate) parameters: BTreeMap<String, Parameter>,
    pub(crate) now: Option<Timestamp>,
}

/// `{"id": …, "filter": …}`, or a filter alone.
pub(crate) struct FilterRequest<'a> {
    /// The JSON of the id, if there is one.
    pub(crate) id: Option<&'a str>,
    /// The JSON of the filter.
    pub(crate) filter: &'a str,
}

/// A rejected line.
pub(crate) struct Rejected<'a> {
    /// The JSON of the id, if there is one; null if it is unknown.
    pub(crate) id: Option<&'a str>,
    problem: Problem,
}

/// An error in a line, with the fields of the library's diagnostics.
struct Problem {
    code: &'static str,
    message: String,
    /// The JSON pointer to the error.
    pointer: String,
    help: Option<&'static str>,
}

impl Problem {
    fn new(code: Code, pointer: &str, message: String) -> Problem {
        Problem { code: code.as_str(), message, pointer: pointer.to_owned(), help: None }
    }
}

/// Returns the object of a line that is one, and not a query.
pub(crate) fn object(line: &str) -> Option<&str> {
    Some(without_mark(line)).filter(|object| object.trim_start().starts_with('{'))
}

impl<'a> QueryRequest<'a> {
    /// Returns the request for a line that is a query.
    pub(crate) fn of(line: &'a str) -> QueryRequest<'a> {
        QueryRequest { id: None, query: line.into(), parameters: BTreeMap::new(), now: None }
    }

    pub(crate) fn read(line: &'a str, limit: usize) -> Result<QueryRequest<'a>, Rejected<'a>> {
        let object = Object::read(line, limit)?;
        let read = || {
            object.check_keys(&["id", "query", "params", "now"])?;
            let query = object.get("query").ok_or_else(|| expected("", "the key `query`", "an object without it"))?;
            Ok(QueryRequest {
                id: object.id(),
                query: string(query, "/query")?.into(),
                parameters: object.get("params").map_or(Ok(BTreeMap::new()), parameters)?,
                now: object.get("now").map(now).transpose()?,
            })
        };
        read().map_err(|problem: Problem| Rejected { id: object.id(), problem })
    }
}

impl<'a> FilterRequest<'a> {
    pub(crate) fn read(line: &'a str, limit: usize) -> Result<FilterRequest<'a>, Rejected<'a>> {
        let alone = FilterRequest { id: None, filter: line };
        // Most lines are only a filter, and need not be parsed twice.
        if !line.contains("\"filter\"") && !line.contains("\"id\"") {
            return Ok(alone);
        }
        let object = Object::read(line, limit)?;
        if !object.has_filter() {
            return Ok(alone);
        }
        let read = || {
            object.check_keys(&["id", "filter"])?;
            let filter =
                object.get("filter").ok_or_else(|| expected("", "the key `filter`", "an object without it"))?;
            Ok(FilterRequest { id: object.id(), filter: filter.get() })
        };
        read().map_err(|problem: Problem| Rejected { id: object.id(), problem })
    }
}

impl Rejected<'_> {
    /// Rejects a line that is not UTF-8.
    pub(crate) fn encoding(line: &[u8], message: String) -> Rejected<'static> {
        let is_object = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line).trim_ascii_start().starts_with(b"{");
        let id = is_object.then_some("null");
        Rejected { id, problem: Problem { code: INVALID_UTF_8, message, pointer: String::new(), help: None } }
    }

    /// Returns a JSON array with the diagnostic.
    pub(crate) fn diagnostics(&self) -> String {
        let Problem { code, message, pointer, help } = &self.problem;
        format!(
            r#"[{{"code":"{code}","severity":"error","message":{},"pointer":{},"labels":[],"help":{},"candidates":[],"fixes":[]}}]"#,
            json!(visible(message)),
            json!(pointer),
            json!(help),
        )
    }
}

/// The members of an object in order, with the JSON of each value.
struct Object<'a>(Vec<(String, &'a RawValue)>);

impl<'a> Object<'a> {
    fn read(line: &'a str, limit: usize) -> Result<Object<'a>, Rejected<'a>> {
        if line.len() > limit {
            return Err(Rejected { id: Some("null"), problem: too_long(limit) });
        }
        serde_json::from_str(line).map_err(|error| Rejected { id: Some("null"), problem: invalid(&error, "") })
    }

    fn get(&self, key: &str) -> Option<&'a RawValue> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, value)| *value)
    }

    /// Returns the JSON of the id; null if it is duplicate.
    fn id(&self) -> Option<&'a str> {
        let mut ids = self.0.iter().filter(|(name, _)| name == "id").map(|(_, value)| value.get());
        let first = ids.next();
        if ids.next().is_some() { Some("null") } else { first }
    }

    /// Whether the object contains a filter but is not one.
    fn has_filter(&self) -> bool {
        self.0.iter().any(|(name, _)| matches!(name.as_str(), "id" | "filter"))
    }

    fn check_keys(&self, known: &[&str]) -> Result<(), Problem> {
        for (index, (key, _)) in self.0.iter().enumerate() {
            if !known.contains(&key.as_str()) {
                let is_filter = ["field", "and", "or", "not", "filters"].contains(&key.as_str());
                let help = is_filter.then_some("`freeplay-filter batch --reverse` takes filters");
                let keys = known.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
                return Err(Problem { help, ..expected("", &format!("one of the keys {keys}"), &format!("`{key}`")) });
            }
            if self.0.iter().take(index).any(|(earlier, _)| earlier == key) {
                return Err(duplicate("", key));
            }
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Object<'de>, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Object(members))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

fn string(value: &RawValue, pointer: &str) -> Result<String, Problem> {
    match describe(value) {
        "a string" => serde_json::from_str(value.get()).map_err(|error| invalid(&error, pointer)),
        other => Err(expected(pointer, "a string", other)),
    }
}

fn now(value: &RawValue) -> Result<Timestamp, Problem> {
    let text = string(value, "/now")?;
    read_now(&text).map_err(|_| expected("/now", NOW, &format!("`{text}`")))
}

fn parameters(value: &RawValue) -> Result<BTreeMap<String, Parameter>, Problem> {
    const POINTER: &str = "/params";
    if describe(value) != "an object" {
        return Err(expected(POINTER, "an object", describe(value)));
    }
    let Object(members) = serde_json::from_str(value.get()).map_err(|error| invalid(&error, POINTER))?;
    let mut parameters = BTreeMap::new();
    for (name, value) in members {
        let parameter = check_name(&name)
            .and_then(|()| Parameter::from_json(value.get()).map_err(|error| error.to_string()))
            .map_err(|message| {
                let pointer = format!("{POINTER}/{}", name.replace('~', "~0").replace('/', "~1"));
                Problem::new(Code::UnexpectedJson, &pointer, message)
            })?;
        if parameters.contains_key(&name) {
            return Err(duplicate(POINTER, &name));
        }
        parameters.insert(name, parameter);
    }
    Ok(parameters)
}

/// Describes the kind of a JSON value.
fn describe(value: &RawValue) -> &'static str {
    match value.get().as_bytes().first() {
        Some(b'"') => "a string",
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        _ => "a number",
    }
}

fn too_long(limit: usize) -> Problem {
    Problem::new(Code::TooLong, "", format!("the line is longer than {limit} bytes"))
}

fn invalid(error: &serde_json::Error, pointer: &str) -> Problem {
    Problem::new(Code::InvalidJson, pointer, format!("this is not JSON: {}", locate(error)))
}

fn expected(pointer: &str, expected: &str, found: &str) -> Problem {
    Problem::new(Code::UnexpectedJson, pointer, format!("expected {expected}, found {found}"))
}

fn duplicate(pointer: &str, key: &str) -> Problem {
    Problem::new(Code::DuplicateKey, pointer, format!("duplicate key `{key}`"))
}
