//! Quoting for shells.

/// Quotes a string as one word for a POSIX shell. In single quotes only the closing quote is special,
/// not even `!` in an interactive shell.
pub(crate) fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
