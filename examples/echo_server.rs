//! An upper-case echo over TCP, with a process for each connection.
//!
//!     cargo run --example echo_server                         on 127.0.0.1:7000, 16 connections at a time
//!     cargo run --example echo_server -- 127.0.0.1:0 4        on any free port, 4 at a time
//!     cargo run --example echo_client -- 127.0.0.1:7000 hello
//!
//! Whatever happens to one connection happens to its process alone. Those who come while all places are taken wait in
//! the system's queue until somebody leaves. Ctrl-C ends the server and everybody who serves.

use std::error::Error;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::id;

use pmap::Process;
use pmap::process::{Passed, wait_any};

/// Serves one connection, in a process of its own, until the other side has said everything. The number of lines.
fn serve(stream: Passed<TcpStream>) -> u64 {
    let stream = stream.into_inner();
    let mut lines = 0;
    match echo(&stream, &mut lines) {
        Ok(()) => eprintln!("pid {}: served {lines} lines", id()),
        // Somebody who hangs up in the middle of a line is nobody's fault.
        Err(error) => eprintln!("pid {}: gone after {lines} lines: {error}", id()),
    }
    lines
}

fn echo(stream: &TcpStream, lines: &mut u64) -> io::Result<()> {
    let mut answers = stream;
    for line in BufReader::new(stream).lines() {
        writeln!(answers, "{}", line?.to_uppercase())?;
        *lines += 1;
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    pmap::init();
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().unwrap_or_else(|| "127.0.0.1:7000".to_owned());
    let places: usize = arguments.next().map_or(Ok(16), |places| places.parse())?;

    let listener = TcpListener::bind(address)?;
    println!("listening on {}", listener.local_addr()?);

    let mut serving: Vec<Process<u64>> = Vec::new();
    loop {
        // Those who have ended need no care: the library has already waited for them.
        serving.retain(Process::is_alive);
        if serving.len() >= places.max(1) {
            wait_any(&serving, None);
            continue;
        }
        let stream = match listener.accept() {
            Ok((stream, _)) => stream,
            // Somebody has hung up before it was their turn.
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => continue,
            Err(error) => return Err(error.into()),
        };
        // The connection moves to the process. Where there can be none, it is closed, and the next one may have more
        // luck.
        match Process::builder().name("echo").spawn(serve, Passed::new(stream)) {
            Ok(process) => serving.push(process),
            Err(error) => eprintln!("{error}"),
        }
    }
}
