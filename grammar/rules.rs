//! The supported rules of a grammar, and properties of what they match.

use std::collections::{BTreeMap, BTreeSet};

use pest_meta::ast::RuleType;
use pest_meta::optimizer::{OptimizedExpr, OptimizedRule};

use super::set::{Set, WHITE_SPACE, byte_set};

pub(super) struct Grammar {
    pub(super) rules: Vec<Rule>,
    pub(super) whitespace: Option<usize>,
}

pub(super) struct Rule {
    pub(super) name: String,
    pub(super) kind: RuleType,
    pub(super) node: Node,
}

#[derive(Clone, PartialEq)]
pub(super) enum Node {
    /// One character of a set.
    Chars(Set),
    Text(String),
    /// A word in any letter case; here in lower case.
    Word(String),
    Call(usize),
    Start,
    End,
    /// A positive or negative lookahead.
    Look(bool, Box<Node>),
    Seq(Vec<Node>),
    Choice(Vec<Node>),
    Optional(Box<Node>),
    Many(Box<Node>),
}

impl Node {
    fn children(&self) -> &[Node] {
        match self {
            Node::Look(_, node) | Node::Optional(node) | Node::Many(node) => std::slice::from_ref(node),
            Node::Seq(nodes) | Node::Choice(nodes) => nodes,
            Node::Chars(_) | Node::Text(_) | Node::Word(_) | Node::Call(_) | Node::Start | Node::End => &[],
        }
    }

    fn calls(&self, each: &mut impl FnMut(usize)) {
        if let Node::Call(rule) = self {
            each(*rule);
        }
        self.children().iter().for_each(|child| child.calls(each));
    }

    /// Whether white space may be skipped inside the rule.
    fn has_gaps(&self) -> bool {
        matches!(self, Node::Seq(_) | Node::Many(_)) || self.children().iter().any(Node::has_gaps)
    }
}

impl Grammar {
    pub(super) fn new(rules: Vec<OptimizedRule>) -> Result<Grammar, String> {
        let names: BTreeMap<String, usize> =
            rules.iter().enumerate().map(|(index, rule)| (rule.name.clone(), index)).collect();
        let whitespace = names.get("WHITESPACE").copied();
        let rules = rules.into_iter().map(|rule| {
            let reject = |what: &str| format!("rule `{}`: {what} is not supported", rule.name);
            if rule.ty == RuleType::NonAtomic {
                return Err(reject("`!{ }`"));
            }
            let node = node(&rule.expr, &names).map_err(|what| reject(&what))?;
            Ok(Rule { name: rule.name, kind: rule.ty, node })
        });
        Ok(Grammar { rules: rules.collect::<Result<_, String>>()?, whitespace })
    }

    /// Rejects rules that would be compiled with another meaning than pest's, or that are misleading.
    pub(super) fn check(&self) -> Result<(), String> {
        let mut names = BTreeSet::new();
        for (index, rule) in self.rules.iter().enumerate() {
            let reject = |what: &str| Err(format!("rule `{}`: {what} is not supported", rule.name));
            if rule.name == "COMMENT" {
                return reject("an implicit comment (make it a part of WHITESPACE)");
            }
            if Some(index) == self.whitespace && rule.kind != RuleType::Silent {
                return reject("white space that makes tokens");
            }
            let name = rule.name.replace('_', "").to_lowercase();
            if !name.starts_with(|char: char| char.is_ascii_alphabetic())
                || RESERVED.contains(&&*name)
                || name.ends_with("tight")
                || name.ends_with("quiet")
            {
                return reject("this name");
            }
            if !names.insert(name) {
                return reject("a name that differs from another one in underscores or letter case only");
            }
            // One would skip white space though nothing shows it; the other would create tokens after all.
            let is_silent = |other: &Rule| other.kind == RuleType::Silent;
            let (called, has_what) = match rule.kind {
                RuleType::Normal => (self.called(index, is_silent), "a `_{ }` rule with a sequence or a repetition"),
                RuleType::Atomic => (self.called(index, |_| true), "a `${ }` rule"),
                RuleType::Silent | RuleType::CompoundAtomic | RuleType::NonAtomic => continue,
            };
            let is_rejected = |other: &&Rule| match rule.kind {
                RuleType::Normal => is_silent(other) && other.node.has_gaps(),
                _ => other.kind == RuleType::CompoundAtomic,
            };
            if let Some(other) = called.iter().map(|other| &self.rules[*other]).find(is_rejected) {
                return reject(&format!("a call of `{}`, {has_what},", other.name));
            }
        }
        Ok(())
    }

