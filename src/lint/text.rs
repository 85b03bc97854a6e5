//! Lints on the text: quotes and characters that look like others, and precedence that is easy to
//! misread.

use crate::ast::{Clause, Expr, Field, Query, Token, Value};
use crate::diagnostic::{Diagnostic, Diagnostics, Edit, Fix, Kind, excerpt};
use crate::foreign;
use crate::print;
use crate::span::Span;
use crate::syntax::keyword;
use crate::syntax::{After, Rule, inside_parentheses, quote};
use crate::types::text;
use crate::visible::is_invisible;

pub(super) fn lint(query: &Query, found: &mut Diagnostics) {
    joins(&query.expr, &query.text, found);
    if !query.text.is_ascii() {
        characters(&query.expr, &query.text, found);
    }
}

fn joins(expr: &Expr, text: &str, found: &mut Diagnostics) {
    match expr {
        Expr::All(_) | Expr::Text(_) | Expr::Clause(_) => {}
        Expr::Not(_, part) => joins(part, text, found),
        Expr::And(_, parts) => {
            misspelled_keyword(parts, found);
            groups(parts, text, found);
        }
        Expr::Or(_, parts) => {
            mixed(parts, text, found);
            groups(parts, text, found);
        }
    }
}

/// Reports `nto model = a` and `env = b adn model = a`, which search for `nto` and `adn`.
fn misspelled_keyword(parts: &[Expr], found: &mut Diagnostics) {
    for pair in parts.windows(2) {
        let [Expr::Text(Value { span, token: Token::Word(word) }), next] = pair else { continue };
        let is_next =
            matches!(next, Expr::Clause(_) | Expr::Not(..) | Expr::Or(..)) && next.span().start() == span.end() + 1;
        let Some(meant) = foreign::misspelled_keyword(word).filter(|_| is_next) else { continue };
        let help = match meant {
            "not" => "`not` excludes what follows",
            "or" => "clauses next to one another are joined by `and`, unless `or` is between them",
            _ => "clauses next to one another are joined by `and`",
        };
        let diagnostic = Diagnostic::new(Kind::DoubtfulValue { text: excerpt(word) }, *span).help(help);
        found.push(diagnostic.fix(Fix::write(*span, meant)).fix(super::literally(*span, quote(word))));
    }
}

fn groups(parts: &[Expr], text: &str, found: &mut Diagnostics) {
    for part in parts {
        if !matches!(part, Expr::Clause(_)) {
            joins(part, text, found);
        }
    }
}

fn characters(expr: &Expr, text: &str, found: &mut Diagnostics) {
    match expr {
        Expr::All(_) => {}
        Expr::Text(term) => {
            let term = Value { span: inside_parentheses(Rule::Text, text, term.span), ..term.clone() };
            value(&term, text, found);
            dash(&term, found);
        }
        Expr::Clause(part) => clause(part, text, found),
        Expr::Not(_, part) => characters(part, text, found),
        Expr::And(_, parts) | Expr::Or(_, parts) => parts.iter().for_each(|part| characters(part, text, found)),
    }
}

fn clause(clause: &Clause, text: &str, found: &mut Diagnostics) {
    name(&clause.field, text, found);
    invisible(clause.field.span, text, found);
    clause.predicate.values().for_each(|part| value(part, text, found));
}

fn name(field: &Field, text: &str, found: &mut Diagnostics) {
    let written = field.span.of(text);
    let has_curly = written.starts_with(['“', '‘']) || written.contains(".“") || written.contains(".‘");
    // In straight quotes they are characters of the name.
    if has_curly && !written.contains(['"', '\'']) {
        let straight = Fix::write(field.span, print::field(&field.path)).sure();
        found.push(Diagnostic::new(Kind::CurlyQuotes, field.span).fix(straight));
    }
}

fn value(value: &Value, text: &str, found: &mut Diagnostics) {
    if value.span.of(text).starts_with(['“', '‘']) {
        let straight = Fix::write(value.span, quote(value.text())).sure();
        found.push(Diagnostic::new(Kind::CurlyQuotes, value.span).fix(straight));
    }
    invisible(value.span, text, found);
}

/// Reports `–refund`: a term that begins with a dash that looks like a minus.
fn dash(term: &Value, found: &mut Diagnostics) {
    let Token::Word(word) = &term.token else { return };
    let Some((hyphened, dash)) =
        text::with_hyphens(word).filter(|(_, dash)| word.starts_with(*dash) && word.chars().any(char::is_alphanumeric))
    else {
        return;
    };
    let help = format!(
        "U+{:04X} is not a minus: write `{}` to exclude it, or put it in quotes",
        u32::from(dash),
        excerpt(&hyphened)
    );
    let diagnostic = Diagnostic::new(Kind::DoubtfulValue { text: excerpt(word) }, term.span).help(help);
    let literal = super::literally(term.span, quote(word));
    found.push(diagnostic.fix(Fix::write(term.span, hyphened)).fix(literal));
}

/// Reports a zero-width space and similar characters.
fn invisible(span: Span, text: &str, found: &mut Diagnostics) {
    let written = span.of(text);
    let Some((place, char)) = written.char_indices().find(|(_, char)| is_invisible(*char)) else { return };
    let start = span.start() + place;
    let visible: String = written.chars().filter(|char| !is_invisible(*char)).collect();
    let is_word = keyword::reserved(&visible).is_some()
        || visible.eq_ignore_ascii_case("null")
        || !After::Contains.takes(&visible);
    let diagnostic = Diagnostic::new(Kind::InvisibleCharacter { char }, Span::new(start, start + char.len_utf8()));
    found.push(if visible.is_empty() || is_word {
        diagnostic
    } else {
        diagnostic.fix(Fix::replace("remove the invisible characters", span, visible))
    });
}

/// Reports `a and b or c` without parentheses.
fn mixed(alternatives: &[Expr], text: &str, found: &mut Diagnostics) {
    // The span of a parenthesized group begins at the parenthesis, before its first part.
    let is_bare = |expr: &&Expr| match expr {
        Expr::And(span, parts) => parts.first().is_some_and(|first| first.span().start() == span.start()),
        Expr::All(_) | Expr::Text(_) | Expr::Clause(_) | Expr::Not(..) | Expr::Or(..) => false,
    };
    let runs: Vec<Span> = alternatives.iter().filter(is_bare).map(Expr::span).filter(|span| !span.is_empty()).collect();
    let [first, second, ..] = alternatives else { return };
    let Some(run) = runs.first() else { return };
    let Some(or) = join_after(first.span().end(), second.span().start(), text) else { return };
    let parentheses = |run: &Span| [Edit::insert(run.start(), "("), Edit::insert(run.end(), ")")];
    let group = Fix::new("group the clauses joined by `and`", runs.iter().flat_map(parentheses).collect());
    // Text may be meant as part of the value before it.
    let group = group.sure_if(!alternatives.iter().any(Expr::has_text));
    found.push(Diagnostic::new(Kind::MixedAndOr, *run).label(or, "`and` binds tighter than this `or`").fix(group));
}

/// Returns the span of the `or` between two alternatives, which may be surrounded by comments.
fn join_after(start: usize, end: usize, text: &str) -> Option<Span> {
    let mut at = start;
    loop {
        let rest = text.get(at..end)?;
        at += rest.len() - rest.trim_start().len();
        let rest = rest.trim_start();
        if !rest.starts_with('#') {
            return (!rest.is_empty()).then(|| Span::new(at, at + "or".len()));
        }
        at += rest.find(['\n', '\r']).unwrap_or(rest.len());
    }
}
