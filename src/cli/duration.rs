//! Lengths of time as typed: `500ms`, `2s`, `1.5s`, `3m`, `1h`; a plain number is seconds.
//!
//! Read in integers, exact to the nanosecond (finer digits are cut off). Bounded by [`Span::MAX`],
//! so that adding one to the current time can't overflow. No days, no `1h30m`, no exponents.

use std::str::FromStr;
use std::time::Duration;

/// A length of time, zero included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(Duration);

/// A length of time above zero: what a limit can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timeout(Duration);

/// A length of time that a processor works, in whole seconds: what the system can keep watch over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CpuTime(u64);

impl CpuTime {
    /// In seconds; at least 1.
    #[must_use]
    pub const fn seconds(self) -> u64 {
        self.0
    }
}

impl FromStr for CpuTime {
    type Err = SpanError;

    fn from_str(text: &str) -> Result<Self, SpanError> {
        let Timeout(time) = text.parse()?;
        if time.subsec_nanos() > 0 {
            return Err(SpanError::NotWhole);
        }
        Ok(Self(time.as_secs()))
    }
}

impl Span {
    /// 10,000 hours, more than a year.
    pub const MAX: Self = Self(Duration::from_secs(10_000 * 3600));

    /// As the standard library has it.
    #[must_use]
    pub const fn get(self) -> Duration {
        self.0
    }
}

impl Timeout {
    /// As the standard library has it.
    #[must_use]
    pub const fn get(self) -> Duration {
        self.0
    }
}

impl FromStr for Span {
    type Err = SpanError;

    fn from_str(text: &str) -> Result<Self, SpanError> {
        if text.is_empty() {
            return Err(SpanError::Empty);
        }
        if text.starts_with('-') {
            return Err(SpanError::Negative);
        }
        let unit_at = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (number, unit) = text.split_at(unit_at);
        let nanos_per_unit: u128 = match unit {
            "ms" => 1_000_000,
            "" | "s" => 1_000_000_000,
            "m" => 60 * 1_000_000_000,
            "h" => 3600 * 1_000_000_000,
            _ => return Err(SpanError::NotADuration),
        };
        let (whole, fraction) = match number.split_once('.') {
            // "1." is a slip of the finger, and "1.5.2" too.
            Some((_, fraction)) if fraction.is_empty() || fraction.contains('.') => {
                return Err(SpanError::NotADuration);
            }
            Some(parts) => parts,
            None => (number, ""),
        };
        if whole.is_empty() {
            return Err(SpanError::NotADuration);
        }
        // Digits only, so the one thing that can go wrong is their number.
        let whole: u64 = whole.parse().map_err(|_| SpanError::TooLong)?;
        // An hour has 3.6e12 ns: 18 places are exact with room, and the rest is below any ns.
        let places = &fraction[..fraction.len().min(18)];
        let numerator: u128 = places.bytes().fold(0, |n, b| n * 10 + u128::from(b - b'0'));
        let denominator = 10_u128.pow(places.len() as u32);

        let nanos = u128::from(whole) * nanos_per_unit + numerator * nanos_per_unit / denominator;
        if nanos > Self::MAX.0.as_nanos() {
            return Err(SpanError::TooLong);
        }
        let seconds = nanos / 1_000_000_000;
        Ok(Self(Duration::new(seconds as u64, (nanos % 1_000_000_000) as u32)))
    }
}

impl FromStr for Timeout {
    type Err = SpanError;

    fn from_str(text: &str) -> Result<Self, SpanError> {
        match text.parse()? {
            Span(Duration::ZERO) => Err(SpanError::Zero),
            Span(duration) => Ok(Self(duration)),
        }
    }
}

/// Why a text is not a [`Span`] or a [`Timeout`]; each message ends with the remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SpanError {
    /// There is no text.
    #[error("it is empty; give {FORMS}")]
    Empty,
    /// Not a number, or a number with another unit.
    #[error("it is not a duration; give {FORMS}")]
    NotADuration,
    /// Time does not run backwards.
    #[error("it is negative; give {FORMS}")]
    Negative,
    /// Zero, or below a nanosecond, where the limit must be above zero.
    #[error("it is zero, which no item can meet; give {FORMS}, or leave it out for no limit")]
    Zero,
    /// Not whole seconds, where they are counted.
    #[error("it is no whole number of seconds; give one, as in 10s or 2m")]
    NotWhole,
    /// Above [`Span::MAX`].
    #[error("it is longer than 10000h; give {FORMS}")]
    TooLong,
}

const FORMS: &str = "a number with ms, s, m or h, as in 500ms, 1.5s or 2m";

#[cfg(test)]
mod tests {
    use super::SpanError::*;
    use super::*;

    #[test]
    fn forms() {
        const S: u64 = 1_000_000_000;
        let cases = [
            ("0", Ok(0)),
            ("0s", Ok(0)),
            ("0.0000000001s", Ok(0)),
            ("2", Ok(2 * S)),
            ("2s", Ok(2 * S)),
            ("007s", Ok(7 * S)),
            ("500ms", Ok(S / 2)),
            ("1.5s", Ok(3 * S / 2)),
            ("0.1", Ok(S / 10)),
            ("0.000001ms", Ok(1)),
            ("3m", Ok(180 * S)),
            ("1h", Ok(3600 * S)),
            ("0.5h", Ok(1800 * S)),
            ("1.000000000999999999999999999999s", Ok(S)),
            ("10000h", Ok(36_000_000 * S)),
            ("10000.0000000000001h", Ok(36_000_000 * S)),
            ("10000.000000001h", Err(TooLong)),
            ("36000000001ms", Err(TooLong)),
            ("99999999999999999999", Err(TooLong)),
            ("", Err(Empty)),
            ("s", Err(NotADuration)),
            ("1.", Err(NotADuration)),
            (".5s", Err(NotADuration)),
            ("1.5.2s", Err(NotADuration)),
            ("5x", Err(NotADuration)),
            ("5S", Err(NotADuration)),
            ("5 s", Err(NotADuration)),
            ("1h30m", Err(NotADuration)),
            ("1e400", Err(NotADuration)),
            ("inf", Err(NotADuration)),
            ("nan", Err(NotADuration)),
            ("+1s", Err(NotADuration)),
            ("1,5s", Err(NotADuration)),
            ("-1s", Err(Negative)),
        ];
        for (text, expected) in cases {
            let expected = expected.map(Duration::from_nanos);
            assert_eq!(text.parse().map(Span::get), expected, "{text:?}");
        }
    }

    #[test]
    fn processor_time_is_whole_seconds() {
        for (text, expected) in [
            ("1", Ok(1)),
            ("1.5m", Ok(90)),
            ("1000ms", Ok(1)),
            ("1.5s", Err(NotWhole)),
            ("1ms", Err(NotWhole)),
            ("0", Err(Zero)),
        ] {
            assert_eq!(text.parse().map(CpuTime::seconds), expected, "{text:?}");
        }
    }

    #[test]
    fn a_timeout_is_above_zero() {
        assert_eq!("0.000001ms".parse(), Ok(Timeout(Duration::from_nanos(1))));
        for text in ["0", "0.0h", "0ms", "0.0000000001s"] {
            assert_eq!(text.parse::<Timeout>(), Err(Zero), "{text:?}");
        }
        assert_eq!("-1".parse::<Timeout>(), Err(Negative));
    }
}
