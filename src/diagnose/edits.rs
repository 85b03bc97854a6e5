//! Builds edits. Rules specify what is written where; this module adds spaces so that the new text does
//! not run into its neighbors.

use crate::diagnostic::{Edit, Fix, excerpt};
use crate::span::Span;

/// A builder of edits for one text.
#[derive(Clone, Copy)]
pub(crate) struct Edits<'a> {
    text: &'a str,
}

impl<'a> Edits<'a> {
    pub(crate) fn new(text: &'a str) -> Edits<'a> {
        Edits { text }
    }

    /// Replaces a span, with a title that says so.
    pub(crate) fn write(self, span: Span, text: &str) -> Fix {
        self.replace(format!("write `{}`", excerpt(text)), span, text)
    }

    pub(crate) fn replace(self, title: impl Into<String>, span: Span, text: &str) -> Fix {
        self.all(title, &[(span, text)])
    }

    /// Combines several edits, given in the order of the text.
    pub(crate) fn all(self, title: impl Into<String>, edits: &[(Span, &str)]) -> Fix {
        let spaced = |&(span, text): &(Span, &str)| Edit { span, text: self.spaced(span, text) };
        Fix::new(title, edits.iter().map(spaced).collect())
    }

    /// Removes a span, with the white space after it, or before it at the end of the text or group.
    pub(crate) fn remove(self, span: Span) -> Fix {
        let title = format!("remove `{}`", excerpt(span.of(self.text)));
        Fix::new(title, vec![self.removal(span)])
    }

    /// Returns the edit of [`Edits::remove`].
    pub(crate) fn removal(self, span: Span) -> Edit {
        let after = self.after(span);
        let rest = after.trim_start();
        // A comment ends with its line.
        let is_last = rest.is_empty() || rest.starts_with([')', '#']);
        let place = if is_last {
            Span::new(self.before(span).trim_end().len(), span.end())
        } else {
            Span::new(span.start(), self.text.len() - rest.len())
        };
        Edit { span: place, text: self.spaced(place, "") }
    }

    fn before(self, span: Span) -> &'a str {
        self.text.get(..span.start()).unwrap_or_default()
    }

    fn after(self, span: Span) -> &'a str {
        self.text.get(span.end()..).unwrap_or_default()
    }

    /// Adds spaces to a text where it would run into adjacent words.
    fn spaced(self, span: Span, text: &str) -> String {
        let before = self.before(span).chars().next_back();
        let after = self.after(span).chars().next();
        let (Some(first), Some(last)) = (text.chars().next(), text.chars().next_back()) else {
            let glues = before.zip(after).is_some_and(|(left, right)| run_together(left, right));
            return if glues { " ".to_owned() } else { String::new() };
        };
        let is_quote = text.chars().count() == 1 && matches!(first, '"' | '\'' | '.');
        // `0..` ends a range without an upper end.
        let ends_range = matches!(text, "and" | "or") && before == Some('.');
        let left = !is_quote && (ends_range || before.is_some_and(|left| run_together(left, first)));
        let right = !is_quote && after.is_some_and(|right| run_together(last, right));
        format!("{}{text}{}", if left { " " } else { "" }, if right { " " } else { "" })
    }
}

/// Whether two adjacent characters would be read, or look, like one word.
fn run_together(left: char, right: char) -> bool {
    let ends_word = left != '-' && left != '.' && is_word(left) || matches!(left, '"' | '\'' | ')');
    let opens = left.is_alphanumeric() && matches!(right, '"' | '\'' | '(');
    ends_word && is_word(right) && right != '.' || opens
}

/// Whether a character can be part of a bare word.
fn is_word(char: char) -> bool {
    !(char.is_whitespace() || "()[],\"'=<>!~|&:".contains(char))
}
