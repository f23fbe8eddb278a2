//! Segments: the library, one segment with its versions, why a patient is in it, and the builder.

pub(crate) mod act;
pub(crate) mod builder;
pub(crate) mod library;
pub(crate) mod one;
pub(crate) mod row;
mod rows;
mod tree;
pub(crate) mod why;
