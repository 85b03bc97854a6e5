//! Rules for unclosed quotes, and quotes directly next to other text.

use crate::diagnose::Answer;
use crate::diagnose::site::Site;
use crate::diagnostic::{Edit, Fix, Kind as Said, excerpt};
use crate::sketch::{Join, Kind, Verb};
use crate::span::Span;
use crate::syntax::quote;

use super::clause::first_char;
use super::{operator, value};

/// `model = 'O''Brien'`
pub(super) fn doubled(site: &Site) -> Option<Answer> {
    let head = site.broken()?;
    let mark = site.of(1).chars().next().filter(|mark| matches!(mark, '"' | '\''))?;
    let mut end = 2;
    while site.touches(end) && matches!(site.kind(end), Kind::Word | Kind::Text) && site.of(end).starts_with(mark) {
        end += 1;
    }
    // An empty string at one end is a triple quote of another language.
    let touches_more = site.touches(end) && !matches!(site.kind(end), Kind::Close | Kind::Comma | Kind::End);
    if site.kind(1) != Kind::Word || end == 2 || touches_more || site.of(1).len() == 2 {
        return None;
    }
    let inner = |n: usize| site.of(n).get(1..site.of(n).len() - 1).unwrap_or_default();
    let inside = (1..end).map(inner).collect::<Vec<_>>().join(&mark.to_string());
    if inside.contains('\\') {
        return None;
    }
    let place = site.span(1..end);
    let answer =
        site.answer_at(Said::AdjoiningQuote, place, 0..end).help("write a backslash before a quote inside quotes");
    let text = quote(&inside);
    let is_good = site.accepts(&format!("{} {text}", site.start(head)));
    Some(answer.fix_if(is_good.then(|| site.edits().write(place, &text).sure())))
}

const APOSTROPHE: &str = "put a value that contains an apostrophe in double quotes";

/// `output contains don't`, `output contains 'I don't know'`
pub(super) fn apostrophe(site: &Site) -> Option<Answer> {
    let head = site.broken()?;
    let first = site.of(1);
    if site.kind(1) == Kind::Word && !site.is_quoted(1) && has_apostrophe(first) {
        let end = words_after(site, 2);
        let place = site.span(1..end);
        let quote_at = site.span(1..2).start() + first.find('\'')?;
        let kind = Said::UnclosedQuote;
        let answer = site.answer_at(kind, Span::new(quote_at, quote_at + 1), 0..end).help(APOSTROPHE);
        return Some(value::offer_quotes(site, answer, head, place, site.slice(place)));
    }
    if !first.starts_with('\'') || site.kind(1) != Kind::Word || !site.touches(2) {
        return None;
    }
    // The apostrophe ended the string, which actually ends at the next quote at the end of a word.
    let start = site.span(1..2).start();
    let text = site.sketch.text.get(start..)?;
    let closes = |at: &usize| {
        let after = text.get(at + 1..).unwrap_or_default();
        *at + 1 >= first.len() && (after.is_empty() || after.starts_with([' ', ')', ',', '\n', '\t']))
    };
    let close = text.match_indices('\'').map(|(at, _)| at).take(24).find(closes)?;
    let place = Span::new(start, start + close + 1);
    let inside = text.get(1..close)?;
    if !inside.contains(|char: char| char.is_alphanumeric()) || inside.contains('\n') {
        return None;
    }
    // The following items were read with its quote as theirs.
    let ends = (1..32).find(|n| site.span(*n..*n + 1).end() == place.end());
    let end = ends.map_or_else(|| last_item(site), |n| n + 1);
    let answer = site.answer_at(Said::AdjoiningQuote, place, 0..end).help(APOSTROPHE);
    Some(value::offer_quotes(site, answer, head, place, inside))
}

/// Returns the index of the last item, relative to the site.
fn last_item(site: &Site) -> usize {
    site.sketch.items.len() - 1 - site.at
}

fn has_apostrophe(word: &str) -> bool {
    word.trim_matches('\'').contains('\'')
}

/// Returns the end of the words of a text, including apostrophes.
fn words_after(site: &Site, from: usize) -> usize {
    let mut end = from;
    while !site.is_joiner(end)
        && (site.kind(end) == Kind::Text && !site.names_field(end) && !site.is_quoted(end)
            || site.kind(end) == Kind::Word && has_apostrophe(site.of(end)))
    {
        end += 1;
    }
    end
}

