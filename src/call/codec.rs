//! Values as bytes, the same on both sides: numbers raw and little-endian, everything else as postcard writes it,
//! behind its length, so that a value that cannot be read spoils no other.

use std::any::Any;

use postcard::ser_flavors::Flavor;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What can be sent to another process and back: whatever serde can write and read, and that borrows nothing.
pub trait Value: Serialize + DeserializeOwned + 'static {}

impl<T: Serialize + DeserializeOwned + 'static> Value for T {}

/// Bytes of the length before a value that is no number.
const LENGTH: usize = size_of::<u32>();

/// In place of the length: what follows is no value but, as a value, the reason why there is none.
const REFUSAL: u32 = u32::MAX;

/// A value that cannot be written or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(transparent)]
pub struct CodecError(Kind);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Kind {
    #[error("the bytes are not what was to be sent")]
    OutOfStep,
    #[error("a value of {0} bytes is too large to be sent (the limit is 4 GiB)")]
    TooLarge(usize),
    #[error("a value refuses to be serialised: {0}")]
    Unwritable(postcard::Error),
    #[error("a value refuses to be deserialised: {0}")]
    Unreadable(postcard::Error),
    #[error("{0}")]
    Refused(String),
}

impl CodecError {
    /// What is there is not what was written on the other side.
    pub(super) fn out_of_step() -> Self {
        Self(Kind::OutOfStep)
    }
}

/// Applies a macro to the types that travel raw.
macro_rules! for_each_number {
    ($apply:ident) => {
        $apply!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize f32 f64)
    };
}

/// The bytes of each value, for numbers, which travel raw.
#[must_use]
#[inline]
pub fn raw_width<T: 'static>() -> Option<usize> {
    macro_rules! is_any_of {
        ($($number:ty)*) => {
            $(std::any::TypeId::of::<T>() == std::any::TypeId::of::<$number>())||*
        };
    }
    for_each_number!(is_any_of).then_some(size_of::<T>())
}

/// Appends a value.
///
/// # Errors
/// It refuses to be serialised, or is larger than 4 GiB; nothing is appended then.
#[inline]
pub fn put<T: Value>(value: &T, out: &mut Vec<u8>) -> Result<(), CodecError> {
    macro_rules! put_number {
        ($($number:ty)*) => {
            $(if let Some(number) = (value as &dyn Any).downcast_ref::<$number>() {
                out.extend_from_slice(&number.to_le_bytes());
                return Ok(());
            })*
        };
    }
    for_each_number!(put_number);
    put_framed(value, out)
}

fn put_framed<T: Value>(value: &T, out: &mut Vec<u8>) -> Result<(), CodecError> {
    let start = out.len();
    out.extend_from_slice(&[0; LENGTH]);
    let written = postcard::serialize_with_flavor(value, Appended(out)).map_err(Kind::Unwritable);
    let length = out.len() - start - LENGTH;
    let frame = u32::try_from(length).ok().filter(|length| *length != REFUSAL);
    let framed = written
        .and_then(|()| frame.ok_or(Kind::TooLarge(length)))
        .map(|frame| out[start..start + LENGTH].copy_from_slice(&frame.to_le_bytes()));
    framed.map_err(|kind| {
        out.truncate(start);
        CodecError(kind)
    })
}

/// Appends, in place of a value that [`put`] refused, why: whoever takes it gets that for an error.
pub fn put_refusal(error: &CodecError, out: &mut Vec<u8>) {
    let reason = error.to_string();
    out.extend_from_slice(&REFUSAL.to_le_bytes());
    out.extend_from_slice(&u32::try_from(reason.len()).unwrap_or(0).to_le_bytes());
    out.extend_from_slice(reason.as_bytes());
}

/// Lets postcard append to a buffer that stays ours if it fails.
struct Appended<'a>(&'a mut Vec<u8>);

impl Flavor for Appended<'_> {
    type Output = ();

    #[inline]
    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        self.0.push(byte);
        Ok(())
    }

    #[inline]
    fn try_extend(&mut self, bytes: &[u8]) -> postcard::Result<()> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    fn finalize(self) -> postcard::Result<()> {
        Ok(())
    }
}

/// Takes the next value off the front of `bytes`. One that is there but cannot be read is taken off as well.
///
/// # Errors
/// There is none of this type.
#[inline]
pub fn take<T: Value>(bytes: &mut &[u8]) -> Result<T, CodecError> {
    let mut taken: Option<T> = None;
    macro_rules! take_number {
        ($($number:ty)*) => {
            $(if let Some(slot) = (&mut taken as &mut dyn Any).downcast_mut::<Option<$number>>() {
                let raw = bytes.split_first_chunk().ok_or(CodecError::out_of_step())?;
                *slot = Some(<$number>::from_le_bytes(*raw.0));
                *bytes = raw.1;
                return taken.ok_or(CodecError::out_of_step());
            })*
        };
    }
    for_each_number!(take_number);
    take_framed(bytes)
}

/// Takes the next value off the front of `bytes` without reading it; all of them if there is none.
pub fn pass<T: Value>(bytes: &mut &[u8]) {
    let rest = match raw_width::<T>() {
        Some(width) => bytes.get(width..),
        None => split_frame(bytes).map(|(_, rest)| rest),
    };
    *bytes = rest.unwrap_or_default();
}

/// What a frame holds.
enum Frame<'a> {
    Value(&'a [u8]),
    Refusal(&'a [u8]),
}

/// The first frame, and what is behind it.
fn split_frame(bytes: &[u8]) -> Option<(Frame<'_>, &[u8])> {
    let (length, behind) = bytes.split_first_chunk()?;
    let length = u32::from_le_bytes(*length);
    if length == REFUSAL {
        let (length, behind) = behind.split_first_chunk()?;
        let (reason, rest) = behind.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        return Some((Frame::Refusal(reason), rest));
    }
    let (value, rest) = behind.split_at_checked(length as usize)?;
    Some((Frame::Value(value), rest))
}

fn take_framed<T: Value>(bytes: &mut &[u8]) -> Result<T, CodecError> {
    let (frame, rest) = split_frame(bytes).ok_or(CodecError::out_of_step())?;
    *bytes = rest;
    match frame {
        Frame::Value(value) => match postcard::take_from_bytes(value) {
            Ok((value, [])) => Ok(value),
            Ok(_) => Err(CodecError::out_of_step()),
            Err(error) => Err(CodecError(Kind::Unreadable(error))),
        },
        Frame::Refusal(reason) => {
            Err(CodecError(Kind::Refused(String::from_utf8_lossy(reason).into_owned())))
        }
    }
}

/// Appends all values that `bytes` hold to `into`.
///
/// # Errors
/// They hold something else behind those that were appended.
pub fn take_all<T: Value>(mut bytes: &[u8], into: &mut Vec<T>) -> Result<(), CodecError> {
    macro_rules! take_numbers {
        ($($number:ty)*) => {
            $(if let Some(into) = (into as &mut dyn Any).downcast_mut::<Vec<$number>>() {
                let raw = bytes.chunks_exact(size_of::<$number>());
                let is_whole = raw.remainder().is_empty();
                into.extend(raw.map(|raw| {
                    <$number>::from_le_bytes(raw.try_into().expect("chunks are exact"))
                }));
                return if is_whole { Ok(()) } else { Err(CodecError::out_of_step()) };
            })*
        };
    }
    for_each_number!(take_numbers);
    while !bytes.is_empty() {
        into.push(take(&mut bytes)?);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
