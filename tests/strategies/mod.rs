//! Strategies for property tests: queries, filters and records, including hostile ones, generated without
//! regard to what the printer or the parser prefers.
#![allow(dead_code, reason = "each test uses some of them")]

pub(crate) mod fragments;
pub(crate) mod results;

use std::borrow::Cow;

use freeplay_filter::ast::{Clause, Expr, Field, Predicate, Token, Value};
use freeplay_filter::catalog::{Catalog, Type};
use freeplay_filter::filter::{Comparison, Condition, FieldFilter, Number, Op, Scalar};
use freeplay_filter::{Filter, Span};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Returns the settings of a property: `PROPTEST_CASES` can lower its number of cases, for a quick run. Failures are
/// printed in full, and become cases in tests/cases.
pub(crate) fn config(cases: u32) -> ProptestConfig {
    let most = std::env::var("PROPTEST_CASES").ok().and_then(|most| most.parse().ok()).unwrap_or(u32::MAX);
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases.min(most)) }
}

/// Generates untrusted strings: quotes, backslashes, control characters, keywords, patterns, syntax,
/// characters of every width, and the empty string.
pub(crate) fn hostile_text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-z]{1,8}",
        2 => select(vec![
            "", " ", "and", "OR", "Not", "in", "contains", "between", "any", "all", "null", "*", "gpt-*", "/re/",
            "$name", "$0.01", "$", "#", "# comment", "a#b", "-", "-x", "--", "a..b", "..", "1..5", ".", "a.", ".a",
            "\"", "'", "\\", "\\\"", "\\u0041", "“curly”", "‘x’", "don't", "don’t", "a\nb", "\r\n", "\t", "\u{0}",
            "\u{7f}", "\u{85}", "\u{a0}", "\u{2028}", "\u{200b}", "\u{feff}", "\u{202e}", "(", ")", "[a]", "a,b", "a=b",
            "<>", "!", "~", "|", "&&", ":", "a:b", "{", "{}", "{\"and\": []}", "2024-06-01", "now-7d", "500ms", "1_000",
            "true", "0", "-0.5", "1e400", "user@example.com", "https://example.com/x?a=b&c=d", "Ünï cödé", "日本語", "a，b", "（x）",
            "👩‍👩‍👧", "e\u{301}", "\u{10ffff}", "\u{e000}",
        ]).prop_map(str::to_owned),
        2 => begins_like_syntax(),
        2 => any::<String>(),
        1 => vec(any::<char>(), 0..6).prop_map(String::from_iter),
        1 => "[ -~]{0,20}",
    ]
}

/// The words that are syntax somewhere in the grammar, in several letter cases.
const SYNTAX_WORDS: [&str; 16] = [
    "and",
    "or",
    "not",
    "in",
    "contains",
    "between",
    "any",
    "all",
    "is",
    "like",
    "AND",
    "Or",
    "nOt",
    "ANY",
    "All",
    "contains any",
];

/// Generates a keyword or a quantifier, followed by something that may complete it.
fn begins_like_syntax() -> impl Strategy<Value = String> {
    let rest = ["", " ", "$", "$x", " $x", "(", "(x)", " (x)", "[", "[x]", " x", "..", ",", ":x"];
    (select(SYNTAX_WORDS.to_vec()), select(rest.to_vec())).prop_map(|(word, rest)| format!("{word}{rest}"))
}

/// Writes a field with a part of it in quotes, beginning and ending anywhere.
fn quoted_path() -> impl Strategy<Value = String> {
    let quotes = select(vec![("\"", "\""), ("'", "'"), ("“", "”"), ("‘", "’")]);
    (select(builtin_names()), key(), quotes, any::<[prop::sample::Index; 2]>()).prop_map(
        |(name, key, (opening, closing), ends)| {
            let mut parts: Vec<String> = format!("{name}.{key}").chars().map(String::from).collect();
            let mut ends = ends.map(|end| end.index(parts.len() + 1));
            ends.sort_unstable();
            parts.insert(ends[1], closing.to_owned());
            parts.insert(ends[0], opening.to_owned());
            parts.concat()
        },
    )
}

