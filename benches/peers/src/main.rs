//! Parsers of other filter languages beside ours, each on its own spelling of the same query.
//!
//! `cargo run --release` in this directory prints the table, in Markdown. A time is the median of
//! many samples, each the mean of a run of calls; what a call makes is dropped within it.

#[path = "../../cases/mod.rs"]
#[allow(dead_code)]
mod cases;

use std::hint::black_box;
use std::time::{Duration, Instant};

/// A language with its way to say each query.
struct Peer {
    name: &'static str,
    /// What is made of the text.
    makes: &'static str,
    short: &'static str,
    typical: &'static str,
    /// A group of the wide query, with `{}` for its number, and what joins it to the next.
    group: &'static str,
    and: &'static str,
    /// `false` where the text is refused.
    parse: fn(&str) -> bool,
}

const PEERS: &[Peer] = &[
    Peer {
        name: "**freeplay-filter**, text to JSON text",
        makes: "checked against the catalog, lowered, written",
        short: cases::SHORT,
        typical: cases::TYPICAL,
        group: "(model = m{} or cost >= 0.01)",
        and: " and ",
        parse: |text| freeplay_filter::compile(text).is_ok_and(|filter| black_box(filter.to_json()).is_ok()),
    },
    Peer {
        name: "**freeplay-filter**, parse only",
        makes: "tree with spans",
        short: cases::SHORT,
        typical: cases::TYPICAL,
        group: "(model = m{} or cost >= 0.01)",
        and: " and ",
        parse: |text| black_box(freeplay_filter::parse(text)).is_ok(),
    },
    Peer {
        name: "tantivy-query-grammar",
        makes: "tree; no spans, no check, no JSON",
        short: "model:gpt-4o AND cost:>=0.001",
        typical: "cost:>=0.01 AND latency:[0.5 TO 8] AND (model:gpt-4o OR model:claude-3.5-sonnet) AND NOT environment:production AND session_custom_metadata.customer_segment:\"enterprise account\"",
        group: "(model:m{} OR cost:>=0.01)",
        and: " AND ",
        parse: |text| black_box(tantivy_query_grammar::parse_query(text)).is_ok(),
    },
    Peer {
        name: "sqlparser, an expression",
        makes: "tree with spans; no check, no JSON",
        short: "model = 'gpt-4o' AND cost >= 0.001",
        typical: "cost >= 0.01 AND latency BETWEEN 0.5 AND 8 AND (model = 'gpt-4o' OR model = 'claude-3.5-sonnet') AND NOT environment = 'production' AND session_custom_metadata.\"Customer Segment\" LIKE '%enterprise account%'",
        group: "(model = 'm{}' OR cost >= 0.01)",
        and: " AND ",
        parse: |text| {
            let parser = sqlparser::parser::Parser::new(&sqlparser::dialect::GenericDialect {});
            parser.try_with_sql(text).is_ok_and(|mut parser| black_box(parser.parse_expr()).is_ok())
        },
    },
    Peer {
        name: "cel",
        makes: "program; no check, no JSON",
        short: "model == 'gpt-4o' && cost >= 0.001",
        typical: "cost >= 0.01 && latency >= 0.5 && latency <= 8.0 && (model == 'gpt-4o' || model == 'claude-3.5-sonnet') && !(environment == 'production') && session_custom_metadata['Customer Segment'].contains('enterprise account')",
        group: "(model == 'm{}' || cost >= 0.01)",
        and: " && ",
        parse: |text| black_box(cel::Program::compile(text)).is_ok(),
    },
    Peer {
        name: "nextest-filtering",
        makes: "tree with spans, of its own predicates; no check, no JSON",
        short: "package(=gpt-4o) and test(=cost)",
        typical: "test(=cost) and kind(=latency) and (package(=gpt-4o) or package(=claude-3.5-sonnet)) and not binary(=production) and binary_id(#session_custom_metadata/enterprise-account)",
        group: "(package(=m{}) or test(=cost))",
        and: " and ",
        parse: |text| black_box(nextest_filtering::ParsedExpr::parse(text)).is_ok(),
    },
    Peer {
        name: "odata-params",
        makes: "tree; no spans, no check, no JSON",
        short: "model eq 'gpt-4o' and cost ge 0.001",
        typical: "cost ge 0.01 and latency ge 0.5 and latency le 8 and (model eq 'gpt-4o' or model eq 'claude-3.5-sonnet') and not (environment eq 'production') and contains(customer_segment, 'enterprise account')",
        group: "(model eq 'm{}' or cost ge 0.01)",
        and: " and ",
        parse: |text| black_box(odata_params::filters::parse_str(text)).is_ok(),
    },
    Peer {
        name: "jmespath",
        makes: "tree with offsets; no check, no JSON",
        short: "model == 'gpt-4o' && cost >= `0.001`",
        typical: "cost >= `0.01` && latency >= `0.5` && latency <= `8` && (model == 'gpt-4o' || model == 'claude-3.5-sonnet') && !(environment == 'production') && contains(session_custom_metadata.\"Customer Segment\", 'enterprise account')",
        group: "(model == 'm{}' || cost >= `0.01`)",
        and: " && ",
        parse: |text| black_box(jmespath::parse(text)).is_ok(),
    },
    Peer {
        name: "filt-rs",
        makes: "tree; no spans, no check, no JSON",
        short: "model == \"gpt-4o\" && cost >= 0.001",
        typical: "cost >= 0.01 && latency >= 0.5 && latency <= 8 && (model == \"gpt-4o\" || model == \"claude-3.5-sonnet\") && !(environment == \"production\") && session_custom_metadata.customer_segment contains \"enterprise account\"",
        group: "(model == \"m{}\" || cost >= 0.01)",
        and: " && ",
        parse: |text| black_box(filt_rs::Filter::new(text)).is_ok(),
    },
    Peer {
        name: "fexpr",
        makes: "tree; no precedence, spans, check or JSON",
        short: "model = 'gpt-4o' && cost >= 0.001",
        typical: "cost >= 0.01 && latency >= 0.5 && latency <= 8 && (model = 'gpt-4o' || model = 'claude-3.5-sonnet') && environment != 'production' && session_custom_metadata.customer_segment ~ 'enterprise account'",
        group: "(model = 'm{}' || cost >= 0.01)",
        and: " && ",
        parse: |text| black_box(fexpr::parse(text)).is_ok(),
    },
];

