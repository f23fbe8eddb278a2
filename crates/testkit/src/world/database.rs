//! PostgreSQL for tests: fresh databases, looked into from outside, dropped at the end.

use super::leaks::search_forms;
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

/// The URL of a server in which databases may be made: `./test` sets it.
const SERVER: &str = "DISCREET_TEST_POSTGRES";

/// Where a world's databases are, besides its folder.
#[derive(Debug)]
pub(super) enum Databases {
    /// In its folder.
    None,
    /// On a server: their URLs.
    Postgres { data: String, shelf: String },
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

fn split(url: &str) -> (&str, &str) {
    url.rsplit_once('/').unwrap()
}

impl Databases {
    /// Two fresh databases, if there is a server.
    pub(super) async fn fresh() -> Option<Databases> {
        let Some(server) = std::env::var(SERVER).ok().filter(|url| !url.is_empty()) else {
            #[expect(clippy::print_stderr, reason = "whoever runs the tests must see that one was skipped")]
            {
                eprintln!("skipped: run ./test, which starts PostgreSQL and sets {SERVER}");
            }
            return None;
        };
        let client = connect(&server).await;
        let id = Uuid::new_v4().simple();
        let names = [format!("data_{id}"), format!("shelf_{id}")];
        for name in &names {
            client.batch_execute(&format!("create database {name}")).await.unwrap();
        }
        let [data, shelf] = names.map(|name| format!("{}/{name}", split(&server).0));
        Some(Databases::Postgres { data, shelf })
    }
    /// Tables in which the canary stands in clear, as text or as the bytes of it.
    pub(super) async fn leaks(&self) -> Vec<String> {
        let Databases::Postgres { data, shelf } = self else { return Vec::new() };
        let mut found = Vec::new();
        for url in [data, shelf] {
            let client = connect(url).await;
            let tables =
                "select table_name::text from information_schema.tables where table_schema = 'public'";
            for row in client.query(tables, &[]).await.unwrap() {
                let table: String = row.get(0);
                for form in search_forms() {
                    let hex: String = form.iter().map(|b| format!("{b:02x}")).collect();
                    let text = String::from_utf8(form).unwrap();
                    let sql = format!(
                        "select count(*) from \"{table}\" t where lower(t::text) like '%{}%' or t::text like '%{hex}%'",
                        text.to_lowercase(),
                    );
                    let n: i64 = client.query_one(&sql, &[]).await.unwrap().get(0);
                    if n > 0 {
                        found.push(format!("{table} ({text})"));
                    }
                }
            }
        }
        found
    }
    /// Drops them.
    pub(super) async fn remove(&self) {
        let Databases::Postgres { data, shelf } = self else { return };
        let (server, _) = split(data);
        let client = connect(&format!("{server}/postgres")).await;
        for url in [data, shelf] {
            client.batch_execute(&format!("drop database {} with (force)", split(url).1)).await.unwrap();
        }
    }
}
