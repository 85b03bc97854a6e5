//! Idioms of other query languages, in many contexts, after applying all machine-applicable edits.
//!
//! tests/idioms.txt has the idioms with their meaning. An idiom in a context must either become the
//! intended query or remain an error; it must never compile to a different query.

mod common;
mod edits;

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs;
use std::sync::LazyLock;

use freeplay_filter::filter::{Condition, FieldFilter};
use freeplay_filter::{Compiler, Diagnostic, Filter};

use common::compiler;
use edits::{applied, overlap, sure_edits};

/// The maximum number of rounds of edits.
const ROUNDS: usize = 8;

// The idioms.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Clause,
    Expression,
    Whole,
}

struct Idiom {
    line: usize,
    kind: Kind,
    text: &'static str,
    meaning: Option<Filter>,
}

struct Language {
    name: &'static str,
    idioms: Vec<Idiom>,
}

impl Language {
    /// Returns the clause to put next to the idiom at `index`: the next one that has a meaning.
    fn neighbor(&self, index: usize) -> Option<&Idiom> {
        let (before, after) = self.idioms.split_at(index + 1);
        after.iter().chain(before).find(|idiom| idiom.kind == Kind::Clause && idiom.meaning.is_some())
    }
}

fn languages() -> Vec<Language> {
    let mut languages: Vec<Language> = Vec::new();
    let mut pending = None;
    for (index, line) in include_str!("idioms.txt").lines().enumerate() {
        let number = index + 1;
        if line.is_empty() || line.starts_with("##") {
            continue;
        }
        if let Some(name) = line.strip_prefix('[') {
            languages.push(Language { name: name.trim_end_matches(']'), idioms: Vec::new() });
            continue;
        }
        let (word, rest) = line.trim_start().split_once(' ').unwrap();
        let rest = rest.trim_start();
        let kind = match word {
            "clause" => Some(Kind::Clause),
            "expression" => Some(Kind::Expression),
            "whole" => Some(Kind::Whole),
            "=" | "?" => None,
            _ => panic!("line {number}: {word}"),
        };
        if let Some(kind) = kind {
            assert!(pending.is_none(), "line {number}: the idiom before it has no meaning");
            pending = Some((number, kind, rest));
        } else {
            let (line, kind, text) = pending.take().expect("an idiom comes first");
            let meaning = (word == "=").then(|| meant(number, rest));
            languages.last_mut().unwrap().idioms.push(Idiom { line, kind, text, meaning });
        }
    }
    languages
}

fn meant(line: usize, query: &str) -> Filter {
    compiler().compile(query).unwrap_or_else(|error| panic!("line {line}: {query}\n{error}")).filter
}

// The contexts.

/// A query with a placeholder `{}` for an idiom, and possibly `{next}` for another of its language.
struct Context {
    text: &'static str,
    /// The meaning of the query, given the meanings of both; `None` if no edit can complete the query.
    meaning: fn(Filter, Filter) -> Option<Filter>,
}

const fn context(text: &'static str, meaning: fn(Filter, Filter) -> Option<Filter>) -> Context {
    Context { text, meaning }
}

const ALONE: &[Context] = &[
    context("{}", |it, _| Some(it)),
    context("\n  {}\n", |it, _| Some(it)),
    context("# what is searched for\n{}", |it, _| Some(it)),
    context("{}\n# and nothing else", |it, _| Some(it)),
    context("```\n{}\n```", |it, _| Some(it)),
];

const GROUPED: &[Context] = &[
    context("({})", |it, _| Some(it)),
    context("not ({})", |it, _| Some(!it)),
    context("-({})", |it, _| Some(!it)),
    context("({}) and provider = openai", |it, _| Some(it & provider())),
    context("provider = openai or ({})", |it, _| Some(provider() | it)),
    context("provider:openai ({})", |it, _| Some(provider() & it)),
];

