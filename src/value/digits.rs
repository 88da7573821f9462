//! Decimal digits of a 64-bit integer, eight at a time, for the one place where a library's way of writing them
//! costs more than the digits: a call to `memcpy` of unknown length for each number took 5 ns of 9.

/// Bytes of the longest line: a sign, 19 digits, a newline.
const LONGEST: usize = 21;

/// Room for a line and for the last group of eight to be written whole.
const ROOM: usize = LONGEST + 8;

/// Two groups of eight digits.
const GROUP: u64 = 100_000_000;

/// Appends each value in decimal and a newline, and tells `ended` where each line ends in `out`.
pub fn lines(values: &[i64], out: &mut Vec<u8>, mut ended: impl FnMut(usize)) {
    let mut at = out.len();
    // Room for all at once: then each digit is stored once, where it belongs.
    out.resize(at + values.len() * LONGEST + ROOM, 0);
    for value in values {
        let room = out[at..].first_chunk_mut().expect("room for the longest line is left");
        at += line(*value, room);
        ended(at);
    }
    out.truncate(at);
}

/// Writes `value` and a newline; how many bytes.
fn line(value: i64, text: &mut [u8; ROOM]) -> usize {
    let mut at = 0;
    if value < 0 {
        text[0] = b'-';
        at = 1;
    }
    let magnitude = value.unsigned_abs();
    if magnitude < GROUP {
        at = leading(magnitude, text, at);
    } else {
        let (high, low) = (magnitude / GROUP, magnitude % GROUP);
        if high < GROUP {
            at = leading(high, text, at);
        } else {
            at = leading(high / GROUP, text, at);
            at = group(high % GROUP, text, at);
        }
        at = group(low, text, at);
    }
    text[at] = b'\n';
    at + 1
}

/// Writes a group without its leading zeros; where the next one begins.
fn leading(value: u64, text: &mut [u8; ROOM], at: usize) -> usize {
    let digits = eight(value);
    // The digits' values are zero where leading zeros are; the last digit always stays.
    let zeros = ((digits.trailing_zeros() / 8).min(7)) as usize;
    let ascii = (digits | ASCII) >> (8 * zeros);
    text[at..at + 8].copy_from_slice(&ascii.to_le_bytes());
    at + 8 - zeros
}

/// Writes a group of eight digits; where the next one begins.
fn group(value: u64, text: &mut [u8; ROOM], at: usize) -> usize {
    text[at..at + 8].copy_from_slice(&(eight(value) | ASCII).to_le_bytes());
    at + 8
}

/// What turns the values of eight digits into their characters.
const ASCII: u64 = 0x3030_3030_3030_3030;

/// The values of the eight digits of a number below 10^8, the first one in the lowest byte. Halves, quarters and
/// digits are split by multiplication in parallel lanes: `10486 / 2^20` is 1/100 exactly enough below 10^4, and
/// `103 / 2^10` is 1/10 below 100 (Hacker's Delight, second edition, chapter 10).
fn eight(value: u64) -> u64 {
    let halves = (value / 10_000) | ((value % 10_000) << 32);
    let hundreds = ((halves * 10_486) >> 20) & 0x0000_007f_0000_007f;
    let quarters = hundreds | ((halves - 100 * hundreds) << 16);
    let tens = ((quarters * 103) >> 10) & 0x000f_000f_000f_000f;
    tens | ((quarters - 10 * tens) << 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: i64) -> String {
        let mut out = b"before ".to_vec();
        let mut ends = Vec::new();
        lines(&[value, value], &mut out, |end| ends.push(end));
        let (first, second) = out.split_at(ends[0]);
        assert_eq!(&first[b"before ".len()..], second);
        assert_eq!(ends[1], out.len());
        String::from_utf8(first.to_vec()).unwrap()
    }

    #[test]
    fn borders_of_length_and_type() {
        let mut values = vec![0, i64::MIN, i64::MAX, i64::MIN + 1];
        for exponent in 0..19 {
            let power = 10_i64.pow(exponent);
            values.extend([power - 1, power, power + 1, 2 * power, -power, 1 - power, -power - 1]);
        }
        for value in values {
            assert_eq!(text(value), format!("before {value}\n"));
        }
    }

    #[test]
    fn every_group_of_four_digits() {
        for value in 0..10_000 {
            assert_eq!(text(value), format!("before {value}\n"));
            let twice = value * 10_001;
            assert_eq!(text(twice), format!("before {twice}\n"));
        }
    }

    proptest::proptest! {
        #[test]
        fn any_number(value: i64) {
            assert_eq!(text(value), format!("before {value}\n"));
        }
    }
}
