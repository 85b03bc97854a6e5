//! Compiles filter.pest to plain Rust: the parser in src/syntax/generated.rs.
//!
//! `pest_meta`, which is pest's own front end, reads, validates and optimises the grammar. What is written here for
//! each rule is a function `fn(&mut Scan) -> bool` that moves past what it matches, adds its tokens, and on failure
//! leaves the scan as it was. It agrees with pest's parser of the same grammar token by token, but that tokens come
//! children first and the end of the text makes none. What is not supported is rejected, by the name of its rule.
//!
//! A rule is written once for each mode in which it is used: whether white space is skipped between its parts, and
//! whether it makes tokens (not inside an `@{ }` rule, and not where the grammar only looks ahead).

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write;
use std::sync::LazyLock;

use pest_meta::ast::RuleType;
use pest_meta::optimizer::{OptimizedExpr, OptimizedRule};

/// The text of the module for a grammar, or why there is none.
pub(crate) fn compile(grammar: &str) -> Result<String, String> {
    let (_, rules) = pest_meta::parse_and_optimize(grammar).map_err(|errors| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        errors.join("\n")
    })?;
    let grammar = Grammar::new(rules)?;
    grammar.check()?;
    Writer::new(&grammar).module().map_err(|error| error.to_string())
}

// ---- The grammar, as far as it is supported ----

struct Grammar {
    rules: Vec<Rule>,
    whitespace: Option<usize>,
}

struct Rule {
    name: String,
    kind: RuleType,
    node: Node,
}

#[derive(Clone)]
enum Node {
    /// One character.
    Chars(Set),
    Text(String),
    /// Letters in any case; here in lower case.
    Word(String),
    Call(usize),
    Start,
    End,
    /// Looks ahead for what must come next, or must not.
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

    /// Whether white space may be skipped inside.
    fn has_gaps(&self) -> bool {
        matches!(self, Node::Seq(_) | Node::Many(_)) || self.children().iter().any(Node::has_gaps)
    }
}

impl Grammar {
    fn new(rules: Vec<OptimizedRule>) -> Result<Grammar, String> {
        let names: BTreeMap<String, usize> =
            rules.iter().enumerate().map(|(index, rule)| (rule.name.clone(), index)).collect();
        let whitespace = names.get("WHITESPACE").copied();
        let rules = rules.into_iter().map(|rule| {
            let refuse = |what: &str| format!("rule `{}`: {what} is not supported", rule.name);
            if rule.ty == RuleType::NonAtomic {
                return Err(refuse("`!{ }`"));
            }
            let node = node(&rule.expr, &names).map_err(|what| refuse(&what))?;
            Ok(Rule { name: rule.name, kind: rule.ty, node })
        });
        Ok(Grammar { rules: rules.collect::<Result<_, String>>()?, whitespace })
    }

    /// Rejects what would not mean what it means to pest, or not what it seems to mean.
    fn check(&self) -> Result<(), String> {
        let mut names = BTreeSet::new();
        for (index, rule) in self.rules.iter().enumerate() {
            let refuse = |what: &str| Err(format!("rule `{}`: {what} is not supported", rule.name));
            if rule.name == "COMMENT" {
                return refuse("an implicit comment (make it a part of WHITESPACE)");
            }
            if Some(index) == self.whitespace && rule.kind != RuleType::Silent {
                return refuse("white space that makes tokens");
            }
            let name = rule.name.replace('_', "").to_lowercase();
            if !name.starts_with(|char: char| char.is_ascii_alphabetic())
                || RESERVED.contains(&&*name)
                || name.ends_with("tight")
                || name.ends_with("quiet")
            {
                return refuse("this name");
            }
            if !names.insert(name) {
                return refuse("a name that differs from another one in underscores or letter case only");
            }
            if let Some(other) = self.silent_gaps(rule) {
                return refuse(&format!(
                    "a call of `{other}`, a `_{{ }}` rule with a sequence or a repetition in which white space would be skipped,"
                ));
            }
            if rule.kind == RuleType::Atomic
                && let Some(other) = self.reached(index).find(|other| other.kind == RuleType::CompoundAtomic)
            {
                return refuse(&format!("a call of `{}`, a `${{ }}` rule, from an `@{{ }}` rule", other.name));
            }
        }
        Ok(())
    }

    /// A silent rule that a spaced rule calls and that has gaps.
    fn silent_gaps(&self, rule: &Rule) -> Option<&str> {
        let mut seen = BTreeSet::new();
        let mut waiting = Vec::new();
        if rule.kind == RuleType::Normal {
            rule.node.calls(&mut |callee| waiting.push(callee));
        }
        while let Some(callee) = waiting.pop() {
            let silent = &self.rules[callee];
            if silent.kind == RuleType::Silent && seen.insert(callee) {
                if silent.node.has_gaps() {
                    return Some(&silent.name);
                }
                silent.node.calls(&mut |callee| waiting.push(callee));
            }
        }
        None
    }