/// Generates text as it is typed: fragments of queries, whether they fit together or not.
pub(crate) fn typed_text() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        2 => quoted_path(),
        4 => select(vec![
            "meta.x", "model", "cost", "start_time", "=", ":", ":-", " contains ", "~", " contains any ", " in ", ">", "!=",
            " between ", "1 and 5", "(", ")", "[", "]", ",", "..", " ", " ", " and ", " or ", " not ", "-", "!", "*", "# c\n",
            "5", "now-7d", "$x", "\"", "'", "“", "”", "‘", "’", "`", "😀", "é",
        ]).prop_map(str::to_owned),
        1 => hostile_text(),
    ];
    vec(part, 0..9).prop_map(|parts| parts.concat())
}

/// Generates a key of a field with keys.
pub(crate) fn key() -> impl Strategy<Value = String> {
    prop_oneof![3 => "[a-z_]{1,8}", 1 => "[A-Z][a-z]{1,5} [A-Z][a-z]{1,5}", 1 => "[a-z.]{1,6}", 2 => hostile_text()]
}

/// Generates a bare word that the grammar accepts.
pub(crate) fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-z0-9][a-z0-9._:/@+-]{0,10}",
        1 => "[A-Za-z0-9_./:@+*%?^`{};\\\\-][A-Za-z0-9_./:@+*%?$#-]{0,8}",
        1 => select(vec!["gpt-*", "null", "any", "all", "in", "contains", "TO", "ünïcödé", "日本語", "$0.01", "1..5", "..", "don’t", "a，b", "（x）"])
            .prop_map(str::to_owned),
        1 => (select(SYNTAX_WORDS.to_vec()), select(vec!["", "$", "$x", "${x}", ".", "-x"]))
            .prop_map(|(word, rest)| format!("{}{rest}", word.split(' ').next().unwrap())),
    ]
    .prop_filter("keywords and ranges are not words", |word| {
        let is_keyword = ["and", "or", "not"].iter().any(|keyword| keyword.eq_ignore_ascii_case(word));
        !is_keyword && !ends_in_parameter(word)
    })
}

/// Whether a string ends in two dots and a parameter, which form a range: `5..$max`.
fn ends_in_parameter(word: &str) -> bool {
    let begins_name = |rest: &str| rest.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_');
    word.match_indices("..$").any(|(place, dots)| word.get(place + dots.len()..).is_some_and(begins_name))
}

fn any_token() -> impl Strategy<Value = Token<'static>> {
    prop_oneof![
        4 => word().prop_map(|word| Token::Word(word.into())),
        3 => hostile_text().prop_map(|text| Token::Quoted(text.into())),
        1 => "[a-zA-Z_][a-zA-Z0-9_]{0,5}".prop_map(|name| Token::Parameter(name.into())),
    ]
}

pub(crate) fn value(token: Token<'static>) -> Value<'static> {
    Value { span: Span::default(), token }
}

fn any_value() -> impl Strategy<Value = Value<'static>> {
    any_token().prop_map(value)
}

/// Generates one end of a range. Two dots inside it would be those of the range.
fn range_end() -> impl Strategy<Value = Value<'static>> {
    any_value().prop_filter("the range would be split elsewhere", |end| match &end.token {
        Token::Word(word) => !word.contains("..") && !word.starts_with('.') && !word.ends_with('.'),
        _ => true,
    })
}

