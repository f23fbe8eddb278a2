//! The only place that knows there are two databases.

mod conn;
mod error;
mod lanes;
mod migrate;
mod param;
mod postgres;
mod row;
mod sql;
mod sqlite;

pub(crate) use conn::{Conn, Db};
pub use error::StoreError;
pub use lanes::Lane;
pub(crate) use migrate::{DATA, SHELF, migrate};
pub(crate) use param::{Param, blobs, ids};
pub(crate) use row::Row;
pub(crate) use sql::{Sql, Statements};

pub(crate) type Result<T> = std::result::Result<T, StoreError>;
