//! Numbers on their way between processes.

use num_bigint::BigInt;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::doubles::Doubles;
use crate::value::Number;

#[derive(Serialize, Deserialize)]
enum Portable {
    Bool(bool),
    Int(i128),
    Big(Vec<u8>),
    Float(f64),
}

pub(super) mod number {
    use super::{BigInt, Deserialize, Deserializer, Number, Portable, Serialize, Serializer};

    pub(in super::super) fn serialize<S: Serializer>(
        number: &Option<Number>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let portable = number.as_ref().map(|number| match number {
            Number::Bool(value) => Portable::Bool(*value),
            Number::Int(value) => Portable::Int(*value),
            Number::Big(value) => Portable::Big(value.to_signed_bytes_le()),
            Number::Float(value) => Portable::Float(*value),
        });
        portable.serialize(serializer)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Number>, D::Error> {
        let portable = Option::<Portable>::deserialize(deserializer)?;
        Ok(portable.map(|portable| match portable {
            Portable::Bool(value) => Number::Bool(value),
            Portable::Int(value) => Number::Int(value),
            Portable::Big(bytes) => Number::from(BigInt::from_signed_bytes_le(&bytes)),
            Portable::Float(value) => Number::Float(value),
        }))
    }
}

pub(super) mod big {
    use super::{BigInt, Deserialize, Deserializer, Serialize, Serializer};

    pub(in super::super) fn serialize<S: Serializer>(
        value: &BigInt,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value.to_signed_bytes_le().serialize(serializer)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BigInt, D::Error> {
        Ok(BigInt::from_signed_bytes_le(&Vec::<u8>::deserialize(deserializer)?))
    }
}

impl Serialize for Doubles {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_digits().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Doubles {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (first, digits) = <(u32, Vec<i64>)>::deserialize(deserializer)?;
        Self::from_digits(first, &digits)
            .ok_or_else(|| de::Error::custom("more digits than a sum has"))
    }
}
