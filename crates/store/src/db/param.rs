//! Values going in.

use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use std::rc::Rc;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use uuid::Uuid;

type BoxError = Box<dyn std::error::Error + Sync + Send>;

/// A value that both databases store.
#[derive(Clone, Debug)]
pub(crate) enum Param {
    Null,
    Int(i64),
    Bool(bool),
    Text(String),
    Bytes(Vec<u8>),
    Id(Uuid),
    Ids(Vec<Uuid>),
    Blobs(Vec<Vec<u8>>),
}

/// A list of ids, for `in {ids $1}`.
pub(crate) fn ids(ids: impl IntoIterator<Item = Uuid>) -> Param {
    Param::Ids(ids.into_iter().collect())
}

/// A list of byte strings, for `in {blobs $1}`.
pub(crate) fn blobs(blobs: impl IntoIterator<Item = Vec<u8>>) -> Param {
    Param::Blobs(blobs.into_iter().collect())
}

macro_rules! from {
    ($($type:ty => $variant:expr;)*) => { $(
        impl From<$type> for Param {
            fn from(value: $type) -> Param {
                $variant(value)
            }
        }
    )* };
}
from! {
    i64 => Param::Int;
    bool => Param::Bool;
    String => Param::Text;
    Vec<u8> => Param::Bytes;
    Uuid => Param::Id;
    &str => |text: &str| Param::Text(text.to_owned());
    u64 => |n: u64| Param::Int(i64::try_from(n).unwrap_or(i64::MAX));
    u32 => |n: u32| Param::Int(i64::from(n));
}
impl<T: Into<Param>> From<Option<T>> for Param {
    fn from(value: Option<T>) -> Param {
        value.map_or(Param::Null, Into::into)
    }
}

fn array<'a>(values: Vec<Value>) -> ToSqlOutput<'a> {
    ToSqlOutput::from_rc(Rc::new(values), c"rarray")
}

impl rusqlite::ToSql for Param {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Param::Null => ToSqlOutput::Owned(Value::Null),
            Param::Int(n) => ToSqlOutput::Owned(Value::Integer(*n)),
            Param::Bool(b) => ToSqlOutput::Owned(Value::Integer(i64::from(*b))),
            Param::Text(t) => ToSqlOutput::Borrowed(ValueRef::Text(t.as_bytes())),
            Param::Bytes(b) => ToSqlOutput::Borrowed(ValueRef::Blob(b)),
            Param::Id(id) => ToSqlOutput::Borrowed(ValueRef::Blob(id.as_bytes())),
            Param::Ids(ids) => array(ids.iter().map(|id| Value::Blob(id.as_bytes().to_vec())).collect()),
            Param::Blobs(list) => array(list.iter().cloned().map(Value::Blob).collect()),
        })
    }
}

impl ToSql for Param {
    fn to_sql(&self, kind: &Type, out: &mut bytes::BytesMut) -> Result<IsNull, BoxError> {
        match self {
            Param::Null => Ok(IsNull::Yes),
            Param::Int(n) => n.to_sql(kind, out),
            Param::Bool(b) => b.to_sql(kind, out),
            Param::Text(t) => t.to_sql(kind, out),
            Param::Bytes(b) => b.to_sql(kind, out),
            Param::Id(id) => id.to_sql(kind, out),
            Param::Ids(ids) => ids.to_sql(kind, out),
            Param::Blobs(list) => list.to_sql(kind, out),
        }
    }
    fn accepts(_: &Type) -> bool {
        true
    }
    to_sql_checked!();
}
