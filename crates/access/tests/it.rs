//! Identification and leave, through the public face.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

use discreet_access::{
    ApproveCampaign, CountSegment, Import, LinkRecord, NotAllowed, NotMe, PatientToken, Role, Roles, Scopes,
    Token, TokenRecord, Unsubscribe, Who,
};
use discreet_domain::{CampaignId, Label, MessageId, PatientId, Timestamp, TokenId, Topic, UserId, Viewer};

const NOW: Timestamp = Timestamp::from_micros(100);

fn record(token: &Token, roles: &[Role]) -> TokenRecord {
    TokenRecord {
        token: TokenId::random(),
        hash: token.hash(),
        user: UserId::random(),
        roles: Roles::of(roles),
        disabled: false,
        expires: Some(Timestamp::from_micros(101)),
        revoked: false,
        scopes: Scopes::ALL,
    }
}

#[test]
fn only_a_live_token_identifies() {
    let token = Token::generate().unwrap();
    let good = record(&token, &[Role::Marketer]);
    assert_eq!(Who::identify(&token, &good, NOW).unwrap().user(), good.user);
    let other = Token::generate().unwrap();
    assert_eq!(Who::identify(&other, &good, NOW).unwrap_err(), NotAllowed::Unknown);
    for bad in [
        TokenRecord { revoked: true, ..good },
        TokenRecord { disabled: true, ..good },
        TokenRecord { expires: Some(NOW), ..good },
    ] {
        assert_eq!(Who::identify(&token, &bad, NOW).unwrap_err(), NotAllowed::Unknown);
    }
}

#[test]
fn sensitive_segments_are_read_by_their_author_and_those_who_see_patients() {
    let token = Token::generate().unwrap();
    for (role, reads) in [(Role::Marketer, false), (Role::Analyst, false), (Role::PrivacyOfficer, true)] {
        let who = Who::identify(&token, &record(&token, &[role]), NOW).unwrap();
        let by = who.may(CountSegment).unwrap();
        for label in Label::ALL {
            let other = by.may_read_segment(label, Some(UserId::random()));
            assert_eq!(other, reads || label < Label::L3, "{role:?} {label}");
            assert_eq!(by.may_read_segment(label, None), other, "{role:?} {label}: nobody's");
            assert!(by.may_read_segment(label, Some(by.user())), "{role:?} {label}: their own");
        }
    }
}

#[test]
fn roles_and_the_second_person() {
    let token = Token::generate().unwrap();
    let marketer = Who::identify(&token, &record(&token, &[Role::Marketer]), NOW).unwrap();
    assert!(marketer.may(CountSegment).is_ok());
    assert_eq!(marketer.viewer(), Viewer::SeesNumbers);
    let refused = marketer.may(Import).unwrap_err();
    assert!(refused.to_string().contains("data_steward"));
    let everything = Who::identify(&token, &record(&token, &Role::ALL), NOW).unwrap();
    assert_eq!(everything.viewer(), Viewer::SeesPatients);
    let own = ApproveCampaign { campaign: CampaignId::random(), author: everything.user() };
    assert!(matches!(everything.may(own), Err(NotAllowed::SecondPerson(_))), "whatever the roles");
    let others = ApproveCampaign { author: UserId::random(), ..own };
    assert!(everything.may(others).is_ok());
}

#[test]
fn a_link_does_what_it_is_for() {
    let record = LinkRecord {
        verb: "unsubscribe".into(),
        message: MessageId::random(),
        patient: PatientId::random(),
        topic: Topic::marketing(),
        address: vec![],
    };
    assert!(PatientToken::<NotMe>::redeem(record.clone()).is_none());
    assert!(PatientToken::<Unsubscribe>::redeem(record).is_some());
}

#[test]
fn a_token_gives_no_more_than_its_scopes() {
    let token = Token::generate().unwrap();
    let scopes = Scopes::of(&[discreet_access::ActionName::ListSegments]);
    let limited = TokenRecord { scopes, ..record(&token, &Role::ALL) };
    let who = Who::identify(&token, &limited, NOW).unwrap();
    assert!(who.may(discreet_access::ListSegments).is_ok());
    assert!(matches!(who.may(discreet_access::Import), Err(NotAllowed::Scope(_))));
    assert!(!who.can(discreet_access::ActionName::Import));
}
