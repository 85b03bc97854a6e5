use std::collections::BTreeSet;

use freeplay_filter::ast::{Expr, Predicate, Token, Value};
use freeplay_filter::catalog::{Catalog, Field, Type};
use freeplay_filter::editor::{CompletionKind, Provider, TokenKind};
use freeplay_filter::filter::{Condition, Scalar};
use freeplay_filter::span::Unit;
use freeplay_filter::{Compiler, Filter, Parameters, compile, parse};
use proptest::collection::vec;
use proptest::prelude::*;

use super::strategies::{any_expr, config, hostile_text, valid_expr};
use super::{compiler, respelled};

/// Returns the completions at the `|`, each as the text with a `|` at the new position of the cursor.
fn completed(marked: &str, provider: &dyn Provider) -> Vec<String> {
    let cursor = marked.find('|').unwrap();
    let text = marked.replacen('|', "", 1);
    let mark = |item: &freeplay_filter::editor::Completion| {
        let mut applied = item.apply(&text);
        applied.insert(item.start + item.text.len(), '|');
        applied
    };
    compiler().complete(&text, cursor, Unit::Bytes, provider).iter().map(mark).collect()
}

struct Known(&'static [(&'static str, &'static [&'static str])]);

impl Provider for Known {
    fn values(&self, field: &Field, _: Option<&str>, _: &str) -> Vec<Scalar> {
        let known = self.0.iter().find(|(name, _)| *name == field.name());
        known.map_or(vec![], |(_, values)| values.iter().map(|value| Scalar::from(*value)).collect())
    }

    fn keys(&self, field: &Field, _: &str) -> Vec<String> {
        let known = self.0.iter().find(|(name, _)| name.strip_suffix(".*") == Some(field.name()));
        known.map_or(vec![], |(_, keys)| keys.iter().map(|key| (*key).to_owned()).collect())
    }
}

const KNOWN: Known = Known(&[
    ("model", &["gpt-4o", "gpt-4o-mini", "o1 mini"]),
    ("cost", &["0.5", "$1"]),
    ("completion_output", &["refund policy"]),
    ("session_custom_metadata.*", &["user_type", "user name"]),
]);

fn is_valid(text: &str) -> bool {
    compiler().compile(text).is_ok()
}

/// Whether some continuation of a text compiles. It tries a clause, an operator and a value, a value, and a
/// bracket, each followed by the brackets that close the open ones.
fn can_go_on(text: &str) -> Option<String> {
    const UUID: &str = "3c90c3cc-0d44-4b50-8888-8dd25736052a";
    let nexts = [
        "",
        " cost > 1",
        "cost > 1",
        " and cost > 1",
        "k:1",
        "k > 1",
        ":1",
        " = 1",
        " > 1",
        " = today",
        " > today",
        " contains a",
        "1",
        " 1",
        "today",
        " today",
        "now",
        " now",
        "a",
        " (1)",
        " (today)",
        " (now)",
        "(a)",
        " and 1",
        " 1 and 1",
        " today and today",
        " and 2024",
        " and today",
        "..5",
        " in ..1",
        " in ..today",
    ];
    let ids = [" = ID", " ID", "ID", ":ID", " (ID)"].map(|next| next.replace("ID", UUID));
    nexts.into_iter().chain(ids.iter().map(String::as_str)).find_map(|next| {
        let mut whole = format!("{text}{next}");
        let open: Vec<_> = compiler()
            .highlight(&whole, Unit::Bytes)
            .into_iter()
            .filter(|token| token.kind == TokenKind::Bracket && token.partner.is_none())
            .map(|token| if &whole[token.range()] == "[" { ']' } else { ')' })
            .collect();
        whole.extend(open.into_iter().rev());
        is_valid(&whole).then_some(whole)
    })
}

/// Provides the values and keys of one query.
#[derive(Default, Debug)]
struct OfQuery {
    values: Vec<(String, Scalar)>,
    keys: Vec<(String, String)>,
}

impl Provider for OfQuery {
    fn values(&self, field: &Field, key: Option<&str>, _: &str) -> Vec<Scalar> {
        let path = key.map_or(field.name().to_owned(), |key| format!("{}.{key}", field.name()));
        self.values.iter().filter(|(of, _)| *of == path).map(|(_, value)| value.clone()).collect()
    }

    fn keys(&self, field: &Field, _: &str) -> Vec<String> {
        self.keys.iter().filter(|(of, _)| of == field.name()).map(|(_, key)| key.clone()).collect()
    }
}

