use super::PlainWord;
use crate::error::Violation;
use crate::shm::claim::{Claimed, Claims, Grants};
use crate::shm::words::unpack;

/// Sequences at which claim words are tried: the first, and shortly before sequences wrap.
const STARTS: [u32; 3] = [0, u32::MAX - 5, u32::MAX];

fn claim_word(start: u32) -> (Grants<PlainWord>, Claims<PlainWord>, PlainWord) {
    let word = PlainWord::new(start, start);
    (Grants::starting_at(word.clone(), start), Claims::new(word.clone()), word)
}

#[test]
fn only_what_is_granted_can_be_claimed() {
    for start in STARTS {
        let (mut grants, claims, _) = claim_word(start);
        let end = start.wrapping_add(20);
        assert_eq!(claims.claim(start, end, 4), Claimed::Nothing);
        assert!(!claims.any_granted());
        assert_eq!(grants.grant(10), Ok(true));
        assert!(claims.any_granted());
        assert_eq!(claims.claim(start, end, 4), Claimed::Items(4));
        assert_eq!(claims.claim(start.wrapping_add(4), end, 99), Claimed::Items(6));
        assert_eq!(claims.claim(start.wrapping_add(10), end, 1), Claimed::Nothing);
    }
}

#[test]
fn a_claim_stays_within_its_lease() {
    for start in STARTS {
        let (mut grants, claims, _) = claim_word(start);
        let middle = start.wrapping_add(3);
        assert_eq!((grants.grant(3), grants.grant(5)), (Ok(true), Ok(true)));
        assert_eq!(claims.claim(start, middle, 99), Claimed::Items(3));
        assert_eq!(claims.claim(middle, start.wrapping_add(8), 99), Claimed::Items(5));
    }
}

#[test]
fn what_is_claimed_cannot_be_taken_back() {
    for start in STARTS {
        let (mut grants, claims, _) = claim_word(start);
        assert_eq!(grants.grant(10), Ok(true));
        assert_eq!(claims.claim(start, start.wrapping_add(10), 4), Claimed::Items(4));
        assert_eq!(grants.unclaimed(), Ok(6));
        assert_eq!(grants.take_back(2), Ok(2));
        assert_eq!(grants.take_back(99), Ok(4));
        assert_eq!(grants.take_back(1), Ok(0));
        assert_eq!(
            claims.claim(start.wrapping_add(4), start.wrapping_add(10), 1),
            Claimed::Nothing
        );
    }
}

#[test]
fn a_grant_after_a_take_back_waits_for_the_rest_and_jumps_over_it() {
    for start in STARTS {
        let (mut grants, claims, _) = claim_word(start);
        let at = |items| start.wrapping_add(items);
        assert_eq!(grants.grant(10), Ok(true));
        assert_eq!(grants.take_back(6), Ok(6));
        assert_eq!(grants.next(), at(10), "a sequence is given once");
        assert_eq!(grants.grant(5), Ok(false));
        // The next lease is known to the worker before it can be granted.
        assert_eq!(claims.claim(at(10), at(15), 1), Claimed::Nothing);
        assert_eq!(claims.claim(start, at(10), 99), Claimed::Items(4));
        assert_eq!(claims.claim(at(4), at(10), 99), Claimed::Nothing);
        assert_eq!(grants.grant(5), Ok(true));
        assert_eq!(claims.claim(at(4), at(10), 99), Claimed::LeaseIsOver);
        assert_eq!(claims.claim(at(10), at(15), 99), Claimed::Items(5));
    }
}

#[test]
fn a_lease_of_which_everything_was_taken_back_is_over() {
    for start in STARTS {
        let (mut grants, claims, _) = claim_word(start);
        let at = |items| start.wrapping_add(items);
        assert_eq!(grants.grant(4), Ok(true));
        assert_eq!(grants.take_back(4), Ok(4));
        assert_eq!(claims.claim(start, at(4), 1), Claimed::Nothing);
        assert_eq!(grants.grant(2), Ok(true));
        assert_eq!(claims.claim(start, at(4), 1), Claimed::LeaseIsOver);
        assert_eq!(claims.claim(at(4), at(6), 9), Claimed::Items(2));
    }
}

/// Whether a sequence lies before or behind another can be told only if they are less than half of all
/// sequences apart.
#[test]
fn grants_stay_within_sight() {
    let (mut grants, claims, _) = claim_word(0);
    let billion = 1_000_000_000;
    assert_eq!((grants.grant(billion), grants.grant(billion)), (Ok(true), Ok(true)));
    assert_eq!(grants.grant(billion), Ok(false), "three billion could be mistaken");
    assert_eq!(claims.claim(0, billion, billion), Claimed::Items(billion));
    assert_eq!(grants.grant(billion), Ok(true));
    assert_eq!(grants.take_back(u32::MAX), Ok(2 * billion));
    assert_eq!(grants.grant(billion), Ok(true));
    assert_eq!(claims.claim(billion, 2 * billion, 1), Claimed::LeaseIsOver);
    assert_eq!(claims.claim(3 * billion, 4_000_000_000, 1), Claimed::Items(1));
}

#[test]
fn a_worker_that_moves_the_word_is_found_out() {
    for start in STARTS {
        let word_after = |granted, claimed| {
            let (mut grants, claims, word) = claim_word(start);
            assert_eq!(grants.grant(10), Ok(true));
            assert_eq!(claims.claim(start, start.wrapping_add(10), 4), Claimed::Items(4));
            assert_eq!(grants.unclaimed(), Ok(6));
            word.set(start.wrapping_add(granted), start.wrapping_add(claimed));
            grants
        };
        let cases = [
            ("more granted", 11, 4),
            ("less granted", 9, 4),
            ("claimed beyond the grant", 10, 11),
            ("claimed less than before", 10, 3),
        ];
        for (name, granted, claimed) in cases {
            let violation = Violation::Claim;
            assert_eq!(word_after(granted, claimed).grant(1), Err(violation), "{name}");
            assert_eq!(word_after(granted, claimed).take_back(1), Err(violation), "{name}");
            assert_eq!(word_after(granted, claimed).unclaimed(), Err(violation), "{name}");
        }
    }
}

#[test]
fn the_word_holds_what_its_description_says() {
    let (mut grants, claims, word) = claim_word(0);
    assert_eq!(grants.grant(7), Ok(true));
    assert_eq!(claims.claim(0, 7, 2), Claimed::Items(2));
    assert_eq!(unpack(word.0.get()), (7, 2));
}
