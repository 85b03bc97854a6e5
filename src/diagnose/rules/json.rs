//! Filters in JSON: the API's own, MongoDB's, Elasticsearch's, and LangChain's structured queries. If the
//! filter can be expressed in this language, the answer has the query.

use std::borrow::Cow;

use crate::ast::{Clause, Expr, Field, Predicate, Token, Value};
use crate::catalog::Type;
use crate::check;
use crate::diagnose::json::{self, Json};
use crate::diagnose::phrases;
use crate::diagnose::site::Site;
use crate::diagnose::{Answer, Context, Leaves};
use crate::diagnostic::{Kind as Said, excerpt};
use crate::filter::{Comparison, Filter, Op, Scalar};
use crate::foreign::Meaning;
use crate::raise::{raise, token};
use crate::sketch::{self, Join, Kind};
use crate::span::Span;
use crate::syntax::After;
use crate::types::{number, text};

use super::wrapped;

/// `{"cost": {"$gte": 1}}`, `{"and": […]}`, `{"filters": "cost > 1"}`
pub(super) fn json(site: &Site) -> Option<Answer> {
    let place = json_at(site)?;
    let text = site.slice(place);
    let end = site.items_before(place.end());
    let answer = site.answer_at(Said::JsonAsQuery, place, 0..end);
    if let Ok(query) =
        Filter::from_body(text).map_err(drop).and_then(|filter| raise(&filter, site.context.settings).map_err(drop))
    {
        return Some(answer.fix(site.edits().write(place, &operand(site, &query.expr, end)).sure()));
    }
    let (value, _) = json::read(text)?;
    // Most programs only use the last of duplicate keys.
    let is_clear = !value.repeats_a_key();
    let translator = Translator { context: site.context };
    Some(match translator.value(&value) {
        Ok(Meant::Expr(Translated { expr, is_sure })) => {
            let fix = site.edits().write(place, &operand(site, &expr, end));
            let answer = answer.help("write a query such as `cost > 1 and model = gpt-4o`");
            answer.fix(fix.sure_if(is_sure && is_clear))
        }
        Ok(Meant::Text { text, is_sure }) => {
            let answer = answer.help("write the query without JSON around it").leaves(Leaves::Anew);
            let fix = wrapped::unwrapped(site, place, &text, end);
            answer.fix_if(fix.map(|fix| fix.sure_if(is_sure && is_clear)))
        }
        Err(why) => answer.help(why),
    })
}

/// Returns one test as it is written in this language.
pub(super) fn test(site: &Site, name: &str, operator: &str, value: &Json) -> Result<(String, bool), String> {
    let translator = Translator { context: site.context };
    translator.test(name, operator, value).map(|Translated { expr, is_sure }| (expr.to_string(), is_sure))
}

/// Returns the JSON that begins at the site, if it ends where an item does.
fn json_at(site: &Site) -> Option<Span> {
    let start = site.span(0..1).start();
    let text = Span::new(start, site.sketch.text.len()).of(site.sketch.text);
    let inside = text.strip_prefix(['{', '['])?.trim_start();
    if text.starts_with('[') && !inside.starts_with('{') {
        return None;
    }
    let (_, len) = json::read(text)?;
    let place = Span::new(start, start + len);
    let last = site.at + site.items_before(place.end()) - 1;
    (site.sketch.span(last).end() <= place.end()).then_some(place)
}

fn operand(site: &Site, expr: &Expr, next: usize) -> String {
    let join = match expr {
        Expr::And(..) => Some(Join::And),
        Expr::Or(..) => Some(Join::Or),
        Expr::All(_) | Expr::Clause(_) | Expr::Text(_) | Expr::Not(..) => None,
    };
    site.operand(&expr.to_string(), join, next).into_owned()
}

/// The meaning of JSON.
enum Meant {
    Expr(Translated),
    /// A query as a string, in this or another language.
    Text {
        text: String,
        is_sure: bool,
    },
}

/// A part of a query, and whether this is the only possible meaning of its JSON.
struct Translated {
    expr: Expr<'static>,
    is_sure: bool,
}

impl Translated {
    fn sure(expr: Expr<'static>) -> Translated {
        Translated { expr, is_sure: true }
    }

    /// Keeps the part sure only if `is_sure`.
    fn sure_if(self, is_sure: bool) -> Translated {
        Translated { is_sure: self.is_sure && is_sure, ..self }
    }

