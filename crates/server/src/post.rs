//! Posts to webhooks: a few lines of HTTP over verified TLS. No redirect is followed, no answer is read beyond its status,
//! and nobody is reached whom the address's owner could not reach from outside: a webhook must not become a way to speak
//! to this network's own machines (SSRF).

use discreet_app::webhooks::{Delivery, Post};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::ServerName;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// How long one delivery may take.
const LONGEST_DELIVERY: Duration = Duration::from_secs(15);
/// Bytes of an answer that are read: its first line.
const FIRST_LINE: usize = 64;

/// Posts to webhooks.
pub struct Poster {
    tls: TlsConnector,
    /// Private addresses may be reached, and this machine by http.
    private: bool,
}

impl std::fmt::Debug for Poster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Poster(_)")
    }
}

impl Poster {
    /// With the system's certificate authorities.
    ///
    /// # Errors
    /// TLS cannot be set up.
    pub fn new(private: bool) -> io::Result<Poster> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Poster { tls: TlsConnector::from(Arc::new(config)), private })
    }

    async fn send(&self, delivery: &Delivery) -> io::Result<u16> {
        let url = Url::of(&delivery.url).ok_or(io::ErrorKind::InvalidInput)?;
        if !url.secure && !self.private {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, "http is not allowed"));
        }
        let to = self.address(&url).await?;
        let stream = TcpStream::connect(to).await?;
        let request = url.request(delivery);
        if url.secure {
            let name = ServerName::try_from(url.host.to_owned()).map_err(io::Error::other)?;
            exchange(self.tls.connect(name, stream).await?, &request).await
        } else {
            exchange(stream, &request).await
        }
    }

    /// The address that is connected to: looked up once, so that no second look-up can give another.
    async fn address(&self, url: &Url<'_>) -> io::Result<SocketAddr> {
        let found: Vec<SocketAddr> = tokio::net::lookup_host((url.host, url.port)).await?.collect();
        if !self.private && found.iter().any(|address| !is_public(address.ip())) {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, "a private address"));
        }
        found.into_iter().next().ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }
}

impl Post for Poster {
    async fn post(&self, delivery: Delivery) -> bool {
        let outcome = tokio::time::timeout(LONGEST_DELIVERY, self.send(&delivery)).await;
        let why = match outcome {
            Ok(Ok(200..300)) => return true,
            Ok(Ok(status)) => format!("it answered {status}"),
            Ok(Err(e)) => e.kind().to_string(),
            Err(_) => "it did not answer in time".to_owned(),
        };
        tracing::warn!("a webhook could not be told and is tried again: {why}");
        false
    }
}

async fn exchange(mut stream: impl AsyncRead + AsyncWrite + Unpin, request: &str) -> io::Result<u16> {
    stream.write_all(request.as_bytes()).await?;
    stream.flush().await?;
    let mut line = Vec::with_capacity(FIRST_LINE);
    while line.len() < FIRST_LINE && !line.contains(&b'\n') {
        let mut byte = [0];
        if stream.read(&mut byte).await? == 0 {
            break;
        }
        line.extend_from_slice(&byte);
    }
    let line = String::from_utf8_lossy(&line);
    let status = line.strip_prefix("HTTP/1.").and_then(|rest| rest.split(' ').nth(1)?.parse().ok());
    status.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData))
}

/// An address, taken apart.
#[derive(PartialEq, Eq, Debug)]
struct Url<'u> {
    secure: bool,
    host: &'u str,
    port: u16,
    /// As it goes into the `Host` header.
    authority: &'u str,
    path: &'u str,
}

impl<'u> Url<'u> {
    fn of(text: &'u str) -> Option<Url<'u>> {
        let (scheme, rest) = text.split_once("://")?;
        let secure = match scheme {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let (authority, path) = match rest.find(['/', '?']) {
            Some(at) => rest.split_at(at),
            None => (rest, "/"),
        };
        let plain = text.bytes().all(|b| (0x21..=0x7e).contains(&b));
        if authority.is_empty() || authority.contains('@') || !path.starts_with('/') || !plain {
            return None;
        }
        let otherwise = if secure { 443 } else { 80 };
        let (host, port) = match authority.strip_prefix('[') {
            Some(rest) => {
                let (host, port) = rest.split_once(']')?;
                (host, port.strip_prefix(':').map_or(Some(otherwise), |port| port.parse().ok())?)
            }
            None => match authority.rsplit_once(':') {
                Some((host, port)) => (host, port.parse().ok()?),
                None => (authority, otherwise),
            },
        };
        (!host.is_empty()).then_some(Url { secure, host, port, authority, path })
    }
    fn request(&self, delivery: &Delivery) -> String {
        let mut head = format!(
            "POST {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: discreet\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n",
            self.path,
            self.authority,
            delivery.body.len()
        );
        for (name, value) in &delivery.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        format!("{head}\r\n{}", delivery.body)
    }
}

/// Whether an address is one of the public network: not this machine, not this network, not a network's own services.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => {
            let [first, second, ..] = v6.segments();
            match v6.to_ipv4_mapped() {
                Some(v4) => is_public_v4(v4),
                // 2000::/3 is the public network; within it: documentation, Teredo and 6to4, which lead to IPv4.
                None => {
                    (first & 0xe000) == 0x2000
                        && first != 0x2002
                        && !(first == 0x2001 && (second < 0x0200 || second == 0x0db8))
                }
            }
        }
    }
}

fn is_public_v4(v4: Ipv4Addr) -> bool {
    let [a, b, c, _] = v4.octets();
    let special = v4.is_private()
        || v4.is_loopback()
        || v4.is_link_local()
        || v4.is_broadcast()
        || v4.is_documentation()
        || v4.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (b == 18 || b == 19));
    !special
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_network_is_public() {
        for public in ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8"] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "192.0.0.8",
            "240.0.0.1",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "64:ff9b::7f00:1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2001::1",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
    }

    #[test]
    fn addresses_are_taken_apart() {
        let parts =
            |text| Url::of(text).map(|u: Url<'_>| (u.secure, u.host.to_owned(), u.port, u.path.to_owned()));
        let is =
            |secure, host: &str, port, path: &str| Some((secure, host.to_owned(), port, path.to_owned()));
        assert_eq!(parts("https://x.example/a?b=c"), is(true, "x.example", 443, "/a?b=c"));
        assert_eq!(parts("https://x.example:8443"), is(true, "x.example", 8443, "/"));
        assert_eq!(parts("http://[::1]:81/x"), is(false, "::1", 81, "/x"));
        for bad in [
            "ftp://x",
            "https://",
            "https://u@x/",
            "https://x:port/",
            "https://x/ y",
            "x.example",
            "https://x?y",
        ] {
            assert_eq!(parts(bad), None, "{bad}");
        }
    }

    #[tokio::test]
    async fn a_private_address_is_not_spoken_to() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let delivery = |url: String| Delivery {
            url,
            headers: [
                ("webhook-id", "a".to_owned()),
                ("webhook-timestamp", "1".to_owned()),
                ("webhook-signature", "v1,x".to_owned()),
            ],
            body: "{}".to_owned(),
        };
        let public = Poster::new(false).unwrap();
        assert!(!public.post(delivery(format!("https://127.0.0.1:{port}/"))).await);
        assert!(!public.post(delivery(format!("https://localhost:{port}/"))).await);
        assert!(!public.post(delivery(format!("http://127.0.0.1:{port}/"))).await);
        let spoken = tokio::time::timeout(Duration::from_millis(100), listener.accept()).await;
        assert!(spoken.is_err(), "nobody called");
    }
}
