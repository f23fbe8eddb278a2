//! The HIPAA authorization (45 CFR 164.508(c)): a signed document with required elements. Never made of a consent.
//!
//! ```compile_fail,E0277
//! use discreet_policy::{authorization::Authorization, consent::Act};
//! fn upgrade(act: Act) -> Authorization { act.into() }
//! ```
//! The compiling twin:
//! ```
//! use discreet_policy::{authorization::Authorization, consent::Act};
//! fn apart(act: Act, form: Authorization) -> (Act, Authorization) { (act, form.into()) }
//! ```

use discreet_domain::{AuthorizationId, Day, Timestamp};
use serde::{Deserialize, Serialize};

/// What ends it (164.508(c)(1)(v)). "None" is not a choice outside research.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expiry {
    /// The last day it holds.
    On(Day),
    /// An event, in words, and whether it is known to have happened.
    Event {
        /// The event.
        what: String,
        /// Whether it has happened.
        happened: bool,
    },
}

/// Who signed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signer {
    /// The patient.
    Patient,
    /// A personal representative, with a description of the authority ((c)(1)(vi)).
    Representative {
        /// Parent of a minor, health care proxy, executor …
        authority: String,
    },
}

/// A signed form, element by element. Texts are sealed as evidence where it is stored.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authorization {
    /// What information may be used ((c)(1)(i)).
    pub information: String,
    /// Who may use or disclose it ((c)(1)(ii)).
    pub discloser: String,
    /// To whom ((c)(1)(iii)).
    pub recipient: String,
    /// Each purpose ((c)(1)(iv)): topics it covers.
    pub purposes: Vec<String>,
    /// When it ends ((c)(1)(v)).
    pub expiry: Option<Expiry>,
    /// Who signed ((c)(1)(vi)).
    pub signer: Option<Signer>,
    /// The day of signature ((c)(1)(vi)).
    pub signed_on: Option<Day>,
    /// States the right to revoke, its exceptions and how ((c)(2)(i)).
    pub states_revocation: bool,
    /// States whether treatment, payment, enrollment or eligibility depends on signing ((c)(2)(ii)).
    pub states_conditioning: bool,
    /// States the risk of redisclosure ((c)(2)(iii)).
    pub states_redisclosure: bool,
    /// States that the covered entity is paid ((a)(3)(ii)); needed for paid messages.
    pub states_remuneration: bool,
}

/// A required element that is missing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say what each is")]
pub enum Defect {
    #[error("no description of the information (164.508(c)(1)(i))")]
    Information,
    #[error("nobody named who may disclose it (164.508(c)(1)(ii))")]
    Discloser,
    #[error("nobody named who may receive it (164.508(c)(1)(iii))")]
    Recipient,
    #[error("no purpose (164.508(c)(1)(iv))")]
    Purpose,
    #[error("no expiration date or event (164.508(c)(1)(v))")]
    Expiry,
    #[error("no signature, or no authority of the representative who signed (164.508(c)(1)(vi))")]
    Signature,
    #[error("no date of signature (164.508(c)(1)(vi))")]
    SignatureDate,
    #[error("does not state the right to revoke (164.508(c)(2)(i))")]
    Revocation,
    #[error("does not state whether anything depends on signing (164.508(c)(2)(ii))")]
    Conditioning,
    #[error("does not state the risk of redisclosure (164.508(c)(2)(iii))")]
    Redisclosure,
}

impl Authorization {
    /// What is missing; any one voids the form (164.508(b)(2)).
    pub fn defects(&self) -> Vec<Defect> {
        let blank = |text: &str| text.trim().is_empty();
        let unsigned = match &self.signer {
            None => true,
            Some(Signer::Patient) => false,
            Some(Signer::Representative { authority }) => blank(authority),
        };
        let no_expiry = match &self.expiry {
            None => true,
            Some(Expiry::On(_)) => false,
            Some(Expiry::Event { what, .. }) => blank(what) || what.trim().eq_ignore_ascii_case("none"),
        };
        [
            (blank(&self.information), Defect::Information),
            (blank(&self.discloser), Defect::Discloser),
            (blank(&self.recipient), Defect::Recipient),
            (self.purposes.iter().all(|p| blank(p)), Defect::Purpose),
            (no_expiry, Defect::Expiry),
            (unsigned, Defect::Signature),
            (self.signed_on.is_none(), Defect::SignatureDate),
            (!self.states_revocation, Defect::Revocation),
            (!self.states_conditioning, Defect::Conditioning),
            (!self.states_redisclosure, Defect::Redisclosure),
        ]
        .into_iter()
        .filter_map(|(missing, defect)| missing.then_some(defect))
        .collect()
    }
}

