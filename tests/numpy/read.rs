//! `--input-format npy`.

use std::fs;
use std::path::Path;

use super::python;
use super::support::{Ended, assert_same, lines, pmap};

pub(super) fn all() -> Vec<(&'static str, fn())> {
    vec![
        ("arrays_of_all_types_are_read", arrays_of_all_types_are_read),
        ("what_is_no_list_of_numbers_is_refused", what_is_no_list_of_numbers_is_refused),
    ]
}

/// Saves an array of each type that is read, with the ends of that type in it, and beside it what Python prints of it.
const GOOD: &str = "
import sys, numpy as np
folder = sys.argv[1]
def save(name, a, numbers):
    np.save(f'{folder}/{name}.npy', a)
    with open(f'{folder}/{name}.txt', 'w') as text:
        text.writelines(f'{n!r}\\n' for n in numbers.tolist())
for name in 'i1 i2 i4 i8 u1 u2 u4 u8'.split():
    kind = np.dtype('<' + name)
    ends = np.iinfo(kind)
    a = np.array([ends.min, ends.max, 0, 1, 7] * 1000, kind)
    save(name, a, a)
for name in 'f2 f4 f8'.split():
    kind = np.dtype('<' + name)
    ends = np.finfo(kind)
    special = [0.0, -0.0, 0.1, np.inf, -np.inf, np.nan, 3.0]
    a = np.array((special + [ends.min, ends.max, ends.tiny, ends.smallest_subnormal]) * 1000, kind)
    save(name, a, a.astype(float))
save('every_f2', np.arange(2**16, dtype='<u2').view('<f2'), np.arange(2**16, dtype='<u2').view('<f2').astype(float))
save('bool', np.array([True, False, True]), np.array([1, 0, 1]))
save('empty', np.zeros(0), np.zeros(0))
save('fortran', np.asfortranarray(np.arange(1000)), np.arange(1000))
for version in (1, 0), (2, 0), (3, 0):
    save(f'v{version[0]}', np.arange(1000), np.arange(1000))
    with open(f'{folder}/v{version[0]}.npy', 'wb') as file:
        np.lib.format.write_array(file, np.arange(1000), version)
";

const BAD: &str = "
import sys, numpy as np
folder = sys.argv[1]
for name, a in {
    'big': np.arange(9).astype('>i4'),
    'square': np.eye(3),
    'columns': np.asfortranarray(np.ones((2, 3))),
    'scalar': np.float64(3),
    'structures': np.zeros(3, [('a', '<i8'), ('b', '<f8')]),
    'objects': np.array([1, 'x'], object),
    'complex': np.zeros(3, complex),
    'wide': np.zeros(3, np.longdouble),
    'text': np.array(['a', 'b']),
    'time': np.zeros(3, 'datetime64[s]'),
}.items():
    np.save(f'{folder}/{name}.npy', a)
";

/// Each file of a folder that a script of NumPy has filled, without its extension, and what pmap makes of it.
fn each(script: &str, mut check: impl FnMut(&Path, &str, Ended)) -> usize {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(python(script, &[folder.path()]));
    let mut read = 0;
    for entry in fs::read_dir(folder.path()).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "npy") {
            let text = path.to_str().expect("UTF-8");
            let from_file = ["-a", text, "--workers", "2", "--input-format", "npy", "n"];
            check(&path, text, pmap(&from_file).run());
            let bytes = fs::read(&path).expect("a file");
            check(&path, text, pmap(&from_file[2..]).text(bytes).run());
            read += 1;
        }
    }
    read
}

fn arrays_of_all_types_are_read() {
    let read = each(GOOD, |path, name, ended| {
        assert_eq!((ended.status.code(), ended.stderr.as_str()), (Some(0), ""), "{name}");
        let want = fs::read(path.with_extension("txt")).expect("what NumPy has said");
        assert_same(&ended.stdout, &want, name);
    });
    assert_eq!(read, 18);
}

fn what_is_no_list_of_numbers_is_refused() {
    let read = each(BAD, |_, name, ended| {
        assert_eq!(ended.status.code(), Some(74), "{name}: {}", ended.stderr);
        assert_same(&ended.stdout, &lines(0..0), name);
        assert!(ended.stderr.contains("; save "), "no advice for {name}: {}", ended.stderr);
    });
    assert_eq!(read, 10);
}
