//! What was likely meant by a name or a value that is none.

use jiff::Timestamp;

use crate::catalog::{Catalog, Field, Type};
use crate::{time, value};

/// The names nearest to one that is unknown, nearest first; none rather than a silly one.
pub(crate) fn nearest<'n>(typed: &str, names: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    const MOST: usize = 3;
    // Long texts are no typing errors, and distances cost their product.
    const LONGEST: usize = 60;
    if typed.len() > LONGEST {
        return Vec::new();
    }
    let typed = typed.to_lowercase().replace([' ', '-'], "_");
    let allowed = typed.chars().count().div_ceil(4).clamp(1, 3);
    let mut near: Vec<(usize, &str)> = names
        .filter(|name| name.len().abs_diff(typed.len()) <= allowed)
        .map(|name| (strsim::osa_distance(&typed, name), name))
        // An error in each letter is another word.
        .filter(|(distance, name)| *distance <= allowed && *distance * 2 < name.len())
        .collect();
    near.sort_unstable();
    // Far candidates beside a near one only distract.
    let best = near.first().map_or(0, |(distance, _)| *distance);
    near.into_iter().take_while(|(distance, _)| *distance <= best + 1).map(|(_, name)| name).take(MOST).collect()
}

/// What other tools call the fields.
const SYNONYMS: &[(&str, &str)] = &[
    ("answer", "completion_output"),
    ("author", "evaluation_notes.author"),
    ("completion", "completion_output"),
    ("created", "start_time"),
    ("created_at", "start_time"),
    ("date", "start_time"),
    ("deployment", "environment"),
    ("duration", "latency"),
    ("elapsed", "latency"),
    ("engine", "model"),
    ("evaluation", "completion_evaluation_results"),
    ("evaluations", "completion_evaluation_results"),
    ("evals", "completion_evaluation_results"),
    ("llm", "model"),
    ("message", "completion_output"),
    ("notes", "evaluation_notes.content"),
    ("owner", "assignee"),
    ("price", "cost"),
    ("response", "completion_output"),
    ("response_time", "latency"),
    ("reviewer", "assignee"),
    ("score", "completion_evaluation_results"),
    ("scores", "completion_evaluation_results"),
    ("spend", "cost"),
    ("stage", "environment"),
    ("text", "completion_output"),
    ("timestamp", "start_time"),
    ("variables", "completion_inputs"),
    ("vendor", "provider"),
];

/// Paths like one whose field is unknown: its first part, or its first two, replaced by a name.
pub(crate) fn fields(path: &str, catalog: &Catalog) -> Vec<String> {
    // A sign before a name is another language's way to mark it as one.
    let path = path.trim_start_matches(['@', '$', '.', '+', '?', '`', '{', '[']).trim_end_matches(['`', '}', ']']);
    let ends = || path.match_indices('.').map(|(dot, _)| dot).take(2).chain(std::iter::once(path.len()));
    let replaced = |names: &dyn Fn(&str) -> Vec<String>| {
        ends().map(|end| path.split_at_checked(end).unwrap_or((path, ""))).find_map(|(name, key)| {
            let near = names(name).into_iter();
            let fitting = near.filter(|near| catalog.get(near).is_some_and(Field::is_keyed) != key.is_empty());
            let found: Vec<String> = fitting.map(|near| format!("{near}{key}")).collect();
            (!found.is_empty()).then_some(found)
        })
    };
    let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect::<Vec<_>>();
    replaced(&|name| owned(nearest(name, catalog.names())))
        .or_else(|| {
            replaced(&|name| {
                let known = SYNONYMS.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
                let ours = known.map(|(_, ours)| *ours);
                let others = holding(name, catalog).into_iter().filter(|other| Some(*other) != ours);
                owned(ours.into_iter().chain(others).collect())
            })
        })
        .unwrap_or_default()
}

/// Names of which a name is a part: `metadata` of `session_custom_metadata`.
fn holding<'c>(part: &str, catalog: &'c Catalog) -> Vec<&'c str> {
    const SHORTEST: usize = 5;
    const MOST: usize = 3;
    if part.len() < SHORTEST {
        return Vec::new();
    }
    let part = part.to_lowercase().replace(['-', ' '], "_");
    let is_part = |name: &&str| {
        let padded = format!("_{}_", name.replace('.', "_"));
        padded.contains(&format!("_{part}_"))
    };
    let names = catalog.fields().iter().map(Field::name);
    let found: Vec<&str> = names.filter(is_part).collect();
    // Where many fit, none was meant more than another.
    if found.len() > MOST { Vec::new() } else { found }
}