    /// All rules that a rule calls, and those that they call.
    fn reached(&self, rule: usize) -> impl Iterator<Item = &Rule> {
        let mut seen = BTreeSet::new();
        let mut waiting = vec![rule];
        while let Some(rule) = waiting.pop() {
            self.rules[rule].node.calls(&mut |callee| {
                if seen.insert(callee) {
                    waiting.push(callee);
                }
            });
        }
        seen.into_iter().map(|rule| &self.rules[rule])
    }

    /// The calls that close a circle of rules, as caller and callee: without them, no rule would contain itself.
    fn descents(&self) -> BTreeSet<(usize, usize)> {
        fn visit(grammar: &Grammar, rule: usize, state: &mut [u8], descents: &mut BTreeSet<(usize, usize)>) {
            const OPEN: u8 = 1;
            const DONE: u8 = 2;
            state[rule] = OPEN;
            let mut callees = Vec::new();
            grammar.rules[rule].node.calls(&mut |callee| callees.push(callee));
            for callee in callees {
                match state[callee] {
                    OPEN => _ = descents.insert((rule, callee)),
                    DONE => {}
                    _ => visit(grammar, callee, state, descents),
                }
            }
            state[rule] = DONE;
        }
        let mut state = vec![0; self.rules.len()];
        let mut descents = BTreeSet::new();
        for rule in 0..self.rules.len() {
            if state[rule] == 0 {
                visit(self, rule, &mut state, &mut descents);
            }
        }
        descents
    }

