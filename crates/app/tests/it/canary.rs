//! The canary: names, numbers, addresses and diagnoses of patients stand nowhere in clear. Every other test looks for it
//! too, when its world ends; here is everything at once, and what people get to see.

use discreet_access::{
    ErasePatient, ExplainMembership, FindPatient, Import, PreviewCampaign, ReadAudit, ShowConsent,
    ShowPatient, Unsubscribe, WithdrawConsent,
};
use discreet_app::audit::Filter;
use discreet_app::consents::Said;
use discreet_app::import::Order;
use discreet_app::links::Extent;
use discreet_app::patients::LookUp;
use discreet_app::segments::Which;
use discreet_app::segments::why::Because;
use discreet_audit::Reason;
use discreet_domain::{Channel, Identifier, PatientId, Phi};
use discreet_mail::LinkPurpose;
use discreet_policy::consent::Method;
use discreet_testkit::world::{
    CANARY, LATER, Mailing, NO_MAILBOX, TestRelay, World, address, both, files, found_in_files, marketing,
    people,
};
use std::fmt::Debug;
use std::sync::Arc;

const CARE: Because<'_> = Because { reason: Reason::Care, note: None };

fn clean(what: &impl Debug) {
    clean_text(&format!("{what:?} {what:#?}"));
}

fn clean_text(text: &str) {
    let at = text.to_lowercase().find(&CANARY.to_lowercase());
    assert!(at.is_none(), "the canary shows: …{}…", &text[at.unwrap_or(0).saturating_sub(80)..]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_stands_in_clear_whatever_is_done() {
    for world in both().await {
        let mut list = people(0, 20);
        list[5].visits.push(("2026-12-01T18:00:00Z", "booked"));
        imports(&world, &files(&list)).await;
        let campaign = world.campaign(&Mailing::new("Zz-Canary mailing", "age >= 18")).await;
        let relay = Arc::new(TestRelay::default());
        relay.answer(&address(0), &[NO_MAILBOX]);
        relay.answer(&address(1), &[LATER]);
        world.round(campaign, &relay, discreet_app::dispatch::Pace::default()).await;
        world.pass(60);
        world.dispatch(campaign, &relay, 1).await;
        headers_say_nothing(&relay);
        clean(&relay.given());
        let mut ids = Vec::new();
        for person in &list {
            ids.push(world.patient(person).await);
        }
        looks(&world, &ids, &relay).await;
        errors(&world, ids[6]).await;
        clean(&world.app);
        clean(
            &world
                .app
                .entries(world.officer.may(ReadAudit), &Filter::default())
                .await
                .unwrap()
                .iter()
                .map(|e| &e.body)
                .collect::<Vec<_>>(),
        );
        if world.is_sqlite() {
            let (copy, _) = world.copy();
            let leaks = found_in_files(copy.path());
            assert!(leaks.is_empty(), "in a copy: {leaks:?}");
        }
        world.check().await;
    }
}

/// Good rows, bad rows, a dry run, and a file named after a patient.
async fn imports(world: &World, good: &[(String, String)]) {
    let mut all = good.to_vec();
    all[0].1.push_str(&format!("p98,{CANARY}-too-few\n"));
    all[1].1.push_str(&format!("x1,p97,icd10,E11.9,{CANARY},2020-01-01,active\n"));
    all.push((format!("{CANARY}-F1.json"), format!("{{\"{CANARY}\": ")));
    let folder = world.write_export(&all);
    for dry_run in [true, false] {
        let order = Order {
            files: discreet_app::import::Source::at(&folder),
            source: "ehr".to_owned(),
            mapping: None,
            dry_run,
            batch: false,
        };
        let imported =
            world.app.import(world.steward.may(Import), order, &*world.clock(), &|_| {}).await.unwrap();
        assert!(imported.tally.total().rejected >= 2);
        clean(&imported);
        imported.rejected.iter().for_each(|row| clean_text(&format!("{} {}", row.file, row.reason)));
    }
    let none = world.folder().join("tmp");
    assert_eq!(std::fs::read_dir(none).unwrap().count(), 0, "temporary files are gone");
}

/// Subjects, Message-IDs, senders: whatever stands in the head of a mail, but the address itself.
fn headers_say_nothing(relay: &TestRelay) {
    for mail in relay.given() {
        let text = String::from_utf8_lossy(mail.bytes.expose()).into_owned();
        let head = text.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ").replace("\r\n\t", " ");
        for line in head.lines().filter(|line| !line.starts_with("To:")) {
            clean_text(line);
        }
        assert!(text.contains("Zz-Canary"), "the name is in the body, where it belongs");
    }
}

async fn looks(world: &World, ids: &[PatientId], relay: &TestRelay) {
    let (app, now) = (&world.app, world.now());
    let patient = ids[5];
    let note = Some("Zz-Canary wants to know");
    let record = app.show(world.officer.may(ShowPatient { patient }), Reason::Care, note, now).await.unwrap();
    assert!(record.expose().identity.name.family.contains(CANARY) && !record.expose().events.is_empty());
    clean(&record);
    clean(&record.expose().identity);
    let which = Which::Text("has condition icd10:E11*".to_owned());
    clean(&app.why(world.officer.may(ExplainMembership { patient }), &which, CARE, now).await.unwrap());
    let id = Identifier { source: "ehr".to_owned(), value: "p5".to_owned() };
    let look_up = LookUp::Identifier(Phi::new(id));
    clean(&look_up);
    assert_eq!(app.find(world.officer.may(FindPatient), &look_up, now).await.unwrap(), [patient]);
    let said = Said {
        topic: marketing(),
        channel: Channel::Email,
        method: Method::Spoken,
        text_version: None,
        evidence: Some(Phi::new("Zz-Canary called".to_owned())),
    };
    clean(&said);
    app.withdraw(world.officer.may(WithdrawConsent { patient }), said, now).await.unwrap();
    clean(&app.consents_of(world.officer.may(ShowConsent { patient }), now).await.unwrap());
    let token = world.link::<Unsubscribe>(&relay.given()[3], LinkPurpose::Unsubscribe).await;
    clean(&token);
    clean(&app.link_page(&token));
    app.unsubscribe(&token, Extent::AllOptional, Method::MailLink, now).await.unwrap();
    let draft = world.draft(&Mailing::new("Zz-Canary second", "age >= 18")).await;
    let preview = app.preview(world.officer.may(PreviewCampaign), draft.campaign, now).await.unwrap();
    clean_text(&preview.html);
    clean_text(&preview.text);
}

/// What is said when something does not work.
async fn errors(world: &World, patient: PatientId) {
    let (app, now) = (&world.app, world.now());
    app.erase(world.officer.may(ErasePatient { patient }), Some("Zz-Canary asked"), now).await.unwrap();
    let no = app.show(world.officer.may(ShowPatient { patient }), Reason::Care, None, now).await.unwrap_err();
    clean_text(&format!("{no} {no:?}"));
    let path = world.folder().join("no such folder");
    let order = Order {
        files: discreet_app::import::Source::at(path),
        source: "ehr".to_owned(),
        mapping: None,
        dry_run: false,
        batch: false,
    };
    let no = app.import(world.steward.may(Import), order, &*world.clock(), &|_| {}).await.unwrap_err();
    clean_text(&format!("{no} {no:?}"));
    let which = Which::Text("has condition icd10:E11* and".to_owned());
    let no = app.why(world.officer.may(ExplainMembership { patient }), &which, CARE, now).await.unwrap_err();
    clean_text(&format!("{no} {no:?}"));
}
