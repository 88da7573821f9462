//! Bytes and their count arrive together and in order, and no byte is overwritten before it is read.

use loom::thread;

use super::memory::{Fault, ModelBytes, ModelWord, explore};
use crate::shm::ring::{Consumer, Producer};
use crate::shm::words::pack;

/// A ring of four bytes.
fn ring(
    tail: Fault,
    head: Fault,
    position: u32,
    items: u32,
) -> (Producer<ModelWord, ModelBytes>, Consumer<ModelWord, ModelBytes>) {
    let tail = ModelWord::new(pack(items, position), tail);
    let head = ModelWord::new(pack(0, position), head);
    let bytes = ModelBytes::new(4);
    let producer =
        Producer::starting_at(tail.clone(), head.clone(), bytes.clone(), position, items);
    (producer, Consumer::starting_at(tail, head, bytes, position, items))
}

/// Sends `items` items of two bytes each; the third one needs the room of the first.
fn items_of_two_bytes(items: u8, tail: Fault, head: Fault, position: u32, count: u32) {
    let (mut producer, mut consumer) = ring(tail, head, position, count);
    let writer = thread::spawn(move || {
        for item in 0..items {
            while producer.room(2).unwrap() < 2 {
                thread::yield_now();
            }
            producer.push(&[item, !item]);
            producer.publish(1);
        }
    });
    let mut received = Vec::new();
    while received.len() < 2 * usize::from(items) {
        let fresh = consumer.look().unwrap();
        assert_eq!(fresh.bytes, 2 * fresh.items as usize, "bytes and their count come together");
        if fresh.bytes == 0 {
            thread::yield_now();
            continue;
        }
        consumer.pull(fresh.bytes, &mut received);
        consumer.release();
    }
    writer.join().unwrap();
    let sent: Vec<u8> = (0..items).flat_map(|item| [item, !item]).collect();
    assert_eq!(received, sent);
}

#[test]
fn items_arrive_whole_and_in_order() {
    explore("ring, three items", || items_of_two_bytes(3, Fault::None, Fault::None, 0, 0));
}

#[test]
fn positions_and_counts_wrap() {
    explore("ring, wrapping", || {
        items_of_two_bytes(3, Fault::None, Fault::None, u32::MAX - 2, u32::MAX);
    });
}

#[test]
fn an_item_larger_than_the_ring_arrives_in_pieces() {
    explore("ring, one large item", || {
        let (mut producer, mut consumer) = ring(Fault::None, Fault::None, 0, 0);
        let item = [1, 2, 3, 4, 5, 6];
        let writer = thread::spawn(move || {
            let mut sent = 0;
            while sent < item.len() {
                let count = producer.room(item.len()).unwrap().min(item.len() - sent);
                if count == 0 {
                    thread::yield_now();
                    continue;
                }
                producer.push(&item[sent..sent + count]);
                sent += count;
                producer.publish(u32::from(sent == item.len()));
            }
        });
        let mut received = Vec::new();
        loop {
            let fresh = consumer.look().unwrap();
            consumer.pull(fresh.bytes, &mut received);
            consumer.release();
            if fresh.items > 0 {
                break;
            }
            thread::yield_now();
        }
        writer.join().unwrap();
        assert_eq!(received, item, "its count came with its last byte");
    });
}

#[test]
#[should_panic(expected = "Causality violation")]
fn mutant_publish_without_release() {
    explore("mutant", || items_of_two_bytes(1, Fault::RelaxedStore, Fault::None, 0, 0));
}

#[test]
#[should_panic(expected = "Causality violation")]
fn mutant_look_without_acquire() {
    explore("mutant", || items_of_two_bytes(1, Fault::RelaxedLoad, Fault::None, 0, 0));
}

#[test]
#[should_panic(expected = "Causality violation")]
fn mutant_reuse_without_release() {
    explore("mutant", || items_of_two_bytes(3, Fault::None, Fault::RelaxedStore, 0, 0));
}

#[test]
#[should_panic(expected = "Causality violation")]
fn mutant_reuse_without_acquire() {
    explore("mutant", || items_of_two_bytes(3, Fault::None, Fault::RelaxedLoad, 0, 0));
}
