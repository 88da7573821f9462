//! The numeric jobs, beside the same in plain Python.

use std::io::Write as _;

use pmap::task::TaskSpec;
use pmap::value::Number;

use super::python;

const ORACLE: &str = include_str!("kernels.py");

const CALLS: [&str; 30] = [
    "mandelbrot(0, 1, 1, 0)",
    "mandelbrot(0, 1, 1, 10)",
    "mandelbrot(3, 8, 6, 100)",
    "mandelbrot(0, 33, 20, 50)",
    "mandelbrot(9, 100, 20, 500)",
    "mandelbrot(19, 17, 20, 1)",
    "mandelbrot(250, 75, 1001, 1000)",
    "pi_monte_carlo(0, 1)",
    "pi_monte_carlo(1, 100000)",
    "pi_monte_carlo(2**64 - 1, 12345)",
    "pi_monte_carlo(20261124, 99999)",
    "integrate(0, 1, 1)",
    "integrate(0, 1, 1000)",
    "integrate(0, 1, 100000)",
    "integrate(0.25, 0.5, 513)",
    "integrate(1, -1, 1024)",
    "integrate(-1e9, 1e9, 7777)",
    "matmul(1, 0)",
    "matmul(2, 1)",
    "matmul(7, 2**63)",
    "matmul(33, 5)",
    "matmul(100, 1)",
    "sort_check(0, 1)",
    "sort_check(1, 1)",
    "sort_check(1000, 1)",
    "sort_check(54321, 77)",
    "sha256_chain(5, 0)",
    "sha256_chain(0, 1)",
    "sha256_chain(2**64 - 1, 2)",
    "sha256_chain(12345, 1000)",
];

pub(super) fn compare() {
    let Some(mut python) = python(ORACLE) else { return };
    for call in CALLS {
        writeln!(python.stdin, "{call}").unwrap();
        python.stdin.flush().unwrap();
        let task: TaskSpec = call.parse().unwrap();
        let found = task.compile().exact(&Number::Int(0), 0).unwrap().to_string();
        assert_eq!(found, python.answer(), "{call}");
    }
    python.finish();
}
