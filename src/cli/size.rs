//! An amount of memory as typed: `512M`, `1.5G`; a plain number is bytes, and each letter is 1024 of the one before.

use std::str::FromStr;

/// An amount of memory, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size(u64);

impl Size {
    /// Below it, a worker has hardly enough for itself.
    pub const LEAST: Self = Self(8 << 20);

    /// In bytes.
    #[must_use]
    pub const fn bytes(self) -> u64 {
        self.0
    }
}

impl FromStr for Size {
    type Err = SizeError;

    fn from_str(text: &str) -> Result<Self, SizeError> {
        let unit_at = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (number, unit) = text.split_at(unit_at);
        let shift = match unit {
            "" => 0,
            "K" | "k" => 10,
            "M" => 20,
            "G" => 30,
            "T" => 40,
            _ => return Err(SizeError::NotASize),
        };
        // Only digits and dots are left, of which a number has at most one, within it.
        let is_number =
            number.split('.').count() <= 2 && number.split('.').all(|part| !part.is_empty());
        let number: f64 = number.parse().ok().filter(|_| is_number).ok_or(SizeError::NotASize)?;
        let bytes = number * (1_u64 << shift) as f64;
        if bytes >= u64::MAX as f64 {
            return Err(SizeError::TooLarge);
        }
        if bytes < Self::LEAST.0 as f64 {
            return Err(SizeError::TooSmall);
        }
        Ok(Self(bytes as u64))
    }
}

/// Why a text is no [`Size`]; each message ends with the remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SizeError {
    /// Not a number, or one with another unit.
    #[error("it is not a size; give {FORMS}")]
    NotASize,
    /// Less than a worker needs for itself.
    #[error("it is below {}M, which a worker needs for itself; give {FORMS}", Size::LEAST.0 >> 20)]
    TooSmall,
    /// More than there are addresses.
    #[error("it is too large; give {FORMS}")]
    TooLarge,
}

const FORMS: &str = "a number with K, M, G or T, as in 512M or 1.5G";

#[cfg(test)]
mod tests {
    use super::SizeError::*;
    use super::*;

    #[test]
    fn forms() {
        const M: u64 = 1 << 20;
        for (text, expected) in [
            ("8M", Ok(8 * M)),
            ("8192K", Ok(8 * M)),
            ("8192k", Ok(8 * M)),
            ("8388608", Ok(8 * M)),
            ("1.5G", Ok(1536 * M)),
            ("2T", Ok(2 << 40)),
            ("8388607", Err(TooSmall)),
            ("0", Err(TooSmall)),
            ("99999999999999999999", Err(TooLarge)),
            ("16777216T", Err(TooLarge)),
            ("", Err(NotASize)),
            ("M", Err(NotASize)),
            ("-1G", Err(NotASize)),
            ("1.G", Err(NotASize)),
            (".5G", Err(NotASize)),
            ("1.2.3G", Err(NotASize)),
            ("1 G", Err(NotASize)),
            ("1GB", Err(NotASize)),
            ("inf", Err(NotASize)),
        ] {
            assert_eq!(text.parse().map(Size::bytes), expected, "{text:?}");
        }
    }
}