/// `model = "gpt"-4o`, `model = a"b"`
pub(super) fn adjoining(site: &Site) -> Option<Answer> {
    let head = site.broken()?;
    let end = site.touching_end(1);
    let place = site.span(1..end);
    let text = site.slice(place);
    let has_quote = matches!(site.kind(1), Kind::Word | Kind::Text | Kind::Head(_) | Kind::Clause(..))
        && !site.is_call(1)
        && text.contains(['"', '\'']);
    if !has_quote || end == 2 && site.kind(1) != Kind::Word {
        return None;
    }
    let unclosed = (1..end).find(|n| site.kind(*n) == Kind::Unclosed);
    let place = unclosed.map_or(place, |n| site.span(1..n));
    // The upper end of a `between` belongs to it.
    let upper = site.value(end + 1).filter(|_| head.verb == Verb::Between && site.kind(end) == Kind::Join(Join::And));
    let answer = site.answer_at(Said::AdjoiningQuote, place, 0..upper.unwrap_or(end));
    let answer = answer.help("put quotes around the whole value, with white space after them");
    let bare: String = text.trim_end().chars().filter(|char| !matches!(char, '"' | '\'' | '“' | '”')).collect();
    // Signs of other languages inside it may be intended.
    let is_plain = bare.chars().all(|char| char.is_alphanumeric() || matches!(char, '-' | '_' | '.' | ':' | '/' | '@'));
    // `model = a"`: only one of two quotes.
    let is_lone = unclosed.is_some_and(|n| site.of(n).trim_end().len() == 1);
    if unclosed.is_some() && !is_lone || !is_plain {
        return Some(answer);
    }
    Some(value::offer_quotes(site, answer, head, site.span(1..end), &bare))
}

/// `model = "gpt-4o and cost > 1`. Where the string ends is a guess.
pub(super) fn unclosed(site: &Site) -> Option<Answer> {
    site.broken()?;
    let at = (1..3).find(|n| site.kind(*n) == Kind::Unclosed)?;
    if at == 2 && !site.touches(2) {
        return None;
    }
    let answer = site.answer_at(Said::UnclosedQuote, first_char(site.span(at..at + 1), site), 0..at + 1);
    if at == 2 {
        return Some(answer);
    }
    let text = site.of(at).trim_end();
    let mark = text.chars().next()?;
    let start = site.span(at..at + 1).start();
    let close = |title: &str, from: usize, to: usize| {
        Fix::new(title, vec![Edit { span: Span::new(start + from, start + to), text: mark.to_string() }])
    };
    // `"gpt-4o”`: one of the quotes was replaced by a curly one.
    let curly = if text.is_ascii() || mark != '"' { None } else { text.find('”') };
    let straight = curly.map(|curly| close("close it with a straight quote", curly, curly + '”'.len_utf8()));
    let is_join = |at: &usize| {
        let begins = |join: &str| text.get(*at..*at + join.len()).is_some_and(|part| part.eq_ignore_ascii_case(join));
        begins(" and ") || begins(" or ")
    };
    let join = text.match_indices(' ').map(|(at, _)| at).find(is_join).filter(|_| curly.is_none());
    let before = join.map(|join| close("close it before the next clause", join, join));
    let at_end = (!text.ends_with('\\')).then(|| close("close it at the end", text.len(), text.len()));
    Some(answer.fix_if(straight).fix_if(before).fix_if(at_end))
}

/// `model = “gpt-4o`
pub(super) fn unclosed_curly(site: &Site) -> Option<Answer> {
    site.broken().filter(|_| matches!(site.kind(1), Kind::Word))?;
    let text = site.of(1);
    let value = text.strip_prefix(['“', '‘']).filter(|value| !value.is_empty())?;
    let end = site.touching_end(1);
    let answer = site.answer_at(Said::UnclosedQuote, first_char(site.span(1..2), site), 0..end);
    let is_whole = end == 2 && !value.contains(['“', '‘', '”', '’']);
    Some(answer.fix_if(is_whole.then(|| site.edits().write(site.span(1..2), &quote(value)))))
}

