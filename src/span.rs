//! Positions in a text, and the units they are counted in.

use std::fmt;
use std::ops::Range;

/// A half-open range of bytes in the text of a query.
///
/// Nodes of a query raised from a filter have no text, so their span is the empty span at 0.
/// Serialized by serde, a span is `{"start": 0, "end": 5}`, in bytes; [`Error::to_json`](crate::Error::to_json)
/// adds the other units. [`Span::to_range`] converts a span to one of them.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
pub struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// The span of a node that was not parsed from text.
    pub(crate) const NOWHERE: Span = Span { start: 0, end: 0 };

    /// Returns the span of the bytes `start..end`. Offsets are clamped to 32 bits; texts longer than
    /// 1 GiB are rejected before they are parsed.
    pub(crate) fn new(start: usize, end: usize) -> Span {
        let clamp = |place| u32::try_from(place).unwrap_or(u32::MAX);
        Span { start: clamp(start), end: clamp(end) }
    }

    /// Returns the empty span at an offset.
    pub(crate) fn at(place: usize) -> Span {
        Span::new(place, place)
    }

    /// The offset of the first byte.
    #[must_use]
    pub fn start(self) -> usize {
        self.start as usize
    }

    /// The offset after the last byte.
    #[must_use]
    pub fn end(self) -> usize {
        self.end as usize
    }

    /// Whether the span is empty: a position between two bytes.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Returns the span as a range, for slicing the text.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start()..self.end()
    }

    /// Returns the part of the text that the span covers; empty if the span is not within the text.
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or_default()
    }

    /// Converts the span to a unit. This takes time linear in the text.
    ///
    /// ```
    /// use freeplay_filter::span::Unit;
    ///
    /// let text = "env = 👩 and modle = a";
    /// let error = freeplay_filter::compile(text).unwrap_err();
    /// let span = error.diagnostics()[0].span().unwrap_or_default();
    /// assert_eq!(span.range(), 15..20);
    /// assert_eq!(span.to_range(text, Unit::Utf16), 13..18);
    /// assert_eq!(span.to_range(text, Unit::Chars), 12..17);
    /// ```
    #[must_use]
    pub fn to_range(self, text: &str, unit: Unit) -> Range<usize> {
        let mut counter = Counter::new(text, unit);
        counter.count(self.start())..counter.count(self.end())
    }

    /// Returns the smallest span that covers both.
    pub(crate) fn to(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

/// The unit that offsets into a text are counted in. Offsets begin at 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Bytes of UTF-8, as in Rust. A [`Span`] always counts bytes.
    #[default]
    Bytes,
    /// UTF-16 code units, as in JavaScript, Java and most editors.
    Utf16,
    /// Unicode scalar values, as in Python.
    Chars,
}

impl Unit {
    /// Converts an offset in this unit to a byte offset. An offset inside a character is converted
    /// as the character's start, and one beyond the end of the text as the end.
    ///
    /// ```
    /// use freeplay_filter::span::Unit;
    ///
    /// let text = "π = 👩x";
    /// assert_eq!(Unit::Utf16.to_bytes(text, 4), 5);
    /// assert_eq!(Unit::Utf16.to_bytes(text, 5), 5);
    /// assert_eq!(Unit::Utf16.to_bytes(text, 6), 9);
    /// assert_eq!(Unit::Chars.to_bytes(text, 5), 9);
    /// assert_eq!(Unit::Bytes.to_bytes(text, 99), text.len());
    /// ```
    #[must_use]
    pub fn to_bytes(self, text: &str, offset: usize) -> usize {
        if self == Unit::Bytes {
            return boundary(text, offset);
        }
        let mut count = 0;
        for (start, char) in text.char_indices() {
            count += self.len_of(char);
            if count > offset {
                return start;
            }
        }
        text.len()
    }

    /// Converts a byte offset to this unit. An offset inside a character is converted as the
    /// character's start, and one beyond the end of the text as the end.
    ///
    /// ```
    /// use freeplay_filter::span::Unit;
    ///
    /// let text = "π = 👩x";
    /// assert_eq!(Unit::Utf16.from_bytes(text, 9), 6);
    /// assert_eq!(Unit::Chars.from_bytes(text, 9), 5);
    /// ```
    #[must_use]
    pub fn from_bytes(self, text: &str, offset: usize) -> usize {
        Counter::new(text, self).count(offset)
    }

    fn len_of(self, char: char) -> usize {
        match self {
            Unit::Bytes => char.len_utf8(),
            Unit::Utf16 => char.len_utf16(),
            Unit::Chars => 1,
        }
    }

    fn len(self, text: &str) -> usize {
        match self {
            Unit::Bytes => text.len(),
            Unit::Utf16 | Unit::Chars => text.chars().map(|char| self.len_of(char)).sum(),
        }
    }
}

/// Converts ascending byte offsets to a unit, counting each part of the text only once.
pub(crate) struct Counter<'t> {
    text: &'t str,
    unit: Unit,
    /// The last offset, in bytes and in the unit.
    bytes: usize,
    count: usize,
}

