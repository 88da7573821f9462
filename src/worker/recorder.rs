//! From printed results to records of them: each with its item, and with what only the worker knows.

use std::time::Instant;

use super::items::Items;
use crate::call::Outcomes;
use crate::value::record::{Record, RecordForm};
use crate::wire::{Batch, Line};

/// Makes records of one form.
pub(super) struct Recorder {
    form: RecordForm,
    worker: u32,
    pid: u32,
    /// What is printed of a block.
    printed: Outcomes,
    input: Vec<u8>,
}

impl Recorder {
    pub(super) fn new(form: RecordForm, worker: u32) -> Self {
        let pid = std::process::id();
        Self { form, worker, pid, printed: Outcomes::default(), input: Vec::new() }
    }

    /// Has `run` print the outcomes of the next `count` of `items`, which were started so often, and appends their records
    /// to `outcomes`. Each has an equal share of the time.
    pub(super) fn record(
        &mut self,
        items: &mut Items<'_>,
        count: u32,
        attempts: u32,
        outcomes: &mut Outcomes,
        run: impl FnOnce(&mut Items<'_>, &mut Outcomes),
    ) {
        let mut inputs = items.clone();
        let first = items.index as u64;
        let start = Instant::now();
        run(items, &mut self.printed);
        let time = start.elapsed() / count.max(1);
        for (index, line) in (first..).zip(Batch::new(self.printed.bytes()).lines()) {
            self.input.clear();
            inputs.next_text(&mut self.input);
            match line {
                Line::Result(result) => {
                    let (bytes, mut ended) = outcomes.lines();
                    let result = result.strip_suffix(b"\n").unwrap_or(result);
                    let record = Record {
                        index,
                        input: &self.input,
                        outcome: Ok(result),
                        attempts,
                        worker: self.worker,
                        pid: self.pid,
                        time: Some(time),
                    };
                    record.append_to(bytes, self.form);
                    ended(bytes.len());
                }
                // Who counts failures makes records of them, too.
                Line::Failure(message) => outcomes.fail_line(&String::from_utf8_lossy(message)),
                Line::Dropped => outcomes.drop_lines(1),
            }
        }
        self.printed.clear();
    }
}
