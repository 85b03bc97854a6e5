//! Writes the seed corpus for fuzzing.

mod common;
mod strategies;
mod targets;

use std::fs;
use std::path::Path;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use common::case_files;

/// How many seeds to generate from each strategy.
const SAMPLES: usize = 200;

/// The queries and the JSON of the case files, the regressions, and samples of each property strategy,
/// in a folder for each target.
#[test]
#[ignore = "writes fuzz/corpus"]
fn write_seeds() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut queries = case_files::queries();
    let mut filters: Vec<String> = case_files::filters().collect();
    let texts = sample(strategies::hostile_text());
    queries.extend(sample(strategies::any_expr()).iter().map(ToString::to_string));
    queries.extend(sample(strategies::valid_expr()).iter().map(ToString::to_string));
    queries.extend(sample(strategies::likely_expr()).iter().map(ToString::to_string));
    queries.extend(texts.iter().map(|text| format!("model = {text}")));
    queries.extend(sample(strategies::typed_text()));
    filters.extend(sample(strategies::unknown_filter()).iter().map(|filter| serde_json::to_string(filter).unwrap()));
    let with_parameters =
        ["model = $a and cost > $b", "output contains any $a or not env in ($a, $b)", "time >= $a and $a = 1"];
    let filled: Vec<String> =
        texts.iter().zip(with_parameters.iter().cycle()).map(|(text, query)| format!("{query}\0{text}")).collect();
    let found: Vec<Vec<u8>> = fs::read_dir(home.join("tests/regressions"))
        .unwrap()
        .map(|entry| fs::read(entry.unwrap().path()).unwrap())
        .collect();
    for (name, _) in targets::TARGETS {
        let folder = home.join("fuzz/corpus").join(name);
        fs::create_dir_all(&folder).unwrap();
        let own = match *name {
            "json" => &filters,
            "parameters" => &filled,
            _ => &queries,
        };
        let seeds = own.iter().map(String::as_bytes).chain(found.iter().map(Vec::as_slice));
        for (index, seed) in seeds.enumerate() {
            fs::write(folder.join(format!("seed-{index:04}")), seed).unwrap();
        }
    }
}

// Deterministic.
fn sample<S: Strategy>(strategy: S) -> Vec<S::Value> {
    let mut runner = TestRunner::deterministic();
    (0..SAMPLES).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}