/// The value of a type that a text stands for elsewhere, in the form of this language.
pub(crate) fn value(text: &str, ty: Type) -> Option<String> {
    const LONGEST: usize = 60;
    let text = text.trim();
    if text.len() > LONGEST {
        return None;
    }
    match ty {
        Type::Time => time(text),
        Type::Seconds => duration(text),
        Type::Usd => money(text).or_else(|| number(text)),
        Type::Number | Type::Score => number(text),
        Type::Uuid => uuid::Uuid::try_parse(text).ok().map(|id| id.to_string()).filter(|id| id != text),
        Type::Text | Type::Any => None,
    }
}

/// Whether a bare word is likely no value but a part of another language, and what it is without
/// that: a placeholder that was not filled in, quotes that are none here, the end of a statement.
pub(crate) fn doubtful(word: &str) -> Option<Option<&str>> {
    let between = |open, close| word.strip_prefix(open).and_then(|rest: &str| rest.strip_suffix(close));
    let sound = |text: &&str| !text.is_empty();
    match (word.chars().next()?, word.chars().next_back()?) {
        ('`', '`') => between('`', '`').filter(sound).map(Some),
        ('«', '»') => between('«', '»').filter(sound).map(Some),
        (_, ';') => word.strip_suffix(';').filter(sound).map(Some),
        ('{' | '$', '}') => (word.starts_with('{') || word.starts_with("${")).then_some(None),
        ('%', 's') if word == "%s" => Some(None),
        ('?', '?') if word == "?" => Some(None),
        ('N' | 'n' | 'u', _) if matches!(word, "None" | "nil" | "undefined") => Some(None),
        _ => None,
    }
}

fn number(text: &str) -> Option<String> {
    let text = text.strip_prefix('+').unwrap_or(text);
    let plain = match (text.split_once(','), text.split_once('.')) {
        // 1,000.5, and 1,000 where it is no decimal comma.
        (Some((_, fraction)), None) if fraction.len() != 3 && !fraction.contains(',') => text.replace(',', "."),
        (Some(_), Some((whole, fraction))) if fraction.contains(',') && !whole.contains(',') => {
            text.replace('.', "").replace(',', ".")
        }
        _ => text.replace([',', ' ', '\'', '\u{A0}', '\u{202F}'], ""),
    };
    let plain = match plain.strip_suffix(['k', 'K']) {
        Some(thousands) if value::number(thousands).is_ok_and(|number| number.as_integer().is_some()) => {
            format!("{thousands}000")
        }
        _ => plain,
    };
    value::number(&plain).is_ok().then_some(plain)
}

fn money(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let cents = ["cents", "cent", "¢"].iter().find_map(|unit| lower.strip_suffix(unit));
    if let Some(cents) = cents {
        let cents: u32 = cents.trim_end().parse().ok()?;
        return Some(format!("${}.{:02}", cents / 100, cents % 100));
    }
    let bare = ["dollars", "dollar", "bucks", "usd", "us$", "$"]
        .iter()
        .find_map(|unit| lower.strip_suffix(unit).or_else(|| lower.strip_prefix(unit)))?;
    number(bare.trim_matches([' ', '$'])).map(|amount| format!("${amount}"))
}

fn duration(text: &str) -> Option<String> {
    let mut out = String::new();
    for (amount, unit) in amounts(text)? {
        let unit = match unit.to_ascii_lowercase().as_str() {
            "ms" | "msec" | "msecs" | "millis" | "millisecond" | "milliseconds" => "ms",
            "s" | "sec" | "secs" | "second" | "seconds" => "s",
            "m" | "min" | "mins" | "minute" | "minutes" => "m",
            "h" | "hr" | "hrs" | "hour" | "hours" => "h",
            _ => return None,
        };
        out.push_str(amount);
        out.push_str(unit);
    }
    value::is_duration(&out).then_some(out)
}

/// Splits `5 minutes 30s` into numbers and units.
fn amounts(text: &str) -> Option<Vec<(&str, &str)>> {
    let mut found = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let end = rest.find(|char: char| !matches!(char, '0'..='9' | '.' | '_'))?;
        let (amount, after) = rest.split_at_checked(end)?;
        let after = after.trim_start();
        let end = after.find(|char: char| !char.is_alphabetic()).unwrap_or(after.len());
        let (unit, after) = after.split_at_checked(end)?;
        if amount.is_empty() || unit.is_empty() {
            return None;
        }
        found.push((amount, unit));
        rest = after.trim_start();
    }
    Some(found)
}

