//! Compares the generated parser with pest's own parser of the same grammar.
#![allow(dead_code, reason = "each test uses some of it")]

#[rustfmt::skip]
#[path = "../../src/syntax/generated.rs"]
pub(crate) mod generated;
#[path = "../../src/syntax/scan.rs"]
pub(crate) mod scan;

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::LazyLock;

use pest::Parser;

use generated::Rule;
use scan::{Stop, Token, tokens};

mod grammar {
    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/filter.pest"]
    pub(crate) struct Grammar;
}

/// Deep enough for any text that pest parses here, and safe for both.
pub(crate) const DEPTH: usize = 100;

/// The rules of pest and the generated ones of the same name: `less_or_equal` is `LessOrEqual`.
static RULES: LazyLock<Vec<(grammar::Rule, Rule)>> = LazyLock::new(|| {
    let named: HashMap<String, Rule> =
        Rule::ALL.iter().map(|rule| (format!("{rule:?}").to_lowercase(), *rule)).collect();
    let named = |rule: &grammar::Rule| named.get(&format!("{rule:?}").replace('_', "").to_lowercase()).copied();
    grammar::Rule::all_rules().iter().filter_map(|rule| Some((*rule, named(rule)?))).collect()
});

/// Returns the same tokens from pest, which has no limits.
pub(crate) fn pest_tokens(rule: Rule, text: &str) -> Option<Vec<Token>> {
    let (rule, _) = RULES.iter().find(|(_, ours)| *ours == rule)?;
    let pairs = grammar::Grammar::parse(*rule, text).ok()?;
    let mut starts = Vec::new();
    let mut found = Vec::new();
    for end in pairs.tokens() {
        match end {
            pest::Token::Start { pos, .. } => starts.push(pos.pos()),
            pest::Token::End { rule, pos } => {
                let start = starts.pop()?;
                // Only pest has a token for the end of the text.
                if let Some((_, rule)) = RULES.iter().find(|(theirs, _)| *theirs == rule) {
                    found.push(Token { rule: *rule, start: start as u32, end: pos.pos() as u32 });
                }
            }
        }
    }
    Some(found)
}

/// The target: any text.
pub(crate) fn tokens_agree(data: &[u8]) {
    agree(&String::from_utf8_lossy(data));
}

/// Both parsers agree on a text, as a query and as another rule, which the text determines.
pub(crate) fn agree(text: &str) {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    let other = Rule::ALL[hasher.finish() as usize % Rule::ALL.len()];
    for rule in [Rule::Query, other] {
        let ours = tokens(rule, text, DEPTH, usize::MAX);
        if let Err(Stop { position, limit }) = ours {
            assert!(position <= text.len(), "{text:?}");
            if limit.is_some() {
                continue;
            }
        }
        assert_eq!(ours.ok(), pest_tokens(rule, text), "{rule:?} of {text:?}");
    }
}
