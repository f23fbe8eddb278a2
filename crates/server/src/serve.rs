//! `discreet serve`: the pages of staff and patients, and dispatchers for running campaigns. It takes the keyring and no
//! token: whoever acts in it signs in there.

use crate::clock::now;
use crate::output::Out;
use crate::post::Poster;
use crate::wire::{Failure, Place, Result};
use clap::Args;
use discreet_app::dispatch::{Dispatcher, Pace, ServiceDispatcher};
use discreet_app::halt::Halt;
use discreet_app::{App, AppError};
use discreet_mail::SmtpRelay;
use serde_json::json;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

/// How often the server looks for campaigns to send, and brings the note beside the keyring up to date.
const TICK: Duration = Duration::from_secs(1);
/// How often it looks whether a checkpoint should be written elsewhere, and whether uploads waited too long.
const HOUSE_TICK: Duration = Duration::from_secs(60);
/// How long, when told to end, it waits for the relay's answers.
const PARTING: Duration = Duration::from_secs(30);

/// Serve patients' pages, and send running campaigns.
#[derive(Debug, Args)]
pub struct Serve {
    /// Where to listen, instead of `serve.listen`.
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
}

impl Serve {
    pub async fn run(self, place: &Place, out: Out) -> Result<()> {
        let app = place.open().await?;
        let listen = self.listen.unwrap_or_else(|| place.config.serve.listen.clone());
        let listener = TcpListener::bind(&listen)
            .await
            .map_err(|e| Failure::Usage(format!("cannot listen on {listen}: {e}")))?;
        let relay_host = place.config.relay.as_ref().map(|relay| relay.host.clone());
        app.set_outside(place.config.serve.dns, relay_host);
        let app = Arc::new(app);
        let address = listener.local_addr()?;
        let base = match place.config.serve.https {
            true => app.settings().link_base,
            false => format!("http://{address}"),
        };
        let set_up = app.set_up_link(now()).await?.map(|secret| format!("{base}/setup/{}", secret.reveal()));
        out.answer(&json!({ "listening": address.to_string(), "set_up": set_up }), || match &set_up {
            None => format!("Serving on http://{address}; people sign in at {base}"),
            Some(link) => format!(
                "Serving on http://{address}\n\nNobody can sign in yet. Make the first administrator here (once, within a day):\n\n    {link}\n"
            ),
        });
        for remark in app.remarks(now()).await? {
            out.remark(format!("- {}", remark.text));
        }
        let halt = Halt::default();
        let sender = match place.config.relay {
            Some(_) => {
                let (relay, pace) = (place.relay(&app)?, place.config.sending.pace());
                let dispatchers = place.config.serve.dispatchers;
                Some(tokio::spawn(send(Arc::clone(&app), relay, pace, dispatchers, halt.clone())))
            }
            None => None,
        };
        let witness = tokio::spawn(keep_witness(Arc::clone(&app)));
        let keeper = tokio::spawn(keep_house(Arc::clone(&app)));
        let poster = Poster::new(place.config.serve.private_webhooks)
            .map_err(|e| Failure::Usage(format!("TLS cannot be set up: {e}")))?;
        let teller = tokio::spawn(tell_webhooks(Arc::clone(&app), poster));
        let served = pages(Arc::clone(&app), listener, place.config.serve.https, stop_signal()).await;
        witness.abort();
        keeper.abort();
        teller.abort();
        halt.call();
        if let Some(sender) = sender {
            end(sender).await;
        }
        app.keep_witness().await?;
        served
    }
}

/// Serves pages until `until` happens.
pub async fn pages(
    app: Arc<App>,
    listener: TcpListener,
    https: bool,
    until: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    answer(discreet_web::router(app, Arc::new(now), discreet_web::Options { https }), listener, until).await
}

/// Serves a router until `until` happens.
pub async fn answer(
    router: axum::Router,
    listener: TcpListener,
    until: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    Ok(axum::serve(listener, service).with_graceful_shutdown(until).await?)
}

/// Ctrl-C, or the service manager's word.
pub async fn stop_signal() {
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending::<()>().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}

