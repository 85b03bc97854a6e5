//! What the command reads: never much more than is allowed, however much there is.

use std::ffi::OsString;
use std::io::{self, BufRead, Read};
use std::str;

/// What is read beyond a limit: enough for a line break, and for a whole character, so that the text
/// is seen to be too long.
const BEYOND: usize = 8;

/// The arguments, joined by spaces, or standard input where there are none. What is longer than
/// the limit is cut, still beyond it.
pub(crate) fn read(words: &[OsString], limit: usize) -> io::Result<Vec<u8>> {
    if words.is_empty() {
        let mut bytes = Vec::new();
        io::stdin().lock().take(most(limit)).read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    let words: Vec<&[u8]> = words.iter().map(|word| word.as_encoded_bytes()).collect();
    Ok(words.join(&b' '))
}

/// Reads the next line, without its break; one longer than the limit is cut, still beyond it.
/// Gives whether there was one.
pub(crate) fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>, limit: usize) -> io::Result<bool> {
    line.clear();
    if input.by_ref().take(most(limit)).read_until(b'\n', line)? == 0 {
        return Ok(false);
    }
    if line.pop_if(|last| *last == b'\n').is_some() {
        line.pop_if(|last| *last == b'\r');
    } else {
        input.skip_until(b'\n')?;
    }
    Ok(true)
}

fn most(limit: usize) -> u64 {
    limit.saturating_add(BEYOND) as u64
}

/// The bytes as text, which may have been cut within a character.
pub(crate) fn text(bytes: &[u8], limit: usize) -> Result<&str, String> {
    str::from_utf8(bytes).or_else(|error| {
        let place = error.valid_up_to();
        let valid = bytes.get(..place).and_then(|valid| str::from_utf8(valid).ok());
        valid
            .filter(|_| place > limit)
            .ok_or_else(|| format!("the input is not UTF-8: byte {place} does not belong there"))
    })
}
