//! Each rule refuses what it should, and only that.

use super::judge;
use crate::authorization::AuthorizationStanding as On;
use crate::consent::{OptIn, Stop};
use crate::{AddressStanding, Age, Ask, CampaignStanding, Denied, Facts, Known, Requirements, Suppression};
use discreet_domain::{CampaignId, Label, MessageId, PatientId, Timestamp};

const NOW: Timestamp = Timestamp::from_micros(1_000);

fn fine() -> Facts {
    Facts {
        sending: Known::Is(true),
        campaign: Known::Is(CampaignStanding::Running),
        relay: Known::Is(true),
        deceased: Known::Is(false),
        active: Known::Is(true),
        age: Known::Is(Age::Adult),
        restricted: Known::Is(false),
        address: Known::Is(AddressStanding::OnRecord),
        suppression: Known::Is(Suppression::None),
        opt_in: Known::Is(OptIn::Granted),
        stop: Known::Is(Stop::None),
        authorization: Known::Is(On::LiveStatingRemuneration),
        resting_until: Known::Is(None),
        contact_version: 1,
        relied_on: Some(1),
    }
}

fn ask(requirements: Requirements) -> Ask {
    Ask {
        message: MessageId::random(),
        campaign: CampaignId::random(),
        patient: PatientId::random(),
        requirements,
        label: Label::L1,
        not_after: Timestamp::from_micros(1_001),
    }
}

const CARE: Requirements =
    Requirements { opt_in: false, authorization: false, remuneration_statement: false, denied: false };
const NEWS: Requirements = Requirements { opt_in: true, ..CARE };
const PARTNER: Requirements = Requirements { authorization: true, ..NEWS };
const PAID: Requirements = Requirements { remuneration_statement: true, ..PARTNER };

#[test]
fn what_is_fine_passes() {
    for requirements in [CARE, NEWS, PARTNER, PAID] {
        assert_eq!(judge(&fine(), &ask(requirements), NOW), Ok(()));
    }
}

#[test]
fn vetoes_hold_for_every_purpose() {
    let cases: [(fn(&mut Facts), Denied); 15] = [
        (|f| f.sending = Known::Is(false), Denied::Stopped),
        (|f| f.campaign = Known::Is(CampaignStanding::Paused), Denied::Paused),
        (|f| f.campaign = Known::Is(CampaignStanding::Closed), Denied::CampaignClosed),
        (|f| f.relay = Known::Is(false), Denied::NoBaa),
        (|f| f.deceased = Known::Is(true), Denied::Deceased),
        (|f| f.active = Known::Is(false), Denied::Inactive),
        (|f| f.age = Known::Is(Age::Minor), Denied::Minor),
        (|f| f.age = Known::Is(Age::Unknown), Denied::AgeUnknown),
        (|f| f.restricted = Known::Is(true), Denied::Restricted),
        (|f| f.address = Known::Is(AddressStanding::None), Denied::NoAddress),
        (|f| f.address = Known::Is(AddressStanding::Doubtful), Denied::Unverified),
        (|f| f.suppression = Known::Is(Suppression::Bounced), Denied::Bounced),
        (|f| f.suppression = Known::Is(Suppression::Complained), Denied::Complained),
        (|f| f.stop = Known::Is(Stop::All), Denied::StopAll),
        (|f| f.opt_in = Known::Is(OptIn::Withdrawn), Denied::OptedOut),
    ];
    for requirements in [CARE, NEWS, PARTNER, PAID] {
        for (change, denied) in cases {
            let mut facts = fine();
            change(&mut facts);
            assert_eq!(judge(&facts, &ask(requirements), NOW), Err(denied));
        }
    }
}

