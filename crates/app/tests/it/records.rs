//! What staff do with one record: found, opened, put right, handed out; and what an import makes of staff's word.

use discreet_access::{
    CorrectRecord, CountSegment, ErasePatient, ExportRecord, FindPatient, LiftSuppression, NotAllowed,
    ReadAudit, SettleAddress, ShowConsent, ShowPatient, WithdrawConsent,
};
use discreet_app::AppError;
use discreet_app::charts::View;
use discreet_app::consents::Said;
use discreet_app::corrections::{SaysOfAddress, Wrong};
use discreet_app::log_pages::{LogFilter, PAGE};
use discreet_app::patients::{Becoming, LookUp};
use discreet_app::segments::Which;
use discreet_audit::Reason;
use discreet_domain::{Channel, EmailAddress, Label, PatientId, Phi};
use discreet_policy::AddressStanding;
use discreet_policy::consent::Method;
use discreet_testkit::world::{
    CANARY, Mailing, NO_MAILBOX, Person, TestRelay, World, both, files_merging, marketing, people,
};
use std::sync::Arc;

async fn view(world: &World, patient: PatientId) -> View {
    let by = world.officer.may(ShowPatient { patient });
    world.app.view(&by, Reason::Care, None, world.now()).await.unwrap().into_exposed()
}

async fn correct(world: &World, patient: PatientId, wrong: Wrong) -> Result<(), AppError> {
    world.app.correct(world.officer.may(CorrectRecord { patient }), &wrong, world.now()).await
}

fn says(attribute: &str, value: &str) -> Wrong {
    Wrong::Attribute(attribute.to_owned(), Some(Phi::new(value.to_owned())))
}

fn value(view: &View, attribute: &str) -> Option<(String, bool)> {
    view.attributes.iter().find(|a| a.name == attribute).map(|a| (a.words.clone(), a.corrected))
}

async fn count(world: &World, text: &str) -> u64 {
    let which = Which::Text(text.to_owned());
    let by = world.marketer.may(CountSegment);
    world.app.count_segment(by, &which, &marketing(), world.now()).await.unwrap().count.exact()
}

