//! What runs in the process: a function and its one argument.

use crate::call::{Captured, CodecError, Function, Items, Outcomes, Program, Value, caught, put};
use crate::wire::Fault;

/// Work as a value: what it needs are its fields, and what it does is [`Task::run`]. The other way to say
/// what a process should do, as `multiprocessing` has it for a class with a method `run`.
///
/// ```
/// use pmap::Process;
/// use pmap::process::Task;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize)]
/// struct Shout {
///     text: String,
/// }
///
/// impl Task for Shout {
///     type Output = String;
///
///     fn run(self) -> String {
///         self.text.to_uppercase()
///     }
/// }
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     pmap::init();
///     let process = Process::start(Shout { text: "hello".into() })?;
///     assert_eq!(process.join()?, "HELLO");
///     Ok(())
/// }
/// ```
pub trait Task: Value {
    /// What comes out.
    type Output: Value;

    /// Does it, in the process.
    fn run(self) -> Self::Output;
}

/// A function with the argument that it will be called with.
struct Once<F, A> {
    function: Function<F>,
    argument: Option<A>,
}

/// Makes it ready: an [`Entry`](crate::call::Entry).
pub(super) fn entry<F, A, R>(mut captured: Captured<'_>) -> Result<Box<dyn Program>, Fault>
where
    F: Fn(A) -> R + 'static,
    A: Value,
    R: Value,
{
    let function = captured.function::<F>().map_err(unsendable)?;
    let argument = Some(captured.value::<A>().map_err(unsendable)?);
    Ok(Box::new(Once { function, argument }))
}

fn unsendable(error: CodecError) -> Fault {
    Fault::Codec(error.to_string())
}

impl<F, A, R> Program for Once<F, A>
where
    F: Fn(A) -> R + 'static,
    A: Value,
    R: Value,
{
    fn run(&mut self, _: &mut Items<'_>, _: u32, outcomes: &mut Outcomes) {
        let Some(argument) = self.argument.take() else { return };
        let packet = outcomes.begin();
        let written = caught(|| {
            let result = self.function.get()(argument);
            put(&result, outcomes.values()).map_err(unsendable)
        });
        match written.and_then(|written| written) {
            Ok(()) => outcomes.end(packet, 1),
            Err(fault) => {
                outcomes.abandon(packet);
                outcomes.fail(&fault);
            }
        }
    }
}
