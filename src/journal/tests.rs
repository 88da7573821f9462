use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::*;
use crate::digest::{Digest, Fingerprint};

fn identity() -> Identity {
    Identity::default().with("the task", "n**2").with("the input", "standard input")
}

fn fingerprint(bytes: &[u8]) -> Fingerprint {
    let mut digest = Digest::default();
    digest.update(bytes);
    digest.fingerprint()
}

/// A folder with a journal in it, and where each of its records ends.
struct Story {
    folder: TempDir,
    ends: Vec<u64>,
}

impl Story {
    fn path(&self) -> PathBuf {
        self.folder.path().join("journal")
    }

    fn output(&self) -> PathBuf {
        self.folder.path().join("output")
    }

    fn resume(&self) -> Result<Known, JournalError> {
        Session::open(&self.path(), Mode::Resume, &identity(), None).map(|session| session.known)
    }

    fn resume_with_output(&self) -> Result<Known, JournalError> {
        let session =
            Session::open(&self.path(), Mode::Resume, &identity(), Some((&self.output(), 0)));
        session.map(|session| session.known)
    }
}

/// Items 0 to 2 are delivered, 2 has failed; 5 and 6 wait; then 3 is delivered, too.
fn story() -> Story {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let mut journal = Session::open(&path, Mode::Anew, &identity(), None).unwrap().journal;
    let mut ends = vec![fs::metadata(&path).unwrap().len()];
    type Step = fn(&mut Journal) -> std::io::Result<()>;
    let steps: [Step; 5] = [
        |journal| journal.input(fingerprint(b"0\n1\n2\n3\n4\n5\n6\n")),
        |journal| journal.failed(2),
        |journal| journal.delivered(vec![(0, 3)], fingerprint(b"0\n1\n")),
        |journal| journal.early(5, 2, b"25\n36\n"),
        |journal| journal.delivered(vec![(3, 1)], fingerprint(b"0\n1\n9\n")),
    ];
    for step in steps {
        step(&mut journal).unwrap();
        journal.write().unwrap();
        ends.push(fs::metadata(&path).unwrap().len());
    }
    fs::write(folder.path().join("output"), b"0\n1\n9\n").unwrap();
    Story { folder, ends }
}

fn delivered(known: &Known) -> Vec<(u64, u64)> {
    known.delivered.iter().collect()
}

#[test]
fn what_was_noted_is_known() {
    for story in [story()] {
        // The second time from a journal that was told anew.
        for _ in 0..2 {
            let known = story.resume_with_output().unwrap();
            assert_eq!(delivered(&known), [(0, 4)]);
            assert_eq!(known.failed.iter().collect::<Vec<_>>(), [&2]);
            assert_eq!(known.early[&5], Early { items: 2, results: b"25\n36\n".to_vec() });
            assert_eq!(known.inputs, [fingerprint(b"0\n1\n2\n3\n4\n5\n6\n")]);
            assert_eq!(known.output.fingerprint(), fingerprint(b"0\n1\n9\n"));
            assert_eq!(known.settled().iter().collect::<Vec<_>>(), [(0, 4), (5, 2)]);
            assert!(!known.lost_output && !known.is_finished);
        }
    }
}

#[test]
fn a_torn_tail_is_cut_wherever_it_is_torn() {
    let story = story();
    let whole = fs::read(story.path()).unwrap();
    let first = usize::try_from(story.ends[0]).unwrap();
    for length in first..=whole.len() {
        fs::write(story.path(), &whole[..length]).unwrap();
        let known = story.resume().unwrap();
        let records = story.ends.iter().filter(|end| **end <= length as u64).count() - 1;
        let want = [&[][..], &[], &[], &[(0, 3)], &[(0, 3)], &[(0, 4)]][records];
        assert_eq!(delivered(&known), want, "{length}");
        assert_eq!(known.failed.len(), usize::from(records >= 3), "{length}");
        assert_eq!(known.early.len(), usize::from(records >= 4), "{length}");
    }
    // As a file system leaves it that had made the file longer, and not yet written to it.
    let torn = [&whole[..], &[0; 5000]].concat();
    fs::write(story.path(), torn).unwrap();
    assert_eq!(delivered(&story.resume().unwrap()), [(0, 4)]);
}

