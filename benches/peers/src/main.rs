//! Parsers of other filter languages, each with its own spelling of the same query.
//!
//! `cargo run --release` in this directory prints the table of times, in Markdown. A time is the
//! median of many samples, each the mean of a run of calls, including dropping the results.
//! `benches/instructions.sh --peers` prints the table of instructions.

#[path = "../../cases/mod.rs"]
#[allow(dead_code)]
mod cases;
mod floor;
mod by_pest {
    #[derive(pest_derive::Parser)]
    #[grammar = "../../../grammar/filter.pest"]
    pub(crate) struct Grammar;
}

use std::hint::black_box;
use std::time::{Duration, Instant};

/// A language with its spelling of each query.
struct Peer {
    name: &'static str,
    /// What the parser creates from the text.
    makes: &'static str,
    short: &'static str,
    typical: &'static str,
    /// A group of the wide query, with `{}` for its number, and the connective to the next one.
    group: &'static str,
    and: &'static str,
    /// `false` if the text is rejected.
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
        parse: |text| {
            freeplay_filter::compile(text).is_ok_and(|filter| !black_box(filter.to_json()).is_empty())
        },
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
        typical: "test(=cost) and kind(=latency) and (package(=gpt-4o) or package(=claude-3.5-sonnet)) and not binary(=production) and binary_id(=session_custom_metadata/enterprise-account)",
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
    Peer {
        name: "pest's own runtime, on our grammar, tokens only",
        makes: "tokens; no tree, no check, no JSON",
        short: cases::SHORT,
        typical: cases::TYPICAL,
        group: "(model = m{} or cost >= 0.01)",
        and: " and ",
        parse: |text| black_box(<by_pest::Grammar as pest::Parser<_>>::parse(by_pest::Rule::query, text)).is_ok(),
    },
    Peer {
        name: "by hand, five fields, text to JSON text",
        makes: "JSON, from valid text alone",
        short: cases::SHORT,
        typical: cases::TYPICAL,
        group: "(model = m{} or cost >= 0.01)",
        and: " and ",
        parse: |text| black_box(floor::compile(text)).is_some(),
    },
    Peer {
        name: "by hand, five fields, parse only",
        makes: "tree with spans, from valid text alone",
        short: cases::SHORT,
        typical: cases::TYPICAL,
        group: "(model = m{} or cost >= 0.01)",
        and: " and ",
        parse: floor::parse,
    },
];

/// The baseline of all measurements.
const BASELINE: &str = "serde_json, the filter's JSON to a `Value`";

const QUERIES: [&str; 3] = ["short", "typical", "wide"];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [] => table(),
        [names] if names == "names" => {
            println!("{BASELINE}");
            PEERS.iter().for_each(|peer| println!("{}", peer.name));
        }
        [name, query, times] => {
            let call = &mut *call(name, query);
            // The first calls are not counted: they fill the allocator and initialize what a process needs once.
            for _ in 0..3 {
                assert!(call(), "it rejects its text");
            }
            for _ in 0..times.parse().unwrap() {
                counted(call);
            }
        }
        _ => panic!("nothing, `names`, or a name, a query and how often"),
    }
}

/// The function whose instructions `benches/instructions.sh` counts.
#[inline(never)]
fn counted(call: &mut dyn FnMut() -> bool) {
    call();
}

fn table() {
    println!("| | makes | short | typical | wide |\n|---|---|--:|--:|--:|");
    let times = |name| QUERIES.map(|query| median(&mut *call(name, query)));
    let baseline = times(BASELINE).map(Option::unwrap);
    row(BASELINE, "the measure", &baseline, baseline.map(Some));
    for peer in PEERS {
        row(peer.name, peer.makes, &baseline, times(peer.name));
    }
}

/// The measured call: one language's parser with its own spelling of a query.
fn call(name: &str, query: &str) -> Box<dyn FnMut() -> bool> {
    let wide = |group: &str, and: &str| {
        let groups: Vec<String> = (0..1_000).map(|number| group.replace("{}", &format!("{number:05}"))).collect();
        groups.join(and)
    };
    let text = |peer: &Peer| match query {
        "short" => peer.short.to_owned(),
        "typical" => peer.typical.to_owned(),
        _ => wide(peer.group, peer.and),
    };
    if name == BASELINE {
        let json = freeplay_filter::compile(&text(&PEERS[0])).unwrap().to_json();
        return Box::new(move || serde_json::from_str::<serde_json::Value>(black_box(&json)).is_ok());
    }
    let peer = PEERS.iter().find(|peer| peer.name == name).unwrap();
    let text = text(peer);
    Box::new(move || (peer.parse)(black_box(&text)))
}

fn row(name: &str, makes: &str, baseline: &[Duration; 3], times: [Option<Duration>; 3]) {
    print!("| {name} | {makes} |");
    for (time, baseline) in times.into_iter().zip(baseline) {
        match time {
            Some(time) => {
                let micros = time.as_secs_f64() * 1e6;
                let ratio = time.as_secs_f64() / baseline.as_secs_f64();
                print!(" {micros:.*} µs ({ratio:.1}×) |", if micros < 100.0 { 1 } else { 0 });
            }
            None => print!(" rejected |"),
        }
    }
    println!();
}

/// Returns the time of a call; `None` if it rejects its text.
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
