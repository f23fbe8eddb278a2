//! The gate for mail that somebody asked for at a page of ours: to confirm a choice, to change choices, to have a copy of
//! what they signed. It goes to the mailbox that was entered, patient's or not, so consent and purpose say nothing about it;
//! what holds for every mail holds for it too, and it may carry nothing above [`SERVICE_LABEL`]. A colleague's test of a
//! campaign's mail goes the same way, to a mailbox that somebody here signs in with, up to [`TEST_LABEL`].

use crate::{AddressStanding, Addressee, Denied, Known, Permit, Suppression, TABLE_VERSION};
use discreet_audit::{Entry, Event, Ledger};
use discreet_domain::{Actor, Label, MessageId, PatientId, Tag, Timestamp};
use std::collections::HashMap;
use std::future::Future;

/// The highest label of such a mail: somebody gave this address here, and no more.
pub const SERVICE_LABEL: Label = Label::L1;
/// The highest label of a test mail. Its values are made up, so it tells nothing of whoever gets it; what its own words
/// could seem to tell is kept to what mail to an address on record may carry.
pub const TEST_LABEL: Label = Label::L2;
/// How many such mails an address gets within [`SERVICE_WINDOW`], at most: nobody fills somebody else's mailbox.
pub const MOST_SERVICE_MAILS: u64 = 3;
/// Within how many seconds.
pub const SERVICE_WINDOW: i64 = 3600;

/// What such a mail is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Service {
    /// A link to confirm what was chosen on the consent form (double opt-in).
    Confirmation,
    /// A link to a patient's choices.
    Choices,
    /// A link to the copy of a signed authorization (45 CFR 164.508(c)(4)).
    Copy,
    /// A campaign's mail as a colleague tries it out, filled for a patient who does not exist.
    Test,
}

impl Service {
    /// All of them.
    pub const ALL: [Service; 4] = [Service::Confirmation, Service::Choices, Service::Copy, Service::Test];
    /// The word stored and logged.
    pub const fn name(self) -> &'static str {
        match self {
            Service::Confirmation => "confirmation",
            Service::Choices => "choices",
            Service::Copy => "copy",
            Service::Test => "test",
        }
    }
    /// Reads the word.
    pub fn parse(text: &str) -> Option<Service> {
        Service::ALL.into_iter().find(|s| s.name() == text)
    }
    /// Whether its link is one patient's: then the mailbox must still be theirs, and not in doubt.
    pub const fn is_about_a_patient(self) -> bool {
        matches!(self, Service::Choices | Service::Copy)
    }
    /// Whether it goes to colleagues alone.
    pub const fn is_for_staff(self) -> bool {
        matches!(self, Service::Test)
    }
    /// The highest label it may carry.
    pub const fn label(self) -> Label {
        match self {
            Service::Confirmation | Service::Choices | Service::Copy => SERVICE_LABEL,
            Service::Test => TEST_LABEL,
        }
    }
}

/// What is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ServiceAsk {
    /// Which mail.
    pub message: MessageId,
    /// What for.
    pub service: Service,
    /// To which mailbox.
    pub address: Tag,
    /// Whose link is in it.
    pub patient: Option<PatientId>,
    /// It must not leave later.
    pub not_after: Timestamp,
}

/// What is known at the instant of asking.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ServiceFacts {
    /// The red button is not pressed.
    pub sending: Known<bool>,
    /// The relay may carry PHI: that an address turned to a clinic is nobody's business.
    pub relay: Known<bool>,
    /// Whether the address is suppressed.
    pub suppression: Known<Suppression>,
    /// Such mails handed over to the address within [`SERVICE_WINDOW`].
    pub lately: Known<u64>,
    /// Whether the patient whose link is in the mail is known to have died.
    pub deceased: Known<bool>,
    /// Where the mailbox stands with the patient whose link is in the mail: `None` if it is not theirs (any more).
    pub standing: Known<AddressStanding>,
    /// Whether it is for the mailbox of an account of ours that can act.
    pub staff: Known<bool>,
}

/// What was decided on one such mail.
#[derive(Clone, Copy, Debug)]
pub struct ServiceRuling {
    /// What was asked.
    pub ask: ServiceAsk,
    /// The answer.
    pub verdict: Result<(), Denied>,
}

