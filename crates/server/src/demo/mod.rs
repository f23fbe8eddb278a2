//! `discreet demo`: a synthetic clinic, from files to a consented campaign, proved from outside. Everything goes the way a
//! real clinic's would: the same import, the same verbs, the same gate, mail over TLS into a mail catcher of its own.

mod campaign;
mod judge;
mod mailbox;
mod report;
mod set_up;

use crate::clock::now;
use crate::config::Sending;
use crate::output::Out;
use crate::wire::Result;
use clap::Args;
use discreet_app::App;
use discreet_app::halt::Halt;
use discreet_domain::Zone;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::TcpListener;

/// Fewest and most patients of a demo.
const PATIENTS: std::ops::RangeInclusive<i64> = 50..=1_000_000;
/// Dispatchers while the demo keeps serving.
const DISPATCHERS: usize = 2;
/// The demo clinic's time zone.
const TIME_ZONE: &str = "America/New_York";

/// Show everything on a synthetic clinic: import, segments, a consented campaign, the log.
#[derive(Debug, Args)]
pub struct Demo {
    /// How many patients.
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(PATIENTS))]
    patients: u32,
    /// Another seed, another clinic.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Exit at the end instead of serving until Ctrl-C.
    #[arg(long)]
    once: bool,
}

impl Demo {
    /// Runs the demo in `folder`, or in a temporary folder that goes with it.
    pub async fn run(self, folder: Option<PathBuf>, out: Out) -> Result<()> {
        let temporary = match &folder {
            Some(_) => None,
            None => Some(tempfile::Builder::new().prefix("discreet-demo-").tempdir()?),
        };
        let folder = match (&folder, &temporary) {
            (Some(folder), _) => folder.clone(),
            (None, Some(temporary)) => temporary.path().to_owned(),
            (None, None) => PathBuf::from("discreet-demo"),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let zone = Zone::named(TIME_ZONE).unwrap_or_else(|_| Zone::utc());
        let clinic = set_up::clinic(&folder, &self, zone, address, out).await?;
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let until = async move { drop(stopped.await) };
        let catcher = Arc::new(campaign::catcher().await?);
        let router = discreet_web::demo_router(
            Arc::clone(&clinic.app),
            Arc::new(now),
            discreet_web::Options { https: false },
            Arc::new(mailbox::OfCatcher(Arc::clone(&catcher))),
        );
        let pages = tokio::spawn(crate::serve::answer(router, listener, until));
        let shown = campaign::run(&clinic, catcher, out).await?;
        let finding = judge::judge(&clinic, &shown).await?;
        clinic.app.keep_witness().await?;
        report::close(&clinic, &shown, &finding, out);
        if !self.once {
            let relay = campaign::relay(&shown.catcher)?;
            let (halt, pace) = (Halt::default(), Sending::default().pace());
            let sender = tokio::spawn(crate::serve::send(
                Arc::clone(&clinic.app),
                relay,
                pace,
                DISPATCHERS,
                halt.clone(),
            ));
            report::keep_serving(&clinic, &shown, &folder, address, out).await?;
            crate::serve::stop_signal().await;
            halt.call();
            let _ = sender.await;
        }
        drop(stop);
        let _ = pages.await;
        finding.into_result()
    }
}

/// The demo's clinic, imported, and its people.
pub struct Clinic {
    app: Arc<App>,
    admin: discreet_access::Who,
    /// One person of each role.
    people: Vec<(discreet_access::Role, discreet_domain::UserId)>,
    marketer: discreet_access::Who,
    officer: discreet_access::Who,
    patients: u64,
    segments: Vec<report::SegmentLine>,
    times: report::Times,
}

impl Clinic {
    fn now(&self) -> discreet_domain::Timestamp {
        now()
    }
}
