//! What can be typed. One file per noun; each has the words and what they run.

mod audit;
pub mod campaign;
mod consent;
mod image;
mod import;
pub mod init;
mod keys;
mod patients;
mod segment;
mod segment_bench;
mod sending;
mod template;
mod users;

use crate::config::Config;
use crate::output::Out;
use crate::wire::{Place, Result};
use clap::{Parser, Subcommand};
use std::path::PathBuf;

/// Patient segments and consented email, the HIPAA way.
///
/// The environment: DISCREET_DATA_DIR names the installation, DISCREET_PASSPHRASE unlocks its keyring, DISCREET_TOKEN says
/// who you are.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, disable_help_subcommand = true)]
pub struct Call {
    /// The installation's directory.
    #[arg(long, global = true, env = "DISCREET_DATA_DIR", value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// The configuration file, if not discreet.toml in that directory.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Who you are: the name a token was saved under, or a check that DISCREET_TOKEN is theirs.
    #[arg(long = "as", global = true, value_name = "NAME")]
    as_name: Option<String>,
    /// Answer in JSON.
    #[arg(long, global = true)]
    pub json: bool,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Show everything on a synthetic clinic: import, segments, a consented campaign, the log.
    Demo(crate::demo::Demo),
    /// Make an installation and its first user.
    Init(init::Init),
    /// The organization's settings.
    #[command(subcommand)]
    Settings(init::SettingsVerb),
    /// Import FHIR or CSV files.
    Import(import::Import),
    /// Show the rows an import rejected.
    Rejected(import::RejectedRows),
    /// Find, show, restrict and erase patients.
    #[command(subcommand)]
    Patients(patients::Patients),
    /// Check, count, explain and save segments.
    #[command(subcommand)]
    Segment(segment::Segment),
    /// Named sets of codes for segments.
    #[command(subcommand)]
    Valueset(segment::ValueSet),
    /// Record and show what patients agreed to.
    #[command(subcommand)]
    Consent(consent::Consent),
    /// Images that mail shows.
    #[command(subcommand)]
    Image(image::ImageVerb),
    /// Message templates.
    #[command(subcommand)]
    Template(template::TemplateVerb),
    /// Make, approve and send campaigns.
    #[command(subcommand)]
    Campaign(campaign::Campaign),
    /// Read, verify and checkpoint the log.
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Rotate keys, issue and confirm recovery kits.
    #[command(subcommand)]
    Keys(keys::Keys),
    /// Add and disable users.
    #[command(subcommand)]
    Users(users::Users),
    /// Say whose the mail relay is: your own, or a vendor's under a BAA.
    #[command(subcommand)]
    Relay(sending::Relay),
    /// Stop all sending, at once.
    Stop,
    /// Let sending go on.
    Resume,
    /// What needs attention.
    Check,
    /// Serve patients' pages, and send running campaigns.
    Serve(crate::serve::Serve),
}

/// Runs what was typed.
///
/// # Errors
/// Whatever went wrong, in words.
pub async fn run(call: Call, out: Out) -> Result<()> {
    if let Verb::Demo(demo) = call.verb {
        return demo.run(call.data_dir, out).await;
    }
    let data_dir = call.data_dir.unwrap_or_else(|| PathBuf::from("discreet-data"));
    let config = Config::load(&data_dir, call.config.as_deref())?;
    let place = Place { data_dir, config, as_name: call.as_name };
    match call.verb {
        Verb::Demo(_) => Ok(()),
        Verb::Init(init) => init.run(&place, out).await,
        Verb::Serve(serve) => serve.run(&place, out).await,
        Verb::Keys(keys::Keys::Recover { kit }) => keys::recover(&place, &kit, out).await,
        verb => {
            let (app, who) = place.sign_in().await?;
            let done = signed_in(verb, &place, &app, &who, out).await;
            app.keep_witness().await?;
            done
        }
    }
}

async fn signed_in(
    verb: Verb,
    place: &Place,
    app: &discreet_app::App,
    who: &discreet_access::Who,
    out: Out,
) -> Result<()> {
    match verb {
        Verb::Settings(verb) => verb.run(app, who, out).await,
        Verb::Import(verb) => verb.run(app, who, out).await,
        Verb::Rejected(verb) => verb.run(app, who, out).await,
        Verb::Patients(verb) => verb.run(app, who, out).await,
        Verb::Segment(verb) => verb.run(app, who, out).await,
        Verb::Valueset(verb) => verb.run(app, who, out).await,
        Verb::Consent(verb) => verb.run(app, who, out).await,
        Verb::Image(verb) => verb.run(app, who, out).await,
        Verb::Template(verb) => verb.run(app, who, out).await,
        Verb::Campaign(verb) => verb.run(place, app, who, out).await,
        Verb::Audit(verb) => verb.run(app, who, out).await,
        Verb::Keys(verb) => verb.run(app, who, out).await,
        Verb::Users(verb) => verb.run(app, who, out).await,
        Verb::Relay(verb) => verb.run(app, who, out).await,
        Verb::Stop => sending::stop(app, who, out).await,
        Verb::Resume => sending::resume(app, who, out).await,
        Verb::Check => sending::check(app, who, out).await,
        Verb::Demo(_) | Verb::Init(_) | Verb::Serve(_) => Ok(()),
    }
}

/// Text given as an argument, or `-` for standard input.
///
/// # Errors
/// Standard input cannot be read.
pub fn text_or_stdin(argument: &str) -> Result<String> {
    if argument == "-" { Ok(std::io::read_to_string(std::io::stdin())?) } else { Ok(argument.to_owned()) }
}
