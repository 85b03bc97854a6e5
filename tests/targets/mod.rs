//! Properties that hold for every input, including hostile input. Fuzzing looks for inputs that violate
//! them, and the tests keep those that once did.
#![allow(dead_code, reason = "each test uses some of them")]

#[path = "../edits/mod.rs"]
pub(crate) mod edits;
mod law;
#[cfg(feature = "matches")]
mod padded;
mod tokens;

use std::collections::HashSet;
use std::fmt::Debug;
use std::ops::Range;
use std::sync::LazyLock;

use serde_json::Value as Json;

use freeplay_filter::ast::{Clause, Expr, Predicate, Token, Value};
use freeplay_filter::editor::TokenKind;
use freeplay_filter::filter::{Condition, FieldFilter, Scalar};
use freeplay_filter::span::Unit;
use freeplay_filter::{
    Code, Compiler, Diagnostic, Edit, Error, Filter, Fix, Limits, Parameter, Parameters, Span, parse, visible_lines,
};

use super::common::compiler;

/// A property of all inputs: panics if it does not hold.
pub(crate) type Target = fn(&[u8]);

/// All targets by name.
pub(crate) const TARGETS: &[(&str, Target)] = &[
    ("compile", compile),
    ("text", text),
    ("json", json),
    ("format", format),
    ("parameters", parameters),
    ("fixes", fixes),
    ("edits", law::edits),
    ("tokens", tokens::tokens_agree),
    ("highlight", highlight),
    #[cfg(feature = "matches")]
    ("meaning", meaning::meaning),
];

static COMPILER: LazyLock<Compiler> = LazyLock::new(compiler);

/// Strict about operators, and lenient about fields.
static OTHER: LazyLock<Compiler> = LazyLock::new(|| COMPILER.clone().strict(true).allow_unknown_fields(true));

/// With a text field.
static WITH_TEXT: LazyLock<Compiler> = LazyLock::new(|| COMPILER.clone().text_field("completion_output").unwrap());

/// Whether JSON is a filter of the API, by the schema in tests/schema. Implemented in code, since a validator
/// would take most of the fuzzing time.
pub(crate) fn fits_schema(json: &Json) -> bool {
    let Some(object) = json.as_object() else { return false };
    let parts = |parts: &Json| parts.as_array().is_some_and(|parts| !parts.is_empty() && parts.iter().all(fits_schema));
    let single = |value: &Json| value.is_string() || value.is_number();
    match (object.len(), object.get("op").and_then(Json::as_str)) {
        (0, _) => true,
        (1, _) => {
            object.get("and").is_some_and(parts)
                || object.get("or").is_some_and(parts)
                || object.get("not").is_some_and(fits_schema)
        }
        (3, Some(op)) => {
            object.get("field").and_then(Json::as_str).is_some_and(|name| !name.is_empty())
                && object.get("value").is_some_and(|value| match op {
                    "eq" | "gt" | "gte" | "lt" | "lte" | "contains" => single(value),
                    "between" => {
                        value.as_array().is_some_and(|ends| ends.len() == 2 && ends.iter().all(Json::is_number))
                    }
                    _ => false,
                })
        }
        _ => false,
    }
}

fn must<T, E: std::fmt::Display>(result: Result<T, E>, about: &dyn Debug) -> T {
    result.unwrap_or_else(|error| panic!("{about:?}\n{error}"))
}

