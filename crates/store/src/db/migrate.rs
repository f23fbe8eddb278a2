//! The schema: numbered files, forward only. A database that is newer than the program is refused.

use super::{Conn, Db, Lane, Result, StoreError};

/// The data's migrations, in order.
pub(crate) const DATA: &[&str] = &[
    include_str!("../../migrations/data/0001_start.sql"),
    include_str!("../../migrations/data/0002_web.sql"),
    include_str!("../../migrations/data/0003_schedule.sql"),
    include_str!("../../migrations/data/0004_patient_pages.sql"),
    include_str!("../../migrations/data/0005_staff.sql"),
    include_str!("../../migrations/data/0006_imports.sql"),
    include_str!("../../migrations/data/0007_api.sql"),
];
/// The key shelf's migrations, in order.
pub(crate) const SHELF: &[&str] = &[include_str!("../../migrations/shelf/0001_start.sql")];

/// Serializes migrations of several processes on PostgreSQL.
const ADVISORY_LOCK: &str = "select pg_advisory_xact_lock(4242104)";

/// Brings the database to the newest version, in one transaction.
pub(crate) async fn migrate(db: &Db, migrations: &[&str]) -> Result<()> {
    let mut conn = db.write(Lane::Receipt).await?;
    conn.script("", ADVISORY_LOCK).await?;
    let table = "create table if not exists schema_version (one bigint primary key check (one = 1), version bigint not null)";
    conn.script(&for_sqlite(table), table).await?;
    let found = version(&mut conn).await?;
    let known = i64::try_from(migrations.len()).unwrap_or(i64::MAX);
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    for text in migrations.iter().skip(usize::try_from(found).unwrap_or(0)) {
        conn.script(&for_sqlite(text), text).await?;
    }
    if found < known {
        let set = format!(
            "insert into schema_version (one, version) values (1, {known}) on conflict (one) do update set version = {known}"
        );
        conn.script(&set, &set).await?;
    }
    conn.commit().await
}

async fn version(conn: &mut Conn) -> Result<i64> {
    let row: Option<(i64,)> = match conn {
        Conn::Sqlite(held) => {
            let mut statement = held.conn()?.prepare("select version from schema_version")?;
            let mut rows = statement.query([])?;
            match rows.next()? {
                Some(row) => Some((row.get(0)?,)),
                None => None,
            }
        }
        Conn::Postgres(held) => {
            let row = held.client()?.query_opt("select version from schema_version", &[]).await?;
            row.map(|r| r.try_get(0).map(|v| (v,))).transpose()?
        }
    };
    Ok(row.map_or(0, |(version,)| version))
}

/// SQLite's reading of the one text: its own type names, and tables that hold to them.
fn for_sqlite(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let plain: String =
        text.lines().map(|l| l.split_once("--").map_or(l, |(code, _)| code)).collect::<Vec<_>>().join("\n");
    for statement in plain.split(';').map(str::trim).filter(|s| !s.is_empty()) {
        let mut statement = statement
            .replace("bigserial primary key", "integer primary key autoincrement")
            .replace(" bigint", " integer")
            .replace(" uuid", " blob")
            .replace(" bytea", " blob")
            .replace(" boolean", " integer")
            .replace(", '')", ", x'')");
        if statement.starts_with("create table") {
            let without = statement.contains("/* without rowid */");
            statement = statement.replace("/* without rowid */", "");
            statement.push_str(if without { " strict, without rowid" } else { " strict" });
        }
        out.push_str(&statement);
        out.push_str(";\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Statements;

    #[tokio::test]
    async fn every_statement_prepares_on_sqlite() {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::sqlite(&dir.path().join("a.db"), false).unwrap();
        migrate(&db, DATA).await.unwrap();
        migrate(&db, DATA).await.unwrap();
        let shelf = Db::sqlite(&dir.path().join("b.db"), true).unwrap();
        migrate(&shelf, SHELF).await.unwrap();
        let (data, shelf) = (db.read().await.unwrap(), shelf.read().await.unwrap());
        for (name, sql) in Statements::all() {
            let conn = if name.starts_with("shelf.") { &shelf } else { &data };
            let Conn::Sqlite(held) = conn else { panic!() };
            if let Err(e) = held.conn().unwrap().prepare(&sql.sqlite) {
                panic!("{name}: {e}");
            }
        }
    }

    #[tokio::test]
    async fn a_newer_database_is_refused_and_unharmed() {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::sqlite(&dir.path().join("a.db"), false).unwrap();
        migrate(&db, DATA).await.unwrap();
        let newer = [DATA, &["create table later (x bigint);"]].concat();
        migrate(&db, &newer).await.unwrap();
        let known = i64::try_from(DATA.len()).unwrap();
        let refused = migrate(&db, DATA).await;
        assert!(
            matches!(refused, Err(StoreError::Newer { found, known: k }) if found == known + 1 && k == known)
        );
        migrate(&db, &newer).await.unwrap();
    }
}
