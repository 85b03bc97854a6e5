//! Suggestions for an unknown field: a unit in the name, a name of the results, a misspelling, a synonym, a key.

use super::write_operator;
use crate::ast::{self, Clause, Predicate, Token, Value};
use crate::catalog::{Catalog, Field, Nearest, Type, returned};
use crate::diagnostic::{Diagnostic, Edit, Fix, excerpt};
use crate::filter::Comparison;
use crate::foreign::{self, Meaning, is_foreign};
use crate::print;
use crate::types::unit::TimeUnit;

pub(super) fn explain(
    diagnostic: Diagnostic,
    written: &ast::Field,
    clause: Option<&Clause>,
    catalog: &Catalog,
) -> Diagnostic {
    let path: &str = &written.path;
    if let Some((field, unit)) = unit_in_name(path, catalog) {
        return with_unit(diagnostic, written, clause, field, unit);
    }
    if let Some(fix) = operator_in_name(written, clause, catalog) {
        return diagnostic.help(OPERATOR_IN_NAME).fix(fix);
    }
    if let Some(known) = returned(path) {
        let instead: Vec<String> = known
            .instead
            .iter()
            .filter(|name| catalog.resolve(name).is_some())
            .map(|name| (*name).to_owned())
            .collect();
        let can = match instead.as_slice() {
            [] => String::new(),
            [one] => format!("; `{one}` can"),
            [first, others @ ..] => format!("; `{first}` and `{}` can", others.join("` and `")),
        };
        let help = format!("results contain {}, which cannot be searched{can}", known.shown);
        return diagnostic.help(help).candidates(instead);
    }
    let typed = |paths: Vec<String>| paths.iter().map(|path| print::field(path)).collect::<Vec<_>>();
    let Nearest { paths, is_misspelled } = catalog.nearest(path);
    if !paths.is_empty() {
        return diagnostic.rename(written.span, typed(paths), is_misspelled);
    }
    let keyed = typed(catalog.as_key(path, |field| !is_foreign(path) && may_be_of(field, clause)));
    if !keyed.is_empty() {
        let mut diagnostic = diagnostic.rename(written.span, keyed, false);
        // A name in quotes may follow a word that could not be read.
        if path.contains(' ') {
            diagnostic.fixes.clear();
        }
        return diagnostic;
    }
    diagnostic.candidates(catalog.all_if_few())
}

pub(crate) const OPERATOR_IN_NAME: &str = "write the operator after the field";

/// Returns the fix for `cost__gte = 5` and `cost.gte = 5`, where the name ends with an operator.
pub(super) fn operator_in_name(written: &ast::Field, clause: Option<&Clause>, catalog: &Catalog) -> Option<Fix> {
    let path: &str = &written.path;
    let (name, operator) = path.rsplit_once("__").or_else(|| path.rsplit_once('.'))?;
    let is_equality = |clause: &&Clause| {
        !clause.negated && matches!(clause.predicate, Predicate::Compare(Comparison::Eq, _) | Predicate::Natural(_))
    };
    let clause = clause.filter(is_equality)?;
    catalog.resolve(name).filter(|found| found.field.is_keyed() == found.key.is_some())?;
    let ours = match foreign::function(operator)? {
        Meaning::Sign(sign) => sign,
        Meaning::Words { negated: false } => "contains",
        _ => return None,
    };
    let rename = Edit { span: written.span, text: print::field(name) };
    let edits = std::iter::once(rename).chain(write_operator(clause, ours).edits);
    Some(Fix::new(format!("write `{} {ours}`", excerpt(name)), edits.collect()))
}