const BESIDE: &[Context] = &[
    context("not {}", |it, _| Some(!it)),
    context("{} and provider = openai", |it, _| Some(it & provider())),
    context("provider = openai and {}", |it, _| Some(provider() & it)),
    context("provider = 'openai' AND NOT {}", |it, _| Some(provider() & !it)),
    context("{} or provider = openai", |it, _| Some(it | provider())),
    context("provider = openai or {}", |it, _| Some(provider() | it)),
    context("{} OR NOT provider:openai", |it, _| Some(it | !provider())),
    context("provider = openai or not {}", |it, _| Some(provider() | !it)),
    context("provider:openai {}", |it, _| Some(provider() & it)),
    context("{} provider:openai", |it, _| Some(it & provider())),
    context("agent = a and {} and provider = openai", |it, _| Some(agent() & it & provider())),
    context("agent = a and ({} or provider = openai)", |it, _| Some(agent() & (it | provider()))),
    context("not (agent = a or {}) and provider = openai", |it, _| Some(!(agent() | it) & provider())),
    context("((agent = a and {}) or provider = openai) and not api_key = k", |it, _| {
        Some(((agent() & it) | provider()) & !Filter::field("api_key").eq("k"))
    }),
    context("provider = openai # ours\nand {} # theirs\nand agent = a", |it, _| Some(provider() & it & agent())),
    context("{} and {next}", |it, next| Some(it & next)),
    context("{next} or {}", |it, next| Some(next | it)),
    context("provdier = openai and {}", |it, _| Some(provider() & it)),
    context("{} or provdier = openai", |it, _| Some(it | provider())),
    context("{} and shoe_size = 43", |_, _| None),
];

fn provider() -> Filter {
    Filter::field("provider").eq("openai")
}

fn agent() -> Filter {
    Filter::field("agent_name").eq("a")
}

/// Returns the contexts of an idiom, each as a query with its meaning.
fn in_contexts(language: &Language, index: usize) -> Vec<(String, Option<Filter>)> {
    let idiom = &language.idioms[index];
    let next = language.neighbor(index);
    let place = |context: &Context, text: &str| {
        let next_text = next.map_or("*", |next| next.text);
        let next_meaning = next.and_then(|next| next.meaning.clone()).unwrap_or_default();
        let query = context.text.replace("{}", text).replace("{next}", next_text);
        (query, idiom.meaning.clone().and_then(|meaning| (context.meaning)(meaning, next_meaning)))
    };
    let mut queries: Vec<_> = ALONE.iter().chain(GROUPED).map(|context| place(context, idiom.text)).collect();
    match idiom.kind {
        Kind::Clause => queries.extend(BESIDE.iter().map(|context| place(context, idiom.text))),
        Kind::Expression => {
            let group = format!("({})", idiom.text);
            queries.extend(BESIDE.iter().map(|context| place(context, &group)));
        }
        Kind::Whole => {}
    }
    queries
}

// The results.

#[derive(Debug, PartialEq)]
enum Outcome {
    /// It compiles to the intended query, with or without edits.
    Means {
        as_written: bool,
    },
    /// It is still an error, without further machine-applicable edits.
    Stops {
        says_what_to_do: bool,
    },
    Wrong(String),
}

fn outcome(compiler: &Compiler, query: &str, meaning: Option<&Filter>) -> Outcome {
    let mut text = query.to_owned();
    for round in 0..=ROUNDS {
        let (filter, diagnostics) = match compiler.compile(&text) {
            Ok(compiled) => (Some(compiled.filter), compiled.warnings),
            Err(error) => (None, error.diagnostics().to_vec()),
        };
        if let Some(filter) = &filter
            && !meaning.is_some_and(|meaning| is_same(filter, meaning))
        {
            return Outcome::Wrong(format!("compiles to another filter: {text}"));
        }
        let edits = sure_edits(&diagnostics);
        if edits.is_empty() {
            return match filter {
                Some(_) => Outcome::Means { as_written: round == 0 },
                None => Outcome::Stops { says_what_to_do: diagnostics.iter().all(says_what_to_do) },
            };
        }
        if overlap(&edits) {
            return Outcome::Wrong(format!("edits overlap: {text}"));
        }
        text = applied(&text, &edits);
    }
    Outcome::Wrong(format!("edits do not end: {text}"))
}

