//! A hand-written compiler, to measure the minimum cost: it knows five fields and the syntax of the
//! measured queries, expects valid text, and has no error messages.

use std::fmt::Write;

enum Expr<'a> {
    Test(Test<'a>),
    Not(Box<Expr<'a>>),
    And(Vec<Expr<'a>>),
    Or(Vec<Expr<'a>>),
}

struct Test<'a> {
    field: &'a str,
    key: &'a str,
    operator: &'a str,
    value: &'a str,
    /// The start and end of the clause.
    _span: (u32, u32),
}

/// Whether a text is a query.
pub(crate) fn parse(text: &str) -> bool {
    std::hint::black_box(tree(text)).is_some()
}

/// Returns the filter's JSON.
pub(crate) fn compile(text: &str) -> Option<String> {
    let mut out = String::with_capacity(256);
    write(&tree(text)?, &mut out)?;
    Some(out)
}

fn tree(text: &str) -> Option<Expr<'_>> {
    let mut parser = Parser { text, at: 0 };
    let expr = parser.disjunction()?;
    (parser.token() == "").then_some(expr)
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    /// Returns the next token; empty at the end.
    fn token(&mut self) -> &'a str {
        let bytes = self.text.as_bytes();
        while bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        let start = self.at;
        match bytes.get(start) {
            None => {}
            Some(b'(' | b')') => self.at += 1,
            Some(b'=' | b'<' | b'>') => self.at += 1 + usize::from(bytes.get(start + 1) == Some(&b'=')),
            Some(_) => {
                while let Some(byte) = bytes.get(self.at) {
                    match byte {
                        b'"' => {
                            let rest = &bytes[self.at + 1..];
                            self.at += rest.iter().position(|byte| *byte == b'"').unwrap_or(rest.len()) + 2;
                        }
                        b' ' | b'\t' | b'\n' | b'(' | b')' | b'=' | b'<' | b'>' => break,
                        _ => self.at += 1,
                    }
                }
            }
        }
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn take(&mut self, word: &str) -> bool {
        let before = self.at;
        let found = self.token() == word;
        if !found {
            self.at = before;
        }
        found
    }

    fn disjunction(&mut self) -> Option<Expr<'a>> {
        let first = self.conjunction()?;
        if !self.take("or") {
            return Some(first);
        }
        let mut parts = vec![first, self.conjunction()?];
        while self.take("or") {
            parts.push(self.conjunction()?);
        }
        Some(Expr::Or(parts))
    }

    fn conjunction(&mut self) -> Option<Expr<'a>> {
        let first = self.operand()?;
        if !self.take("and") {
            return Some(first);
        }
        let mut parts = vec![first, self.operand()?];
        while self.take("and") {
            parts.push(self.operand()?);
        }
        Some(Expr::And(parts))
    }

    fn operand(&mut self) -> Option<Expr<'a>> {
        let word = self.token();
        let start = self.at - word.len();
        match word {
            "not" => Some(Expr::Not(Box::new(self.operand()?))),
            "(" => {
                let inside = self.disjunction()?;
                self.take(")").then_some(inside)
            }
            _ => {
                let (field, key) = word.split_once('.').unwrap_or((word, ""));
                let (operator, value) = (self.token(), self.token());
                let _span = (start as u32, self.at as u32);
                Some(Expr::Test(Test { field, key, operator, value, _span }))
            }
        }
    }
}

fn unquoted(text: &str) -> &str {
    text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text)
}

fn write(expr: &Expr, out: &mut String) -> Option<()> {
    match expr {
        Expr::Test(test) => return write_test(test, out),
        Expr::Not(part) => {
            out.push_str(r#"{"not":"#);
            write(part, out)?;
            out.push('}');
        }
        Expr::And(parts) | Expr::Or(parts) => {
            out.push_str(if matches!(expr, Expr::And(_)) { r#"{"and":["# } else { r#"{"or":["# });
            for (index, part) in parts.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(part, out)?;
            }
            out.push_str("]}");
        }
    }
    Some(())
}

fn write_test(test: &Test, out: &mut String) -> Option<()> {
    let name = match test.field {
        "cost" | "latency" | "model" | "environment" | "session_custom_metadata" => test.field,
        _ => return None,
    };
    let number = |text: &str| -> Option<f64> {
        let text = text.trim_start_matches('$');
        match (text.strip_suffix("ms"), text.strip_suffix('s')) {
            (Some(milliseconds), _) => Some(milliseconds.parse::<f64>().ok()? / 1e3),
            (None, Some(seconds)) => seconds.parse().ok(),
            (None, None) => text.parse().ok(),
        }
    };
    if let ("in", Some((lower, upper))) = (test.operator, test.value.split_once("..")) {
        let (lower, upper) = (number(lower)?, number(upper)?);
        let bounds = format_args!(
            r#"{{"and":[{{"field":"{name}","op":"gte","value":{lower}}},{{"field":"{name}","op":"lte","value":{upper}}}]}}"#
        );
        return out.write_fmt(bounds).ok();
    }
    let op = match test.operator {
        "=" => "eq",
        ">=" => "gte",
        "contains" => "contains",
        _ => return None,
    };
    out.push_str(r#"{"field":""#);
    out.push_str(name);
    if !test.key.is_empty() {
        out.push('.');
        out.push_str(unquoted(test.key));
    }
    out.push_str(r#"","op":""#);
    out.push_str(op);
    out.push_str(r#"","value":"#);
    match test.field {
        "cost" | "latency" => write!(out, "{}", number(test.value)?).ok()?,
        _ => {
            let text = unquoted(test.value);
            if text.contains(['"', '\\']) {
                return None;
            }
            out.push('"');
            out.push_str(text);
            out.push('"');
        }
    }
    out.push('}');
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_equal_those_of_the_library() {
        for text in [crate::cases::SHORT, crate::cases::TYPICAL] {
            let by_hand = freeplay_filter::Filter::from_json(&compile(text).unwrap()).unwrap();
            assert_eq!(by_hand.canonical(), freeplay_filter::compile(text).unwrap());
        }
    }
}
