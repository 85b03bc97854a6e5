//! Runs one task a number of times, so that `instructions.sh` can count its instructions.
//!
//! Arguments: the task, the query, and the number of times. The task `batch` answers the queries of a file, one per
//! line, in JSON, as the command does; `lines` writes such a file. After `grow` follow a task for a text of any length,
//! the kind of text, and its length. Without arguments the tasks and their queries are listed, and with only `grow` the
//! kinds of text.

mod cases;
#[path = "cases/growing.rs"]
mod growing;
#[rustfmt::skip]
#[path = "../src/syntax/generated.rs"]
mod generated;
#[path = "../src/syntax/scan.rs"]
mod scan;

use std::hint::black_box;

use cases::Case;
use freeplay_filter::span::Unit;
use freeplay_filter::{Compiler, Filter, Limits};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if arguments == ["grow"] {
        growing::TEXTS.iter().for_each(|(name, _)| println!("{name}"));
        return;
    }
    if let [grow, task, kind, len] = arguments.as_slice()
        && grow == "grow"
    {
        return self::grow(task, kind, len.parse().unwrap());
    }
    let [task, name, times] = arguments.as_slice() else {
        for case in cases::valid() {
            for task in ["baseline", "compile", "parse", "tokens", "raise"] {
                println!("{task} {}", case.name);
            }
        }
        println!("baseline invalid\ncompile invalid\nparse invalid\ndiagnostics invalid");
        println!("baseline fixable\ncompile fixable");
        return;
    };
    let times = times.parse().unwrap();
    let compiler = Compiler::new();
    match task.as_str() {
        "lines" => return lines(times),
        "batch" => return batch(&compiler, &std::fs::read_to_string(name).unwrap()),
        _ => {}
    }
    let (text, sound) = match name.as_str() {
        "invalid" => (cases::INVALID.to_owned(), cases::CORRECTED.to_owned()),
        "fixable" => (cases::FIXABLE.to_owned(), cases::FIXED.to_owned()),
        _ => {
            let Case { text, .. } = cases::valid().into_iter().find(|case| case.name == *name).unwrap();
            (text.clone(), text)
        }
    };
    let json = compiler.compile(&sound).unwrap().filter.to_json();
    let (text, json) = (text.as_str(), json.as_str());
    match task.as_str() {
        "baseline" => repeat(times, &|| {
            black_box(serde_json::from_str::<serde_json::Value>(black_box(json)).unwrap());
        }),
        "compile" => repeat(times, &|| {
            let compiled = compiler.compile(black_box(text));
            let _ = black_box(compiled.map(|compiled| compiled.filter.to_json()));
        }),
        "parse" => repeat(times, &|| {
            let _ = black_box(compiler.parse(black_box(text)));
        }),
        "diagnostics" => {
            let error = compiler.compile(text).unwrap_err();
            repeat(times, &|| drop(black_box(error.to_json())));
        }
        "tokens" => repeat(times, &|| {
            let _ = black_box(scan::tokens(generated::Rule::Query, black_box(text), 60, usize::MAX));
        }),
        "raise" => repeat(times, &|| {
            let filter = Filter::from_json(black_box(json)).unwrap();
            black_box(compiler.raise(&filter).unwrap().to_string());
        }),
        _ => panic!("no task is called {task}"),
    }
}

/// Writes distinct queries for `batch`.
fn lines(count: usize) {
    for number in 0..count {
        match number % 2 {
            0 => println!("{} and agent_name = a{number}", cases::SHORT),
            _ => println!("{} and agent_name = a{number}", cases::TYPICAL),
        }
    }
}

/// Compiles each line to JSON.
fn batch(compiler: &Compiler, lines: &str) {
    counted(&|| {
        for line in lines.lines() {
            black_box(compiler.compile(black_box(line)).unwrap().filter.to_json());
        }
    });
}

/// Performs a task once on a text of a kind and a length, and prints its actual length.
fn grow(task: &str, kind: &str, len: usize) {
    let (_, text) = growing::TEXTS.iter().find(|(name, _)| *name == kind).unwrap();
    let text = text(len);
    println!("{}", text.len());
    let most = usize::MAX;
    let limits = Limits { bytes: most, clauses: most, values: most, filters: most, json_bytes: most };
    let compiler = Compiler::new().limits(limits);
    let text = text.as_str();
    // In the middle, as completion reads the text before the cursor and after it.
    let cursor = text.len() / 2;
    match task {
        "compile" => counted(&|| drop(black_box(compiler.compile(black_box(text))))),
        "highlight" => counted(&|| drop(black_box(compiler.highlight(black_box(text), Unit::Utf16)))),
        "complete" => counted(&|| drop(black_box(compiler.complete(black_box(text), cursor, Unit::Bytes, &())))),
        _ => panic!("no task is called {task}"),
    }
}

/// The first calls are not counted: they fill the allocator and initialize what a process needs once.
fn repeat(times: usize, task: &dyn Fn()) {
    for _ in 0..3 {
        task();
    }
    for _ in 0..times {
        counted(task);
    }
}

/// The function whose instructions are counted, including those of its callees.
#[inline(never)]
fn counted(task: &dyn Fn()) {
    task();
}
