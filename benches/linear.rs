//! Checks that time and memory are linear in the length of the text, and counts what each query allocates:
//! `cargo bench --bench linear` prints both tables. It then repeats each query of tests/cases up to two
//! lengths, and lists those whose time grows faster.
//!
//! Times are the minimum of several runs, in nanoseconds per byte; memory is the peak, in bytes per byte. The
//! last column is the ratio of a row's largest and smallest times from 10 KB on.

#[allow(dead_code, reason = "not every query is used here")]
mod cases;
#[path = "../tests/common/mod.rs"]
mod common;
#[path = "cases/growing.rs"]
mod growing;

use std::hint::black_box;
use std::time::{Duration, Instant};

use freeplay_filter::{Compiler, Limits};
use growing::TEXTS;

const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];

fn main() {
    let most = usize::MAX;
    let compiler =
        Compiler::new().limits(Limits { bytes: most, clauses: most, values: most, filters: most, ..Limits::default() });

    println!("| compiling | allocations | bytes | most at once |\n|---|--:|--:|--:|");
    let mut queries: Vec<(&str, String)> = cases::valid().into_iter().map(|case| (case.name, case.text)).collect();
    queries.push(("invalid", cases::INVALID.to_owned()));
    for (name, text) in &queries {
        let _ = compiler.compile(text);
        let made = allocation_counter::measure(|| drop(black_box(compiler.compile(black_box(text)))));
        println!("| {name} | {} | {} | {} |", made.count_total, made.bytes_total, made.bytes_max);
    }

    println!("\n| ns a byte; bytes a byte | 1 KB | 10 KB | 100 KB | 1 MB | |\n|---|--:|--:|--:|--:|--:|");
    for (name, text) in TEXTS {
        print!("| {name} |");
        let mut times = Vec::new();
        for size in SIZES {
            let text = text(size);
            let len = text.len() as f64;
            let time = least(&mut || drop(black_box(compiler.compile(black_box(&text)))));
            let made = allocation_counter::measure(|| drop(black_box(compiler.compile(black_box(&text)))));
            let time = time.as_secs_f64() * 1e9 / len;
            times.push(time);
            print!(" {time:.1}; {:.0} |", made.bytes_max as f64 / len);
        }
        let from = times.iter().skip(1);
        let ratio = from.clone().copied().fold(0.0, f64::max) / from.copied().fold(f64::INFINITY, f64::min);
        println!(" {ratio:.2} |");
    }

    println!("\nQueries of tests/cases whose time grows faster than their length:");
    for query in common::case_files::queries() {
        for between in [" ", " and ", ""] {
            let one = format!("{query}{between}");
            let [short, long] = [10_000, 100_000].map(|size| {
                let text = one.repeat(size / one.len());
                let time = least(&mut || drop(black_box(compiler.compile(black_box(&text)))));
                time.as_secs_f64() * 1e9 / text.len() as f64
            });
            if long > 3.0 * short {
                println!("{short:.0} to {long:.0} ns a byte: `{one}` again and again");
            }
        }
    }
}

fn least(call: &mut dyn FnMut()) -> Duration {
    let started = Instant::now();
    let mut least = Duration::MAX;
    let mut calls = 0;
    while calls < 3 || (started.elapsed() < Duration::from_millis(20) && calls < 1_000) {
        let started = Instant::now();
        call();
        least = least.min(started.elapsed());
        calls += 1;
        if least > Duration::from_millis(200) {
            break;
        }
    }
    least
}
