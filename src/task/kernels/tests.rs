use num_bigint::BigInt;
use proptest::prelude::*;

use super::{ALL, Body, Yields, find, kernels};
use crate::task::TaskSpec;
use crate::value::Number;

#[test]
fn names_are_found_unique_and_fit_for_a_task() {
    let mut names: Vec<&str> = kernels().map(|kernel| kernel.name).collect();
    for name in &names {
        assert!(std::ptr::eq(
            find(name).unwrap(),
            *ALL.iter().find(|kernel| kernel.name == *name).unwrap()
        ));
        assert!(name.parse::<TaskSpec>().is_ok(), "{name}");
    }
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
    assert!(find("n").is_none());
    assert!(kernels().all(|kernel| !kernel.summary.is_empty()));
}

#[test]
fn a_bool_counts_as_an_integer() {
    for (name, of_true) in
        [("square", Number::Int(1)), ("is_prime", Number::Bool(false)), ("collatz", Number::Int(0))]
    {
        assert_eq!(find(name).unwrap().call(&Number::Bool(true)), Ok(of_true), "{name}");
    }
}

proptest! {
    #[test]
    fn small_and_exact_agree(n: i64, shift in 0_u32..64) {
        let n = n >> shift;
        for kernel in ALL {
            let Body::Function { yields, small, exact } = &kernel.body else { continue };
            let Some(small) = small(n) else { continue };
            let expected = match yields {
                Yields::Int => Number::from(small),
                Yields::Bool => Number::Bool(small == 1),
            };
            prop_assert_eq!(exact(&BigInt::from(n)), Ok(expected), "{} of {}", kernel.name, n);
        }
    }
}
