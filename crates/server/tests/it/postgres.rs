//! The main job on PostgreSQL: data in one database, key shelf in another.

use crate::installation::Installation;
use crate::mailing::{self, Receiver, in_state};
use tokio_postgres::NoTls;

/// Two databases that go when this goes.
struct Databases {
    server: String,
    names: [String; 2],
}

fn batch(server: &str, statements: &[String]) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(server, NoTls).await.unwrap();
        tokio::spawn(connection);
        for statement in statements {
            client.batch_execute(statement).await.unwrap();
        }
    });
}

impl Databases {
    fn fresh() -> Option<Databases> {
        let Some(server) = std::env::var("DISCREET_TEST_POSTGRES").ok().filter(|url| !url.is_empty()) else {
            println!("skipped: run ./test, which starts PostgreSQL and sets DISCREET_TEST_POSTGRES");
            return None;
        };
        let id = std::process::id();
        let names = [format!("it_data_{id}"), format!("it_shelf_{id}")];
        batch(&server, &names.clone().map(|name| format!("create database {name}")));
        Some(Databases { server, names })
    }
    fn config(&self) -> String {
        let base = self.server.rsplit_once('/').unwrap().0;
        let [data, shelf] = &self.names;
        format!("[storage]\ndata_url = \"{base}/{data}\"\nshelf_url = \"{base}/{shelf}\"\n")
    }
}

impl Drop for Databases {
    fn drop(&mut self) {
        batch(&self.server, &self.names.clone().map(|name| format!("drop database {name} with (force)")));
    }
}

#[test]
fn init_import_count_send_verify() {
    let Some(databases) = Databases::fresh() else { return };
    let clinic = Installation::configured(&databases.config());
    let receiver = Receiver::secure();
    clinic.configure(&format!("{}{}", databases.config(), receiver.relay(&clinic)));
    assert!(!clinic.data().join("discreet.db").exists() && !clinic.data().join("shelf/shelf.db").exists());
    mailing::import_adults(&clinic, 150);
    let again = clinic.json(&["import", clinic.folder().join("adults").to_str().unwrap()]);
    assert_eq!(
        (&again["created"], &again["updated"], &again["unchanged"]),
        (&0.into(), &0.into(), &300.into())
    );
    let counted = clinic.json(&["segment", "count", "state = MA and age >= 18"]);
    assert_eq!((&counted["count"], &counted["eligible"]), (&150.into(), &150.into()), "{counted}");
    mailing::approved(&clinic, "walks", "age >= 18");
    let report = clinic.json(&["campaign", "send", "walks"]);
    assert_eq!((in_state(&report, "accepted"), receiver.catcher.count()), (150, 150), "{report}");
    let sound = clinic.json(&["audit", "verify"]);
    assert!(sound["verified"] == true && sound["entries"].as_u64().unwrap() > 300, "{sound}");
    // A second `init` finds what is there.
    clinic.refuses(1, &["init"]);
    // An altered entry shows here as well.
    let data = format!("{}/{}", databases.server.rsplit_once('/').unwrap().0, databases.names[0]);
    batch(&data, &["update log set bodies = replace(bodies, 'permitted', 'permitteD') where seq = (select min(seq) from log where bodies like '%permitted%')".to_owned()]);
    let reason = clinic.refuses(1, &["audit", "verify"]);
    assert!(reason.contains("was altered"), "{reason}");
}