/// Text compiles or is rejected. The result is JSON by the API's schema, within the limits, that is parsed
/// as the same filter. The diagnostics have spans in the text, and are short.
fn compile(data: &[u8]) {
    let text = &*String::from_utf8_lossy(data);
    for compiler in [&*COMPILER, &*OTHER, &*WITH_TEXT] {
        let filter = match compiler.compile(text) {
            Ok(compiled) => {
                assert!(compiled.warnings.iter().all(|found| !is_error(found)), "{text:?}");
                are_sound(text, &compiled.warnings);
                let explanation = must(compiler.explain(text), &text);
                let shown = explanation.to_string();
                assert_eq!(shown.lines().count(), explanation.lines.len(), "{text:?}\n{shown}");
                hides_nothing(&shown);
                compiled.filter
            }
            Err(error) => {
                assert!(error.diagnostics().iter().any(is_error), "{text:?}");
                are_sound(text, error.diagnostics());
                let _ = error.to_json();
                #[cfg(feature = "render")]
                assert!(error.render(true).len() >= error.render(false).len());
                continue;
            }
        };
        let json = serde_json::to_string(&filter).unwrap();
        assert!(json.len() <= Limits::default().json_bytes);
        let named = !json.contains(r#""field":"""#);
        let value = serde_json::from_str(&json).unwrap();
        // Only an unknown field may have an empty name.
        assert!(fits_schema(&value) || !named && std::ptr::eq(compiler, &*OTHER), "{text:?}\n{json}");
        assert_eq!(&must(Filter::from_json(&json), &text), &filter, "{text:?}");
        assert_eq!(filter.canonical(), filter, "{text:?}");
    }
}

fn is_error(found: &Diagnostic) -> bool {
    found.severity == freeplay_filter::diagnostic::Severity::Error
}

/// Diagnostics have spans in the text, short messages on one line, and applicable fixes.
fn are_sound(text: &str, diagnostics: &[Diagnostic]) {
    assert!(diagnostics.len() <= 300, "{text:?}");
    for found in diagnostics {
        let short = found.to_line(text);
        assert_eq!(short.lines().count(), 1, "{text:?}\n{short}");
        hides_nothing(&short);
        let about = || format!("{text:?}\n{found:?}");
        let places = found.span().into_iter().chain(found.labels.iter().map(|label| label.span));
        let edits = found.fixes.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
        assert!(places.chain(edits).all(|span| text.get(span.range()).is_some()), "{}", about());
        let help = found.help.as_deref().unwrap_or_default();
        for said in [&found.to_string(), help].into_iter().chain(found.fixes.iter().map(|fix| fix.title.as_str())) {
            assert!(said.len() < 1500 && !said.contains('\n'), "{}", about());
        }
        #[cfg(feature = "render")]
        hides_nothing(&found.render(text, false));
        for fix in &found.fixes {
            assert!(fix.edits.is_sorted_by(|left, right| left.span.end() <= right.span.start()), "{}", about());
        }
    }
}

/// Nothing displayed to people is invisible or controls a terminal.
fn hides_nothing(shown: &str) {
    assert_eq!(visible_lines(shown), shown);
}

fn reread(printed: &str, text: &str) -> Expr<'static> {
    must(parse(printed), &(text, printed)).into_owned().expr.without_spans()
}

/// A printed query is parsed as the same tree.
fn text(data: &[u8]) {
    let text = &*String::from_utf8_lossy(data);
    let Ok(query) = parse(text) else { return };
    let line = query.to_string();
    let expr = query.expr.clone().without_spans();
    assert_eq!(reread(&line, text), expr, "{text:?}\n{line:?}");
    assert_eq!(must(parse(&line), &text).to_string(), line, "{text:?}");
    for compiler in [&*COMPILER, &*OTHER, &*WITH_TEXT] {
        let Ok(compiled) = compiler.compile(text) else { continue };
        assert_eq!(must(compiler.compile(&line), &(text, &line)).filter, compiled.filter, "{text:?}\n{line:?}");
        let raised = must(compiler.raise(&compiled.filter), &text).to_string();
        let again = must(compiler.compile(&raised), &(text, &raised)).filter;
        assert_eq!(again, compiled.filter, "{text:?}\n{raised:?}");
    }
}

/// JSON is read alike by all functions, serialized as it was read, and raised to a query that compiles to
/// its canonical form.
fn json(data: &[u8]) {
    let text = &*String::from_utf8_lossy(data);
    let filter = match Filter::from_json(text) {
        Ok(filter) => filter,
        Err(error) => {
            assert!(error.to_string().len() < 3000, "{text:?}\n{error}");
            let _ = error.to_json();
            #[cfg(feature = "render")]
            assert!(error.render(true).len() >= error.render(false).len());
            return;
        }
    };
    assert_eq!(must(serde_json::from_str::<Filter>(text), &text), filter);
    assert_eq!(must(Filter::from_value(&serde_json::from_str(text).unwrap()), &text), filter);
    assert_eq!(must(Filter::from_body(text), &text), filter);
    assert_eq!(must(Filter::from_body(&format!("{{\"filters\":{text}}}")), &text), filter);
    let written = serde_json::to_string(&filter).unwrap();
    assert_eq!(must(Filter::from_json(&written), &text), filter);
    let canonical = filter.canonical();
    assert_eq!(canonical.canonical(), canonical, "{text:?}");
    for compiler in [&*COMPILER, &*OTHER, &*WITH_TEXT] {
        let query = match compiler.raise(&filter) {
            Ok(query) => query.to_string(),
            Err(error) => {
                assert!(error.diagnostics().iter().any(is_error), "{text:?}");
                continue;
            }
        };
        let lowered = must(compiler.compile(&query), &(text, &query)).filter;
        let json = |filter| serde_json::to_string(filter).unwrap();
        // Equal floats may differ in the sign of zero, but their JSON may not.
        assert_eq!(json(&lowered), json(&canonical), "{text:?}\n{query:?}");
    }
}

