//! The strict parser against the reader that answers users today.

use super::parse;
use crate::ast::{Clause, Expr};
use crate::catalog::Catalog;
use crate::diagnostic::{Code, Diagnostic};
use crate::limits::Limits;

#[path = "../../tests/grammar/texts.rs"]
mod texts;

use texts::Texts;

#[test]
fn it_agrees_with_the_tolerant_reader() {
    agree(1, 10_000);
}

/// `TEXTS=1000000 cargo test --lib syntax -- --ignored`
#[test]
#[ignore = "takes as long as it is told to"]
fn it_agrees_with_the_tolerant_reader_on_many_texts() {
    let number = |name| std::env::var(name).ok().and_then(|number: String| number.parse().ok());
    agree(number("SEED").unwrap_or(2), number("TEXTS").unwrap_or(100_000));
}

fn agree(seed: u64, count: u64) {
    let mut texts = Texts::new(seed);
    let mut accepted = 0;
    let mut rejected = 0;
    for _ in 0..count {
        match compare(&texts.next()) {
            Some(true) => accepted += 1,
            Some(false) => rejected += 1,
            None => {}
        }
    }
    println!("of {count} texts both accept {accepted} and reject {rejected}");
    assert!(accepted > count / 20 && rejected > count / 20, "{accepted} and {rejected} of {count}");
}

/// Whether both accept a text; none where they differ as they should.
fn compare(text: &str) -> Option<bool> {
    let limits = Limits::default();
    let tolerant = crate::parse::read(text, &limits, &Catalog::builtin());
    let errors: Vec<&Diagnostic> = tolerant.diagnostics.iter().filter(|found| found.is_error()).collect();
    // A byte order mark was a part of the first name.
    if text.starts_with('\u{feff}') {
        return None;
    }
    match parse(text, &limits) {
        Ok(query) if errors.is_empty() => {
            assert_eq!(query.expr, tolerant.query.expr, "{text:?}");
            assert_eq!(query.comments, tolerant.query.comments, "{text:?}");
            Some(true)
        }
        Ok(query) => {
            let text_alone = any(&query.expr, &|part| matches!(part, Expr::Text(_)));
            // A curly quote inside a word is a character, and a key in curly quotes may hold spaces.
            let curly = text.contains(['“', '”', '‘', '’']);
            assert!(
                text_alone || curly || errors.iter().all(|error| is_for_the_checker(error)),
                "{text:?}\n{errors:?}"
            );
            None
        }
        Err(error) if errors.is_empty() => {
            let clause = |found: &dyn Fn(&Clause) -> bool| {
                any(&tolerant.query.expr, &|part| matches!(part, Expr::Clause(clause) if found(clause)))
            };
            let named = clause(&|clause| is_no_name(clause.field.span.of(text)));
            // `a!b = c`: a value ends before white space or a closing bracket.
            let touches = text.get(error.span.start()..).is_some_and(|rest| rest.starts_with(['!', '(']));
            // No value begins with a `#`, that of a range included.
            let number_sign = text.contains("..#");
            assert!(named || touches || number_sign, "{text:?}\n{error:?}");
            None
        }
        Err(_) => Some(false),
    }
}

/// What the grammar allows and a clause does not mean: it is found where names and types are known.
fn is_for_the_checker(error: &Diagnostic) -> bool {
    match error.code() {
        // `(1,500)`; a time of day after a date; `= 1..$high`.
        Code::InvalidNumber | Code::InvalidTime | Code::UnexpectedRange => true,
        // `{model` is a name.
        Code::JsonAsQuery | Code::Unexpected => true,
        _ => false,
    }
}

/// The words of operators are no names, and no name begins with a dot.
fn is_no_name(field: &str) -> bool {
    field.starts_with('.') || ["in", "contains", "between"].iter().any(|word| word.eq_ignore_ascii_case(field))
}

fn any(expr: &Expr, found: &dyn Fn(&Expr) -> bool) -> bool {
    found(expr)
        || match expr {
            Expr::All(_) | Expr::Clause(_) | Expr::Text(_) => false,
            Expr::Not(_, part) => any(part, found),
            Expr::And(_, parts) | Expr::Or(_, parts) => parts.iter().any(|part| any(part, found)),
        }
}
