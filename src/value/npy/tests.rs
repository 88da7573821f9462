use proptest::prelude::*;

use super::*;

/// A file of this version whose numbers begin at a multiple of 64.
fn file(version: u8, dictionary: &str) -> Vec<u8> {
    let width = if version == 1 { 2 } else { 4 };
    let from = MAGIC.len() + 2 + width;
    let length = (from + dictionary.len() + 1).next_multiple_of(64) - from;
    let mut bytes = MAGIC.to_vec();
    bytes.extend([version, 0]);
    bytes.extend(&(length as u32).to_le_bytes()[..width]);
    bytes.extend(dictionary.bytes());
    bytes.resize(from + length - 1, b' ');
    bytes.push(b'\n');
    bytes
}

fn with(descr: &str, shape: &str) -> Result<Begin, NpyError> {
    Npy::parse(&file(
        1,
        &format!("{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}"),
    ))
}

#[test]
fn all_versions_and_types() {
    let text = "{'descr': '<i8', 'fortran_order': False, 'shape': (3,), }";
    for version in [1, 2, 3] {
        let want = Npy { cell: Cell::I64, begin: 128, count: 3 };
        assert_eq!(Npy::parse(&file(version, text)), Ok(Begin::Header(want)), "{version}");
    }
    for (name, cell) in
        [("|i1", Cell::I8), ("<u2", Cell::U16), ("<f4", Cell::F32), ("<f8", Cell::F64)]
    {
        let Ok(Begin::Header(npy)) = with(&format!("'{name}'"), "(7,)") else { panic!("{name}") };
        assert_eq!((npy.cell, npy.count), (cell, 7));
    }
    let other = "{\"shape\":(10L,),'fortran_order':True,'descr':'<f8'}";
    assert!(matches!(Npy::parse(&file(1, other)), Ok(Begin::Header(Npy { count: 10, .. }))));
}

#[test]
fn what_is_no_list_of_numbers_is_refused_by_name() {
    let cases = [
        (with("'>i8'", "(3,)"), NpyError::BigEndian(">i8".into())),
        (with("[('a', '<i8'), ('b', '<f8')]", "(3,)"), NpyError::Structured),
        (with("'|O'", "(3,)"), NpyError::Type("Python objects".into())),
        (with("'<c16'", "(3,)"), NpyError::Type("<c16".into())),
        (with("'<M8[ns]'", "(3,)"), NpyError::Type("<M8[ns]".into())),
        (with("'<i8'", "(3, 4)"), NpyError::Dimensions(2)),
        (with("'<i8'", "()"), NpyError::Dimensions(0)),
        (with("'<i8'", "(-3,)"), NpyError::Header),
        (with("'<i8'", "(99999999999999999999,)"), NpyError::Header),
        (with("'<i8", "(3,)"), NpyError::Type("<i8, ".into())),
        (with("7", "(3,)"), NpyError::Header),
        (Npy::parse(&file(1, "{}")), NpyError::Header),
        (Npy::parse(&file(1, "")), NpyError::Header),
        (Npy::parse(&file(4, "{}")), NpyError::Version(4)),
        (Npy::parse(b"PK\x03\x04"), NpyError::NoMagic),
        (Npy::parse(b"\x93NUMPY\x02\x00\xff\xff\xff\xff"), NpyError::LongHeader),
    ];
    for (got, want) in cases {
        assert_eq!(got, Err(want));
    }
    let mut odd = file(1, "{'descr': '<i8', 'fortran_order': False, 'shape': (3,), }");
    odd[8] -= 1;
    assert_eq!(Npy::parse(&odd), Err(NpyError::Unaligned(127)));
}

/// Whoever asks again with as many bytes as were missing gets to the end, from any begin.
#[test]
fn a_begin_says_how_much_is_missing() {
    let whole = file(2, "{'descr': '<i8', 'fortran_order': False, 'shape': (3,), }");
    for begin in 0..whole.len() {
        let mut have = begin;
        while let Ok(Begin::Needs(more)) = Npy::parse(&whole[..have]) {
            assert!(more > 0 && have + more <= whole.len());
            have += more;
        }
        assert_eq!(have, whole.len());
    }
}

#[test]
fn the_length_has_to_be_what_the_header_says() {
    let npy = Npy { cell: Cell::I64, begin: 128, count: 3 };
    assert_eq!(npy.check_length(152), Ok(()));
    let truncated = NpyError::Truncated { count: 3, wanted: 152, found: 151 };
    assert_eq!(npy.check_length(151), Err(truncated));
    assert_eq!(npy.check_length(153), Err(NpyError::TooLong { count: 3, wanted: 152 }));
    let endless = Npy { count: u64::MAX, ..npy };
    assert!(endless.check_length(u64::MAX).is_err());
}

/// The bytes are NumPy 2.4's, of `numpy.save` of an array of three.
#[test]
fn a_header_is_to_the_byte_what_numpy_writes() {
    let text = "{'descr': '<i8', 'fortran_order': False, 'shape': (3,), }";
    let mut want = b"\x93NUMPY\x01\x00\x76\x00".to_vec();
    want.extend(format!("{text:<117}\n").bytes());
    assert_eq!(header(Cell::I64, 3).to_vec(), want);
    assert_eq!(header(Cell::I64, 3).to_vec(), file(1, text));
}

#[test]
fn what_is_written_is_read() {
    for cell in [Cell::I64, Cell::F64] {
        for count in [0, 1, 9, 10, 12_345_678, u64::MAX] {
            let want = Npy { cell, begin: HEADER_LEN, count };
            assert_eq!(Npy::parse(&header(cell, count)), Ok(Begin::Header(want)));
        }
    }
    assert_eq!(Npy::parse(&UNFINISHED), Err(NpyError::NoMagic));
    assert_eq!(UNFINISHED[HEADER_LEN - 1], b'\n');
}

proptest! {
    /// Whatever stands in a file, it is read or refused, and never more of it is asked for than a header may have.
    #[test]
    fn no_header_is_too_strange(
        descr in "'[<>|]?[biufcOSUVM][0-9]{0,2}'|\\[\\('a', '<i8'\\)\\]|[ -~]{0,9}",
        shape in "\\([0-9]{0,21}L?,?( ?[0-9]{1,20},?)?\\)|[ -~]{0,9}",
        version in 0_u8..5,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        end in any::<prop::sample::Index>(),
    ) {
        let text = format!("{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}");
        let mut bytes = file(version, &text);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        for bytes in [&bytes[..], &bytes[..end.index(bytes.len())]] {
            match Npy::parse(bytes) {
                Ok(Begin::Needs(more)) => {
                    prop_assert!(more > 0 && bytes.len() + more <= LONGEST_HEADER + 12);
                }
                Ok(Begin::Header(npy)) => {
                    prop_assert!(npy.begin <= bytes.len() && npy.begin % ALIGNMENT == 0);
                    for length in [0, 128, u64::MAX] {
                        let _ = npy.check_length(length);
                    }
                }
                Err(error) => prop_assert!(error.to_string().len() < 200),
            }
        }
    }
}
