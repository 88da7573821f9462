//! `matmul(n, seed)`: the product of two random matrices.
//!
//! Their elements are whole numbers of 0..256, the upper 8 bits of each random number, row by row, the left matrix first.
//! So all sums are exact in doubles, whatever the order in which a machine's fastest instructions add them; the result
//! is the sum of the squares of the product's elements, an integer.

use rand_xoshiro::rand_core::Rng;

use super::{Body, Function, ItemError, Number, kernel, kernel_word, random};

/// Some seconds, 400 MB; and n * 255^2 < 2^53.
const MOST: u64 = 4096;

pub(super) const FUNCTION: Function = kernel(
    ("matmul", "n, seed"),
    2,
    Body::Number(exact),
    "product of two random n by n matrices of whole numbers: the sum of its squared elements",
    ("matmul(100, 1)", "26863835823174982"),
);

fn exact(arguments: &[Number]) -> Result<Number, ItemError> {
    let n = kernel_word("matmul", &arguments[0], 1..=MOST)? as usize;
    let mut random = random("matmul", &arguments[1])?;
    let mut matrix = || {
        let mut elements = memory(n * n)?;
        elements.extend((0..n * n).map(|_| (random.next_u64() >> 56) as f64));
        Ok(elements)
    };
    let (left, right) = (matrix()?, matrix()?);
    let mut product = memory(n * n)?;
    product.resize(n * n, 0.0);
    multiply(&left, &right, n, &mut product);
    // Each element is below 2^28, and there are at most 2^24.
    let squares = product.iter().map(|element| *element as i128 * *element as i128);
    Ok(Number::Int(squares.sum()))
}

/// Room for so many elements.
fn memory(elements: usize) -> Result<Vec<f64>, ItemError> {
    let mut room = Vec::new();
    room.try_reserve_exact(elements)
        .map_err(|error| ItemError::Memory(error.to_string().into()))?;
    Ok(room)
}

/// The product of two n by n matrices whose rows lie one behind the other.
fn multiply(left: &[f64], right: &[f64], n: usize, product: &mut [f64]) {
    for matrix in [left, right, &*product] {
        assert_eq!(matrix.len(), n * n);
    }
    let (to_next_row, to_next_column) = (n as isize, 1);
    #[expect(unsafe_code, reason = "the library takes pointers")]
    // SAFETY: with these strides, rows and columns of 0..n are elements 0..n * n of each matrix, as asserted; the
    // product is borrowed alone.
    unsafe {
        matrixmultiply::dgemm(
            n,
            n,
            n,
            1.0,
            left.as_ptr(),
            to_next_row,
            to_next_column,
            right.as_ptr(),
            to_next_row,
            to_next_column,
            0.0,
            product.as_mut_ptr(),
            to_next_row,
            to_next_column,
        );
    }
}
