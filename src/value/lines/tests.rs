use proptest::prelude::*;

use super::{Tally, is_blank, next_item, nth_item, split_after, tally, trim};

/// The lines of a block by the standard library alone: pieces between `\n`, without an empty one at the end.
fn reference(block: &[u8]) -> Vec<&[u8]> {
    block.split_inclusive(|&byte| byte == b'\n').collect()
}

fn assert_consistent(block: &[u8]) {
    let lines = reference(block);
    let is_item = |line: &[u8]| !line.iter().all(|byte| b" \t\n\r\x0b\x0c".contains(byte));
    let items: Vec<(usize, &[u8])> =
        lines.iter().copied().enumerate().filter(|(_, line)| is_item(line)).collect();

    let expected = Tally { lines: lines.len() as u64, items: items.len() as u64 };
    assert_eq!(tally(block), expected);

    assert_eq!(split_after(block, 0), 0);
    assert_eq!(split_after(block, expected.items + 1), block.len());
    let mut at = 0;
    for (k, (index, line)) in items.iter().enumerate() {
        let end: usize = lines[..=*index].iter().map(|line| line.len()).sum();
        assert_eq!(split_after(block, k as u64 + 1), end);
        assert_eq!(nth_item(block, k as u64), Some((*index as u64, trim(line))));
        let (text, consumed) = next_item(&block[at..]).expect("an item is left");
        assert_eq!((text, at + consumed), (trim(line), end));
        at = end;
    }
    assert_eq!(next_item(&block[at..]), None);
    assert_eq!(nth_item(block, expected.items), None);
}

#[test]
fn what_counts_as_a_line_and_an_item() {
    let cases: &[(&[u8], u64, u64)] = &[
        (b"", 0, 0),
        (b"\n", 1, 0),
        (b"1", 1, 1),
        (b"1\n", 1, 1),
        (b"1\n2", 2, 2),
        (b"1\r\n\r\n2\r\n", 3, 2),
        (b" ", 1, 0),
        (b" \t\r\x0b\x0c\n", 1, 0),
        (b" 1\n", 1, 1),
        (b"\0\n", 1, 1),
        (b"\x1f\n", 1, 1),
        (b"\xc2\xa0\n", 1, 1), // a no-break space is not ASCII whitespace
        (b"1\n\n\n", 3, 1),
        (b"1\n ", 2, 1),
    ];
    for &(block, lines, items) in cases {
        assert_eq!(tally(block), Tally { lines, items }, "{:?}", block.escape_ascii().to_string());
        assert_consistent(block);
    }
}

#[test]
fn a_blank_line_is_seen_wherever_it_stands() {
    // Over the seams of the strides and windows that the block is gone through by.
    let plain = b"123\n".repeat(2100);
    for at in (0..plain.len()).step_by(4).filter(|at| (4080..4112).contains(at) || at % 1024 == 0) {
        let mut block = plain.clone();
        block.insert(at, b'\n');
        assert_eq!(tally(&block), Tally { lines: 2101, items: 2100 }, "blank line at {at}");
        assert_eq!(split_after(&block, 2100), block.len());
        let after = at as u64 / 4;
        assert_eq!(
            nth_item(&block, after).map(|(line, _)| line),
            Some(after + 1).filter(|_| after < 2100)
        );
    }
}

#[test]
fn lines_longer_than_a_window() {
    let mut block = vec![b'7'; 10_000];
    block.extend_from_slice(b"\n\n8\n");
    block.extend(vec![b' '; 10_000]);
    block.extend_from_slice(b"\n9");
    assert_consistent(&block);
}

#[test]
fn trimming_takes_all_of_c_isspace() {
    assert_eq!(trim(b" \t\n\x0b\x0c\ra b \t\n\x0b\x0c\r"), b"a b");
    assert_eq!(trim(b" \n "), b"");
    assert!(is_blank(b"\x0b\n"));
    assert!(!is_blank(b"\x1c\n"));
}

proptest! {
    #[test]
    fn all_functions_mean_the_same_lines(block in proptest::collection::vec(prop_oneof![
        3 => Just(b'\n'), 1 => Just(b' '), 1 => Just(b'\r'), 4 => b'0'..=b'9', 1 => any::<u8>()
    ], 0..300)) {
        assert_consistent(&block);
    }

    #[test]
    fn long_blocks_split_where_the_walk_says(widths in proptest::collection::vec(0_usize..12, 500..3000), fraction in 0.0..1.0) {
        let block: Vec<u8> = widths.iter().flat_map(|&width| [&b"123456789012"[..width], b"\n"].concat()).collect();
        let items = tally(&block).items;
        let wanted = (items as f64 * fraction) as u64;
        let at = split_after(&block, wanted);
        prop_assert_eq!(tally(&block[..at]).items, wanted);
        prop_assert!(wanted == 0 || at == 0 || next_item(&block[..at]).is_some());
        prop_assert_eq!(tally(&block[at..]).items, items - wanted);
    }
}