    /// The characters that a node matches, if it always matches exactly one character.
    fn chars(&self, node: &Node, spaced: bool) -> Option<Set> {
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

    /// The bytes that what a node matches can begin with, and whether that can be nothing.
    fn first(&self, node: &Node, spaced: bool) -> (Bytes, bool) {
        if let Some(set) = self.chars(node, spaced) {
            return (set.first_bytes(), false);
        }
        match node {
            Node::Chars(set) => (set.first_bytes(), false),
            Node::Text(text) => (text.bytes().take(1).collect(), text.is_empty()),
            Node::Word(word) => {
                let cases = word.bytes().take(1).flat_map(|byte| [byte, byte.to_ascii_uppercase()]);
                (cases.collect(), word.is_empty())
            }
            Node::Call(rule) => {
                let Rule { kind, node, .. } = &self.rules[*rule];
                self.first(node, spaced && matches!(kind, RuleType::Normal | RuleType::Silent))
            }
            Node::Start | Node::End | Node::Look(..) => (Bytes::new(), true),
            Node::Optional(node) | Node::Many(node) => (self.first(node, spaced).0, true),
            Node::Choice(nodes) => nodes.iter().fold((Bytes::new(), false), |(bytes, empty), node| {
                let (more, also) = self.first(node, spaced);
                (&bytes | &more, empty || also)
            }),
            Node::Seq(nodes) => {
                let mut bytes = Bytes::new();
                for (index, node) in nodes.iter().enumerate() {
                    if let Some(gap) = self.whitespace.filter(|_| spaced && index > 0) {
                        bytes.extend(self.first(&self.rules[gap].node, false).0);
                    }
                    let (more, empty) = self.first(node, spaced);
                    bytes.extend(more);
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
            let flat = |node| match node {
                Node::Seq(nodes) => nodes,
                node => vec![node],
            };
            Node::Seq([flat(one(first)?), flat(one(second)?)].concat())
        }
        OptimizedExpr::Choice(first, second) => {
            let flat = |node| match node {
                Node::Choice(nodes) => nodes,
                node => vec![node],
            };
            Node::Choice([flat(one(first)?), flat(one(second)?)].concat())
        }
        // What pest made of `(!("a" | "b") ~ ANY)*`.
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

static WHITE_SPACE: LazyLock<Set> =
    LazyLock::new(|| ('\0'..=char::MAX).filter(|char| char.is_whitespace()).map(|char| char..=char).collect());

// ---- Sets of characters and bytes ----

type Bytes = BTreeSet<u8>;
type Chars = std::ops::RangeInclusive<char>;

/// Ranges of characters that neither overlap nor touch, in order.
#[derive(Clone, Default, PartialEq)]
struct Set(Vec<Chars>);

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
    fn of(range: Chars) -> Set {
        Set(vec![range])
    }

    fn any() -> Set {
        Set::of('\0'..=char::MAX)
    }

    fn or(&self, other: &Set) -> Set {
        self.0.iter().chain(&other.0).cloned().collect()
    }

    fn minus(&self, other: &Set) -> Set {
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

    /// The only character, if it is one of ASCII.
    fn single(&self) -> Option<char> {
        match &*self.0 {
            [range] if range.start() == range.end() && range.end().is_ascii() => Some(*range.end()),
            _ => None,
        }
    }

    fn first_bytes(&self) -> Bytes {
        let first = |char: char| char.encode_utf8(&mut [0; 4]).as_bytes()[0];
        self.0.iter().flat_map(|range| first(*range.start())..=first(*range.end())).collect()
    }
}

fn next_char(char: char) -> Option<char> {
    (char..=char::MAX).nth(1)
}

fn previous_char(char: char) -> Option<char> {
    ('\0'..=char).nth_back(1)
}

// ---- The module ----

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Mode {
    spaced: bool,
    tokens: bool,
}

const SPACED: Mode = Mode { spaced: true, tokens: true };
const QUIET: Mode = Mode { spaced: false, tokens: false };

struct Writer<'g> {
    grammar: &'g Grammar,
    descents: BTreeSet<(usize, usize)>,
    /// The rule whose function is being written.
    current: usize,
    queue: VecDeque<(usize, Mode)>,
    known: BTreeSet<(usize, Mode)>,
    sets: Vec<Set>,
    tables: Vec<Bytes>,
}

impl<'g> Writer<'g> {
    fn new(grammar: &'g Grammar) -> Writer<'g> {
        let descents = grammar.descents();
        let (queue, known) = (VecDeque::new(), BTreeSet::new());
        Writer { grammar, descents, current: 0, queue, known, sets: Vec::new(), tables: Vec::new() }
    }

    fn module(mut self) -> syn::Result<String> {
        let mut variants = String::new();
        let mut arms = String::new();
        let grammar = self.grammar;
        for (index, rule) in grammar.rules.iter().enumerate().filter(|(_, rule)| rule.kind != RuleType::Silent) {
            let variant = camel_case(&rule.name);
            let call = self.call(index, SPACED);
            _ = write!(variants, "{variant},");
            _ = write!(arms, "Rule::{variant} => {call},");
        }
        let mut functions = String::new();
        _ = write!(functions, "{}", self.skip());
        while let Some((rule, mode)) = self.queue.pop_front() {
            functions += &self.function(rule, mode);
        }
        let code = format!(
            "use super::scan::{{Scan, Set, Table, table}};
            /// The rules that make tokens.
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)] pub(crate) enum Rule {{ {variants} }}
            #[allow(dead_code, reason = \"for tests\")] impl Rule {{ pub(crate) const ALL: &[Rule] = {{ use Rule::*; &[{variants}] }}; }}
            /// Reads a rule at the scan's position, and says whether it matched.
            pub(crate) fn read(rule: Rule, p: &mut Scan) -> bool {{ match rule {{ {arms} }} }}
            {functions}"
        );
        let mut module = HEADER.to_owned() + &prettyplease::unparse(&syn::parse_file(&code)?);
        for (index, set) in self.sets.iter().enumerate() {
            let ranges: Vec<(char, char)> = set.0.iter().map(|range| (*range.start(), *range.end())).collect();
            _ = writeln!(module, "static SET_{index}: Set = Set::new(&{ranges:?});");
        }
        for (index, bytes) in self.tables.iter().enumerate() {
            _ = writeln!(module, "static FIRST_{index}: Table = table(&{:?});", byte_ranges(bytes));
        }
        Ok(module)
    }

    /// What is skipped between the parts of a rule.
    fn skip(&mut self) -> String {
        let Some(rule) = self.grammar.whitespace else {
            return "#[inline(always)] pub(crate) fn skip(_: &mut Scan) -> bool { true }".to_owned();
        };
        let code = self.call(rule, QUIET);
        let table = self.table(self.grammar.first(&Node::Call(rule), false).0);
        // Nearly always there is one of them: a loop in `gap` would cost each call.
        format!(
            "/// Moves past white space and comments; always true.
            #[inline(always)] pub(crate) fn skip(p: &mut Scan) -> bool {{ !p.is_in(&{table}) || gap(p) }}
            fn gap(p: &mut Scan) -> bool {{ !({code} && p.is_in(&{table})) || gaps(p) }}
            #[cold] fn gaps(p: &mut Scan) -> bool {{ while {code} && p.is_in(&{table}) {{}} true }}"
        )
    }

    fn function(&mut self, rule: usize, mode: Mode) -> String {
        self.current = rule;
        let Rule { name, kind, node } = &self.grammar.rules[rule];
        let function = function_name(name, mode);
        let body_mode = body_mode(*kind, mode);
        let body = if *kind == RuleType::Silent || !mode.tokens {
            self.code(node, body_mode)
        } else {
            let code = operand(self.part(node, body_mode));
            format!("let start = p.position; {code} && p.token(Rule::{}, start)", camel_case(name))
        };
        format!("fn {function}(p: &mut Scan) -> bool {{ {body} }}")
    }

    fn call(&mut self, rule: usize, mode: Mode) -> String {
        let Rule { name, kind, .. } = &self.grammar.rules[rule];
        // Inside these two nothing is skipped anyway.
        let is_atomic = matches!(kind, RuleType::Atomic | RuleType::CompoundAtomic);
        let mode = Mode { spaced: mode.spaced || is_atomic, ..mode };
        if self.known.insert((rule, mode)) {
            self.queue.push_back((rule, mode));
        }
        let function = function_name(name, mode);
        if self.descents.contains(&(self.current, rule)) {
            format!("p.descend({function})")
        } else {
            format!("{function}(p)")
        }
    }

    /// An expression that matches a node. It moves only if it is true.
    fn code(&mut self, node: &Node, mode: Mode) -> String {
        if let Some(set) = self.grammar.chars(node, mode.spaced) {
            return match set.single() {
                Some(char) => format!("p.byte({})", byte(char)),
                None => format!("p.one(&{})", self.set(set)),
            };
        }
        match node {
            Node::Chars(set) => format!("p.one(&{})", self.set(set.clone())),
            Node::Text(text) => format!("p.text(b\"{}\")", text.as_bytes().escape_ascii()),
            Node::Word(word) => format!("p.word(b\"{}\")", word.as_bytes().escape_ascii()),
            Node::Call(rule) => self.call(*rule, mode),
            Node::Start => "p.is_at_start()".to_owned(),
            Node::End => "p.is_at_end()".to_owned(),
            Node::Look(wanted, node) => self.look(*wanted, node, mode),
            Node::Optional(node) => format!("{{ _ = {}; true }}", self.guarded(node, mode)),
            Node::Many(node) => self.many(node, mode),
            Node::Choice(nodes) => {
                let codes: Vec<String> = nodes.iter().map(|node| operand(self.guarded(node, mode))).collect();
                codes.join(" || ")
            }
            Node::Seq(nodes) => self.sequence(nodes, mode),
        }
    }

    /// The same, as a part of an `and`.
    fn part(&mut self, node: &Node, mode: Mode) -> String {
        let code = self.code(node, mode);
        let is_single = self.grammar.chars(node, mode.spaced).is_some();
        if matches!(node, Node::Choice(_)) && !is_single { format!("({code})") } else { code }
    }

    /// The same, after a test of the next byte where that is worth it.
    fn guarded(&mut self, node: &Node, mode: Mode) -> String {
        let (bytes, empty) = self.grammar.first(node, mode.spaced);
        if empty || self.begins_with_test(node, mode) {
            return self.code(node, mode);
        }
        let code = self.part(node, mode);
        match bytes.iter().collect::<Vec<_>>()[..] {
            [byte] => format!("p.is_at(b'{}') && {code}", byte.escape_ascii()),
            _ => format!("p.is_in(&{}) && {code}", self.table(bytes)),
        }
    }

    /// Whether the code of a node tests the next byte before anything else.
    fn begins_with_test(&self, node: &Node, mode: Mode) -> bool {
        self.grammar.chars(node, mode.spaced).is_some()
            || match node {
                Node::Text(_) => true,
                Node::Seq(nodes) => nodes.first().is_some_and(|first| self.begins_with_test(first, mode)),
                _ => false,
            }
    }

    fn look(&mut self, wanted: bool, node: &Node, mode: Mode) -> String {
        let not = if wanted { "" } else { "!" };
        if let Some(set) = self.grammar.chars(node, mode.spaced) {
            return match set.single() {
                Some(char) => format!("{not}p.is_at({})", byte(char)),
                None => format!("{not}p.sees(&{})", self.set(set)),
            };
        }
        let code = self.guarded(node, Mode { tokens: false, ..mode });
        format!("{not}{{ let start = p.position; let found = {code}; p.position = start; found }}")
    }

    fn many(&mut self, node: &Node, mode: Mode) -> String {
        if mode.spaced {
            let code = self.guarded(node, mode);
            return format!(
                "{{ let mut end = p.position; while {code} {{ end = p.position; skip(p); }} p.back_to(end); true }}"
            );
        }
        if let Some(set) = self.grammar.chars(node, false) {
            return format!("p.run(&{})", self.set(set));
        }
        let code = self.guarded(node, mode);
        // Of `(a | b)*`, where b is a set of characters, a run of those that cannot begin an a.
        if let Node::Choice(nodes) = node
            && let Some((last, others)) = nodes.split_last()
            && let Some(set) = self.grammar.chars(last, false)
        {
            let (bytes, empty) = self.grammar.first(&Node::Choice(others.to_vec()), false);
            if !empty && bytes.iter().all(u8::is_ascii) {
                let begins: Set = bytes.iter().map(|byte| char::from(*byte)..=char::from(*byte)).collect();
                let run = self.set(set.minus(&begins));
                return format!("{{ while p.run(&{run}) && {code} {{}} true }}");
            }
        }
        format!("{{ while {code} {{}} true }}")
    }

    fn sequence(&mut self, nodes: &[Node], mode: Mode) -> String {
        let then = if mode.spaced { " && skip(p) && " } else { " && " };
        let mut codes = Vec::new();
        let mut can_fail_late = false;
        let mut rest = nodes;
        while let [node, others @ ..] = rest {
            can_fail_late |= !codes.is_empty() && !matches!(node, Node::Optional(_) | Node::Many(_));
            if let Some(set) = self.repeated(rest, mode) {
                codes.push(format!("p.some(&{})", self.set(set)));
                rest = others.get(1..).unwrap_or_default();
            } else {
                codes.push(operand(self.part(node, mode)));
                rest = others;
            }
        }
        if !can_fail_late {
            return codes.join(then);
        }
        let first = codes.remove(0);
        let gap = if mode.spaced { "skip(p) && " } else { "" };
        let (mark, back) = if mode.tokens { ("p.mark()", "p.back(mark)") } else { ("p.position", "p.back_to(mark)") };
        format!("{{ let mark = {mark}; {first} && ({gap}{} || {back}) }}", codes.join(then))
    }

    /// The set of `set+`, which is written `set ~ set*`, where a sequence begins with one.
    fn repeated(&self, nodes: &[Node], mode: Mode) -> Option<Set> {
        let [one, Node::Many(more), ..] = nodes else { return None };
        let set = self.grammar.chars(one, mode.spaced).filter(|_| !mode.spaced)?;
        (self.grammar.chars(more, false)? == set).then_some(set)
    }

    fn set(&mut self, set: Set) -> String {
        format!("SET_{}", position(&mut self.sets, set))
    }

    fn table(&mut self, bytes: Bytes) -> String {
        format!("FIRST_{}", position(&mut self.tables, bytes))
    }
}

const HEADER: &str = "//! @generated by grammar/compile.rs from grammar/filter.pest. To write it anew:
//! `UPDATE=1 cargo test --test generated`.
";

/// Names that mean something else in the module.
const RESERVED: [&str; 5] = ["gap", "gaps", "read", "self", "skip"];

fn body_mode(kind: RuleType, mode: Mode) -> Mode {
    match kind {
        RuleType::Normal | RuleType::Silent | RuleType::NonAtomic => mode,
        RuleType::Atomic => QUIET,
        RuleType::CompoundAtomic => Mode { spaced: false, ..mode },
    }
}

fn function_name(rule: &str, mode: Mode) -> String {
    let spaced = if mode.spaced { "" } else { "_tight" };
    let tokens = if mode.tokens { "" } else { "_quiet" };
    format!("{}{spaced}{tokens}", rule.to_lowercase())
}

fn camel_case(name: &str) -> String {
    name.split('_')
        .flat_map(|word| {
            word[..word.len().min(1)].to_uppercase().chars().chain(word.chars().skip(1)).collect::<Vec<_>>()
        })
        .collect()
}

/// Code that can begin an expression: a brace there would make it a statement.
fn operand(code: String) -> String {
    if code.starts_with('{') { format!("({code})") } else { code }
}

fn byte(char: char) -> String {
    format!("b{char:?}")
}

/// The index of an item, which is added if it is new.
fn position<T: PartialEq>(items: &mut Vec<T>, item: T) -> usize {
    items.iter().position(|known| *known == item).unwrap_or_else(|| {
        items.push(item);
        items.len() - 1
    })
}

fn byte_ranges(bytes: &Bytes) -> Vec<(u8, u8)> {
    let mut ranges: Vec<(u8, u8)> = Vec::new();
    for &byte in bytes {
        match ranges.last_mut() {
            Some(last) if last.1 + 1 == byte => last.1 = byte,
            _ => ranges.push((byte, byte)),
        }
    }
    ranges
}
