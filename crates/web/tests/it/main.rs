//! The patient's side, driven through the router over a real installation: SQLite in a temporary folder, unlocked by a
//! key. One binary; files follow the URLs, then what holds for every URL.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests and their helpers")]

mod api;
mod approvals;
mod builder;
mod catalog;
mod choices;
mod clinic;
mod contrast;
mod copy;
mod drafts;
mod entries;
mod every_answer;
mod home;
mod images;
mod join;
mod kept;
mod mailbox;
mod not_me;
mod pages;
mod reading;
mod records;
mod restricted;
mod staff;
mod texts;
mod trial;
mod unsubscribe;
mod why;
mod world;