    /// Returns all rules that a rule calls, directly or indirectly, through the rules that `is_followed` accepts.
    fn called(&self, rule: usize, is_followed: impl Fn(&Rule) -> bool) -> BTreeSet<usize> {
        let mut called = BTreeSet::new();
        let mut waiting = vec![rule];
        while let Some(rule) = waiting.pop() {
            self.rules[rule].node.calls(&mut |callee| {
                if called.insert(callee) && is_followed(&self.rules[callee]) {
                    waiting.push(callee);
                }
            });
        }
        called
    }

    /// Whether a call leads back to a rule that contains the caller. Every recursive rule contains such a call
    /// somewhere.
    pub(super) fn descends(&self, caller: usize, callee: usize) -> bool {
        callee <= caller && self.called(callee, |_| true).contains(&caller)
    }

    /// Resolves calls of silent rules to the content of the rule.
    pub(super) fn unnamed<'g>(&'g self, node: &'g Node) -> &'g Node {
        match node {
            Node::Call(rule) if self.rules[*rule].kind == RuleType::Silent => &self.rules[*rule].node,
            _ => node,
        }
    }

    /// Returns the set of characters of a node that always matches exactly one character.
    pub(super) fn chars(&self, node: &Node, spaced: bool) -> Option<Set> {
        match node {
            Node::Chars(set) => Some(set.clone()),
            Node::Call(rule) if self.rules[*rule].kind == RuleType::Silent => {
                self.chars(&self.rules[*rule].node, spaced)
            }
            Node::Choice(nodes) => {
                nodes.iter().try_fold(Set::default(), |all, node| Some(all.or(&self.chars(node, spaced)?)))
            }
            Node::Seq(nodes) if !spaced => {
                let (last, looks) = nodes.split_last()?;
                let excluded = looks.iter().try_fold(Set::default(), |all, look| match look {
                    Node::Look(false, node) => Some(all.or(&self.chars(node, spaced)?)),
                    _ => None,
                })?;
                Some(self.chars(last, spaced)?.minus(&excluded))
            }
            _ => None,
        }
    }

    /// Returns the bytes that a match of a node can begin with, as characters with the same codes, and whether the node
    /// can match the empty string.
    pub(super) fn first(&self, node: &Node, spaced: bool) -> (Set, bool) {
        if let Some(set) = self.chars(node, spaced) {
            return (set.first_bytes(), false);
        }
        match node {
            Node::Chars(set) => (set.first_bytes(), false),
            Node::Text(text) => (text.bytes().take(1).map(byte_set).collect(), text.is_empty()),
            Node::Word(word) => {
                let cases = word.bytes().take(1).flat_map(|byte| [byte, byte.to_ascii_uppercase()]);
                (cases.map(byte_set).collect(), word.is_empty())
            }
            Node::Call(rule) => {
                let Rule { kind, node, .. } = &self.rules[*rule];
                self.first(node, spaced && !is_atomic(*kind))
            }
            Node::Start | Node::End | Node::Look(..) => (Set::default(), true),
            Node::Optional(node) | Node::Many(node) => (self.first(node, spaced).0, true),
            Node::Choice(nodes) => nodes.iter().fold((Set::default(), false), |(bytes, empty), node| {
                let (more, also) = self.first(node, spaced);
                (bytes.or(&more), empty || also)
            }),
            Node::Seq(nodes) => {
                let mut bytes = Set::default();
                for (index, node) in nodes.iter().enumerate() {
                    if let Some(gap) = self.whitespace.filter(|_| spaced && index > 0) {
                        bytes = bytes.or(&self.first(&self.rules[gap].node, false).0);
                    }
                    let (more, empty) = self.first(node, spaced);
                    bytes = bytes.or(&more);
                    if !empty {
                        return (bytes, false);
                    }
                }
                (bytes, true)
            }
        }
    }
}

