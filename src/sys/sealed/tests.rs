use std::fs::File;
use std::io::{Seek, Write};
use std::path::Path;

use super::{copy, read, seal};
use crate::sys::memory;

#[test]
fn what_is_sealed_can_be_read_again_and_again() {
    for bytes in [&[][..], b"x", &[7; 100_000]] {
        let file = seal(bytes).unwrap();
        for _ in 0..2 {
            assert_eq!(read(&file).unwrap(), bytes);
        }
    }
}

#[test]
fn nobody_can_change_it() {
    let mut file = seal(b"text").unwrap();
    file.rewind().unwrap();
    assert!(file.write_all(b"T").is_err());
    assert!(file.set_len(3).is_err());
    assert!(file.set_len(5).is_err());
    assert_eq!(read(&file).unwrap(), b"text");
}

#[test]
fn what_could_change_is_not_read() {
    assert!(read(memory::sealed(4096).unwrap()).is_err(), "it can be written");
    assert!(read(File::open("/dev/null").unwrap()).is_err());
    assert!(read(rustix::pipe::pipe().unwrap().0).is_err(), "it would never end");
}

#[test]
fn a_copy_is_of_what_the_file_held() {
    let mut original = tempfile::NamedTempFile::new().unwrap();
    original.write_all(b"text").unwrap();
    let copied = copy(original.path(), 4).unwrap();
    original.as_file().set_len(1).unwrap();
    assert_eq!(read(&copied).unwrap(), b"text");
    assert_eq!(read(copy(original.path(), 1).unwrap()).unwrap(), b"t");
    assert!(copy(original.path(), 0).is_err(), "it is larger");
    let folder = original.path().parent().unwrap();
    for path in [folder, Path::new("/dev/zero"), &folder.join("not there")] {
        assert!(copy(path, 1 << 20).is_err(), "{}", path.display());
    }
}
