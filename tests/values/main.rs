//! Times, numbers, units and parameters: what they mean, for generated values.

#[path = "../common/mod.rs"]
mod common;
mod numbers;
mod parameters;
#[path = "../strategies/mod.rs"]
mod strategies;
mod times;

use freeplay_filter::{Code, Compiler, Error, Filter, Parameters, Query, compile};
use proptest::prelude::*;

fn codes(error: &Error) -> Vec<Code> {
    error.diagnostics().iter().map(freeplay_filter::Diagnostic::code).collect()
}

proptest! {
    #![proptest_config(strategies::config(2000))]

    /// A scope restricts every query.
    #[test]
    fn no_query_escapes_its_scope(text in strategies::hostile_text(), expr in strategies::valid_expr()) {
        let scope = Filter::field("environment").eq(text.as_str());
        let filter = compile(&expr.to_string()).unwrap();
        let scoped = filter.scoped(&scope);
        let Filter::And(parts) = &scoped else { panic!("{scoped:?}") };
        prop_assert_eq!(&parts[0], &scope);
        prop_assert_eq!(scoped.canonical(), scoped);
    }
}

#[test]
fn shared_types_are_send_and_sync() {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<Query<'static>>();
    shared::<Compiler>();
    shared::<Filter>();
    shared::<Parameters>();
    shared::<Error>();
    shared::<freeplay_filter::Catalog>();
    shared::<freeplay_filter::Compiled>();
}
