use super::{Function, FunctionId};
use crate::call::{Captured, Entry, Program};
use crate::wire::Fault;

fn one(_: Captured<'_>) -> Result<Box<dyn Program>, Fault> {
    Err(Fault::Codec("one".to_owned()))
}

fn two(_: Captured<'_>) -> Result<Box<dyn Program>, Fault> {
    Err(Fault::Codec("two".to_owned()))
}

#[test]
fn an_identity_names_its_function_and_no_other() {
    for (entry, name) in [(one as Entry, "one"), (two as Entry, "two")] {
        let id = FunctionId::of(entry).unwrap();
        #[expect(unsafe_code, reason = "it is what is tested")]
        // SAFETY: the number comes from `of`, in this very process.
        let (found, captured) =
            unsafe { (FunctionId::entry_from_bits(id.to_bits()), Captured::new(&[])) };
        assert_eq!(found(captured).err(), Some(Fault::Codec(name.to_owned())));
    }
}

#[test]
fn a_function_of_a_shared_library_is_refused() {
    #[expect(unsafe_code, reason = "any address in another file will do")]
    // SAFETY: it is never called.
    let foreign = unsafe { std::mem::transmute::<usize, Entry>(libc_address()) };
    assert!(FunctionId::of(foreign).is_err());
}

/// Where the C library is, which tests are linked with dynamically.
fn libc_address() -> usize {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let line =
        maps.lines().find(|line| line.contains("r-xp") && line.contains("/libc.so")).unwrap();
    usize::from_str_radix(line.split('-').next().unwrap(), 16).unwrap() + 64
}

#[test]
fn functions_and_closures_over_nothing_are_called() {
    fn double(n: i64) -> i64 {
        2 * n
    }
    assert_eq!(Function::new(double).get()(21), 42);
    assert_eq!(Function::new(|n: i64| n + 1).get()(41), 42);
}
