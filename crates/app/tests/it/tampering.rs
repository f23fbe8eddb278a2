//! Somebody edits the log with SQL: `verify` names the first entry that is not as it was written.

use discreet_access::VerifyAudit;
use discreet_app::App;
use discreet_app::audit::Verdict;
use discreet_audit::Fault;
use discreet_audit::tree::{Edge, leaf};
use discreet_testkit::world::{Mailing, TestRelay, World, people, unlock};
use rusqlite::{Connection, params};
use std::sync::Arc;

/// A world with a full log, and the commit that is tampered with: one of several entries, in the middle.
async fn busy() -> (World, i64, i64) {
    let world = World::sqlite().await;
    world.import(&people(0, 12)).await;
    let campaign = world.campaign(&Mailing::new("walks", "age >= 18")).await;
    world.dispatch(campaign, &Arc::new(TestRelay::default()), 1).await;
    world.app.keep_witness().await.unwrap();
    let db = Connection::open(world.folder().join("discreet.db")).unwrap();
    let (seq, first) = db
        .query_row(
            "select seq, first from log where bodies like '%permitted%' order by seq limit 1",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    (world, seq, first)
}

/// What `verify` says of a copy after `tamper`.
async fn verdict(world: &World, checkpoint: Option<&str>, tamper: impl FnOnce(&Connection)) -> Verdict {
    let (_copy, sites) = world.copy();
    let path = sites.folder.join("discreet.db");
    tamper(&Connection::open(path).unwrap());
    let app = App::open(&sites, &unlock()).await.unwrap();
    app.verify(world.officer.may(VerifyAudit), checkpoint).await.unwrap()
}

fn fault(verdict: Verdict) -> Fault {
    match verdict {
        Verdict::Faulty(fault) => fault,
        Verdict::Sound(_) => panic!("nothing was noticed"),
    }
}

fn run(db: &Connection, sql: &str, seq: i64) {
    assert!(db.execute(sql, params![seq]).unwrap() > 0, "{sql}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_edit_is_named() {
    let (world, seq, first) = busy().await;
    let (entry, commit) = (first.unsigned_abs(), seq.unsigned_abs());
    assert!(matches!(verdict(&world, None, |_| {}).await, Verdict::Sound(_)));

    let sql = "update log set bodies = replace(bodies, 'permitted', 'VETO_MINOR_REP') where seq = ?1";
    let found = fault(verdict(&world, None, |db| run(db, sql, seq)).await);
    assert_eq!(found, Fault::Altered { entry, commit });

    let found = fault(verdict(&world, None, |db| run(db, "delete from log where seq = ?1", seq)).await);
    assert_eq!(found, Fault::Removed { entry, commit });

    let found = fault(
        verdict(&world, None, |db| {
            let bodies: String =
                db.query_row("select bodies from log where seq = ?1", [seq], |row| row.get(0)).unwrap();
            let mut lines: Vec<&str> = bodies.split('\n').collect();
            lines.swap(0, 1);
            db.execute("update log set bodies = ?2 where seq = ?1", params![seq, lines.join("\n")]).unwrap();
        })
        .await,
    );
    assert_eq!(found, Fault::Reordered { entry, commit, says: entry + 1 });

    let sql = "update log set touched = x'00' where seq = ?1";
    let found = fault(verdict(&world, None, |db| run(db, sql, seq)).await);
    assert_eq!(found, Fault::TouchedAltered { entry, commit });

    let expected = world.log_lines().await.len() as u64;
    let found = fault(verdict(&world, None, |db| run(db, "delete from log where seq >= ?1", seq)).await);
    assert_eq!(found, Fault::Truncated { found: entry, expected });
}

/// Sets the head to what is left of the log, as somebody would who knows how it is made.
fn fit_head(db: &Connection) {
    let mut edge = Edge::default();
    let mut statement = db.prepare("select leaves, seq from log order by seq").unwrap();
    let mut last = 0i64;
    let mut rows = statement.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let leaves: Vec<u8> = row.get(0).unwrap();
        leaves.as_chunks::<32>().0.iter().for_each(|hash| edge.push(*hash));
        last = row.get(1).unwrap();
    }
    let size = i64::try_from(edge.size()).unwrap();
    db.execute("update log_head set seq = ?1, size = ?2, edge = ?3", params![last, size, edge.to_bytes()])
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_also_makes_the_head_fit_is_betrayed_by_the_note_beside_the_keyring() {
    let (world, seq, first) = busy().await;
    let entry = first.unsigned_abs();
    let expected = world.log_lines().await.len() as u64;
    let cut = |db: &Connection| {
        run(db, "delete from log where seq >= ?1", seq);
        fit_head(db);
    };
    let found = fault(verdict(&world, None, cut).await);
    assert_eq!(found, Fault::Truncated { found: entry, expected });

    let rewrite = |db: &Connection| {
        let sql = "select bodies from log where seq = ?1";
        let bodies: String = db.query_row(sql, [seq], |row| row.get(0)).unwrap();
        let bodies = bodies.replacen("permitted", "VETO_MINOR_REP", 1);
        let leaves: Vec<u8> = bodies.split('\n').flat_map(|line| leaf(line.as_bytes())).collect();
        let sql = "update log set bodies = ?2, leaves = ?3 where seq = ?1";
        db.execute(sql, params![seq, bodies, leaves]).unwrap();
        fit_head(db);
    };
    let found = fault(verdict(&world, None, rewrite).await);
    assert!(matches!(found, Fault::RootDiffers { size, .. } if size == expected), "{found:?}");

    // Without the note beside the keyring too, a checkpoint kept elsewhere tells.
    let checkpoint = world.app.checkpoint(world.officer.may(VerifyAudit), world.now()).await.unwrap();
    for tamper in [&cut as &dyn Fn(&Connection), &rewrite] {
        let found = verdict(&world, Some(checkpoint.as_text()), |db| {
            tamper(db);
            let keyring = db.path().map(std::path::Path::new).unwrap().with_file_name("keyring");
            std::fs::remove_file(keyring.join("witness.json")).unwrap();
        });
        fault(found.await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_log_that_grows_again_stays_betrayed() {
    let (world, seq, _) = busy().await;
    let size = world.log_lines().await.len() as u64;
    let (_copy, sites) = world.copy();
    let db = Connection::open(sites.folder.join("discreet.db")).unwrap();
    run(&db, "delete from log where seq >= ?1", seq);
    fit_head(&db);
    let app = App::open(&sites, &unlock()).await.unwrap();
    let officer = || world.officer.may(VerifyAudit);
    while app.log_size().await.unwrap() <= size {
        app.checkpoint(officer(), world.now()).await.unwrap();
        app.keep_witness().await.unwrap();
    }
    let found = fault(app.verify(officer(), None).await.unwrap());
    assert!(matches!(found, Fault::RootDiffers { size: at, .. } if at == size), "{found:?}");
}
