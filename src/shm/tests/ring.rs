use super::{PlainBytes, PlainWord};
use crate::error::Violation;
use crate::shm::ring::{Consumer, Fresh, Producer};

/// Positions at which rings are tried: the first, and shortly before positions wrap.
const STARTS: [u32; 3] = [0, u32::MAX - 10, u32::MAX];

struct Ring {
    producer: Producer<PlainWord, PlainBytes>,
    consumer: Consumer<PlainWord, PlainBytes>,
    tail: PlainWord,
    head: PlainWord,
}

/// A ring of 16 bytes, through which `start` bytes and items have gone.
fn ring(start: u32) -> Ring {
    let (tail, head) = (PlainWord::new(start, start), PlainWord::new(0, start));
    let bytes = PlainBytes::new(16);
    let (t, h, b) = (tail.clone(), head.clone(), bytes.clone());
    let producer = Producer::starting_at(t, h, b, start, start);
    let consumer = Consumer::starting_at(tail.clone(), head.clone(), bytes, start, start);
    Ring { producer, consumer, tail, head }
}

#[test]
fn both_sides_know_how_much_fits() {
    let ring = ring(0);
    assert_eq!((ring.producer.capacity(), ring.consumer.capacity()), (16, 16));
}

#[test]
fn nothing_is_seen_before_it_is_published() {
    let mut ring = ring(0);
    ring.producer.push(b"seven");
    assert_eq!(ring.consumer.look(), Ok(Fresh::default()));
    ring.producer.publish(2);
    assert_eq!(ring.consumer.look(), Ok(Fresh { bytes: 5, items: 2 }));
}

#[test]
fn bytes_come_out_as_they_went_in_wherever_the_ring_begins() {
    for start in STARTS {
        let mut ring = ring(start);
        let (mut sent, mut received) = (Vec::new(), Vec::new());
        for round in 0..100_u8 {
            let piece: Vec<u8> = (0..=round % 13).map(|i| round.wrapping_mul(7) ^ i).collect();
            assert!(ring.producer.room(piece.len()).unwrap() >= piece.len());
            ring.producer.push(&piece);
            ring.producer.publish(u32::from(round));
            sent.extend(piece);
            let fresh = ring.consumer.look().unwrap();
            assert_eq!(fresh.items, u32::from(round), "from {start}");
            ring.consumer.pull(fresh.bytes, &mut received);
            ring.consumer.release();
        }
        assert_eq!(received, sent, "from {start}");
    }
}

#[test]
fn room_is_what_was_released_and_no_more() {
    for start in STARTS {
        let mut ring = ring(start);
        ring.producer.push(&[1; 16]);
        ring.producer.publish(1);
        assert_eq!(ring.producer.room(1), Ok(0));
        assert_eq!(ring.consumer.look(), Ok(Fresh { bytes: 16, items: 1 }));
        ring.consumer.pull(6, &mut Vec::new());
        assert_eq!(ring.producer.room(1), Ok(0), "pulled is not released");
        ring.consumer.release();
        assert_eq!(ring.producer.room(16), Ok(6));
        assert_eq!(ring.consumer.look(), Ok(Fresh { bytes: 10, items: 0 }));
    }
}

#[test]
fn half_full_is_filling_up() {
    let mut ring = ring(u32::MAX - 3);
    ring.producer.push(&[0; 8]);
    assert_eq!(ring.producer.is_filling_up(), Ok(false));
    ring.producer.push(&[0]);
    assert_eq!(ring.producer.is_filling_up(), Ok(true));
}

#[test]
#[should_panic(expected = "room was asked for")]
fn more_than_there_is_room_for_is_not_written() {
    let mut ring = ring(0);
    ring.producer.push(&[0; 17]);
}

#[test]
#[should_panic(expected = "only what is published")]
fn more_than_is_published_is_not_read() {
    let mut ring = ring(0);
    ring.consumer.pull(1, &mut Vec::new());
}

#[test]
fn a_tail_out_of_range_is_a_violation() {
    for start in STARTS {
        for wrong in [17, 1 << 31, u32::MAX] {
            let mut ring = ring(start);
            ring.tail.set(start, start.wrapping_add(wrong));
            assert_eq!(ring.consumer.look(), Err(Violation::Position), "{wrong} from {start}");
        }
    }
}

#[test]
fn a_tail_that_goes_back_is_a_violation() {
    for start in STARTS {
        let mut ring = ring(start);
        ring.tail.set(start, start.wrapping_add(8));
        assert_eq!(ring.consumer.look().unwrap().bytes, 8);
        ring.tail.set(start, start.wrapping_add(7));
        assert_eq!(ring.consumer.look(), Err(Violation::Position));
    }
}

#[test]
fn a_head_that_goes_back_or_beyond_the_tail_is_a_violation() {
    for start in STARTS {
        let mut ring = ring(start);
        ring.producer.push(&[0; 16]);
        ring.producer.publish(1);
        ring.head.set(0, start.wrapping_add(4));
        assert_eq!(ring.producer.room(16), Ok(4));
        for wrong in [3, 17, 1 << 31] {
            ring.head.set(0, start.wrapping_add(wrong));
            assert_eq!(ring.producer.room(16), Err(Violation::Position), "{wrong} from {start}");
        }
    }
}
