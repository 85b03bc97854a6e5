//! `cargo bench --bench speed`: the time of each task for each query.

mod cases;

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use freeplay_filter::{Compiler, Filter};

fn tasks(criterion: &mut Criterion) {
    let compiler = Compiler::new();
    let mut queries: Vec<_> =
        cases::valid().into_iter().map(|case| (case.name, case.text.clone(), case.text)).collect();
    queries.push(("invalid", cases::INVALID.to_owned(), cases::CORRECTED.to_owned()));
    for (name, text, sound) in queries {
        let json = compiler.compile(&sound).unwrap().filter.to_json();
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Bytes(text.len() as u64));
        let id = |task| BenchmarkId::from_parameter(task);
        group.bench_function(id("baseline"), |bencher| {
            bencher.iter(|| serde_json::from_str::<serde_json::Value>(black_box(&json)));
        });
        group.bench_function(id("compile"), |bencher| {
            bencher.iter(|| compiler.compile(black_box(&text)).map(|compiled| compiled.filter.to_json()));
        });
        group.bench_function(id("parse"), |bencher| bencher.iter(|| compiler.parse(black_box(&text))));
        if name == "invalid" {
            group.bench_function(id("errors"), |bencher| {
                bencher.iter(|| compiler.compile(black_box(&text)).unwrap_err().to_string());
            });
        } else {
            group.bench_function(id("raise"), |bencher| {
                bencher.iter(|| compiler.raise(&Filter::from_json(black_box(&json)).unwrap()).unwrap().to_string());
            });
        }
        group.finish();
    }
}

criterion_group!(benches, tasks);
criterion_main!(benches);