fn time(text: &str) -> Option<String> {
    let joined: String = text.chars().filter(|char| !char.is_whitespace() && !matches!(char, '(' | ')')).collect();
    let candidates = [rounded(&joined), named(&joined), ago(text), digits(text), month(text)];
    // Whatever is proposed is read once more, so that nothing is proposed that is no time either.
    candidates.into_iter().flatten().find(|time| time != text && time::fits(time))
}

/// `now - 7d`, `now()-7d`, and `now-7d/d`, which is rounded down to the day.
fn rounded(joined: &str) -> Option<String> {
    match joined.strip_suffix("/d") {
        Some(time) => Some(time.replacen("now", "today", 1)),
        None => joined.starts_with("now").then(|| joined.to_owned()),
    }
}

fn named(joined: &str) -> Option<String> {
    let time = match joined.to_ascii_lowercase().replace(['_', '-'], "").as_str() {
        "startofday" | "thisday" | "currentdate" | "curdate" | "today" => "today",
        "startofyesterday" | "lastday" | "yesterday" => "yesterday",
        "currenttimestamp" | "getdate" | "sysdate" => "now",
        _ => return None,
    };
    Some(time.to_owned())
}

/// `7 days ago`, `last 7 days`, `-7d`, `now() - interval '7 days'`, `now-7days`.
fn ago(text: &str) -> Option<String> {
    let mut amount = None;
    let mut unit = None;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_alike = |char: char| char.is_ascii_digit() == first.is_ascii_digit() && char.is_alphanumeric();
        let len = rest.find(|char| !is_alike(char)).unwrap_or(rest.len()).max(first.len_utf8());
        let (word, after) = rest.split_at_checked(len)?;
        rest = after;
        if !first.is_alphanumeric() {
            continue;
        }
        match word.to_ascii_lowercase().as_str() {
            "ago" | "last" | "past" | "previous" | "the" | "in" | "now" | "interval" => {}
            number if number.bytes().all(|byte| byte.is_ascii_digit()) && amount.is_none() => {
                amount = Some(word.to_owned());
            }
            // Grafana and Elasticsearch write months so.
            _ if word == "M" => unit = Some("mo"),
            "s" | "sec" | "secs" | "second" | "seconds" => unit = Some("s"),
            "m" | "min" | "mins" | "minute" | "minutes" => unit = Some("m"),
            "h" | "hr" | "hrs" | "hour" | "hours" => unit = Some("h"),
            "d" | "day" | "days" => unit = Some("d"),
            "w" | "wk" | "week" | "weeks" => unit = Some("w"),
            "mo" | "mon" | "month" | "months" => unit = Some("mo"),
            "y" | "yr" | "year" | "years" => unit = Some("y"),
            _ => return None,
        }
    }
    // A plus looks into the future.
    (!text.contains('+')).then_some(format!("now-{}{}", amount?, unit?))
}