fn field_of(path: &str) -> (&'static Field, Option<String>) {
    static BUILTIN: std::sync::LazyLock<std::sync::Arc<Catalog>> = std::sync::LazyLock::new(Catalog::builtin);
    if let Some(field) = BUILTIN.get(path) {
        return (field, None);
    }
    path.match_indices('.')
        .find_map(|(dot, _)| Some((BUILTIN.get(&path[..dot])?, Some(path[dot + 1..].to_owned()))))
        .unwrap()
}

/// Returns the query with its values written as completions write them, quoted only where necessary, and
/// its values and keys.
fn plain(expr: &mut Expr<'static>, known: &mut OfQuery) {
    match expr {
        Expr::All(_) | Expr::Text(_) => {}
        Expr::Not(_, part) => plain(part, known),
        Expr::And(_, parts) | Expr::Or(_, parts) => parts.iter_mut().for_each(|part| plain(part, known)),
        Expr::Clause(clause) => {
            let (field, key) = field_of(&clause.field.path);
            let path = key.as_ref().map_or(field.name().to_owned(), |key| format!("{}.{key}", field.name()));
            if let Some(key) = key {
                known.keys.push((field.name().to_owned(), key));
            }
            let mut each = |value: &mut Value<'static>| {
                let text = value.text().to_owned();
                let mut scalar = Scalar::String(text.clone());
                if field.ty() == Type::Score {
                    let literal = match &value.token {
                        Token::Quoted(text) => freeplay_filter::quote(text),
                        _ => text.clone(),
                    };
                    let Filter::Field(found) = &compile(&format!("trace_eval.k = {literal}")).unwrap() else {
                        panic!()
                    };
                    let Condition::Compare(_, found) = &found.condition else { panic!() };
                    scalar = found.clone();
                    let raised = compiler()
                        .raise(&Filter::field("trace_evaluation_results.k").eq(found.clone()))
                        .unwrap()
                        .to_string();
                    value.token = token_of(&raised);
                } else if field.ty() == Type::Usd && text.contains('$') {
                    value.token = Token::Word(text.into());
                } else {
                    value.token = token_of(&format!("model = {text}")).clone();
                    if value.text() != text || !matches!(value.token, Token::Word(_)) || is_hostile(&text) {
                        value.token = Token::Quoted(text.into());
                    }
                }
                known.values.push((path.clone(), scalar));
            };
            match &mut clause.predicate {
                Predicate::Natural(value) | Predicate::Compare(_, value) | Predicate::Contains(value) => each(value),
                Predicate::In(values) | Predicate::ContainsAny(values) | Predicate::ContainsAll(values) => {
                    values.iter_mut().for_each(each);
                }
                Predicate::Range(lower, upper) => lower.iter_mut().chain(upper).for_each(each),
                Predicate::Between(lower, upper) => {
                    each(lower);
                    each(upper);
                }
            }
        }
    }
}

/// Whether the printer quotes a word that the grammar would accept without quotes.
fn is_hostile(text: &str) -> bool {
    let raised = compiler().raise(&Filter::field("model").eq(text)).unwrap().to_string();
    raised != format!("model = {text}")
}

fn token_of(clause: &str) -> Token<'static> {
    let Ok(query) = parse(clause) else { return Token::Quoted("".into()) };
    match query.into_owned().expr {
        Expr::Clause(clause) => match clause.predicate {
            Predicate::Compare(_, value) => value.token,
            _ => Token::Quoted("".into()),
        },
        _ => Token::Quoted("".into()),
    }
}