#[test]
fn a_flipped_bit_is_found_and_its_record_named() {
    let story = story();
    let whole = fs::read(story.path()).unwrap();
    let last = story.ends[story.ends.len() - 2];
    for at in 0..whole.len() {
        for bit in [1, 128] {
            let mut bent = whole.clone();
            bent[at] ^= bit;
            fs::write(story.path(), &bent).unwrap();
            let place = story.ends.iter().rev().find(|end| **end <= at as u64).copied();
            let start = place.unwrap_or(8);
            match story.resume() {
                Err(JournalError::Damaged { offset, .. }) => assert_eq!(offset, start, "{at}"),
                Err(JournalError::Foreign { .. }) => assert!(at < 8, "{at}"),
                Err(error) => panic!("{at}: {error}"),
                // A last record that is not whole may have come to the disk in parts.
                Ok(known) => {
                    assert!(start == last && at as u64 >= last + 8, "{at}");
                    assert_eq!(delivered(&known), [(0, 3)]);
                }
            }
        }
    }
}

#[test]
fn a_record_that_was_moved_is_damage() {
    let story = story();
    let whole = fs::read(story.path()).unwrap();
    let end = |nth: usize| usize::try_from(story.ends[nth]).unwrap();
    // Without the second record.
    let moved = [&whole[..end(1)], &whole[end(2)..]].concat();
    fs::write(story.path(), moved).unwrap();
    let offset = story.ends[1];
    assert!(
        matches!(story.resume(), Err(JournalError::Damaged { offset: at, .. }) if at == offset)
    );
}

#[test]
fn a_file_of_results_that_lost_its_end_is_gone_on_with_from_there() {
    for kept in [&b"0\n1\n9"[..], b"0\n1\n", b"0\n1\n8\n", b"0\n1\n9\n16\n"] {
        let story = story();
        fs::write(story.output(), kept).unwrap();
        let known = story.resume_with_output().unwrap();
        let is_whole = kept.starts_with(b"0\n1\n9\n");
        assert_eq!(known.lost_output, !is_whole);
        assert_eq!(delivered(&known), [(0, if is_whole { 4 } else { 3 })]);
        assert_eq!(known.output.bytes(), if is_whole { 6 } else { 4 });
    }
    // It is gone: all of it is made again, but what was kept.
    let story = story();
    fs::remove_file(story.output()).unwrap();
    let known = story.resume_with_output().unwrap();
    assert!(known.lost_output && known.delivered.is_empty() && known.failed.is_empty());
    assert_eq!(known.early.len(), 1);
}

#[test]
fn another_file_of_results_is_refused() {
    let story = story();
    fs::write(story.output(), "somebody's letters\n").unwrap();
    let refused = story.resume_with_output();
    assert!(matches!(refused, Err(JournalError::OtherOutput { .. })));
    assert_eq!(fs::read(story.output()).unwrap(), b"somebody's letters\n");
}

#[test]
fn another_run_is_refused_and_what_differs_is_named() {
    let story = story();
    let path = story.path();
    let cases = [
        (identity().with("--filter", "n > 1"), "--filter was not given, and is 'n > 1'"),
        (
            Identity::default().with("the task", "n**3").with("the input", "standard input"),
            "the task was 'n**2', and is 'n**3'",
        ),
        (
            Identity::default().with("the task", "n**2"),
            "the input was 'standard input', and is not given",
        ),
    ];
    for (other, says) in cases {
        let refused = Session::open(&path, Mode::Resume, &other, None);
        let error = refused.err().expect("another run");
        assert!(error.to_string().contains(says), "{error}");
    }
    assert_eq!(delivered(&story.resume().unwrap()), [(0, 4)], "nothing was changed");
    for text in ["", "x", "pmapjnl\x02", "pmapjnl\x01", "Seq\tHost\n"] {
        fs::write(&path, text).unwrap();
        let opened = story.resume();
        // An empty one is the begin of one.
        assert_eq!(opened.is_ok(), text.is_empty(), "{text:?}");
    }
}

#[test]
fn one_run_at_a_time() {
    let story = story();
    let first = Session::open(&story.path(), Mode::Resume, &identity(), None).unwrap();
    assert!(matches!(story.resume(), Err(JournalError::Busy { .. })));
    drop(first);
    story.resume().unwrap();
}