/// Formatting is idempotent, keeps the tree, and loses no comment.
fn format(data: &[u8]) {
    let text = &*String::from_utf8_lossy(data);
    let Ok(query) = parse(text) else { return };
    let pretty = query.pretty();
    let again = must(parse(&pretty), &(text, &pretty));
    assert_eq!(again.pretty(), pretty, "{text:?}");
    let comments = |query: &freeplay_filter::Query| -> Vec<String> {
        query.comments.iter().map(|comment| comment.text.trim_end().to_owned()).collect()
    };
    assert_eq!(comments(&again), comments(&query), "{text:?}\n{pretty:?}");
    assert_eq!(
        again.into_owned().expr.without_spans(),
        query.into_owned().expr.without_spans(),
        "{text:?}\n{pretty:?}"
    );
}

/// The input is a query, a NUL, and the value of its parameters. Whatever the value, the filter is that for
/// any other value, with the value replaced.
fn parameters(data: &[u8]) {
    let (query, value) = data.split_at(data.iter().position(|&byte| byte == 0).unwrap_or(data.len()));
    let value = &*String::from_utf8_lossy(value.strip_prefix(&[0]).unwrap_or_default());
    let text = &*String::from_utf8_lossy(query);
    let Ok(query) = parse(text) else { return };
    let mut names = HashSet::new();
    clauses(&query.expr, &mut |clause| {
        names.extend(values(clause).filter_map(|value| match &value.token {
            Token::Parameter(name) => Some(name.to_string()),
            Token::Word(_) | Token::Quoted(_) => None,
        }));
    });
    let compiled = |value: &dyn Fn(&Scalar) -> Parameter, given: &Scalar| {
        let parameters = names.iter().fold(Parameters::new(), |all, name| all.with(name.as_str(), value(given)));
        OTHER.lower(&query, &parameters).ok().map(|compiled| compiled.filter)
    };
    let one = |given: &Scalar| match given {
        Scalar::String(text) => Parameter::from(text.as_str()),
        Scalar::Number(number) => Parameter::Number(*number),
    };
    let list = |given: &Scalar| Parameter::List(vec![one(given), one(given)]);
    let number = value.parse::<i64>().map_or(value.parse::<f64>().ok().map(Scalar::from), |number| Some(number.into()));
    let pairs = [(Some(Scalar::from(value)), Scalar::from("\u{1}marked")), (number, Scalar::from(-424_242.125))];
    for (given, marked) in pairs.into_iter().filter_map(|(given, marked)| Some((given?, marked))) {
        for kind in [&one as &dyn Fn(&Scalar) -> Parameter, &list] {
            let (Some(with_given), Some(with_marked)) = (compiled(kind, &given), compiled(kind, &marked)) else {
                continue;
            };
            assert_eq!(with_given, replaced(&with_marked, &marked, &given), "{text:?}\n{given:?}");
        }
    }
}

/// Returns the filter with one value replaced by another.
fn replaced(filter: &Filter, old: &Scalar, new: &Scalar) -> Filter {
    let all = |parts: &[Filter]| parts.iter().map(|part| replaced(part, old, new)).collect();
    let scalar = |scalar: &Scalar| if scalar == old { new.clone() } else { scalar.clone() };
    match filter {
        Filter::All => Filter::All,
        Filter::And(parts) => Filter::And(all(parts)),
        Filter::Or(parts) => Filter::Or(all(parts)),
        Filter::Not(part) => !replaced(part, old, new),
        Filter::Field(FieldFilter { field, condition }) => Filter::Field(FieldFilter {
            field: field.clone(),
            condition: match condition {
                Condition::Compare(comparison, value) => Condition::Compare(*comparison, scalar(value)),
                Condition::Contains(value) => Condition::Contains(scalar(value)),
                Condition::Between(lower, upper) => {
                    let number = |number| match scalar(&Scalar::Number(number)) {
                        Scalar::Number(number) => number,
                        Scalar::String(_) => number,
                    };
                    Condition::Between(number(*lower), number(*upper))
                }
            },
        }),
    }
}

