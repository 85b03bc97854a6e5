//! Compiles filter.pest to plain Rust: the parser in src/syntax/generated.rs.
//!
//! `pest_meta`, pest's own front end, parses, validates and optimizes the grammar. For each rule this writes a
//! function `fn(&mut Scan) -> bool` that consumes what the rule matches and adds its tokens, and that leaves the scan
//! unchanged if it does not match. The tokens agree with those of pest's parser for the same grammar, except that
//! children come before their parents and that the end of the text has no token. Unsupported constructs are rejected,
//! with the name of the rule.
//!
//! A rule is compiled once for each mode in which it is used: with or without white space between its parts, and with
//! or without tokens (without, inside an `@{ }` rule and in a lookahead).

mod rules;
mod set;

use std::collections::{BTreeSet, VecDeque};
use std::fmt::Write;

use pest_meta::ast::RuleType;

use rules::{Grammar, Node, Rule, is_atomic};
use set::Set;

/// Returns the source of the module for a grammar, or an error message.
pub(crate) fn compile(grammar: &str) -> Result<String, String> {
    let (_, rules) = pest_meta::parse_and_optimize(grammar).map_err(|errors| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        errors.join("\n")
    })?;
    let grammar = Grammar::new(rules)?;
    grammar.check()?;
    Writer::new(&grammar).module().map_err(|error| error.to_string())
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Mode {
    spaced: bool,
    tokens: bool,
}

const SPACED: Mode = Mode { spaced: true, tokens: true };
const QUIET: Mode = Mode { spaced: false, tokens: false };

struct Writer<'g> {
    grammar: &'g Grammar,
    /// The rule that is being compiled.
    current: Option<usize>,
    queue: VecDeque<(usize, Mode)>,
    known: BTreeSet<(usize, Mode)>,
    sets: Vec<Set>,
    tables: Vec<Set>,
}