fn says_what_to_do(diagnostic: &Diagnostic) -> bool {
    diagnostic.help.is_some() || !diagnostic.fixes.is_empty() || !diagnostic.candidates.is_empty()
}

/// Whether two filters match the same records, whatever the result of each single test.
fn is_same(one: &Filter, other: &Filter) -> bool {
    if one.canonical() == other.canonical() {
        return true;
    }
    let (one, other) = (with_bounds(one), with_bounds(other));
    let mut tests = Vec::new();
    collect_tests(&one, &mut tests);
    collect_tests(&other, &mut tests);
    assert!(tests.len() <= 16, "too many tests to compare");
    (0..1_u32 << tests.len()).all(|truth| holds(&one, &tests, truth) == holds(&other, &tests, truth))
}

/// Replaces each `between` by the two equivalent bounds.
fn with_bounds(filter: &Filter) -> Filter {
    match filter {
        Filter::All => Filter::All,
        Filter::Field(FieldFilter { field, condition: Condition::Between(lower, upper) }) => {
            let field = || Filter::field(field.clone());
            field().gte(*lower) & field().lte(*upper)
        }
        Filter::Field(test) => Filter::Field(test.clone()),
        Filter::And(parts) => Filter::And(parts.iter().map(with_bounds).collect()),
        Filter::Or(parts) => Filter::Or(parts.iter().map(with_bounds).collect()),
        Filter::Not(part) => !with_bounds(part),
    }
}

fn collect_tests(filter: &Filter, tests: &mut Vec<FieldFilter>) {
    if let Filter::Field(test) = filter
        && !tests.contains(test)
    {
        tests.push(test.clone());
    }
    filter.children().iter().for_each(|child| collect_tests(child, tests));
}

/// Whether a filter matches if exactly the tests with set bits hold.
fn holds(filter: &Filter, tests: &[FieldFilter], truth: u32) -> bool {
    match filter {
        Filter::All => true,
        Filter::Field(test) => tests.iter().position(|other| other == test).is_some_and(|at| truth >> at & 1 == 1),
        Filter::And(parts) => parts.iter().all(|part| holds(part, tests, truth)),
        Filter::Or(parts) => parts.iter().any(|part| holds(part, tests, truth)),
        Filter::Not(part) => !holds(part, tests, truth),
    }
}

// The table.

#[derive(Default)]
struct Count {
    idioms: usize,
    queries: usize,
    /// Queries that can be expressed in this language.
    expressible: usize,
    means: usize,
    /// Intended queries that needed no edit.
    as_written: usize,
    stops: usize,
    /// Errors without help or a fix.
    without_help: usize,
    wrong: Vec<String>,
}

impl Count {
    fn of(language: &Language) -> Count {
        let compiler = compiler();
        let mut count = Count { idioms: language.idioms.len(), ..Count::default() };
        for (index, idiom) in language.idioms.iter().enumerate() {
            for (query, meaning) in in_contexts(language, index) {
                count.queries += 1;
                count.expressible += usize::from(meaning.is_some());
                match outcome(&compiler, &query, meaning.as_ref()) {
                    Outcome::Means { as_written } => {
                        count.means += 1;
                        count.as_written += usize::from(as_written);
                    }
                    Outcome::Stops { says_what_to_do } => {
                        count.stops += 1;
                        count.without_help += usize::from(!says_what_to_do);
                    }
                    Outcome::Wrong(why) => count.wrong.push(format!("line {}: {query}\n    {why}", idiom.line)),
                }
            }
        }
        count
    }
}

static COUNTS: LazyLock<Vec<(&str, Count)>> =
    LazyLock::new(|| languages().iter().map(|language| (language.name, Count::of(language))).collect());

const HEADER: &str = "\
| language | idioms | queries | expressible | compiles as intended | errors | errors without help | wrong |
|---|--:|--:|--:|--:|--:|--:|--:|
";

