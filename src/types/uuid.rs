//! UUIDs.

use uuid::Uuid;

/// Whether a string is a UUID with its hyphens, 8-4-4-4-12.
pub(crate) fn is_uuid(text: &str) -> bool {
    text.len() == 36 && Uuid::try_parse(text).is_ok()
}

/// The hyphenated form of a UUID in another one.
pub(super) fn guess(text: &str) -> Option<String> {
    Uuid::try_parse(text).ok().map(|id| id.to_string()).filter(|id| id != text)
}
