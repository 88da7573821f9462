use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};

use super::{Input, read_part};

fn all(input: &mut Input, block: usize) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while input.read(&mut bytes, block)?.is_none_or(|got| got > 0) {}
    Ok(bytes)
}

#[test]
fn a_file_ends_where_it_ended_when_it_was_opened() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"0123456789").unwrap();
    let mut input = Input::file(file.path()).unwrap();
    file.write_all(b"more").unwrap();
    assert_eq!(input.length(), Some(10));
    assert_eq!(all(&mut input, 3).unwrap(), b"0123456789");
    assert_eq!(input.at(), 10);
}

#[test]
fn a_file_that_becomes_shorter_is_an_error() {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), [b'x'; 100]).unwrap();
    let mut input = Input::file(file.path()).unwrap();
    let mut bytes = Vec::new();
    assert_eq!(input.read(&mut bytes, 10).unwrap(), Some(10));
    file.as_file().set_len(7).unwrap();
    let error = all(&mut input, 10).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
    assert!(error.to_string().contains("from 100 to 7 bytes"), "{error}");
}

#[test]
fn what_is_no_regular_file_has_no_length() {
    // `/proc` says 0 of everything.
    for path in ["/dev/null", "/proc/self/status"] {
        let mut input = Input::file(path.as_ref()).unwrap();
        assert_eq!(input.length(), None, "{path}");
        assert_eq!(all(&mut input, 1 << 16).unwrap().is_empty(), path == "/dev/null");
    }
    assert_eq!(Input::file("/".as_ref()).err().unwrap().kind(), ErrorKind::IsADirectory);
    assert_eq!(Input::file("/no/such".as_ref()).err().unwrap().kind(), ErrorKind::NotFound);
}

#[test]
fn parts_are_read_from_anywhere() {
    let path = tempfile::NamedTempFile::new().unwrap();
    fs::write(path.path(), b"0123456789").unwrap();
    let file = File::open(path.path()).unwrap();
    for (offset, length, expected) in
        [(0, 10, &b"0123456789"[..]), (3, 2, b"34"), (8, 5, b"89"), (20, 1, b""), (4, 0, b"")]
    {
        let mut bytes = b"kept ".to_vec();
        read_part(&file, offset, length, &mut bytes).unwrap();
        assert_eq!(bytes, [b"kept ", expected].concat());
    }
}
