//! A Postfix and a Dovecot of this test's own: folders, ports and processes apart from the machine's. Both end with it.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const MAIN: &str = include_str!("../../../../../tests/real-mail/main.cf");
const MASTER: &str = include_str!("../../../../../tests/real-mail/master.cf");
const DOVECOT: &str = include_str!("../../../../../tests/real-mail/dovecot.conf");
pub const PASSWORD: &str = "a-mailbox-in-a-test";

pub struct PostOffice {
    folder: TempDir,
    pub smtp: u16,
    /// Postfix again, without STARTTLS.
    pub clear: u16,
    pub imap: u16,
    /// The authority that signed Postfix's certificate.
    pub authority: PathBuf,
    postfix: Option<Child>,
    dovecot: Option<Child>,
}

fn free_ports<const N: usize>() -> [u16; N] {
    let held: [TcpListener; N] = std::array::from_fn(|_| TcpListener::bind("127.0.0.1:0").unwrap());
    held.map(|listener| listener.local_addr().unwrap().port())
}

/// The ids of a user of this machine.
fn user(name: &str) -> Option<(u32, u32)> {
    let users = std::fs::read_to_string("/etc/passwd").ok()?;
    let fields: Vec<&str> = users.lines().map(|l| l.split(':').collect::<Vec<_>>()).find(|f| f[0] == name)?;
    Some((fields[2].parse().ok()?, fields[3].parse().ok()?))
}

/// Why the real thing cannot be had here, if it cannot.
pub fn missing() -> Option<String> {
    if std::env::var("DISCREET_TEST_REAL_MAIL").as_deref() != Ok("1") {
        return Some("run ./test, which sets DISCREET_TEST_REAL_MAIL=1".to_owned());
    }
    if Command::new("id").arg("-u").output().is_ok_and(|o| o.stdout != b"0\n") {
        return Some("Postfix starts as root only".to_owned());
    }
    let needed = ["/usr/sbin/postfix", "/usr/sbin/dovecot", "/usr/lib/dovecot/imap", "/usr/lib/dovecot/lmtp"];
    needed.iter().find(|path| !Path::new(path).exists()).map(|path| format!("{path} is not installed"))
}

impl PostOffice {
    pub fn open() -> PostOffice {
        let folder = tempfile::Builder::new().prefix("discreet-post-").tempdir_in("/tmp").unwrap();
        let dir = folder.path().to_owned();
        std::fs::set_permissions(&dir, std::fs::Permissions::from_mode(0o755)).unwrap();
        for part in ["postfix", "queue", "postfix-data", "dovecot", "dovecot-state", "mail"] {
            std::fs::create_dir(dir.join(part)).unwrap();
        }
        let (postfix_uid, _) = user("postfix").expect("the package makes the user");
        chown(dir.join("postfix-data"), Some(postfix_uid), None).unwrap();
        let (uid, gid) = user("mail").unwrap();
        chown(dir.join("mail"), Some(uid), Some(gid)).unwrap();
        certificates(&dir);

        let [smtp, clear, imap, lmtp] = free_ports();
        let write = |name: &str, template: &str| {
            let mut text = template.to_owned();
            for (word, value) in [
                ("@DIR@", dir.display().to_string()),
                ("@SMTP@", format!("127.0.0.1:{smtp}")),
                ("@CLEAR@", format!("127.0.0.1:{clear}")),
                ("@IMAP@", imap.to_string()),
                ("@LMTP@", lmtp.to_string()),
                ("@UID@", uid.to_string()),
                ("@GID@", gid.to_string()),
                ("@PASSWORD@", PASSWORD.to_owned()),
            ] {
                text = text.replace(word, &value);
            }
            std::fs::write(dir.join(name), text).unwrap();
        };
        write("postfix/main.cf", MAIN);
        write("postfix/master.cf", MASTER);
        write("dovecot.conf", DOVECOT);
        let authority = dir.join("authority.pem");
        let mut office = PostOffice { folder, smtp, clear, imap, authority, postfix: None, dovecot: None };
        office.dovecot =
            Some(office.spawn("dovecot", &["-F", "-c", &format!("{}/dovecot.conf", dir.display())]));
        office.wait_for(&[imap, lmtp]);
        office.postfix =
            Some(office.spawn("postfix", &["-c", &format!("{}/postfix", dir.display()), "start-fg"]));
        office.wait_for(&[smtp, clear]);
        office
    }

