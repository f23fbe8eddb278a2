//! Links in mails: what the reader of a mailbox may do without signing in. They can only reduce.

use discreet_domain::{MessageId, PatientId, Topic};
use std::marker::PhantomData;

mod sealed {
    pub trait Sealed {}
}

/// What a link is for.
pub trait LinkVerb: sealed::Sealed + Send + 'static {
    /// The word stored with its hash.
    const NAME: &'static str;
}

/// Unsubscribe the address from the topic, or stop all optional mail to it.
#[derive(Clone, Copy, Debug)]
pub struct Unsubscribe;
/// Say that the address is not the patient's.
#[derive(Clone, Copy, Debug)]
pub struct NotMe;

impl sealed::Sealed for Unsubscribe {}
impl LinkVerb for Unsubscribe {
    const NAME: &'static str = "unsubscribe";
}
impl sealed::Sealed for NotMe {}
impl LinkVerb for NotMe {
    const NAME: &'static str = "not_me";
}

/// What is on record about a link, found by the hash of its token. It outlives message, campaign and patient.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LinkRecord {
    /// What it is for.
    pub verb: String,
    /// The mail it was in.
    pub message: MessageId,
    /// To whom that mail was.
    pub patient: PatientId,
    /// About what.
    pub topic: Topic,
    /// The tag of the address it went to.
    pub address: Vec<u8>,
}

/// Leave for a reader of a mailbox to do one thing.
///
/// ```compile_fail,E0451
/// # use discreet_access::*;
/// fn forged(record: LinkRecord) -> PatientToken<Unsubscribe> {
///     PatientToken { record, verb: std::marker::PhantomData }
/// }
/// ```
/// The compiling twin:
/// ```
/// # use discreet_access::*;
/// fn proper(record: LinkRecord) -> Option<PatientToken<Unsubscribe>> { PatientToken::redeem(record) }
/// ```
#[derive(Debug)]
pub struct PatientToken<V> {
    record: LinkRecord,
    verb: PhantomData<V>,
}

impl<V: LinkVerb> PatientToken<V> {
    /// Leave to do what the record says the link is for; `None` if it is for something else.
    pub fn redeem(record: LinkRecord) -> Option<PatientToken<V>> {
        (record.verb == V::NAME).then_some(PatientToken { record, verb: PhantomData })
    }
    /// What is on record about it.
    pub const fn record(&self) -> &LinkRecord {
        &self.record
    }
}
