//! Echoing what the user typed: on one line, of bounded length, and safe for a terminal.

use std::ffi::OsStr;
use std::fmt::Write as _;

/// The most characters of a value that a message repeats.
const LONGEST: usize = 48;

/// The text without control, format and combining characters, which are shown as `\n` or
/// `\u{202e}`; so each character left takes a place of its own. Quotes and backslashes stay, as
/// nothing reads this back.
pub(super) fn escape(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c == ' ' || c.is_ascii_graphic() {
            shown.push(c);
        } else {
            shown.extend(c.escape_debug());
        }
    }
    shown
}

/// The text in quotes, escaped, and cut after its first [`LONGEST`] characters.
pub(super) fn quote(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("'{}...'", escape(&text[..at])),
        None => format!("'{}'", escape(text)),
    }
}

/// An argument that is not UTF-8 where text is wanted.
#[derive(Debug, thiserror::Error)]
#[error("it is not UTF-8; give plain text, as 'pmap --help' shows it")]
pub(super) struct NotUtf8 {
    /// The argument as it can be shown, its odd bytes as `\xff`.
    shown: String,
}

impl NotUtf8 {
    pub(super) fn new(value: &OsStr) -> Self {
        let mut shown = String::new();
        for chunk in value.as_encoded_bytes().utf8_chunks() {
            shown.push_str(&escape(chunk.valid()));
            for byte in chunk.invalid() {
                let _ = write!(shown, "\\x{byte:02x}");
            }
        }
        Self { shown }
    }

    /// The argument in quotes, cut like any other.
    pub(super) fn quoted(&self) -> String {
        quote(&self.shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_made_harmless() {
        let cases = [
            ("", "''"),
            ("n**2", "'n**2'"),
            ("it's \\ \"so\"", "'it's \\ \"so\"'"),
            ("größe", "'größe'"),
            ("a\nb\tc", "'a\\nb\\tc'"),
            ("\u{1b}[2J", "'\\u{1b}[2J'"),
            ("\u{7f}\u{85}\u{9b}", "'\\u{7f}\\u{85}\\u{9b}'"),
            ("\u{202e}", "'\\u{202e}'"),
            ("e\u{301}", "'e\\u{301}'"),
        ];
        for (text, shown) in cases {
            assert_eq!(quote(text), shown);
        }
    }

    #[test]
    fn values_are_cut() {
        assert_eq!(quote(&"x".repeat(48)), format!("'{}'", "x".repeat(48)));
        assert_eq!(quote(&"x".repeat(49)), format!("'{}...'", "x".repeat(48)));
        assert_eq!(quote(&"ü".repeat(100_000)), format!("'{}...'", "ü".repeat(48)));
    }

    #[cfg(unix)]
    #[test]
    fn odd_bytes_are_shown() {
        use std::os::unix::ffi::OsStrExt as _;
        let value = OsStr::from_bytes(b"a\xff\xe2\x82\n");
        assert_eq!(NotUtf8::new(value).quoted(), "'a\\xff\\xe2\\x82\\n'");
    }
}
