//! Templates: checked, linted, saved; the letterhead they are set on.

use crate::app::App;
use crate::documents::{Document, Draft};
use crate::error::{AppError, Result};
use crate::images::Shelf;
use crate::settings::Settings;
use discreet_access::{Allowed, SaveTemplate};
use discreet_audit::Event;
use discreet_domain::{EmailAddress, Label, TemplateId, Timestamp, Topic};
use discreet_mail::{Draft as Letter, Footing, Layout, Letterhead, LetterheadDraft, OptOut, Template, Why};
use discreet_policy::Requirements;
use discreet_store::{DocumentKind, Lane};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The page where a link to one's choices is asked for.
const CHOICES: &str = "/p/choices";

/// What is sealed of a template.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct TemplateContent {
    pub(crate) name: String,
    pub(crate) letter: Letter,
}

/// A saved template.
#[derive(Clone, Debug, Serialize)]
pub struct SavedTemplate {
    /// Which.
    pub id: String,
    /// Its version.
    pub version: u64,
    /// Its label.
    pub label: Label,
    /// What was found and does not block.
    pub remarks: Vec<String>,
}

impl Settings {
    /// The organization as its mail shows it.
    pub(crate) fn letterhead(&self) -> Result<Letterhead> {
        let from = EmailAddress::parse(&self.from_address)
            .map_err(|e| AppError::invalid(format!("`from_address`: {e}")))?;
        Letterhead::check(LetterheadDraft {
            organization: self.organization.clone(),
            postal_address: self.postal_address.clone(),
            phone: self.phone.clone(),
            from,
            link_base: self.link_base.clone(),
            website: self.website.clone(),
            portal: None,
            booking: None,
            preferences: Some(format!("{}{CHOICES}", self.link_base.trim_end_matches('/'))),
            hosts: self.hosts.clone(),
            accent: None,
        })
        .map_err(AppError::Template)
    }
}

impl App {
    /// Saves a template: a new one, or a new version of the one of that name.
    ///
    /// # Errors
    /// The findings that block it; the database's.
    pub async fn save_template(
        &self,
        by: Allowed<SaveTemplate>,
        name: &str,
        letter: &Letter,
        now: Timestamp,
    ) -> Result<SavedTemplate> {
        let letterhead = self.settings().letterhead()?;
        let images = self.images_for(letter.body.source(), Shelf::Library).await?;
        let template = Template::check(letter, letterhead.hosts(), &images).map_err(AppError::Template)?;
        let label = template.label().max(letterhead.label());
        let content = TemplateContent { name: name.trim().to_owned(), letter: letter.clone() };
        let plain = serde_json::to_vec(letter).map_err(|_| AppError::Form("a template"))?;
        let mut tx = self.store.begin(Lane::Receipt).await?;
        let draft = Draft {
            kind: DocumentKind::Template,
            name,
            label,
            author: by.user(),
            hash: Sha256::digest(&plain).to_vec(),
            content: &content,
        };
        let (id, version, new) = self.write_document(&mut tx, draft, now).await?;
        if new {
            let template = TemplateId::from_uuid(id);
            self.note_images(&mut tx, (template, version), letter.body.source()).await?;
            let event = Event::TemplateSaved { template, version, label };
            self.settle_one(tx, by.actor(), event, now).await?;
        }
        let remarks =
            template.remarks().iter().map(|f| format!("{}: {}", f.place.name(), f.message)).collect();
        Ok(SavedTemplate { id: id.to_string(), version, label, remarks })
    }

    /// A template on the letterhead, with the footer that a campaign's requirements need.
    pub(crate) async fn layout(
        &self,
        saved: &Document<TemplateContent>,
        topic: &Topic,
        requirements: Requirements,
    ) -> Result<(Layout, Template)> {
        let settings = self.settings();
        let letterhead = settings.letterhead()?;
        let letter = &saved.content.letter;
        let images = self.images_for(letter.body.source(), Shelf::Ever).await?;
        let template = Template::check(letter, letterhead.hosts(), &images).map_err(AppError::Template)?;
        let (why, opt_out) = if requirements.opt_in {
            (Why::Subscribed, OptOut::OneClick)
        } else {
            (Why::Care, OptOut::LinkOnly)
        };
        let footing = Footing::new(&settings.topic_name(topic), why, opt_out).map_err(AppError::Template)?;
        let layout = Layout::new(&template, &letterhead, &footing).map_err(AppError::Template)?;
        Ok((layout, template))
    }
}