/// The tokens of any text cover it exactly once, in order and at character boundaries. Their offsets in
/// UTF-16 agree with those in bytes, and brackets are paired mutually.
fn highlight(data: &[u8]) {
    let text = &*String::from_utf8_lossy(data);
    for compiler in [&*COMPILER, &*OTHER, &*WITH_TEXT] {
        let tokens = compiler.highlight(text, Unit::Bytes);
        let in_utf16 = compiler.highlight(text, Unit::Utf16);
        assert_eq!(tokens.len(), in_utf16.len(), "{text:?}");
        let (mut at, mut utf16) = (0, 0);
        for (index, (token, same)) in tokens.iter().zip(&in_utf16).enumerate() {
            assert_eq!(token.start, at, "{text:?}");
            let written = text.get(token.range()).unwrap_or_else(|| panic!("inside a character: {text:?}"));
            assert!(!written.is_empty(), "{text:?}");
            at = token.end;
            let end = utf16 + written.encode_utf16().count();
            assert_eq!((same.kind, same.range()), (token.kind, utf16..end), "{text:?}");
            utf16 = end;
            if let Some(partner) = token.partner {
                assert_eq!(tokens[partner].partner, Some(index), "{text:?}");
            }
            if token.kind == TokenKind::WhiteSpace {
                assert!(written.chars().all(char::is_whitespace), "{text:?}");
            }
        }
        assert_eq!(at, text.len(), "{text:?}");
    }
}

fn clauses<'e, 'a>(expr: &'e Expr<'a>, each: &mut impl FnMut(&'e Clause<'a>)) {
    match expr {
        Expr::All(_) | Expr::Text(_) => {}
        Expr::Clause(clause) => each(clause),
        Expr::Not(_, part) => clauses(part, each),
        Expr::And(_, parts) | Expr::Or(_, parts) => parts.iter().for_each(|part| clauses(part, each)),
    }
}

fn values<'e, 'a>(clause: &'e Clause<'a>) -> impl Iterator<Item = &'e Value<'a>> {
    let values: Vec<&Value> = match &clause.predicate {
        Predicate::Natural(value) | Predicate::Compare(_, value) | Predicate::Contains(value) => vec![value],
        Predicate::ContainsAny(values) | Predicate::ContainsAll(values) | Predicate::In(values) => {
            values.iter().collect()
        }
        Predicate::Range(lower, upper) => lower.iter().chain(upper).collect(),
        Predicate::Between(lower, upper) => vec![lower, upper],
    };
    values.into_iter()
}

/// Every fix changes the text and removes its diagnostic, and nothing that it writes is rejected.
/// Repeatedly applying the first fix terminates.
fn fixes(data: &[u8]) {
    let text = &*String::from_utf8_lossy(data);
    let all = diagnostics(text);
    for found in &all {
        for fix in &found.fixes {
            let corrected = fix.apply(text);
            assert_ne!(corrected, text, "{found:?}");
            let left = diagnostics(&corrected);
            let about = || format!("{text:?}\n{found:?}\n{corrected:?}\n{left:?}");
            let lies_in = |other: &Diagnostic, place: Span| {
                let (found, place) = (other.span().unwrap(), moved(place, fix));
                place.start <= found.start() && found.end() <= place.end
            };
            // A hidden diagnostic may appear, equal and at the same position; then there is less of it.
            let count =
                |diagnostics: &[Diagnostic]| diagnostics.iter().filter(|other| other.kind == found.kind).count();
            let stays = left.iter().any(|other| other.kind == found.kind && lies_in(other, found.span().unwrap()));
            assert!(!stays || count(&left) < count(&all), "{}", about());
            // An invisible character or wrong sign can be fixed whatever surrounds it.
            if is_of_signs(fix) || matches!(found.code(), Code::InvisibleCharacter | Code::CurlyQuotes) {
                continue;
            }
            for other in left.iter().filter(|other| is_about_content(other.code())) {
                let written = fix.edits.iter().any(|edit| lies_in(other, edit.span));
                let was = all.iter().any(|found| found.kind == other.kind);
                assert!(!written || was || text.contains(other.span().unwrap().of(&corrected)), "{}", about());
            }
        }
    }
    let mut seen = HashSet::new();
    let mut current = text.to_owned();
    while seen.insert(current.clone()) {
        let Some(fix) = diagnostics(&current).into_iter().find_map(|found| found.fixes.into_iter().next()) else {
            return;
        };
        current = fix.apply(&current);
        assert!(seen.len() <= text.len() + 20, "{text:?}\n{current:?}");
    }
    panic!("{text:?} comes back: {current:?}");
}