/// Formats the counts as in tests/README.md.
fn table() -> String {
    let mut table = HEADER.to_owned();
    let mut row = |name: &str, cells: [usize; 7]| {
        let cells = cells.map(|cell| cell.to_string()).join(" | ");
        writeln!(table, "| {name} | {cells} |").unwrap();
    };
    let mut total = [0; 7];
    for (name, count) in COUNTS.iter() {
        let cells = [
            count.idioms,
            count.queries,
            count.expressible,
            count.means,
            count.stops,
            count.without_help,
            count.wrong.len(),
        ];
        row(name, cells);
        total = std::array::from_fn(|column| total[column] + cells[column]);
    }
    row("**all**", total);
    table
}

#[test]
fn idioms_have_meanings_and_contexts() {
    let languages = languages();
    assert_eq!(languages.len(), 9, "README.md and tests/README.md say how many languages there are");
    for language in &languages {
        let mut texts = HashSet::new();
        assert!(language.idioms.len() >= 8, "{}", language.name);
        for (index, idiom) in language.idioms.iter().enumerate() {
            assert!(texts.insert(idiom.text), "line {}: twice", idiom.line);
            assert!(in_contexts(language, index).len() >= 10, "line {}", idiom.line);
            // Otherwise, dropping a filter that always or never matches would go unnoticed.
            if let Some(meaning) = idiom.meaning.as_ref().filter(|&meaning| *meaning != Filter::All) {
                assert!(!is_same(meaning, &Filter::All) && !is_same(meaning, &!Filter::All), "line {}", idiom.line);
            }
        }
    }
}

#[test]
fn filters_are_compared_by_meaning() {
    let of = |query| compiler().compile(query).unwrap().filter;
    for (one, other) in [
        ("cost between 1 and 5", "cost <= 5 and cost >= 1"),
        ("not (model = a or env = b)", "model != a and env != b"),
        ("model not in (a, b)", "not model = a and not model = b"),
        ("(model = a and *) or model = a", "model = a"),
    ] {
        assert!(is_same(&of(one), &of(other)), "{one} / {other}");
    }
    for (one, other) in [
        ("model = a and env = b", "model = a or env = b"),
        ("not (model = a or env = b)", "not model = a or env = b"),
        ("cost in 1..5", "cost > 1 and cost < 5"),
        ("not latency > 5", "latency <= 5"),
        ("model = a and env = b", "model = a"),
        ("model = a", "*"),
        ("eval.x = 4", "eval.x = \"4\""),
    ] {
        assert!(!is_same(&of(one), &of(other)), "{one} / {other}");
    }
}

/// Queries that compile as they are written need no rule, so each language has at least these.
#[test]
fn shared_constructs_are_kept() {
    println!("{}", table());
    let least = [200, 100, 0, 90, 170, 120, 180, 20, 0];
    assert_eq!(least.len(), COUNTS.len(), "`least` needs a number for each language of tests/idioms.txt");
    for ((name, count), least) in COUNTS.iter().zip(least) {
        assert!(count.as_written >= least, "{name}: {}", count.as_written);
        assert_eq!(count.means + count.stops + count.wrong.len(), count.queries, "{name}");
    }
}

/// `UPDATE=1 cargo test --all-features --test idioms` updates the table in tests/README.md.
#[test]
fn no_edit_changes_what_was_meant() {
    let wrong: Vec<&String> = COUNTS.iter().flat_map(|(_, count)| &count.wrong).collect();
    let shown = wrong.iter().take(40).map(|wrong| wrong.as_str()).collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{} of them, among them\n{shown}", wrong.len());

    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/README.md");
    let page = fs::read_to_string(path).unwrap();
    let (before, rest) = page.split_once(HEADER).expect("it has the table");
    let (rows, after) = rest.split_once("\n\n").unwrap();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(path, format!("{before}{}\n{after}", table())).unwrap();
    } else {
        assert_eq!(format!("{HEADER}{rows}\n"), table(), "UPDATE=1 writes the table");
    }
}
