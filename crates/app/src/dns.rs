//! What receivers look up about our mail: SPF, DKIM and DMARC records, asked for with real queries and held against what
//! should be published. An answer that does not come is never taken for a record that is missing.

use crate::app::App;
use crate::error::{AppError, Result};
use discreet_access::{Allowed, ManageKeys, SetRelay};
use discreet_domain::{Day, EmailAddress, Timestamp};
use futures_util::future::join_all;
use hickory_resolver::TokioResolver;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverConfig};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::RData;
use std::net::SocketAddr;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

/// How long all queries of one check may take.
const TIME_LIMIT: Duration = Duration::from_secs(8);
const ONE_TRY: Duration = Duration::from_secs(3);

/// What the machine outside is like, as whoever starts the server says.
#[derive(Debug, Default)]
pub(crate) struct Outside(RwLock<Said>);

#[derive(Clone, Debug, Default)]
struct Said {
    /// The name server to ask; `None`: the system's.
    server: Option<SocketAddr>,
    /// The relay's host name.
    relay: Option<String>,
}

/// What came of a query.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Published {
    /// As it should be.
    Found,
    /// There is no such record.
    Missing,
    /// There is another one: this.
    Different(String),
    /// Nobody answered.
    Unanswered,
}

/// A record that should be published.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wanted {
    /// What it is for: `SPF`, `DKIM`, `DMARC`.
    pub what: &'static str,
    /// Why.
    pub why: &'static str,
    /// Where: the name of a TXT record.
    pub name: String,
    /// What to publish.
    pub text: String,
    /// What is there; `None` until asked.
    pub published: Option<Published>,
}

/// Whose the relay is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RelayStanding {
    /// The organization's own.
    pub own: bool,
    /// Else the last day of its vendor's agreement.
    pub baa_until: Option<Day>,
    /// It may carry PHI today.
    pub may_carry: bool,
    /// Its host, if one is configured.
    pub host: Option<String>,
}

