use proptest::prelude::*;
use serde::{Deserialize, Serialize, Serializer, de::Error as _, ser::Error as _};

use super::{pass, put, put_refusal, raw_width, take, take_all};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Shape {
    Nothing,
    Point(f64, f64),
    Named { name: String, parts: Vec<Shape> },
}

fn shape() -> impl Strategy<Value = Shape> {
    let leaf = prop_oneof![
        Just(Shape::Nothing),
        (any::<i32>(), any::<i32>()).prop_map(|(x, y)| Shape::Point(x.into(), y.into())),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        (".{0,8}", prop::collection::vec(inner, 0..4))
            .prop_map(|(name, parts)| Shape::Named { name, parts })
    })
}

fn written<T: super::Value>(values: &[T]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for value in values {
        put(value, &mut bytes).unwrap();
    }
    bytes
}

proptest! {
    #[test]
    fn values_come_back(shapes in prop::collection::vec(shape(), 0..8)) {
        let bytes = written(&shapes);
        let mut all: Vec<Shape> = Vec::new();
        take_all(&bytes, &mut all).unwrap();
        prop_assert_eq!(&all, &shapes);
    }

    #[test]
    fn numbers_come_back_and_are_raw(numbers in prop::collection::vec(any::<i64>(), 0..100)) {
        let bytes = written(&numbers);
        prop_assert_eq!(bytes.len(), 8 * numbers.len());
        let mut all: Vec<i64> = Vec::new();
        take_all(&bytes, &mut all).unwrap();
        prop_assert_eq!(&all, &numbers);
        let mut rest = bytes.as_slice();
        for number in numbers {
            prop_assert_eq!(take::<i64>(&mut rest), Ok(number));
        }
        prop_assert!(take::<i64>(&mut rest).is_err());
    }

    /// Bytes of a worker gone mad: an error, or some value; no panic, no endless loop.
    #[test]
    fn any_bytes_can_be_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = take_all::<Shape>(&bytes, &mut Vec::new());
        let _ = take_all::<u32>(&bytes, &mut Vec::new());
        let _ = take_all::<String>(&bytes, &mut Vec::new());
    }
}

#[test]
fn numbers_of_every_width_are_raw() {
    assert_eq!(raw_width::<u8>(), Some(1));
    assert_eq!(raw_width::<f32>(), Some(4));
    assert_eq!(raw_width::<i128>(), Some(16));
    assert_eq!(raw_width::<bool>(), None);
    assert_eq!(raw_width::<String>(), None);
    assert_eq!(written(&[f64::NAN]).len(), 8);
    assert_eq!(written(&[()]).len(), 4);
}

/// Refuses to be written if it holds 1, and to be read if it holds 2.
#[derive(Debug, PartialEq)]
struct Moody(u8);

impl Serialize for Moody {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 == 1 { Err(S::Error::custom("no")) } else { self.0.serialize(serializer) }
    }
}

impl<'de> Deserialize<'de> for Moody {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u8::deserialize(deserializer)? {
            2 => Err(D::Error::custom("no")),
            other => Ok(Self(other)),
        }
    }
}

#[test]
fn a_value_that_refuses_spoils_no_other() {
    let mut bytes = written(&[Moody(0)]);
    assert!(put(&Moody(1), &mut bytes).is_err());
    put(&Moody(2), &mut bytes).unwrap();
    put(&Moody(3), &mut bytes).unwrap();
    let mut rest = bytes.as_slice();
    assert_eq!(take(&mut rest), Ok(Moody(0)));
    assert!(take::<Moody>(&mut rest).is_err());
    assert_eq!(take(&mut rest), Ok(Moody(3)));
    assert!(rest.is_empty());
}

#[test]
fn a_refusal_travels_in_place_of_its_value() {
    let mut bytes = Vec::new();
    let refusal = put(&Moody(1), &mut bytes).unwrap_err();
    put_refusal(&refusal, &mut bytes);
    put(&Moody(3), &mut bytes).unwrap();
    let mut rest = bytes.as_slice();
    assert_eq!(take::<Moody>(&mut rest).unwrap_err().to_string(), refusal.to_string());
    assert_eq!(take(&mut rest), Ok(Moody(3)));
}

#[test]
fn values_are_passed_over_unread() {
    let mut bytes = Vec::new();
    let refusal = put(&Moody(1), &mut bytes).unwrap_err();
    put_refusal(&refusal, &mut bytes);
    put(&Moody(2), &mut bytes).unwrap();
    put(&7_u16, &mut bytes).unwrap();
    let mut rest = bytes.as_slice();
    pass::<Moody>(&mut rest);
    pass::<Moody>(&mut rest);
    assert_eq!(rest.len(), 2);
    pass::<u16>(&mut rest);
    assert!(rest.is_empty());
    pass::<Moody>(&mut rest);
}
