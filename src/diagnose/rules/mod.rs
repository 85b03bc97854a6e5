//! The rules: one table, in the order in which those of an anchor are asked.

mod calls;
mod clause;
mod joins;
mod json;
mod kusto;
mod lists;
mod names;
mod operator;
mod python;
mod quotes;
mod range;
mod text;
mod value;
mod wrapped;

pub(super) use clause::unexpected;

use super::Anchor::{Clause, Operator, Text, Value};
use super::Rule;

/// Every rule. What is said of a place is what its first rule says.
#[rustfmt::skip]
pub(crate) const RULES: &[Rule] = &[
    Rule { name: "fenced", at: Text, find: wrapped::fenced },
    Rule { name: "selection", at: Text, find: text::selection },

    Rule { name: "everything", at: Clause, find: text::everything },
    Rule { name: "json", at: Clause, find: json::json },
    Rule { name: "pipeline", at: Clause, find: wrapped::pipeline },
    Rule { name: "parameter-of-address", at: Clause, find: wrapped::parameter_of_address },
    Rule { name: "data-frame", at: Clause, find: wrapped::data_frame },
    Rule { name: "comprehension", at: Clause, find: wrapped::comprehension },
    Rule { name: "lambda", at: Clause, find: wrapped::lambda },
    Rule { name: "argument", at: Clause, find: wrapped::argument },
    Rule { name: "comparison-object", at: Clause, find: wrapped::comparison_object },
    Rule { name: "tilde", at: Clause, find: wrapped::tilde },
    Rule { name: "foreign-comment", at: Clause, find: text::foreign_comment },
    Rule { name: "function-form", at: Clause, find: calls::function_form },
    Rule { name: "join-without-clause", at: Clause, find: joins::join_without_clause },
    Rule { name: "not-without-clause", at: Clause, find: joins::not_without_clause },
    Rule { name: "empty-group", at: Clause, find: joins::empty_group },
    Rule { name: "unopened-group", at: Clause, find: joins::unopened_group },
    Rule { name: "group-closed-by-another-bracket", at: Clause, find: joins::closed_by_another_bracket },
    Rule { name: "unclosed-group", at: Clause, find: joins::unclosed_group },
    Rule { name: "backticks", at: Clause, find: names::backticks },
    Rule { name: "bracketed-name", at: Clause, find: clause::bracketed_name },
    Rule { name: "square-group", at: Clause, find: joins::square_group },
    Rule { name: "lone-minus", at: Clause, find: joins::lone_minus },
    Rule { name: "existence-function", at: Clause, find: calls::existence_function },
    Rule { name: "existence-field", at: Clause, find: calls::existence_field },
    Rule { name: "method", at: Clause, find: calls::method },
    Rule { name: "period-of-time", at: Clause, find: calls::period_of_time },
    Rule { name: "function-of-field", at: Clause, find: calls::function_of_field },
    Rule { name: "selector-braces", at: Clause, find: clause::selector_braces },
    Rule { name: "joiner", at: Clause, find: joins::joiner },
    Rule { name: "look-alike", at: Clause, find: clause::look_alike },
    Rule { name: "python-in", at: Clause, find: python::member },
    Rule { name: "subscript", at: Clause, find: python::subscript },
    Rule { name: "adjoining-quote-in-name", at: Clause, find: quotes::adjoining_in_name },
    Rule { name: "adjoining-quote-in-text", at: Clause, find: quotes::adjoining_in_text },
    Rule { name: "unclosed-quote-in-name", at: Clause, find: quotes::unclosed_in_name },
    Rule { name: "chained-comparison", at: Clause, find: clause::chained_comparison },
    Rule { name: "field-on-the-right", at: Clause, find: clause::field_on_the_right },
    Rule { name: "operator-repeated", at: Clause, find: clause::operator_repeated },
    Rule { name: "epilogue", at: Clause, find: text::epilogue },
    Rule { name: "comma-between-clauses", at: Clause, find: joins::comma },
    Rule { name: "single-sign", at: Clause, find: joins::single_sign },
    Rule { name: "preamble", at: Clause, find: text::preamble },
    Rule { name: "foreign-operator-on-unknown-field", at: Clause, find: operator::on_unknown_field },
    Rule { name: "value-repeated", at: Clause, find: clause::value_repeated },
    Rule { name: "spaced-name", at: Clause, find: clause::spaced_name },
    Rule { name: "unknown-function", at: Clause, find: calls::unknown_function },
    Rule { name: "text-without-field", at: Clause, find: clause::text_without_field },

    Rule { name: "backticks-in-key", at: Operator, find: names::backticks },
    Rule { name: "escaped-key", at: Operator, find: names::escaped_key },
    Rule { name: "look-alike-operator", at: Operator, find: clause::look_alike },
    Rule { name: "quantified-operator", at: Operator, find: kusto::quantified },
    Rule { name: "not-between", at: Operator, find: kusto::not_between },
    Rule { name: "missing-key", at: Operator, find: clause::missing_key },
    Rule { name: "spaced-key", at: Operator, find: operator::spaced_key },
    Rule { name: "foreign-sign", at: Operator, find: operator::foreign_sign },
    Rule { name: "negated-operator", at: Operator, find: operator::negated_operator },
    Rule { name: "foreign-operator", at: Operator, find: operator::foreign_operator },
    Rule { name: "operator-after-is", at: Operator, find: operator::operator_after_is },
    Rule { name: "value-without-operator", at: Operator, find: operator::missing_operator },

    Rule { name: "semicolon", at: Value, find: wrapped::semicolon },
    Rule { name: "words-of-field", at: Value, find: wrapped::words_of_field },
    Rule { name: "number-with-comma", at: Value, find: range::number_with_comma },
    Rule { name: "lucene-range", at: Value, find: range::lucene_range },
    Rule { name: "spaced-value", at: Value, find: range::spaced_value },
    Rule { name: "look-alike-brackets", at: Value, find: clause::look_alike },
    Rule { name: "any-of-array", at: Value, find: python::any_of_array },
    Rule { name: "unlisted-values", at: Value, find: lists::unlisted_values },
    Rule { name: "alternatives", at: Value, find: lists::alternatives },
    Rule { name: "quantifier-without-list", at: Value, find: lists::quantifier_without_list },
    Rule { name: "sign-in-value", at: Value, find: value::sign_in_value },
    Rule { name: "unquoted-words", at: Value, find: value::unquoted_words },
    Rule { name: "angle-brackets", at: Value, find: value::angle_brackets },
    Rule { name: "minus-before-quotes", at: Value, find: quotes::minus_before },
    Rule { name: "split-operator", at: Value, find: operator::split_operator },
    Rule { name: "empty-list", at: Value, find: lists::empty_list },
    Rule { name: "half-open-interval", at: Value, find: range::half_open },
    Rule { name: "closed-by-another-bracket", at: Value, find: lists::closed_by_another_bracket },
    Rule { name: "between-with-dots", at: Value, find: kusto::between },
    Rule { name: "between-values", at: Value, find: range::between_values },
    Rule { name: "incomplete-between", at: Value, find: range::incomplete_between },
    Rule { name: "two-bounds", at: Value, find: range::two_bounds },
    Rule { name: "list-for-a-value", at: Value, find: lists::list_for_a_value },
    Rule { name: "keyword-in-list", at: Value, find: lists::keyword_in_list },
    Rule { name: "separated-by-signs", at: Value, find: lists::separated_by_signs },
    Rule { name: "malformed-list", at: Value, find: lists::malformed_list },
    Rule { name: "quote-in-list", at: Value, find: quotes::unclosed_in_list },
    Rule { name: "unclosed-list", at: Value, find: lists::unclosed_list },
    Rule { name: "endless-range", at: Value, find: range::endless_range },
    Rule { name: "since", at: Value, find: range::since },
    Rule { name: "value-for-a-list", at: Value, find: lists::value_for_a_list },
    Rule { name: "json-in-value", at: Value, find: value::json_in_value },
    Rule { name: "brackets-in-value", at: Value, find: value::brackets_in_value },
    Rule { name: "range-for-a-value", at: Value, find: range::range_for_a_value },
    Rule { name: "doubled-quotes", at: Value, find: quotes::doubled },
    Rule { name: "apostrophe", at: Value, find: quotes::apostrophe },
    Rule { name: "adjoining-quote", at: Value, find: quotes::adjoining },
    Rule { name: "unclosed-quote", at: Value, find: quotes::unclosed },
    Rule { name: "parameter-name", at: Value, find: value::parameter_name },
    Rule { name: "call-in-value", at: Value, find: calls::call_in_value },
    Rule { name: "signs-in-value", at: Value, find: value::signs_in_value },
    Rule { name: "negated-value", at: Value, find: value::negated_value },
    Rule { name: "keyword-as-value", at: Value, find: value::keyword_as_value },
    Rule { name: "missing-value", at: Value, find: value::missing_value },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::RULES;
    use crate::Compiler;
    use crate::diagnose::Context;
    use crate::diagnose::driver::{Report, report};

    fn said(query: &str, off: Option<&'static str>) -> Report {
        let compiler = Compiler::new().now("2024-03-31T12:00:00Z".parse().unwrap());
        report(query, Context { settings: compiler.settings(&compiler.parameters) }, off)
    }

    /// The queries of the file of mistakes, by the section that they are in.
    fn sections() -> Vec<(&'static str, Vec<String>)> {
        let mut sections = Vec::new();
        let mut in_query = false;
        for line in include_str!("../../../tests/cases/mistakes.txt").lines() {
            if let Some(name) = line.strip_prefix("## rule ") {
                sections.push((name, Vec::<String>::new()));
            } else if line.starts_with("## ") {
                sections.push(("", Vec::new()));
            }
            let line = line.strip_prefix("| ");
            if let (Some(line), Some((_, queries))) = (line, sections.last_mut()) {
                match queries.last_mut() {
                    Some(query) if in_query => *query += &format!("\n{line}"),
                    _ => queries.push(line.to_owned()),
                }
            }
            in_query = line.is_some();
        }
        sections
    }

    #[test]
    fn every_rule_has_a_section_and_each_of_its_queries_needs_it() {
        let sections = sections();
        let names: Vec<&str> = sections.iter().map(|(name, _)| *name).filter(|name| !name.is_empty()).collect();
        let rules: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
        assert_eq!(names, rules, "sections in the order of the rules");
        assert_eq!(rules.iter().collect::<BTreeSet<_>>().len(), rules.len(), "each name once");
        let mut idle = Vec::new();
        for (name, queries) in sections.iter().filter(|(name, _)| !name.is_empty()) {
            assert!(!queries.is_empty(), "{name} has no query");
            for query in queries {
                let answered = said(query, None);
                assert!(answered.taken.iter().any(|(rule, _)| rule == name), "{name}: {query}");
                if answered.diagnostics == said(query, Some(name)).diagnostics {
                    idle.push(format!("{name}: {query}"));
                }
            }
        }
        assert!(idle.is_empty(), "{}", idle.join("\n"));
    }
}