impl App {
    /// Whose the relay is.
    ///
    /// # Errors
    /// The database's.
    pub async fn relay_standing(&self, _by: Allowed<SetRelay>, now: Timestamp) -> Result<RelayStanding> {
        let row = self.store.read().await?.installation().await?.ok_or(AppError::NotFound("installation"))?;
        let may_carry = row.relay_may_carry(self.zone().day_of(now));
        let host = self.outside().relay;
        Ok(RelayStanding { own: row.relay_own, baa_until: row.relay_baa_until, may_carry, host })
    }
    /// Says which name server to ask instead of the system's, and what the relay's host is.
    pub fn set_outside(&self, server: Option<SocketAddr>, relay: Option<String>) {
        *self.outside.0.write().unwrap_or_else(PoisonError::into_inner) = Said { server, relay };
    }
    fn outside(&self) -> Said {
        self.outside.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The records that should be published, without asking whether they are.
    ///
    /// # Errors
    /// Settings not in order; the database's.
    pub async fn wanted_records(&self, by: Allowed<ManageKeys>, now: Timestamp) -> Result<Vec<Wanted>> {
        let from = self.settings().from_address;
        let address =
            EmailAddress::parse(&from).map_err(|e| AppError::invalid(format!("`from_address`: {e}")))?;
        let domain = address.domain().to_owned();
        let relay = self.outside().relay;
        let sends = relay.map_or_else(|| "mx".to_owned(), |host| format!("a:{host}"));
        let wanted = |what, why, name: String, text| Wanted { what, why, name, text, published: None };
        let mut all = vec![wanted(
            "SPF",
            "says which servers send for your domain",
            domain.clone(),
            format!("v=spf1 {sends} -all"),
        )];
        for record in self.dns_records(by, now).await? {
            all.push(wanted("DKIM", "lets receivers check our signature", record.name, record.text));
        }
        all.push(wanted(
            "DMARC",
            "says what receivers do with mail that only claims to be yours",
            format!("_dmarc.{domain}"),
            "v=DMARC1; p=quarantine".to_owned(),
        ));
        Ok(all)
    }
    /// The same, with what is published.
    ///
    /// # Errors
    /// Settings not in order; the database's. That nobody answers is no error.
    pub async fn check_records(&self, by: Allowed<ManageKeys>, now: Timestamp) -> Result<Vec<Wanted>> {
        let mut wanted = self.wanted_records(by, now).await?;
        let resolver = resolver(self.outside().server);
        let ask = |record: &Wanted| {
            let (what, name, text) = (record.what, format!("{}.", record.name), record.text.clone());
            let resolver = resolver.clone();
            async move {
                let asked = tokio::time::timeout(TIME_LIMIT, texts(resolver.as_ref(), name)).await;
                asked.ok().flatten().map_or(Published::Unanswered, |texts| compared(what, &text, &texts))
            }
        };
        let answers = join_all(wanted.iter().map(ask)).await;
        for (record, answer) in wanted.iter_mut().zip(answers) {
            record.published = Some(answer);
        }
        Ok(wanted)
    }
}

fn resolver(server: Option<SocketAddr>) -> Option<TokioResolver> {
    let mut builder = match server {
        None => TokioResolver::builder_tokio().ok()?,
        Some(address) => {
            let at_port = |mut connection: ConnectionConfig| {
                connection.port = address.port();
                connection
            };
            let connections = vec![at_port(ConnectionConfig::udp()), at_port(ConnectionConfig::tcp())];
            let server = NameServerConfig::new(address.ip(), true, connections);
            let config = ResolverConfig::from_parts(None, Vec::new(), vec![server]);
            TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
        }
    };
    let options = builder.options_mut();
    (options.timeout, options.attempts, options.cache_size) = (ONE_TRY, 1, 0);
    builder.build().ok()
}

/// The TXT records of a name; `None` if nobody answered.
async fn texts(resolver: Option<&TokioResolver>, name: String) -> Option<Vec<String>> {
    match resolver?.txt_lookup(name).await {
        Ok(answer) => {
            let text = |data: &RData| match data {
                RData::TXT(txt) => {
                    let parts = txt.txt_data.iter().map(|part| String::from_utf8_lossy(part).into_owned());
                    Some(parts.collect::<String>())
                }
                _ => None,
            };
            Some(answer.answers().iter().filter_map(|record| text(&record.data)).collect())
        }
        Err(e) if e.is_no_records_found() => Some(Vec::new()),
        Err(_) => None,
    }
}

/// The value of a tag: `p` in `v=DKIM1; k=rsa; p=…`.
fn tag(text: &str, name: &str) -> Option<String> {
    text.split(';').find_map(|part| {
        let (key, value) = part.split_once('=')?;
        (key.trim() == name).then(|| value.split_whitespace().collect())
    })
}

/// What is there, held against what should be.
fn compared(what: &str, wanted: &str, texts: &[String]) -> Published {
    let starts = |with: &str| -> Vec<&String> {
        texts.iter().filter(|text| text.trim().to_ascii_lowercase().starts_with(with)).collect()
    };
    let found = match what {
        "SPF" => starts("v=spf1"),
        "DMARC" => starts("v=dmarc1"),
        _ => texts.iter().collect(),
    };
    let [one] = found.as_slice() else {
        // Two of them are worse than none: receivers take neither (RFC 7208 4.5, RFC 7489 6.6.3).
        let all = found.iter().map(|text| text.as_str()).collect::<Vec<_>>().join(" and ");
        return if found.is_empty() { Published::Missing } else { Published::Different(all) };
    };
    let good = match what {
        // Whoever sends by other servers, too, has more in it than we would write: what counts is that it forbids others.
        "SPF" => ["-all", "~all", "redirect="].iter().any(|end| one.to_ascii_lowercase().contains(end)),
        "DMARC" => matches!(tag(one, "p").as_deref(), Some("quarantine" | "reject")),
        _ => tag(one, "p").is_some_and(|key| Some(key) == tag(wanted, "p")),
    };
    if good { Published::Found } else { Published::Different((*one).clone()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_held_against_what_should_be() {
        let of = |what, there: &[&str]| {
            let there: Vec<String> = there.iter().map(|text| (*text).to_owned()).collect();
            compared(what, "v=DKIM1; k=ed25519; p=abc", &there)
        };
        let different = |text: &str| Published::Different(text.to_owned());
        assert_eq!(of("SPF", &["unrelated", "v=spf1 include:x.example -all"]), Published::Found);
        assert_eq!(of("SPF", &["unrelated"]), Published::Missing);
        assert_eq!(of("SPF", &["v=spf1 +all"]), different("v=spf1 +all"));
        assert_eq!(
            of("SPF", &["v=spf1 -all", "v=spf1 mx -all"]),
            different("v=spf1 -all and v=spf1 mx -all")
        );
        assert_eq!(of("DMARC", &["v=DMARC1; p=reject"]), Published::Found);
        assert_eq!(of("DMARC", &["v=DMARC1; p=none"]), different("v=DMARC1; p=none"));
        assert_eq!(of("DKIM", &["v=DKIM1; p=a b c"]), Published::Found);
        assert_eq!(of("DKIM", &["v=DKIM1; p=other"]), different("v=DKIM1; p=other"));
        assert_eq!(of("DKIM", &[]), Published::Missing);
    }
}
