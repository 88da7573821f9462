use super::{SharedSlice, SharedVec};

/// Through bytes and back, as it gets to a worker.
fn sent<T: serde::Serialize, U: serde::de::DeserializeOwned>(
    value: &T,
) -> Result<U, postcard::Error> {
    postcard::from_bytes(&postcard::to_stdvec(value)?)
}

#[test]
fn what_is_shared_is_there_in_whole_and_in_part() {
    let numbers: Vec<f64> = (0..10_000).map(f64::from).collect();
    let shared = SharedVec::from(numbers.clone());
    let received: SharedVec<f64> = sent(&shared).unwrap();
    assert_eq!(received[..], numbers[..]);
    let part: SharedSlice<f64> = sent(&shared.slice(10..20).slice(5..7)).unwrap();
    assert_eq!(part[..], [15.0, 16.0]);
    drop(shared);
    assert_eq!(part.len(), 2, "it keeps its memory");
}

#[test]
fn nothing_can_be_shared_too() {
    let shared = SharedVec::<u8>::new(&[]).unwrap();
    let received: SharedVec<u8> = sent(&shared).unwrap();
    assert!(received.is_empty());
}

#[test]
fn what_is_gone_or_is_something_else_is_an_error() {
    let shared = SharedVec::from(vec![1_u32, 2, 3]);
    let address = postcard::to_stdvec(&shared).unwrap();
    assert!(postcard::from_bytes::<SharedVec<u64>>(&address).is_err(), "other numbers");
    drop(shared);
    assert!(postcard::from_bytes::<SharedVec<u32>>(&address).is_err());
}

#[test]
#[should_panic(expected = "out of range")]
fn a_part_lies_within() {
    let _ = SharedVec::from(vec![1_u32, 2, 3]).slice(2..4);
}

#[test]
fn what_is_written_for_workers_is_kept_and_nothing_else() {
    let shared = SharedVec::from(vec![1_u8]);
    let holders = || std::sync::Arc::strong_count(&shared.memory);
    let (bytes, mut kept) = super::keeping(|| postcard::to_stdvec(&shared));
    assert!(bytes.is_ok());
    assert_eq!(holders(), 2);
    kept.clear();
    assert_eq!(holders(), 1);
    let panicked = std::panic::catch_unwind(|| super::keeping(|| panic!("a value")));
    assert!(panicked.is_err());
    let _: Result<SharedVec<u8>, _> = sent(&shared);
    assert_eq!(holders(), 1, "nobody keeps what is written for nobody");
}
