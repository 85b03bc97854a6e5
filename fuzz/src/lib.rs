//! Fuzzing of freeplay-filter. What must hold stands in tests/targets, where the tests use it too;
//! each file in fuzz_targets hands one of these properties to libFuzzer.

#[path = "../../tests/targets/mod.rs"]
mod targets;

/// Runs a target by its name; it panics where its property does not hold.
///
/// # Panics
///
/// There is no such target.
pub fn run(name: &str, data: &[u8]) {
    let known = targets::TARGETS.iter().find(|(known, _)| *known == name);
    known.expect("a target of this name").1(data);
}
