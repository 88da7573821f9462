//! Items in messages.

/// How much of an item is quoted in a message, in characters.
const QUOTED: usize = 60;

/// An item's text for a message: without control bytes, and not too long.
pub(super) fn quote(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(&text[..text.len().min(4 * QUOTED)]);
    let mut quoted: String = text.chars().take(QUOTED).flat_map(char::escape_debug).collect();
    if text.chars().nth(QUOTED).is_some() {
        quoted.push('…');
    }
    quoted
}