/// In a list, makes words with full-width signs strings, as they are not bare values there.
fn string_in_list(value: Value<'static>) -> Value<'static> {
    match &value.token {
        Token::Word(word) if word.contains(['，', '（', '）']) => in_quotes(value),
        _ => value,
    }
}

/// After `contains`, makes `any`, `all` and `any$x` strings, as they are not bare values there.
fn string_of_quantifier(value: Value<'static>) -> Value<'static> {
    let is_quantifier = |word: &str| {
        let (start, rest) = word.split_at_checked(3).unwrap_or_default();
        matches!(start.to_ascii_lowercase().as_str(), "any" | "all") && (rest.is_empty() || rest.starts_with('$'))
    };
    match &value.token {
        Token::Word(word) if is_quantifier(word) => in_quotes(value),
        _ => value,
    }
}

fn any_comparison() -> impl Strategy<Value = Comparison> {
    select(vec![Comparison::Eq, Comparison::Gt, Comparison::Gte, Comparison::Lt, Comparison::Lte])
}

/// Generates any predicate that can be written, whether a field takes it or not, and whether it is negated.
fn any_predicate() -> impl Strategy<Value = (bool, Predicate<'static>)> {
    let list = || vec(any_value().prop_map(string_in_list), 1..4);
    prop_oneof![
        any_value().prop_map(|value| (false, Predicate::Natural(value))),
        (any_comparison(), any_value()).prop_map(|(comparison, value)| (false, Predicate::Compare(comparison, value))),
        any_value().prop_map(|value| (true, Predicate::Compare(Comparison::Eq, value))),
        (any::<bool>(), any_value())
            .prop_map(|(negated, value)| (negated, Predicate::Contains(string_of_quantifier(value)))),
        (any::<bool>(), list()).prop_map(|(negated, list)| (negated, Predicate::ContainsAny(list))),
        (any::<bool>(), list()).prop_map(|(negated, list)| (negated, Predicate::ContainsAll(list))),
        (any::<bool>(), list()).prop_map(|(negated, list)| (negated, Predicate::In(list))),
        (any::<bool>(), range_end(), range_end(), 0..3).prop_map(|(negated, lower, upper, ends)| (
            negated,
            Predicate::Range((ends != 0).then_some(lower), (ends != 1).then_some(upper))
        )),
        (any::<bool>(), any_value(), any_value())
            .prop_map(|(negated, lower, upper)| (negated, Predicate::Between(lower, upper))),
    ]
}

fn clause(path: String, negated: bool, predicate: Predicate<'static>) -> Expr<'static> {
    let field = Field { span: Span::default(), path: Cow::Owned(path) };
    Expr::Clause(Clause { span: Span::default(), field, negated, operator: Span::default(), predicate })
}

/// Generates trees of any shape: groups in groups of their kind, double negations.
fn tree(clause: impl Strategy<Value = Expr<'static>> + 'static) -> impl Strategy<Value = Expr<'static>> {
    let leaf = prop_oneof![12 => clause, 1 => Just(Expr::All(Span::default()))];
    leaf.prop_recursive(6, 40, 5, |inner| {
        prop_oneof![
            vec(inner.clone(), 2..5).prop_map(|parts| Expr::And(Span::default(), parts)),
            vec(inner.clone(), 2..5).prop_map(|parts| Expr::Or(Span::default(), parts)),
            inner.prop_map(|part| Expr::Not(Span::default(), Box::new(part))),
        ]
    })
}

/// Generates any tree that can be written; most do not compile.
pub(crate) fn any_expr() -> impl Strategy<Value = Expr<'static>> {
    let path = prop_oneof![
        2 => select(builtin_names()).prop_map(str::to_owned),
        2 => (select(builtin_names()), key()).prop_map(|(name, key)| format!("{name}.{key}")),
        1 => hostile_text(),
    ];
    let clause = (path, any_predicate()).prop_map(|(path, (negated, predicate))| clause(path, negated, predicate));
    tree(prop_oneof![8 => clause.boxed(), 1 => text_term().boxed()])
}

fn builtin_names() -> Vec<&'static str> {
    vec!["cost", "latency", "start_time", "model", "env", "output", "meta", "trace_input", "evaluation_notes.content"]
}

/// Generates trees that compile with the built-in catalog.
pub(crate) fn valid_expr() -> impl Strategy<Value = Expr<'static>> {
    tree(valid_clause())
}

/// Generates trees that compile with a text field.
pub(crate) fn expr_with_text() -> impl Strategy<Value = Expr<'static>> {
    tree(prop_oneof![valid_clause(), text_term()])
}

