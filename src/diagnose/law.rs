//! The law of edits: what must hold for every text after its edits are applied.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::Leaves;
use super::check::Context;
use super::driver::{Report, report};
use super::together::Taken;
use crate::Compiler;
use crate::diagnostic::{Code, Diagnostic, Edit, Fix};
use crate::edits::Formula::{self, Clause, Hole};
use crate::edits::{FormulaBuilder, applied, moved, overlap, sure_edits, sure_fixes};
use crate::sketch::{self, Join, Kind, Sketch};
use crate::strategies;

/// A violated part of the law, with evidence.
pub(crate) type Breach = (&'static str, String);

pub(crate) struct Law<'c> {
    pub(crate) compiler: &'c Compiler,
}

impl Law<'_> {
    fn report(&self, text: &str) -> Report {
        let context = Context { settings: self.compiler.settings(&self.compiler.parameters) };
        report(text, context, None)
    }

    /// Returns the filter of a clause that checks.
    fn filter(&self, text: &str) -> Option<String> {
        let compiled = self.compiler.compile(text).ok()?;
        Some(serde_json::to_string(&compiled.filter).unwrap())
    }

    /// Returns the formula of a text. What a diagnostic takes is a hole; with `strict`, so is a clause directly
    /// next to unread items.
    fn formula(&self, sketch: &Sketch, taken: &[Taken], strict: bool) -> Formula {
        let mut builder = FormulaBuilder::new();
        for (at, item) in sketch.items.iter().enumerate() {
            if let Some(taken) = taken.iter().find(|taken| taken.items.contains(&at)) {
                match taken.leaves {
                    _ if taken.items.start != at => {}
                    Leaves::Join(Join::Or) => builder.or(),
                    Leaves::Join(Join::And) => {}
                    _ => builder.operand(Hole),
                }
                continue;
            }
            match item.kind {
                Kind::Clause(..) | Kind::Text if !strict || is_apart(sketch, at) => {
                    let filter = self.filter(sketch.of(at));
                    builder.operand(filter.map_or(Hole, |filter| Clause(item.span.start(), filter)));
                }
                Kind::Join(Join::Or) => builder.or(),
                Kind::Join(Join::And) | Kind::End => {}
                Kind::Not => builder.not(),
                Kind::Open => builder.open(),
                Kind::Close if builder.close() => {}
                _ => builder.operand(Hole),
            }
        }
        builder.build()
    }

    /// Applies all machine-applicable edits of a text. Returns whether there are any, and the violations.
    pub(crate) fn sure_edits(&self, text: &str) -> (bool, Vec<Breach>) {
        let before = self.report(text);
        let mut breaches = Vec::new();
        if before.diagnostics.iter().any(|found| sure_fixes(found).count() > 1) {
            breaches.push(("two sure fixes", String::new()));
        }
        let edits = sure_edits(&before.diagnostics);
        if edits.is_empty() {
            return (false, breaches);
        }
        if overlap(&edits) {
            breaches.push(("overlap", format!("{edits:?}")));
            return (true, breaches);
        }
        let after_text = applied(text, &edits);
        let after = self.report(&after_text);
        let compiles = after.errors == 0;
        if compiles && !after_text.trim().is_empty() && self.compiler.compile(&after_text).is_err() {
            breaches.push(("does not compile", after_text.clone()));
        }
        // An extracted query is read for the first time.
        let is_anew = before.taken.iter().any(|taken| taken.leaves == Leaves::Anew);
        if !compiles && !is_anew {
            if errors(&after) >= errors(&before) {
                breaches.push(("not fewer errors", after_text.clone()));
            }
            let old = codes(&before.diagnostics);
            for code in codes(&after.diagnostics).difference(&old) {
                breaches.push(("new code", format!("{code}: {after_text}")));
            }
        }
        self.compare(text, &before, &edits, &after, &mut breaches);
        if let Some(text) = self.endless(&after_text) {
            breaches.push(("no end", text));
        }
        (true, breaches)
    }

    /// Checks that unaffected clauses and their formula are unchanged, and that no value is syntax.
    fn compare(&self, text: &str, before: &Report, edits: &[Edit], after: &Report, breaches: &mut Vec<Breach>) {
        let after_text = applied(text, edits);
        let old = self.formula(&sketch::read(text), &before.taken, true).moved(edits);
        let new_taken = if after.errors == 0 { &[][..] } else { &after.taken };
        let new = self.formula(&sketch::read(&after_text), new_taken, false);
        let (kept, there) = (old.clauses(), new.clauses());
        for (_, filter) in kept.difference(&there) {
            breaches.push(("clause changed", format!("{filter}: {after_text}")));
        }
        if kept.is_subset(&there) && old.of_only(&kept) != new.of_only(&kept) {
            breaches.push(("formula changed", after_text.clone()));
        }
        for value in there.difference(&kept).flat_map(|(_, filter)| strings(filter)) {
            if let Some(what) = is_syntax(&value, text) {
                breaches.push((what, format!("{value}: {after_text}")));
            }
        }
    }

    /// Returns a text that still has machine-applicable edits after many rounds.
    fn endless(&self, text: &str) -> Option<String> {
        let mut text = text.to_owned();
        for _ in 0..8 {
            let report = self.report(&text);
            let edits = sure_edits(&report.diagnostics);
            if edits.is_empty() || overlap(&edits) {
                return None;
            }
            let next = applied(&text, &edits);
            if next == text {
                return Some(text);
            }
            text = next;
        }
        Some(text)
    }

    /// Applies each edit that may be incorrect, and returns the violations.
    pub(crate) fn other_edits(&self, text: &str) -> (usize, Vec<Breach>) {
        let before = self.report(text);
        let mut breaches = Vec::new();
        let mut count = 0;
        for found in &before.diagnostics {
            for fix in found.fixes.iter().filter(|fix| !fix.is_sure()) {
                count += 1;
                self.other_edit(text, &before, found, fix, &mut breaches);
            }
        }
        (count, breaches)
    }

    /// Checks that the diagnostic is gone, and that new errors are in the edited operand, or after an added
    /// quote or bracket.
    fn other_edit(&self, text: &str, before: &Report, found: &Diagnostic, fix: &Fix, breaches: &mut Vec<Breach>) {
        let after_text = fix.apply(text);
        let after = self.report(&after_text);
        let span = found.span().unwrap();
        let start = fix.edits[0].span.start().min(span.start());
        let end = moved(fix.edits.last().unwrap().span.end().max(span.end()), &fix.edits).max(start);
        let stays = |other: &&Diagnostic| {
            let other_span = other.span().unwrap();
            other.code() == found.code()
                && other_span.start() == span.start()
                && span.of(text) == other_span.of(&after_text)
        };
        let alike = |report: &Report| report.diagnostics.iter().filter(|other| other.code() == found.code()).count();
        if after.diagnostics.iter().any(|other| stays(&other)) && alike(&after) >= alike(before) {
            breaches.push(("still there", format!("{}: {after_text}", found.code())));
        }
        let new = sketch::read(&after_text);
        let item = |place: usize| new.items.iter().position(|item| item.span.end() >= place).unwrap_or(0);
        // The operand extends to the joins and brackets around it.
        let is_edge = |at: usize| matches!(new.kind(at), Kind::Join(_) | Kind::Open | Kind::Close | Kind::End);
        // A preceding value may have been read up to there, including brackets.
        let is_join = |at: usize| matches!(new.kind(at), Kind::Join(_));
        let left = (0..item(start)).rev().take_while(|at| !is_join(*at)).last().unwrap_or(item(start));
        let right = (item(end) + 1..new.items.len()).find(|at| is_edge(*at)).unwrap_or(item(end));
        let (first, last) = (new.span(left).start(), new.span(right).start());
        let opens = fix.edits.iter().any(|edit| edit.text.contains(['"', '\'', '(', ')', ']']));
        // A corrected name reveals other errors of its clause, and clauses without errors reveal how they are joined.
        // A query inside something else is read for the first time.
        let sketch = sketch::read(text);
        let is_anew = before.taken.iter().any(|taken| {
            let covered = sketch.span(taken.items.start).to(sketch.span(taken.items.end.saturating_sub(1)));
            taken.leaves == Leaves::Anew && covered.start() <= span.start() && span.end() <= covered.end()
        });
        let reveals = is_anew || found.code() == Code::UnknownField;
        let is_new = |other: &&Diagnostic| other.is_error() && !reveals && other.code() != Code::MixedImplicitAnd;
        for other in after.diagnostics.iter().filter(is_new) {
            let place = other.span().unwrap();
            let is_old = before.diagnostics.iter().any(|old| {
                old.code() == other.code() && moved(old.span().unwrap().start(), &fix.edits) == place.start()
            });
            let is_near = place.start() <= last && place.end() >= first || opens && place.start() >= start;
            if !is_old && !is_near {
                let what = place.of(&after_text);
                breaches.push((
                    "new error elsewhere",
                    format!("{} -> {} {what:?}: {after_text}", found.code(), other.code()),
                ));
            }
        }
    }
}

