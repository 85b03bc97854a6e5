//! Translates a clause with an operator of another language.

use std::ops::Range;

use crate::catalog::{Field, Type};
use crate::check;
use crate::diagnose::Answer;
use crate::diagnose::site::Site;
use crate::diagnostic::{Fix, Kind as Said, excerpt};
use crate::filter::Op;
use crate::foreign::Meaning;
use crate::sketch::Kind;
use crate::span::Span;
use crate::syntax::{After, quote};

use super::spaced::compares_day_by_its_end;

/// An operator of another language after a field.
pub(super) struct Foreign<'s> {
    pub(super) name: &'s str,
    /// The span to replace by our operator.
    pub(super) phrase: Span,
    /// The phrase for messages.
    pub(super) shown: String,
    pub(super) meaning: Meaning,
    /// The items of the operand.
    pub(super) value: Range<usize>,
    /// A closing bracket after it that is removed too.
    pub(super) closer: Option<usize>,
}

/// Answers with the equivalent of another language's operator, if the field takes it.
pub(super) fn translate(site: &Site, foreign: Foreign) -> Option<Answer> {
    let Foreign { name, phrase, meaning, value, closer, .. } = &foreign;
    let text = if value.is_empty() { "" } else { site.text(value.clone()) };
    let end = closer.map_or(value.end, |closer| closer + 1);
    let is_pattern = matches!(meaning, Meaning::Pattern { .. }) && !text.is_empty() && !is_words(text);
    let kind = if is_pattern {
        Said::RegularExpression { text: excerpt(text) }
    } else {
        Said::UnknownOperator { found: foreign.shown.clone() }
    };
    let place = if is_pattern { phrase.to(site.span(value.clone())) } else { *phrase };
    let mut answer = site.answer_at(kind, place, 0..end);
    let translation = translation(site, name, phrase, *meaning, text);
    answer.diagnostic.help = translation.help;
    let Some(ours) = translation.ours else { return Some(answer) };
    let written = site.slice(*phrase).to_ascii_lowercase();
    let ty = site.field(name).map(Field::ty);
    if let Some(help) = age_by_its_amount(&written, ty, text) {
        return Some(answer.help(help));
    }
    let words = value.len() > 1 && !site.is_opening(value.start) && value.clone().all(|n| site.kind(n) == Kind::Text);
    let ordered = ty.filter(|ty| ty.is_ordered());
    let spaced = words.then(|| ordered.map_or_else(|| Some(quote(text)), |ty| ty.guess(text))).flatten();
    // `contains any$x` would be a list.
    let clashes = value.len() == 1 && !site.is_quoted(value.start) && !After::operator(ours).takes(text);
    let restated = restated(site, name, text).filter(|_| translation.value.is_none());
    let is_restated = restated.is_some();
    let compared = restated.clone().unwrap_or_else(|| text.to_owned());
    let new_value = translation.value.or(restated).or(spaced).or_else(|| clashes.then(|| quote(text)));
    // `= 7 days ago` means the time since then.
    let is_since = ours == "=" && new_value.as_ref().is_some_and(|value| value.starts_with("now-"));
    let ours = if is_since { ">=" } else { ours };
    let fix = rewritten(site, &foreign, ours, new_value.as_deref());
    let is_day_by_its_end =
        (closer.is_some() || is_restated) && compares_day_by_its_end(site, &format!("{name} {ours} {compared}"));
    let is_doubtful = is_day_by_its_end || may_mean_something_else(&written, ty, ours, text);
    let spelling = translation.is_spelling && !words && !is_doubtful && (new_value.is_none() || clashes || is_restated);
    Some(answer.fix(fix.sure_if(spelling)))
}

/// Explains a comparison of an age by its amount: `less than 7 days ago` means after that time.
fn age_by_its_amount(phrase: &str, ty: Option<Type>, text: &str) -> Option<String> {
    if ty != Some(Type::Time) || !AMOUNTS.contains(&phrase.trim_start_matches("is ")) {
        return None;
    }
    let age = [" ago", " old"].iter().find_map(|end| text.strip_suffix(end)).unwrap_or(text);
    let since = Type::Time.guess(age).filter(|since| since.starts_with("now-"))?;
    Some(check::newer_or_older(&excerpt(age), &since))
}

/// Returns a fix with our operator, and with a new value if there is one.
fn rewritten(site: &Site, foreign: &Foreign, ours: &str, new_value: Option<&str>) -> Fix {
    let Foreign { phrase, value, closer, .. } = foreign;
    if value.is_empty() {
        return site.edits().write(*phrase, ours);
    }
    let span = site.span(value.clone());
    let after = closer.map(|closer| Span::new(span.end(), site.span(closer..closer + 1).end()));
    let is_list = ours.ends_with("in") && after.is_some() && !site.is_opening(value.start);
    let open = Span::new(phrase.start(), span.start());
    let mut edits = match (after, is_list) {
        (Some(_), true) => vec![(*phrase, ours)],
        (Some(_), false) => vec![(open, ours)],
        (None, _) => vec![(*phrase, ours)],
    };
    edits.extend(new_value.map(|text| (span, text)));
    edits.extend(after.filter(|_| !is_list).map(|after| (after, "")));
    site.edits().all(format!("write `{ours}`"), &edits)
}

