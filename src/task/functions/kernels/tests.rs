//! Published values. `tests/cpython` compares with plain Python.

use crate::task::TaskSpec;
use crate::value::{Number, Value};

fn answer(task: &str) -> Result<Value, String> {
    let spec: TaskSpec = task.parse().unwrap_or_else(|error| panic!("{task}: {error}"));
    spec.compile().exact(&Number::Int(0), 0).map_err(|error| error.to_string())
}

fn text(task: &str) -> String {
    answer(task).unwrap_or_else(|error| panic!("{task}: {error}")).to_string()
}

fn float(task: &str) -> f64 {
    text(task).parse().unwrap_or_else(|_| panic!("{task} is no float"))
}

/// The Computer Language Benchmarks Game's, to all digits that it prints.
#[test]
fn energies_of_the_planets() {
    for (steps, energy) in [(0, "-0.169075164"), (1_000, "-0.169087605"), (50_000, "-0.169078071")]
    {
        assert_eq!(format!("{:.9}", float(&format!("nbody({steps})"))), energy, "{steps}");
    }
}

/// FIPS 180-4's function, of eight zero bytes, and twice: as any `sha256sum` has it.
#[test]
fn hashes() {
    let hash = |rounds| match answer(&format!("sha256_chain(0, {rounds})")) {
        Ok(Value::Number(Number::Big(hash))) => format!("{hash:x}"),
        other => panic!("{other:?}"),
    };
    assert_eq!(hash(1), "af5570f5a1810b7af78caf4bc70a660f0df51e42baf91d4de5b2328de0e83dfc");
    assert_eq!(hash(2), "7ef0ca626bbb058dd443bb78e33b888bdec8295c96e51f5545f96370870c10b9");
}

/// 1.50659 (OEIS A098403): what is inside of a fine picture, as an area.
#[test]
fn the_area_of_the_mandelbrot_set() {
    let (size, most) = (600, 1_000);
    let mut inside = 0;
    for row in 0..size / 2 {
        let Ok(Value::List(values)) = answer(&format!("mandelbrot({row}, {size}, {size}, {most})"))
        else {
            panic!("no list")
        };
        assert_eq!(values.len(), size as usize);
        // Above and below the real axis are alike.
        inside += 2 * values.iter().filter(|value| **value == Number::Int(most)).count();
    }
    let area = 3.0 * 2.4 * inside as f64 / f64::from(size * size);
    assert!((area - 1.50659).abs() < 0.01, "{area}");
}

#[test]
fn pi_in_two_ways() {
    let near = |value: f64, by: f64| (value - std::f64::consts::PI).abs() < by;
    assert!(near(float("integrate(0, 1, 10**6)"), 1e-13));
    // The midpoint rule's error is h^2 / 12 here, to begin with.
    let error = float("integrate(0, 1, 1000)") - std::f64::consts::PI;
    assert!((error * 6e6 - 0.5).abs() < 1e-3, "{error}");
    // Within four standard deviations.
    for seed in 0..4 {
        assert!(near(float(&format!("pi_monte_carlo({seed}, 10**6)")), 4.0 * 1.65e-3), "{seed}");
    }
    assert_ne!(text("pi_monte_carlo(0, 10**6)"), text("pi_monte_carlo(1, 10**6)"));
}

#[test]
fn bad_arguments() {
    for (task, said) in [
        ("mandelbrot(6, 8, 6, 10)", "OverflowError: mandelbrot takes integers up to 5"),
        ("mandelbrot(0, 0, 6, 10)", "ValueError: mandelbrot needs an integer of at least 1"),
        ("mandelbrot(0, 10**7, 6, 10)", "OverflowError: mandelbrot takes integers up to 1000000"),
        ("mandelbrot(0, 1000, 6, 10**7)", "OverflowError: mandelbrot takes integers up to 4000000"),
        ("pi_monte_carlo(-1, 10)", "ValueError: pi_monte_carlo needs an integer of at least 0"),
        ("pi_monte_carlo(1, 0)", "ValueError: pi_monte_carlo needs an integer of at least 1"),
        ("pi_monte_carlo(1.0, 9)", "TypeError: pi_monte_carlo needs an integer, not 1.0"),
        ("integrate(0, inf, 10)", "ValueError: integrate needs finite borders"),
        ("integrate(-1e308, 1e308, 1)", "ValueError: integrate needs finite borders"),
        ("integrate(0, 1, 0)", "ValueError: integrate needs an integer of at least 1"),
        ("integrate(0, 10**400, 1)", "OverflowError: int too large to convert to float"),
        ("nbody(10**9)", "OverflowError: nbody takes integers up to 100000000"),
        ("matmul(0, 1)", "ValueError: matmul needs an integer of at least 1"),
        ("matmul(5000, 1)", "OverflowError: matmul takes integers up to 4096"),
        ("sort_check(10**9, 1)", "OverflowError: sort_check takes integers up to 100000000"),
        (
            "sort_check(1, 2**64)",
            "OverflowError: sort_check takes integers up to 18446744073709551615",
        ),
        ("sha256_chain(0, 10**8)", "OverflowError: sha256_chain takes integers up to 30000000"),
        ("sha256_chain(0, 1.5)", "TypeError: sha256_chain needs an integer, not 1.5"),
    ] {
        assert_eq!(answer(task), Err(said.to_owned()), "{task}");
    }
}
