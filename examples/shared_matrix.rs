//! The product of two matrices, row by row, on worker processes that all read the same two matrices in place. Sent to
//! a worker is a row's number, and comes back the row.
//!
//!     cargo run --release --example shared_matrix [SIZE]

use std::time::Instant;

use pmap::prelude::*;
use pmap::{Pool, SharedVec};

/// The state that each worker gets once: where the matrices are, and how large.
type Matrices = (SharedVec<f64>, SharedVec<f64>, usize);

/// One row of the product.
fn row((a, b, size): &mut Matrices, row: usize) -> Vec<f64> {
    let size = *size;
    let mut sums = vec![0.0; size];
    for (k, factor) in a[row * size..][..size].iter().enumerate() {
        for (sum, value) in sums.iter_mut().zip(&b[k * size..][..size]) {
            *sum += factor * value;
        }
    }
    sums
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    pmap::init();
    let size: usize = std::env::args().nth(1).map_or(Ok(500), |size| size.parse())?;
    // Whole numbers, so that every order of adding gives the same.
    let matrix = |seed: usize| -> Vec<f64> {
        (0..size * size).map(|n| ((n * seed + 7) % 10) as f64).collect()
    };
    let (a, b) = (matrix(3), matrix(17));
    let shared = (SharedVec::new(&a)?, SharedVec::new(&b)?, size);

    let start = Instant::now();
    // A pool of one's own, whose workers are gone when it is dropped.
    let pool = Pool::builder().build()?;
    let product: Vec<Vec<f64>> =
        pool.install(|| (0..size).into_proc_iter().map_with(shared, row).collect());
    println!("{size} x {size} in {:.0?} on worker processes", start.elapsed());

    let start = Instant::now();
    let mut matrices = (SharedVec::from(a), SharedVec::from(b), size);
    let alone: Vec<Vec<f64>> = (0..size).map(|n| row(&mut matrices, n)).collect();
    println!("{size} x {size} in {:.0?} here", start.elapsed());

    assert_eq!(product, alone);
    println!("the same {} numbers", size * size);
    Ok(())
}