#[test]
fn what_cannot_be_read_is_refused() {
    let unread: [fn(&mut Facts); 11] = [
        |f| f.sending = Known::Unreadable,
        |f| f.campaign = Known::Unreadable,
        |f| f.relay = Known::Unreadable,
        |f| f.deceased = Known::Unreadable,
        |f| f.active = Known::Unreadable,
        |f| f.age = Known::Unreadable,
        |f| f.restricted = Known::Unreadable,
        |f| f.address = Known::Unreadable,
        |f| f.suppression = Known::Unreadable,
        |f| f.opt_in = Known::Unreadable,
        |f| f.stop = Known::Unreadable,
    ];
    for requirements in [CARE, NEWS, PAID] {
        for change in unread {
            let mut facts = fine();
            change(&mut facts);
            assert_eq!(judge(&facts, &ask(requirements), NOW), Err(Denied::Unreadable));
        }
    }
    let facts = Facts { authorization: Known::Unreadable, ..fine() };
    assert_eq!(judge(&facts, &ask(PARTNER), NOW), Err(Denied::Unreadable));
    assert_eq!(judge(&facts, &ask(NEWS), NOW), Ok(()));
}

#[test]
fn optional_mail_needs_opt_in_and_care_mail_does_not() {
    let never = Facts { opt_in: Known::Is(OptIn::Never), ..fine() };
    assert_eq!(judge(&never, &ask(NEWS), NOW), Err(Denied::NoOptIn));
    assert_eq!(judge(&never, &ask(CARE), NOW), Ok(()));
    let optional = Facts { stop: Known::Is(Stop::Optional), ..fine() };
    assert_eq!(judge(&optional, &ask(NEWS), NOW), Err(Denied::OptedOut));
    assert_eq!(judge(&optional, &ask(CARE), NOW), Ok(()));
}

#[test]
fn an_opt_in_is_no_authorization() {
    let cases = [
        (On::Missing, Denied::AuthorizationMissing),
        (On::OutOfScope, Denied::AuthorizationScope),
        (On::Defective, Denied::AuthorizationDefective),
        (On::Revoked, Denied::AuthorizationRevoked),
        (On::Expired, Denied::AuthorizationExpired),
    ];
    for (standing, denied) in cases {
        let facts = Facts { authorization: Known::Is(standing), ..fine() };
        assert_eq!(judge(&facts, &ask(PARTNER), NOW), Err(denied));
        assert_eq!(judge(&facts, &ask(NEWS), NOW), Ok(()));
    }
    let live = Facts { authorization: Known::Is(On::Live), ..fine() };
    assert_eq!(judge(&live, &ask(PARTNER), NOW), Ok(()));
    assert_eq!(judge(&live, &ask(PAID), NOW), Err(Denied::AuthorizationScope));
    let not_opted_in = Facts { opt_in: Known::Is(OptIn::Never), ..fine() };
    assert_eq!(judge(&not_opted_in, &ask(PARTNER), NOW), Err(Denied::NoOptIn), "nor the other way round");
}

#[test]
fn times_and_labels_at_their_edges() {
    let late = Ask { not_after: NOW, ..ask(CARE) };
    assert_eq!(judge(&fine(), &late, NOW), Err(Denied::TooLate));
    let sensitive = Ask { label: Label::L3, ..ask(CARE) };
    assert_eq!(judge(&fine(), &sensitive, NOW), Err(Denied::Unverified));
    let confirmed = Facts { address: Known::Is(AddressStanding::Confirmed), ..fine() };
    assert_eq!(judge(&confirmed, &sensitive, NOW), Ok(()));
    let denied = Ask { requirements: Requirements { denied: true, ..CARE }, ..ask(CARE) };
    assert_eq!(judge(&fine(), &denied, NOW), Err(Denied::Unclassified));
}

#[test]
fn who_asked_for_less_gets_no_second_one_before() {
    let until = |micros| Facts { resting_until: Known::Is(Some(Timestamp::from_micros(micros))), ..fine() };
    assert_eq!(judge(&until(1_001), &ask(NEWS), NOW), Err(Denied::TooOften));
    assert_eq!(judge(&until(1_000), &ask(NEWS), NOW), Ok(()));
    assert_eq!(judge(&until(1_001), &ask(CARE), NOW), Ok(()), "mail about care comes when it must");
    let unread = Facts { resting_until: Known::Unreadable, ..fine() };
    assert_eq!(judge(&unread, &ask(NEWS), NOW), Err(Denied::Unreadable));
    assert_eq!(judge(&unread, &ask(CARE), NOW), Ok(()));
}