/// `meta.“user info”.“plan type” contains gold`: only one part of a name may be in curly quotes.
pub(super) fn curly_in_name(site: &Site) -> Option<Answer> {
    const MOST: usize = 8;
    let is_name = site.kind(0) == Kind::Word && [".“", ".‘"].iter().any(|quoted| site.of(0).contains(quoted));
    let last = (1..MOST).find(|n| matches!(site.kind(*n), Kind::Clause(..) | Kind::Head(_))).filter(|_| is_name)?;
    let (Kind::Clause(head, _) | Kind::Head(head)) = site.kind(last) else { return None };
    let place = site.span(0..1).to(head.field);
    let straight = site.slice(place).replace(['“', '”', '‘', '’'], "\"");
    let answer = site.answer_at(Said::Unexpected { found: excerpt(site.of(0)) }, site.span(0..1), 0..last + 1);
    let answer = answer.help("write a name in straight quotes");
    let clause = straight.clone() + site.slice(Span::new(place.end(), site.span(0..last + 1).end()));
    Some(answer.fix_if(site.accepts(&clause).then(|| site.edits().write(place, &straight))))
}

/// `don't refund`, `refund!`: with a text field, a word with signs is probably a term.
pub(super) fn signs_in_text(site: &Site) -> Option<Answer> {
    let end = site.touching_end(0);
    let place = site.span(0..end);
    let text = site.slice(place).trim_end_matches('"');
    let is_sign = |char: char| matches!(char, '\'' | '’' | '-' | '!' | '?' | '.');
    let is_text =
        text.starts_with(char::is_alphabetic) && text.chars().all(|char| char.is_alphanumeric() || is_sign(char));
    if !site.context.has_text() || !is_text || site.kind(end) == Kind::Sign || site.field(text).is_some() {
        return None;
    }
    let title = "to search for it as text, put it in quotes";
    let fix = site.edits().replace(title, place, &quote(text));
    Some(site.unexpected(0..end, 0..end).fix(fix))
}

/// `model in ("gpt-4o, o1)`
pub(super) fn unclosed_in_list(site: &Site) -> Option<Answer> {
    site.broken().filter(|_| site.is_opening(1))?;
    let at = (2..48).find(|n| site.kind(*n) == Kind::Unclosed)?;
    let is_list = (2..at).all(|n| matches!(site.kind(n), Kind::Text | Kind::Comma | Kind::Word));
    if !is_list {
        return None;
    }
    let text = site.of(at);
    let mark = text.chars().next()?;
    let place = site.span(at..at + 1);
    let answer = site.answer_at(Said::UnclosedQuote, first_char(place, site), 0..at + 1);
    let end = text.find([',', ')', ']']).filter(|end| !text.get(..*end).is_some_and(|value| value.ends_with('\\')));
    let fix = end.map(|end| {
        let edit = Edit { span: Span::at(place.start() + end), text: mark.to_string() };
        Fix::new("close it after the value", vec![edit])
    });
    Some(answer.fix_if(fix))
}

/// `output contains any (don't, won't)`
pub(super) fn apostrophes_in_list(site: &Site) -> Option<Answer> {
    /// In characters. Looking further at each of many brackets would take quadratic time.
    const LONGEST: usize = 500;
    const MOST: usize = 48;
    let head = site.broken().filter(|_| site.is_opening(1))?;
    let first = (2..MOST).find(|n| !matches!(site.kind(*n), Kind::Text | Kind::Comma))?;
    if !matches!(site.kind(first), Kind::Word | Kind::Unclosed) || !site.of(first).contains('\'') {
        return None;
    }
    let open = site.span(1..2);
    let mut chars = site.sketch.text.get(open.end()..)?.char_indices().take(LONGEST);
    let (len, _) = chars.find(|(_, char)| matches!(char, ')' | ']'))?;
    let place = Span::new(open.end(), open.end() + len);
    let inside = site.slice(place);
    let quote_at = open.end() + inside.find('\'')?;
    let is_word = |word: &str| {
        let is_char = |char: char| char.is_alphanumeric() || matches!(char, '@' | '.' | '_' | '-' | ' ');
        word.split('\'').all(|part| !part.is_empty() && part.chars().all(is_char))
    };
    let values: Vec<&str> = inside.split(',').map(str::trim).collect();
    let end = site.items_before(place.end() + 1);
    if !values.iter().all(|value| is_word(value)) || site.span(0..end).end() > place.end() + 1 {
        return None;
    }
    let quoted = |value: &&str| if value.contains([' ', '\'']) { quote(value) } else { (*value).to_owned() };
    let text = values.iter().map(quoted).collect::<Vec<_>>().join(", ");
    let answer = site.answer_at(Said::UnclosedQuote, Span::new(quote_at, quote_at + 1), 0..end).help(APOSTROPHE);
    let is_good = site.accepts(&format!("{} ({text})", site.start(head)));
    is_good.then(|| answer.fix(site.edits().write(place, &text)))
}