/// Generates text without a field: any string, or a bare word that is valid as a term.
fn text_term() -> impl Strategy<Value = Expr<'static>> {
    let word = select(vec!["refund", "gpt-4o", "user@example.com", "any", "all", "日本"]);
    let token = prop_oneof![
        hostile_text().prop_map(|text| Token::Quoted(text.into())),
        word.prop_map(|word| Token::Word(word.into())),
    ];
    token.prop_map(|token| Expr::Text(value(token)))
}

/// Generates the name of a field or an alias, with a key if one is needed.
fn path_of(field: &'static freeplay_filter::catalog::Field) -> impl Strategy<Value = String> {
    let names: Vec<&str> = std::iter::once(field.name()).chain(field.aliases()).collect();
    (select(names), key()).prop_map(|(name, key)| match field.is_keyed() {
        true => format!("{name}.{key}"),
        false => name.to_owned(),
    })
}

fn builtin() -> &'static Catalog {
    static BUILTIN: std::sync::LazyLock<std::sync::Arc<Catalog>> = std::sync::LazyLock::new(Catalog::builtin);
    &BUILTIN
}

pub(crate) fn valid_clause() -> impl Strategy<Value = Expr<'static>> {
    let fields: Vec<_> = builtin().fields().iter().collect();
    select(fields)
        .prop_flat_map(|field| (path_of(field), valid_predicate(field)))
        .prop_map(|(path, (negated, predicate))| clause(path, negated, predicate))
}

/// Generates a valid operator and value for a field.
fn valid_predicate(field: &'static freeplay_filter::catalog::Field) -> BoxedStrategy<(bool, Predicate<'static>)> {
    let takes = |op| field.takes(op);
    let ty = field.ty();
    let one = move || valid_token(ty).prop_map(value);
    let ordered = move || ordered_token(ty).prop_map(value);
    let mut kinds: Vec<BoxedStrategy<(bool, Predicate<'static>)>> = Vec::new();
    let time = ty == Type::Time;
    if takes(Op::Eq) {
        kinds.push(one().prop_map(|value| (false, Predicate::Compare(Comparison::Eq, value))).boxed());
        kinds.push(one().prop_map(|value| (true, Predicate::Compare(Comparison::Eq, value))).boxed());
        kinds.push(one().prop_map(|value| (false, Predicate::Natural(value))).boxed());
        kinds
            .push((any::<bool>(), vec(one(), 1..4)).prop_map(|(negated, list)| (negated, Predicate::In(list))).boxed());
    }
    if takes(Op::Gte) && takes(Op::Lte) {
        let comparison = select(vec![Comparison::Gt, Comparison::Gte, Comparison::Lt, Comparison::Lte]);
        kinds.push(
            (comparison, ordered())
                .prop_map(|(comparison, value)| (false, Predicate::Compare(comparison, value)))
                .boxed(),
        );
        kinds.push(
            (any::<bool>(), ordered(), ordered(), 0..3)
                .prop_map(|(negated, lower, upper, ends)| {
                    (negated, Predicate::Range((ends != 0).then_some(lower), (ends != 1).then_some(upper)))
                })
                .boxed(),
        );
        kinds.push(
            (any::<bool>(), ordered(), ordered())
                .prop_map(|(negated, lower, upper)| (negated, Predicate::Between(lower, upper)))
                .boxed(),
        );
    }
    if takes(Op::Contains) && !time {
        let list = move || vec(one(), 1..4);
        kinds.push((any::<bool>(), one()).prop_map(|(negated, value)| (negated, Predicate::Contains(value))).boxed());
        kinds.push((any::<bool>(), list()).prop_map(|(negated, list)| (negated, Predicate::ContainsAny(list))).boxed());
        kinds.push((any::<bool>(), list()).prop_map(|(negated, list)| (negated, Predicate::ContainsAll(list))).boxed());
    }
    proptest::strategy::Union::new(kinds).boxed()
}

fn valid_token(ty: Type) -> BoxedStrategy<Token<'static>> {
    match ty {
        Type::Text => prop_oneof![
            2 => "[a-z0-9][a-z0-9._:@-]{0,8}[a-z0-9]"
                .prop_filter("keywords and tests for null", |word| !["and", "or", "not", "null"].contains(&word.as_str()))
                .prop_map(|word| Token::Word(word.into())),
            2 => hostile_text().prop_map(|text| Token::Quoted(text.into())),
        ]
        .boxed(),
        Type::Uuid => "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
            .prop_map(|text| Token::Word(text.into()))
            .boxed(),
        Type::Score => prop_oneof![
            3 => ordered_token(ty),
            1 => select(vec!["yes", "no", "true"]).prop_map(|word| Token::Word(word.into())),
            1 => hostile_text().prop_map(|text| Token::Quoted(text.into())),
        ]
        .boxed(),
        _ => ordered_token(ty),
    }
}

