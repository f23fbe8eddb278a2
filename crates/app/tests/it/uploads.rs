//! Files that come in by the web: kept sealed, mapped, checked, imported one at a time, let go.

use discreet_access::{AnswerImportNotice, Import, ListImports, ReadUpload};
use discreet_app::AppError;
use discreet_app::import::RunState;
use discreet_app::notices::About;
use discreet_app::uploads::{
    Choice, Choices, JobKind, JobState, LARGEST_UPLOAD, MOST_WAITING, WAITS_SECONDS,
};
use discreet_domain::ImportId;
use discreet_testkit::world::{CANARY, World, files, people};
use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::sync::Arc;

async fn sent(world: &World, files: &[(&str, Vec<u8>)]) -> Result<ImportId, AppError> {
    let mut receiving = world.app.receive(&world.steward.may(Import), LARGEST_UPLOAD);
    for (name, bytes) in files {
        receiving.begin(name).await?;
        for part in bytes.chunks(700) {
            receiving.more(part).await?;
        }
    }
    world.app.received(receiving, "ehr", world.now()).await
}

fn zipped(files: &[(String, String)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        archive.start_file(format!("export/{name}"), zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

async fn ended(world: &World, id: ImportId) -> JobState {
    loop {
        let job = world.app.upload(world.steward.may(Import), id).unwrap().job.unwrap();
        if !job.is_running() {
            return job.state();
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

async fn done(world: &World, id: ImportId, kind: JobKind) -> JobState {
    let now = world.now();
    world.app.begin_job(world.steward.may(Import), id, kind, Arc::new(move || now)).await.unwrap();
    ended(world, id).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_is_checked_and_imported() {
    let world = World::sqlite().await;
    let id = sent(&world, &[("export.zip", zipped(&files(&people(0, 5))))]).await.unwrap();
    let mapping = world.app.mapping(&world.steward.may(Import), id, world.now()).unwrap();
    assert!(mapping.is_ready() && mapping.files.iter().all(|file| file.own.is_some()));
    assert_eq!(done(&world, id, JobKind::Check).await, JobState::Done);
    let runs = world.app.runs(world.officer.may(ListImports)).await.unwrap();
    assert!(runs[0].dry_run && runs[0].created > 5 && runs[0].state == RunState::Ended);
    assert_eq!(done(&world, id, JobKind::Run).await, JobState::Done);
    assert!(world.app.waiting_uploads(world.steward.may(Import), world.now()).is_empty(), "let go");
    let (run, report) = world.app.run_of(world.officer.may(ListImports), id).await.unwrap();
    assert_eq!((run.dry_run, run.created, run.by.as_deref()), (false, runs[0].created, Some("dana")));
    assert_eq!(report.unwrap().tally.kinds["patient"].created, 5);
    assert!(world.app.upload(world.steward.may(Import), ImportId::random()).is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_are_mapped_shown_with_leave_and_remembered() {
    let world = World::sqlite().await;
    let text = format!("MRN;LAST;DOB;DX\n1;{CANARY};03/31/1980;E11.9\n2;{CANARY};02/30/1980;\n");
    let id = sent(&world, &[("List 2026.csv", text.clone().into_bytes())]).await.unwrap();
    let mapping = world.app.mapping(&world.steward.may(Import), id, world.now()).unwrap();
    let file = &mapping.files[0];
    let ours: Vec<String> = file.columns.iter().map(|c| c.ours.join("+")).collect();
    assert_eq!((file.kind.as_str(), file.delimiter), ("patients", ';'));
    assert_eq!(ours, ["id+mrn", "family", "birth_date", ""]);
    assert_eq!(file.columns[2].trouble, 2, "nothing is guessed about dates");
    assert!(file.columns.iter().all(|c| c.values.is_empty()) && !mapping.values);
    let choice = Choice {
        kind: "patients".to_owned(),
        dates: discreet_app::import::DateOrder::MonthFirst,
        ..Choice::default()
    };
    world.app.map_columns(world.steward.may(Import), id, &Choices(BTreeMap::from([(0, choice)]))).unwrap();
    world.app.show_values(world.steward.may(ReadUpload), id, world.now()).await.unwrap();
    let mapping = world.app.mapping(&world.steward.may(Import), id, world.now()).unwrap();
    assert_eq!((mapping.files[0].columns[2].trouble, mapping.values), (1, true));
    assert_eq!(mapping.files[0].columns[3].values[0].expose(), "E11.9");
    let looked = world.log_lines().await.iter().filter(|l| l.contains("\"looked\"")).count();
    assert_eq!(looked, 1);
    assert_eq!(done(&world, id, JobKind::Check).await, JobState::Done);
    world.app.discard_upload(world.steward.may(Import), id, world.now()).await.unwrap();
    let id = sent(&world, &[("List 2027.csv", text.into_bytes())]).await.unwrap();
    let mapping = world.app.mapping(&world.steward.may(Import), id, world.now()).unwrap();
    assert!(mapping.remembered && mapping.files[0].columns[2].trouble == 1);
    world.pass(16 * 60);
    assert!(!world.app.mapping(&world.steward.may(Import), id, world.now()).unwrap().values, "a look ends");
    // Of another kind: proposed anew, and what no column says can be said for all rows.
    let kind = Choice { kind: "conditions".to_owned(), ..Choice::default() };
    world.app.map_columns(world.steward.may(Import), id, &Choices(BTreeMap::from([(0, kind)]))).unwrap();
    let mapping = world.app.mapping(&world.steward.may(Import), id, world.now()).unwrap();
    assert_eq!(mapping.files[0].fixed, [("system".to_owned(), String::new())]);
    assert!(!mapping.is_ready());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_at_a_time_and_a_failure_is_told() {
    let world = World::sqlite().await;
    // A gzip file that breaks off: what is missing cannot be told.
    let line =
        |n: u32| format!("{{\"resourceType\":\"Patient\",\"id\":\"p{n}\",\"birthDate\":\"1980-01-01\"}}\n");
    let mut cut = gzip_without_end(&(0..5_000).map(line).collect::<String>());
    cut.truncate(cut.len() / 2);
    assert!(matches!(
        sent(&world, &[("patients.csv.gz", cut[..100].to_vec())]).await,
        Err(AppError::Invalid(_))
    ));
    let id = sent(&world, &[("Patient.ndjson.gz", cut)]).await.unwrap();
    assert!(matches!(done(&world, id, JobKind::Check).await, JobState::Failed(_)));
    let by = || world.steward.may(AnswerImportNotice);
    assert!(world.app.import_notices(by()).await.unwrap().is_empty(), "a check fails quietly");
    assert!(matches!(done(&world, id, JobKind::Run).await, JobState::Failed(_)));
    let told = world.app.import_notices(by()).await.unwrap();
    assert_eq!(told.iter().map(|n| n.what.clone()).collect::<Vec<_>>(), [About::ImportFailed(id)]);
    world.app.answer_import_notice(by(), told[0].n, world.now()).await.unwrap();
    let (run, report) = world.app.run_of(world.steward.may(ListImports), id).await.unwrap();
    assert!(run.state == RunState::Failed && report.unwrap().failure.is_some());
    assert_eq!(
        world.app.waiting_uploads(world.steward.may(Import), world.now()).len(),
        1,
        "the files are kept"
    );
    assert!(matches!(done(&world, id, JobKind::Run).await, JobState::Failed(_)), "and can be tried again");

    let list: String = files(&people(0, 3)).remove(0).1;
    let good = sent(&world, &[("patients.csv", list.into_bytes())]).await.unwrap();
    let now = world.now();
    let begin =
        |id| world.app.begin_job(world.steward.may(Import), id, JobKind::Check, Arc::new(move || now));
    let (first, second) = tokio::join!(begin(good), begin(good));
    assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    assert_eq!(ended(&world, good).await, JobState::Done);
}

/// The deflated bytes of an archive's one file, with gzip's own head: there is no trailer, so it breaks off.
fn gzip_without_end(text: &str) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("x", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(text.as_bytes()).unwrap();
    let bytes = archive.finish().unwrap().into_inner();
    let skip = 30
        + usize::from(u16::from_le_bytes([bytes[26], bytes[27]]))
        + usize::from(u16::from_le_bytes([bytes[28], bytes[29]]));
    let mut gz = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    gz.extend_from_slice(&bytes[skip..]);
    gz
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_in_is_bounded() {
    let world = World::sqlite().await;
    let mut small = world.app.receive(&world.steward.may(Import), 10);
    small.begin("patients.csv").await.unwrap();
    assert!(matches!(small.more(&[b'x'; 11]).await, Err(AppError::Invalid(_))));
    assert!(matches!(sent(&world, &[("a.pdf", vec![1])]).await, Err(AppError::Invalid(_))));
    assert!(matches!(sent(&world, &[("a.csv", vec![])]).await, Err(AppError::Invalid(_))));
    assert!(matches!(
        sent(&world, &[("a.zip", b"PK\x03\x04 no archive".to_vec())]).await,
        Err(AppError::Invalid(_))
    ));
    for _ in 0..MOST_WAITING {
        sent(&world, &[("a.csv", b"MRN\n1\n".to_vec())]).await.unwrap();
    }
    assert!(matches!(sent(&world, &[("a.csv", b"MRN\n1\n".to_vec())]).await, Err(AppError::Conflict(_))));
    world.pass(WAITS_SECONDS + 1);
    assert!(
        world.app.waiting_uploads(world.steward.may(Import), world.now()).is_empty(),
        "let go after a day"
    );
}
