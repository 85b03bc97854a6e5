//! The queries for all measurements.

use std::fmt::Write;

/// A query with its name in the tables.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) text: String,
}

/// What people type, what programs generate, and edge cases.
pub(crate) fn valid() -> Vec<Case> {
    let case = |name, text: &str| Case { name, text: text.to_owned() };
    vec![case("short", SHORT), case("typical", TYPICAL), case("lines", LINES), wide(1_000), list(10_000), deep(60)]
}

/// Two clauses, 33 bytes.
pub(crate) const SHORT: &str = "model = gpt-4o and cost >= $0.001";

/// Six clauses, a group and a key, 198 bytes.
pub(crate) const TYPICAL: &str = "cost >= $0.01 and latency in 500ms..8s \
    and (model = gpt-4o or model = claude-3.5-sonnet) and not environment = production \
    and session_custom_metadata.\"Customer Segment\" contains \"enterprise account\"";

/// The typical query as people save it: on several lines, indented, aligned, with comments.
pub(crate) const LINES: &str = r#"# What customers wait for, and pay for.
cost        >= $0.01
    and latency  in 500ms..8s    # longer is a time-out
    and (
        model = gpt-4o
        or model = claude-3.5-sonnet
    )
    and not environment = production
    and session_custom_metadata."Customer Segment" contains "enterprise account"
"#;

/// With errors in a name, a value, a parenthesis and a quote.
pub(crate) const INVALID: &str = "modle = gpt-4o and cost >= cheap and (environment = prod or latency < 8s) \
    and status = (done and output contains \"refund policy";

/// Three mistakes whose fixes are machine-applicable, and so verified together.
#[allow(dead_code, reason = "each benchmark uses some of it")]
pub(crate) const FIXABLE: &str = "model is gpt-4o and latency > 5 seconds and cost => $0.01 and environment = prod";

/// The same without errors.
#[allow(dead_code, reason = "each benchmark uses some of it")]
pub(crate) const FIXED: &str = "model = gpt-4o and latency > 5s and cost >= $0.01 and environment = prod";

/// `INVALID` without errors.
pub(crate) const CORRECTED: &str = "model = gpt-4o and cost >= 0.01 and (environment = prod or latency < 8s) \
    and status = done and output contains \"refund policy\"";

/// Adjacent groups: `(model = m00001 or cost >= 0.01) and …`.
pub(crate) fn wide(groups: usize) -> Case {
    let mut text = String::new();
    for group in 0..groups {
        let and = if group == 0 { "" } else { " and " };
        let _ = write!(text, "{and}(model = m{group:05} or cost >= 0.01)");
    }
    Case { name: "wide", text }
}

/// One list: `model in (gpt-4o-00001, …)`.
pub(crate) fn list(values: usize) -> Case {
    let mut text = "model in (".to_owned();
    for value in 0..values {
        let comma = if value == 0 { "" } else { ", " };
        let _ = write!(text, "{comma}gpt-4o-{value:05}");
    }
    text.push(')');
    Case { name: "list", text }
}

/// Nested groups: `(cost > 1 or (cost > 1 and (…)))`.
pub(crate) fn deep(levels: usize) -> Case {
    let mut text = String::new();
    for level in 1..levels {
        text.push_str(if level % 2 == 0 { "cost > 1 and (" } else { "cost > 1 or (" });
    }
    text.push_str("cost > 1 and cost > 2");
    text.push_str(&")".repeat(levels - 1));
    Case { name: "deep", text }
}