impl<'g> Writer<'g> {
    fn new(grammar: &'g Grammar) -> Writer<'g> {
        let (queue, known) = (VecDeque::new(), BTreeSet::new());
        Writer { grammar, current: None, queue, known, sets: Vec::new(), tables: Vec::new() }
    }

    fn module(mut self) -> syn::Result<String> {
        let (mut variants, mut arms) = (String::new(), String::new());
        let grammar = self.grammar;
        for (index, rule) in grammar.rules.iter().enumerate().filter(|(_, rule)| rule.kind != RuleType::Silent) {
            let variant = camel_case(&rule.name);
            _ = write!(variants, "{variant},");
            _ = write!(arms, "Rule::{variant} => {},", self.call(index, SPACED));
        }
        let mut functions = self.skip();
        while let Some((rule, mode)) = self.queue.pop_front() {
            functions += &self.function(rule, mode);
        }
        let code = format!(
            "use super::scan::{{Scan, Set, Table, table}};
            /// The rules that create tokens.
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)] pub(crate) enum Rule {{ {variants} }}
            #[allow(dead_code, reason = \"for tests\")] impl Rule {{ pub(crate) const ALL: &[Rule] = {{ use Rule::*; &[{variants}] }}; }}
            /// Matches a rule at the scan's position. Returns whether it matched.
            pub(crate) fn read(rule: Rule, p: &mut Scan) -> bool {{ match rule {{ {arms} }} }}
            {functions}"
        );
        let mut module = HEADER.to_owned() + &prettyplease::unparse(&syn::parse_file(&code)?);
        for (index, set) in self.sets.iter().enumerate() {
            _ = writeln!(module, "static SET_{index}: Set = Set::new({});", set.code());
        }
        for (index, bytes) in self.tables.iter().enumerate() {
            _ = writeln!(module, "static FIRST_{index}: Table = table({});", bytes.code());
        }
        Ok(module)
    }

    /// Returns the code that skips white space between the parts of a rule.
    fn skip(&mut self) -> String {
        let Some(rule) = self.grammar.whitespace else {
            return "#[inline(always)] pub(crate) fn skip(_: &mut Scan) -> bool { true }".to_owned();
        };
        let code = self.call(rule, QUIET);
        let table = self.table(self.grammar.first(&Node::Call(rule), false).0);
        // There is usually just one alternative: a loop in `gap` would slow down each call.
        format!(
            "/// Skips white space and comments; always true.
            #[inline(always)] pub(crate) fn skip(p: &mut Scan) -> bool {{ !p.is_in(&{table}) || gap(p) }}
            fn gap(p: &mut Scan) -> bool {{ !({code} && p.is_in(&{table})) || gaps(p) }}
            #[cold] fn gaps(p: &mut Scan) -> bool {{ while {code} && p.is_in(&{table}) {{}} true }}"
        )
    }

    fn function(&mut self, rule: usize, mode: Mode) -> String {
        self.current = Some(rule);
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
        // Atomic rules skip no white space in either mode, so one function serves both.
        let mode = Mode { spaced: mode.spaced || is_atomic(*kind), ..mode };
        if self.known.insert((rule, mode)) {
            self.queue.push_back((rule, mode));
        }
        let function = function_name(name, mode);
        if self.current.is_some_and(|caller| self.grammar.descends(caller, rule)) {
            format!("p.descend({function})")
        } else {
            format!("{function}(p)")
        }
    }

    /// Returns an expression that matches a node. It consumes nothing if it is false.
    fn code(&mut self, node: &Node, mode: Mode) -> String {
        if let Some(set) = self.grammar.chars(node, mode.spaced) {
            return match set.single() {
                Some(char) => format!("p.byte(b{char:?})"),
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

    /// Returns the expression as an operand of `&&`.
    fn part(&mut self, node: &Node, mode: Mode) -> String {
        let code = self.code(node, mode);
        let is_single = self.grammar.chars(node, mode.spaced).is_some();
        if matches!(node, Node::Choice(_)) && !is_single { format!("({code})") } else { code }
    }

    /// Returns the expression, after a test of the next byte if that saves time.
    fn guarded(&mut self, node: &Node, mode: Mode) -> String {
        let (bytes, empty) = self.grammar.first(node, mode.spaced);
        if empty || self.begins_with_test(node, mode) {
            return self.code(node, mode);
        }
        let code = self.part(node, mode);
        match bytes.single() {
            Some(char) => format!("p.is_at(b{char:?}) && {code}"),
            None => format!("p.is_in(&{}) && {code}", self.table(bytes)),
        }
    }

    /// Whether the code of a node begins with a test of the next byte.
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
                Some(char) => format!("{not}p.is_at(b{char:?})"),
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
        let condition = self.repetition(node, mode);
        format!("{{ while {condition} {{}} true }}")
    }

    /// Returns the code for the operand of a tight repetition. For `(a | b)*`, where b is a set of characters, it begins
    /// with a run of the characters that cannot begin an a.
    fn repetition(&mut self, node: &Node, mode: Mode) -> String {
        let code = self.guarded(node, mode);
        let Node::Choice(nodes) = self.grammar.unnamed(node) else { return code };
        let Some((last, others)) = nodes.split_last() else { return code };
        let Some(set) = self.grammar.chars(last, false) else { return code };
        let (bytes, empty) = self.grammar.first(&Node::Choice(others.to_vec()), false);
        if empty || !bytes.is_ascii() {
            return code;
        }
        format!("p.run(&{}) && {code}", self.set(set.minus(&bytes)))
    }

    fn sequence(&mut self, nodes: &[Node], mode: Mode) -> String {
        let then = if mode.spaced { " && skip(p) && " } else { " && " };
        let mut codes = Vec::new();
        let mut can_fail_late = false;
        let mut rest = nodes;
        while let [node, others @ ..] = rest {
            can_fail_late |= !codes.is_empty() && !matches!(node, Node::Optional(_) | Node::Many(_));
            match others {
                // `node+`, which is represented as `node ~ node*`.
                [Node::Many(more), others @ ..] if **more == *node && !mode.spaced => {
                    codes.push(self.some(node, mode));
                    rest = others;
                }
                _ => {
                    codes.push(operand(self.part(node, mode)));
                    rest = others;
                }
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

    /// Returns the code for one or more of a node, without white space between them.
    fn some(&mut self, node: &Node, mode: Mode) -> String {
        if let Some(set) = self.grammar.chars(node, false) {
            return format!("p.some(&{})", self.set(set));
        }
        let condition = self.repetition(node, mode);
        format!("({{ let start = p.position; while {condition} {{}} p.position > start }})")
    }

    fn set(&mut self, set: Set) -> String {
        format!("SET_{}", position(&mut self.sets, set))
    }

    fn table(&mut self, bytes: Set) -> String {
        format!("FIRST_{}", position(&mut self.tables, bytes))
    }
}

const HEADER: &str = "//! @generated by grammar/compile.rs from grammar/filter.pest. To regenerate it:
//! `UPDATE=1 cargo test --all-features --test generated`.
";

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
    let capital = |word: &str| word.get(..1).unwrap_or_default().to_uppercase() + word.get(1..).unwrap_or_default();
    name.split('_').map(capital).collect()
}

/// Encloses code that cannot begin an expression: a brace there would make it a statement.
fn operand(code: String) -> String {
    if code.starts_with('{') { format!("({code})") } else { code }
}

/// Returns the index of an item, adding it if it is new.
fn position<T: PartialEq>(items: &mut Vec<T>, item: T) -> usize {
    items.iter().position(|known| *known == item).unwrap_or_else(|| {
        items.push(item);
        items.len() - 1
    })
}
