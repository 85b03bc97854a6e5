//! Fuzzing of freeplay-filter. The properties are in tests/targets, where the tests use them too;
//! each file in fuzz_targets passes one of them to libFuzzer.

#[path = "../../tests/common/mod.rs"]
mod common;
#[path = "../../tests/targets/mod.rs"]
mod targets;

/// Runs the target with this name.
///
/// # Panics
///
/// If the target's property does not hold, or there is no such target.
pub fn run(name: &str, data: &[u8]) {
    let known = targets::TARGETS.iter().find(|(known, _)| *known == name);
    known.expect("a target of this name").1(data);
}
