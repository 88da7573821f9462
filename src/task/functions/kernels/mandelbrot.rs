//! `mandelbrot(row, width, height, max_iter)`: a row of pixels of the Mandelbrot set.
//!
//! The picture shows -2 to 1 by 1.2i to -1.2i, row 0 at its top; pixel x of a row stands for the point in its middle,
//! c = -2 + 3 (x + 1/2) / width + (1.2 - 2.4 (row + 1/2) / height) i. Its value is how often z becomes z^2 + c, from 0 on,
//! before |z| > 2; `max_iter` where that is not seen.

use super::{Body, Function, ItemError, Number, kernel, kernel_word};

/// Steps of a whole row.
const MOST: u64 = 4_000_000_000;

const WIDEST: u64 = 1_000_000;

/// How many pixels are computed side by side.
const LANES: usize = 8;

pub(super) const FUNCTION: Function = kernel(
    ("mandelbrot", "row, width, height, max_iter"),
    4,
    Body::List(exact),
    "a row of a picture of the Mandelbrot set: for each pixel, the steps until it is left",
    ("mandelbrot(3, 8, 6, 100)", "[4, 5, 100, 100, 100, 100, 49, 3]"),
);

fn exact(arguments: &[Number]) -> Result<Vec<Number>, ItemError> {
    let word = |at: usize, range| kernel_word("mandelbrot", &arguments[at], range);
    let width = word(1, 1..=WIDEST)?;
    let height = word(2, 1..=1 << 32)?;
    let row = word(0, 0..=height - 1)?;
    let most = word(3, 0..=MOST / width)?;
    let im = 1.2 - 2.4 * (row as f64 + 0.5) / height as f64;
    let mut values = Vec::with_capacity(width as usize);
    for x in (0..width).step_by(LANES) {
        let re = std::array::from_fn(|lane| {
            -2.0 + 3.0 * ((x + lane as u64) as f64 + 0.5) / width as f64
        });
        let left = usize::try_from(width - x).unwrap_or(LANES).min(LANES);
        values.extend(steps(re, im, most)[..left].iter().map(|steps| Number::from(*steps as i64)));
    }
    Ok(values)
}

/// For points of one row, how many steps each takes until it is left.
fn steps(re: [f64; LANES], im: f64, most: u64) -> [u64; LANES] {
    let (mut x, mut y) = ([0.0; LANES], [0.0; LANES]);
    let mut steps = [0; LANES];
    for _ in 0..most {
        let mut inside = 0;
        for lane in 0..LANES {
            let (xx, yy) = (x[lane] * x[lane], y[lane] * y[lane]);
            // What is outside stays outside: its squares grow, and end as inf or nan.
            let is_inside = u64::from(xx + yy <= 4.0);
            steps[lane] += is_inside;
            inside |= is_inside;
            y[lane] = 2.0 * x[lane] * y[lane] + im;
            x[lane] = xx - yy + re[lane];
        }
        if inside == 0 {
            break;
        }
    }
    steps
}
