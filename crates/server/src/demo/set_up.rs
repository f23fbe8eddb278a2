//! The clinic: made, written to files, imported like anyone else's, its segments saved and counted.

use super::report::{SegmentLine, Times};
use super::{Clinic, Demo, TIME_ZONE};
use crate::cli::init::private_folder;
use crate::clock::{now, since};
use crate::output::{Out, cell_text, grouped, table};
use crate::wire::{Failure, Result, leave};
use discreet_access::{CountSegment, ManageUsers, Role, Roles, SaveSegment, SetRelay, Who};
use discreet_app::import::{DEMO_SOURCE, Order, Progress};
use discreet_app::installation::Sites;
use discreet_app::segments::Which;
use discreet_app::{App, Settings};
use discreet_clinic::demo::{CLINIC, SEGMENTS};
use discreet_clinic::{Plan, write_folder};
use discreet_domain::{Topic, Zone};
use discreet_store::Location;
use discreet_vault::Unlock;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

/// Makes the demo's clinic in `folder`.
pub(super) async fn clinic(
    folder: &Path,
    demo: &Demo,
    zone: Zone,
    address: SocketAddr,
    out: Out,
) -> Result<Clinic> {
    out.say(format!(
        "A synthetic clinic of {} patients, {}.\n",
        grouped(u64::from(demo.patients)),
        CLINIC.name
    ));
    let mut times = Times::default();
    let begun = now();
    let exports = folder.join("exports");
    let bar = out.bar("writing the exports", "patients");
    let plan = Plan { patients: demo.patients, seed: demo.seed, now: now(), zone };
    tokio::task::block_in_place(|| write_folder(&exports, &plan))?;
    bar.finish_and_clear();
    times.write = since(begun);

    let (app, admin) = make(folder, address).await?;
    let by = leave(&app, &admin, SetRelay).await?;
    app.set_relay(by, true, None, now()).await?;
    let marketer = user(&app, &admin, "Maya, marketing", &[Role::Marketer]).await?;
    let officer = user(&app, &admin, "Omar, privacy", &[Role::PrivacyOfficer, Role::CareStaff]).await?;
    let steward = user(&app, &admin, "Dana, data", &[Role::DataSteward]).await?;
    let mut people = vec![
        (Role::Marketer, marketer.user()),
        (Role::PrivacyOfficer, officer.user()),
        (Role::DataSteward, steward.user()),
    ];
    for (name, role) in [
        ("Ana, numbers", Role::Analyst),
        ("Cory, care", Role::CareStaff),
        ("Ada, administration", Role::Administrator),
        ("Iris, audit", Role::Auditor),
    ] {
        people.push((role, user(&app, &admin, name, &[role]).await?.user()));
    }

    let begun = now();
    let patients = import(&app, &steward, &exports, out).await?;
    times.import = since(begun);
    let begun = now();
    let segments = segments(&app, &marketer, out).await?;
    times.segments = since(begun);
    Ok(Clinic { app: Arc::new(app), admin, people, marketer, officer, patients, segments, times })
}

async fn make(folder: &Path, address: SocketAddr) -> Result<(App, Who)> {
    for part in ["", "shelf", "keyring"] {
        private_folder(&folder.join(part))?;
    }
    let sites = Sites {
        data: Location::File(folder.join("discreet.db")),
        shelf: Location::File(folder.join("shelf/shelf.db")),
        keyring: folder.join("keyring/keyring.json"),
        folder: folder.to_owned(),
    };
    let unlock = match crate::wire::environment("DISCREET_PASSPHRASE") {
        Some(words) => Unlock::Passphrase(words.into()),
        None => Unlock::Passphrase("a demo keeps no secrets".to_owned().into()),
    };
    let mut settings = Settings::new(CLINIC.name, &[CLINIC.postal], TIME_ZONE);
    settings.phone = Some(CLINIC.phone.to_owned());
    settings.from_address = CLINIC.from.to_owned();
    settings.link_base = format!("http://{address}");
    let made = App::make(&sites, &unlock, &settings, "admin", true, now()).await?;
    let app = App::open(&sites, &unlock).await?;
    let admin = app.sign_in(&made.token, None, now()).await?;
    Ok((app, admin))
}

async fn user(app: &App, admin: &Who, name: &str, roles: &[Role]) -> Result<Who> {
    let by = leave(app, admin, ManageUsers).await?;
    let (_, token) = app.add_user(by, name, Roles::of(roles), now()).await?;
    Ok(app.sign_in(&token, None, now()).await?)
}

/// Imports the exports; returns how many patients there are.
async fn import(app: &App, steward: &Who, exports: &Path, out: Out) -> Result<u64> {
    let bar = out.bar("importing", "records");
    let show = |progress| match progress {
        Progress::Read(n) => bar.set_position(n),
        Progress::Written { done, of } => {
            bar.set_length(of);
            bar.set_position(done);
        }
    };
    let order = Order {
        files: discreet_app::import::Source::at(exports),
        source: DEMO_SOURCE.to_owned(),
        mapping: None,
        dry_run: false,
        batch: false,
    };
    let by = leave(app, steward, discreet_access::Import).await?;
    let imported = app.import(by, order, &now, &show).await?;
    bar.finish_and_clear();
    let total = imported.tally.total();
    let patients = imported.tally.kinds.get("patient").map_or(0, |c| c.created);
    out.say(format!(
        "Imported {} patients with {} facts from FHIR and CSV files; {} rows rejected, {} warnings.\n",
        grouped(patients),
        grouped(total.created - patients),
        grouped(total.rejected),
        grouped(imported.report.warnings.values().sum()),
    ));
    if patients == 0 {
        return Err(Failure::Refused("the demo's import took no patient".to_owned()));
    }
    Ok(patients)
}

/// Saves and counts the demo's segments, as the marketer: small counts are not shown.
async fn segments(app: &App, marketer: &Who, out: Out) -> Result<Vec<SegmentLine>> {
    let mut lines = Vec::new();
    for segment in &SEGMENTS {
        let by = leave(app, marketer, SaveSegment).await?;
        app.save_segment(by, segment.name, segment.text, now()).await?;
        let by = leave(app, marketer, CountSegment).await?;
        let which = Which::Saved(segment.name.to_owned());
        let counted = app.count_segment(by, &which, &Topic::marketing(), now()).await?;
        lines.push(SegmentLine { name: segment.name, counted });
    }
    let viewer = marketer.viewer();
    let rows: Vec<Vec<String>> = lines
        .iter()
        .map(|l| {
            let c = &l.counted;
            vec![
                l.name.to_owned(),
                cell_text(c.count, viewer),
                cell_text(c.eligible, viewer),
                c.label.to_string(),
            ]
        })
        .collect();
    out.say("Segments, as the marketer sees them (rounded; fewer than 11 are not shown):\n");
    out.say(table(&["segment", "patients", "may be written to", "label"], &rows));
    out.say("");
    Ok(lines)
}
