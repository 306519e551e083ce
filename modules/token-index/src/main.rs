//! The shard command: reads the shard on standard input, writes its encoded index on standard output.
//!
//! Built for wasm32-wasip1 this is what providers run. It takes no arguments, opens no files and reads no clock.
#![forbid(unsafe_code)]

use std::io::{self, Read as _, Write as _};

use token_index::Index;

fn main() -> io::Result<()> {
    let mut shard = Vec::new();
    io::stdin().lock().read_to_end(&mut shard)?;
    io::stdout().lock().write_all(&Index::of(&shard).encode())
}