    fn negated(self) -> Translated {
        Translated { expr: Expr::Not(Span::NOWHERE, Box::new(self.expr)), ..self }
    }
}

/// A part of a query, or the reason why there is none.
type Part = Result<Translated, String>;

const GENERAL: &str = "write a query such as `cost > 1 and model = gpt-4o`";

struct Translator<'c> {
    context: Context<'c>,
}

impl Translator<'_> {
    fn value(&self, json: &Json) -> Result<Meant, String> {
        if let Some((text, is_sure)) = text_inside(json) {
            return Ok(match text.trim() {
                "" | "NO_FILTER" => Meant::Expr(Translated { expr: Expr::All(Span::NOWHERE), is_sure }),
                text => Meant::Text { text: text.to_owned(), is_sure },
            });
        }
        let part = match json {
            Json::List(stages) => self.list(stages)?,
            _ => self.part(json)?,
        };
        Ok(Meant::Expr(part))
    }

    /// `[{"$match": …}]`, `{"$not": […]}`: the filters of a list are probably joined by `and`.
    fn list(&self, parts: &[Json]) -> Part {
        Ok(self.all(parts)?.sure_if(parts.len() == 1))
    }

    fn part(&self, json: &Json) -> Part {
        match json {
            Json::Object(entries) => self.object(entries),
            _ => Err(GENERAL.to_owned()),
        }
    }

    fn object(&self, entries: &[(String, Json)]) -> Part {
        if entries.is_empty() {
            return Ok(Translated::sure(Expr::All(Span::NOWHERE)));
        }
        if let Some(part) = self.comparison(entries).or_else(|| self.operation(entries)) {
            return part;
        }
        let parts = entries.iter().map(|(key, value)| self.entry(key, value));
        let part = all_of(parts.collect::<Result<_, _>>()?)?;
        // Two of the API's own groups in one object are an error there.
        let groups = entries.iter().filter(|(key, _)| matches!(key.as_str(), "and" | "or" | "not"));
        Ok(part.sure_if(groups.count() < 2))
    }

    fn all(&self, parts: &[Json]) -> Part {
        all_of(parts.iter().map(|part| self.part(part)).collect::<Result<_, _>>()?)
    }

    fn any(&self, parts: &[Json]) -> Part {
        any_of(parts.iter().map(|part| self.part(part)).collect::<Result<_, _>>()?)
    }

    /// `{"comparator": "eq", "attribute": "model", "value": "gpt-4o"}`, `{"field": …, "operator": …, "value": …}`
    fn comparison(&self, entries: &[(String, Json)]) -> Option<Part> {
        let get =
            |names: &[&str]| entries.iter().find(|(key, _)| names.contains(&key.as_str())).map(|(_, value)| value);
        let Json::Text(operator) = get(&["comparator", "operator", "op"])? else { return None };
        let Json::Text(name) = get(&["attribute", "field", "key", "column"])? else { return None };
        if meaning(operator) == Some(Meaning::Existence) {
            return Some(Err(check::instead_of_existence(self.context.field(name)).to_owned()));
        }
        match get(&["value", "values"]) {
            Some(value) if entries.len() == 3 => Some(self.test(name, operator, value)),
            Some(_) => Some(Err("a comparison has only a field, an operator and a value".to_owned())),
            None => None,
        }
    }

    /// `{"operator": "and", "arguments": […]}`
    fn operation(&self, entries: &[(String, Json)]) -> Option<Part> {
        let [(first, Json::Text(operator)), (second, Json::List(arguments))] = entries else { return None };
        if first != "operator" || second != "arguments" {
            return None;
        }
        Some(match operator.to_lowercase().as_str() {
            "and" => self.all(arguments),
            "or" => self.any(arguments),
            "not" => self.list(arguments).map(Translated::negated),
            _ => Err(no_operator(operator)),
        })
    }

    /// Converts one key of an object with its value.
    fn entry(&self, key: &str, value: &Json) -> Part {
        let is_field = self.context.field(key).is_some();
        match (key.trim_start_matches('$').to_lowercase().as_str(), value) {
            _ if is_field => self.tests(key, value),
            ("and", Json::List(parts)) => self.all(parts),
            ("or", Json::List(parts)) => self.any(parts),
            ("or", Json::Object(entries)) => {
                let parts = entries.iter().map(|(key, value)| self.entry(key, value));
                any_of(parts.collect::<Result<_, _>>()?).map(|part| part.sure_if(false))
            }
            ("match_all", Json::Object(entries)) if entries.is_empty() => {
                Ok(Translated::sure(Expr::All(Span::NOWHERE)))
            }
            ("nor", Json::List(parts)) => self.any(parts).map(Translated::negated),
            ("not", Json::List(parts)) => self.list(parts).map(Translated::negated),
            // Some exclude what matches all of several conditions, and others what matches any.
            ("not", Json::Object(entries)) => self.part(value).map(|part| part.negated().sure_if(entries.len() < 2)),
            ("match", Json::Object(_)) if key.starts_with('$') => self.part(value),
            ("query" | "filter" | "filters" | "where", Json::Object(_)) => self.part(value),
            ("query", Json::Text(_)) => {
                Err("write only the query, or name the field to search, as in `completion_output contains refund`"
                    .to_owned())
            }
            ("bool", Json::Object(clauses)) => self.clauses(clauses),
            (kind @ ("term" | "terms" | "range" | "match" | "match_phrase"), Json::Object(entries)) => {
                self.elastic(kind, entries)
            }
            ("exists", Json::Object(entries)) => match entries.as_slice() {
                [(_, Json::Text(name))] => Err(check::instead_of_existence(self.context.field(name)).to_owned()),
                _ => Err(GENERAL.to_owned()),
            },
            ("sort" | "limit" | "size" | "from" | "skip" | "project" | "group", _) => {
                Err("a query only selects results; their order and number are not part of it".to_owned())
            }
            ("text" | "search" | "where" | "expr" | "regex", _) => Err(no_operator(key)),
            _ if key.starts_with('$') => Err(no_operator(key)),
            _ => self.tests(key, value),
        }
    }

    /// `{"must": […], "must_not": […], "filter": […], "should": […]}`
    fn clauses(&self, clauses: &[(String, Json)]) -> Part {
        let only_should = clauses.len() == 1;
        let parts = clauses.iter().map(|(key, value)| {
            let parts = match value {
                Json::List(parts) => parts.as_slice(),
                other => std::slice::from_ref(other),
            };
            match key.as_str() {
                "must" | "filter" => self.all(parts),
                "must_not" => self.any(parts).map(Translated::negated),
                // With others, it only affects the ranking.
                "should" if only_should => self.any(parts),
                _ => Err(no_operator(key)),
            }
        });
        all_of(parts.collect::<Result<_, _>>()?)
    }

    /// `{"term": {"model": "gpt-4o"}}`
    fn elastic(&self, kind: &str, entries: &[(String, Json)]) -> Part {
        let parts = entries.iter().map(|(name, value)| match (kind, value) {
            ("match_phrase", value) => self.test(name, "contains", value),
            ("match", value) => self.test(name, "contains", value).map(|part| part.sure_if(false)),
            ("terms", Json::List(_)) => self.test(name, "in", value),
            ("term", Json::Object(inner)) => match inner.as_slice() {
                [(key, value)] if key == "value" => self.test(name, "eq", value),
                _ => Err(GENERAL.to_owned()),
            },
            _ => self.tests(name, value),
        });
        all_of(parts.collect::<Result<_, _>>()?)
    }

    /// Converts the value for one field: `1`, `["a", "b"]`, `{"$gte": 1, "$lt": 5}`, or an object of keys.
    fn tests(&self, name: &str, value: &Json) -> Part {
        match value {
            Json::Object(entries) => {
                let parts = entries.iter().map(|(key, value)| match (key.strip_prefix('$'), value) {
                    (Some("not"), Json::Object(_)) => self.tests(name, value).map(Translated::negated),
                    (Some(operator), _) => self.test(name, operator, value),
                    (None, _) if meaning(key).is_some() => self.test(name, key, value),
                    (None, _) if self.context.field(name).is_none() => Err(GENERAL.to_owned()),
                    (None, _) => self.tests(&format!("{name}.{key}"), value),
                });
                all_of(parts.collect::<Result<_, _>>()?)
            }
            // In a list of values it may mean any of them, or the whole list.
            Json::List(_) => self.test(name, "in", value).map(|part| part.sure_if(false)),
            value => self.test(name, "eq", value),
        }
    }

    /// Converts a field, the name of an operator, and a value.
    fn test(&self, name: &str, operator: &str, value: &Json) -> Part {
        let Some(field) = self.context.field(name) else {
            return Err(match value {
                Json::List(_) | Json::Object(_) => GENERAL.to_owned(),
                _ => format!("`{}` is not a field", excerpt(name)),
            });
        };
        let meaning = meaning(operator.trim_start_matches('$')).ok_or_else(|| no_operator(operator))?;
        if *value == Json::Null || meaning == Meaning::Existence {
            return Err(check::instead_of_existence(Some(field)).to_owned());
        }
        let as_whole = field.compares(Op::Eq);
        let by_words = field.takes(Op::Contains);
        let one = |place| scalar(value, field.ty(), place).ok_or_else(|| no_value(name, value));
        let is_plain = !may_be_syntax(value, field.ty(), matches!(meaning, Meaning::Words { .. }));
        let clause = |negated, predicate, is_sure| {
            Ok(Translated { expr: clause(name, negated, predicate), is_sure: is_sure && is_plain })
        };
        match meaning {
            Meaning::Sign(sign) => {
                let negative = sign == "!=";
                let Some(comparison) = comparison_of(sign).filter(|_| as_whole || sign.contains(['<', '>'])) else {
                    return clause(negative, Predicate::Contains(one(After::Contains)?), false);
                };
                let sure = !is_day_by_its_end(field.ty(), comparison, value);
                clause(negative, Predicate::Compare(comparison, one(After::Other)?), sure)
            }
            Meaning::Words { negated } if by_words => clause(negated, Predicate::Contains(one(After::Contains)?), true),
            // Here it only compares words, while in other languages it may compare the whole value.
            Meaning::Words { negated } => {
                clause(negated, Predicate::Compare(Comparison::Eq, one(After::Other)?), false)
            }
            Meaning::In { negated } => {
                let values = self.values(name, value, field.ty())?;
                match as_whole {
                    true => clause(negated, Predicate::In(values), true),
                    false => clause(negated, Predicate::ContainsAny(values), false),
                }
            }
            Meaning::Between { negated } => match <[_; 2]>::try_from(self.values(name, value, field.ty())?) {
                Ok([lower, upper]) => clause(negated, Predicate::Range(Some(lower), Some(upper)), false),
                Err(_) => Err(GENERAL.to_owned()),
            },
            Meaning::Part { .. } | Meaning::Pattern { .. } | Meaning::Existence => Err(no_operator(operator)),
        }
    }

    fn values(&self, name: &str, value: &Json, ty: Type) -> Result<Vec<Value<'static>>, String> {
        let Json::List(values) = value else { return Err(no_value(name, value)) };
        let values: Option<Vec<_>> = values.iter().map(|value| scalar(value, ty, After::Other)).collect();
        values.filter(|values| !values.is_empty()).ok_or_else(|| no_value(name, value))
    }
}

