//! What travels as JSON: one text for a value, and other text is that value, another one, or refused.

use super::draw::Draw;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;

/// Sends a value with something in its text changed. What is read is written and read again alike; `None` if the
/// text is refused.
pub fn garbled<T: Serialize + DeserializeOwned + PartialEq + Debug>(draw: &mut Draw<'_>, value: &T) -> Option<T> {
    let mut text = serde_json::to_vec(value).expect("it is made of texts and numbers");
    assert_eq!(serde_json::from_slice::<T>(&text).expect("it was just written"), *value);
    draw.mutate(&mut text);
    let read: T = serde_json::from_slice(&text).ok()?;
    let again = serde_json::to_vec(&read).expect("it is made of texts and numbers");
    assert_eq!(serde_json::from_slice::<T>(&again).expect("it was just written"), read);
    Some(read)
}