    fn spawn(&self, what: &str, args: &[&str]) -> Child {
        let said = std::fs::File::create(self.folder.path().join(format!("{what}.said"))).unwrap();
        Command::new(format!("/usr/sbin/{what}"))
            .args(args)
            .stdin(Stdio::null())
            .stdout(said.try_clone().unwrap())
            .stderr(said)
            .spawn()
            .unwrap()
    }

    fn wait_for(&self, ports: &[u16]) {
        let late = Instant::now() + Duration::from_secs(30);
        for port in ports {
            while TcpStream::connect(("127.0.0.1", *port)).is_err() {
                assert!(Instant::now() < late, "nothing listens on {port}: {}", self.logs());
                std::thread::sleep(Duration::from_millis(50));
            }
        }
    }

    /// What both have said, for whoever must find out why.
    pub fn logs(&self) -> String {
        ["postfix.said", "postfix.log", "dovecot.said", "dovecot.log"]
            .map(|name| std::fs::read_to_string(self.folder.path().join(name)).unwrap_or_default())
            .join("\n")
    }

    /// How many messages lie in mailboxes.
    pub fn delivered(&self) -> usize {
        fn count(folder: &Path) -> usize {
            let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
            let paths = entries.map(|e| e.unwrap().path());
            paths
                .map(|p| match p.file_name().is_some_and(|n| n == "new" || n == "cur") {
                    true => std::fs::read_dir(&p).map_or(0, Iterator::count),
                    false if p.is_dir() => count(&p),
                    false => 0,
                })
                .sum()
        }
        count(&self.folder.path().join("mail"))
    }

    /// Waits until so many have been delivered.
    pub fn wait_delivered(&self, wanted: usize) {
        let late = Instant::now() + Duration::from_secs(60);
        while self.delivered() < wanted {
            assert!(Instant::now() < late, "{} of {wanted} delivered: {}", self.delivered(), self.logs());
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

/// An authority, and a certificate of it for `localhost`.
fn certificates(dir: &Path) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params.distinguished_name.push(DnType::CommonName, "A test's authority");
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let leaf =
        CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
    std::fs::write(dir.join("authority.pem"), authority.pem()).unwrap();
    std::fs::write(dir.join("postfix-cert.pem"), leaf.pem()).unwrap();
    let secret = dir.join("postfix-key.pem");
    std::fs::write(&secret, key.serialize_pem()).unwrap();
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o600)).unwrap();
}

fn end(pid: &str, child: &mut Child) {
    let _ = Command::new("kill").args(["-s", "TERM", pid]).status();
    let late = Instant::now() + Duration::from_secs(10);
    while Instant::now() < late {
        if child.try_wait().is_ok_and(|status| status.is_some()) {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let _ = child.kill();
    let _ = child.wait();
}

impl Drop for PostOffice {
    /// Both are told by the number of the process that was started here, and by no name.
    fn drop(&mut self) {
        if let Some(mut postfix) = self.postfix.take() {
            // `start-fg` is a script that becomes the master, or waits for it: the master's own file tells its number.
            let file = self.folder.path().join("queue/pid/master.pid");
            let master = std::fs::read_to_string(file).map(|text| text.trim().to_owned());
            end(&master.unwrap_or_else(|_| postfix.id().to_string()), &mut postfix);
        }
        if let Some(mut dovecot) = self.dovecot.take() {
            end(&dovecot.id().to_string(), &mut dovecot);
        }
    }
}