fn node(expr: &OptimizedExpr, names: &BTreeMap<String, usize>) -> Result<Node, String> {
    let one = |expr| node(expr, names);
    let boxed = |expr| one(expr).map(Box::new);
    Ok(match expr {
        OptimizedExpr::Str(text) => literal(text),
        OptimizedExpr::Insens(word) if word.bytes().all(|byte| byte.is_ascii_alphabetic()) => {
            Node::Word(word.to_ascii_lowercase())
        }
        OptimizedExpr::Insens(_) => return Err("`^` before other characters than ASCII letters".to_owned()),
        OptimizedExpr::Range(first, last) => match (first.chars().next(), last.chars().next()) {
            (Some(first), Some(last)) if first <= last => Node::Chars(Set::of(first..=last)),
            _ => return Err("an empty range".to_owned()),
        },
        OptimizedExpr::Ident(name) => match names.get(name) {
            Some(rule) => Node::Call(*rule),
            None => builtin(name).ok_or_else(|| format!("`{name}`"))?,
        },
        OptimizedExpr::PosPred(expr) => Node::Look(true, boxed(expr)?),
        OptimizedExpr::NegPred(expr) => Node::Look(false, boxed(expr)?),
        OptimizedExpr::Opt(expr) => Node::Optional(boxed(expr)?),
        OptimizedExpr::Rep(expr) => Node::Many(boxed(expr)?),
        OptimizedExpr::Seq(first, second) => {
            let parts = |node| if let Node::Seq(nodes) = node { nodes } else { vec![node] };
            Node::Seq([parts(one(first)?), parts(one(second)?)].concat())
        }
        OptimizedExpr::Choice(first, second) => {
            let parts = |node| if let Node::Choice(nodes) = node { nodes } else { vec![node] };
            Node::Choice([parts(one(first)?), parts(one(second)?)].concat())
        }
        // The optimizer's form of `(!("a" | "b") ~ ANY)*`.
        OptimizedExpr::Skip(texts) => {
            let stop = Node::Choice(texts.iter().map(|text| literal(text)).collect());
            Node::Many(Box::new(Node::Seq(vec![Node::Look(false, Box::new(stop)), Node::Chars(Set::any())])))
        }
        OptimizedExpr::PeekSlice(..) | OptimizedExpr::Push(_) | OptimizedExpr::RestoreOnErr(_) => {
            return Err("the stack".to_owned());
        }
    })
}

fn literal(text: &str) -> Node {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(char), None) => Node::Chars(Set::of(char..=char)),
        _ => Node::Text(text.to_owned()),
    }
}

fn builtin(name: &str) -> Option<Node> {
    Some(Node::Chars(match name {
        "SOI" => return Some(Node::Start),
        "EOI" => return Some(Node::End),
        "ANY" => Set::any(),
        "WHITE_SPACE" => WHITE_SPACE.clone(),
        "ASCII_DIGIT" => Set::of('0'..='9'),
        "ASCII_ALPHA" => ['a'..='z', 'A'..='Z'].into_iter().collect(),
        _ => return None,
    }))
}

pub(super) fn is_atomic(kind: RuleType) -> bool {
    matches!(kind, RuleType::Atomic | RuleType::CompoundAtomic)
}

/// Names that have another meaning in the generated module.
const RESERVED: [&str; 5] = ["gap", "gaps", "read", "self", "skip"];