/// An open transaction that can tell the facts of its instant and write down rulings. Implemented by the store's
/// transaction, by nothing else (checked by `cargo xtask tidy`).
pub trait ServiceGate: Ledger {
    /// Locks all that could turn a yes into a no – the red button, the relay, the patients, accounts, other hand-overs of
    /// such mail – until the transaction ends, and only then reads. Mails that are no longer this claim's are left out.
    fn service_facts(
        &mut self,
        of: &[MessageId],
        now: Timestamp,
    ) -> impl Future<Output = Result<Vec<(ServiceAsk, ServiceFacts)>, Self::Error>> + Send;
    /// Marks `handed_over` or `held`, or gives back what passes, by compare-and-set on the claim.
    fn mark_service(
        &mut self,
        rulings: &[ServiceRuling],
        now: Timestamp,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// What the rules say of one such mail. Makes no proof.
///
/// # Errors
/// The first refusal.
pub fn judge_service(facts: &ServiceFacts, ask: &ServiceAsk, now: Timestamp) -> Result<(), Denied> {
    let unless = |refused: bool, why| if refused { Err(why) } else { Ok(()) };
    unless(!read(facts.sending)?, Denied::Stopped)?;
    unless(now >= ask.not_after, Denied::TooLate)?;
    unless(!read(facts.relay)?, Denied::NoBaa)?;
    match read(facts.suppression)? {
        Suppression::None => {}
        Suppression::Bounced => return Err(Denied::Bounced),
        Suppression::Complained => return Err(Denied::Complained),
    }
    if ask.service.is_about_a_patient() {
        unless(read(facts.deceased)?, Denied::Deceased)?;
        match (ask.patient, read(facts.standing)?) {
            (None, _) | (_, AddressStanding::None) => return Err(Denied::NoAddress),
            (_, AddressStanding::Doubtful) => return Err(Denied::Unverified),
            (_, AddressStanding::OnRecord | AddressStanding::Confirmed) => {}
        }
    }
    if ask.service.is_for_staff() {
        unless(!read(facts.staff)?, Denied::NoAddress)?;
    }
    unless(read(facts.lately)? >= MOST_SERVICE_MAILS, Denied::TooMany)
}

fn read<T>(fact: Known<T>) -> Result<T, Denied> {
    match fact {
        Known::Is(value) => Ok(value),
        Known::Unreadable => Err(Denied::Unreadable),
    }
}

/// The sibling of [`hand_over`](crate::hand_over) for mail that was asked for: in one transaction it locks, reads, judges,
/// marks, logs and commits; permits exist only after the commit. Mails of one batch count against each other.
///
/// # Errors
/// The transaction's own; nothing is handed over then.
pub async fn hand_over_service<G: ServiceGate>(
    mut tx: G,
    of: &[MessageId],
    now: Timestamp,
) -> Result<Vec<Permit>, G::Error> {
    let mut besides: HashMap<Tag, u64> = HashMap::new();
    let mut rulings = Vec::new();
    for (ask, mut facts) in tx.service_facts(of, now).await? {
        let count = besides.entry(ask.address).or_insert(0);
        if let Known::Is(lately) = &mut facts.lately {
            *lately += *count;
        }
        let verdict = judge_service(&facts, &ask, now);
        *count += u64::from(verdict.is_ok());
        rulings.push(ServiceRuling { ask, verdict });
    }
    tx.mark_service(&rulings, now).await?;
    let entries: Vec<Entry> = rulings.iter().map(|ruling| entry(ruling, now)).collect();
    discreet_audit::settle(tx, &entries).await?;
    let permitted = rulings.iter().filter(|ruling| ruling.verdict.is_ok());
    let permit = |ruling: &ServiceRuling| {
        let ask = &ruling.ask;
        Permit::mint(ask.message, Addressee::Mailbox(ask.address), ask.service.label(), now)
    };
    Ok(permitted.map(permit).collect())
}

fn entry(ruling: &ServiceRuling, now: Timestamp) -> Entry {
    let event = Event::ServiceDecided {
        message: ruling.ask.message,
        service: ruling.ask.service.name().to_owned(),
        patient: ruling.ask.patient,
        verdict: ruling.verdict.map_or_else(|denied| denied.code(), |()| "permitted").to_owned(),
        rules: TABLE_VERSION.to_owned(),
    };
    Entry { at: now, by: Actor::Dispatcher, event }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1_000);

    fn fine() -> ServiceFacts {
        ServiceFacts {
            sending: Known::Is(true),
            relay: Known::Is(true),
            suppression: Known::Is(Suppression::None),
            lately: Known::Is(MOST_SERVICE_MAILS - 1),
            deceased: Known::Is(false),
            standing: Known::Is(AddressStanding::OnRecord),
            staff: Known::Is(true),
        }
    }
    fn ask(service: Service) -> ServiceAsk {
        ServiceAsk {
            message: MessageId::random(),
            service,
            address: Tag([1; discreet_domain::TAG_LEN]),
            patient: service.is_about_a_patient().then(PatientId::random),
            not_after: Timestamp::from_micros(1_001),
        }
    }

    #[test]
    fn each_rule_refuses_what_it_should() {
        let cases: [(fn(&mut ServiceFacts), Denied); 9] = [
            (|f| f.sending = Known::Is(false), Denied::Stopped),
            (|f| f.relay = Known::Is(false), Denied::NoBaa),
            (|f| f.suppression = Known::Is(Suppression::Bounced), Denied::Bounced),
            (|f| f.suppression = Known::Is(Suppression::Complained), Denied::Complained),
            (|f| f.lately = Known::Is(MOST_SERVICE_MAILS), Denied::TooMany),
            (|f| f.sending = Known::Unreadable, Denied::Unreadable),
            (|f| f.relay = Known::Unreadable, Denied::Unreadable),
            (|f| f.suppression = Known::Unreadable, Denied::Unreadable),
            (|f| f.lately = Known::Unreadable, Denied::Unreadable),
        ];
        for service in Service::ALL {
            assert_eq!(judge_service(&fine(), &ask(service), NOW), Ok(()));
            assert_eq!(Service::parse(service.name()), Some(service));
            let late = ServiceAsk { not_after: NOW, ..ask(service) };
            assert_eq!(judge_service(&fine(), &late, NOW), Err(Denied::TooLate));
            for (change, denied) in cases {
                let mut facts = fine();
                change(&mut facts);
                assert_eq!(judge_service(&facts, &ask(service), NOW), Err(denied), "{service:?}");
            }
        }
    }

    #[test]
    fn a_test_goes_to_colleagues_alone_and_needs_no_patient() {
        for (staff, denied) in
            [(Known::Is(false), Denied::NoAddress), (Known::Unreadable, Denied::Unreadable)]
        {
            let facts = ServiceFacts { staff, standing: Known::Is(AddressStanding::None), ..fine() };
            assert_eq!(judge_service(&facts, &ask(Service::Test), NOW), Err(denied));
            assert_eq!(judge_service(&facts, &ask(Service::Confirmation), NOW), Ok(()));
        }
        let others = [Service::Confirmation, Service::Choices, Service::Copy];
        assert!(
            others.iter().all(|service| service.label() == Label::L1),
            "who entered an address proved nothing"
        );
        assert_eq!(Service::Test.label(), Label::L2);
    }

    #[test]
    fn a_patients_link_goes_only_to_a_mailbox_that_is_theirs() {
        for (standing, denied) in [
            (Known::Is(AddressStanding::None), Denied::NoAddress),
            (Known::Is(AddressStanding::Doubtful), Denied::Unverified),
            (Known::Unreadable, Denied::Unreadable),
        ] {
            let facts = ServiceFacts { standing, ..fine() };
            assert_eq!(judge_service(&facts, &ask(Service::Choices), NOW), Err(denied));
            assert_eq!(judge_service(&facts, &ask(Service::Copy), NOW), Err(denied));
            assert_eq!(judge_service(&facts, &ask(Service::Confirmation), NOW), Ok(()));
        }
        for (deceased, denied) in
            [(Known::Is(true), Denied::Deceased), (Known::Unreadable, Denied::Unreadable)]
        {
            let facts = ServiceFacts { deceased, ..fine() };
            assert_eq!(judge_service(&facts, &ask(Service::Choices), NOW), Err(denied));
            assert_eq!(judge_service(&facts, &ask(Service::Confirmation), NOW), Ok(()));
        }
        let nobody = ServiceAsk { patient: None, ..ask(Service::Choices) };
        assert_eq!(judge_service(&fine(), &nobody, NOW), Err(Denied::NoAddress));
    }
}
