//! Records that are open: which session may see which patient, why, until when. Kept here and nowhere else – not in the
//! address, not in a cookie – so that it ends with the session, with its time, and with the server.

use discreet_access::Secret;
use discreet_app::patients::Reason;
use discreet_domain::{PatientId, Timestamp};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// For how long a reason holds for a record, in seconds.
pub(crate) const OPEN_SECONDS: i64 = 15 * 60;
/// Records open at a time, over all sessions: beyond that the oldest are closed.
const MOST_OPEN: usize = 10_000;

/// A record that is open to a session.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    pub(crate) patient: PatientId,
    pub(crate) reason: Reason,
    pub(crate) until: Timestamp,
    /// The words given with the reason, until the first look has written them down.
    pub(crate) note: Option<String>,
}

type Key = ([u8; 32], PatientId);

/// All records that are open.
#[derive(Debug, Default)]
pub(crate) struct Looks(Mutex<HashMap<Key, Opened>>);

impl Looks {
    fn key(session: &Secret, patient: PatientId) -> Key {
        (session.hash().0, patient)
    }
    /// Opens a record to a session.
    pub(crate) fn open(
        &self,
        session: &Secret,
        patient: PatientId,
        reason: Reason,
        note: Option<String>,
        now: Timestamp,
    ) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, opened| now < opened.until);
        if all.len() >= MOST_OPEN {
            let oldest = all.iter().min_by_key(|(_, opened)| opened.until).map(|(key, _)| *key);
            oldest.and_then(|key| all.remove(&key));
        }
        let opened = Opened { patient, reason, until: now.plus_seconds(OPEN_SECONDS), note };
        all.insert(Looks::key(session, patient), opened);
    }
    /// The record, if it is open to the session. The note is handed out once.
    pub(crate) fn find(&self, session: &Secret, patient: PatientId, now: Timestamp) -> Option<Opened> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let held = all.get_mut(&Looks::key(session, patient)).filter(|opened| now < opened.until)?;
        let found = held.clone();
        held.note = None;
        Some(found)
    }
    /// Whether it is; the note stays.
    pub(crate) fn is_open(&self, session: &Secret, patient: PatientId, now: Timestamp) -> bool {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(&Looks::key(session, patient)).is_some_and(|opened| now < opened.until)
    }
    /// Closes a record.
    pub(crate) fn close(&self, session: &Secret, patient: PatientId) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.remove(&Looks::key(session, patient));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_belongs_to_its_session_its_patient_and_its_time() {
        let looks = Looks::default();
        let (one, other) = (Secret::generate().unwrap(), Secret::generate().unwrap());
        let (ada, ben) = (PatientId::random(), PatientId::random());
        let now = Timestamp::from_micros(0);
        looks.open(&one, ada, Reason::Care, Some("called".to_owned()), now);
        assert!(looks.find(&other, ada, now).is_none() && looks.find(&one, ben, now).is_none());
        let last = now.plus_seconds(OPEN_SECONDS - 1);
        assert!(looks.is_open(&one, ada, last) && !looks.is_open(&other, ada, last));
        assert_eq!(looks.find(&one, ada, last).and_then(|o| o.note).as_deref(), Some("called"));
        assert_eq!(looks.find(&one, ada, last).and_then(|o| o.note), None, "written down once");
        assert!(looks.find(&one, ada, now.plus_seconds(OPEN_SECONDS)).is_none());
        looks.close(&one, ada);
        assert!(looks.find(&one, ada, now).is_none());
    }
}
