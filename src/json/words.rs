//! Describes the syntax errors of JSON in plain words.

/// Describes an error, without its position. The message of a type that rejected its value is unchanged.
pub(crate) fn describe(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let reason = match message.rsplit_once(" at line ") {
        Some((reason, _)) if error.line() > 0 => reason,
        _ => &message,
    };
    let plain = match reason {
        "EOF while parsing a value" => "it ends where a value is expected",
        "EOF while parsing a string" => "it ends within a string",
        "EOF while parsing a list" => "it ends within an array",
        "EOF while parsing an object" => "it ends within an object",
        "expected value" => "a value is expected",
        "expected ident" => "`true`, `false` or `null` is expected",
        "expected `:`" => "a `:` is expected after a key",
        "expected `,` or `]`" => "a `,` or `]` is expected",
        "expected `,` or `}`" => "a `,` or `}` is expected",
        "key must be a string" => "a key in double quotes is expected",
        "trailing comma" => "a comma has nothing after it",
        "trailing characters" => "there is more after the value",
        "invalid number" => "a number is invalid",
        "number out of range" => "a number is out of range",
        "invalid escape" => "a string has an unknown escape",
        "invalid unicode code point" | "lone leading surrogate in hex escape" | "unexpected end of hex escape" => {
            "an escape in a string is not a character"
        }
        "recursion limit exceeded" => "it is nested too deeply",
        _ if reason.starts_with("control character ") => {
            "a string has a control character, such as a line break, that is not written as an escape"
        }
        _ => reason,
    };
    plain.to_owned()
}

/// Returns the message for an error. A syntax error begins with `not JSON:`; an error about a value does not, as the
/// text is JSON.
pub(crate) fn message(error: &serde_json::Error) -> String {
    let not = if error.is_data() || is_out_of_range(error) { "" } else { "not JSON: " };
    format!("{not}{}", locate(error))
}

/// Whether the error is a number that is too large for a float. Only the message says so.
pub(crate) fn is_out_of_range(error: &serde_json::Error) -> bool {
    error.to_string().starts_with("number out of range at ")
}

/// Describes an error, with its position in bytes.
pub(crate) fn locate(error: &serde_json::Error) -> String {
    let reason = describe(error);
    // At a line break the column is 0.
    match (error.line(), error.column().max(1)) {
        (0, _) => reason,
        (1, column) => format!("{reason}, at column {column}"),
        (line, column) => format!("{reason}, at line {line}, column {column}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_parser_are_not_shown() {
        for (text, expected) in [
            ("", "it ends where a value is expected, at column 1"),
            ("{\"a\": ", "it ends where a value is expected, at column 6"),
            ("\"a", "it ends within a string, at column 2"),
            ("[1", "it ends within an array, at column 2"),
            ("[1,", "it ends where a value is expected, at column 3"),
            ("{\n\"a\": 1", "it ends within an object, at line 2, column 6"),
            ("cost > 1", "a value is expected, at column 1"),
            ("tru", "it ends where a value is expected, at column 3"),
            ("trap", "`true`, `false` or `null` is expected, at column 3"),
            ("{\"a\" 1}", "a `:` is expected after a key, at column 6"),
            ("[1 2]", "a `,` or `]` is expected, at column 4"),
            ("{\"a\": 1 \"b\"}", "a `,` or `}` is expected, at column 9"),
            ("{a: 1}", "a key in double quotes is expected, at column 2"),
            ("[1,]", "a comma has nothing after it, at column 4"),
            ("1 x", "there is more after the value, at column 3"),
            ("01", "a number is invalid, at column 2"),
            ("1e999", "a number is out of range, at column 5"),
            ("\"\\x\"", "a string has an unknown escape, at column 3"),
            ("\"\\ud800\"", "an escape in a string is not a character, at column 8"),
            ("\"\\ud800\\n\"", "an escape in a string is not a character, at column 9"),
            (
                "\"a\nb\"",
                "a string has a control character, such as a line break, that is not written as an escape, at line 2, column 1",
            ),
            (&"[".repeat(500), "it is nested too deeply, at column 128"),
        ] {
            let error = serde_json::from_str::<serde_json::Value>(text).unwrap_err();
            assert_eq!(locate(&error), expected, "{text}");
        }
    }

    #[test]
    fn messages_of_types_are_unchanged() {
        let error = serde_json::from_str::<u8>(" \"at line 1\"").unwrap_err();
        assert_eq!(describe(&error), "invalid type: string \"at line 1\", expected u8");
        let error = serde_json::from_value::<u8>(serde_json::Value::Null).unwrap_err();
        assert_eq!(locate(&error), "invalid type: null, expected u8");
    }
}
