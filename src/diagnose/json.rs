//! A lenient JSON parser: keys without quotes, single quotes, Python's `None`, and calls such as
//! `ISODate("…")`.

use std::collections::BTreeSet;

use crate::types;

/// The maximum depth that is read.
const MOST_DEEP: usize = 24;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    /// A number as it is written.
    Number(String),
    Text(String),
    /// `/refund/i`
    Pattern,
    List(Vec<Json>),
    /// The entries in the order of the text, including duplicate keys.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Whether an object in it has two entries with one key.
    pub(crate) fn repeats_a_key(&self) -> bool {
        match self {
            Json::Object(entries) => {
                let keys: BTreeSet<&str> = entries.iter().map(|(key, _)| key.as_str()).collect();
                keys.len() < entries.len() || entries.iter().any(|(_, value)| value.repeats_a_key())
            }
            Json::List(values) => values.iter().any(Json::repeats_a_key),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) | Json::Pattern => false,
        }
    }
}

/// Parses the value at the start of a text, and returns its length.
pub(crate) fn read(text: &str) -> Option<(Json, usize)> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0)?;
    Some((value, reader.at))
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Returns the next character after white space.
    fn peek(&mut self) -> Option<char> {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
        self.rest().chars().next()
    }

    fn takes(&mut self, sign: char) -> bool {
        let is_next = self.peek() == Some(sign);
        self.at += if is_next { sign.len_utf8() } else { 0 };
        is_next
    }

    fn value(&mut self, depth: usize) -> Option<Json> {
        match self.peek().filter(|_| depth < MOST_DEEP)? {
            '{' => self.object(depth),
            '[' => self.list(depth),
            '"' | '\'' => self.string().map(Json::Text),
            '/' => self.pattern(),
            '-' | '.' | '0'..='9' => self.number(),
            _ => self.word_or_call(depth),
        }
    }

    fn object(&mut self, depth: usize) -> Option<Json> {
        self.takes('{');
        let mut entries = Vec::new();
        while !self.takes('}') {
            let key = match self.peek()? {
                '"' | '\'' => self.string()?,
                _ => self.word()?.to_owned(),
            };
            let value = if self.takes(':') { self.value(depth + 1)? } else { return None };
            entries.push((key, value));
            if !self.takes(',') && self.peek() != Some('}') {
                return None;
            }
        }
        Some(Json::Object(entries))
    }

    fn list(&mut self, depth: usize) -> Option<Json> {
        self.takes('[');
        let mut values = Vec::new();
        while !self.takes(']') {
            values.push(self.value(depth + 1)?);
            if !self.takes(',') && self.peek() != Some(']') {
                return None;
            }
        }
        Some(Json::List(values))
    }

    /// Parses a string in double or single quotes.
    fn string(&mut self) -> Option<String> {
        let rest = self.rest();
        let quote = rest.chars().next()?;
        let mut escaped = false;
        let end = rest.char_indices().skip(1).find(|(_, char)| {
            let ends = *char == quote && !escaped;
            escaped = *char == '\\' && !escaped;
            ends
        })?;
        let inside = rest.get(1..end.0)?;
        self.at += end.0 + 1;
        let strict = match quote {
            '"' => inside.to_owned(),
            _ => inside.replace("\\'", "'").replace('"', "\\\""),
        };
        serde_json::from_str(&format!("\"{strict}\"")).ok()
    }

    fn number(&mut self) -> Option<Json> {
        let rest = self.rest();
        let is_part = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '+' | '.');
        let len = rest.find(|char| !is_part(char)).unwrap_or(rest.len());
        let text = rest.get(..len)?;
        types::number::read(text).ok()?;
        self.at += len;
        Some(Json::Number(text.to_owned()))
    }

    /// `/refund/i`
    fn pattern(&mut self) -> Option<Json> {
        let inside = self.rest().get(1..)?;
        let len = inside.find(['/', '\n'])?;
        let flags = inside.get(len..)?.strip_prefix('/')?;
        let flags_len = flags.find(|char: char| !char.is_ascii_lowercase()).unwrap_or(flags.len());
        self.at += len + 2 + flags_len;
        Some(Json::Pattern)
    }

    fn word(&mut self) -> Option<&'t str> {
        let rest = self.rest();
        let is_part = |char: char| char.is_alphanumeric() || matches!(char, '_' | '$' | '.');
        let len = rest.find(|char| !is_part(char)).unwrap_or(rest.len());
        self.at += len;
        rest.get(..len).filter(|word| !word.is_empty())
    }

    /// `true`, `None`, `ISODate("2024-06-01")`, `new Date("2024-06-01")`
    fn word_or_call(&mut self, depth: usize) -> Option<Json> {
        let known = match self.word()? {
            "true" | "True" => return Some(Json::Bool(true)),
            "false" | "False" => return Some(Json::Bool(false)),
            "null" | "None" | "undefined" => return Some(Json::Null),
            "new" if self.peek()?.is_alphabetic() => self.word()?,
            word => word,
        };
        let is_transparent = matches!(
            known,
            "ISODate" | "Date" | "datetime" | "NumberLong" | "NumberInt" | "NumberDecimal" | "UUID" | "Timestamp"
        );
        let value = if is_transparent && self.takes('(') { self.value(depth + 1)? } else { return None };
        self.takes(')').then_some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Json {
        Json::Text(text.to_owned())
    }

    #[test]
    fn lenient_json_is_read() {
        for (written, read_as) in [
            (r#"{"a": "b\n\"", }"#, Json::Object(vec![("a".to_owned(), text("b\n\""))])),
            ("{a.b: 'it\\'s \"x\"'}", Json::Object(vec![("a.b".to_owned(), text("it's \"x\""))])),
            (
                "[1, -0.5, None, True]",
                Json::List(vec![
                    Json::Number("1".to_owned()),
                    Json::Number("-0.5".to_owned()),
                    Json::Null,
                    Json::Bool(true),
                ]),
            ),
            ("new Date('2024-06-01')", text("2024-06-01")),
            ("/a.*/i", Json::Pattern),
        ] {
            assert_eq!(read(written), Some((read_as, written.len())), "{written}");
        }
    }

    #[test]
    fn text_after_the_value_is_not_read() {
        assert_eq!(read("{} and cost > 1"), Some((Json::Object(vec![]), 2)));
    }

    #[test]
    fn other_text_is_not_read() {
        for text in ["{", "{a}", "{a=1}", "[1 2]", "{'a: 1}", "{a: b}", "{a: 1-2}", "{a: \"\\x\"}", "/a", "{a: f(1)}"] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read(&"[".repeat(100_000)), None);
    }
}
