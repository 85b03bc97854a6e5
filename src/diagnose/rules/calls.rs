//! Functions and methods, which the language does not have.

use crate::catalog::Type;
use crate::check;
use crate::diagnose::site::Site;
use crate::diagnose::{Answer, phrases};
use crate::diagnostic::{Kind as Said, excerpt};
use crate::filter::Op;
use crate::foreign::Meaning;
use crate::print;
use crate::sketch::{Join, Kind, Verb};
use crate::syntax::string;

use super::spaced::{self, compares_day_by_its_end};
use super::translate::{Foreign, translate};

/// `and(eq(model, "a"), gt(latency, 5))`, `contains(output, 'x')`
pub(super) fn function_form(site: &Site) -> Option<Answer> {
    let mut call = call(site, 0, 0)?;
    // `model = a or(…)`: a connective between two clauses is not a function.
    let joins = matches!(site.kind(0), Kind::Join(_)) && !site.wants();
    if joins && !has_parts(site, call.end) {
        return None;
    }
    if let Some((end, is_negated)) = truth(site, call.end) {
        let text = if call.join.is_some() { format!("({})", call.text) } else { call.text.clone() };
        call = match is_negated {
            true => Call { text: format!("not {text}"), join: None, end, ..call },
            false => Call { end, ..call },
        };
    }
    let text = site.operand(&call.text, call.join, call.end);
    let answer = site.unexpected(0..1, 0..call.end).help("write the operator between the field and the value");
    let fix = site.edits().write(site.span(0..call.end), &text);
    let is_sure = call.is_sure && !joins && !compares_day_by_its_end(site, &call.text);
    Some(answer.fix(fix.sure_if(is_sure)))
}

/// Whether the call that ends there has more than one part.
fn has_parts(site: &Site, end: usize) -> bool {
    let mut at = 2;
    while at < end && site.kind(at) != Kind::Comma {
        at = match site.kind(at) {
            Kind::Open => site.closed(at).unwrap_or(end),
            _ => at + 1,
        };
    }
    at < end
}

/// The equivalent of a call in this language.
struct Call {
    text: String,
    /// The outermost connective.
    join: Option<Join>,
    end: usize,
    is_sure: bool,
}

const MOST_DEEP: usize = 8;

fn call(site: &Site, n: usize, depth: usize) -> Option<Call> {
    if depth > MOST_DEEP || site.kind(n + 1) != Kind::Open || !site.touches(n + 1) {
        return None;
    }
    match site.kind(n) {
        Kind::Join(join) => joined(site, n, depth, Some(join)),
        Kind::Not if site.of(n) != "-" && site.of(n) != "!" => joined(site, n, depth, None),
        Kind::Word | Kind::Text => comparison(site, n),
        _ => None,
    }
}

/// `and(…, …)`, `not(…)`
fn joined(site: &Site, n: usize, depth: usize, join: Option<Join>) -> Option<Call> {
    let mut parts: Vec<Call> = Vec::new();
    let mut at = n + 2;
    loop {
        let part = match site.kind(at) {
            Kind::Clause(..) => Call { text: site.of(at).to_owned(), join: None, end: at + 1, is_sure: true },
            _ => call(site, at, depth + 1)?,
        };
        at = part.end;
        parts.push(part);
        match site.kind(at) {
            Kind::Comma => at += 1,
            Kind::Close => break,
            _ => return None,
        }
    }
    // Without a comma or a call, it is a group.
    if depth == 0 && parts.len() == 1 && matches!(site.kind(n + 2), Kind::Clause(..)) {
        return None;
    }
    let is_sure = parts.iter().all(|part| part.is_sure);
    let own = join.filter(|_| parts.len() > 1);
    let wrapped = |part: &Call| match part.join {
        Some(inner) if Some(inner) != own => format!("({})", part.text),
        _ => part.text.clone(),
    };
    let text = match join {
        Some(join) => {
            parts.iter().map(wrapped).collect::<Vec<_>>().join(if join == Join::And { " and " } else { " or " })
        }
        None if parts.len() == 1 => format!("not {}", parts.iter().map(wrapped).collect::<String>()),
        None => return None,
    };
    let inner = parts.first().and_then(|part| part.join);
    let join = if parts.len() > 1 {
        join
    } else if join.is_some() {
        inner
    } else {
        None
    };
    Some(Call { text, join, end: at + 1, is_sure })
}