fn main() {
    const GROUPS: usize = 1_000;
    let wide = |group: &str, and: &str| {
        let groups: Vec<String> = (0..GROUPS).map(|number| group.replace("{}", &format!("{number:05}"))).collect();
        groups.join(and)
    };
    let own_wide = cases::wide(GROUPS).text;
    let baseline: Vec<Duration> = [cases::SHORT, cases::TYPICAL, &own_wide]
        .into_iter()
        .map(|text| {
            let json = freeplay_filter::compile(text).and_then(|filter| Ok(filter.to_json())).unwrap().unwrap();
            median(&mut || serde_json::from_str::<serde_json::Value>(black_box(&json)).is_ok()).unwrap()
        })
        .collect();
    println!("| | makes | short | typical | wide |\n|---|---|--:|--:|--:|");
    row("serde_json, the filter's JSON to a `Value`", "the measure", &baseline, baseline.iter().copied().map(Some));
    for peer in PEERS {
        let texts = [peer.short.to_owned(), peer.typical.to_owned(), wide(peer.group, peer.and)];
        let times = texts.iter().map(|text| median(&mut || (peer.parse)(black_box(text))));
        row(peer.name, peer.makes, &baseline, times);
    }
}

fn row(name: &str, makes: &str, baseline: &[Duration], times: impl Iterator<Item = Option<Duration>>) {
    print!("| {name} | {makes} |");
    for (time, baseline) in times.zip(baseline) {
        match time {
            Some(time) => {
                let micros = time.as_secs_f64() * 1e6;
                let ratio = time.as_secs_f64() / baseline.as_secs_f64();
                print!(" {micros:.*} µs ({ratio:.1}×) |", if micros < 100.0 { 1 } else { 0 });
            }
            None => print!(" refused |"),
        }
    }
    println!();
}

/// How long a call takes; `None` where it refuses its text.
fn median(call: &mut dyn FnMut() -> bool) -> Option<Duration> {
    const SAMPLES: usize = 61;
    const SAMPLE: Duration = Duration::from_millis(10);
    let started = Instant::now();
    let mut calls = 0_u32;
    while calls < 3 || started.elapsed() < SAMPLE {
        if !call() {
            return None;
        }
        calls += 1;
    }
    let mut samples: Vec<Duration> = (0..SAMPLES)
        .map(|_| {
            let started = Instant::now();
            for _ in 0..calls {
                black_box(call());
            }
            started.elapsed() / calls
        })
        .collect();
    samples.sort_unstable();
    Some(samples[SAMPLES / 2])
}
