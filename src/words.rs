//! The words that `contains` looks for, and looks among.

/// The words of a text, in lower case: `user@freeplay.ai` is `user`, `freeplay`, `ai`.
pub(crate) fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}