/// `2024/06/01`, `2024-6-1`, `20240601`, `2024-06-01T10`, `25/12/2024`, and seconds since 1970.
fn digits(text: &str) -> Option<String> {
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number(text) && matches!(text.len(), 10 | 13) {
        let number: i64 = text.parse().ok()?;
        let at = if text.len() == 10 { Timestamp::from_second(number) } else { Timestamp::from_millisecond(number) };
        return at.ok().filter(|at| at.subsec_nanosecond() == 0).map(|at| at.to_string());
    }
    if let (true, Some((year, rest))) = (is_number(text) && text.len() == 8, text.split_at_checked(4)) {
        let (month, day) = rest.split_at_checked(2)?;
        return Some(format!("{year}-{month}-{day}"));
    }
    let (date, time) = match text.split_once(['T', 't', ' ']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let parts: Vec<&str> = date.split(['-', '/', '.']).collect();
    let &[first, second, third] = parts.as_slice() else { return None };
    let beyond_months = |part: &str| part.parse().is_ok_and(|number: u8| number > 12);
    let (year, month, day) = match (first.len(), third.len()) {
        (4, 1 | 2) => (first, second, third),
        // With a day that is no month, the order is sure.
        (1 | 2, 4) if beyond_months(first) => (third, second, first),
        (1 | 2, 4) if beyond_months(second) => (third, first, second),
        _ => return None,
    };
    let date = format!("{year}-{month:0>2}-{day:0>2}");
    Some(match time {
        Some(time) if time.contains(':') => format!("{date}T{time}"),
        Some(hour) => format!("{date}T{hour}:00"),
        None => date,
    })
}

/// `1 June 2024`, `June 1st, 2024`, `Jun 2024`.
fn month(text: &str) -> Option<String> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let (mut year, mut month, mut day) = (None, None, None);
    for word in text.split([' ', ',', '-', '/', '.']).filter(|word| !word.is_empty()) {
        let word = word.to_ascii_lowercase();
        let ordinal = ["st", "nd", "rd", "th"].iter().find_map(|ending| word.strip_suffix(ending));
        let number = ordinal.unwrap_or(&word).to_owned();
        if word.bytes().all(|byte| byte.is_ascii_digit()) && word.len() == 4 {
            year = Some(word);
        } else if !number.is_empty() && number.len() <= 2 && number.bytes().all(|byte| byte.is_ascii_digit()) {
            day = Some(number);
        } else {
            let start = word.get(..3)?;
            month = Some(1 + MONTHS.iter().position(|month| *month == start)?);
        }
    }
    let (year, month) = (year?, month?);
    Some(day.map_or_else(|| format!("{year}-{month:02}"), |day| format!("{year}-{month:02}-{day:0>2}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_errors_are_recognised() {
        let catalog = Catalog::builtin();
        for (typed, meant) in [
            ("modle", "model"),
            ("cots", "cost"),
            ("latancy", "latency"),
            ("Model", "model"),
            ("start-time", "start_time"),
            ("enviroment", "environment"),
            ("evn", "env"),
            ("mta.user_type", "meta.user_type"),
            ("evaluation_notes.contnt", "evaluation_notes.content"),
            ("trace_evaluation_result.Quality Score", "trace_evaluation_results.Quality Score"),
            ("@start_time", "start_time"),
            ("duration", "latency"),
            ("score.Quality", "completion_evaluation_results.Quality"),
            ("custom_metadata.plan", "session_custom_metadata.plan"),
            ("content", "evaluation_notes.content"),
        ] {
            assert_eq!(fields(typed, &catalog).first().map(String::as_str), Some(meant), "{typed}");
        }
    }

    #[test]
    fn near_names_are_near_for_their_length() {
        let near = |typed: &str, names: &[&'static str]| nearest(typed, names.iter().copied());
        assert_eq!(near("abx", &["abc"]), ["abc"]);
        assert_eq!(near("ax", &["ab"]), [""; 0], "an error in two letters");
        assert_eq!(near("abcdefghijkl", &["abcdxxxxijkl"]), [""; 0]);
        // One that is a little farther is offered too, and one that is much farther is not.
        assert_eq!(near("abcdefghi", &["abcdefgxx", "abcdefghx", "abcdefxxx"]), ["abcdefghx", "abcdefgxx"]);
        assert_eq!(near("abcde", &["abcdx", "abcxe", "abxde", "axcde"]), ["abcdx", "abcxe", "abxde"]);
        let name: &'static str = "a_name_of_exactly_sixty_characters_which_is_still_a_good_one";
        assert_eq!(near(&name.replace("good", "goof"), &[name]), [name]);
        assert_eq!(near(&name.replace("good", "goood"), &[name]), [""; 0]);
    }

    #[test]
    fn parts_of_names_are_found_where_few_hold_them() {
        let catalog = Catalog::builtin();
        assert_eq!(holding("Custom-Metadata", &catalog), ["session_custom_metadata", "trace_custom_metadata"]);
        assert_eq!(holding("inputs", &catalog), ["completion_inputs"]);
        assert_eq!(holding("input", &catalog), ["trace_input"]);
        assert_eq!(holding("evaluation_notes", &catalog).len(), 3);
        assert_eq!(holding("completion", &catalog), [""; 0], "too many");
        assert_eq!(holding("name", &catalog), [""; 0], "too short");
    }

    #[test]
    fn parts_of_other_languages_are_doubted() {
        for (word, mended) in [("`x`", "x"), ("«x»", "x"), ("x;", "x")] {
            assert_eq!(doubtful(word), Some(Some(mended)), "{word}");
        }
        for word in ["{{model}}", "{model}", "${model}", "%s", "?", "None", "nil", "undefined"] {
            assert_eq!(doubtful(word), Some(None), "{word}");
        }
        for word in ["", ";", "``", "«»", "$x}", "%ops", "?x?", "none", "Nobody", "null", "unknown", "x}", "`x", "a;b"]
        {
            assert_eq!(doubtful(word), None, "{word}");
        }
    }

    /// A text that long was not meant as a number.
    #[test]
    fn only_short_values_are_looked_at() {
        let number = |digits: usize| format!("1,{}", "5".repeat(digits));
        assert!(value(&number(58), Type::Number).is_some());
        assert_eq!(value(&number(59), Type::Number), None);
    }

    #[test]
    fn silly_suggestions_are_not_made() {
        let catalog = Catalog::builtin();
        for typed in
            ["user", "foo", "x", "temperature", "", "status_code", "has", "name", "time.zone", &"model".repeat(100)]
        {
            assert_eq!(fields(typed, &catalog), Vec::<String>::new(), "{typed}");
        }
    }

    #[test]
    fn values_of_other_languages_are_understood() {
        for (text, ty, meant) in [
            ("7 days ago", Type::Time, "now-7d"),
            ("last 7 days", Type::Time, "now-7d"),
            ("90 seconds ago", Type::Time, "now-90s"),
            ("5 min ago", Type::Time, "now-5m"),
            ("2 hours ago", Type::Time, "now-2h"),
            ("last 2 weeks", Type::Time, "now-2w"),
            ("3 months ago", Type::Time, "now-3mo"),
            ("past 1 year", Type::Time, "now-1y"),
            ("last_30_minutes", Type::Time, "now-30m"),
            ("last7d", Type::Time, "now-7d"),
            ("-7d", Type::Time, "now-7d"),
            ("now - 7d", Type::Time, "now-7d"),
            ("now() - interval '7 days'", Type::Time, "now-7d"),
            ("now-7days", Type::Time, "now-7d"),
            ("now-1M", Type::Time, "now-1mo"),
            ("now/d", Type::Time, "today"),
            ("now-7d/d", Type::Time, "today-7d"),
            ("startOfDay()", Type::Time, "today"),
            ("startOfYesterday()", Type::Time, "yesterday"),
            ("CURRENT_TIMESTAMP", Type::Time, "now"),
            ("2024/06/01", Type::Time, "2024-06-01"),
            ("2024-6-1", Type::Time, "2024-06-01"),
            ("20240601", Type::Time, "2024-06-01"),
            ("2024-06-01T10", Type::Time, "2024-06-01T10:00"),
            ("25/12/2024", Type::Time, "2024-12-25"),
            ("12/25/2024", Type::Time, "2024-12-25"),
            ("1 June 2024", Type::Time, "2024-06-01"),
            ("June 1st, 2024", Type::Time, "2024-06-01"),
            ("Jun 2024", Type::Time, "2024-06"),
            ("1717200000", Type::Time, "2024-06-01T00:00:00Z"),
            ("1717200000000", Type::Time, "2024-06-01T00:00:00Z"),
            ("5 seconds", Type::Seconds, "5s"),
            ("1 minute 30 sec", Type::Seconds, "1m30s"),
            ("250 msec", Type::Seconds, "250ms"),
            ("5S", Type::Seconds, "5s"),
            ("2 hours", Type::Seconds, "2h"),
            ("5 USD", Type::Usd, "$5"),
            ("0.01usd", Type::Usd, "$0.01"),
            ("5$", Type::Usd, "$5"),
            ("5 cents", Type::Usd, "$0.05"),
            ("1,5", Type::Usd, "1.5"),
            ("1.000,5", Type::Number, "1000.5"),
            ("1,000.5", Type::Number, "1000.5"),
            ("1,000", Type::Number, "1000"),
            ("1,00,000", Type::Number, "100000"),
            ("+5", Type::Number, "5"),
            ("5k", Type::Number, "5000"),
            ("3C90C3CC0D444B5088888DD25736052A", Type::Uuid, "3c90c3cc-0d44-4b50-8888-8dd25736052a"),
        ] {
            assert_eq!(value(text, ty).as_deref(), Some(meant), "{text}");
        }
    }

    #[test]
    fn values_that_could_mean_several_things_are_left_alone() {
        for (text, ty) in [
            ("06/01/2024", Type::Time),
            ("12/06/2024", Type::Time),
            ("06/12/2024", Type::Time),
            ("1.5 hours ago", Type::Time),
            ("last week", Type::Time),
            ("monday", Type::Time),
            ("10:00", Type::Time),
            ("7", Type::Time),
            ("in 7 days +1", Type::Time),
            ("31 February 2024", Type::Time),
            ("1.5k", Type::Number),
            ("xk", Type::Number),
            ("5d", Type::Seconds),
            ("5 parsecs", Type::Seconds),
            ("€5", Type::Usd),
            ("50%", Type::Usd),
            ("cheap", Type::Usd),
            ("42", Type::Uuid),
        ] {
            assert_eq!(value(text, ty), None, "{text}");
        }
    }
}