/// Returns the query in an object as a string: `{"filters": "…"}`, `{"query": "", "filter": "…"}`.
fn text_inside(json: &Json) -> Option<(&str, bool)> {
    let Json::Object(entries) = json else { return None };
    let get = |name: &str| entries.iter().find(|(key, _)| key == name).map(|(_, value)| value);
    let is_page = |key: &str| matches!(key, "limit" | "page" | "page_size" | "offset" | "size" | "top_k" | "sort");
    match entries.as_slice() {
        [(key, Json::Text(text))] if matches!(key.as_str(), "filters" | "filter" | "where" | "q") => Some((text, true)),
        // In other tools it is a text to search for.
        [(key, Json::Text(text)), rest @ ..]
            if key == "query" && rest.iter().all(|(key, _)| is_page(key)) && has_clause(text) =>
        {
            Some((text, rest.is_empty()))
        }
        [(key, inner @ Json::Object(_))] if key == "query" => text_inside(inner),
        [(key, Json::Object(inner))] if key == "query_string" => match inner.as_slice() {
            // There, clauses next to one another are joined by `or`.
            [(key, Json::Text(text))] if key == "query" => Some((text, !joins_implicitly(text))),
            _ => None,
        },
        _ => match (get("query"), get("filter")) {
            (Some(Json::Text(query)), Some(Json::Text(filter))) => {
                // With a text or a limit, it is only a part of the request.
                (query.is_empty()).then_some((filter, entries.len() == 2))
            }
            _ => None,
        },
    }
}

