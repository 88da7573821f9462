//! Descriptors as values: only their place among those that go with a message is written.

use std::cell::RefCell;
use std::fmt;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

thread_local! {
    /// Those that the value being written speaks of; `None` where none can go along.
    static OUTGOING: RefCell<Option<Vec<OwnedFd>>> = const { RefCell::new(None) };
    /// Those that came with the value being read, each until it is taken.
    static INCOMING: RefCell<Vec<Option<OwnedFd>>> = const { RefCell::new(Vec::new()) };
}

/// An open file, a socket, a pipe: anything that is a descriptor, as an argument or a result of a
/// [`Process`](crate::Process), which nothing else of its kind reaches.
///
/// What is sent is a second descriptor of the same open file; the first is closed when the argument is dropped, as
/// [`Process::spawn`](crate::Process::spawn) does with it.
///
/// ```
/// use std::io::{Read, Write};
/// use std::net::{TcpListener, TcpStream};
///
/// use pmap::Process;
/// use pmap::process::Passed;
///
/// fn greet(stream: Passed<TcpStream>) {
///     stream.into_inner().write_all(b"hello").unwrap();
/// }
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     pmap::init();
///     let listener = TcpListener::bind("127.0.0.1:0")?;
///     let mut client = TcpStream::connect(listener.local_addr()?)?;
///     let (stream, _) = listener.accept()?;
///     let process = Process::spawn(greet, Passed::new(stream))?;
///     let mut text = String::new();
///     client.read_to_string(&mut text)?; // ends, as nobody but the process has the other end
///     assert_eq!(text, "hello");
///     Ok(process.join()?)
/// }
/// ```
///
/// It can be written and read there only; by any other serializer it is refused.
pub struct Passed<T>(T);

impl<T> Passed<T> {
    /// Wraps a descriptor.
    pub fn new(descriptor: T) -> Self {
        Self(descriptor)
    }

    /// The descriptor.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T: fmt::Debug> fmt::Debug for Passed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Passed").field(&self.0).finish()
    }
}

impl<T: AsFd> AsFd for Passed<T> {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

impl<T: AsFd> Serialize for Passed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let place = OUTGOING.with_borrow_mut(|outgoing| {
            let outgoing = outgoing.as_mut().ok_or("a descriptor can only go to a Process")?;
            let second = self.0.as_fd().try_clone_to_owned().map_err(|_| "no descriptor left")?;
            outgoing.push(second);
            Ok(outgoing.len() - 1)
        });
        place.map_err(|error: &str| S::Error::custom(error))?.serialize(serializer)
    }
}

impl<'de, T: From<OwnedFd>> Deserialize<'de> for Passed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let place = usize::deserialize(deserializer)?;
        let taken = INCOMING.with_borrow_mut(|incoming| incoming.get_mut(place)?.take());
        taken.map(|fd| Self(fd.into())).ok_or_else(|| D::Error::custom("no such descriptor"))
    }
}

/// Runs `write`, within which [`Passed`] values can be written; the descriptors that have to go along.
pub(crate) fn with_outgoing<T>(write: impl FnOnce() -> T) -> (T, Vec<OwnedFd>) {
    let outer = OUTGOING.replace(Some(Vec::new()));
    let written = write();
    (written, OUTGOING.replace(outer).unwrap_or_default())
}

/// Runs `read`, within which [`Passed`] values can be read; what is not taken is closed.
pub(crate) fn with_incoming<T>(descriptors: Vec<OwnedFd>, read: impl FnOnce() -> T) -> T {
    let outer = INCOMING.replace(descriptors.into_iter().map(Some).collect());
    let value = read();
    INCOMING.set(outer);
    value
}
