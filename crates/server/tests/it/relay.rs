//! The way to the relay is safe, or nothing leaves.

use crate::installation::Installation;
use crate::mailing::{self, Receiver, in_state};
use discreet_mail::catcher::CatcherConfig;

fn ready(n: u32) -> Installation {
    let clinic = Installation::new();
    mailing::import_adults(&clinic, n);
    mailing::approved(&clinic, "walks", "age >= 18");
    clinic
}

fn refused(clinic: &Installation, receiver: &Receiver, config: &str) -> String {
    clinic.configure(config);
    let reason = clinic.refuses(1, &["campaign", "send", "walks"]);
    assert!(reason.contains("the relay cannot be used"), "{reason}");
    assert_eq!(receiver.catcher.count(), 0);
    let report = clinic.json(&["campaign", "report", "walks"]);
    assert_eq!(report["campaign"]["state"], "approved", "it was not even started: {report}");
    reason
}

#[test]
fn no_tls_or_an_unknown_authority_or_nobody_there_and_nothing_is_sent() {
    let clinic = ready(12);
    let (plain, secure, other) =
        (Receiver::start(CatcherConfig::plain()), Receiver::secure(), Receiver::secure());
    let authority = other.relay(&clinic);
    refused(&clinic, &plain, &mailing::relay(plain.catcher.port(), None));
    let reason = refused(&clinic, &secure, &mailing::relay(secure.catcher.port(), None));
    assert!(reason.contains("certificate"), "{reason}");
    let others = authority
        .replace(&format!("port = {}", other.catcher.port()), &format!("port = {}", secure.catcher.port()));
    assert!(refused(&clinic, &secure, &others).contains("certificate"));
    // The right authority, the wrong name: the certificate is for `localhost`.
    let right = secure.relay(&clinic);
    assert!(
        refused(&clinic, &secure, &right.replace("\"localhost\"", "\"127.0.0.1\"")).contains("certificate")
    );
    // No relay at all is a matter of configuration.
    clinic.configure("");
    assert!(clinic.refuses(2, &["campaign", "send", "walks"]).contains("[relay]"));
    // And all is well with the right one.
    clinic.configure(&secure.relay(&clinic));
    let report = clinic.json(&["campaign", "send", "walks"]);
    assert_eq!((in_state(&report, "accepted"), secure.catcher.count()), (12, 12), "{report}");
    assert!(secure.mails().iter().all(|m| m.secure));
}

#[test]
fn a_relay_that_is_nobodys_carries_nothing() {
    let clinic = ready(12);
    let receiver = Receiver::secure();
    clinic.configure(&receiver.relay(&clinic));
    clinic.json(&["relay", "vendor", "--baa-until", "2020-01-01"]);
    let reason = clinic.refuses(1, &["campaign", "send", "walks"]);
    assert!(reason.contains("BAA") && reason.contains("discreet relay"), "{reason}");
    clinic.json(&["relay", "none"]);
    clinic.refuses(1, &["campaign", "send", "walks"]);
    assert_eq!(receiver.catcher.count(), 0);
    clinic.json(&["relay", "vendor", "--baa-until", "2099-12-31"]);
    let report = clinic.json(&["campaign", "send", "walks"]);
    assert_eq!((in_state(&report, "accepted"), receiver.catcher.count()), (12, 12), "{report}");
}