fn ordered_token(ty: Type) -> BoxedStrategy<Token<'static>> {
    let number = || {
        prop_oneof![
            any::<i64>().prop_map(|number| number.to_string()),
            any::<u64>().prop_map(|number| number.to_string()),
            (0..2000_i64).prop_map(|number| number.to_string()),
            "[0-9]{1,3}\\.[0-9]{1,4}",
            "-?\\.[0-9]{1,3}",
            "[1-9]e-?[0-9]{1,2}",
            "[1-9][0-9]{0,2}_[0-9]{3}",
        ]
    };
    let text = match ty {
        Type::Usd => prop_oneof![number(), "\\$[0-9]{1,3}(\\.[0-9]{1,4})?"].boxed(),
        Type::Seconds => {
            prop_oneof![number(), "[0-9]{1,4}(ms|s|m|h)", "[1-9]h[0-5][0-9]m", "[0-9]\\.[0-9]{1,3}s"].boxed()
        }
        Type::Time => time_text().boxed(),
        _ => number().boxed(),
    };
    // The field decides the type, so quotes change nothing, except on scores.
    (text, any::<bool>())
        .prop_map(move |(text, quoted)| match quoted && ty != Type::Score {
            true => Token::Quoted(text.into()),
            false => Token::Word(text.into()),
        })
        .boxed()
}

/// Generates a time in any form that exists in every zone.
pub(crate) fn time_text() -> impl Strategy<Value = String> {
    prop_oneof![
        (1..9999_i32).prop_map(|year| format!("{year:04}")),
        (1970..2100_i32, 1..=12).prop_map(|(year, month)| format!("{year:04}-{month:02}")),
        (1970..2100_i32, 1..=12, 1..=28).prop_map(|(year, month, day)| format!("{year:04}-{month:02}-{day:02}")),
        (1970..2100_i32, 1..=12, 1..=28, 0..24, 0..60).prop_map(|(year, month, day, hour, minute)| format!(
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}Z"
        )),
        (1970..2100_i32, 1..=12, 1..=28, 0..24, 0..60, 0..60).prop_map(|(year, month, day, hour, minute, second)| {
            format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}+02:00")
        }),
        (1970..2100_i32, 1..=52).prop_map(|(year, week)| format!("{year}-W{week:02}")),
        (1970..2100_i32, 1..=4).prop_map(|(year, quarter)| format!("{year}-q{quarter}")),
        select(vec![
            "now",
            "today",
            "yesterday",
            "now-7d",
            "now+1h",
            "today-1mo",
            "now-1y",
            "now-90m",
            "now-2w",
            "this-week",
            "Last-Week-2w",
            "this-month",
            "last-month-1y",
            "this-quarter-3mo",
            "last-quarter",
            "this-year",
            "last-year+1y",
        ])
        .prop_map(str::to_owned),
    ]
}

pub(crate) fn number() -> impl Strategy<Value = Number> {
    let float = any::<f64>().prop_filter("JSON has finite numbers", |number| number.is_finite());
    prop_oneof![
        any::<i64>().prop_map(Number::from),
        any::<u64>().prop_map(Number::from),
        (-1000..1000_i64).prop_map(Number::from),
        float.prop_map(Number::from),
        select(vec![
            0.0,
            -0.0,
            0.1,
            1.0,
            8.0,
            1e16,
            1e300,
            5e-324,
            f64::MAX,
            f64::MIN_POSITIVE,
            1.577_777_777_777_000_1
        ])
        .prop_map(Number::from),
    ]
}

