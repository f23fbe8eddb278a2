//! Consent forms' texts: versioned and sealed. A new version never changes old consents: they keep the text they were
//! given. And what was said in a while, in numbers, without names.

use crate::app::App;
use crate::documents::{Document, Draft, checked_name};
use crate::error::{AppError, Result};
use discreet_access::{Allowed, ReadTopics, SaveConsentText};
use discreet_audit::Event;
use discreet_domain::{Cell, Channel, Label, Timestamp};
use discreet_policy::consent::Method;
use discreet_store::{DocumentKind, Lane};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Longest text of a form in one language, in characters.
pub const LONGEST_FORM_TEXT: usize = 20_000;

/// A form's text, in both languages or in English alone.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentText {
    /// The form's name.
    pub name: String,
    /// In English.
    pub english: String,
    /// In Spanish, if a translator has signed it off.
    pub spanish: String,
}

/// A version of a form's text.
#[derive(Clone, Debug)]
pub struct SavedText {
    /// Which form.
    pub id: Uuid,
    /// Which version.
    pub version: u64,
    /// What it says.
    pub text: ConsentText,
}

/// How many people said the same thing the same way.
#[derive(Clone, Debug)]
pub struct SaidLine {
    /// The topic's public name.
    pub topic: String,
    /// By what way.
    pub channel: Channel,
    /// Opt-in, or opt-out.
    pub granted: bool,
    /// How.
    pub method: Method,
    /// How many.
    pub people: Cell,
}

fn saved(document: Document<ConsentText>) -> SavedText {
    SavedText { id: document.id, version: document.version, text: document.content }
}

fn checked(text: &ConsentText) -> Result<ConsentText> {
    let clean = |words: &str| words.replace('\r', "").trim().to_owned();
    let text = ConsentText {
        name: checked_name(&text.name)?.to_owned(),
        english: clean(&text.english),
        spanish: clean(&text.spanish),
    };
    if text.english.is_empty() {
        return Err(AppError::invalid("the English text is missing"));
    }
    if text.english.chars().count().max(text.spanish.chars().count()) > LONGEST_FORM_TEXT {
        return Err(AppError::invalid(format!("a text is at most {LONGEST_FORM_TEXT} characters")));
    }
    Ok(text)
}

impl App {
    /// The current version of every form's text.
    ///
    /// # Errors
    /// The database's.
    pub async fn consent_texts(&self, _by: Allowed<ReadTopics>) -> Result<Vec<SavedText>> {
        let all = self.documents::<ConsentText>(DocumentKind::ConsentText).await?;
        Ok(all.into_iter().map(saved).collect())
    }
    /// Every version of a form's text, newest first.
    ///
    /// # Errors
    /// No such form; the database's.
    pub async fn consent_text_versions(&self, _by: Allowed<ReadTopics>, id: Uuid) -> Result<Vec<SavedText>> {
        let all = self.documents::<ConsentText>(DocumentKind::ConsentText).await?;
        let current = all.into_iter().find(|document| document.id == id);
        let current = current.ok_or(AppError::NotFound("consent form"))?;
        let mut versions = Vec::new();
        for version in (1..current.version).rev() {
            versions.push(saved(self.document(id, version).await?));
        }
        versions.insert(0, saved(current));
        Ok(versions)
    }
    /// Saves a form's text: a new one, or a new version of the one of that name. Nothing changes if it says the same.
    ///
    /// # Errors
    /// No English text, one that is too long; the database's.
    pub async fn save_consent_text(
        &self,
        by: Allowed<SaveConsentText>,
        text: &ConsentText,
        now: Timestamp,
    ) -> Result<u64> {
        let text = checked(text)?;
        let plain = serde_json::to_vec(&text).map_err(|_| AppError::Form("a consent form"))?;
        let name_tag = self.name_tag(DocumentKind::ConsentText.name(), &text.name).hex();
        let mut tx = self.store.begin(Lane::Receipt).await?;
        let draft = Draft {
            kind: DocumentKind::ConsentText,
            name: &text.name,
            label: Label::L0,
            author: by.user(),
            hash: Sha256::digest(&plain).to_vec(),
            content: &text,
        };
        let (_, version, new) = self.write_document(&mut tx, draft, now).await?;
        if new {
            self.settle_one(tx, by.actor(), Event::ConsentTextSaved { name_tag, version }, now).await?;
        }
        Ok(version)
    }
    /// What was said in `[from, to)`, in numbers: nobody's name, and small numbers only for those who may see records.
    ///
    /// # Errors
    /// The database's.
    pub async fn said_between(
        &self,
        by: &Allowed<ReadTopics>,
        from: Timestamp,
        to: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<SaidLine>> {
        self.note_count(by.actor(), Label::L1, now).await?;
        let settings = self.settings();
        let rows = self.store.read().await?.said(from, to).await?;
        Ok(rows
            .into_iter()
            .map(|row| SaidLine {
                topic: settings.topic_name(&row.topic),
                channel: row.channel,
                granted: row.granted,
                method: row.method,
                people: Cell::of(row.people),
            })
            .collect())
    }
}
