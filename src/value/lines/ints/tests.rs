use proptest::prelude::*;

use super::super::{next_item, trim};
use super::{ints, same_width};
use crate::value::{Number, parse};

/// What `ints` must do, by its definition: one item after another through the general reader.
fn by_definition(block: &[u8], limit: usize) -> (Vec<i64>, usize) {
    let mut values = Vec::new();
    let mut at = 0;
    while values.len() < limit {
        let Some((text, consumed)) = next_item(&block[at..]) else {
            return (values, block.len());
        };
        let Ok(Number::Int(value)) = parse::number(text) else {
            break;
        };
        let Ok(value) = i64::try_from(value) else {
            break;
        };
        values.push(value);
        at += consumed;
    }
    (values, at)
}

/// Asserts that `ints` agrees with the definition, whether or not it has read the blank lines around the last item.
fn agrees(block: &[u8], limit: usize) {
    let (expected, end) = by_definition(block, limit);
    let mut out = vec![42];
    let consumed = ints(block, limit, &mut out);
    assert_eq!(out[0], 42, "what was there stays");
    assert_eq!(out[1..], expected, "{:?}", String::from_utf8_lossy(block));
    let between = &block[consumed.min(end)..consumed.max(end)];
    assert!(trim(between).is_empty(), "{consumed} instead of {end}");
    assert!(consumed == block.len() || consumed == 0 || block[consumed - 1] == b'\n');
}

#[test]
fn every_kind_of_line() {
    let cases: &[(&[u8], &[i64], usize)] = &[
        (b"", &[], 0),
        (b"5", &[5], 1),
        (b"5\n", &[5], 2),
        (b"\n \r\n5", &[5], 5),
        (b" \t+7\x0b\x0c\r\n-0\n", &[7, 0], 11),
        (b"1\n2\n3\n4\n5\n6\n7\n8\n9\n1\n2", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2], 21),
        (b"9223372036854775807\n-9223372036854775808\n", &[i64::MAX, i64::MIN], 41),
        (b"1\n9223372036854775808\n2\n", &[1], 2),
        (b"1\n-9223372036854775809\n2\n", &[1], 2),
        (b"007\n00000000\n", &[7, 0], 13),
        (b"1\n2.5\n", &[1], 2),
        (b"1\n2 3\n", &[1], 2),
        (b"-\n", &[], 0),
        (b"+-1\n", &[], 0),
        (b"- 1\n", &[], 0),
        (b"1_0\n", &[], 0),
        (b"x\n", &[], 0),
        (b"12\0\n", &[], 0),
        (b"\xff\n", &[], 0),
    ];
    for (block, values, consumed) in cases {
        let mut out = Vec::new();
        let read = ints(block, usize::MAX, &mut out);
        assert_eq!(
            (out.as_slice(), read),
            (*values, *consumed),
            "{:?}",
            block.escape_ascii().to_string()
        );
    }
}

#[test]
fn the_limit_is_kept_within_a_run_of_one_width_too() {
    let block = b"10\n20\n30\n40\n50\n60\n70\n80\n90\n";
    for limit in 0..=9 {
        let mut out = Vec::new();
        assert_eq!(ints(block, limit, &mut out), 3 * limit);
        assert_eq!(out.len(), limit);
    }
}

#[test]
fn a_run_ends_at_each_byte_that_is_not_a_digit() {
    for width in 1..=8 {
        let digits = &b"98765432"[..width];
        let expected: i64 = std::str::from_utf8(digits).unwrap().parse().unwrap();
        for (at, byte) in (0..width).flat_map(|at| (0..=u8::MAX).map(move |byte| (at, byte))) {
            let mut line = digits.to_vec();
            line[at] = byte;
            line.extend_from_slice(b"\n1234567890123");
            let mut out = Vec::new();
            let read = same_width(&line, width, 1, &mut out);
            assert_eq!(read == width + 1, byte.is_ascii_digit(), "{width} {at} {byte}");
        }
        let mut block = digits.to_vec();
        block.extend_from_slice(b"\n12345678");
        let mut out = Vec::new();
        assert_eq!(same_width(&block, width, 1, &mut out), width + 1);
        assert_eq!(out, [expected]);
    }
}

proptest! {
    #[test]
    fn any_integers_come_back(values: Vec<i64>, shift in 0_u32..64) {
        let values: Vec<i64> = values.iter().map(|value| value >> shift).collect();
        let block: String = values.iter().map(|value| format!("{value}\n")).collect();
        let mut out = Vec::new();
        prop_assert_eq!(ints(block.as_bytes(), usize::MAX, &mut out), block.len());
        prop_assert_eq!(out, values);
    }

    #[test]
    fn any_lines_are_read_as_defined(block in "([ \t\r\x0b]?[+-]?[0-9]{0,9}[ \r.]?\n{0,2}){0,40}", limit in 0_usize..50) {
        agrees(block.as_bytes(), limit);
    }

    #[test]
    fn any_bytes_are_read_as_defined(block in proptest::collection::vec(prop_oneof![Just(b'\n'), b'0'..=b'9', any::<u8>()], 0..200)) {
        agrees(&block, usize::MAX);
    }
}
