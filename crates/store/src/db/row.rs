//! Values coming out: tuples of columns.

use super::{Result, StoreError};
use uuid::Uuid;

/// A column's type on both databases.
pub(crate) trait Column: Sized {
    fn from_sqlite(row: &rusqlite::Row<'_>, at: usize) -> Result<Self>;
    fn from_postgres(row: &tokio_postgres::Row, at: usize) -> Result<Self>;
}

macro_rules! columns {
    ($($type:ty),*) => { $(
        impl Column for $type {
            fn from_sqlite(row: &rusqlite::Row<'_>, at: usize) -> Result<Self> {
                Ok(row.get(at)?)
            }
            fn from_postgres(row: &tokio_postgres::Row, at: usize) -> Result<Self> {
                Ok(row.try_get(at)?)
            }
        }
    )* };
}
columns!(
    i64,
    bool,
    String,
    Vec<u8>,
    Uuid,
    Option<i64>,
    Option<bool>,
    Option<String>,
    Option<Vec<u8>>,
    Option<Uuid>
);

impl Column for u64 {
    fn from_sqlite(row: &rusqlite::Row<'_>, at: usize) -> Result<Self> {
        unsigned(i64::from_sqlite(row, at)?)
    }
    fn from_postgres(row: &tokio_postgres::Row, at: usize) -> Result<Self> {
        unsigned(i64::from_postgres(row, at)?)
    }
}

fn unsigned(n: i64) -> Result<u64> {
    u64::try_from(n).map_err(|_| StoreError::Malformed("a negative number"))
}

/// A row that both databases can be read into.
pub(crate) trait Row: Sized + Send {
    fn from_sqlite(row: &rusqlite::Row<'_>) -> Result<Self>;
    fn from_postgres(row: &tokio_postgres::Row) -> Result<Self>;
}

macro_rules! rows {
    ($($name:ident $at:tt),+) => {
        impl<$($name: Column + Send),+> Row for ($($name,)+) {
            fn from_sqlite(row: &rusqlite::Row<'_>) -> Result<Self> {
                Ok(($($name::from_sqlite(row, $at)?,)+))
            }
            fn from_postgres(row: &tokio_postgres::Row) -> Result<Self> {
                Ok(($($name::from_postgres(row, $at)?,)+))
            }
        }
    };
}
rows!(A 0);
rows!(A 0, B 1);
rows!(A 0, B 1, C 2);
rows!(A 0, B 1, C 2, D 3);
rows!(A 0, B 1, C 2, D 3, E 4);
rows!(A 0, B 1, C 2, D 3, E 4, F 5);
rows!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
rows!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
rows!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8);
rows!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9);
rows!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10);
rows!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12, N 13, O 14, P 15, Q 16);
rows!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12, N 13, O 14, P 15, Q 16, R 17);
rows!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12, N 13, O 14, P 15, Q 16, R 17, S 18, T 19);
