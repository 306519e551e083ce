//! Reading server-sent events, as far as `/v1/stream` uses them.

use reqwest::Response;

use super::ApiError;
use crate::event::Event;

const PATH: &str = "/v1/stream";
/// The longest message: an event's JSON is a few kilobytes.
const MAX_MESSAGE_BYTES: usize = 1 << 20;

/// One message of the stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamItem {
    /// Give this as `last_event_id` to go on after it.
    pub id: String,
    /// The event.
    pub event: Event,
}

/// The stream. Drop it to hang up.
#[derive(Debug)]
pub struct EventStream {
    response: Response,
    buffer: Vec<u8>,
}

impl EventStream {
    pub(super) fn new(response: Response) -> Self {
        Self { response, buffer: Vec::new() }
    }

    /// The next event; `None` when the server ended the stream.
    pub async fn next(&mut self) -> Result<Option<StreamItem>, ApiError> {
        loop {
            while let Some(message) = take_message(&mut self.buffer) {
                if let Some(item) = parse_message(&message)? {
                    return Ok(Some(item));
                }
            }
            if self.buffer.len() > MAX_MESSAGE_BYTES {
                return Err(ApiError::TooLarge { path: PATH.to_owned(), limit: MAX_MESSAGE_BYTES });
            }
            match self.response.chunk().await.map_err(|source| ApiError::transport(PATH, source))? {
                Some(chunk) => self.buffer.extend_from_slice(&chunk),
                None => return Ok(None),
            }
        }
    }
}

/// Cuts one message, up to its empty line, off the front of the buffer.
fn take_message(buffer: &mut Vec<u8>) -> Option<String> {
    let end = buffer.windows(2).position(|pair| pair == b"\n\n")?;
    let message = String::from_utf8_lossy(&buffer[..end]).into_owned();
    buffer.drain(..end + 2);
    Some(message)
}

/// The item of a message; `None` for a comment, which only keeps the connection open.
fn parse_message(message: &str) -> Result<Option<StreamItem>, ApiError> {
    let (mut id, mut data) = (String::new(), String::new());
    for line in message.lines() {
        if let Some(value) = field(line, "id:") {
            id = value.to_owned();
        } else if let Some(value) = field(line, "data:") {
            if !data.is_empty() {
                data.push('\n');
            }
            data.push_str(value);
        }
    }
    if data.is_empty() {
        return Ok(None);
    }
    let event =
        serde_json::from_str(&data).map_err(|e| ApiError::Decode { path: PATH.to_owned(), reason: e.to_string() })?;
    Ok(Some(StreamItem { id, event }))
}

fn field<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let value = line.strip_prefix(name)?;
    Some(value.strip_prefix(' ').unwrap_or(value))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn messages_are_cut_at_empty_lines() {
        let mut buffer = b": hello\n\nid: 1\ndata: {}\n\nid: 2".to_vec();
        assert_eq!(take_message(&mut buffer).unwrap(), ": hello");
        assert_eq!(take_message(&mut buffer).unwrap(), "id: 1\ndata: {}");
        assert_eq!(take_message(&mut buffer), None);
        assert_eq!(buffer, b"id: 2");
    }

    #[test]
    fn a_comment_is_no_item_and_bad_data_is_an_error() {
        assert!(parse_message(": keep").unwrap().is_none());
        assert!(parse_message("id: 1\ndata: {}").is_err());
    }
}
