use super::*;
use crate::error::Violation;

#[test]
fn a_lease_survives_its_header() {
    for payload in
        [Payload::Range { start: i64::MIN, step: -3 }, Payload::Lines { length: u64::MAX }]
    {
        let lease = Lease { sequence: u32::MAX, items: 7, attempt: 2, first: u64::MAX, payload };
        assert_eq!(Lease::parse(&lease.header()), Some(lease));
    }
}

#[test]
fn a_header_of_no_known_kind_is_no_lease() {
    for kind in [0_u8, 3, 255] {
        let mut bytes = [0; HEADER_LEN];
        bytes[0] = kind;
        assert_eq!(Lease::parse(&bytes), None);
    }
}

#[test]
fn outcomes_are_counted_and_split() {
    let mut bytes = b"1\n4\n".to_vec();
    push_failure(&mut bytes, "not a\nnumber\0");
    bytes.extend(b"16\n");
    assert_eq!(check(&bytes, 4), Ok(()));
    let batch = Batch::new(&bytes);
    assert_eq!(batch.all_results(), None);
    let (first, rest) = batch.split(2);
    assert_eq!(first.lines().collect::<Vec<_>>(), [Line::Result(b"1\n"), Line::Result(b"4\n")]);
    assert_eq!(
        rest.lines().collect::<Vec<_>>(),
        [Line::Failure(b"not a number "), Line::Result(b"16\n")]
    );
    assert_eq!(batch.split(0).0.lines().count(), 0);
    assert_eq!(batch.split(9).1.lines().count(), 0);
}

#[test]
fn a_wrong_count_or_half_a_line_is_a_violation() {
    for (bytes, items) in
        [(&b"1\n2\n"[..], 1), (b"1\n2\n", 3), (b"1\n2", 1), (b"1\n2", 2), (b"", 1)]
    {
        assert_eq!(check(bytes, items), Err(Violation::Framing), "{bytes:?} {items}");
    }
    assert!(check(b"", 0).is_ok());
}

#[test]
fn a_message_with_trailing_bytes_is_malformed() {
    let mut bytes = encode(&FromWorker::Refused("no".into())).unwrap();
    assert_eq!(decode::<FromWorker>(&bytes).unwrap(), FromWorker::Refused("no".into()));
    bytes.push(0);
    assert!(decode::<FromWorker>(&bytes).is_err());
    assert!(decode::<FromWorker>(&[9, 9, 9]).is_err());
}
