//! A read transaction. Each noun's file adds what it reads.

use crate::db::Conn;

/// An open transaction, as far as reading goes.
pub struct Reading {
    pub(crate) conn: Conn,
}

impl std::fmt::Debug for Reading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reading(_)")
    }
}

impl Reading {
    pub(crate) const fn over(conn: Conn) -> Reading {
        Reading { conn }
    }
}
