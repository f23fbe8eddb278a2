//! PostgreSQL: a pool; TLS with verified certificates for anything but this machine.

use super::{Result, StoreError};
use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod};
use std::sync::Arc;
use std::time::Duration;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::{Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

/// Connections of one process.
const CONNECTIONS: usize = 16;
const KEEPALIVE: Duration = Duration::from_secs(30);
const STATEMENT_TIMEOUT: &str = "-c statement_timeout=120000 -c lock_timeout=30000 -c synchronous_commit=on";

/// A database at `url`.
pub(crate) async fn open(url: &str) -> Result<Pool> {
    let mut config: Config =
        url.parse().map_err(|_| StoreError::BadUrl("expected postgres://user:password@host/database"))?;
    config.application_name("discreet").keepalives_idle(KEEPALIVE).tcp_user_timeout(KEEPALIVE);
    config.options(STATEMENT_TIMEOUT);
    let here = config.get_hosts().iter().all(|host| match host {
        Host::Tcp(name) => matches!(name.as_str(), "localhost" | "127.0.0.1" | "::1"),
        Host::Unix(_) => true,
    });
    let manager_config = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = if here && config.get_ssl_mode() != SslMode::Require {
        Manager::from_config(config, NoTls, manager_config)
    } else {
        config.ssl_mode(SslMode::Require);
        Manager::from_config(config, MakeRustlsConnect::new(tls()?), manager_config)
    };
    let pool =
        Pool::builder(manager).max_size(CONNECTIONS).build().map_err(|e| StoreError::Pool(e.to_string()))?;
    let client = pool.get().await?;
    let found: String = client.query_one("show synchronous_commit", &[]).await?.try_get(0)?;
    if !matches!(found.as_str(), "on" | "remote_apply") {
        return Err(StoreError::NotDurable { setting: "synchronous_commit", found, wanted: "on" });
    }
    let found: String = client.query_one("show fsync", &[]).await?.try_get(0)?;
    if found != "on" {
        return Err(StoreError::NotDurable { setting: "fsync", found, wanted: "on" });
    }
    Ok(pool)
}

fn tls() -> Result<rustls::ClientConfig> {
    let mut roots = rustls::RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(found.certs);
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| StoreError::BadUrl("TLS could not be set up"))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}

/// A connection with an open transaction. Dropped, it is rolled back before it is used again.
pub(crate) struct PostgresConn {
    client: Option<Object>,
}

impl PostgresConn {
    pub(crate) async fn begin(pool: &Pool, how: &str) -> Result<PostgresConn> {
        // Made before it begins: whoever gives up waiting must not leave a transaction open in the pool.
        let conn = PostgresConn { client: Some(pool.get().await?) };
        conn.client()?.batch_execute(how).await?;
        Ok(conn)
    }
    pub(crate) fn client(&self) -> Result<&Object> {
        self.client.as_ref().ok_or(StoreError::Gone("the connection was given back"))
    }
    pub(crate) async fn commit(mut self) -> Result<()> {
        self.client()?.batch_execute("commit").await?;
        self.client = None;
        Ok(())
    }
}

impl Drop for PostgresConn {
    fn drop(&mut self) {
        let Some(client) = self.client.take() else { return };
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => {
                runtime.spawn(async move {
                    if client.batch_execute("rollback").await.is_err() {
                        drop(Object::take(client)); // of no more use
                    }
                });
            }
            Err(_) => drop(Object::take(client)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_gives_up_waiting_leaves_no_transaction_open_in_the_pool() {
        let Some(url) = std::env::var("DISCREET_TEST_POSTGRES").ok().filter(|url| !url.is_empty()) else {
            println!("skipped: run ./test, which starts PostgreSQL and sets DISCREET_TEST_POSTGRES");
            return;
        };
        let pool = open(&url).await.unwrap();
        for patience in 0..200 {
            let begun = PostgresConn::begin(&pool, "begin isolation level repeatable read read only");
            let gives_up = async {
                for _ in 0..patience {
                    tokio::task::yield_now().await;
                }
            };
            tokio::select! { biased; _ = begun => {}, () = gives_up => {} }
            let conn = PostgresConn::begin(&pool, "begin").await.unwrap();
            let row = conn.client().unwrap().query_one("show transaction_read_only", &[]).await.unwrap();
            assert_eq!(row.get::<_, String>(0), "off", "after {patience} turns of waiting");
        }
    }
}
