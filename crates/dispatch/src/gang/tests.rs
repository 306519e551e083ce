//! Gangs: cases through the engine, a million random schedules of the protocol on a small model, and
//! random schedules through the whole engine. What must hold is checked from what is told, never from
//! the book itself.

mod cases;
mod million;
mod model;
mod oracle;
mod room;
mod schedules;
