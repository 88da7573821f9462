//! Outcomes as lines: what is printed, as it stands.

use super::evaluate::Sink;
use crate::call::Outcomes;
use crate::task::Lanes;
use crate::value::{Value, format};

/// A line an item.
pub(super) struct Lines<'a>(pub(super) &'a mut Outcomes);

impl Sink for Lines<'_> {
    fn minds_places(&self) -> bool {
        true
    }

    fn results(&mut self, results: Lanes<'_>) {
        let (bytes, mut end_line) = self.0.lines();
        match results {
            Lanes::Ints(results) => format::int_lines(results, bytes, end_line),
            Lanes::Bools(results) => {
                for result in results {
                    bytes.extend_from_slice(if *result != 0 { b"True\n" } else { b"False\n" });
                    end_line(bytes.len());
                }
            }
            Lanes::Floats(results) => {
                for result in results {
                    format::float(*result, bytes);
                    bytes.push(b'\n');
                    end_line(bytes.len());
                }
            }
        }
    }

    fn result(&mut self, result: &Value) {
        let (bytes, mut end_line) = self.0.lines();
        result.format(bytes);
        bytes.push(b'\n');
        end_line(bytes.len());
    }

    fn failed(&mut self, why: &str) {
        self.0.fail_line(why);
    }

    fn dropped(&mut self, items: u32) {
        self.0.drop_lines(items);
    }
}
