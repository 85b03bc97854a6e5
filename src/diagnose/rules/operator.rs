//! Rules for anything else where an operator is expected.

use std::ops::Range;

use crate::catalog::{Field, Type};
use crate::diagnose::site::Site;
use crate::diagnose::{Answer, example, phrases};
use crate::diagnostic::{Kind as Said, excerpt};
use crate::foreign::Meaning;
use crate::print;
use crate::sketch::{Head, Join, Kind, Verb};
use crate::span::Span;

use super::calls;
use super::clause::operator;
use super::range;
use super::translate::{Foreign, translate};

/// `eval.Response Quality >= 3`
pub(super) fn spaced_key(site: &Site) -> Option<Answer> {
    const MOST: usize = 6;
    let is_keyed = site.context.resolve(site.of(0)).is_some_and(|found| found.key.is_some() && found.field.is_keyed());
    let last = (1..MOST).find(|n| site.kind(*n) != Kind::Text || site.names_field(*n)).filter(|_| is_keyed)?;
    let (Kind::Clause(head, _) | Kind::Head(head)) = site.kind(last) else { return None };
    let are_words = (1..last).all(|n| phrases::is_wordlike(site.of(n))) && phrases::is_wordlike(site.name(head));
    let words = || (1..last).map(|n| site.of(n)).chain([site.name(head)]);
    let is_syntax = |word: &str| phrases::is_foreign(word) || phrases::is_operator_word(word) || is_negation(word);
    if !are_words || site.field(site.name(head)).is_some() || words().any(is_syntax) {
        return None;
    }
    // Other words may belong to the operator: `eval.quality also > 3`.
    let is_title = words().all(|word| word.starts_with(|char: char| !char.is_lowercase()));
    // `eval.Passed Model = a` may be two clauses.
    let is_name = site.field(&site.name(head).to_lowercase()).is_some();
    let whole = site.span(0..1).to(head.field);
    let end = match site.kind(last) {
        Kind::Head(_) if site.is_opening(last + 1) => site.closed(last + 1).unwrap_or(last + 1),
        _ => last + 1,
    };
    let kind = Said::ExpectedOperator { field: excerpt(site.of(0)) };
    let answer = site.answer(kind, 0..1, 0..end).help("put a key with spaces in quotes");
    let written = site.slice(whole);
    let path = written.replace(['{', '}'], "");
    Some(answer.fix(site.edits().write(whole, &print::field(&path)).sure_if(is_title && !is_name && path == written)))
}

/// Whether a word negates an operator, or stands before one.
fn is_negation(word: &str) -> bool {
    const WORDS: [&str; 9] = ["never", "no", "dont", "doesnt", "nor", "must", "should", "be", "does"];
    WORDS.iter().any(|other| word.eq_ignore_ascii_case(other))
}

/// `cost => 1`, `model === a`, `output =~ /refund/i`
pub(super) fn foreign_sign(site: &Site) -> Option<Answer> {
    if site.kind(1) != Kind::Sign {
        return None;
    }
    sign_after(site, site.of(0), 1, 2)
}

/// `> =` and `! =`: an operator with a space in it.
pub(super) fn split_operator(site: &Site) -> Option<Answer> {
    let head = site.broken().filter(|_| site.kind(1) == Kind::Sign && !site.touches(1))?;
    let joined = format!("{}{}", site.slice(head.operator), site.of(1));
    let ours = match joined.as_str() {
        "<=" | ">=" | "!=" | "==" | "<>" | "!~" | ":=" | ":<" | ":>" | ":<=" | ":>=" => Some(joined.as_str()),
        other => phrases::sign(other),
    }?;
    let place = head.operator.to(site.span(1..2));
    let end = operand_end(site, 2);
    let takes = end > 2 && site.takes(site.name(head), ours, site.text(2..end));
    // `cost = >5` may mean `cost > 5`, and `<= >` may mean either sign.
    let is_clear = (head.verb != Verb::Equal || !site.touches(2)) && joined != "<=>";
    let answer = site.answer_at(Said::UnknownOperator { found: excerpt(site.slice(place)) }, place, 0..end);
    Some(answer.fix_if(takes.then(|| site.edits().write(place, ours).sure_if(is_clear))))
}