/// Keeps the note beside the keyring up to date.
async fn keep_witness(app: Arc<App>) {
    loop {
        tokio::time::sleep(TICK).await;
        if let Err(e) = app.keep_witness().await {
            tracing::warn!("the checkpoint beside the keyring cannot be written: {e}");
        }
    }
}

/// Writes a checkpoint elsewhere, every day; lets go of uploads nobody came back to.
async fn keep_house(app: Arc<App>) {
    loop {
        app.expire_uploads(now());
        if let Err(e) = app.keep_checkpoint(now()).await {
            let (code, cause) = e.for_log();
            tracing::error!(code, cause, "no checkpoint can be kept elsewhere, and it is tried again");
        }
        tokio::time::sleep(HOUSE_TICK).await;
    }
}

/// Tells webhooks what happens.
async fn tell_webhooks(app: Arc<App>, poster: Poster) {
    loop {
        let more = app.tell_webhooks(&poster, &now).await.unwrap_or_else(|e| {
            let (code, cause) = e.for_log();
            tracing::warn!(code, cause, "webhooks cannot be told and are tried again");
            false
        });
        if !more {
            tokio::time::sleep(TICK).await;
        }
    }
}

/// Waits until what is with the relay has its outcome: whatever is cut off before that, nobody knows of.
async fn end(mut sender: tokio::task::JoinHandle<()>) {
    if tokio::time::timeout(PARTING, &mut sender).await.is_err() {
        tracing::warn!("the relay does not answer: what it was given last counts as unknown");
        sender.abort();
    }
}

/// Sends whatever campaigns are running, and what is asked for at patients' pages, until halted.
pub async fn send(app: Arc<App>, relay: SmtpRelay, pace: Pace, dispatchers: usize, halt: Halt) {
    tokio::join!(
        send_asked(&app, &relay, &halt),
        start_due(&app, &halt),
        send_campaigns(&app, &relay, pace, dispatchers, &halt),
    );
}

/// Starts campaigns when their time comes, until halted: beside sending, which may be busy with another for hours.
async fn start_due(app: &App, halt: &Halt) {
    while !halt.is_called() {
        if let Err(e) = app.start_due_campaigns(now()).await {
            let (code, cause) = e.for_log();
            tracing::error!(code, cause, "scheduled campaigns could not be looked for");
        }
        tokio::time::sleep(TICK).await;
    }
}

async fn send_campaigns(app: &App, relay: &SmtpRelay, pace: Pace, dispatchers: usize, halt: &Halt) {
    while !halt.is_called() {
        if let Err(e) = send_running(app, relay, pace, dispatchers, halt).await {
            let (code, cause) = e.for_log();
            tracing::error!(code, cause, "sending failed and is tried again");
        }
        if !halt.is_called() {
            tokio::time::sleep(TICK).await;
        }
    }
}

/// Sends what is asked for at patients' pages, until halted: who asked waits at their mailbox, so no campaign comes before.
async fn send_asked(app: &App, relay: &SmtpRelay, halt: &Halt) {
    let dispatcher = ServiceDispatcher::new(app, relay, halt.clone());
    while !halt.is_called() {
        let more = match dispatcher.round(&now).await {
            Ok(round) => round.claimed > 0,
            Err(e) => {
                let (code, cause) = e.for_log();
                tracing::error!(code, cause, "sending what was asked for failed and is tried again");
                false
            }
        };
        if !more && !halt.is_called() {
            tokio::time::sleep(TICK).await;
        }
    }
}

async fn send_running(
    app: &App,
    relay: &SmtpRelay,
    pace: Pace,
    dispatchers: usize,
    halt: &Halt,
) -> std::result::Result<(), AppError> {
    for campaign in app.running_campaigns().await? {
        let mut work = Vec::new();
        for _ in 0..dispatchers.max(1) {
            work.push(Dispatcher::new(app, relay, pace, campaign, now()).await?.until(halt.clone()));
        }
        let runs = work.iter_mut().map(|dispatcher| dispatcher.run(&now, &|_| {}));
        for done in futures_util::future::join_all(runs).await {
            done?;
        }
    }
    Ok(())
}
