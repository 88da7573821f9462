//! Talks to `echo_server`: says each of its arguments, or else each line of its input, and prints the answers.
//!
//!     cargo run --example echo_client -- 127.0.0.1:7000 hello "how are you"
//!     ls | cargo run --example echo_client -- 127.0.0.1:7000
//!
//! There is nothing of pmap in here: a server of processes is one like any other.

use std::error::Error;
use std::io::{self, BufRead, BufReader, Write};
use std::net::TcpStream;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1).peekable();
    let address = arguments.next().ok_or("usage: echo_client ADDRESS [TEXT]...")?;
    let texts: Box<dyn Iterator<Item = io::Result<String>>> = if arguments.peek().is_some() {
        Box::new(arguments.map(Ok))
    } else {
        Box::new(io::stdin().lines())
    };

    let stream = TcpStream::connect(address)?;
    let (mut questions, mut answers) = (&stream, BufReader::new(&stream).lines());
    for text in texts {
        writeln!(questions, "{}", text?)?;
        println!("{}", answers.next().ok_or("the server has hung up")??);
    }
    Ok(())
}