/// Returns a position after a fix, including what the fix inserts there.
fn moved(place: Span, fix: &Fix) -> Range<usize> {
    let cut = |at: usize| fix.edits.iter().find(move |edit| edit.span.start() < at && at < edit.span.end());
    let start = cut(place.start()).map_or(place.start(), |edit| edit.span.start());
    let end = cut(place.end()).map_or(place.end(), |edit| edit.span.end());
    let shifted = |at: usize, with_inserted: bool| {
        let before = |edit: &&Edit| edit.span.end() <= at && (with_inserted || edit.span.start() < at);
        fix.edits.iter().filter(before).fold(at, |at, edit| at + edit.text.len() - edit.span.range().len())
    };
    shifted(start, false)..shifted(end, true)
}

/// Whether an error concerns a value or operator itself, not something missing next to it.
fn is_about_content(code: Code) -> bool {
    matches!(
        code,
        Code::UnexpectedKey
            | Code::UnsupportedOperator
            | Code::KeywordAsValue
            | Code::InvalidNumber
            | Code::NumberRange
            | Code::WrongUnit
            | Code::InvalidDuration
            | Code::InvalidUuid
            | Code::InvalidTime
            | Code::NoSuchTime
            | Code::TimeRange
            | Code::FractionalSecond
            | Code::Wildcard
            | Code::RegularExpression
            | Code::ExistenceTest
    )
}

/// Whether a fix only replaces signs.
fn is_of_signs(fix: &Fix) -> bool {
    let is_sign = |text: &str| !text.is_empty() && text.chars().all(|char| char.is_ascii_punctuation());
    fix.edits.iter().all(|edit| is_sign(&edit.text))
}

fn diagnostics(text: &str) -> Vec<Diagnostic> {
    match COMPILER.compile(text) {
        Ok(compiled) => compiled.warnings,
        Err(error) => Error::diagnostics(&error).to_vec(),
    }
}

#[cfg(feature = "matches")]
mod meaning {
    use std::collections::hash_map::DefaultHasher;
    use std::hash::{Hash, Hasher};

    use freeplay_filter::Truth;
    use freeplay_filter::filter::Comparison;
    use serde_json::{Map, json};

    use super::padded::padded;
    use super::*;

    /// A query matches a record exactly if its clauses, each compiled alone, say so. Its filter, that filter with
    /// redundant groups, and its canonical form agree.
    pub(super) fn meaning(data: &[u8]) {
        let text = &*String::from_utf8_lossy(data);
        let (Ok(query), Ok(compiled)) = (parse(text), WITH_TEXT.compile(text)) else { return };
        let filter = compiled.filter;
        let padded = padded(&filter);
        for seed in 0..3_u32 {
            let mut hasher = DefaultHasher::new();
            (seed, data).hash(&mut hasher);
            let mut fields = Map::new();
            fill(&filter, &mut hasher, &mut fields);
            let record = Json::Object(fields);
            let Some(meant) = holds(&query.expr, &record) else { return };
            assert_eq!(filter.matches(&record), meant, "{text:?}\n{record}");
            assert_eq!(padded.matches(&record), meant, "{text:?}\n{record}");
            assert_eq!(padded.canonical().matches(&record), meant, "{text:?}\n{record}");
        }
        assert_eq!(padded.canonical(), padded.canonical().canonical(), "{text:?}");
    }

