use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::super::layout::{Capacity, Layout, WORDS};
use super::super::segment::{Backing, Segment, namespace_prefix, own_prefix, sweep_stale_names};
use crate::shm::{Claimed, Depth, Fresh, WorkerEnd};
use crate::sys::{memory, process};

const LAYOUT: Layout = Layout { down: Capacity::MIN, up: Capacity::MIN };

/// The same tests for each backing.
macro_rules! backings {
    ($($test:ident),* $(,)?) => {
        mod named {
            $(#[test] fn $test() { super::$test(super::Backing::Named); })*
        }
        mod sealed {
            $(#[test] fn $test() { super::$test(super::Backing::Sealed); })*
        }
    };
}

backings!(
    both_ends_are_one_memory,
    copies_wrap_at_any_alignment,
    every_word_is_one_word,
    a_segment_of_another_size_is_refused,
    the_worker_can_only_read_the_first_half,
    every_byte_has_a_page,
    it_has_no_name,
);

fn both_ends_are_one_memory(backing: Backing) {
    let segment = Segment::create_in(LAYOUT, backing).unwrap();
    assert_eq!(segment.backing, backing);
    let mut ours = segment.end;
    let mut theirs = WorkerEnd::attach(segment.fd, LAYOUT).unwrap();
    ours.downlink.push(b"a ");
    ours.downlink.push(b"lease");
    ours.downlink.publish(0);
    assert_eq!(ours.grants.grant(3), Ok(true));
    let mut lease = Vec::new();
    assert_eq!(theirs.downlink.look(), Ok(Fresh { bytes: 7, items: 0 }));
    theirs.downlink.pull(7, &mut lease);
    theirs.downlink.release();
    assert_eq!(lease, b"a lease");
    assert_eq!(theirs.claims.claim(0, 3, 9), Claimed::Items(3));
    theirs.uplink.push(b"results");
    theirs.uplink.publish(3);
    drop(theirs);
    // What was committed outlives who has committed it.
    let mut results = Vec::new();
    assert_eq!(ours.uplink.look(), Ok(Fresh { bytes: 7, items: 3 }));
    ours.uplink.pull(7, &mut results);
    assert_eq!(results, b"results");
    assert_eq!(ours.grants.unclaimed(), Ok(0));
}

fn copies_wrap_at_any_alignment(backing: Backing) {
    let segment = Segment::create_in(LAYOUT, backing).unwrap();
    let (mut ours, mut theirs) = (segment.end, WorkerEnd::attach(segment.fd, LAYOUT).unwrap());
    let capacity = LAYOUT.up.bytes() as usize;
    let mut received = Vec::new();
    for length in (1..40).chain(capacity - 40..=capacity) {
        let sent: Vec<u8> = (0..=u8::MAX).cycle().skip(length).take(length).collect();
        assert_eq!(theirs.uplink.room(capacity), Ok(capacity));
        theirs.uplink.push(&sent);
        theirs.uplink.publish(1);
        assert_eq!(ours.uplink.look(), Ok(Fresh { bytes: length, items: 1 }));
        received.clear();
        ours.uplink.pull(length, &mut received);
        ours.uplink.release();
        assert_eq!(received, sent, "{length} bytes");
    }
}

fn every_word_is_one_word(backing: Backing) {
    let segment = Segment::create_in(LAYOUT, backing).unwrap();
    let (mut ours, mut theirs) = (segment.end, WorkerEnd::attach(segment.fd, LAYOUT).unwrap());
    ours.sleeper.announce(Depth::Sleep);
    assert!(theirs.waker.is_asleep() && !ours.waker.is_asleep());
    theirs.sleeper.announce(Depth::Nap);
    assert!(ours.waker.is_asleep());
    assert!(!ours.waker.must_ring(false) && theirs.waker.must_ring(false));
    assert_eq!(ours.uplink.look(), Ok(Fresh::default()));
    assert_eq!(theirs.downlink.look(), Ok(Fresh::default()));
    assert_eq!(ours.grants.unclaimed(), Ok(0));
}

fn a_segment_of_another_size_is_refused(backing: Backing) {
    let larger = Layout { down: Capacity::MIN, up: Capacity::at_least(8192) };
    for (made, agreed) in [(LAYOUT, larger), (larger, LAYOUT)] {
        let segment = Segment::create_in(made, backing).unwrap();
        let refusal = WorkerEnd::attach(segment.fd, agreed).err().unwrap();
        assert_eq!(refusal.kind(), std::io::ErrorKind::InvalidData);
    }
}

fn the_worker_can_only_read_the_first_half(backing: Backing) {
    let segment = Segment::create_in(LAYOUT, backing).unwrap();
    let file = File::from(segment.fd.try_clone().unwrap());
    let inode = file.metadata().unwrap().ino().to_string();
    let before = mappings(&inode);
    let _theirs = WorkerEnd::attach(segment.fd, LAYOUT).unwrap();
    let mut new = mappings(&inode);
    new.retain(|mapping| !before.contains(mapping));
    new.sort_by_key(|mapping| mapping.offset);
    let (down, up) = (LAYOUT.down_len() as u64, LAYOUT.up_len() as u64);
    let found: Vec<_> = new.iter().map(|m| (m.offset, m.length, m.permissions.as_str())).collect();
    assert_eq!(found, [(0, down, "r--s"), (down, up, "rw-s")]);
}

#[derive(Debug, PartialEq)]
struct Mapped {
    start: u64,
    length: u64,
    permissions: String,
    offset: u64,
}

/// What of this process is a mapping of a file.
fn mappings(inode: &str) -> Vec<Mapped> {
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    let of_file = maps.lines().filter_map(|line| {
        let mut fields = line.split_whitespace();
        let range = fields.next()?;
        let (permissions, offset) = (fields.next()?.to_owned(), hex(fields.next()?));
        let (start, end) = range.split_once('-')?;
        let start = hex(start);
        let is_ours = fields.nth(1)? == inode;
        is_ours.then_some(Mapped { start, length: hex(end) - start, permissions, offset })
    });
    of_file.collect()
}

fn hex(digits: &str) -> u64 {
    u64::from_str_radix(digits, 16).unwrap()
}

fn every_byte_has_a_page(backing: Backing) {
    let segment = Segment::create_in(LAYOUT, backing).unwrap();
    let file = File::from(segment.fd).metadata().unwrap();
    assert_eq!(file.len(), LAYOUT.len() as u64);
    assert!(file.blocks() * 512 >= file.len(), "a full file system is found out at the start");
}

fn it_has_no_name(backing: Backing) {
    let segment = Segment::create_in(LAYOUT, backing).unwrap();
    let file = File::from(segment.fd).metadata().unwrap();
    assert_eq!(file.nlink(), 0);
}

/// A test beside this one may be just between the making of a name and its end; nobody stays there.
#[test]
fn nobody_leaves_a_name() {
    drop(Segment::create(LAYOUT).unwrap());
    for _ in 0..1000 {
        let random = |name: &String| name.len() == own_prefix().len() + 32;
        if !memory::names(own_prefix()).any(|name| random(&name)) {
            return;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    panic!("a name is left: {:?}", memory::names(own_prefix()).collect::<Vec<_>>());
}

#[test]
fn the_sweep_takes_the_names_of_the_dead_and_no_others() {
    let mut child = Command::new("true").spawn().unwrap();
    let dead = child.id();
    child.wait().unwrap();
    let own = std::process::id();
    let started = process::start_time(own).unwrap();
    let prefix = namespace_prefix();
    let cases = [
        ("a process that is gone", format!("{prefix}{dead}-1-swept"), false),
        ("one whose number was given again", format!("{prefix}{own}-{}-swept", started - 1), false),
        ("a living process", format!("{prefix}{own}-{started}-kept"), true),
        ("a name that is not of our making", format!("{prefix}x-1-kept"), true),
        ("another namespace's", format!("pmap-{}-0-{dead}-1-kept", process::user()), true),
    ];
    let path = |name: &str| Path::new(memory::DIRECTORY).join(name);
    for (_, name, _) in &cases {
        fs::write(path(name), "").unwrap();
    }
    sweep_stale_names();
    let kept = cases.each_ref().map(|(what, name, _)| (*what, path(name).exists()));
    for (_, name, _) in &cases {
        let _ = fs::remove_file(path(name));
    }
    assert_eq!(kept, cases.each_ref().map(|(what, _, kept)| (*what, *kept)));
}

#[test]
fn a_layout_travels_as_its_numbers() {
    let layout = Layout { down: Capacity::MIN, up: Capacity::try_from(1 << 20).unwrap() };
    assert_eq!((u32::from(layout.down), u32::from(layout.up)), (1 << 12, 1 << 20));
    assert!(!layout.is_empty() && layout.len() > (1 << 12) + (1 << 20));
}

#[test]
fn a_capacity_is_a_power_of_two_within_its_limits() {
    let limits = [(0, 4096), (4096, 4096), (4097, 8192), (1 << 30, 1 << 30), (usize::MAX, 1 << 30)];
    for (wanted, bytes) in limits {
        assert_eq!(Capacity::at_least(wanted).bytes(), bytes, "at least {wanted}");
    }
    for wrong in [0, 1, 2048, 4095, 5000, 1 << 31] {
        assert!(Capacity::try_from(wrong).is_err(), "{wrong}");
    }
    for right in [4096, 1 << 20, 1 << 30] {
        assert_eq!(Capacity::try_from(right).map(Capacity::bytes), Ok(right));
    }
}

#[test]
fn halves_begin_on_a_page_and_their_rings_behind_their_words() {
    let layout = Layout { down: Capacity::MIN, up: Capacity::at_least(8192) };
    assert_eq!(layout.down_len(), WORDS + 4096);
    assert_eq!(layout.up_len(), WORDS + 8192);
    assert_eq!(layout.len(), layout.down_len() + layout.up_len());
    assert_eq!(layout.down_len() % 4096, 0);
}

#[test]
fn a_name_says_whose_it_is() {
    let pid = std::process::id();
    let start = process::start_time(pid).unwrap();
    let (user, namespace) = (process::user(), process::pid_namespace());
    assert_eq!(namespace_prefix(), format!("pmap-{user}-{namespace}-"));
    assert_eq!(own_prefix(), format!("pmap-{user}-{namespace}-{pid}-{start}-"));
}
