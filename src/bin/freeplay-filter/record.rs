//! Reads the lines of `freeplay-filter matches`. This is strict.

use std::fmt;

use freeplay_filter::catalog::Catalog;
use freeplay_filter::visible;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::input::without_mark;
use crate::json::message;

/// The maximum length of a line in bytes: results contain whole conversations.
pub(crate) const MOST: usize = 64 << 20;

/// Returns the text of a line and its record, or an error message.
pub(crate) fn record(line: &[u8]) -> Result<(&str, Value), String> {
    if line.len() > MOST {
        return Err(format!("longer than {MOST} bytes"));
    }
    let text = str::from_utf8(line).map_err(|error| format!("not UTF-8: invalid at byte {}", error.valid_up_to()))?;
    let text = without_mark(text);
    let Unique(record) = serde_json::from_str(text).map_err(|error| message(&error))?;
    let object = record.as_object().ok_or("not an object")?;
    if object.get("data").is_some_and(Value::is_array) && object.contains_key("pagination") {
        return Err("a page of results; write each result in its `data` on a line of its own".to_owned());
    }
    if !has_field(object) {
        return Err("neither a search result nor an object keyed by fields".to_owned());
    }
    Ok((text, record))
}

/// Whether a key, or a key with one in its object, is the name of a field. The IDs of results are fields.
fn has_field(object: &Map<String, Value>) -> bool {
    let begins =
        |long: &str, short: &str| long.strip_prefix(short).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    let catalog = Catalog::builtin();
    object.keys().any(|key| catalog.fields().iter().any(|field| begins(key, field.name()) || begins(field.name(), key)))
}

/// A JSON value without duplicate keys, of which `serde_json` keeps the last.
struct Unique(Value);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Unique, D::Error> {
        deserializer.deserialize_any(UniqueVisitor).map(Unique)
    }
}

struct UniqueVisitor;

impl<'de> Visitor<'de> for UniqueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Unique(value)) = seq.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            if object.contains_key(&key) {
                return Err(A::Error::custom(format_args!("duplicate key `{}`", visible(&key))));
            }
            let Unique(value) = map.next_value()?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}
