//! The rules, in one table. The rules of an anchor are asked in its order.

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
mod spaced;
mod text;
mod translate;
mod value;
mod wrapped;

pub(super) use clause::unexpected;

use super::Anchor::{Clause, Operator, Start, Value};
use super::kinds::*;
use super::{Anchor, Rule};

/// All rules, grouped by anchor. The first rule that answers for an item wins.
#[rustfmt::skip]
pub(crate) const RULES: &[Rule] = &[
    Rule { name: "fenced", at: Start, on: [ANY, ANY], find: wrapped::fenced },
    Rule { name: "quoted-query", at: Start, on: [ANY, ANY], find: wrapped::quoted_query },
    Rule { name: "final-semicolon", at: Start, on: [ANY, ANY], find: wrapped::final_semicolon },
    Rule { name: "html-entities", at: Start, on: [ANY, ANY], find: wrapped::html_entities },
    Rule { name: "selection", at: Start, on: [TEXT, ANY], find: text::selection },

    Rule { name: "everything", at: Clause, on: [ALL, SIGN], find: text::everything },
    Rule { name: "json", at: Clause, on: [HEADED | BARE | SQUARE, ANY], find: json::json },
    Rule { name: "pipeline", at: Clause, on: [TEXT | SIGN, ANY], find: wrapped::pipeline },
    Rule { name: "parameter-of-address", at: Clause, on: [HEADED, ANY], find: wrapped::parameter_of_address },
    Rule { name: "data-frame", at: Clause, on: [WORD, SQUARE], find: wrapped::data_frame },
    Rule { name: "comprehension", at: Clause, on: [SQUARE, ANY], find: wrapped::comprehension },
    Rule { name: "lambda", at: Clause, on: [BARE, HEAD | OPEN], find: wrapped::lambda },
    Rule { name: "argument", at: Clause, on: [BARE, OPEN], find: wrapped::argument },
    Rule { name: "comparison-object", at: Clause, on: [BARE, OPEN], find: wrapped::comparison_object },
    Rule { name: "tilde", at: Clause, on: [SIGN, OPEN], find: wrapped::tilde },
    Rule { name: "foreign-comment", at: Clause, on: [HEADED | BARE, ANY], find: text::foreign_comment },
    Rule { name: "function-form", at: Clause, on: [BARE | JOIN | NOT, OPEN], find: calls::function_form },
    Rule { name: "join-without-clause", at: Clause, on: [JOIN, ANY], find: joins::join_without_clause },
    Rule { name: "not-without-clause", at: Clause, on: [NOT, JOIN | CLOSE | END], find: joins::not_without_clause },
    Rule { name: "empty-group", at: Clause, on: [OPEN, CLOSE], find: joins::empty_group },
    Rule { name: "unopened-group", at: Clause, on: [CLOSE, ANY], find: joins::unopened_group },
    Rule { name: "group-closed-by-another-bracket", at: Clause, on: [SQUARE, ANY], find: joins::closed_by_another_bracket },
    Rule { name: "unclosed-group", at: Clause, on: [END, ANY], find: joins::unclosed_group },
    Rule { name: "backticks", at: Clause, on: [BARE, ANY], find: names::backticks },
    Rule { name: "bracketed-name", at: Clause, on: [SQUARE, TEXT], find: clause::bracketed_name },
    Rule { name: "square-group", at: Clause, on: [SQUARE, ANY], find: joins::square_group },
    Rule { name: "lone-minus", at: Clause, on: [WORD, ANY], find: joins::lone_minus },
    Rule { name: "existence-function", at: Clause, on: [BARE, TEXT | OPEN], find: calls::existence_function },
    Rule { name: "existence-field", at: Clause, on: [CLAUSE, ANY], find: calls::existence_field },
    Rule { name: "required-clause", at: Clause, on: [CLAUSE, ANY], find: clause::required_clause },
    Rule { name: "method", at: Clause, on: [WORD, OPEN], find: calls::method },
    Rule { name: "period-of-time", at: Clause, on: [BARE, OPEN], find: calls::period_of_time },
    Rule { name: "function-of-field", at: Clause, on: [WORD, OPEN], find: calls::function_of_field },
    Rule { name: "selector-braces", at: Clause, on: [HEADED | BARE, ANY], find: clause::selector_braces },
    Rule { name: "joiner", at: Clause, on: [TEXT, BEGINS], find: joins::joiner },
    Rule { name: "misspelled-not", at: Clause, on: [TEXT, CLAUSE | OPEN], find: joins::misspelled_not },
    Rule { name: "look-alike", at: Clause, on: [HEADED | BARE, ANY], find: clause::look_alike },
    Rule { name: "json-path", at: Clause, on: [WORD | HEADED, SIGN | HEADED], find: names::json_path },
    Rule { name: "operator-in-name", at: Clause, on: [HEAD, BRACKET], find: lists::operator_in_name },
    Rule { name: "python-in", at: Clause, on: [HEAD, BARE], find: python::member },
    Rule { name: "subscript", at: Clause, on: [WORD, SQUARE], find: python::subscript },
    Rule { name: "curly-quotes-in-name", at: Clause, on: [WORD, ANY], find: quotes::curly_in_name },
    Rule { name: "adjoining-quote-in-name", at: Clause, on: [WORD, ANY], find: quotes::adjoining_in_name },
    Rule { name: "adjoining-quote-in-text", at: Clause, on: [BARE, BARE], find: quotes::adjoining_in_text },
    Rule { name: "unclosed-quote-in-name", at: Clause, on: [WORD, UNCLOSED], find: quotes::unclosed_in_name },
    Rule { name: "chained-comparison", at: Clause, on: [HEAD | NOT, HEADED], find: clause::chained_comparison },
    Rule { name: "field-on-the-right", at: Clause, on: [CLAUSE | NOT, ANY], find: clause::field_on_the_right },
    Rule { name: "operator-repeated", at: Clause, on: [BARE | SIGN, ANY], find: clause::operator_repeated },
    Rule { name: "epilogue", at: Clause, on: [TEXT | SIGN, BARE], find: text::epilogue },
    Rule { name: "tight-sign", at: Clause, on: [WORD, ANY], find: operator::tight_sign },
    Rule { name: "comma-between-clauses", at: Clause, on: [COMMA, ANY], find: joins::comma },
    Rule { name: "single-sign", at: Clause, on: [SIGN, ANY], find: joins::single_sign },
    Rule { name: "preamble", at: Clause, on: [TEXT, BEGINS], find: text::preamble },
    Rule { name: "label", at: Clause, on: [HEAD, BEGINS], find: text::label },
    Rule { name: "foreign-operator-on-unknown-field", at: Clause, on: [TEXT, BARE | SIGN | JOIN | NOT], find: operator::on_unknown_field },
    Rule { name: "value-repeated", at: Clause, on: [CLAUSE | TEXT, ANY], find: clause::value_repeated },
    Rule { name: "spaced-name", at: Clause, on: [TEXT, HEADED | TEXT], find: clause::spaced_name },
    Rule { name: "unknown-function", at: Clause, on: [BARE | JOIN, OPEN], find: calls::unknown_function },
    Rule { name: "text-without-field", at: Clause, on: [TEXT, ANY], find: clause::text_without_field },

    Rule { name: "backticks-in-key", at: Operator, on: [TEXT, ANY], find: names::backticks },
    Rule { name: "escaped-key", at: Operator, on: [TEXT, HEADED | TEXT], find: names::escaped_key },
    Rule { name: "look-alike-operator", at: Operator, on: [TEXT, ANY], find: clause::look_alike },
    Rule { name: "quantified-operator", at: Operator, on: [TEXT, BARE | NOT], find: operator::quantified },
    Rule { name: "not-between", at: Operator, on: [TEXT, SIGN | NOT], find: kusto::not_between },
    Rule { name: "missing-key", at: Operator, on: [TEXT, ANY], find: clause::missing_key },
    Rule { name: "spaced-key", at: Operator, on: [TEXT, HEADED | TEXT], find: operator::spaced_key },
    Rule { name: "foreign-sign", at: Operator, on: [TEXT, SIGN], find: operator::foreign_sign },
    Rule { name: "negated-operator", at: Operator, on: [TEXT, NOT], find: operator::negated_operator },
    Rule { name: "foreign-operator", at: Operator, on: [TEXT, BARE | SIGN | JOIN | NOT], find: operator::foreign_operator },
    Rule { name: "operator-after-is", at: Operator, on: [TEXT, ANY], find: operator::operator_after_is },
    Rule { name: "misspelled-operator", at: Operator, on: [TEXT, CLAUSE | BARE], find: operator::misspelled_operator },
    Rule { name: "from-to", at: Operator, on: [TEXT, TEXT], find: operator::from_to },
    Rule { name: "value-without-operator", at: Operator, on: [TEXT, ANY], find: operator::missing_operator },

    Rule { name: "semicolon", at: Value, on: [CLAUSE, CLOSE | END], find: wrapped::semicolon },
    Rule { name: "words-of-field", at: Value, on: [HEAD, OPEN], find: wrapped::words_of_field },
    Rule { name: "operator-twice", at: Value, on: [HEADED, ANY], find: operator::operator_twice },
    Rule { name: "number-with-comma", at: Value, on: [HEADED, TEXT | COMMA], find: spaced::number_with_comma },
    Rule { name: "lucene-range", at: Value, on: [HEADED, HEADED | BARE | SQUARE], find: range::lucene_range },
    Rule { name: "spaced-value", at: Value, on: [CLAUSE, CLAUSE | BARE | SIGN | COMMA | NOT | OPEN], find: spaced::spaced_value },
    Rule { name: "spaced-values", at: Value, on: [CLAUSE, CLAUSE | BARE | SIGN | NOT], find: spaced::spaced_values },
    Rule { name: "look-alike-brackets", at: Value, on: [HEADED, ANY], find: clause::look_alike },
    Rule { name: "any-of-array", at: Value, on: [HEAD, BARE], find: python::any_of_array },
    Rule { name: "unlisted-values", at: Value, on: [CLAUSE, COMMA], find: lists::unlisted_values },
    Rule { name: "alternatives", at: Value, on: [CLAUSE, SIGN], find: lists::alternatives },
    Rule { name: "quantifier-without-list", at: Value, on: [CLAUSE, CLAUSE | TEXT], find: lists::quantifier_without_list },
    Rule { name: "fuzzy-value", at: Value, on: [HEAD, HEADED], find: value::fuzzy },
    Rule { name: "sign-in-value", at: Value, on: [CLAUSE, SIGN], find: value::sign_in_value },
    Rule { name: "unquoted-words", at: Value, on: [CLAUSE, TEXT], find: value::unquoted_words },
    Rule { name: "angle-brackets", at: Value, on: [HEAD, SIGN], find: value::angle_brackets },
    Rule { name: "minus-before-quotes", at: Value, on: [HEAD, NOT], find: quotes::minus_before },
    Rule { name: "split-operator", at: Value, on: [HEAD, SIGN], find: operator::split_operator },
    Rule { name: "spaced-range", at: Value, on: [HEADED, BARE | NOT], find: range::spaced_range },
    Rule { name: "empty-list", at: Value, on: [HEAD, BRACKET], find: lists::empty_list },
    Rule { name: "half-open-interval", at: Value, on: [HEAD, BRACKET], find: range::half_open },
    Rule { name: "closed-by-another-bracket", at: Value, on: [HEAD, BRACKET], find: lists::closed_by_another_bracket },
    Rule { name: "between-with-dots", at: Value, on: [HEAD, OPEN], find: kusto::between },
    Rule { name: "between-values", at: Value, on: [HEAD, BRACKET], find: range::between_values },
    Rule { name: "incomplete-between", at: Value, on: [HEAD, CLAUSE | BARE | NOT], find: range::incomplete_between },
    Rule { name: "two-bounds", at: Value, on: [HEAD, BRACKET], find: range::two_bounds },
    Rule { name: "list-for-a-value", at: Value, on: [HEAD, BRACKET], find: lists::list_for_a_value },
    Rule { name: "keyword-in-list", at: Value, on: [HEAD, BRACKET], find: lists::keyword_in_list },
    Rule { name: "separated-by-signs", at: Value, on: [HEAD, BRACKET], find: lists::separated_by_signs },
    Rule { name: "malformed-list", at: Value, on: [HEAD, BRACKET], find: lists::malformed_list },
    Rule { name: "apostrophes-in-list", at: Value, on: [HEAD, BRACKET], find: quotes::apostrophes_in_list },
    Rule { name: "quote-in-list", at: Value, on: [HEAD, BRACKET], find: quotes::unclosed_in_list },
    Rule { name: "unclosed-list", at: Value, on: [HEAD, BRACKET], find: lists::unclosed_list },
    Rule { name: "open-end", at: Value, on: [CLAUSE, ANY], find: range::open_end },
    Rule { name: "second-bound", at: Value, on: [HEAD, CLAUSE], find: range::second_bound },
    Rule { name: "endless-range", at: Value, on: [HEAD, HEADED | BARE], find: range::endless_range },
    Rule { name: "since", at: Value, on: [HEAD, CLAUSE | BARE | SIGN | COMMA | NOT | OPEN], find: spaced::since },
    Rule { name: "value-for-a-list", at: Value, on: [HEAD, HEADED | BARE | NOT], find: lists::value_for_a_list },
    Rule { name: "json-in-value", at: Value, on: [HEAD, WORD], find: value::json_in_value },
    Rule { name: "brackets-in-value", at: Value, on: [HEAD, ANY], find: value::brackets_in_value },
    Rule { name: "range-for-a-value", at: Value, on: [HEADED, ANY], find: range::range_for_a_value },
    Rule { name: "doubled-quotes", at: Value, on: [HEAD, WORD], find: quotes::doubled },
    Rule { name: "apostrophe", at: Value, on: [HEAD, WORD], find: quotes::apostrophe },
    Rule { name: "adjoining-quote", at: Value, on: [HEAD, HEADED | BARE], find: quotes::adjoining },
    Rule { name: "unclosed-curly-quote", at: Value, on: [HEAD, WORD], find: quotes::unclosed_curly },
    Rule { name: "unclosed-quote", at: Value, on: [HEAD, ANY], find: quotes::unclosed },
    Rule { name: "parameter-name", at: Value, on: [HEAD, WORD | BRACKET], find: value::parameter_name },
    Rule { name: "call-in-value", at: Value, on: [HEAD, WORD], find: calls::call_in_value },
    Rule { name: "signs-in-value", at: Value, on: [HEAD, HEADED | BARE], find: value::signs_in_value },
    Rule { name: "negated-value", at: Value, on: [HEAD, NOT], find: value::negated_value },
    Rule { name: "keyword-as-value", at: Value, on: [HEAD, JOIN | NOT], find: value::keyword_as_value },
    Rule { name: "missing-value", at: Value, on: [HEAD, HEADED | SIGN | COMMA | JOIN | CLOSE | END], find: value::missing_value },
];