/// Returns the answer about a sign after a field that is not an operator.
fn sign_after(site: &Site, name: &str, n: usize, value: usize) -> Option<Answer> {
    let text = site.of(n);
    let span = site.span(n..n + 1);
    let kind = Said::UnknownOperator { found: excerpt(text) };
    let answer = |end| site.answer_at(kind.clone(), span, 0..end);
    if text == "~=" {
        // In Lua `~=` is `!=`, and in others it is a match.
        return Some(answer(operand_end(site, value)).help("`!=` means not equal; `contains` finds words"));
    }
    match phrases::sign(text) {
        Some(ours) => {
            let meaning = if ours == "contains" { Meaning::Pattern { negated: false } } else { Meaning::Sign(ours) };
            let end = operand_end(site, value);
            let shown = excerpt(text);
            translate(site, Foreign { name, phrase: span, shown, meaning, value: value..end, closer: None })
        }
        None if matches!(text, "|" | "&" | "#") => None,
        None => Some(answer(operand_end(site, value)).help("the operators are = != < <= > >= : contains in between")),
    }
}

/// Returns the end of a value, a list or words; the start if there is none.
fn operand_end(site: &Site, n: usize) -> usize {
    if site.is_opening(n) {
        return site.closed(n).unwrap_or(n + 1);
    }
    let first = site.value(n).unwrap_or(n);
    if first == n && site.kind(n) == Kind::Word {
        return site.touching_end(n);
    }
    if site.is_quoted(n) { first } else { site.words_end(first.max(n)).max(first) }
}

/// `model is a`, `output includes refund`, `assignee is null`
pub(super) fn foreign_operator(site: &Site) -> Option<Answer> {
    let (len, meaning) = phrases::phrase(site, 1)?;
    // `cost not betwen 1 and 5`
    let misspelled = if site.kind(len) == Kind::Not { misspelled_operator(site) } else { None };
    misspelled.or_else(|| worded(site, site.of(0), 1..1 + len, meaning))
}

/// `modle is a`: the name is checked as well.
pub(super) fn on_unknown_field(site: &Site) -> Option<Answer> {
    let is_name = site.kind(0) == Kind::Text && phrases::is_wordlike(site.of(0)) && !site.names_field(0);
    let begins = site.wants() && site.previous.is_none();
    let is_text =
        || site.context.has_text() && site.kind(1) != Kind::Sign && site.context.likely_field(site.of(0)).is_none();
    if !is_name
        || !begins
        || is_text()
        || phrases::is_operator_word(site.of(0))
        || !site.is_word(1, FIRST_WORDS) && site.kind(1) != Kind::Sign
    {
        return None;
    }
    let answer = if site.kind(1) == Kind::Sign {
        sign_after(site, site.of(0), 1, 2)?
    } else {
        operator_in_words(site, site.of(0), 1)?
    };
    Some(answer.names(site.span(0..1)))
}

/// Words that are almost always operators.
const FIRST_WORDS: &[&str] = &[
    "is", "isnt", "equals", "eq", "ne", "neq", "gt", "gte", "lt", "lte", "like", "ilike", "matches", "exists", "not",
    "includes", "greater", "less", "at",
];

/// `output constains refund`, `cost betwen 1 and 5`, `model nto in (a, b)`
pub(super) fn misspelled_operator(site: &Site) -> Option<Answer> {
    if let Kind::Clause(head, _) = site.kind(1) {
        return misspelled_not(site, head);
    }
    let (len, meaning) = phrases::misspelled(site, 1)?;
    worded(site, site.of(0), 1..1 + len, meaning).filter(|_| meaning != Meaning::Existence).map(Answer::doubted)
}

/// `model nto in (a, b)`, where the misspelled word was read as a field.
fn misspelled_not(site: &Site, head: Head) -> Option<Answer> {
    let name = site.name(head);
    let rest = Span::new(head.operator.start(), site.span(0..2).end());
    let is_not = phrases::misspelled_keyword(name) == Some("not");
    let is_good = is_not && site.accepts(&format!("{} not {}", site.of(0), site.slice(rest)));
    is_good.then(|| {
        let answer = site.answer_at(Said::UnknownOperator { found: name.to_owned() }, head.field, 0..2);
        answer.fix(site.edits().write(head.field, "not"))
    })
}