/// Returns errors except those about whole groups, which are only reported without other errors.
fn errors(report: &Report) -> usize {
    let of_groups = report.diagnostics.iter().filter(|found| found.code() == Code::MixedImplicitAnd).count();
    report.errors - of_groups
}

/// Whether no unread item is next to a clause.
fn is_apart(sketch: &Sketch, at: usize) -> bool {
    let before = at.checked_sub(1).map(|before| sketch.kind(before));
    matches!(
        before,
        None | Some(Kind::Join(_) | Kind::Open | Kind::Not | Kind::Clause(..) | Kind::Close | Kind::Comma | Kind::All)
    ) && matches!(
        sketch.kind(at + 1),
        Kind::Join(_) | Kind::Close | Kind::End | Kind::Clause(..) | Kind::Open | Kind::All | Kind::Not
    )
}

fn codes(diagnostics: &[Diagnostic]) -> BTreeSet<Code> {
    let errors = diagnostics.iter().filter(|found| found.is_error());
    errors
        .map(Diagnostic::code)
        .filter(|code| !matches!(code, Code::MixedImplicitAnd | Code::UnusedParameter))
        .collect()
}

/// Returns the string values of a filter.
fn strings(filter: &str) -> Vec<String> {
    fn collect(filter: &Json, out: &mut Vec<String>) {
        match filter {
            Json::Array(parts) => parts.iter().for_each(|part| collect(part, out)),
            Json::Object(parts) => match parts.get("value") {
                Some(Json::String(value)) => out.push(value.clone()),
                Some(_) => {}
                None => parts.values().for_each(|part| collect(part, out)),
            },
            Json::String(_) | Json::Number(_) | Json::Bool(_) | Json::Null => {}
        }
    }
    let mut out = Vec::new();
    collect(&serde_json::from_str(filter).unwrap(), &mut out);
    out
}