/// What is kept in clear of a signed form, so that the gate can look at it: flags, dates and the topics it covers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OnFile {
    /// Which.
    pub id: AuthorizationId,
    /// The topics it covers.
    pub topics: Vec<String>,
    /// The last day it holds; `None` if an event ends it.
    pub last_day: Option<Day>,
    /// The event that ends it has happened.
    pub event_happened: bool,
    /// It states the remuneration.
    pub states_remuneration: bool,
    /// It has a defect.
    pub defective: bool,
    /// Since when it is revoked.
    pub revoked: Option<Timestamp>,
}

/// The best there is on file for what is asked. Ordered from nothing to all.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum AuthorizationStanding {
    /// None on file.
    Missing,
    /// One that does not cover the topic.
    OutOfScope,
    /// One with a required element missing.
    Defective,
    /// One that was revoked.
    Revoked,
    /// One that ended.
    Expired,
    /// One that holds, and does not state the remuneration.
    Live,
    /// One that holds, and states the remuneration.
    LiveStatingRemuneration,
}

/// The best authorization on file for a topic, on a day.
pub fn standing<'a>(
    on_file: impl IntoIterator<Item = &'a OnFile>,
    topic: &str,
    today: Day,
) -> AuthorizationStanding {
    use AuthorizationStanding::{
        Defective, Expired, Live, LiveStatingRemuneration, Missing, OutOfScope, Revoked,
    };
    let each = |form: &OnFile| {
        if !form.topics.iter().any(|t| t == topic) {
            OutOfScope
        } else if form.defective {
            Defective
        } else if form.revoked.is_some() {
            Revoked
        } else if form.event_happened || form.last_day.is_some_and(|last| last < today) {
            Expired
        } else if form.states_remuneration {
            LiveStatingRemuneration
        } else {
            Live
        }
    };
    on_file.into_iter().map(each).max().unwrap_or(Missing)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn complete() -> Authorization {
        Authorization {
            information: "name, email address, that I am a patient".into(),
            discloser: "Riverside Clinic".into(),
            recipient: "Riverside Clinic marketing".into(),
            purposes: vec!["partner_offers".into()],
            expiry: Some(Expiry::On(Day::of(2027, 12, 31).unwrap())),
            signer: Some(Signer::Patient),
            signed_on: Day::of(2026, 1, 2),
            states_revocation: true,
            states_conditioning: true,
            states_redisclosure: true,
            states_remuneration: false,
        }
    }

    #[test]
    fn each_element_is_needed() {
        assert_eq!(complete().defects(), []);
        let drops: [(fn(&mut Authorization), Defect); 13] = [
            (|a| a.information = " ".into(), Defect::Information),
            (|a| a.discloser.clear(), Defect::Discloser),
            (|a| a.recipient.clear(), Defect::Recipient),
            (|a| a.purposes = vec![" ".into()], Defect::Purpose),
            (|a| a.purposes.clear(), Defect::Purpose),
            (|a| a.expiry = None, Defect::Expiry),
            (|a| a.expiry = Some(Expiry::Event { what: "None".into(), happened: false }), Defect::Expiry),
            (|a| a.signer = None, Defect::Signature),
            (|a| a.signer = Some(Signer::Representative { authority: String::new() }), Defect::Signature),
            (|a| a.signed_on = None, Defect::SignatureDate),
            (|a| a.states_revocation = false, Defect::Revocation),
            (|a| a.states_conditioning = false, Defect::Conditioning),
            (|a| a.states_redisclosure = false, Defect::Redisclosure),
        ];
        for (drop, defect) in drops {
            let mut form = complete();
            drop(&mut form);
            assert_eq!(form.defects(), [defect]);
        }
    }

    #[test]
    fn the_best_form_counts_and_the_last_day_is_included() {
        use AuthorizationStanding::*;
        let day = |d: &str| Day::parse(d).unwrap();
        let form = OnFile {
            id: AuthorizationId::random(),
            topics: vec!["partner_offers".into()],
            last_day: Some(day("2026-12-31")),
            event_happened: false,
            states_remuneration: false,
            defective: false,
            revoked: None,
        };
        let of = |forms: &[OnFile], today: &str| standing(forms, "partner_offers", day(today));
        assert_eq!(of(&[], "2026-01-01"), Missing);
        assert_eq!(of(std::slice::from_ref(&form), "2026-12-31"), Live);
        assert_eq!(of(std::slice::from_ref(&form), "2027-01-01"), Expired);
        assert_eq!(standing([&form], "other", day("2026-01-01")), OutOfScope);
        let revoked = OnFile { revoked: Some(Timestamp::from_micros(1)), ..form.clone() };
        assert_eq!(of(std::slice::from_ref(&revoked), "2026-01-01"), Revoked);
        let stating = OnFile { states_remuneration: true, ..form.clone() };
        assert_eq!(of(&[revoked, form.clone(), stating], "2026-01-01"), LiveStatingRemuneration);
        let defective = OnFile { defective: true, ..form.clone() };
        assert_eq!(of(&[defective], "2026-01-01"), Defective);
        assert_eq!(of(&[OnFile { event_happened: true, last_day: None, ..form }], "2026-01-01"), Expired);
    }
}
