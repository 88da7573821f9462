//! `--format npy`, and the formats without a header.

use std::fs;
use std::path::Path;

use super::python;
use super::support::{assert_same, pmap};

pub(super) fn all() -> Vec<(&'static str, fn())> {
    vec![
        ("arrays_are_what_numpy_saves", arrays_are_what_numpy_saves),
        ("arrays_that_are_passed_on_stay_the_same", arrays_that_are_passed_on_stay_the_same),
        ("results_are_those_of_numpy", results_are_those_of_numpy),
        ("an_unfinished_array_is_not_loaded", an_unfinished_array_is_not_loaded),
    ]
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// Loads an array, and saves it as the second file.
const SAVE_AGAIN: &str = "
import sys, numpy as np
np.save(sys.argv[2], np.load(sys.argv[1]))
";

/// Of every length that changes what a header looks like.
fn arrays_are_what_numpy_saves() {
    let folder = tempfile::tempdir().expect("a folder");
    let [ours, theirs] = ["ours.npy", "theirs.npy"].map(|name| folder.path().join(name));
    for (range, task) in [
        ("0..0", "n"),
        ("0..0", "n / 2"),
        ("0..1", "n"),
        ("-9..1", "n**3"),
        ("0..100", "sqrt(n)"),
        ("0..100000", "n**2"),
        ("0..1000000", "n / 3"),
    ] {
        pmap(&["-w", "2", "--range", range, "--format", "npy", "-o", text(&ours), task])
            .run()
            .expect(0, b"", "");
        assert!(python(SAVE_AGAIN, &[&ours, &theirs]), "{task} of {range} cannot be loaded");
        let want = fs::read(&theirs).expect("an array");
        assert_same(&fs::read(&ours).expect("an array"), &want, &format!("{task} of {range}"));
    }
}

/// Arrays with everything in them that 64 bits can be.
const ARRAYS: &str = "
import sys, numpy as np
folder = sys.argv[1]
rng = np.random.default_rng(7)
bits = rng.integers(-2**63, 2**63 - 1, 30000, np.int64, endpoint=True)
floats = bits.view(np.float64).copy()
# Of all NaNs, only the usual one is passed on as it is.
floats[np.isnan(floats)] = np.nan
ends = [-2**63, 2**63 - 1, 0, -1, 2**53 + 1]
special = [0.0, -0.0, np.inf, -np.inf, np.nan, 5e-324, 1.7976931348623157e308]
np.save(f'{folder}/ints.npy', np.append(bits, np.array(ends, np.int64)))
np.save(f'{folder}/floats.npy', np.append(floats, special))
np.save(f'{folder}/none.npy', np.zeros(0, np.int64))
";

fn arrays_that_are_passed_on_stay_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(python(ARRAYS, &[folder.path()]));
    let out = folder.path().join("out.npy");
    for name in ["ints", "floats", "none"] {
        let path = folder.path().join(format!("{name}.npy"));
        let bytes = fs::read(&path).expect("an array");
        for flow in [&["-w", "2"][..], &["-w", "3", "--chunk-size", "77"]] {
            let common = ["--input-format", "npy", "--format", "npy", "-o", text(&out), "n"];
            let words = [flow, &common].concat();
            pmap(&[&words[..], &["-a", text(&path)]].concat()).run().expect(0, b"", "");
            assert_same(&fs::read(&out).expect("an array"), &bytes, name);
            pmap(&words).text(bytes.clone()).run().expect(0, b"", "");
            assert_same(&fs::read(&out).expect("an array"), &bytes, name);
        }
    }
}

/// Computes with NumPy what the files are to hold that are named after a task.
const COMPUTE: &str = "
import sys, numpy as np
folder = sys.argv[1]
ints = np.arange(-20000, 20000)
floats = np.linspace(-3, 3, 40001)
np.save(f'{folder}/ints.npy', ints)
np.save(f'{folder}/floats.npy', floats)
for name, a in {
    'square': ints**2, 'quotient': ints / 7, 'floor': ints // 7, 'is_even': (ints % 2 == 0).astype(int),
    'float_square': floats * floats, 'float_abs': np.abs(floats), 'float_floor': np.floor(floats).astype(int),
    'half': ints[ints % 2 == 0],
}.items():
    np.save(f'{folder}/{name}.want.npy', a)
ints.astype('<i8').tofile(f'{folder}/raw_ints.want')
(ints / 7).astype('<f8').tofile(f'{folder}/raw_floats.want')
";

fn results_are_those_of_numpy() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(python(COMPUTE, &[folder.path()]));
    let [ints, floats, out] =
        ["ints.npy", "floats.npy", "out"].map(|name| folder.path().join(name));
    for (input, format, words, want) in [
        (&ints, "npy", &["n**2"][..], "square.want.npy"),
        (&ints, "npy", &["n / 7"], "quotient.want.npy"),
        (&ints, "npy", &["n // 7"], "floor.want.npy"),
        (&ints, "npy", &["n % 2 == 0"], "is_even.want.npy"),
        (&floats, "npy", &["n * n"], "float_square.want.npy"),
        (&floats, "npy", &["abs(n)"], "float_abs.want.npy"),
        (&floats, "npy", &["floor(n)"], "float_floor.want.npy"),
        (&ints, "npy", &["--filter", "n % 2 == 0", "n"], "half.want.npy"),
        (&ints, "i64le", &["n"], "raw_ints.want"),
        (&ints, "f64le", &["n / 7"], "raw_floats.want"),
    ] {
        let common = ["-w", "2", "-a", text(input), "--input-format", "npy", "--format", format];
        pmap(&[&common[..], &["-o", text(&out)], words].concat()).run().expect(0, b"", "");
        let want = fs::read(folder.path().join(want)).expect("what NumPy has computed");
        assert_same(&fs::read(&out).expect("results"), &want, &format!("{format} {words:?}"));
    }
}

/// Fails unless loading does, with what numpy.load is asked for by cautious people and by others.
const DOES_NOT_LOAD: &str = "
import sys, numpy as np
for allow_pickle in False, True:
    for mmap_mode in None, 'r':
        try:
            np.load(sys.argv[1], allow_pickle=allow_pickle, mmap_mode=mmap_mode)
        except Exception as error:
            continue
        sys.exit('it was loaded')
";

fn an_unfinished_array_is_not_loaded() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("out.npy");
    let words = ["-w", "2", "--range", "0..9000000000", "--format", "npy", "-o", text(&path), "n"];
    let mut run = pmap(&words).start();
    run.until("some results", |_| fs::metadata(&path).is_ok_and(|it| it.len() > 100_000));
    run.signal_group(rustix::process::Signal::KILL);
    run.finish_killed();
    assert!(python(DOES_NOT_LOAD, &[&path]));
}
