//! What stands in the output for an item that has no result.

use std::str::FromStr;

/// The value of `--on-error`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum OnError {
    /// Nothing.
    #[default]
    Skip,
    /// This text, on a line of its own.
    Fill(String),
}

impl OnError {
    /// As it was typed.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Skip => "skip".to_owned(),
            Self::Fill(text) => format!("fill={text}"),
        }
    }

    /// What is written.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Skip => Vec::new(),
            Self::Fill(text) => format!("{text}\n").into_bytes(),
        }
    }
}

impl FromStr for OnError {
    type Err = OnErrorError;

    fn from_str(text: &str) -> Result<Self, OnErrorError> {
        match text.strip_prefix("fill=") {
            Some(fill) if !fill.contains('\n') => Ok(Self::Fill(fill.to_owned())),
            None if text == "skip" => Ok(Self::Skip),
            _ => Err(OnErrorError(())),
        }
    }
}

/// The text is no [`OnError`]; the message is the remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("give skip, or fill= and one line of text, as in fill=NA")]
pub struct OnErrorError(());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        for (text, bytes) in [("skip", &b""[..]), ("fill=NA", b"NA\n"), ("fill=", b"\n")] {
            assert_eq!(text.parse().map(|value: OnError| value.bytes()), Ok(bytes.to_vec()));
        }
        for text in ["", "fill", "Skip", "fill=a\nb", "NA"] {
            assert_eq!(text.parse::<OnError>(), Err(OnErrorError(())), "{text:?}");
        }
    }
}