proptest! {
    #![proptest_config(config(300))]

    /// Completion never panics at any position of any text, and its edits are at the cursor.
    #[test]
    fn completion_accepts_any_text(text in prop_oneof![any::<String>(), hostile_text(), any_expr().prop_map(|expr| expr.to_string())], cursor in 0..200_usize) {
        for item in compiler().complete(&text, cursor, Unit::Bytes, &KNOWN) {
            prop_assert!(item.start <= cursor && item.end <= text.len());
            prop_assert!(item.apply(&text).contains(&item.text));
        }
    }

    /// Completion with a cursor in another unit gives equal results, with positions in that unit.
    #[test]
    fn completions_are_equal_in_every_unit(text in prop_oneof![any::<String>(), hostile_text()], cursor in any::<prop::sample::Index>()) {
        let cursor = Unit::Bytes.to_bytes(&text, cursor.index(text.len() + 1));
        let expected = compiler().complete(&text, cursor, Unit::Bytes, &KNOWN);
        for unit in [Unit::Utf16, Unit::Chars] {
            let items = compiler().complete(&text, unit.from_bytes(&text, cursor), unit, &KNOWN);
            prop_assert_eq!(items.len(), expected.len());
            for (item, expected) in items.iter().zip(&expected) {
                let range = unit.from_bytes(&text, expected.start)..unit.from_bytes(&text, expected.end);
                prop_assert_eq!(item.start..item.end, range);
                prop_assert_eq!(item.apply(&text), expected.apply(&text));
            }
        }
    }

    /// If the text can become a valid query, it still can after each completion.
    #[test]
    fn completions_keep_queries_valid(expr in valid_expr(), cut in any::<prop::sample::Index>(), spelling in vec(any::<u8>(), 1..40)) {
        let text = respelled(&expr.to_string(), &spelling);
        let mut expr = expr;
        let mut known = OfQuery::default();
        plain(&mut expr, &mut known);
        let cut = cut.index(text.len() + 1);
        prop_assume!(text.is_char_boundary(cut));
        let prefix = &text[..cut];
        for item in compiler().complete(prefix, cut, Unit::Bytes, &known) {
            let applied = item.apply(prefix);
            prop_assert!(can_go_on(&applied).is_some(), "{:?} -> {:?} {:?}", prefix, applied, item);
        }
    }

    /// Any query can be typed word by word by completion alone.
    #[test]
    fn queries_can_be_typed_by_completion(expr in valid_expr()) {
        let mut expr = expr;
        let mut known = OfQuery::default();
        plain(&mut expr, &mut known);
        let text = expr.to_string();
        prop_assert!(is_valid(&text), "{}", text);
        let ends: BTreeSet<usize> = compiler().highlight(&text, Unit::Bytes).iter().map(|token| token.end).collect();
        let mut typed = 0;
        while typed < text.len() {
            let before = &text[..typed];
            let next = compiler().complete(before, typed, Unit::Bytes, &known).into_iter().filter_map(|item| {
                let applied = item.apply(before);
                let applied = applied.trim_end_matches(' ');
                (text.starts_with(applied) && applied.len() > typed && ends.contains(&applied.len())).then_some(applied.len())
            }).max();
            let Some(next) = next else {
                let labels: Vec<_> = compiler().complete(before, typed, Unit::Bytes, &known).into_iter().map(|item| item.text).collect();
                return Err(TestCaseError::fail(format!("{text:?}\nstuck after {before:?}\n{labels:?}\n{known:?}")));
            };
            // The white space before the next word is that of the query.
            typed = next + text[next..].len() - text[next..].trim_start_matches(' ').len();
            prop_assert!(typed > before.len());
        }
    }
}

fn labels_of(compiler: &Compiler, text: &str) -> Vec<String> {
    compiler.complete(text, text.len(), Unit::Bytes, &KNOWN).into_iter().map(|item| item.label).collect()
}

fn labels(text: &str) -> Vec<String> {
    labels_of(&compiler(), text)
}

#[test]
fn word_under_cursor_is_completed() {
    for (text, first) in [
        ("mod|", "model |"),
        ("MOD|", "model |"),
        ("mo|del = x", "model| = x"),
        ("cost > 1 and(mod|)", "cost > 1 and(model|)"),
        ("met|", "meta.|"),
        ("temp|", "template |"),
        ("modle|", "model |"),
        ("evaluation_notes.|", "evaluation_notes.content |"),
        ("meta.us|", "meta.user_type |"),
        ("meta.\"user n|", "meta.\"user name\" |"),
        ("model |", "model = |"),
        ("model NOT  i|", "model NOT  in |"),
        ("model n|", "model not in |"),
        ("cost >|", "cost > 0.5 |"),
        ("model=|", "model=gpt-4o |"),
        ("model = o|", "model = \"o1 mini\" |"),
        ("model = \"gpt|", "model = \"gpt-4o\" |"),
        ("model = \"gpt| and cost > 1", "model = \"gpt-4o\"| and cost > 1"),
        ("model = \"gpt|xx and cost > 1", "model = \"gpt-4o\"| and cost > 1"),
        ("model = gpt|:x and cost > 1", "model = gpt-4o| and cost > 1"),
        ("model = \"g|pt-4o\" and cost > 1", "model = \"gpt-4o\"| and cost > 1"),
        ("model in |", "model in (|"),
        ("model in (gpt-4o-m|", "model in (gpt-4o-mini|"),
        ("model in (gpt-4o |", "model in (gpt-4o, |"),
        ("model in (gpt-4o\n|", "model in (gpt-4o\n, |"),
        ("model in (gpt-4o gpt-4o-m|", "model in (gpt-4o gpt-4o-mini|"),
        ("model in [gpt-4o|", "model in [gpt-4o|"),
        ("cost in 0.1..|", "cost in 0.1..0.5 |"),
        ("cost in 1..0|", "cost in 1..0.5 |"),
        ("cost:0.1..|", "cost:0.1..0.5 |"),
        ("cost between 1 |", "cost between 1 and |"),
        ("cost between 1 and $|", "cost between 1 and $1 |"),
        ("output contains |", "output contains \"refund policy\" |"),
        ("output contains al|", "output contains all (|"),
        ("cost > 1 |", "cost > 1 and |"),
        ("cost > 1 &|", "cost > 1 and |"),
        ("cost > 1 or|", "cost > 1 or |"),
        ("cost > 1&&mod|", "cost > 1&&model |"),
        ("not |", "not cost |"),
        ("-mod|", "-model |"),
        ("start_time > yes|", "start_time > yesterday |"),
        ("start_time > last-q|", "start_time > last-quarter |"),
        ("start_time in this-m|", "start_time in this-month..|"),
        ("start_time in last-week..this|", "start_time in last-week..this-week |"),
        ("# why\nmod|", "# why\nmodel |"),
        ("(cost > 1)mod|", "(cost > 1)model |"),
    ] {
        let found = completed(text, &KNOWN);
        assert_eq!(found.first().map(String::as_str), Some(first), "{text}\n{found:?}");
    }
}

