use super::{Captured, Captures};
use crate::call::Function;

fn read(bytes: &[u8]) -> Captured<'_> {
    #[expect(unsafe_code, reason = "it is what is tested")]
    // SAFETY: every function that the tests read is one that they have made.
    unsafe {
        Captured::new(bytes)
    }
}

/// A function of this very closure type: `f` only names it.
fn read_like<F: 'static>(_: Function<F>, captured: &mut Captured<'_>) -> Option<Function<F>> {
    captured.function().ok()
}

#[test]
fn what_was_written_is_read_in_the_same_order() {
    let add = Function::new(|a: i64, b: i64| a + b);
    let mut captures = Captures::default();
    captures.value(&"text".to_owned()).unwrap();
    captures.function(add);
    captures.value(&7_i64).unwrap();
    let bytes = captures.into_bytes();

    let mut captured = read(&bytes);
    assert_eq!(captured.value::<String>(), Ok("text".to_owned()));
    assert_eq!(read_like(add, &mut captured).unwrap().get()(40, 2), 42);
    assert_eq!(captured.value::<i64>(), Ok(7));
    assert!(captured.value::<i64>().is_err());
}

#[test]
fn a_value_is_not_taken_for_a_function() {
    let negate = Function::new(|n: i64| -n);
    let mut captures = Captures::default();
    captures.value(&7_i64).unwrap();
    let bytes = captures.into_bytes();
    assert!(read_like(negate, &mut read(&bytes)).is_none());
    assert!(read_like(negate, &mut read(&[])).is_none());
}
