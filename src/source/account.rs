//! What was read: kept account of, and compared with what an earlier run has read before anything is done with it.

use std::collections::VecDeque;
use std::io;

use super::Form;
use crate::digest::{Digest, Fingerprint};

/// The input is not the one that the earlier run has read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the input is not the one that the journal tells of: it differs within its first {0} bytes"
)]
pub struct OtherInput(pub u64);

/// An account of what was read.
pub(super) struct Account {
    /// What an earlier run has read from time to time, as far as that was not read again.
    expected: VecDeque<Fingerprint>,
    /// What was read and not yet found to be as expected.
    withheld: Vec<u8>,
    digest: Digest,
    /// The same, up to the end of the last item.
    lines: Fingerprint,
    form: Form,
}

impl Account {
    pub(super) fn new(expected: Vec<Fingerprint>, form: Form) -> Self {
        let digest = Digest::default();
        let lines = digest.fingerprint();
        Self { expected: expected.into(), withheld: Vec::new(), digest, lines, form }
    }

    /// What was read up to the end of the last line that was let pass; all of it, once it has ended.
    pub(super) fn lines(&self) -> Fingerprint {
        self.lines
    }

    /// How many bytes were read that were not let pass yet.
    pub(super) fn withheld(&self) -> usize {
        self.withheld.len()
    }

    /// Takes what was read, `text[from..]`, and leaves of it, and of what was withheld before, what is as expected.
    pub(super) fn pass(&mut self, text: &mut Vec<u8>, from: usize) -> Result<(), OtherInput> {
        if self.expected.is_empty() {
            self.count(&text[from..]);
            return Ok(());
        }
        self.withheld.extend_from_slice(&text[from..]);
        text.truncate(from);
        while let Some(expected) = self.expected.front() {
            let missing = expected.bytes.saturating_sub(self.digest.bytes());
            let missing = usize::try_from(missing).unwrap_or(usize::MAX);
            let Some(known) = self.withheld.get(..missing) else { return Ok(()) };
            let mut digest = self.digest.clone();
            digest.update(known);
            if digest.fingerprint() != *expected {
                return Err(OtherInput(expected.bytes));
            }
            text.extend_from_slice(known);
            self.withheld.drain(..missing);
            (self.digest, self.lines) = (digest, *expected);
            self.expected.pop_front();
        }
        let rest = std::mem::take(&mut self.withheld);
        self.count(&rest);
        text.extend_from_slice(&rest);
        Ok(())
    }

    /// The input has ended.
    pub(super) fn end(&mut self) -> Result<(), OtherInput> {
        if let Some(expected) = self.expected.back() {
            return Err(OtherInput(expected.bytes));
        }
        self.lines = self.digest.fingerprint();
        Ok(())
    }

    fn count(&mut self, bytes: &[u8]) {
        let end = self.form.last_end(self.digest.bytes(), bytes).unwrap_or(0);
        self.digest.update(&bytes[..end]);
        if end > 0 {
            self.lines = self.digest.fingerprint();
        }
        self.digest.update(&bytes[end..]);
    }
}

impl From<OtherInput> for io::Error {
    fn from(error: OtherInput) -> Self {
        Self::new(io::ErrorKind::InvalidData, error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What passes of `parts`, read one after the other.
    fn pass(account: &mut Account, parts: &[&[u8]]) -> Result<Vec<u8>, OtherInput> {
        let mut all = Vec::new();
        for part in parts {
            let mut text = b"carried".to_vec();
            text.extend_from_slice(part);
            account.pass(&mut text, 7)?;
            all.extend_from_slice(text.strip_prefix(b"carried").unwrap());
        }
        account.end()?;
        Ok(all)
    }

    #[test]
    fn the_same_input_passes_however_it_is_cut() {
        let input = b"1\n22\n333\n4444\n5";
        let mut prints = Vec::new();
        let mut first = Account::new(Vec::new(), Form::Lines);
        for part in input.chunks(3) {
            first.pass(&mut part.to_vec(), 0).unwrap();
            prints.push(first.lines());
        }
        first.end().unwrap();
        prints.push(first.lines());
        prints.dedup();
        for size in 1..input.len() {
            let parts: Vec<_> = input.chunks(size).collect();
            let mut again = Account::new(prints.clone(), Form::Lines);
            assert_eq!(pass(&mut again, &parts).unwrap(), input);
            assert_eq!(again.lines(), first.lines());
        }
    }

    #[test]
    fn nothing_passes_of_what_differs() {
        let mut first = Account::new(Vec::new(), Form::Lines);
        first.pass(&mut b"1\n2\n3\n".to_vec(), 0).unwrap();
        let print = first.lines();
        for other in [&b"1\n5\n3\n4\n"[..], b"1\n2\n", b"", b"1\n2\n3 "] {
            let mut account = Account::new(vec![print], Form::Lines);
            let mut text = other.to_vec();
            let passed = account.pass(&mut text, 0).and_then(|()| account.end());
            assert_eq!(passed, Err(OtherInput(6)));
            assert!(text.is_empty(), "{other:?}");
        }
        let mut longer = Account::new(vec![print], Form::Lines);
        assert_eq!(pass(&mut longer, &[b"1\n2\n3\n4\n"]).unwrap(), b"1\n2\n3\n4\n");
    }
}