#[test]
fn only_valid_completions_are_offered() {
    assert_eq!(labels("model "), ["=", "!=", "in", ":", "not in"]);
    assert_eq!(labels("model not "), ["in"]);
    assert!(labels("cost between -5 ").contains(&"and".to_owned()));
    assert!(
        !labels("cost between -").contains(&"and".to_owned()) && !labels("cost between - ").contains(&"and".to_owned())
    );
    assert_eq!(
        labels("output "),
        ["contains", ":", "contains any", "contains all", "not contains", "not contains any", "not contains all"]
    );
    assert_eq!(labels("cost "), ["=", "!=", "in", "<", "<=", ">", ">=", "between", ":", "not in", "not between"]);
    // No operator compares with an equal instant, but `=` with a day is a range.
    assert!(labels("note_time ").contains(&"=".to_owned()));
    let days = labels("note_time = ");
    assert!(days.contains(&"today".to_owned()) && !days.contains(&"now".to_owned()), "{days:?}");
    assert!(labels("note_time > ").contains(&"now".to_owned()));
    let times = labels("note_time > ");
    for word in
        ["this-week", "last-week", "this-month", "last-month", "this-quarter", "last-quarter", "this-year", "last-year"]
    {
        assert!(days.contains(&word.to_owned()) && times.contains(&word.to_owned()), "{word}: {times:?}");
    }
    // A field with keys needs a key before its operator, and one without has no keys.
    assert_eq!(labels("meta "), [""; 0]);
    assert_eq!(labels("meta. "), [""; 0]);
    // A list may contain amounts, and periods where instants are not allowed; a range needs an order.
    for (text, range) in [("cost in ", true), ("time in ", true), ("note_time in ", true), ("model in ", false)] {
        let labels = labels(text);
        assert!(labels.contains(&"(".to_owned()) && labels.contains(&"..".to_owned()) == range, "{labels:?}");
    }
    // Two dots in a string are not a range.
    for text in ["model = a..|", "model:a..|"] {
        assert_eq!(completed(text, &KNOWN), [""; 0], "{text}");
    }
    assert_eq!(labels("model.x "), [""; 0]);
    // Not listed in the guide.
    assert!(labels("trace_id ").contains(&"=".to_owned()));
    assert_eq!(labels_of(&compiler().strict(true), "trace_id "), [""; 0]);
    // An unknown field takes what any type takes, if unknown fields are allowed.
    assert_eq!(labels("no_such "), [""; 0]);
    assert!(labels_of(&compiler().allow_unknown_fields(true), "no_such ").contains(&"between".to_owned()));
    // A typed operator may be longer; one of letters has no value before a space, but one of signs has.
    assert_eq!(labels("output contains"), ["contains", "contains any", "contains all"]);
    assert!(labels("cost>").contains(&"0.5".to_owned()) && labels("model and ").contains(&"model".to_owned()));
    for nothing in ["# mod", "cost > 1 # an", "model like ", "model = \"x\" # "] {
        assert_eq!(labels(nothing), [""; 0], "{nothing}");
    }
}