async fn last_events(world: &World, n: usize) -> String {
    let lines = world.log_lines().await;
    lines[lines.len() - n..].join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_found_is_in_the_log_without_what_was_typed() {
    for world in both().await {
        let list = people(0, 3);
        world.import(&list).await;
        let find = |what: Vec<LookUp>| {
            let by = world.officer.may(FindPatient);
            let (app, now) = (&world.app, world.now());
            async move { app.find_any(by, &what, now).await.unwrap() }
        };
        assert_eq!(find(LookUp::number(None, &format!("{CANARY}-nobody"))).await, []);
        assert!(last_events(&world, 1).await.contains(r#""event":"nobody_found","by":"identifier""#));
        let found = find(LookUp::number(None, &list[1].mrn())).await;
        assert_eq!((found.len(), found[0].becoming), (1, Becoming::Live));
        assert_eq!(found, find(LookUp::number(Some("ehr"), &list[1].mrn())).await);
        assert_eq!(find(LookUp::number(Some("other"), &list[1].mrn())).await, []);

        // Whoever gave the number: the same one of two systems is two records, until the system is said.
        let of = |id: &str, system: &str| {
            format!(
                r#"{{"resourceType":"Patient","id":"{id}","identifier":[{{"type":{{"coding":[{{"code":"MR"}}]}},"system":"{system}","value":"{}"}}],"name":[{{"family":"{CANARY}"}}],"birthDate":"1970-05-06"}}"#,
                list[1].mrn()
            )
        };
        let lines = format!("{}\n", of("f1", "urn:oid:1.2.3"));
        let folder = world.write_export(&[("Patient.ndjson".to_owned(), lines)]);
        world.import_folder(folder).await;
        assert_eq!(find(LookUp::number(None, &list[1].mrn())).await.len(), 2);
        let other = find(LookUp::number(Some("urn:oid:1.2.3"), &list[1].mrn())).await;
        assert!(other.len() == 1 && other != found);

        world.import_csv(&files_merging(&list, &[(1, 2)])).await;
        let survivor = world.patient(&list[2]).await;
        let merged = find(LookUp::number(None, &list[1].mrn())).await;
        assert!(merged.iter().any(|f| f.becoming == Becoming::Merged(survivor)));
        let patient = world.patient(&list[0]).await;
        let by = world.officer.may(ErasePatient { patient });
        world.app.erase(by, None, world.now()).await.unwrap();
        assert_eq!(find(LookUp::number(None, &list[0].mrn())).await[0].becoming, Becoming::Erased);
        let by = world.officer.may(ShowPatient { patient });
        let head = world.app.head(&by, Reason::Care, None, world.now()).await;
        assert!(matches!(head, Err(AppError::Conflict(text)) if text.contains("erased")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_stands_until_the_source_says_something_else() {
    for world in both().await {
        let mut list = people(0, 2);
        list[0].conditions.push(("I10", "active"));
        list[0].visits.push(("2026-12-01T18:00:00Z", "booked"));
        world.import(&list).await;
        let patient = world.patient(&list[0]).await;
        assert_eq!(count(&world, "state = CA").await, 2);

        correct(&world, patient, says("state", "NV")).await.unwrap();
        assert_eq!(value(&view(&world, patient).await, "state"), Some(("NV".to_owned(), true)));
        assert_eq!(count(&world, "state = CA").await, 1, "segments see it at once");
        world.import(&list).await;
        assert_eq!(count(&world, "state = NV").await, 1, "the source says what it said: staff's word stands");
        list[0].state = "OR";
        world.import(&list).await;
        assert_eq!(value(&view(&world, patient).await, "state"), Some(("OR".to_owned(), false)));

        for wanted in ["E11.9", "booked"] {
            let line = view(&world, patient).await.lines.into_iter().find(|l| l.words.contains(wanted));
            correct(&world, patient, Wrong::Fact(line.unwrap().id)).await.unwrap();
            world.import(&list).await;
            let lines = view(&world, patient).await.lines;
            assert!(lines.iter().all(|l| !l.words.contains(wanted)), "{wanted} stays away");
        }
        assert_eq!(count(&world, "has condition icd10:E11*").await, 1);
        list[0].conditions[0].1 = "resolved";
        list[0].visits[0].1 = "cancelled";
        world.import(&list).await;
        let words: Vec<String> = view(&world, patient).await.lines.into_iter().map(|l| l.words).collect();
        assert!(words.iter().any(|w| w.contains("E11.9")) && words.iter().any(|w| w.contains("cancelled")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_value_or_no_fact_is_refused() {
    let world = World::sqlite().await;
    let list = people(0, 1);
    world.import(&list).await;
    let patient = world.patient(&list[0]).await;
    let before = world.log_lines().await.len();
    for (attribute, text) in [
        ("birth_date", "yesterday"),
        ("payer", "gold"),
        ("zip", "1234"),
        ("age", "50"),
        ("interests", "walking"),
        ("nothing", "x"),
        ("state", " "),
        ("city", "a\u{7}b"),
    ] {
        let refused = correct(&world, patient, says(attribute, text)).await;
        assert!(matches!(refused, Err(AppError::Invalid(_))), "{attribute} {text}");
    }
    for id in ["", "zz", "00"] {
        assert!(matches!(
            correct(&world, patient, Wrong::Fact(id.to_owned())).await,
            Err(AppError::NotFound("fact"))
        ));
    }
    // The looks are logged, changes there are none.
    assert!(!last_events(&world, world.log_lines().await.len() - before).await.contains("corrected"));
    correct(&world, patient, says("birth_date", "2015-03-01")).await.unwrap();
    let mut child = list[0].clone();
    child.birth = "2015-03-01".to_owned();
    assert_eq!(world.find(&child).await, [patient], "found by the right birth date");
    assert_eq!(world.find(&list[0]).await, [], "and not by the wrong one");
    let campaign = world.campaign(&Mailing::new("walks", "state = CA")).await;
    assert_eq!(world.refused(campaign).await["VETO_MINOR_REP"], 1);
}

async fn standing(world: &World, patient: PatientId) -> (AddressStanding, Option<String>, Option<String>) {
    let head = view(world, patient).await.head;
    (head.address, head.email, head.suppressed)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_settled_and_a_suppression_lifted() {
    for world in both().await {
        let list: Vec<Person> = people(0, 2);
        world.import(&list).await;
        let (ada, ben) = (world.patient(&list[0]).await, world.patient(&list[1]).await);
        let mut tx = world.store().await.begin(discreet_store::Lane::Withdrawal).await.unwrap();
        for patient in [ada, ben] {
            tx.touch(patient).await.unwrap();
            tx.set_doubtful(patient).await.unwrap();
            tx.add_notice("not_me", patient.uuid(), world.now()).await.unwrap();
        }
        let entry = |patient| discreet_audit::Entry {
            at: world.now(),
            by: discreet_domain::Actor::Patient(patient),
            event: discreet_audit::Event::NotMe { patient },
        };
        discreet_audit::settle(tx, &[entry(ada), entry(ben)]).await.unwrap();
        let settle = |patient, says| {
            let by = world.officer.may(SettleAddress { patient });
            let (app, now) = (&world.app, world.now());
            async move { app.settle_address(by, &says, now).await }
        };
        settle(ada, SaysOfAddress::Theirs).await.unwrap();
        let new = EmailAddress::parse("zz-canary-new@example.net").unwrap();
        settle(ben, SaysOfAddress::Another(Phi::new(new.clone()))).await.unwrap();
        assert_eq!(standing(&world, ada).await.0, AddressStanding::OnRecord);
        let notices = world.app.notices(world.officer.may(discreet_access::AnswerNotice)).await.unwrap();
        let open = notices.iter().any(|n| matches!(n.what, discreet_app::notices::About::NotMe(_)));
        assert!(!open, "seen to by settling it");
        let by = world.officer.may(FindPatient);
        let at_new = world.app.find(by, &LookUp::Email(Phi::new(new.clone())), world.now()).await.unwrap();
        assert_eq!(at_new, [ben]);
        world.import(&list).await;
        assert_eq!(
            standing(&world, ben).await.1.as_deref(),
            Some(new.as_str()),
            "the source says nothing new"
        );

        let campaign = world.campaign(&Mailing::new("walks", "age >= 18")).await;
        let relay = Arc::new(TestRelay::default());
        relay.answer(new.as_str(), &[NO_MAILBOX]);
        world.dispatch(campaign, &relay, 1).await;
        assert!(standing(&world, ben).await.2.is_some());
        let lift = |patient| {
            let by = world.officer.may(LiftSuppression { patient });
            let (app, now) = (&world.app, world.now());
            async move { app.lift_suppression(by, now).await }
        };
        lift(ben).await.unwrap();
        assert_eq!(standing(&world, ben).await.2, None);
        assert!(matches!(lift(ben).await, Err(AppError::Conflict(_))));
        assert!(last_events(&world, 4).await.contains(r#""event":"suppression_lifted""#));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_held_is_handed_out_once_its_disclosure_is_in_the_log() {
    for world in both().await {
        let list = people(0, 2);
        world.import(&list).await;
        let patient = world.patient(&list[0]).await;
        let campaign = world.campaign(&Mailing::new("walks", "age >= 18")).await;
        world.dispatch(campaign, &Arc::new(TestRelay::default()), 1).await;
        let (by, consents) =
            (world.officer.may(ExportRecord { patient }), world.officer.may(ShowConsent { patient }));
        let package = world.app.export(&by, &consents, world.now()).await.unwrap();
        let text = String::from_utf8(package.bytes.into_exposed()).unwrap();
        for part in [list[0].family(), list[0].mrn(), "icd10:E11.9".into(), format!("{CANARY} form 0")] {
            assert!(text.contains(&part), "{part}");
        }
        assert!(text.contains(&format!("{CANARY}-G0")), "what was put into the mail");
        assert!(!text.contains(&list[1].family()));
        assert!(!package.name.contains("Canary"));
        let released = r#""event":"released""#;
        assert!(last_events(&world, 1).await.contains(released));
        let other = world.officer.may(ShowConsent { patient: world.patient(&list[1]).await });
        assert!(world.app.export(&by, &other, world.now()).await.is_err(), "not with leave for another one");
        let may = world.marketer.who.may(ExportRecord { patient });
        assert!(matches!(may, Err(NotAllowed::Role(_))));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawal_cancels_what_is_queued_and_says_how_much() {
    for world in both().await {
        let list = people(0, 3);
        world.import(&list).await;
        let campaign = world.campaign(&Mailing::new("walks", "age >= 18")).await;
        let patient = world.patient(&list[0]).await;
        let said = Said {
            topic: marketing(),
            channel: Channel::Email,
            method: Method::Spoken,
            text_version: None,
            evidence: Some(Phi::new(format!("{CANARY} called"))),
        };
        let by = world.officer.may(WithdrawConsent { patient });
        assert_eq!(world.app.withdraw_and_cancel(by, said, world.now()).await.unwrap(), 1);
        assert!(last_events(&world, 1).await.contains(r#""verdict":"VETO_OPTOUT""#), "decided");
        let relay = Arc::new(TestRelay::default());
        assert_eq!(world.dispatch(campaign, &relay, 1).await.accepted, 2);
        let by = world.officer.may(ShowPatient { patient });
        let sent = world.app.sent_to(&by).await.unwrap();
        assert_eq!((sent[0].state, sent[0].reason.as_deref()), ("held", Some("opted out")));
        let by = world.officer.may(ShowConsent { patient });
        let book = world.app.book(&by, Reason::PatientRequest, world.now()).await.unwrap();
        let (n, has) = (book.acts[0].act.n, book.acts[0].evidence.is_some());
        assert!(has);
        let text = world.app.evidence_of_act(&by, Reason::PatientRequest, n, world.now()).await.unwrap();
        assert_eq!(text.into_exposed(), format!("{CANARY} called"));
        let other = world.officer.may(ShowConsent { patient: world.patient(&list[1]).await });
        assert!(world.app.evidence_of_act(&other, Reason::Care, n, world.now()).await.is_err());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn why_and_how_a_mail_was_sent() {
    let world = World::sqlite().await;
    let list = people(0, 1);
    world.import(&list).await;
    let patient = world.patient(&list[0]).await;
    let campaign = world.campaign(&Mailing::new("walks", "age >= 18")).await;
    world.dispatch(campaign, &Arc::new(TestRelay::default()), 1).await;
    let by = world.officer.may(ShowPatient { patient });
    let message = world.app.sent_to(&by).await.unwrap()[0].message;
    let decision = world.app.decision(&by, message).await.unwrap();
    assert_eq!(decision.line.state, "accepted");
    assert_eq!(decision.rows.iter().map(|row| row.id).collect::<Vec<_>>(), ["M08"]);
    assert_eq!(decision.approved_by.as_deref(), Some("omar"));
    assert_eq!(decision.relied_on.unwrap().text_version.as_deref(), Some("v1"));
    assert!(decision.rendered && decision.label >= Label::L1);
    let mail = world.app.mail_as_sent(&by, Reason::Care, message, world.now()).await.unwrap().into_exposed();
    assert!(mail.html.contains(&format!("{CANARY}-G0")), "filled with what it was filled with");
    let last = last_events(&world, 1).await;
    assert!(last.contains(r#""event":"looked""#), "{last}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_by_pages_newest_first() {
    for world in both().await {
        let list = people(0, 2);
        world.import(&list).await;
        let patient = world.patient(&list[0]).await;
        for _ in 0..PAGE {
            view(&world, patient).await;
        }
        let page = |filter: LogFilter| {
            let by = world.officer.may(ReadAudit);
            let app = &world.app;
            async move { app.log_page(by, &filter).await.unwrap() }
        };
        let size = world.app.log_size().await.unwrap();
        let mut all = Vec::new();
        let mut before = None;
        loop {
            let some = page(LogFilter { before, ..LogFilter::default() }).await;
            assert!(some.lines.len() <= PAGE);
            all.extend(some.lines.iter().map(|line| line.n));
            before = some.older;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(all, (0..size).rev().collect::<Vec<_>>(), "each once, newest first");
        let about = page(LogFilter { patient: Some(patient), ..LogFilter::default() }).await;
        assert_eq!(about.lines.len(), PAGE);
        assert!(about.lines.iter().all(|line| line.details.starts_with("one record")));
        let rest = LogFilter { patient: Some(patient), before: about.older, ..LogFilter::default() };
        let rest = page(rest).await;
        assert!((1..PAGE).contains(&rest.lines.len()) && rest.older.is_none());
        let by_act = LogFilter { act: Some("import_started".into()), ..LogFilter::default() };
        assert_eq!(page(by_act).await.lines.len(), 1);
        let by_user = LogFilter { user: Some(world.steward.id()), ..LogFilter::default() };
        assert!(page(by_user).await.lines.iter().all(|line| line.who == "dana"));
        let later = LogFilter { from: Some(world.now().plus_seconds(1)), ..LogFilter::default() };
        assert_eq!(page(later).await.lines.len(), 0);
        let earlier = LogFilter { to: Some(world.now()), ..LogFilter::default() };
        assert_eq!(page(earlier).await.lines.len(), 0);
        let entry = world.app.log_entry(world.officer.may(ReadAudit), 0).await.unwrap();
        assert_eq!((entry.line.n, entry.line.what.as_str()), (0, "Made the installation"));
        assert!(world.app.log_entry(world.officer.may(ReadAudit), size).await.is_err());
    }
}
