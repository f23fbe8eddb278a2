//! The vault through its public face: proofs, keys, rotation, erasure.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

use discreet_audit::{Access, Entry, Ledger, Parts, Reason, Receipt, Settling, Whom, record};
use discreet_domain::{Actor, EvidenceId, Part, PatientId, Phi, Sealed, Timestamp};
use discreet_vault::{Keyring, KeyringFile, Refused, Unlock, Vault};
use std::convert::Infallible;

struct Nowhere;
impl Ledger for Nowhere {
    type Error = Infallible;
    async fn append(&mut self, _: &[Entry]) -> Result<(), Infallible> {
        Ok(())
    }
    async fn commit(self, _: Settling) -> Result<(), Infallible> {
        Ok(())
    }
}

fn receipt(whom: Whom, parts: &[Part], until: i64) -> Receipt {
    let access = Access {
        actor: Actor::Console,
        whom,
        parts: Parts::of(parts),
        reason: Reason::Care,
        until: Timestamp::from_micros(until),
    };
    let mut recorded = std::pin::pin!(record(Nowhere, access, None, Timestamp::from_micros(0)));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match recorded.as_mut().poll(&mut context) {
        std::task::Poll::Ready(receipt) => receipt.unwrap(),
        std::task::Poll::Pending => panic!("nothing to wait for"),
    }
}

const NOW: Timestamp = Timestamp::from_micros(10);

fn vault() -> (tempfile::TempDir, Vault) {
    let dir = tempfile::tempdir().unwrap();
    let keyring = Keyring::generate("discreet/test").unwrap();
    let unlock = Unlock::Key("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=".to_owned().into());
    let file = KeyringFile::create(&dir.path().join("keyring.json"), &unlock, &keyring).unwrap();
    let vault = Vault::new(file, keyring).unwrap();
    (dir, vault)
}

fn plain() -> Phi<Vec<u8>> {
    Phi::new(b"Zz-Canary".to_vec())
}

#[test]
fn opens_only_what_the_receipt_covers() {
    let (_dir, vault) = vault();
    let (anna, ben) = (PatientId::random(), PatientId::random());
    let (keys, _) = vault.fresh(anna).unwrap();
    let sealed = keys.seal(Part::Identity, 0, 1, &plain()).unwrap();
    let try_with = |r| vault.open(r, &keys, &sealed, NOW);
    assert_eq!(try_with(receipt(Whom::One(anna), &[Part::Identity], 10)).unwrap(), plain());
    assert_eq!(try_with(receipt(Whom::All, &[Part::Identity], 10)).unwrap(), plain());
    assert_eq!(try_with(receipt(Whom::One(ben), &[Part::Identity], 10)), Err(Refused::NotCovered));
    assert_eq!(try_with(receipt(Whom::One(anna), &[Part::Facts], 10)), Err(Refused::NotCovered));
    assert_eq!(try_with(receipt(Whom::One(anna), &[Part::Identity], 9)), Err(Refused::NotCovered));
}

#[test]
fn moved_or_altered_bytes_do_not_open() {
    let (_dir, vault) = vault();
    let anna = PatientId::random();
    let (keys, _) = vault.fresh(anna).unwrap();
    let sealed = keys.seal(Part::Events, 3, 7, &plain()).unwrap();
    let reader = vault.bulk(receipt(Whom::All, &[Part::Events, Part::Facts], 10));
    assert_eq!(reader.open(&keys, &sealed, NOW).unwrap(), plain());
    let (other_keys, _) = vault.fresh(PatientId::random()).unwrap();
    assert_eq!(reader.open(&other_keys, &sealed, NOW), Err(Refused::Damaged));
    let moved: [fn(&mut Sealed); 6] = [
        |s| s.patient = PatientId::random(),
        |s| s.part = Part::Facts,
        |s| s.chunk = 4,
        |s| s.version = 8,
        |s| s.bytes[20] ^= 1,
        |s| s.bytes.truncate(5),
    ];
    for change in moved {
        let mut other = sealed.clone();
        change(&mut other);
        assert_eq!(reader.open(&keys, &other, NOW), Err(Refused::Damaged));
    }
}

#[test]
fn evidence_outlives_the_profile() {
    let (_dir, vault) = vault();
    let anna = PatientId::random();
    let (keys, mut wrapped) = vault.fresh(anna).unwrap();
    let id = EvidenceId::random();
    let document = keys.seal_evidence(id, &plain()).unwrap();
    let profile = keys.seal(Part::Facts, 0, 1, &plain()).unwrap();
    wrapped.profile = None; // erasure
    let keys = vault.unwrap(&wrapped).unwrap();
    let reader = vault.bulk(receipt(Whom::One(anna), &[Part::Facts, Part::Evidence], 10));
    assert_eq!(reader.open(&keys, &profile, NOW), Err(Refused::Destroyed));
    assert_eq!(reader.open_evidence(&keys, id, &document, NOW).unwrap(), plain());
    assert_eq!(reader.open_evidence(&keys, EvidenceId::random(), &document, NOW), Err(Refused::Damaged));
}

#[test]
fn rotation_while_running() {
    let (dir, vault) = vault();
    let anna = PatientId::random();
    let (keys, wrapped) = vault.fresh(anna).unwrap();
    let (_, organization) = vault.fresh_organization().unwrap();
    let sealed = keys.seal(Part::Facts, 0, 1, &plain()).unwrap();
    let unlock = Unlock::Key("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=".to_owned().into());
    let (file, keyring) = KeyringFile::open(&dir.path().join("keyring.json"), &unlock).unwrap();
    let elsewhere = Vault::new(file, keyring).unwrap(); // another process, not told of anything

    let version = vault.change(Keyring::add_key).unwrap();
    assert_eq!(vault.rewrap(&wrapped).unwrap(), None, "not current yet");
    vault.change(|k| k.make_current(version)).unwrap();
    let rewrapped = vault.rewrap(&wrapped).unwrap().unwrap();
    assert_eq!(rewrapped.key_version, version);
    vault.rewrap(&organization).unwrap().unwrap();
    assert!(vault.change(|k| k.retire(version)).is_err(), "the current key is never retired");
    vault.change(|k| k.retire(1)).unwrap();

    let reader = elsewhere.bulk(receipt(Whom::One(anna), &[Part::Facts], 10));
    let keys = elsewhere.unwrap(&rewrapped).unwrap(); // it reads the keyring again
    assert_eq!(reader.open(&keys, &sealed, NOW).unwrap(), plain());
    assert_eq!(vault.unwrap(&wrapped).unwrap_err(), Refused::UnknownKey(1));
    let mut swapped = rewrapped.clone();
    std::mem::swap(&mut swapped.profile, &mut swapped.evidence);
    assert_eq!(elsewhere.unwrap(&swapped).unwrap_err(), Refused::Damaged);
}
