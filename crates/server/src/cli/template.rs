//! `discreet template`.

use crate::clock::now;
use crate::output::Out;
use crate::wire::{Result, leave};
use clap::Subcommand;
use discreet_access::{SaveTemplate, Who};
use discreet_app::App;
use discreet_mail::{Body, Draft};
use serde_json::json;
use std::path::PathBuf;

/// Message templates.
#[derive(Debug, Subcommand)]
pub enum TemplateVerb {
    /// Save a template: a new one, or a new version.
    Save {
        /// Its name.
        name: String,
        /// The body: Markdown (.md) or MJML (.mjml).
        file: PathBuf,
        /// The subject line. Nothing about the reader: others see it.
        #[arg(long)]
        subject: String,
        /// The line that mail programs show after the subject.
        #[arg(long, default_value = "")]
        preheader: String,
        /// The sender's display name: the organization's unless given.
        #[arg(long)]
        from_name: Option<String>,
        /// Where replies go.
        #[arg(long)]
        reply_to: Option<String>,
        /// The language it is written in.
        #[arg(long, default_value = "en")]
        language: String,
    },
}

impl TemplateVerb {
    pub async fn run(self, app: &App, who: &Who, out: Out) -> Result<()> {
        let TemplateVerb::Save { name, file, subject, preheader, from_name, reply_to, language } = self;
        let source = crate::config::read(&file)?;
        let is_mjml = file.extension().is_some_and(|e| e.eq_ignore_ascii_case("mjml"));
        let draft = Draft {
            subject,
            preheader,
            body: if is_mjml { Body::Mjml(source) } else { Body::Markdown(source) },
            from_name: from_name.unwrap_or_else(|| app.settings().organization),
            reply_to,
            language,
        };
        let saved = app.save_template(leave(app, who, SaveTemplate).await?, &name, &draft, now()).await?;
        out.answer(&json!(saved), || {
            let remarks: String = saved.remarks.iter().map(|r| format!("\n- {r}")).collect();
            format!("Saved `{name}`, version {}, label {}.{remarks}", saved.version, saved.label)
        });
        Ok(())
    }
}