impl<'t> Counter<'t> {
    pub(crate) fn new(text: &'t str, unit: Unit) -> Counter<'t> {
        Counter { text, unit, bytes: 0, count: 0 }
    }

    /// Converts the next offset, as [`Unit::from_bytes`] does.
    pub(crate) fn count(&mut self, offset: usize) -> usize {
        let offset = boundary(self.text, offset);
        let between = |start, end| self.unit.len(Span::new(start, end).of(self.text));
        if offset < self.bytes {
            self.count -= between(offset, self.bytes);
        } else {
            self.count += between(self.bytes, offset);
        }
        self.bytes = offset;
        self.count
    }
}

/// Returns the start of the character that contains a byte, or the end of the text if the byte is beyond it.
pub(crate) fn boundary(text: &str, offset: usize) -> usize {
    (0..=offset.min(text.len())).rev().find(|&place| text.is_char_boundary(place)).unwrap_or(0)
}

/// The position of a byte in a text, in the units that people and editors use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Position {
    /// The line, starting at 1.
    pub line: usize,
    /// The column in Unicode scalar values, starting at 1.
    pub column: usize,
    /// The offset from the start of the text in UTF-16 code units, starting at 0: a string index in
    /// JavaScript.
    pub utf16: usize,
    /// The offset from the start of the text in Unicode scalar values: a string index in Python.
    pub chars: usize,
}

impl Position {
    /// The position of the first byte.
    const START: Position = Position { line: 1, column: 1, utf16: 0, chars: 0 };

    /// Returns the position of the byte at `offset`, or of the end of the text if `offset` is beyond it.
    ///
    /// ```
    /// use freeplay_filter::span::Position;
    ///
    /// let position = Position::of("a = 1\nπ = 2", 9);
    /// assert_eq!((position.line, position.column, position.utf16, position.chars), (2, 3, 8, 8));
    /// ```
    #[must_use]
    pub fn of(text: &str, offset: usize) -> Position {
        let before = text.get(..boundary(text, offset)).unwrap_or(text);
        let line = 1 + before.bytes().filter(|&byte| byte == b'\n').count();
        let last = before.rsplit('\n').next().unwrap_or_default();
        let column = 1 + last.chars().count();
        Position { line, column, utf16: before.encode_utf16().count(), chars: before.chars().count() }
    }
}

impl Position {
    /// Advances over a text.
    fn pass(&mut self, text: &str) {
        let chars = text.chars().count();
        self.chars += chars;
        // A character of two code units has four bytes, of which the first is at least 0xf0.
        self.utf16 += chars + text.bytes().filter(|byte| *byte >= 0xf0).count();
        match text.rsplit_once('\n') {
            Some((lines, last)) => {
                self.line += 1 + lines.matches('\n').count();
                self.column = 1 + last.chars().count();
            }
            None => self.column += chars,
        }
    }
}

/// The positions of the ends of some spans.
pub(crate) struct Positions(Vec<(usize, Position)>);

impl Positions {
    /// Computes the positions, as [`Position::of`] does, in one pass through the text.
    pub(crate) fn of(text: &str, spans: impl Iterator<Item = Span>) -> Positions {
        let mut places: Vec<usize> = spans.flat_map(|span| [span.start(), span.end()]).collect();
        places.sort_unstable();
        places.dedup();
        let (mut position, mut start) = (Position::START, 0);
        let located = places.into_iter().map(|place| {
            let end = boundary(text, place);
            position.pass(text.get(start..end).unwrap_or_default());
            start = end;
            (place, position)
        });
        Positions(located.collect())
    }

    /// Returns the position of an offset at which one of the spans begins or ends.
    pub(crate) fn at(&self, place: usize) -> Position {
        let found = self.0.binary_search_by_key(&place, |(place, _)| *place).ok();
        found.and_then(|index| self.0.get(index)).map_or(Position::START, |(_, position)| *position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_equal_single_ones() {
        for text in ["", "a", "a = 1\nπ = 2\n\n", "\r\n👩x\n", "日本\n語"] {
            let places = 0..text.len() + 3;
            let all = Positions::of(text, places.clone().rev().map(|place| Span::new(place, place + 1)));
            for place in places {
                assert_eq!(all.at(place), Position::of(text, place), "{text:?} at {place}");
            }
        }
    }

    #[test]
    fn units_agree() {
        for text in ["", "a", "π = 2\n", "\r\n👩x\n", "日本\n語👩"] {
            let starts: Vec<usize> = text.char_indices().map(|(start, _)| start).chain([text.len()]).collect();
            for unit in [Unit::Bytes, Unit::Utf16, Unit::Chars] {
                let mut counter = Counter::new(text, unit);
                for offset in (0..text.len() + 3).chain((0..text.len()).rev()) {
                    let start = *starts.iter().rfind(|start| **start <= offset).unwrap();
                    let before = text.get(..start).unwrap();
                    let expected = match unit {
                        Unit::Bytes => start,
                        Unit::Utf16 => before.encode_utf16().count(),
                        Unit::Chars => before.chars().count(),
                    };
                    assert_eq!(counter.count(offset), expected, "{text:?} {unit:?} at {offset}");
                    assert_eq!(unit.from_bytes(text, offset), expected, "{text:?} {unit:?} at {offset}");
                    assert_eq!(unit.to_bytes(text, expected), start, "{text:?} {unit:?} at {offset}");
                }
                assert_eq!(unit.to_bytes(text, usize::MAX), text.len());
            }
        }
        assert_eq!(Unit::Utf16.to_bytes("👩x", 1), 0, "inside a surrogate pair");
    }
}