/// Whether an operator in words may mean something else than ours. Scores are numbers; `was` asks for a past state; and
/// `not more than 5` may be meant for records without a value, too.
fn may_mean_something_else(phrase: &str, ty: Option<Type>, ours: &str, value: &str) -> bool {
    let is_flag = ty == Some(Type::Score) && matches!(value.to_ascii_lowercase().as_str(), "true" | "false");
    let is_negated = phrase.split_whitespace().any(|word| word == "not" || word.ends_with("n't"));
    phrase.starts_with("was")
        || is_flag
        || is_negated && ours.starts_with(['<', '>'])
        || is_unsuitable(phrase, ty)
        || is_unknown(value)
}

/// Operators in words that compare an age by its amount.
const AMOUNTS: &[&str] = &[
    "less than",
    "more than",
    "greater than",
    "at least",
    "at most",
    "over",
    "under",
    "above",
    "below",
    "up to",
    "no more than",
    "no less than",
    "longer than",
    "shorter than",
];

/// Whether an operator in words does not suit the type of the field, or leaves open whether the end is included.
fn is_unsuitable(phrase: &str, ty: Option<Type>) -> bool {
    const OF_TIMES: [&str; 9] =
        ["on", "during", "since", "before", "after", "older than", "newer than", "earlier than", "later than"];
    const OF_DURATIONS: [&str; 4] = ["faster than", "slower than", "longer than", "shorter than"];
    let phrase = phrase.trim_start_matches("is ");
    phrase == "until"
        || OF_TIMES.contains(&phrase) && ty != Some(Type::Time)
        || OF_DURATIONS.contains(&phrase) && ty != Some(Type::Seconds)
}

/// Whether a value after `is` may mean any value, or none.
fn is_unknown(value: &str) -> bool {
    const WORDS: [&str; 8] = ["any", "anyone", "anything", "nobody", "nothing", "unassigned", "unknown", "none"];
    WORDS.iter().any(|word| value.eq_ignore_ascii_case(word))
}

/// Returns the value for another notation that has only one meaning: `'O''Brien'`,
/// `datetime'2024-06-01T00:00:00'`.
fn restated(site: &Site, name: &str, value: &str) -> Option<String> {
    let inside = value.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    if let Some(inside) = inside.filter(|inside| inside.contains("''")) {
        return Some(quote(&inside.replace("''", "'")));
    }
    let ty = site.field(name)?.ty();
    let is_literal = value.starts_with(char::is_alphabetic) && value.ends_with('\'');
    if ty == Type::Time && is_literal { ty.guess(value) } else { None }
}

/// The translation of an operator of another language.
#[derive(Default)]
struct Translation {
    /// The operator, if the field takes an equivalent or similar one.
    ours: Option<&'static str>,
    /// Whether it is equivalent.
    is_spelling: bool,
    /// The value, if it changes too.
    value: Option<String>,
    help: Option<String>,
}

fn translation(site: &Site, name: &str, phrase: &Span, meaning: Meaning, value: &str) -> Translation {
    let known = site.field(name);
    let takes = |op| known.is_none_or(|field| field.takes(op));
    let by_words = takes(Op::Contains);
    let as_whole = known.is_none_or(|field| field.compares(Op::Eq));
    let contains = |negated| Some(if negated { "not contains" } else { "contains" }).filter(|_| by_words);
    let same = |ours| Translation { ours: Some(ours), is_spelling: known.is_some(), ..Translation::default() };
    let near = |ours| Translation { ours, ..Translation::default() };
    let text = value.trim_matches(['\'', '"', '/', '%']);
    let help = |help: String| Translation { help: Some(help), ..Translation::default() };
    let list = || help(format!("`{}` is compared as a whole; list the values: `in (a, b)`", excerpt(name)));
    match meaning {
        Meaning::Sign(sign @ ("=" | "!=")) if as_whole => same(sign),
        Meaning::Sign(sign @ ("=" | "!=")) => near(contains(sign == "!=")),
        Meaning::Sign(sign) if takes(if sign.starts_with('<') { Op::Lt } else { Op::Gt }) => same(sign),
        Meaning::Sign(_) => help(format!("values of `{}` are not ordered", excerpt(name))),
        Meaning::Words { negated } if by_words => same(if negated { "not contains" } else { "contains" }),
        Meaning::Part { negated } if by_words => Translation {
            ours: contains(negated),
            value: (value.contains('%') && !text.is_empty()).then(|| quote(&text.replace('%', " "))),
            help: Some("`contains` finds whole words anywhere in the value".to_owned()),
            is_spelling: false,
        },
        // `like` without a wildcard is just another comparison.
        Meaning::Part { negated }
            if !value.contains('%') && site.slice(*phrase).to_ascii_lowercase().ends_with("like") =>
        {
            near(Some(if negated { "!=" } else { "=" }).filter(|_| as_whole))
        }
        Meaning::Pattern { negated } if by_words => {
            let text = text.strip_suffix("/i").unwrap_or(text);
            Translation {
                ours: contains(negated).filter(|_| is_words(text)),
                value: Some(check::literal(text, After::operator("contains"))),
                help: Some("`contains` finds whole words".to_owned()),
                is_spelling: false,
            }
        }
        Meaning::Words { .. } | Meaning::Part { .. } | Meaning::Pattern { .. } => list(),
        Meaning::In { negated } => same(if negated { "not in" } else { "in" }),
        Meaning::Between { negated } => same(if negated { "not between" } else { "between" }),
        Meaning::Existence => Translation::default(),
    }
}

/// Whether a text has only words, without pattern signs.
fn is_words(text: &str) -> bool {
    let text = text.trim_matches(['\'', '"']);
    !text.is_empty() && text.chars().all(|char| char.is_alphanumeric() || matches!(char, ' ' | '-' | '_'))
}