pub(crate) fn scalar() -> impl Strategy<Value = Scalar> {
    prop_oneof![hostile_text().prop_map(Scalar::String), number().prop_map(Scalar::Number)]
}

fn condition() -> impl Strategy<Value = Condition> {
    prop_oneof![
        3 => (any_comparison(), scalar()).prop_map(|(comparison, value)| Condition::Compare(comparison, value)),
        1 => scalar().prop_map(Condition::Contains),
        1 => (number(), number()).prop_map(|(lower, upper)| Condition::Between(lower, upper)),
    ]
}

/// Generates any filter of the API's shapes: empty groups, groups with one part, nested `{}`, deep `not`.
fn filters_of(field: impl Strategy<Value = FieldFilter> + 'static) -> impl Strategy<Value = Filter> {
    let leaf = prop_oneof![9 => field.prop_map(Filter::Field), 1 => Just(Filter::All)];
    leaf.prop_recursive(7, 40, 4, |inner| {
        prop_oneof![
            3 => vec(inner.clone(), 0..5).prop_map(Filter::And),
            3 => vec(inner.clone(), 0..5).prop_map(Filter::Or),
            2 => inner.clone().prop_map(|part| !part),
            1 => (inner, 0..12).prop_map(|(part, count)| (0..count).fold(part, |part, _| !part)),
        ]
    })
}

/// Generates any filter on unknown fields; neighbors often share a field.
pub(crate) fn unknown_filter() -> impl Strategy<Value = Filter> {
    let name = prop_oneof![
        2 => select(vec!["tenant", "x.y", "a b"]).prop_map(str::to_owned),
        1 => hostile_text(),
    ]
    .prop_filter("known fields have types", |name| {
        freeplay_filter::compile(&format!("{}:1", freeplay_filter::quote(name))).is_err_and(|error| {
            error.diagnostics().iter().all(|found| found.code() == freeplay_filter::Code::UnknownField)
        })
    });
    filters_of((name, condition()).prop_map(|(name, condition)| FieldFilter { field: name.into(), condition }))
}

/// Generates a record that may match tests on the built-in fields.
pub(crate) fn record() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::json;
    let text =
        || select(vec!["a", "prod", "gpt-4o", "yes", "no", "refund policy", "Refund-Policy now", "2024-06-01", ""]);
    let number =
        || prop_oneof![(0..10_i64).prop_map(|n| json!(n)), select(vec![0.5, 0.01, 8.0, 100.25]).prop_map(|n| json!(n))];
    let time =
        select(vec!["2024-06-01T00:00:00Z", "2024-05-31 23:59:59", "2024-03-31T12:00:00Z", "2023-01-01 00:00:00"]);
    (
        number(),
        number(),
        time,
        text(),
        text(),
        prop_oneof![number(), text().prop_map(|t| json!(t)), any::<bool>().prop_map(|b| json!(b))],
        any::<u8>(),
    )
        .prop_map(|(cost, latency, time, first, second, score, present)| {
            let mut record = json!({
                "cost": cost, "latency": latency, "start_time": time, "model": first, "environment": second,
                "completion_output": first, "session_custom_metadata": {"a": second},
                "trace_evaluation_results": {"a": score}, "completion_evaluation_results": {"a": score},
                "evaluation_notes.created_at": time,
            });
            let names = ["cost", "latency", "start_time", "model", "environment", "completion_output"];
            for (bit, name) in names.iter().enumerate() {
                if present >> bit & 1 == 0 {
                    record.as_object_mut().unwrap().remove(*name);
                }
            }
            record
        })
}

/// Generates trees with few fields and values, which records often match.
pub(crate) fn likely_expr() -> impl Strategy<Value = Expr<'static>> {
    tree(likely_clause())
}

