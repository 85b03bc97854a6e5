//! Quoting for shells.

/// A string as one word of a POSIX shell. In single quotes nothing is special, not even `!` in an
/// interactive shell, except their end.
pub(crate) fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