/// Whether a new value looks like syntax.
fn is_syntax(value: &str, text: &str) -> Option<&'static str> {
    if text.contains(value) && !text.contains(&format!("{value} "))
        || text.contains(&format!("\"{value}\""))
        || text.contains(&format!("'{value}'"))
    {
        return None;
    }
    let has_sign = value.contains(|char| "()[]{}\"'`".contains(char)) && !text.contains(value);
    if has_sign && !text.contains("''") && !text.contains("\"\"") && !text.contains('\\') {
        return Some("sign in value");
    }
    const WORDS: [&str; 8] = ["and", "or", "not", "contains", "in", "between", "is", "like"];
    let has_word = value.split_whitespace().any(|word| WORDS.contains(&word));
    (has_word && !text.contains(value)).then_some("word in value")
}

/// Counts violations by name, each with some examples.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) counts: BTreeMap<&'static str, (usize, Vec<String>)>,
}

impl Tally {
    pub(crate) fn add(&mut self, text: &str, breaches: Vec<Breach>) {
        for (what, about) in breaches {
            let (count, examples) = self.counts.entry(what).or_default();
            *count += 1;
            if examples.len() < 12 {
                examples.push(format!("{text}  ──  {about}"));
            }
        }
    }
}

mod properties {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;
    use proptest::strategy::ValueTree;
    use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

    use super::super::driver::report;
    use super::*;

    use super::strategies::fragments::fragments;
    use super::strategies::likely_expr;
    use crate::common::compiler;

    /// Compilers without and with a text field.
    fn compilers() -> [Compiler; 2] {
        [compiler(), compiler().text_field("completion_output").unwrap()]
    }

    /// Generates a query with a part removed, and something else inserted.
    fn mutant() -> impl Strategy<Value = String> {
        let change = (any::<prop::sample::Index>(), 0..6_usize, select(fragments()), any::<bool>());
        (likely_expr(), vec(change, 1..3)).prop_map(|(expr, changes)| {
            let mut chars: Vec<char> = expr.to_string().chars().collect();
            for (place, len, piece, spaced) in changes {
                let mut start = place.index(chars.len() + 1);
                if spaced {
                    while start > 0 && start < chars.len() && chars[start - 1] != ' ' {
                        start -= 1;
                    }
                }
                let end = if spaced { start } else { (start + len).min(chars.len()) };
                let piece = if spaced { format!("{piece} ") } else { piece.to_owned() };
                chars.splice(start..end, piece.chars());
            }
            chars.into_iter().collect()
        })
    }

