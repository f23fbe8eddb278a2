//! One connection with an open transaction, on either database.

use super::postgres::{self, PostgresConn};
use super::sqlite::{File, SqliteConn};
use super::{Lane, Param, Result, Row, Sql, Statements};
use deadpool_postgres::Pool;
use futures_util::future::try_join_all;
use std::path::Path;
use std::sync::Arc;

/// A database.
#[derive(Clone)]
pub(crate) enum Db {
    Sqlite(Arc<File>),
    Postgres(Pool),
}

/// An open transaction. Dropped, it never was.
pub(crate) enum Conn {
    Sqlite(SqliteConn),
    Postgres(PostgresConn),
}

impl Db {
    pub(crate) fn sqlite(path: &Path, erasing: bool) -> Result<Db> {
        File::open(path, erasing).map(Db::Sqlite)
    }
    pub(crate) async fn postgres(url: &str) -> Result<Db> {
        postgres::open(url).await.map(Db::Postgres)
    }
    pub(crate) async fn write(&self, lane: Lane) -> Result<Conn> {
        match self {
            Db::Sqlite(file) => file.write(lane).await.map(Conn::Sqlite),
            Db::Postgres(pool) => PostgresConn::begin(pool, "begin").await.map(Conn::Postgres),
        }
    }
    /// A read transaction that sees one state of the database throughout.
    pub(crate) async fn read(&self) -> Result<Conn> {
        match self {
            Db::Sqlite(file) => file.read().map(Conn::Sqlite),
            Db::Postgres(pool) => {
                let how = "begin isolation level repeatable read read only";
                PostgresConn::begin(pool, how).await.map(Conn::Postgres)
            }
        }
    }
}

impl Conn {
    /// Runs a statement and reads all its rows.
    pub(crate) async fn all<R: Row>(&mut self, name: &'static str, params: &[Param]) -> Result<Vec<R>> {
        let sql = Statements::get(name);
        match self {
            Conn::Sqlite(held) => sqlite_all(held, sql, params),
            Conn::Postgres(held) => {
                let client = held.client()?;
                let statement = client.prepare_cached(&sql.postgres).await?;
                let rows = client.query(&statement, &refs(params)).await?;
                rows.iter().map(R::from_postgres).collect()
            }
        }
    }
    /// Runs a statement and reads its first row, if there is one.
    pub(crate) async fn first<R: Row>(&mut self, name: &'static str, params: &[Param]) -> Result<Option<R>> {
        Ok(self.all(name, params).await?.into_iter().next())
    }
    /// Runs a statement; returns how many rows it changed.
    pub(crate) async fn run(&mut self, name: &'static str, params: &[Param]) -> Result<u64> {
        let sql = Statements::get(name);
        match self {
            Conn::Sqlite(held) => sqlite_run(held, sql, params),
            Conn::Postgres(held) => {
                let client = held.client()?;
                let statement = client.prepare_cached(&sql.postgres).await?;
                Ok(client.execute(&statement, &refs(params)).await?)
            }
        }
    }
    /// Runs a statement once for each list of parameters, in order; PostgreSQL gets them all at once. Returns how many
    /// rows each changed.
    pub(crate) async fn run_each(&mut self, name: &'static str, each: &[Vec<Param>]) -> Result<Vec<u64>> {
        let sql = Statements::get(name);
        match self {
            Conn::Sqlite(held) => each.iter().map(|params| sqlite_run(held, sql, params)).collect(),
            Conn::Postgres(_) if each.is_empty() => Ok(Vec::new()),
            Conn::Postgres(held) => {
                let client = held.client()?;
                let statement = &client.prepare_cached(&sql.postgres).await?;
                let runs =
                    each.iter().map(|params| async move { client.execute(statement, &refs(params)).await });
                Ok(try_join_all(runs).await?)
            }
        }
    }
    pub(crate) async fn commit(self) -> Result<()> {
        match self {
            Conn::Sqlite(held) => held.commit(),
            Conn::Postgres(held) => held.commit().await,
        }
    }
    /// Runs statements of the schema.
    pub(super) async fn script(&mut self, sqlite: &str, postgres: &str) -> Result<()> {
        match self {
            Conn::Sqlite(held) => Ok(held.conn()?.execute_batch(sqlite)?),
            Conn::Postgres(held) => Ok(held.client()?.batch_execute(postgres).await?),
        }
    }
}

fn refs(params: &[Param]) -> Vec<&(dyn tokio_postgres::types::ToSql + Sync)> {
    params.iter().map(|p| p as _).collect()
}

fn sqlite_all<R: Row>(held: &SqliteConn, sql: &Sql, params: &[Param]) -> Result<Vec<R>> {
    let mut statement = held.conn()?.prepare_cached(&sql.sqlite)?;
    let mut rows = statement.query(rusqlite::params_from_iter(params))?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        out.push(R::from_sqlite(row)?);
    }
    Ok(out)
}

fn sqlite_run(held: &SqliteConn, sql: &Sql, params: &[Param]) -> Result<u64> {
    let changed = held.conn()?.prepare_cached(&sql.sqlite)?.execute(rusqlite::params_from_iter(params))?;
    Ok(changed as u64)
}