/// `gt(latency, 5)`, `in(model, ["a", "b"])`, `lte("eval.Response Quality", 3)`
fn comparison(site: &Site, n: usize) -> Option<Call> {
    let end = site.closed(n + 1)?;
    let comma = (n + 3..n + 6).find(|at| site.kind(*at) == Kind::Comma).filter(|comma| comma + 1 < end - 1)?;
    let name = match site.kind(n + 2) {
        Kind::Text if comma == n + 3 && site.is_quoted(n + 2) => print::field(&string::path(site.of(n + 2))),
        _ => site.text(n + 2..comma).to_owned(),
    };
    let unquoted = name.trim_matches('"');
    let name = if site.field(&name).is_none() { print::field(unquoted) } else { name };
    let field = site.field(&name)?;
    let first = comma + 1;
    let value = site.text(first..end - 1);
    let is_one = site.value(first) == Some(end - 1);
    let not = |negated: bool| if negated { "not " } else { "" };
    let (text, is_sure) = match phrases::function(site.of(n))? {
        Meaning::Sign("=") if is_one && !field.compares(Op::Eq) => (format!("{name} contains {value}"), false),
        Meaning::Sign(sign) if is_one => (format!("{name} {sign} {value}"), true),
        Meaning::Words { negated } if is_one => (format!("{name} {}contains {value}", not(negated)), true),
        Meaning::In { negated } if value.starts_with(['(', '[']) => {
            (format!("{name} {}in {value}", not(negated)), true)
        }
        Meaning::In { negated } => (format!("{name} {}in ({value})", not(negated)), true),
        Meaning::Between { negated } if end - 1 - first == 3 && site.kind(first + 1) == Kind::Comma => {
            // `1,500` may be one number.
            let is_clear = !site.touches(first + 1) || !site.touches(first + 2);
            (format!("{name} {}in {}..{}", not(negated), site.of(first), site.of(first + 2)), is_clear)
        }
        Meaning::Sign(_)
        | Meaning::Words { .. }
        | Meaning::Between { .. }
        | Meaning::Part { .. }
        | Meaning::Pattern { .. }
        | Meaning::Existence => return None,
    };
    Some(Call { text, join: None, end, is_sure })
}

/// Returns what follows a call, and whether it negates the call: `contains(output, 'x') eq true`.
fn truth(site: &Site, end: usize) -> Option<(usize, bool)> {
    let is_equality = matches!(site.of(end), "=" | "==") || site.is_word(end, &["eq", "is"]);
    let is_false = site.is_word(end + 1, &["false"]);
    (is_equality && (is_false || site.is_word(end + 1, &["true"]))).then_some((end + 2, is_false))
}

/// `DATE(start_time) = '2024-06-01'`, `year(start_time) eq 2024`: the period that contains a time.
pub(super) fn period_of_time(site: &Site) -> Option<Answer> {
    let name = site.of(2);
    let is_time = site.kind(2) == Kind::Text && site.field(name)?.ty() == Type::Time && site.kind(3) == Kind::Close;
    if !site.is_call(0) || !is_time || !matches!(site.kind(4), Kind::Sign | Kind::Text) {
        return None;
    }
    let ours = match phrases::meaning(&site.word(4)) {
        Some(Meaning::Sign(sign)) => sign,
        Some(_) => return None,
        None => site.of(4),
    };
    let end = site.value(5)?;
    let value = string::path(site.of(5));
    let digits = value.len() - value.matches('-').count();
    let is_period = match site.word(0).as_str() {
        "date" => value.len() == 10 && digits == 8,
        "year" => value.len() == 4 && digits == 4,
        _ => false,
    };
    let answer = site.unexpected(0..4, 0..end).help("a date, month or year means the whole period");
    let text = format!("{name} {ours} {value}");
    is_period.then(|| answer.fix(site.edits().write(site.span(0..end), &text).sure()))
}

/// `startswith(model, 'gpt')`, `COALESCE(cost, 0) > 1`: a function without an equivalent.
pub(super) fn unknown_function(site: &Site) -> Option<Answer> {
    let mut end = site
        .closed(1)
        .filter(|_| site.is_call(0) && matches!(site.kind(0), Kind::Word | Kind::Text | Kind::Join(_)))?;
    if matches!(site.kind(0), Kind::Join(_)) && !has_parts(site, end) {
        return None;
    }
    let is_operator = site.kind(end) == Kind::Sign
        || site.kind(end) == Kind::Text && phrases::phrase(site, end).is_some_and(|(len, _)| len == 1);
    if is_operator && let Some(value) = site.value(end + 1) {
        end = value;
    }
    let help = match phrases::function(site.of(0)) {
        Some(Meaning::Part { .. }) => {
            "parts of words cannot be searched for: `contains` finds whole words, `=` compares whole values"
        }
        Some(Meaning::Pattern { .. }) => "the API has no regular expressions; `contains` finds words",
        _ => "queries have no functions, only clauses such as `model = gpt-4o`",
    };
    Some(site.unexpected(0..1, 0..end).help(help))
}