/// A period is compared by its ends, and a range has two ends, so it depends on the field's comparisons.
#[test]
fn operators_are_those_of_the_field() {
    use freeplay_filter::filter::Op::{Between, Eq, Gt, Gte, Lt, Lte};
    for (ty, taken, offered) in [
        (Type::Number, &[Eq][..], &["=", "!=", "in", ":", "not in"][..]),
        (Type::Number, &[Lt], &["<"]),
        (Type::Number, &[Gt], &[">"]),
        (Type::Number, &[Gte], &["in", ">=", "not in"]),
        (Type::Number, &[Lte], &["in", "<=", "not in"]),
        (Type::Number, &[Gte, Lte], &["in", "<=", ">=", "between", "not in", "not between"]),
        (Type::Number, &[Between], &["between", "not between"]),
        (Type::Number, &[Gte, Lt], &["in", "<", ">=", "not in"]),
        (Type::Time, &[Gte], &["in", ">", ">=", "not in"]),
        (Type::Time, &[Lt], &["<", "<="]),
        (Type::Time, &[Gte, Lt], &["=", "!=", "in", "<", "<=", ">", ">=", ":", "not in"]),
    ] {
        let field = Field::new("size", ty).with_operators(taken.iter().copied());
        let catalog = Catalog::builder().field(field).build().unwrap();
        assert_eq!(labels_of(&Compiler::new().catalog(catalog), "size "), offered, "{ty:?} {taken:?}");
    }
}

#[test]
fn completions_respect_limits() {
    let few = |text: &str| {
        let limits = freeplay_filter::Limits { clauses: 1, values: 2, ..Default::default() };
        labels_of(&compiler().limits(limits), text)
    };
    assert!(few("").contains(&"model".to_owned()) && few("not ").contains(&"not".to_owned()));
    for text in ["cost > 1 ", "cost > 1 and "] {
        assert_eq!(few(text), ["*"], "{text}");
    }
    assert!(few("model in (a, ").contains(&"gpt-4o".to_owned()) && few("model in (a ").contains(&",".to_owned()));
    assert_eq!(few("model in (a, b "), [")"]);
    assert_eq!(few("model in (a, b, "), [""; 0]);
}

#[test]
fn connectives_do_not_mix() {
    let has = |text: &str, label: &str| labels(text).contains(&label.to_owned());
    assert!(has("cost > 1 ", "or") && has("cost > 1 ", "model") && !has("cost > 1 ", ")"));
    assert!(!has("cost > 1 env = prod ", "or"));
    // Everything before the last clause counts as well, and a negation joins nothing.
    assert!(has("cost > 1 and env = prod ", "or") && has("cost > 1 and not env = prod ", "or"));
    assert!(!has("cost > 1 and env = prod model = a ", "or") && !has("cost > 1 not env = prod ", "or"));
    assert!(!has("cost > 1 and not env = prod model = a ", "or"));
    assert!(!has("cost > 1 or env = prod ", "model") && has("cost > 1 or env = prod ", "and"));
    assert!(has("(cost > 1 env = prod) ", "or") && has("(cost > 1 env = prod ", ")"));
    assert!(!has("(", ")") && !has("cost > 1 and ", "and") && has("cost > 1 and ", "not"));
    assert!(!has("model in (", ")") && !has("model in (a, ", ")") && has("model in (a", ")"));
    // Half a UUID is not a value yet.
    assert!(!has("(session_id = 3c90c3cc", ")"));
    assert!(has("(session_id = 3c90c3cc-0d44-4b50-8888-8dd25736052a", ")"));
}

/// Two dots are offered once after one end of a range, where the field takes ranges.
#[test]
fn ranges_are_completed() {
    for (text, offered) in [
        ("cost in 1", true),
        ("cost:1", true),
        // Here among the times, before the end.
        ("start_time in now-7d", false),
        ("cost in 1..", false),
        ("cost in 1..2", false),
        ("cost in x", false),
        ("cost = 1", false),
        ("cost > 1", false),
        ("model in a", false),
        ("model:a", false),
        ("output contains a", false),
    ] {
        assert_eq!(labels(text).contains(&"..".to_owned()), offered, "{text}");
    }
    let ranges = completed("start_time in now-7d|", &KNOWN);
    assert_eq!(ranges.iter().filter(|text| *text == "start_time in now-7d..|").count(), 1, "{ranges:?}");
}

#[test]
fn empty_providers_add_nothing() {
    for text in ["meta.", "model = ", "trace_eval.k = "] {
        assert_eq!(completed(&format!("{text}|"), &()), [""; 0], "{text}");
    }
}