    /// Evaluates groups by their meaning, and each clause for each of its values; `None` if one cannot be
    /// compiled alone.
    fn holds<'e>(expr: &'e Expr<'e>, record: &Json) -> Option<Truth> {
        match expr {
            Expr::All(_) => Some(Truth::True),
            Expr::Text(term) => {
                let clause = COMPILER.compile(&format!("completion_output contains {expr}")).ok()?;
                assert_eq!(WITH_TEXT.compile(&expr.to_string()).ok()?.filter, clause.filter, "{term:?}");
                Some(clause.filter.matches(record))
            }
            Expr::Not(_, part) => holds(part, record).map(|holds| !holds),
            Expr::And(_, parts) => all(parts, |part| holds(part, record)),
            Expr::Or(_, parts) => all(parts, |part| holds(part, record).map(|holds| !holds)).map(|none| !none),
            Expr::Clause(clause) => {
                let one = |predicate| single(clause, predicate, record);
                let eq = |value: &Value<'e>| one(Predicate::Compare(Comparison::Eq, value.clone()));
                let contains = |value: &Value<'e>| one(Predicate::Contains(value.clone()));
                let found = match &clause.predicate {
                    Predicate::In(values) => !all(values, |value| eq(value).map(|holds| !holds))?,
                    Predicate::ContainsAny(values) => !all(values, |value| contains(value).map(|holds| !holds))?,
                    Predicate::ContainsAll(values) => all(values, contains)?,
                    Predicate::Range(Some(lower), Some(upper)) => {
                        one(Predicate::Range(Some(lower.clone()), None))?
                            & one(Predicate::Range(None, Some(upper.clone())))?
                    }
                    Predicate::Between(lower, upper) => {
                        one(Predicate::Compare(Comparison::Gte, lower.clone()))?
                            & one(Predicate::Compare(Comparison::Lte, upper.clone()))?
                    }
                    Predicate::Natural(_) | Predicate::Compare(..) | Predicate::Contains(_) | Predicate::Range(..) => {
                        one(clause.predicate.clone())?
                    }
                };
                Some(if clause.negated { !found } else { found })
            }
        }
    }

    fn all<'t, T>(parts: &'t [T], mut holds: impl FnMut(&'t T) -> Option<Truth>) -> Option<Truth> {
        parts.iter().try_fold(Truth::True, |sum, part| Some(sum & holds(part)?))
    }

    fn single<'a>(clause: &Clause<'a>, predicate: Predicate<'a>, record: &Json) -> Option<Truth> {
        let alone = Expr::Clause(Clause { negated: false, predicate, ..clause.clone() });
        Some(COMPILER.compile(&alone.to_string()).ok()?.filter.matches(record))
    }

    /// Adds a value for each field of the filter, often exactly the one in the filter.
    fn fill(filter: &Filter, chance: &mut DefaultHasher, fields: &mut Map<String, Json>) {
        let Filter::Field(FieldFilter { field, condition }) = filter else {
            filter.children().iter().for_each(|part| fill(part, chance, fields));
            return;
        };
        field.hash(chance);
        let chosen = chance.finish();
        let value = match condition {
            Condition::Compare(_, Scalar::String(text)) => match chosen % 3 {
                0 => json!(text),
                // One second, or one letter, later.
                1 => json!(text.replace(":00", ":01")),
                _ => json!("2024-03-31 12:00:00"),
            },
            Condition::Contains(Scalar::String(text)) => match chosen % 3 {
                0 => json!(text),
                1 => json!(format!("one {} two", text.to_uppercase())),
                _ => json!("one two"),
            },
            Condition::Compare(_, Scalar::Number(number)) | Condition::Contains(Scalar::Number(number)) => {
                match chosen % 3 {
                    0 => serde_json::to_value(Scalar::Number(*number)).unwrap(),
                    1 => json!(number.as_f64() * 2.0 - 1.0),
                    _ => json!(0.5),
                }
            }
            Condition::Between(lower, upper) => match chosen % 3 {
                0 => serde_json::to_value(Scalar::Number(*lower)).unwrap(),
                1 => serde_json::to_value(Scalar::Number(*upper)).unwrap(),
                _ => json!(lower.as_f64() / 2.0 + upper.as_f64() / 2.0),
            },
        };
        if !chosen.is_multiple_of(5) {
            fields.insert(field.to_string(), value);
        }
    }
}