/// Whether an unknown name may be meant as a key of this field: for comparisons by size, a field of numbers.
fn may_be_of(field: &Field, clause: Option<&Clause>) -> bool {
    let Some(clause) = clause else { return field.ty() != Type::Score };
    let is_number = |value: &Value| matches!(&value.token, Token::Word(word) if Type::Number.is_plain(word));
    match (&clause.predicate, field.ty()) {
        (Predicate::Contains(_) | Predicate::ContainsAny(_) | Predicate::ContainsAll(_), ty) => ty != Type::Score,
        (Predicate::Compare(Comparison::Eq, _) | Predicate::Natural(_) | Predicate::In(_), Type::Score) => {
            clause.predicate.values().all(is_number)
        }
        (Predicate::Compare(Comparison::Eq, _) | Predicate::Natural(_) | Predicate::In(_), _) => true,
        (Predicate::Compare(..) | Predicate::Range(..) | Predicate::Between(..), ty) => ty != Type::Text,
    }
}

/// Splits `latency_ms`, `costUsd`, `latency.ms` into a field and the unit of its values.
pub(super) fn unit_in_name<'c, 'p>(path: &'p str, catalog: &'c Catalog) -> Option<(&'c Field, &'p str)> {
    const LONGEST: usize = 60;
    let before_capital = || path.char_indices().rev().find(|(_, char)| char.is_uppercase()).map(|(at, _)| (at, at));
    let split = path.rfind(['_', '-', '.']).map(|at| (at, at + 1)).or_else(before_capital);
    let (stem, unit) = split.and_then(|(end, start)| Some((path.get(..end)?, path.get(start..)?)))?;
    let ty = match unit.to_ascii_lowercase().as_str() {
        "usd" | "dollar" | "dollars" | "cent" | "cents" => Type::Usd,
        "us" | "micros" | "microseconds" | "ns" | "nanos" | "nanoseconds" => Type::Seconds,
        other => TimeUnit::of_word(other).map(|_| Type::Seconds)?,
    };
    if path.len() > LONGEST || stem.is_empty() {
        return None;
    }
    let field = catalog.get(stem).or_else(|| match catalog.nearest(stem).paths.as_slice() {
        [only] => catalog.get(only),
        _ => None,
    });
    field.filter(|field| field.ty() == ty && !field.is_keyed()).map(|field| (field, unit))
}

/// Moves the unit to the values. This is a guess, so the fix may be incorrect.
pub(super) fn with_unit(
    diagnostic: Diagnostic,
    written: &ast::Field,
    clause: Option<&Clause>,
    field: &Field,
    unit: &str,
) -> Diagnostic {
    let diagnostic = diagnostic.candidates(vec![field.name().to_owned()]);
    let sample = if field.ty() == Type::Usd { "$0.01" } else { "500ms" };
    let help = format!("write the unit with the value, as in `{} > {sample}`", field.name());
    let Some(clause) = clause else { return diagnostic.help(help) };
    let measured: Option<Vec<Edit>> =
        clause.predicate.values().map(|value| measured(value, field.ty(), unit)).collect();
    let Some(measured) = measured else { return diagnostic.help(help) };
    let shown = measured.iter().map(|edit| format!("`{}`", excerpt(&edit.text))).collect::<Vec<_>>().join(", ");
    let title = format!("write `{}` with {shown}", field.name());
    let rename = Edit { span: written.span, text: field.name().to_owned() };
    diagnostic.help(help).fix(Fix::new(title, std::iter::once(rename).chain(measured).collect()))
}

/// Returns the edit that writes a value with the unit: for a number, or a value that already has this unit.
fn measured(value: &Value, ty: Type, unit: &str) -> Option<Edit> {
    let text = match &value.token {
        Token::Word(text) | Token::Quoted(text) => text,
        Token::Parameter(_) => return None,
    };
    let is_number = Type::Number.is_plain(text);
    let with_unit = |number: &str| ty.guess(&format!("{number} {}", unit.to_ascii_lowercase()));
    let written = if is_number {
        with_unit(text)?
    } else {
        let is_unit = |char: char| char.is_ascii_digit() || matches!(char, '.' | '_' | '-' | '$');
        let same = with_unit(text.trim_matches(|char: char| !is_unit(char)).trim_start_matches('$'))?;
        (same == **text).then_some(same)?
    };
    Some(Edit { span: value.span, text: written })
}