    fn soup() -> impl Strategy<Value = String> {
        let space = prop_oneof![5 => Just(" "), 1 => Just("")];
        vec((select(fragments()), space), 1..9)
            .prop_map(|parts| parts.into_iter().map(|(piece, space)| piece.to_owned() + space).collect())
    }

    fn texts(seed: u8, count: usize, strategy: impl Strategy<Value = String>) -> Vec<String> {
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
        let mut runner = TestRunner::new_with_rng(Config::default(), rng);
        (0..count).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
    }

    fn count() -> usize {
        std::env::var("LAW_TEXTS").ok().and_then(|count| count.parse().ok()).unwrap_or(400)
    }

    /// Measures how often the law is violated, on as many texts as `LAW_TEXTS` says.
    #[test]
    fn sure_edits_keep_the_law() {
        let compilers = compilers();
        let (mut tally, mut with) = (Tally::default(), 0);
        for text in texts(1, count(), mutant()).into_iter().chain(texts(2, count(), soup())) {
            for compiler in &compilers {
                let (has, breaches) = Law { compiler }.sure_edits(&text);
                with += usize::from(has);
                tally.add(&text, breaches);
            }
        }
        for (what, (count, examples)) in &tally.counts {
            eprintln!("{what}: {count}\n  {}", examples.join("\n  "));
        }
        eprintln!("{with} texts with sure edits");
        assert!(tally.counts.is_empty());
    }

    #[test]
    fn other_edits_keep_the_law() {
        let compilers = compilers();
        let (mut tally, mut edits) = (Tally::default(), 0);
        for text in texts(3, count(), mutant()).into_iter().chain(texts(4, count(), soup())) {
            for compiler in &compilers {
                let (count, breaches) = Law { compiler }.other_edits(&text);
                edits += count;
                tally.add(&text, breaches);
            }
        }
        for (what, (count, examples)) in &tally.counts {
            eprintln!("{what}: {count}\n  {}", examples.join("\n  "));
        }
        eprintln!("{edits} edits");
        assert!(tally.counts.is_empty());
    }

    /// The sketch and the grammar define the same language.
    #[test]
    fn grammar_accepts_whole_sketches() {
        for text in texts(5, count(), mutant()).into_iter().chain(texts(6, count(), soup())) {
            let accepts = crate::syntax::tokens(crate::syntax::Rule::Query, &text, 60, usize::MAX).is_ok();
            assert_eq!(sketch::read(&text).is_whole(), accepts, "{text}");
        }
    }

    /// A valid query with text without a field compiles exactly if diagnosis has no error.
    #[test]
    fn valid_queries_with_text_have_no_error() {
        let [_, compiler] = compilers();
        let context = Context { settings: compiler.settings(&compiler.parameters) };
        let mut compiled = 0;
        for text in texts(9, count(), mutant()).into_iter().chain(texts(10, count(), soup())) {
            let found = report(&text, context, None);
            let is_good = compiler.compile(&text).is_ok();
            compiled += usize::from(is_good);
            assert_eq!(found.errors == 0, is_good, "{text}\n{:?}", found.diagnostics);
        }
        assert!(compiled > count() / 40, "{compiled} texts compile");
    }

    /// Every invalid text has an error, and all spans are within the text.
    #[test]
    fn invalid_texts_have_an_error() {
        let compiler = compiler();
        let context = Context { settings: compiler.settings(&compiler.parameters) };
        for text in texts(7, count(), mutant()).into_iter().chain(texts(8, count(), soup())) {
            let sketch = sketch::read(&text);
            let has_text = sketch.items.iter().any(|item| item.kind == Kind::Text);
            let found = report(&text, context, None);
            assert!(sketch.is_whole() && !has_text || found.errors > 0, "{text}");
            for found in &found.diagnostics {
                let places =
                    found.span().into_iter().chain(found.fixes.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span));
                assert!(places.into_iter().all(|span| text.get(span.range()).is_some()), "{text}\n{found:?}");
                assert!(
                    found
                        .fixes
                        .iter()
                        .all(|fix| fix.edits.is_sorted_by(|left, right| left.span.end() <= right.span.start())),
                    "{text}\n{found:?}"
                );
            }
        }
    }
}
