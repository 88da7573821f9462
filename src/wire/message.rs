//! The handshake: one message each way over the control socket, before the first lease.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{Encoding, Parting};
use crate::ids::{Generation, Slot};
use crate::shm::Layout;
use crate::sys::identity::Build;
use crate::task::{CommandSpec, Recipe, TaskSpec};
use crate::value::Cell;
use crate::value::record::RecordForm;

/// Version of everything in this module and of the segment's layout.
pub const PROTOCOL: u32 = 6;

/// The largest control message, in bytes: an argument of the largest size that the kernel passes on, and
/// something to spare.
pub const MAX_MESSAGE: usize = 144 << 10;

/// What either side sends, after the handshake, to one that said it sleeps. Its content says nothing.
pub const DOORBELL: [u8; 1] = [0];

/// From the supervisor, waiting in the socket when the worker starts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Welcome {
    /// [`PROTOCOL`].
    pub protocol: u32,
    /// The supervisor's program; the worker refuses to work for another.
    pub build: Build,
    /// The worker's place in the pool.
    pub slot: Slot,
    /// Which worker of that place it is.
    pub generation: Generation,
    /// The rings in the segment that was handed over.
    pub layout: Layout,
    /// How many times to look for work before sleeping. 0 where there are fewer cores than processes:
    /// who spins there keeps the one from running that it waits for.
    pub spins: u32,
    /// Whether every item must be claimed and committed by itself: where items are timed, the time of one must
    /// not be counted against another; where none may run twice, a death must not take finished ones along.
    pub one_by_one: bool,
    /// What the worker may use up.
    pub bounds: Bounds,
    /// How many of the descriptors that come along, from the first one on, are plugins to be loaded. Behind them there
    /// may be the file of which leases name parts.
    pub plugins: u32,
    /// What the items of leases are instead of lines of text.
    pub cells: Option<Cell>,
    /// How results are told, if not as they are printed.
    pub records: Option<RecordForm>,
    /// What to do to each item.
    pub work: Work,
}

/// What a worker may use up. It sets these limits itself, before it says that it is ready.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounds {
    /// Bytes of private memory.
    pub memory: Option<u64>,
    /// Seconds of processor time for each item, which then must be claimed by itself.
    pub item_seconds: Option<u64>,
    /// How much it makes way for others, 0 to 19.
    pub niceness: u8,
    /// Whether it, and all that it starts, may only read and compute.
    pub sandbox: bool,
}

/// What a worker is for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Work {
    /// Expressions, the same for all items, whose outcomes are lines, or, if they are reduced, partial results, or
    /// binary numbers, if those are asked for.
    Expression(Box<Recipe>),
    /// Programs, whose outcomes are packets.
    Command(Box<Command>),
    /// Functions, which the leases name; their outcomes are packets.
    Functions {
        /// How many workers are above this one: 0 if it is the worker of a program that is none itself.
        depth: u32,
    },
}

impl Work {
    /// The form of its outcomes.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        match self {
            Self::Expression(recipe) if recipe.reduction.is_some() => Encoding::Partials,
            Self::Expression(recipe) if recipe.cells.is_some() => {
                Encoding::Cells { may_drop: recipe.filter.is_some() }
            }
            Self::Expression(_) => Encoding::Lines,
            Self::Command(_) | Self::Functions { .. } => Encoding::Packets,
        }
    }

    /// Whether workers keep a program each, which gets all of their items.
    #[must_use]
    pub fn is_coprocess(&self) -> bool {
        matches!(self, Self::Command(command) if command.is_coprocess())
    }
}

/// A program that is started for each item, or once for all items of a worker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    /// Its words.
    pub spec: CommandSpec,
    /// What stands behind each item in the text of leases.
    pub separator: u8,
    /// What it finds on its standard input.
    pub stdin: Stdin,
    /// Whether every line that it writes gets the item and a tab before it.
    pub tags: bool,
}

impl Command {
    /// Whether one program gets all items of its worker, instead of one each.
    #[must_use]
    pub fn is_coprocess(&self) -> bool {
        matches!(self.stdin, Stdin::Items(_))
    }
}

/// What a program finds on its standard input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stdin {
    /// Nothing.
    Empty,
    /// The item and a newline.
    Line,
    /// The item.
    Item,
    /// One item after the other, each with this byte behind it, as is what it answers.
    Items(u8),
}

impl Stdin {
    /// What follows an item there.
    #[must_use]
    pub fn end(&self) -> &[u8] {
        match self {
            Self::Empty | Self::Item => b"",
            Self::Line => b"\n",
            Self::Items(end) => std::slice::from_ref(end),
        }
    }
}

impl From<Command> for Work {
    fn from(command: Command) -> Self {
        Self::Command(Box::new(command))
    }
}

impl From<Recipe> for Work {
    fn from(recipe: Recipe) -> Self {
        Self::Expression(Box::new(recipe))
    }
}

impl From<TaskSpec> for Work {
    fn from(task: TaskSpec) -> Self {
        Recipe::from(task).into()
    }
}

/// The worker's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum FromWorker {
    /// It has mapped the segment and waits for leases.
    Ready {
        /// [`PROTOCOL`], as the worker knows it.
        protocol: u32,
        /// Its process id.
        pid: u32,
    },
    /// It cannot work, and why.
    Refused(String),
    /// The program that is to answer its items has begun with the first of them: until now, it was starting.
    Begun,
    /// It ends, since that program has.
    Parting(Parting),
}

/// A control message that does not hold what it should.
#[derive(Debug, thiserror::Error)]
#[error("malformed control message")]
pub struct MessageError(#[from] postcard::Error);

/// A message's bytes.
///
/// # Errors
/// It cannot be serialised.
pub fn encode<M: Serialize>(message: &M) -> Result<Vec<u8>, MessageError> {
    Ok(postcard::to_stdvec(message)?)
}

/// A message from its bytes, all of them.
///
/// # Errors
/// The bytes are no such message.
pub fn decode<M: DeserializeOwned>(bytes: &[u8]) -> Result<M, MessageError> {
    match postcard::take_from_bytes(bytes)? {
        (message, []) => Ok(message),
        _ => Err(MessageError(postcard::Error::DeserializeBadEncoding)),
    }
}
