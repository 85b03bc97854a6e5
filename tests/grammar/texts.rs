//! Random texts, valid and invalid: derived from the grammar, from the queries of the case files, and from fragments
//! and characters of the language.

use std::collections::HashMap;

use pest_meta::optimizer::OptimizedExpr;

use crate::common::case_files;

const GRAMMAR: &str = include_str!("../../grammar/filter.pest");

/// Fragments with a meaning, and some that almost have one.
const PIECES: &[&str] = &[
    " ",
    " ",
    " ",
    "  ",
    "\n",
    "\t",
    "\u{a0}",
    "\u{2028}",
    "\u{feff}",
    "# c\n",
    " # c\n",
    "#",
    " and ",
    " or ",
    " AND ",
    "and",
    "Or",
    "not ",
    "not",
    "NOT",
    "in",
    "in ",
    " in (",
    "contains ",
    "contains",
    "any",
    "all ",
    "any (",
    "between ",
    " between 1 and 5",
    "cost",
    "model",
    "meta.",
    "meta.\"a b\"",
    "meta.a",
    "env:",
    "a",
    "b",
    "1",
    "5",
    "500ms",
    "$0.01",
    "$q",
    "$",
    "_",
    "-",
    "-a",
    "--",
    "!",
    "!=",
    "!~",
    "=",
    "==",
    "=>",
    ":=",
    ":",
    ":>",
    "<",
    "<=",
    ">",
    ">=",
    "<>",
    "~",
    "=~",
    "..",
    ".",
    "...",
    "1..5",
    "a..b",
    "(",
    ")",
    "(a)",
    "(a, b)",
    "[",
    "]",
    "[a]",
    ",",
    ", ",
    "\"",
    "\"a\"",
    "\"\"",
    "\"a b\"",
    "\\",
    "\\\"",
    "'",
    "'a'",
    "“",
    "”",
    "“a”",
    "‘",
    "’",
    "‘a’",
    "*",
    "**",
    "*a",
    "&",
    "&&",
    "|",
    "||",
    "/",
    "/x/",
    "{",
    "}",
    "`",
    "é",
    "日本",
    "😀",
    "\u{0}",
    "\u{7f}",
    "\u{85}",
    "\u{3000}",
    "（",
    "，",
    "a = b",
    "a:b",
    "a b",
    "not (a = b)",
    "a in 1..",
    "b in ..5",
    "c contains any ($x)",
    "http://x.y/z?a=b",
    "now-7d",
    "user@example.com",
];

const CHARS: &[char] = &[
    'a', 'n', 'd', 'o', 'r', 't', 'i', 'A', 'N', '1', '.', ' ', ' ', '\n', '#', '(', ')', '[', ']', ',', '"', '\'',
    '\\', '=', '<', '>', '!', '~', ':', '|', '&', '-', '*', '$', '_', '“', '”', '‘', '’', 'é', '\u{85}', '\u{feff}',
    '\u{2003}', '😀',
];

/// A deterministic pseudorandom number generator.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % end
    }

    fn of<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
}

pub(crate) struct Texts {
    rules: HashMap<String, OptimizedExpr>,
    queries: Vec<String>,
    random: Random,
}

impl Texts {
    pub(crate) fn new(seed: u64) -> Texts {
        let (_, rules) = pest_meta::parse_and_optimize(GRAMMAR).unwrap();
        let rules = rules.into_iter().map(|rule| (rule.name, rule.expr)).collect();
        Texts { rules, queries: case_files::queries(), random: Random(seed) }
    }

    pub(crate) fn next(&mut self) -> String {
        let mut text = String::new();
        match self.random.below(4) {
            0 => self.derive("query", 12, &mut text),
            1 => {
                for _ in 0..=self.random.below(3) {
                    text += &self.queries[self.random.below(self.queries.len())];
                    text += self.random.of(&[" ", " and ", " or ", "", "\n"]);
                }
            }
            2 => {
                for _ in 0..=self.random.below(20) {
                    text += self.random.of(PIECES);
                }
            }
            _ => {
                for _ in 0..=self.random.below(25) {
                    text.push(self.random.of(CHARS));
                }
            }
        }
        for _ in 0..self.random.below(4) {
            self.change(&mut text);
        }
        text
    }

    /// Inserts a fragment, or replaces a part of the text by it.
    fn change(&mut self, text: &mut String) {
        let places: Vec<usize> = text.char_indices().map(|(place, _)| place).chain([text.len()]).collect();
        let index = self.random.below(places.len());
        let end = (index + self.random.below(4)).min(places.len() - 1);
        let piece = match self.random.below(3) {
            0 => "",
            1 => self.random.of(PIECES),
            _ => &self.random.of(CHARS).to_string(),
        };
        text.replace_range(places[index]..places[end], piece);
    }

    /// Writes a text that a rule might match; lookaheads are left to chance.
    fn derive(&mut self, rule: &str, depth: usize, text: &mut String) {
        match self.rules.get(rule).cloned() {
            Some(expr) => self.write(&expr, depth, text),
            None => match rule {
                "ANY" => text.push(self.random.of(CHARS)),
                "WHITE_SPACE" => text.push(self.random.of(&[' ', ' ', ' ', '\n', '\u{a0}'])),
                "ASCII_ALPHA" => text.push(self.random.of(&['a', 'N', 'z'])),
                "ASCII_DIGIT" => text.push(self.random.of(&['0', '7'])),
                _ => {}
            },
        }
    }

    fn write(&mut self, expr: &OptimizedExpr, depth: usize, text: &mut String) {
        match expr {
            OptimizedExpr::Str(part) => text.push_str(part),
            OptimizedExpr::Insens(word) if self.random.below(4) == 0 => text.push_str(&word.to_uppercase()),
            OptimizedExpr::Insens(word) => text.push_str(word),
            OptimizedExpr::Ident(rule) => self.derive(rule, depth, text),
            OptimizedExpr::Seq(left, right) => {
                self.write(left, depth, text);
                if self.random.below(3) == 0 {
                    text.push_str(self.random.of(&[" ", "\n", " # c\n"]));
                }
                self.write(right, depth, text);
            }
            OptimizedExpr::Choice(left, right) => {
                // A group is the first alternative of its rule, so the recursion would not end.
                let first = depth > 0 && self.random.below(2) == 0;
                self.write(if first { left } else { right }, depth.saturating_sub(1), text);
            }
            OptimizedExpr::Opt(expr) if self.random.below(2) == 0 => self.write(expr, depth, text),
            OptimizedExpr::Rep(expr) => {
                for _ in 0..self.random.below(3).min(depth) {
                    self.write(expr, depth - 1, text);
                }
            }
            _ => {}
        }
    }
}
