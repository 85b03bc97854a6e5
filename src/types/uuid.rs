//! Recognizes UUIDs, and suggests the hyphenated form of others.

use uuid::Uuid;

/// Whether a string is a hyphenated UUID, 8-4-4-4-12.
pub(crate) fn is_uuid(text: &str) -> bool {
    text.len() == 36 && Uuid::try_parse(text).is_ok()
}

/// Returns the hyphenated form of a UUID in another notation.
pub(super) fn guess(text: &str) -> Option<String> {
    Uuid::try_parse(text).ok().map(|id| id.to_string()).filter(|id| id != text)
}