/// `eval."Response Quality > 3`. Where the name ends is unknown.
pub(super) fn unclosed_in_name(site: &Site) -> Option<Answer> {
    let is_name = matches!(site.kind(0), Kind::Word) && site.of(0).ends_with('.');
    let is_unclosed = is_name && site.kind(1) == Kind::Unclosed && site.touches(1);
    let place = first_char(site.span(1..2), site);
    is_unclosed.then(|| site.answer_at(Said::UnclosedQuote, place, 0..2).help("close it after the name or the key"))
}

/// `meta."a"b contains x`, `meta.a"b" contains x`
pub(super) fn adjoining_in_name(site: &Site) -> Option<Answer> {
    if site.kind(0) != Kind::Word || !site.touches(1) {
        return None;
    }
    let end = site.touching_end(0);
    // `model=~"a|b"` has an operator of another language.
    if (1..end).any(|n| site.kind(n) == Kind::Sign) {
        return None;
    }
    let is_key = matches!(site.kind(1), Kind::Text | Kind::Word) && site.is_quoted(1);
    if end == 2 && site.of(0).ends_with('.') && is_key {
        return operator::after_quoted_key(site);
    }
    let quoted = (0..end).find(|n| {
        matches!(site.kind(*n), Kind::Word | Kind::Text | Kind::Clause(..) | Kind::Head(_)) && site.is_quoted(*n)
    })?;
    let text = site.of(quoted);
    let mark = text.chars().next()?;
    let len = text.get(1..)?.find(mark)? + 2;
    let start = site.span(quoted..quoted + 1).start();
    let name = site.of(0).split('.').next()?;
    site.field(name.trim_end_matches('.'))?;
    let mut last = end;
    while matches!(site.kind(last), Kind::Text | Kind::Word | Kind::Sign) && !site.names_field(last) {
        last += 1;
    }
    let answer = site.answer_at(Said::AdjoiningQuote, Span::new(start, start + len), 0..last);
    Some(answer.help("write a dot before a quoted key, as in meta.\"user type\""))
}

/// `"a""b"`, `a"b"`
pub(super) fn adjoining_in_text(site: &Site) -> Option<Answer> {
    let end = site.touching_end(0);
    let are_words = (0..end).all(|n| matches!(site.kind(n), Kind::Word | Kind::Text));
    // Before a sign it is a name.
    if end == 1 || !are_words || site.kind(end) == Kind::Sign || !(0..end).any(|n| site.is_quoted(n)) {
        return None;
    }
    let answer = site.answer(Said::AdjoiningQuote, 0..end, 0..end);
    let answer = answer.help("put quotes around each whole string, with white space between them");
    if !site.context.has_text() {
        return Some(answer);
    }
    let quoted = |n: usize| if site.is_quoted(n) { site.of(n).to_owned() } else { quote(site.of(n)) };
    let apart = (0..end).map(quoted).collect::<Vec<_>>().join(" ");
    let answer = answer.fix(site.in_quotes(0..end));
    Some(if site.group.negations > 0 { answer } else { answer.fix(site.edits().write(site.span(0..end), &apart)) })
}

/// `output:-"refund policy"`: the minus may negate the clause, or be part of the value.
pub(super) fn minus_before(site: &Site) -> Option<Answer> {
    let head = site.broken().filter(|head| head.verb == Verb::Natural)?;
    let is_minus = site.kind(1) == Kind::Not && site.of(1) == "-" && site.touches(1);
    if !is_minus || site.kind(2) != Kind::Text || !site.is_quoted(2) {
        return None;
    }
    let place = site.span(1..3);
    let answer = site.answer_at(Said::AdjoiningQuote, place, 0..3);
    let answer = answer.help("put quotes around the whole value, with white space after them");
    let name = site.name(head);
    let negated = format!("-{name}:{}", site.of(2));
    let is_first = site.group.negations == 0;
    let answer = answer.fix_if(is_first.then(|| site.edits().write(site.span(0..3), &negated)));
    let inside = site.of(2).get(1..site.of(2).len() - 1).unwrap_or_default();
    Some(value::offer_quotes(site, answer, head, place, &format!("-{inside}")))
}