/// `cost from 5 to 10`
pub(super) fn from_to(site: &Site) -> Option<Answer> {
    let upper = site.value(2).filter(|to| site.is_word(1, &["from"]) && site.is_word(*to, &["to", "until"]))? + 1;
    let end = site.value(upper)?;
    let text = format!("in {}..{}", site.text(2..upper - 1), site.text(upper..end));
    let answer = site.answer(Said::UnknownOperator { found: site.of(1).to_owned() }, 1..2, 0..end);
    let is_good = site.accepts(&format!("{} {text}", site.of(0)));
    is_good.then(|| answer.fix(site.edits().write(site.span(1..end), &text)))
}

/// `model = in (a, b)`, `cost = between 1 and 5`, `latency = >= 5s`
pub(super) fn operator_twice(site: &Site) -> Option<Answer> {
    const MOST: usize = 8;
    let head = site.head().filter(|head| matches!(head.verb, Verb::Equal | Verb::Natural) && !head.negated)?;
    if split_operator(site).is_some() {
        return None;
    }
    let (start, from) = match site.kind(0) {
        Kind::Clause(_, operand) => (operand.span.start(), 1),
        _ => (site.span(1..2).start(), 2),
    };
    let rest = |end: usize| Span::new(start, site.span(0..end).end());
    let first = site.slice(rest(from));
    if !first.starts_with(['<', '>', '=', '!', '~']) && !phrases::is_operator_word(first) {
        return None;
    }
    let end = (from..from + MOST).find(|end| {
        let clause = format!("{} {}", site.name(head), site.slice(rest(*end)));
        !matches!(site.kind(*end - 1), Kind::End) && site.accepts(&clause)
    })?;
    let shown = head.operator.to(Span::new(start, start + first.len()));
    let answer = site.answer_at(Said::UnknownOperator { found: operator(site, shown) }, shown, 0..end);
    Some(answer.fix(site.edits().write(head.operator.to(rest(end)), site.slice(rest(end)))))
}

/// `env=!prod`, `env:!prod`, `model:==a`, `model::a`
pub(super) fn tight_sign(site: &Site) -> Option<Answer> {
    let word = site.of(0);
    if let Some((name, value)) = word.split_once("::").filter(|(_, value)| !value.is_empty()) {
        return tight(site, name, "::", value, 1);
    }
    let is_sign = matches!(site.kind(1), Kind::Sign) || site.of(1) == "!" && word.ends_with(':');
    let end = operand_end(site, 2);
    let name = word.strip_suffix(':').unwrap_or(word);
    let sign = word.get(name.len()..)?.to_owned() + site.of(1);
    if is_sign && site.touches(1) { tight(site, name, &sign, site.text(2..end), end) } else { None }
}

/// Returns the answer about a sign directly after a name.
fn tight(site: &Site, name: &str, sign: &str, value: &str, end: usize) -> Option<Answer> {
    site.field(name)?;
    let start = site.span(0..1).start() + name.len();
    let place = Span::new(start, start + sign.len());
    let rest = sign.trim_start_matches(':');
    let ours = phrases::sign(sign).or_else(|| phrases::sign(rest)).unwrap_or(if rest == "==" { "=" } else { rest });
    let answer = site.answer_at(Said::UnknownOperator { found: excerpt(sign) }, place, 0..end);
    let text = format!("{name} {ours} {value}");
    Some(match site.accepts(&text) {
        true => answer.fix(site.edits().write(site.span(0..end), &text)),
        false => answer.help("put spaces around the operator"),
    })
}

/// `eval."Response Quality" => 3`, where the name consists of two items.
pub(super) fn after_quoted_key(site: &Site) -> Option<Answer> {
    let name = site.text(0..2);
    site.field(name)?;
    let answer = match site.kind(2) {
        Kind::Sign => sign_after(site, name, 2, 3),
        _ => operator_in_words(site, name, 2),
    };
    answer.or_else(|| {
        let answer = site.answer(Said::ExpectedOperator { field: excerpt(name) }, 0..2, 0..2);
        Some(answer.help_if(example::comparison(site, site.span(0..2)).map(|fix| fix.title)))
    })
}

