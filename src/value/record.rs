//! Results as records: lines that hold, beside a result, what it belongs to. Made by workers of results, and by the
//! supervisor of failures, if the form has records of those.
//!
//! There is no line of names above the records of [`RecordForm::Tsv`]: so what two runs have written, or one that went on
//! with another, can be put together, and sorted and cut by tools that know no such line.

use std::io::Write as _;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How a record is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RecordForm {
    /// Values with tabs between them: index, input, result, error, attempts, worker, process id, seconds. What there is not
    /// is empty. In the input and the error, `\t`, `\n`, `\r`, `\0` and `\\` stand for a tab, a newline, a carriage
    /// return, a NUL and a backslash.
    Tsv,
    /// A JSON object. The input is a string, since it came as text; bytes that are no UTF-8 are replaced. Integers have all
    /// of their digits, lists and tuples are arrays, and what JSON has no numbers for is `"inf"`, `"-inf"` or `"nan"`.
    JsonLines,
    /// The input, a tab, and the result. The input is written as in [`RecordForm::Tsv`]. What is said in place of a
    /// result that there is not stands where it would be.
    Tagged,
}

impl RecordForm {
    /// Whether items that fail have records that say why.
    #[must_use]
    pub fn tells_failures(self) -> bool {
        self != Self::Tagged
    }
}

/// An item, and what became of it.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// The item's index, from 0.
    pub index: u64,
    /// Its text.
    pub input: &'a [u8],
    /// Its result as it is printed, or why it has none.
    pub outcome: Result<&'a [u8], &'a str>,
    /// How often it was started.
    pub attempts: u32,
    /// The place in the pool of the worker that had it last.
    pub worker: u32,
    /// That worker's process id.
    pub pid: u32,
    /// The time that it took, if anybody knows.
    pub time: Option<Duration>,
}

impl Record<'_> {
    /// Appends the record and a newline.
    ///
    /// ```
    /// use pmap::value::record::{Record, RecordForm};
    /// let (input, outcome) = (&b"1e3"[..], Ok(&b"(1, inf)"[..]));
    /// let record = Record { index: 7, input, outcome, attempts: 1, worker: 0, pid: 42, time: None };
    /// let mut line = Vec::new();
    /// record.append_to(&mut line, RecordForm::JsonLines);
    /// let json = r#"{"index":7,"input":"1e3","result":[1, "inf"],"attempts":1,"worker":0,"pid":42,"seconds":null}"#;
    /// assert_eq!(line, format!("{json}\n").into_bytes());
    /// ```
    pub fn append_to(&self, out: &mut Vec<u8>, form: RecordForm) {
        match form {
            RecordForm::Tsv => self.append_tsv(out),
            RecordForm::JsonLines => self.append_json(out),
            RecordForm::Tagged => {
                escape_tsv(self.input, out);
                out.push(b'\t');
                out.extend_from_slice(self.outcome.unwrap_or_else(str::as_bytes));
            }
        }
        out.push(b'\n');
    }

    fn append_tsv(&self, out: &mut Vec<u8>) {
        int(self.index, out);
        out.push(b'\t');
        escape_tsv(self.input, out);
        out.push(b'\t');
        match self.outcome {
            Ok(result) => {
                out.extend_from_slice(result);
                out.push(b'\t');
            }
            Err(error) => {
                out.push(b'\t');
                escape_tsv(error.as_bytes(), out);
            }
        }
        for number in [self.attempts, self.worker, self.pid] {
            out.push(b'\t');
            int(number, out);
        }
        out.push(b'\t');
        if let Some(time) = self.time {
            seconds(time, out);
        }
    }

    fn append_json(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"index\":");
        int(self.index, out);
        out.extend_from_slice(b",\"input\":");
        json_string(&String::from_utf8_lossy(self.input), out);
        match self.outcome {
            Ok(result) => {
                out.extend_from_slice(b",\"result\":");
                json_value(result, out);
            }
            Err(error) => {
                out.extend_from_slice(b",\"error\":");
                json_string(error, out);
            }
        }
        let numbers = [(",\"attempts\":", self.attempts), (",\"worker\":", self.worker)];
        for (name, number) in numbers.into_iter().chain([(",\"pid\":", self.pid)]) {
            out.extend_from_slice(name.as_bytes());
            int(number, out);
        }
        out.extend_from_slice(b",\"seconds\":");
        match self.time {
            Some(time) => seconds(time, out),
            None => out.extend_from_slice(b"null"),
        }
        out.push(b'}');
    }
}

fn int(number: impl itoa::Integer, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

/// Seconds with nine decimals: a block's items share its time, and may have some nanoseconds each.
fn seconds(time: Duration, out: &mut Vec<u8>) {
    // Memory can be written.
    let _ = write!(out, "{}.{:09}", time.as_secs(), time.subsec_nanos());
}

fn escape_tsv(text: &[u8], out: &mut Vec<u8>) {
    for byte in text {
        let escape = match byte {
            b'\t' => b't',
            b'\n' => b'n',
            b'\r' => b'r',
            0 => b'0',
            b'\\' => b'\\',
            byte => {
                out.push(*byte);
                continue;
            }
        };
        out.extend_from_slice(&[b'\\', escape]);
    }
}

fn json_string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            0..0x20 => {
                // Memory can be written.
                let _ = write!(out, "\\u{byte:04x}");
            }
            byte => out.push(byte),
        }
    }
    out.push(b'"');
}

/// Appends what Python prints of a number, a tuple or a list as JSON has it.
fn json_value(printed: &[u8], out: &mut Vec<u8>) {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
    let mut rest = printed;
    while let Some(first) = rest.first() {
        let length = rest.iter().take_while(|byte| is_word(byte)).count().max(1);
        let (word, behind) = rest.split_at(length);
        rest = behind;
        match word {
            b"True" => out.extend_from_slice(b"true"),
            b"False" => out.extend_from_slice(b"false"),
            b"inf" | b"-inf" | b"nan" => {
                out.push(b'"');
                out.extend_from_slice(word);
                out.push(b'"');
            }
            _ if *first == b'(' => out.push(b'['),
            _ if *first == b')' => out.push(b']'),
            _ => out.extend_from_slice(word),
        }
    }
}

#[cfg(test)]
mod tests;