/// `exists model`, `missing(model)`, `(exists((model)))`
pub(super) fn existence_function(site: &Site) -> Option<Answer> {
    let is_test = matches!(site.kind(0), Kind::Text | Kind::Word)
        && matches!(
            site.word(0).as_str(),
            "exists" | "missing" | "has" | "defined" | "isnull" | "isnotnull" | "notnull" | "isempty"
        );
    let opened = (1..8).take_while(|n| site.kind(*n) == Kind::Open).count();
    let name = 1 + opened;
    let is_name = matches!(site.kind(name), Kind::Text) && site.field(site.of(name)).is_some();
    if !is_test || !is_name {
        return None;
    }
    let closed = (name + 1..name + 1 + opened).take_while(|n| site.kind(*n) == Kind::Close).count();
    let answer = existence(site, site.of(name), 0..name + 1);
    Some(Answer { takes: site.at..site.at + name + 1 + closed, ..answer })
}

/// `has:assignee`, `_exists_:assignee`
pub(super) fn existence_field(site: &Site) -> Option<Answer> {
    const TESTS: &[&str] = &["has", "exists", "is", "_exists_", "missing", "no", "_missing_"];
    let (head, operand) = site.clause()?;
    let name = site.slice(operand.span);
    let is_test = TESTS.iter().any(|test| test.eq_ignore_ascii_case(site.name(head)));
    let is_of_field = || matches!(head.verb, Verb::Natural | Verb::Equal) && site.field(name).is_some();
    (is_test && is_of_field()).then(|| existence(site, name, 0..1))
}

/// Returns the answer about a test for whether a field has a value.
pub(super) fn existence(site: &Site, name: &str, items: std::ops::Range<usize>) -> Answer {
    let help = check::instead_of_existence(site.field(name));
    site.answer(Said::ExistenceTest { field: excerpt(name) }, items.clone(), items).help(help)
}

/// `output.includes("refund")`, `model.startswith("gpt")`
pub(super) fn method(site: &Site) -> Option<Answer> {
    let (name, function) = site.of(0).rsplit_once('.')?;
    if site.kind(0) != Kind::Word || site.kind(1) != Kind::Open || !site.touches(1) || site.field(name).is_none() {
        return None;
    }
    let meaning = phrases::function(function)?;
    let end = site.closed(1)?;
    let start = site.span(0..1).start();
    let dot = crate::span::Span::new(start + name.len(), site.span(0..1).end());
    if meaning == Meaning::Existence {
        return Some(existence(site, name, 0..end));
    }
    translate(
        site,
        Foreign {
            name,
            phrase: dot,
            shown: format!(".{}(…)", excerpt(function)),
            meaning,
            value: 2..end - 1,
            closer: Some(end - 1),
        },
    )
}

/// `lower(model) = 'gpt-4o'`, `count(model) > 5`
pub(super) fn function_of_field(site: &Site) -> Option<Answer> {
    let is_call = site.kind(0) == Kind::Word && site.kind(1) == Kind::Open && site.touches(1);
    let is_field = site.kind(2) == Kind::Text && site.field(site.of(2)).is_some() && site.kind(3) == Kind::Close;
    if !is_call || !is_field {
        return None;
    }
    let mut end = 4;
    while matches!(site.kind(end), Kind::Sign | Kind::Text | Kind::Word) && !site.names_field(end) {
        end += 1;
    }
    if site.is_opening(end) {
        end = site.closed(end)?;
    }
    Some(site.unexpected(0..4, 0..end).help("queries have no functions"))
}

/// `model = lower(gpt)`, `start_time > startOfDay()`, `now() - interval '7 days'`
pub(super) fn call_in_value(site: &Site) -> Option<Answer> {
    let head = site.broken()?;
    if site.kind(1) != Kind::Word || site.kind(2) != Kind::Open || !site.touches(2) {
        return None;
    }
    let field = site.field(site.name(head));
    if let Some(field) = field.filter(|field| field.ty() == Type::Time)
        && let Some(answer) = spaced::spaced(site, 1, field.ty())
    {
        return Some(answer);
    }
    let end = site.closed(2).unwrap_or(3);
    let kind = Said::Unexpected { found: "(".to_owned() };
    let answer = site.answer(kind, 2..3, 0..end);
    Some(answer.help("queries have no functions; put a value that contains a parenthesis in quotes"))
}