/// Returns the rules of an anchor.
pub(crate) fn rules_at(anchor: Anchor) -> &'static [Rule] {
    const CLAUSE: usize = first_of(Clause);
    const OPERATOR: usize = first_of(Operator);
    const VALUE: usize = first_of(Value);
    let rules = match anchor {
        Start => 0..CLAUSE,
        Clause => CLAUSE..OPERATOR,
        Operator => OPERATOR..VALUE,
        Value => VALUE..RULES.len(),
    };
    RULES.get(rules).unwrap_or_default()
}

#[expect(clippy::indexing_slicing, reason = "it is only evaluated by the compiler")]
const fn first_of(anchor: Anchor) -> usize {
    let mut first = 0;
    while (RULES[first].at as u8) < anchor as u8 {
        first += 1;
    }
    first
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::RULES;
    use crate::common::case_files::mistakes;
    use crate::common::compiler;
    use crate::diagnose::Context;
    use crate::diagnose::driver::{Report, report, unguarded};

    fn said(query: &str, off: Option<&'static str>) -> Report {
        let compiler = compiler();
        report(query, Context { settings: compiler.settings(&compiler.parameters) }, off)
    }

    /// The queries of the file of mistakes, by section; sections that are not of a rule have an empty name.
    fn sections() -> Vec<(&'static str, Vec<String>)> {
        let mistakes = mistakes();
        let sections = mistakes.chunk_by(|case, next| case.heading == next.heading).map(|cases| {
            let queries = cases.iter().map(|case| case.query.clone()).collect();
            (cases[0].heading.strip_prefix("rule ").unwrap_or_default(), queries)
        });
        sections.collect()
    }

    #[test]
    fn rules_have_sections_whose_queries_need_them() {
        let sections = sections();
        let names: Vec<&str> = sections.iter().map(|(name, _)| *name).filter(|name| !name.is_empty()).collect();
        let rules: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
        let differs = rules.iter().zip(&names).find(|(rule, name)| rule != name);
        let order = "tests/cases/mistakes.txt has a section with a query for each rule, in the order of RULES";
        assert_eq!(differs, None, "{order}: a rule, and the section in its position");
        assert_eq!(names.len(), rules.len(), "{order}");
        assert_eq!(rules.iter().collect::<BTreeSet<_>>().len(), rules.len(), "each name once");
        assert!(RULES.is_sorted_by_key(|rule| rule.at), "by their anchors");
        let mut idle = Vec::new();
        for (name, queries) in sections.iter().filter(|(name, _)| !name.is_empty()) {
            for query in queries {
                let answered = said(query, None);
                assert!(
                    answered.taken.iter().any(|taken| taken.rule == *name),
                    "`{name}` does not answer its query; another rule may come first: {query}"
                );
                if answered.diagnostics == said(query, Some(name)).diagnostics {
                    idle.push(format!("{name}: {query}"));
                }
            }
        }
        assert!(
            idle.is_empty(),
            "switched off, these rules change nothing; another rule answers the same:\n{}",
            idle.join("\n")
        );
    }

    /// Splits a text at one of its spaces.
    fn cut(text: &str, nth: usize) -> (&str, &str) {
        let spaces: Vec<usize> = text.match_indices(' ').map(|(place, _)| place).collect();
        text.split_at(spaces.get(nth % spaces.len().max(1)).copied().unwrap_or(0))
    }

    /// Texts in which rules interact: each query, and the start of each query before the end of others.
    fn crossed() -> Vec<String> {
        let queries: Vec<String> = sections().into_iter().flat_map(|(_, queries)| queries).collect();
        let mut texts = queries.clone();
        for (at, query) in queries.iter().enumerate() {
            for step in 1..16 {
                let other = &queries[(at + step * 37) % queries.len()];
                texts.push(format!("{}{}", cut(query, step).0, cut(other, step / 2).1));
            }
        }
        texts
    }

    #[test]
    fn rules_only_answer_where_they_are_asked() {
        let compiler = compiler();
        let mut missed = Vec::new();
        for compiler in [compiler.clone(), compiler.text_field("completion_output").unwrap()] {
            let context = Context { settings: compiler.settings(&compiler.parameters) };
            for text in crossed() {
                let (asked, all) = (report(&text, context, None), unguarded(&text, context));
                let differs = |at: &usize| all.taken.get(*at) != asked.taken.get(*at);
                let first = (0..all.taken.len()).find(differs);
                missed.extend(first.map(|at| format!("{}: {text}", all.taken[at].rule)));
            }
        }
        assert!(missed.is_empty(), "{}", missed.join("\n"));
    }
}
