//! One item without a supervisor, for a person or a debugger to look at.

use std::io::Seek;
use std::os::unix::process::CommandExt;

use super::command;
use super::evaluate::Evaluation;
use super::items::Items;
use super::lines::Lines;
use crate::call::Outcomes;
use crate::ids::{Index, Slot};
use crate::sys::sealed;
use crate::task::Recipe;
use crate::wire::{Command, Mishap, Stdin};

/// The outcome of one item, given as text, as a worker would commit it: run in the calling process, whatever that does to it.
#[must_use]
pub fn rehearse(recipe: &Recipe, index: Index, text: &[u8]) -> Vec<u8> {
    let mut outcomes = Outcomes::default();
    let mut items = Items::lines(index, text, "there is no item");
    Evaluation::new(recipe).run(&mut items, 1, &mut Lines(&mut outcomes));
    outcomes.bytes().to_vec()
}

/// Becomes the program of an item, as a worker would start it, but with what the caller has as standard input and output; only
/// a program that reads its item finds that on its standard input. Returns only if it cannot be started: why.
#[must_use]
pub fn become_program(command: &Command, index: Index, item: &[u8]) -> Mishap {
    let mut program = match command::prepare(command, item, index, Slot(0), 0) {
        Ok(program) => program,
        Err(mishap) => return mishap,
    };
    if command.stdin != Stdin::Empty {
        let input = sealed::seal(&[item, command.stdin.end()].concat());
        match input.and_then(|mut input| input.rewind().map(|()| input)) {
            Ok(input) => drop(program.stdin(input)),
            Err(error) => return Mishap::Failed(format!("its input cannot be made: {error}")),
        }
    }
    let error = program.exec();
    command::cannot_start(program.get_program(), &error)
}
