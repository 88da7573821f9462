//! Words of a command line as a shell would read them, and back.

use std::fmt::Write as _;

/// What a word may consist of that needs no quotes.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"@%+=:,./_-{}#".contains(&byte)
}

/// The word, in quotes if it needs them: plain ones, or those of `$'…'`, which bash knows, for what cannot stand between
/// plain ones on a line.
pub(super) fn quoted(word: &[u8]) -> String {
    match std::str::from_utf8(word) {
        Ok(text) if !text.is_empty() && text.bytes().all(is_plain) => text.to_owned(),
        Ok(text) if !text.chars().any(|c| c == '\'' || c.is_control()) => format!("'{text}'"),
        _ => escaped(word),
    }
}

fn escaped(word: &[u8]) -> String {
    let mut text = String::from("$'");
    for chunk in word.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\'' | '\\' => text.extend(['\\', c]),
                c if c.is_ascii_control() => drop(write!(text, "\\x{:02x}", u32::from(c))),
                c => text.push(c),
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text.push('\'');
    text
}

/// All of them on a line.
pub(super) fn joined<'a>(words: impl IntoIterator<Item = &'a [u8]>) -> String {
    words.into_iter().map(quoted).collect::<Vec<_>>().join(" ")
}

/// The words of a line that was [joined]; `None` if it was not.
pub(super) fn split(line: &str) -> Option<Vec<Vec<u8>>> {
    let (mut words, mut rest) = (Vec::new(), line);
    while !rest.is_empty() {
        let (word, behind) = if let Some(quoted) = rest.strip_prefix("$'") {
            unescaped(quoted)?
        } else if let Some(quoted) = rest.strip_prefix('\'') {
            let (word, behind) = quoted.split_once('\'')?;
            (word.as_bytes().to_vec(), behind)
        } else {
            let end = rest.find(' ').unwrap_or(rest.len());
            (rest.as_bytes()[..end].to_vec(), &rest[end..])
        };
        words.push(word);
        rest = if behind.is_empty() { behind } else { behind.strip_prefix(' ')? };
    }
    Some(words)
}

/// What stands in `$'…'`, from behind the first quote on, and what follows the last one.
fn unescaped(text: &str) -> Option<(Vec<u8>, &str)> {
    let (mut word, mut at) = (Vec::new(), 0);
    loop {
        match text.as_bytes().get(at)? {
            b'\'' => return Some((word, &text[at + 1..])),
            b'\\' if text.as_bytes().get(at + 1) == Some(&b'x') => {
                word.push(u8::from_str_radix(text.get(at + 2..at + 4)?, 16).ok()?);
                at += 4;
            }
            b'\\' => {
                word.push(*text.as_bytes().get(at + 1)?);
                at += 2;
            }
            byte => {
                word.push(*byte);
                at += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_where_they_must_be() {
        let cases: [(&[u8], &str); 8] = [
            (b"tr", "tr"),
            (b"{}.old", "{}.old"),
            (b"", "''"),
            (b"a b", "'a b'"),
            (b"$1\\", r"'$1\'"),
            (b"it's", r"$'it\'s'"),
            (b"a\nb\\", r"$'a\x0ab\\'"),
            (b"\xff", r"$'\xff'"),
        ];
        for (word, want) in cases {
            assert_eq!(quoted(word), want);
        }
    }

    #[test]
    fn what_was_joined_can_be_split() {
        let every: Vec<u8> = (0..=255).collect();
        let words: [&[u8]; 7] =
            [b"sh", b"", b"a  b", b"it's", "größe\u{85}".as_bytes(), &every, b""];
        assert_eq!(split(&joined(words)).unwrap(), words);
        assert_eq!(split(""), Some(vec![]));
        for wrong in ["'a", "$'a", "'a'b", r"$'\", r"$'\x1'"] {
            assert_eq!(split(wrong), None, "{wrong}");
        }
    }
}
