//! `discreet stop`, `resume`, `relay`, `check`.

use crate::clock::now;
use crate::output::Out;
use crate::wire::{Result, leave};
use clap::Subcommand;
use discreet_access::{CheckInstallation, ResumeSending, SetRelay, StopSending, Who};
use discreet_app::App;
use discreet_domain::Day;
use serde_json::json;

/// The red button.
pub async fn stop(app: &App, who: &Who, out: Out) -> Result<()> {
    app.stop_sending(leave(app, who, StopSending).await?, now()).await?;
    out.answer(&json!({ "sending": false }), || {
        "All sending is stopped. `discreet resume` lets it go on.".to_owned()
    });
    Ok(())
}

/// Lets sending go on.
pub async fn resume(app: &App, who: &Who, out: Out) -> Result<()> {
    app.resume_sending(leave(app, who, ResumeSending).await?, now()).await?;
    out.answer(&json!({ "sending": true }), || "Sending may go on.".to_owned());
    Ok(())
}

/// What needs attention.
pub async fn check(app: &App, who: &Who, out: Out) -> Result<()> {
    let remarks = app.check(leave(app, who, CheckInstallation).await?, now()).await?;
    out.answer(&json!(remarks), || {
        if remarks.is_empty() {
            "Nothing needs attention.".to_owned()
        } else {
            remarks.iter().map(|r| format!("- {}", r.text)).collect::<Vec<_>>().join("\n")
        }
    });
    Ok(())
}

fn day(text: &str) -> std::result::Result<Day, String> {
    Day::parse(text).map_err(|e| e.to_string())
}

/// Say whose the mail relay is. Without either, nothing is sent.
#[derive(Debug, Subcommand)]
pub enum Relay {
    /// Your own: run by your workforce.
    Own,
    /// A vendor's, under a business associate agreement (45 CFR 164.504(e)).
    Vendor {
        /// The last day the agreement is in force.
        #[arg(long, value_parser = day, value_name = "DATE")]
        baa_until: Day,
    },
    /// Nobody's any more: nothing is sent.
    None,
}

impl Relay {
    pub async fn run(self, app: &App, who: &Who, out: Out) -> Result<()> {
        let by = leave(app, who, SetRelay).await?;
        let (own, until) = match self {
            Relay::Own => (true, None),
            Relay::Vendor { baa_until } => (false, Some(baa_until)),
            Relay::None => (false, None),
        };
        app.set_relay(by, own, until, now()).await?;
        let value = json!({ "own": own, "baa_until": until.map(|d| d.to_string()) });
        out.answer(&value, || match (own, until) {
            (true, _) => "The relay is your own.".to_owned(),
            (false, Some(day)) => format!("The relay is a vendor's; the agreement is in force until {day}."),
            (false, None) => "No relay: nothing is sent.".to_owned(),
        });
        Ok(())
    }
}
