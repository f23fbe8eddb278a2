//! Links freshly mailed to whoever asked for them at a page: good for one thing and for a while. Unlike the links in a
//! campaign's mail they can also grant, because opening one shows that its holder reads the mailbox.

use discreet_domain::{MessageId, PatientId, Timestamp};
use std::marker::PhantomData;

mod sealed {
    pub trait Sealed {}
}

/// What such a link is for.
pub trait FreshVerb: sealed::Sealed + Send + 'static {
    /// The word stored with its hash.
    const NAME: &'static str;
    /// Whether it is one patient's.
    const ABOUT_A_PATIENT: bool;
}

/// Confirm what was chosen on the consent form.
#[derive(Clone, Copy, Debug)]
pub struct ConfirmChoice;
/// See and change one patient's choices.
#[derive(Clone, Copy, Debug)]
pub struct ChangeChoices;
/// Read the copy of a signed authorization, and take it back.
#[derive(Clone, Copy, Debug)]
pub struct ReadCopy;

impl sealed::Sealed for ConfirmChoice {}
impl FreshVerb for ConfirmChoice {
    const NAME: &'static str = "confirm_choice";
    const ABOUT_A_PATIENT: bool = false;
}
impl sealed::Sealed for ChangeChoices {}
impl FreshVerb for ChangeChoices {
    const NAME: &'static str = "change_choices";
    const ABOUT_A_PATIENT: bool = true;
}
impl sealed::Sealed for ReadCopy {}
impl FreshVerb for ReadCopy {
    const NAME: &'static str = "read_copy";
    const ABOUT_A_PATIENT: bool = true;
}

/// What is on record about such a link, found by the hash of its token.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FreshRecord {
    /// What it is for.
    pub verb: String,
    /// The mail it was in.
    pub message: MessageId,
    /// Whose it is, if it is one patient's.
    pub patient: Option<PatientId>,
    /// The tag of the address it went to.
    pub address: Vec<u8>,
    /// Until when it is good.
    pub expires: Timestamp,
}

/// Leave for whoever reads a mailbox to do what they asked to do.
///
/// ```compile_fail,E0451
/// # use discreet_access::*;
/// fn forged(record: FreshRecord) -> FreshToken<ConfirmChoice> {
///     FreshToken { record, verb: std::marker::PhantomData }
/// }
/// ```
/// The compiling twin:
/// ```
/// # use discreet_access::*; use discreet_domain::Timestamp;
/// fn proper(record: FreshRecord, now: Timestamp) -> Option<FreshToken<ConfirmChoice>> {
///     FreshToken::redeem(record, now)
/// }
/// ```
#[derive(Debug)]
pub struct FreshToken<V> {
    record: FreshRecord,
    verb: PhantomData<V>,
}

impl<V: FreshVerb> FreshToken<V> {
    /// Leave to do what the record says the link is for; `None` if it is for something else, or its time is over.
    pub fn redeem(record: FreshRecord, now: Timestamp) -> Option<FreshToken<V>> {
        let fits = record.verb == V::NAME && record.patient.is_some() == V::ABOUT_A_PATIENT;
        (fits && now < record.expires).then_some(FreshToken { record, verb: PhantomData })
    }
    /// What is on record about it.
    pub const fn record(&self) -> &FreshRecord {
        &self.record
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn for_its_verb_and_its_time_only() {
        let record = FreshRecord {
            verb: ChangeChoices::NAME.to_owned(),
            message: MessageId::random(),
            patient: Some(PatientId::random()),
            address: vec![1],
            expires: Timestamp::from_micros(10),
        };
        let at = Timestamp::from_micros;
        assert!(FreshToken::<ChangeChoices>::redeem(record.clone(), at(9)).is_some());
        assert!(FreshToken::<ChangeChoices>::redeem(record.clone(), at(10)).is_none());
        assert!(FreshToken::<ReadCopy>::redeem(record.clone(), at(9)).is_none());
        assert!(FreshToken::<ConfirmChoice>::redeem(record.clone(), at(9)).is_none());
        let nobodys = FreshRecord { patient: None, ..record };
        assert!(FreshToken::<ChangeChoices>::redeem(nobodys, at(9)).is_none());
    }
}
