pub(super) mod executor;

#[path = "../../tests/iter/adaptors.rs"]
mod adaptors;
#[path = "../../tests/iter/failures.rs"]
mod failures;

use proptest::prelude::*;

fn numbers() -> impl Strategy<Value = Vec<i64>> {
    let number = prop_oneof![3 => -1_000..1_000_i64, 1 => any::<i64>()];
    let length = prop_oneof![4 => 0..20_usize, 3 => 0..1_000_usize, 1 => 0..10_000_usize];
    length.prop_flat_map(move |length| prop::collection::vec(number.clone(), length))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_adaptor_answers_as_the_sequential_iterator_does(numbers in numbers(), seed: u64) {
        for (name, case) in adaptors::CASES {
            executor::use_with(seed);
            println!("{name}");
            case(&numbers);
        }
    }

    #[test]
    fn one_bad_item_costs_one_item(numbers in numbers(), seed: u64) {
        for (name, case) in failures::CASES {
            executor::use_with(seed);
            println!("{name}");
            case(&numbers);
        }
    }
}