#[test]
fn text_after_cursor_is_kept() {
    // Inside a word, the whole word is replaced, and nothing is inserted into it.
    assert_eq!(completed("cost|s", &KNOWN), ["cost |"]);
    assert_eq!(completed("model| = x", &KNOWN), ["model| = x"]);
    assert_eq!(completed("mo|del = x", &KNOWN), ["model| = x"]);
    assert_eq!(completed("(model = gpt-4o-m|)", &KNOWN)[0], "(model = gpt-4o-mini|)");
    assert_eq!(completed("model in (gpt-4o-m|, b)", &KNOWN)[0], "model in (gpt-4o-mini|, b)");
    assert_eq!(completed("cost > 1 o|", &KNOWN)[0], "cost > 1 or |");
}

#[test]
fn operators_are_tight() {
    let has = |text: &str, completed_text: &str| completed(text, &KNOWN).contains(&completed_text.to_owned());
    assert!(has("output |", "output contains any (|") && has("output |", "output not contains all (|"));
    assert!(has("output |", "output :|") && has("output c|", "output contains |"));
    assert!(has("cost > 1&&|", "cost > 1&&model |") && has("-|", "-model |") && has("!|", "!model |"));
    // An operator of signs is replaced as a whole.
    assert!(has("cost >|= 5", "cost >| 5") && has("cost >|= 5", "cost >=| 5"));
}

#[test]
fn closing_brackets_are_tight() {
    assert!(completed("(cost > 1 |", &KNOWN).contains(&"(cost > 1)|".to_owned()));
    assert!(completed("model in [a |", &KNOWN).contains(&"model in [a]|".to_owned()));
    assert!(completed("(cost > 1 # c\n|", &KNOWN).contains(&"(cost > 1 # c\n)|".to_owned()));
    assert!(completed("(output contains a|", &KNOWN).contains(&"(output contains a)|".to_owned()));
    assert!(completed("(cost between 1 and 2|", &KNOWN).contains(&"(cost between 1 and 2)|".to_owned()));
    assert!(completed("(cost > 1)|", &KNOWN).contains(&"(cost > 1) and |".to_owned()));
}