/// Returns the meaning of an operator's name or sign.
fn meaning(operator: &str) -> Option<Meaning> {
    Some(Meaning::Sign(match operator {
        "=" | "==" => "=",
        "!=" | "<>" => "!=",
        "<" => "<",
        "<=" => "<=",
        ">" => ">",
        ">=" => ">=",
        name => return phrases::function(name),
    }))
}

/// Whether a text is a query, and more than words to search for.
fn has_clause(text: &str) -> bool {
    let sketch = sketch::read(text);
    sketch.is_whole() && sketch.items.iter().any(|item| matches!(item.kind, Kind::Clause(..)))
}

/// Whether two clauses of a query are next to one another.
fn joins_implicitly(text: &str) -> bool {
    let sketch = sketch::read(text);
    let ends = |kind: Kind| matches!(kind, Kind::Clause(..) | Kind::All | Kind::Text | Kind::Close);
    let begins = |kind: Kind| !matches!(kind, Kind::Join(_) | Kind::Close | Kind::End);
    sketch.items.windows(2).any(|pair| matches!(pair, [before, after] if ends(before.kind) && begins(after.kind)))
}

fn clause(name: &str, negated: bool, predicate: Predicate<'static>) -> Expr<'static> {
    let field = Field { span: Span::NOWHERE, path: Cow::Owned(name.to_owned()) };
    Expr::Clause(Clause { span: Span::NOWHERE, field, negated, operator: Span::NOWHERE, predicate })
}

fn comparison_of(sign: &str) -> Option<Comparison> {
    Some(match sign {
        "=" | "!=" => Comparison::Eq,
        "<" => Comparison::Lt,
        "<=" => Comparison::Lte,
        ">" => Comparison::Gt,
        ">=" => Comparison::Gte,
        _ => return None,
    })
}

/// Whether a date is compared by its end. Elsewhere a date is its first instant, but here the whole day.
fn is_day_by_its_end(ty: Type, comparison: Comparison, value: &Json) -> bool {
    let is_date = matches!(value, Json::Text(text) if !text.contains(':'));
    ty == Type::Time && is_date && !matches!(comparison, Comparison::Gte | Comparison::Lt)
}

/// Whether a value has the syntax of another language: a pattern, a negation, several values in one string. A number
/// that is compared with a time may be a year or seconds.
fn may_be_syntax(value: &Json, ty: Type, by_words: bool) -> bool {
    match value {
        Json::Text(text) => {
            text::doubtful(text).is_some()
                || text.starts_with(['!', '-', '/', '~', '^', '<', '>', '%'])
                || text.ends_with('%')
                || text.contains(['*', '|'])
                || text.contains(" OR ")
                || text.contains(" AND ")
                || text.contains(',') && !by_words
        }
        Json::Number(_) => ty == Type::Time,
        Json::List(values) => values.iter().any(|value| may_be_syntax(value, ty, by_words)),
        Json::Null | Json::Bool(_) | Json::Pattern | Json::Object(_) => false,
    }
}

fn scalar(json: &Json, ty: Type, after: After) -> Option<Value<'static>> {
    let token = match json {
        // After `contains`, a number in another form is a string.
        Json::Number(text) => {
            Token::Word(number::read(text).map_or_else(|_| text.clone(), |number| number.to_string()).into())
        }
        Json::Text(text) => token(&Scalar::String(text.clone()), ty, after),
        Json::Null | Json::Bool(_) | Json::Pattern | Json::List(_) | Json::Object(_) => return None,
    };
    Some(Value { span: Span::NOWHERE, token })
}

fn no_operator(operator: &str) -> String {
    format!("there is no operator `{}`; write a query such as `cost > 1`", excerpt(operator))
}

fn no_value(name: &str, value: &Json) -> String {
    match value {
        Json::Pattern => "the API has no regular expressions".to_owned(),
        _ => format!("this is not a value for `{}`", excerpt(name)),
    }
}

fn all_of(parts: Vec<Translated>) -> Part {
    if parts.is_empty() {
        return Err("this list is empty".to_owned());
    }
    let is_sure = parts.iter().all(|part| part.is_sure);
    let mut flat = Vec::new();
    for part in parts {
        match part.expr {
            Expr::And(_, inner) => flat.extend(inner),
            other => flat.push(other),
        }
    }
    Ok(Translated { expr: Expr::joined(flat, Expr::And), is_sure })
}

fn any_of(parts: Vec<Translated>) -> Part {
    if parts.is_empty() {
        return Err("this list is empty".to_owned());
    }
    let is_sure = parts.iter().all(|part| part.is_sure);
    let parts = parts.into_iter().map(|part| part.expr).collect();
    Ok(Translated { expr: Expr::joined(parts, Expr::Or), is_sure })
}
