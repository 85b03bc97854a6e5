//! Sets of characters.

use std::sync::LazyLock;

pub(super) type Chars = std::ops::RangeInclusive<char>;

/// A sorted list of ranges of characters that neither overlap nor touch.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Set(Vec<Chars>);

impl FromIterator<Chars> for Set {
    fn from_iter<I: IntoIterator<Item = Chars>>(ranges: I) -> Set {
        let mut ranges: Vec<Chars> = ranges.into_iter().collect();
        ranges.sort_by_key(|range| *range.start());
        let mut joined: Vec<Chars> = Vec::new();
        for range in ranges {
            match joined.last_mut() {
                Some(last) if next_char(*last.end()).is_none_or(|next| *range.start() <= next) => {
                    *last = *last.start()..=(*last.end()).max(*range.end());
                }
                _ => joined.push(range),
            }
        }
        Set(joined)
    }
}

impl Set {
    pub(super) fn of(range: Chars) -> Set {
        Set(vec![range])
    }

    pub(super) fn any() -> Set {
        Set::of('\0'..=char::MAX)
    }

    pub(super) fn or(&self, other: &Set) -> Set {
        self.0.iter().chain(&other.0).cloned().collect()
    }

    pub(super) fn minus(&self, other: &Set) -> Set {
        let mut left = self.0.clone();
        for hole in &other.0 {
            let cut = |range: Chars| {
                let below = previous_char(*hole.start()).map(|end| *range.start()..=end.min(*range.end()));
                let above = next_char(*hole.end()).map(|start| start.max(*range.start())..=*range.end());
                [below, above].into_iter().flatten().filter(|part| !part.is_empty())
            };
            left = left.into_iter().flat_map(cut).collect();
        }
        left.into_iter().collect()
    }

    /// Returns the only character, if there is just one and it is ASCII.
    pub(super) fn single(&self) -> Option<char> {
        match &*self.0 {
            [range] if range.start() == range.end() && range.end().is_ascii() => Some(*range.end()),
            _ => None,
        }
    }

    pub(super) fn is_ascii(&self) -> bool {
        self.0.iter().all(|range| range.end().is_ascii())
    }

    pub(super) fn first_bytes(&self) -> Set {
        let first = |char: &char| char::from(char.encode_utf8(&mut [0; 4]).as_bytes()[0]);
        self.0.iter().map(|range| first(range.start())..=first(range.end())).collect()
    }

    pub(super) fn code(&self) -> String {
        let ranges: Vec<(char, char)> = self.0.iter().map(|range| (*range.start(), *range.end())).collect();
        format!("&{ranges:?}")
    }
}

pub(super) fn byte_set(byte: u8) -> Chars {
    char::from(byte)..=char::from(byte)
}

fn next_char(char: char) -> Option<char> {
    (char..=char::MAX).nth(1)
}

fn previous_char(char: char) -> Option<char> {
    ('\0'..=char).nth_back(1)
}

pub(super) static WHITE_SPACE: LazyLock<Set> =
    LazyLock::new(|| ('\0'..=char::MAX).filter(|char| char.is_whitespace()).map(|char| char..=char).collect());
