//! What can be sent to a process and back.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::{AsFd, BorrowedFd};
use std::thread;
use std::time::Duration;

use pmap::Process;
use pmap::process::{Passed, SpawnError};
use serde::{Deserialize, Serialize};

use super::watched;

#[test]
fn a_result_may_be_an_error_of_its_own() {
    watched(|| {
        let parse = |text: String| text.parse::<i32>().map_err(|error| error.to_string());
        assert_eq!(Process::spawn(parse, "7".to_owned()).unwrap().join().unwrap(), Ok(7));
        assert!(Process::spawn(parse, "x".to_owned()).unwrap().join().unwrap().is_err());
    });
}

/// Refuses to be written if it is 1, and to be read if it is 2.
struct Moody(u8);

impl Serialize for Moody {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 == 1 {
            Err(serde::ser::Error::custom("no"))
        } else {
            self.0.serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Moody {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u8::deserialize(deserializer)? {
            2 => Err(serde::de::Error::custom("no")),
            other => Ok(Self(other)),
        }
    }
}

#[test]
fn what_cannot_be_sent_is_an_error() {
    watched(|| {
        assert!(matches!(Process::spawn(|_: Moody| (), Moody(1)), Err(SpawnError::Argument(_))));
        let unread = Process::spawn(|_: Moody| (), Moody(2)).unwrap();
        assert!(unread.join().unwrap_err().is_codec());
        let unwritten = Process::spawn(Moody, 1).unwrap();
        assert!(unwritten.join().err().unwrap().is_codec());
        let unreadable = Process::spawn(Moody, 2).unwrap();
        assert!(unreadable.join().err().unwrap().is_codec());
        assert_eq!(unreadable.exit_status().unwrap().code(), Some(0));
    });
}

/// The trap of `multiprocessing.Queue`: a child that waits for somebody to read its result, and a parent that waits for
/// its end.
#[test]
fn large_arguments_and_results_wait_for_nobody() {
    watched(|| {
        let text = "0123456789".repeat(10 << 20);
        let process = Process::spawn(|text: String| text + "!", text.clone()).unwrap();
        while process.is_alive() {
            thread::sleep(Duration::from_millis(1));
        }
        assert_eq!(process.exit_status().unwrap().code(), Some(0));
        assert!(process.join().unwrap() == text + "!");
    });
}

#[test]
fn a_descriptor_can_be_passed_both_ways() {
    watched(|| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (stream, _) = listener.accept().unwrap();
        let process = Process::spawn(
            |stream: Passed<TcpStream>| {
                let mut stream = stream.into_inner();
                stream.write_all(b"from the process").unwrap();
                Passed::new(stream)
            },
            Passed::new(stream),
        )
        .unwrap();
        let mut stream = process.join().unwrap().into_inner();
        stream.write_all(b", and back").unwrap();
        drop(stream);
        process.join().unwrap().into_inner().shutdown(std::net::Shutdown::Both).unwrap();
        drop(process);
        let mut text = String::new();
        client.read_to_string(&mut text).unwrap();
        assert_eq!(text, "from the process, and back");
    });
}

#[test]
fn only_a_process_can_be_passed_a_descriptor() {
    let file = fs::File::open("/dev/null").unwrap();
    assert!(postcard::to_stdvec(&Passed::new(file)).is_err());
    assert!(postcard::from_bytes::<Passed<fs::File>>(&[0]).is_err());
}

#[test]
fn too_many_descriptors_are_an_error() {
    watched(|| {
        let pass = |count: usize| {
            let files: Vec<_> =
                (0..count).map(|_| Passed::new(fs::File::open("/dev/null").unwrap())).collect();
            Process::spawn(|files: Vec<Passed<fs::File>>| files.len(), files)
        };
        // One of the 253 that go with a message is the argument.
        assert_eq!(pass(252).unwrap().join().unwrap(), 252);
        assert!(matches!(pass(253), Err(SpawnError::System(_))));
    });
}

/// A function gone mad: says something over the control socket, with a descriptor, and returns.
fn meddle((message, with_pipe): (Vec<u8>, bool)) -> u32 {
    let (read, _write) = rustix::pipe::pipe().unwrap();
    for entry in fs::read_dir("/proc/self/fd").unwrap() {
        let path = entry.unwrap().path();
        let is_socket =
            fs::read_link(&path).is_ok_and(|to| to.display().to_string().contains("socket:"));
        let number: i32 = path.file_name().unwrap().to_str().unwrap().parse().unwrap();
        if is_socket && number > 2 {
            #[expect(unsafe_code, reason = "a stray write needs no permission")]
            // SAFETY: it is open for as long as this process lives.
            let socket = unsafe { BorrowedFd::borrow_raw(number) };
            let descriptors = [read.as_fd()];
            let descriptors = if with_pipe { &descriptors[..] } else { &[] };
            pmap::sys::passing::send_now(socket, &message, descriptors).unwrap();
        }
    }
    7
}

#[test]
fn a_process_that_meddles_with_its_socket_harms_itself() {
    watched(|| {
        let done = pmap::wire::encode(&pmap::wire::Report::Done).unwrap();
        for (message, with_pipe) in [
            (vec![0xFF; 100], false),
            (vec![0; 100_000], false),
            (done.clone(), false),
            (done, true),
        ] {
            let process = Process::spawn(meddle, (message, with_pipe)).unwrap();
            assert!(process.join().is_err());
            assert_eq!(process.exit_status().unwrap().code(), Some(0));
        }
    });
}
