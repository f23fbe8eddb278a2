//! Named, versioned, sealed documents: segments, value sets, templates.

use crate::app::App;
use crate::error::{AppError, Result};
use discreet_domain::{Label, Tag, Timestamp, UserId};
use discreet_store::{DocumentKind, DocumentRow, Tx};
use discreet_vault::Place;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// Longest name of a document or campaign, in characters.
pub const LONGEST_NAME: usize = 120;

/// A document, opened.
#[derive(Clone, Debug)]
pub(crate) struct Document<T> {
    pub(crate) id: Uuid,
    pub(crate) version: u64,
    pub(crate) label: Label,
    pub(crate) author: Option<UserId>,
    pub(crate) at: Timestamp,
    pub(crate) hash: Vec<u8>,
    pub(crate) content: T,
}

/// A new version to write.
pub(crate) struct Draft<'a, T> {
    pub(crate) kind: DocumentKind,
    pub(crate) name: &'a str,
    pub(crate) label: Label,
    pub(crate) author: UserId,
    pub(crate) hash: Vec<u8>,
    pub(crate) content: &'a T,
}

fn place(id: Uuid, version: u64) -> Place<'static> {
    Place { table: "document", row: id.as_u128(), column: "content", version }
}

/// A name people may give something.
pub(crate) fn checked_name(name: &str) -> Result<&str> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(AppError::invalid(format!("a name is 1 to {LONGEST_NAME} characters")));
    }
    Ok(name)
}

impl App {
    /// The tag under which a name is found.
    pub(crate) fn name_tag(&self, kind: &str, name: &str) -> Tag {
        self.vault.with_keyring(|k| k.word_tag(kind, name))
    }
    /// Writes the next version of the document of this name within a transaction. Nothing is written if the current
    /// version has the same hash.
    pub(crate) async fn write_document<T: Serialize>(
        &self,
        tx: &mut Tx,
        draft: Draft<'_, T>,
        now: Timestamp,
    ) -> Result<(Uuid, u64, bool)> {
        let name = checked_name(draft.name)?;
        let tag = self.name_tag(draft.kind.name(), name);
        let found = tx.document_named(draft.kind, tag).await?;
        if let Some((id, version)) = found
            && tx.document(id, version).await?.is_some_and(|d| d.hash == draft.hash)
        {
            return Ok((id, version, false));
        }
        let (id, version) = found.map_or_else(|| (Uuid::new_v4(), 1), |(id, version)| (id, version + 1));
        let plain = serde_json::to_vec(draft.content).map_err(|_| AppError::Form("a document"))?;
        let row = DocumentRow {
            id,
            version,
            label: draft.label,
            author: Some(draft.author),
            at: now,
            hash: draft.hash,
            sealed: self.organization.seal(place(id, version), &plain)?,
        };
        tx.add_document(draft.kind, tag, row).await?;
        Ok((id, version, true))
    }
    fn open_document<T: DeserializeOwned>(&self, row: DocumentRow) -> Result<Document<T>> {
        let plain = self.organization.open(place(row.id, row.version), &row.sealed)?;
        let content = serde_json::from_slice(&plain).map_err(|_| AppError::Form("a document"))?;
        Ok(Document {
            id: row.id,
            version: row.version,
            label: row.label,
            author: row.author,
            at: row.at,
            hash: row.hash,
            content,
        })
    }
    /// The current version of every document of a kind.
    pub(crate) async fn documents<T: DeserializeOwned>(
        &self,
        kind: DocumentKind,
    ) -> Result<Vec<Document<T>>> {
        let rows = self.store.read().await?.documents(kind).await?;
        rows.into_iter().map(|row| self.open_document(row)).collect()
    }
    /// One version of a document.
    pub(crate) async fn document<T: DeserializeOwned>(&self, id: Uuid, version: u64) -> Result<Document<T>> {
        let row = self.store.read().await?.document(id, version).await?;
        self.open_document(row.ok_or(AppError::NotFound("document"))?)
    }
    /// The current version of the document of this name.
    pub(crate) async fn document_named<T: DeserializeOwned>(
        &self,
        kind: DocumentKind,
        name: &str,
        what: &'static str,
    ) -> Result<Document<T>> {
        let tag = self.name_tag(kind.name(), name);
        let found = self.store.read().await?.document_named(kind, tag).await?;
        let (id, version) = found.ok_or(AppError::NotFound(what))?;
        self.document(id, version).await
    }
}