/// Generates groups of such clauses, some of them negated, often on one field.
pub(crate) fn likely_group() -> impl Strategy<Value = Expr<'static>> {
    let part = (likely_clause(), any::<bool>()).prop_map(|(clause, negated)| match negated {
        true => Expr::Not(Span::default(), Box::new(clause)),
        false => clause,
    });
    (vec(part, 2..8), any::<bool>()).prop_map(|(parts, is_and)| match is_and {
        true => Expr::And(Span::default(), parts),
        false => Expr::Or(Span::default(), parts),
    })
}

fn in_quotes(value: Value<'static>) -> Value<'static> {
    let token = match value.token {
        Token::Word(text) => Token::Quoted(text),
        token => token,
    };
    Value { token, ..value }
}

fn likely_clause() -> impl Strategy<Value = Expr<'static>> {
    let text = || {
        select(vec!["a", "prod", "gpt-4o", "yes", "refund", "policy", "refund policy"])
            .prop_map(|text| value(Token::Quoted(text.into())))
    };
    let number = || select(vec!["0", "0.5", "0.01", "8", "5", "9"]).prop_map(|text| value(Token::Word(text.into())));
    let time = || {
        select(vec!["2024-06-01", "2024-Q2", "2024-W22", "2024-06-01T00:00:00Z", "now", "today", "last-month"])
            .prop_map(|text| value(Token::Word(text.into())))
    };
    let order = || select(vec![Comparison::Gt, Comparison::Gte, Comparison::Lt, Comparison::Lte]);
    let fields = |names: &[&'static str]| select(names.to_vec());
    let made =
        |(name, negated, predicate): (&str, bool, Predicate<'static>)| clause(name.to_owned(), negated, predicate);
    prop_oneof![
        (fields(&["model", "env"]), any::<bool>(), text().prop_map(|v| Predicate::Compare(Comparison::Eq, v)))
            .prop_map(made),
        (fields(&["model", "env"]), any::<bool>(), vec(text(), 1..3).prop_map(Predicate::In)).prop_map(made),
        (fields(&["model", "env", "output", "meta.a"]), Just(false), text().prop_map(Predicate::Natural))
            .prop_map(made),
        (fields(&["output", "meta.a", "trace_eval.a"]), any::<bool>(), text().prop_map(Predicate::Contains))
            .prop_map(made),
        (
            fields(&["output", "meta.a", "trace_eval.a"]),
            any::<bool>(),
            vec(text(), 1..3).prop_map(Predicate::ContainsAny)
        )
            .prop_map(made),
        (
            fields(&["output", "meta.a", "trace_eval.a"]),
            any::<bool>(),
            vec(text(), 1..3).prop_map(Predicate::ContainsAll)
        )
            .prop_map(made),
        (
            fields(&["cost", "latency", "trace_eval.a", "eval.a"]),
            Just(false),
            (order(), number()).prop_map(|(o, v)| Predicate::Compare(o, v))
        )
            .prop_map(made),
        (
            fields(&["cost", "latency", "trace_eval.a", "eval.a"]),
            any::<bool>(),
            (number(), any::<bool>())
                .prop_map(|(v, quoted)| Predicate::Compare(Comparison::Eq, if quoted { in_quotes(v) } else { v }))
        )
            .prop_map(made),
        (
            fields(&["cost", "latency", "trace_eval.a", "eval.a"]),
            any::<bool>(),
            (number(), number()).prop_map(|(l, u)| Predicate::Between(l, u))
        )
            .prop_map(made),
        (
            fields(&["cost", "latency", "eval.a"]),
            any::<bool>(),
            (number(), number()).prop_map(|(l, u)| Predicate::Range(Some(l), Some(u)))
        )
            .prop_map(made),
        (fields(&["time", "note_time"]), Just(false), (order(), time()).prop_map(|(o, v)| Predicate::Compare(o, v)))
            .prop_map(made),
        (fields(&["time"]), any::<bool>(), time().prop_map(|v| Predicate::Compare(Comparison::Eq, v))).prop_map(made),
        (
            fields(&["time", "note_time"]),
            any::<bool>(),
            (time(), time()).prop_map(|(l, u)| Predicate::Range(Some(l), Some(u)))
        )
            .prop_map(made),
    ]
}