#[test]
fn an_unfinished_run_is_not_begun_anew() {
    let story = story();
    let anew = || Session::open(&story.path(), Mode::Anew, &Identity::default(), None);
    assert!(matches!(anew(), Err(JournalError::Unfinished { .. })));
    let mut session = Session::open(&story.path(), Mode::Resume, &identity(), None).unwrap();
    session.journal.finished().unwrap();
    session.journal.write().unwrap();
    drop(session);
    assert!(anew().unwrap().known.delivered.is_empty());
    // Nothing was done in it.
    assert!(anew().is_ok());
}

#[test]
fn failures_can_be_forgotten() {
    let story = story();
    let session = Session::open(&story.path(), Mode::ResumeFailed, &identity(), None).unwrap();
    let known = session.known;
    assert_eq!(delivered(&known), [(0, 2), (3, 1)]);
    assert!(known.failed.is_empty());
    // A kill before it has run leaves it to be run.
    drop(session.journal);
    assert_eq!(delivered(&story.resume().unwrap()), [(0, 2), (3, 1)]);
}

#[test]
fn what_was_just_being_written_is_doubtful() {
    let story = story();
    let mut session = Session::open(&story.path(), Mode::Resume, &identity(), None).unwrap();
    session.journal.writing(4, 2).unwrap();
    session.journal.write().unwrap();
    drop(session);
    let known = Session::open(&story.path(), Mode::Resume, &identity(), None).unwrap().known;
    assert_eq!(known.doubtful.iter().collect::<Vec<_>>(), [(4, 2)]);
    // Told by the run that went on; a part of it was delivered.
    let mut session = Session::open(&story.path(), Mode::Resume, &identity(), None).unwrap();
    session.journal.writing(4, 3).unwrap();
    session.journal.delivered(vec![(4, 1)], fingerprint(b"")).unwrap();
    session.journal.write().unwrap();
    drop(session);
    let known = story.resume().unwrap();
    assert_eq!(known.doubtful.iter().collect::<Vec<_>>(), [(5, 2)]);
}

#[test]
fn ranges_are_sets() {
    let mut random = 7_u64;
    let mut next = |below: u64| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (random >> 33) % below
    };
    for _ in 0..300 {
        let (mut ranges, mut plain) = (Ranges::default(), std::collections::BTreeSet::new());
        for _ in 0..20 {
            let (first, items) = (next(60), next(8));
            if next(4) == 0 {
                ranges.remove(first);
                plain.remove(&first);
            } else {
                ranges.insert(first, items);
                plain.extend(first..first + items);
            }
            let all: Vec<_> =
                ranges.iter().flat_map(|(first, items)| first..first + items).collect();
            assert_eq!(all, plain.iter().copied().collect::<Vec<_>>());
            assert_eq!(
                (ranges.len(), ranges.end()),
                (all.len() as u64, all.last().map_or(0, |last| last + 1))
            );
            let (first, items) = (next(70), next(30));
            assert_eq!(
                ranges.overlaps(first, items),
                (first..first + items).any(|it| plain.contains(&it))
            );
            let parts = ranges.split(first, items);
            let told: Vec<_> = parts
                .iter()
                .flat_map(|(first, items, is_in)| (*first..first + items).map(|it| (it, *is_in)))
                .collect();
            let want: Vec<_> = (first..first + items).map(|it| (it, plain.contains(&it))).collect();
            assert_eq!(told, want);
            assert!(parts.windows(2).all(|pair| pair[0].2 != pair[1].2), "as few as possible");
        }
    }
}

/// Whoever opens a path that is no journal of ours must not lose it.
#[test]
fn a_file_that_is_no_journal_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path: &Path = &folder.path().join("letters");
    fs::write(path, "Dear Ada,\n").unwrap();
    for mode in [Mode::Anew, Mode::Resume, Mode::ResumeFailed] {
        let opened = Session::open(path, mode, &identity(), None);
        assert!(matches!(opened, Err(JournalError::Foreign { .. })));
        assert_eq!(fs::read(path).unwrap(), b"Dear Ada,\n");
    }
}