#[test]
fn catalogs_and_parameters_provide_values() {
    let field = Field::new("tier", Type::Text)
        .with_value("gold")
        .with_value("and")
        .with_value("")
        .with_doc("What they pay for");
    let catalog = Catalog::builtin().to_builder().field(field).build().unwrap();
    let json = serde_json::to_string(&catalog).unwrap();
    let catalog: Catalog = serde_json::from_str(&json).unwrap();
    assert_eq!(catalog.get("tier").unwrap().values(), ["gold".into(), "and".into(), "".into()]);
    assert!(serde_json::from_str::<Catalog>(r#"[{"name": "a", "type": "text", "values": [true]}]"#).is_err());
    let parameters = Parameters::new().with("tier", "x").with("most", 3).with("tiers", ["a", "b"]);
    let compiler = compiler().catalog(catalog).parameters(parameters);
    let texts = |text: &str| -> Vec<String> {
        compiler.complete(text, text.len(), Unit::Bytes, &()).into_iter().map(|item| item.apply(text)).collect()
    };
    assert_eq!(texts("tier = "), ["tier = gold ", "tier = \"and\" ", "tier = \"\" ", "tier = $most ", "tier = $tier "]);
    assert_eq!(texts("tier = $t"), ["tier = $tier "]);
    assert_eq!(texts("tier in "), ["tier in (", "tier in $most ", "tier in $tier ", "tier in $tiers "]);
    assert!(texts("output contains ").contains(&"output contains any $tiers ".to_owned()));
    assert_eq!(texts("output contains any $tie"), ["output contains any $tier ", "output contains any $tiers "]);
    assert!(!texts("output contains x").iter().any(|text| text.contains("$tiers")));
    // A string is not an amount.
    assert_eq!(texts("cost > $"), ["cost > $most "]);
}

/// Similar names are only offered if no name begins with what was typed.
#[test]
fn similar_names_are_offered_only_without_a_match() {
    let field = |name: &'static str| Field::new(name, Type::Text);
    let catalog = Catalog::builder().field(field("cost")).field(field("cast")).build().unwrap();
    let compiler = Compiler::new().catalog(catalog);
    assert_eq!(labels_of(&compiler, "cost"), ["cost", "=", "!=", "in", ":", "not in"]);
    assert_eq!(labels_of(&compiler, "coxt"), ["cost"]);
}

/// Two adjacent colons would be one operator.
#[test]
fn adjacent_colons_are_separated() {
    struct Colon;
    impl Provider for Colon {
        fn values(&self, _: &Field, _: Option<&str>, _: &str) -> Vec<Scalar> {
            vec![":80".into()]
        }
    }
    assert_eq!(completed("model:|", &Colon).first().map(String::as_str), Some("model: :80 |"));
    assert_eq!(completed("model = |", &Colon).first().map(String::as_str), Some("model = :80 |"));
}

#[test]
fn scores_distinguish_numbers_and_strings() {
    struct Scores;
    impl Provider for Scores {
        fn values(&self, _: &Field, _: Option<&str>, _: &str) -> Vec<Scalar> {
            vec![4.into(), "4".into(), "yes".into()]
        }
    }
    assert_eq!(
        completed("trace_eval.k = |", &Scores),
        ["trace_eval.k = 4 |", "trace_eval.k = \"4\" |", "trace_eval.k = yes |"]
    );
    assert_eq!(completed("trace_eval.k = \"|", &Scores), ["trace_eval.k = \"4\" |", "trace_eval.k = \"yes\" |"]);
    // Only numbers are ordered.
    assert_eq!(completed("trace_eval.k > |", &Scores), ["trace_eval.k > 4 |"]);
    assert_eq!(completed("trace_eval.k:a..|", &Scores), [""; 0]);
    struct Number;
    impl Provider for Number {
        fn values(&self, _: &Field, _: Option<&str>, _: &str) -> Vec<Scalar> {
            vec![7.into()]
        }
    }
    // In quotes it would be a string, except where strings are read as numbers too.
    assert_eq!(completed("trace_eval.k = \"|", &Number), [""; 0]);
    assert_eq!(completed("cost = \"|", &Number), ["cost = \"7\" |"]);
}

/// After `contains`, a value that begins with `any` or `all` would be part of the operator.
#[test]
fn quantifiers_are_quoted() {
    struct Quantifiers;
    impl Provider for Quantifiers {
        fn values(&self, _: &Field, _: Option<&str>, _: &str) -> Vec<Scalar> {
            vec!["any$x".into(), "all".into()]
        }
    }
    for (marked, first, second) in [
        ("output contains |", "output contains \"any$x\" |", "output contains \"all\" |"),
        ("output ~ |", "output ~ any$x |", "output ~ all |"),
        ("output contains any (|", "output contains any (any$x|", "output contains any (all|"),
        ("model = |", "model = any$x |", "model = all |"),
    ] {
        let completed = completed(marked, &Quantifiers);
        assert!([first, second].iter().all(|one| completed.iter().any(|item| item == one)), "{completed:?}");
    }
}

/// Provides one value, whatever it is.
struct One(String);

impl Provider for One {
    fn values(&self, _: &Field, _: Option<&str>, _: &str) -> Vec<Scalar> {
        vec![self.0.as_str().into()]
    }
}

/// Completes a value in several contexts. Checks that each completion is the string from the provider, and never syntax.
/// Returns in how many contexts it was offered.
fn complete_literally(value: &str) -> usize {
    let contains = |name: &str| Filter::field(name).contains(value);
    let equals = Filter::field("model").eq(value);
    let with_list = compiler().parameters(Parameters::new().with("x", vec!["a", "b"]));
    let mut offered = 0;
    for (before, after, filter) in [
        ("output contains ", "", contains("completion_output")),
        ("meta.k not contains ", "", !contains("session_custom_metadata.k")),
        ("output ~ ", "", contains("completion_output")),
        ("output:", "", contains("completion_output")),
        ("output contains any (", ")", contains("completion_output")),
        ("model = ", "", equals.clone()),
        ("model:", "", equals.clone()),
        ("model in (", ")", equals.clone()),
    ] {
        let mut items = with_list.complete(before, before.len(), Unit::Bytes, &One(value.to_owned()));
        items.retain(|item| item.kind == CompletionKind::Value);
        for item in &items {
            let applied = item.apply(before) + after;
            let compiled = compiler().compile(&applied).unwrap_or_else(|error| panic!("{applied}\n{error}"));
            assert_eq!(compiled.filter, filter, "{applied}");
        }
        offered += usize::from(!items.is_empty());
    }
    offered
}

#[test]
fn plain_values_are_offered_in_each_context() {
    assert_eq!(complete_literally("refund"), 8);
}

proptest! {
    #![proptest_config(config(1000))]

    #[test]
    fn completed_values_are_literal(value in hostile_text()) {
        complete_literally(&value);
    }
}

#[test]
fn depth_limit_is_respected() {
    let mut checked = 0;
    for levels in 56..=60 {
        for lead in ["not ", "("] {
            let text = lead.repeat(levels);
            for before in [text.clone(), format!("{text}cost > 1 "), format!("{text}time "), format!("{text}time = ")] {
                if can_go_on(&before).is_none() {
                    continue;
                }
                for item in compiler().complete(&before, before.len(), Unit::Bytes, &KNOWN) {
                    let applied = item.apply(&before);
                    assert!(
                        can_go_on(&applied).is_some(),
                        "{levels} {lead} {:?} {:?}",
                        item.label,
                        &before[text.len()..]
                    );
                    checked += 1;
                }
            }
        }
    }
    assert!(checked > 100, "{checked}");
}

/// Near the limit, each clause counts as the tallest possible one. A clause is offered exactly where that one fits.
#[test]
fn clauses_are_offered_if_the_tallest_fits() {
    const TALL: &str = "time not in (2023, 2024)";
    let fits = |text: String| {
        let open = text.matches('(').count() - text.matches(')').count();
        is_valid(&format!("{text}{}", ")".repeat(open)))
    };
    let nested = |levels: usize| {
        let group = |level: usize| format!("({TALL} {} ", if level.is_multiple_of(2) { "or" } else { "and" });
        let groups: String = (0..levels).map(group).collect();
        ["not ".repeat(levels), "(".repeat(levels), groups, "not (".repeat(levels / 2)]
    };
    let mut seen = [0, 0];
    for prefix in (54..=60).flat_map(nested) {
        for middle in
            ["T", "T and T", "T or T", "not T", "not T or T", "(T or T)", "not (T and T) or T", "T and (T or T)"]
        {
            let text = format!("{prefix}{} ", middle.replace('T', TALL));
            if !fits(text.clone()) {
                continue;
            }
            let found = labels_of(&compiler(), &text);
            for word in ["and", "or"] {
                let offered = found.iter().any(|label| label == word);
                assert_eq!(offered, fits(format!("{text}{word} {TALL}")), "{word} after {text}");
                seen[usize::from(offered)] += 1;
            }
        }
        for lead in ["", "T and ", "T or ", "not ", "T or not "] {
            let text = format!("{prefix}{}", lead.replace('T', TALL));
            let found = labels_of(&compiler(), &text);
            for (label, clause) in [("cost", "T"), ("not", "not T"), ("(", "(T)")] {
                let offered = found.iter().any(|found| found == label);
                assert_eq!(offered, fits(format!("{text}{}", clause.replace('T', TALL))), "{label} after {text}");
                seen[usize::from(offered)] += 1;
            }
        }
    }
    assert!(seen.iter().all(|seen| *seen > 100), "{seen:?}");
    // Offers the operators of a field with which some clause fits, and the values that fit.
    for levels in 57..=60 {
        let prefix = "not ".repeat(levels);
        for list in ["model in (", "model not in ("] {
            let offered = labels(&format!("{prefix}{list}")).contains(&"gpt-4o".to_owned());
            assert_eq!(offered, is_valid(&format!("{prefix}{list}gpt-4o)")), "{list} after {levels} times `not`");
        }
        for (field, value) in [("cost", "1"), ("time", "now"), ("note_time", "2024")] {
            let found = labels_of(&compiler(), &format!("{prefix}{field} "));
            for operator in ["=", "!=", "in", "<", ">=", "between", ":", "not in", "not between"] {
                let operand = match operator {
                    "in" | "not in" => format!("{value}.."),
                    "between" | "not between" => format!("{value} and {value}"),
                    _ => value.to_owned(),
                };
                let fits = is_valid(&format!("{prefix}{field} {operator} {operand}"));
                let offered = found.iter().any(|label| label == operator);
                assert_eq!(offered, fits, "{operator} after {levels} times `not` and {field}");
            }
        }
    }
}

#[test]
fn completions_have_documentation() {
    let item = &compiler().complete("env = π mod", 11, Unit::Utf16, &())[0];
    assert_eq!(item.kind, CompletionKind::Field);
    assert_eq!(item.documentation, "The model's name\nmodel = gpt-4o");
    let json = serde_json::to_value(item).unwrap();
    assert_eq!(
        json,
        serde_json::json!({
            "label": "model", "kind": "field", "documentation": "The model's name\nmodel = gpt-4o",
            "start": 8, "end": 11, "text": "model ",
        })
    );
    let day = &compiler().complete("time > toda", 11, Unit::Bytes, &())[0];
    assert_eq!(day.documentation, "2024-03-31 00:00:00 UTC up to 2024-04-01 00:00:00 UTC");
    let alias = &compiler().complete("env", 3, Unit::Bytes, &())[1];
    assert_eq!(
        (alias.label.as_str(), alias.documentation.split('\n').next()),
        ("env", Some("environment: The deployment environment"))
    );
}