/// Answers about an operator in words that begins at an item.
fn operator_in_words<'s>(site: &Site<'s>, name: &'s str, at: usize) -> Option<Answer> {
    let (len, meaning) = phrases::phrase(site, at)?;
    worded(site, name, at..at + len, meaning)
}

/// Returns the answer about an operator in words after a field.
fn worded<'s>(site: &Site<'s>, name: &'s str, words: Range<usize>, meaning: Meaning) -> Option<Answer> {
    let value = words.end;
    let phrase = site.span(words.clone());
    let upper = || {
        let lower = site.value(value).filter(|lower| site.kind(*lower) == Kind::Join(Join::And))?;
        site.value(lower + 1)
    };
    let is_between = matches!(meaning, Meaning::Between { .. });
    let end = upper().filter(|_| is_between).unwrap_or_else(|| operand_end(site, value));
    let is_null = end == value + 1 && phrases::is_null(site.of(value));
    if meaning == Meaning::Existence {
        let answer = calls::existence(site, name, words);
        return Some(Answer { takes: site.at..site.at + value, ..answer });
    }
    if is_null && matches!(meaning, Meaning::Sign("=" | "!=")) {
        let answer = calls::existence(site, name, words.start..end);
        return Some(Answer { takes: site.at..site.at + end, ..answer });
    }
    let shown = excerpt(site.slice(phrase));
    translate(site, Foreign { name, phrase, shown, meaning, value: value..end, closer: None })
}

/// `output has_any ("a", "b")`, `output does not include all of (a, b)`
pub(super) fn quantified(site: &Site) -> Option<Answer> {
    const MOST: usize = 5;
    let mut compact = String::new();
    let mut bracket = 1;
    while bracket <= MOST && !site.is_opening(bracket) {
        match site.kind(bracket) {
            Kind::Not if site.of(bracket) != "-" => compact.push_str("not"),
            Kind::Text | Kind::Word => compact.push_str(&site.word(bracket)),
            _ => return None,
        }
        bracket += 1;
    }
    let words = compact.strip_suffix("of").unwrap_or(&compact);
    let (words, quantifier) = ["any", "all"].iter().find_map(|end| Some((words.strip_suffix(end)?, end)))?;
    let ours = match phrases::function(words)? {
        Meaning::Words { negated: false } => format!("contains {quantifier}"),
        Meaning::Words { negated: true } => format!("not contains {quantifier}"),
        _ => return None,
    };
    let end = if site.is_opening(bracket) { site.closed(bracket)? } else { return None };
    let answer = site.answer(Said::UnknownOperator { found: excerpt(site.text(1..bracket)) }, 1..bracket, 0..end);
    // `lacks all of`: that all are missing, or one of them.
    let is_clear = ours != "not contains all";
    Some(answer.fix(site.edits().write(site.span(1..bracket), &ours).sure_if(is_clear)))
}

/// `model is in (a, b)`, `output does not contains x`, `cost is > 5`, where the last word was read as a field.
pub(super) fn operator_after_is(site: &Site) -> Option<Answer> {
    const MOST: usize = 3;
    let at = (1..=MOST).find(|n| matches!(site.kind(*n), Kind::Clause(..) | Kind::Head(_)))?;
    let (Kind::Clause(head, _) | Kind::Head(head)) = site.kind(at) else { return None };
    let mut compact: String =
        (1..at).map(|n| if site.kind(n) == Kind::Not { "not".to_owned() } else { site.word(n) }).collect();
    compact.push_str(&site.slice(head.field).to_lowercase());
    if site.field(site.name(head)).is_some() {
        return None;
    }
    let phrase = Span::new(site.span(1..2).start(), head.operator.end());
    let is_copula = matches!(compact.as_str(), "is" | "was" | "are");
    let written = site.slice(head.operator).to_ascii_lowercase();
    let meaning = match head.verb {
        Verb::In if is_copula => Meaning::In { negated: head.negated },
        Verb::Between if is_copula => Meaning::Between { negated: head.negated },
        Verb::Contains if is_copula => Meaning::Words { negated: head.negated },
        _ if is_copula => Meaning::Sign(phrases::sign_of(head.verb)?),
        _ => phrases::meaning(&format!("{compact}{}", written.replace(' ', "")))?,
    };
    let start = head.operator.end();
    let end = match site.kind(at) {
        Kind::Clause(..) => at + 1,
        _ => operand_end(site, at + 1),
    };
    let value = Span::new(start, site.span(0..end).end());
    let kind = Said::UnknownOperator { found: operator(site, phrase) };
    let answer = site.answer_at(kind, phrase, 0..end);
    let ours = phrases::ours(meaning)?;
    let is_good = site.takes(site.of(0), ours, site.slice(value).trim());
    let fix = is_good.then(|| site.edits().write(phrase, ours));
    Some(answer.fix_if(fix.map(|fix| fix.sure_if(!compact.starts_with("was")))))
}

