#![expect(unsafe_code, reason = "plays a library")]

use std::ffi::{c_char, c_int};

use super::abi::{ABI, Entry, Table};
use super::load::read;
use super::*;

unsafe extern "C" fn less(a: *const i64, result: *mut i64, message: *mut c_char) -> c_int {
    // SAFETY: called with two arguments, and room for a result and a message.
    let (a, b) = unsafe { (a.read(), a.add(1).read()) };
    let Some(difference) = a.checked_sub(b) else {
        for (at, byte) in b"too \x1bfar\0".iter().enumerate() {
            // SAFETY: as above.
            unsafe { message.add(at).write(*byte as c_char) };
        }
        return 7;
    };
    // SAFETY: as above.
    unsafe { result.write(difference) };
    0
}

/// Does all calls that it can, up to the first that it cannot.
unsafe extern "C" fn less_of_all(count: usize, columns: *const *const i64, to: *mut i64) -> usize {
    for lane in 0..count {
        // SAFETY: called with two columns of `count` lanes, and room for as many results.
        let (a, b) = unsafe { (*(*columns).add(lane), *(*columns.add(1)).add(lane)) };
        let Some(difference) = a.checked_sub(b) else { return lane };
        // SAFETY: as above.
        unsafe { to.add(lane).write(difference) };
    }
    count
}

const PLAIN: Entry = Entry {
    name: c"less".as_ptr(),
    help: c" a - b\twithout more ado ".as_ptr(),
    arity: 2,
    integer: Some(less),
    integer_batch: None,
    real: None,
    real_batch: None,
};

fn table(functions: &[Entry]) -> Table {
    Table { abi: ABI, count: functions.len() as u32, functions: functions.as_ptr() }
}

#[test]
fn a_table_is_read() {
    let functions = read(&table(&[PLAIN])).unwrap();
    let (function, declared) = &functions[0];
    assert_eq!(declared.signature.to_string(), "less(a, b)");
    assert_eq!(declared.help, "a - b without more ado");
    assert_eq!(*function.signature(), declared.signature);
    assert_eq!(function.call_integers(&[5, 7]), Ok(-2));
    let failed = function.call_integers(&[i64::MIN, 1]).unwrap_err();
    assert_eq!((failed.status, failed.to_string().as_str()), (7, "too  far"));
}

#[test]
fn with_and_without_a_batch_form_the_same_lanes_have_the_same_results() {
    let batch = Entry { integer_batch: Some(less_of_all), ..PLAIN };
    let one: Vec<i64> = (0..100).map(|n| if n % 7 == 3 { i64::MIN } else { n }).collect();
    let other: Vec<i64> = (0..100).map(|n| n % 5).collect();
    for entry in [PLAIN, batch] {
        let function = &read(&table(&[entry])).unwrap()[0].0;
        let (mut results, mut missing) = (vec![0; 100], Vec::new());
        function
            .call_integer_columns(&[&one, &other], &mut results, &mut |lane| missing.push(lane));
        let wanted: Vec<usize> = (0..100).filter(|n| n % 7 == 3 && n % 5 != 0).collect();
        assert_eq!(missing, wanted);
        for lane in (0..100).filter(|lane| !missing.contains(lane)) {
            assert_eq!(results[lane], one[lane] - other[lane], "{lane}");
        }
    }
}

#[test]
fn what_cannot_be_called_is_no_function() {
    let cases = [
        (Entry { name: std::ptr::null(), ..PLAIN }, SignatureError::NoName),
        (Entry { name: c"a b".as_ptr(), ..PLAIN }, SignatureError::BadName("a b".to_owned())),
        (Entry { arity: 9, ..PLAIN }, SignatureError::Arity(9)),
        (Entry { integer: None, ..PLAIN }, SignatureError::NoForm),
    ];
    for (entry, why) in cases {
        assert_eq!(read(&table(&[PLAIN, entry])).unwrap_err(), LoadError::Function(2, why));
    }
    assert!(read(&table(&[Entry { help: std::ptr::null(), arity: 8, ..PLAIN }])).is_ok());
    assert_eq!(read(&Table { abi: 2, ..table(&[PLAIN]) }).unwrap_err(), LoadError::Abi(2));
    assert_eq!(read(&Table { count: 0, ..table(&[PLAIN]) }).unwrap_err(), LoadError::Count(0));
    let nowhere = Table { functions: std::ptr::null(), ..table(&[PLAIN]) };
    assert_eq!(read(&nowhere).unwrap_err(), LoadError::NoFunctions);
}

#[test]
fn a_signature_is_checked_wherever_it_comes_from() {
    let longest = "a".repeat(LONGEST_NAME);
    for name in ["f", "_", "F9", &longest] {
        let signature = Signature::new(name, 0, true, false).unwrap();
        let bytes = postcard::to_stdvec(&signature).unwrap();
        assert_eq!(postcard::from_bytes(&bytes), Ok(signature));
    }
    let forged: [(&str, u32, bool, bool); 6] = [
        ("", 1, true, true),
        ("a.b", 1, true, true),
        ("ä", 1, true, true),
        (&format!("{longest}a"), 1, true, true),
        ("f", 300, true, true),
        ("f", 1, false, false),
    ];
    for forged in forged {
        let bytes = postcard::to_stdvec(&forged).unwrap();
        assert!(postcard::from_bytes::<Signature>(&bytes).is_err(), "{forged:?}");
    }
}
