use super::PlainWord;
use crate::shm::sleep::{Depth, Sleeper, Waker};

fn pair() -> (Sleeper<PlainWord>, Waker<PlainWord>) {
    let word = PlainWord::new(0, 0);
    (Sleeper::new(word.clone()), Waker::new(word))
}

#[test]
fn who_is_awake_is_not_rung_for() {
    let (sleeper, waker) = pair();
    assert!(!waker.is_asleep());
    assert!(!waker.must_ring(true));
    sleeper.announce(Depth::Sleep);
    sleeper.rise();
    assert!(!waker.is_asleep());
    assert!(!waker.must_ring(true));
}

#[test]
fn each_sleep_is_rung_for_once() {
    let (sleeper, waker) = pair();
    for _ in 0..2 {
        sleeper.announce(Depth::Sleep);
        assert!(waker.is_asleep());
        assert!(waker.must_ring(false));
        assert!(!waker.must_ring(true), "it was rung for already");
    }
}

#[test]
fn a_nap_is_ended_only_for_what_is_urgent() {
    let (sleeper, waker) = pair();
    sleeper.announce(Depth::Nap);
    assert!(waker.is_asleep());
    assert!(!waker.must_ring(false));
    assert!(waker.must_ring(true));
    assert!(!waker.must_ring(true));
}

#[test]
fn a_word_that_makes_no_sense_rings_once() {
    let word = PlainWord::new(7, 7);
    let waker = Waker::new(word.clone());
    assert!(waker.must_ring(false));
    assert!(!waker.must_ring(false));
}