/// `cost not > 5`
pub(super) fn negated_operator(site: &Site) -> Option<Answer> {
    let is_negated = site.kind(1) == Kind::Not && site.of(1) != "-" && site.kind(2) == Kind::Sign;
    let ours = site.of(2);
    if !is_negated || !matches!(ours, "<" | "<=" | ">" | ">=" | "~") {
        return None;
    }
    let end = operand_end(site, 3);
    let found = excerpt(site.text(1..3));
    let answer = site.answer(Said::UnknownOperator { found }, 1..3, 0..end);
    let text = format!("not {} {ours} {}", site.of(0), if end > 3 { site.text(3..end) } else { "" });
    // `cost not > 5 and < 10` may exclude both.
    let goes_on = matches!(site.kind(end), Kind::Join(_)) && site.kind(end + 1) == Kind::Sign;
    Some(answer.fix_if((end > 3).then(|| site.edits().write(site.span(0..end), &text).sure_if(!goes_on))))
}

/// `model gpt-4o`, `cost much`
pub(super) fn missing_operator(site: &Site) -> Option<Answer> {
    let kind = Said::ExpectedOperator { field: excerpt(site.of(0)) };
    let end = site.words_end(1).max(site.value(1).unwrap_or(1));
    let answer = site.answer(kind, 0..1, 0..end);
    let candidates = site.field(site.of(0)).map(Field::typed_operators).unwrap_or_default();
    let value = site.of(1);
    let is_word = phrases::is_wordlike(value) && site.touching_end(1) == 2;
    let is_text = site.field(site.of(0)).is_none_or(|field| field.ty() == Type::Text);
    let answer = answer.candidates(candidates);
    let in_quotes = |answer: Answer| answer.fix_if(site.context.has_text().then(|| site.in_quotes(0..end)));
    let end_of_run = site.run_end(1);
    let words = site.text(1..end_of_run.max(2));
    if let Some(time) = Type::Time.guess(words).filter(|_| site.takes(site.of(0), ">=", "now") && end_of_run > 1) {
        let ours = if time.starts_with("now-") { ">=" } else { "=" };
        let answer = Answer { takes: site.at..site.at + end_of_run, ..answer };
        let text = format!("{} {ours} {time}", site.of(0));
        return Some(in_quotes(answer.fix(site.edits().write(site.span(0..end_of_run), &text))));
    }
    if let Some(range) = range::after_field(site) {
        return Some(in_quotes(answer.fix(range)));
    }
    if end != 2 || !is_word || !is_text || site.kind(2) == Kind::Open {
        if let Some(fix) = example::operator(site, end) {
            return Some(in_quotes(answer.fix(fix)));
        }
        let ends = matches!(site.kind(1), Kind::Close | Kind::End) || site.ends_at(1) && site.begins_clause(2);
        let answer = in_quotes(answer);
        return Some(match example::comparison(site, site.span(0..1)) {
            Some(fix) if ends => answer.fix(fix),
            Some(fix) => answer.help(fix.title),
            None => answer,
        });
    }
    let text = format!("{}:{value}", site.of(0));
    Some(in_quotes(answer.fix(site.edits().write(site.span(0..2), &text))))
}
