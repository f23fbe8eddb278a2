//! Segments, value sets, templates, signing keys: named, versioned, sealed. And what codes are called.

use crate::db::{Result, StoreError};
use crate::{Reading, Tx};
use discreet_domain::{Label, Tag, Timestamp, UserId};
use uuid::Uuid;

/// What a document is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DocumentKind {
    /// A segment.
    Segment,
    /// A named set of codes.
    ValueSet,
    /// A message template.
    Template,
    /// A key that signs mail.
    SigningKey,
    /// The text of a consent form.
    ConsentText,
}

impl DocumentKind {
    /// The word stored.
    pub const fn name(self) -> &'static str {
        match self {
            DocumentKind::Segment => "segment",
            DocumentKind::ValueSet => "value_set",
            DocumentKind::Template => "template",
            DocumentKind::SigningKey => "signing_key",
            DocumentKind::ConsentText => "consent_text",
        }
    }
}

/// One version of a document.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DocumentRow {
    /// Which document.
    pub id: Uuid,
    /// Which version, from 1.
    pub version: u64,
    /// Its label.
    pub label: Label,
    /// Who wrote it.
    pub author: Option<UserId>,
    /// When.
    pub at: Timestamp,
    /// SHA-256 of its plain content.
    pub hash: Vec<u8>,
    /// Name and content, sealed.
    pub sealed: Vec<u8>,
}

type Row = (Uuid, u64, String, Option<Uuid>, i64, Vec<u8>, Vec<u8>);

fn document((id, version, label, author, at, hash, sealed): Row) -> Result<DocumentRow> {
    Ok(DocumentRow {
        id,
        version,
        label: Label::parse(&label).ok_or(StoreError::Malformed("a label"))?,
        author: author.map(UserId::from_uuid),
        at: Timestamp::from_micros(at),
        hash,
        sealed,
    })
}

impl Reading {
    /// The current version of every document of a kind, oldest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn documents(&mut self, kind: DocumentKind) -> Result<Vec<DocumentRow>> {
        let rows: Vec<Row> = self.conn.all("documents.current", &[kind.name().into()]).await?;
        rows.into_iter().map(document).collect()
    }
    /// One version of one document.
    ///
    /// # Errors
    /// The database's.
    pub async fn document(&mut self, id: Uuid, version: u64) -> Result<Option<DocumentRow>> {
        let row: Option<Row> = self.conn.first("documents.get", &[id.into(), version.into()]).await?;
        row.map(document).transpose()
    }
    /// The document of this name, and its current version.
    ///
    /// # Errors
    /// The database's.
    pub async fn document_named(&mut self, kind: DocumentKind, name: Tag) -> Result<Option<(Uuid, u64)>> {
        self.conn.first("documents.by_name", &[kind.name().into(), name.to_vec().into()]).await
    }
    /// The sealed chunks of the vocabulary, in order.
    ///
    /// # Errors
    /// The database's.
    pub async fn vocabulary(&mut self) -> Result<Vec<(u64, Vec<u8>)>> {
        self.conn.all("documents.vocabulary", &[]).await
    }
    /// The number the next chunk of the vocabulary will have.
    ///
    /// # Errors
    /// The database's.
    pub async fn next_vocabulary(&mut self) -> Result<u64> {
        let row: Option<(u64,)> = self.conn.first("documents.next_vocabulary", &[]).await?;
        Ok(row.map_or(1, |(n,)| n))
    }
}

impl Tx {
    /// Adds a version: of a new document if `version` is 1.
    ///
    /// # Errors
    /// The database's; also if that version exists.
    pub async fn add_document(&mut self, kind: DocumentKind, name: Tag, row: DocumentRow) -> Result<()> {
        if row.version == 1 {
            let params = [row.id.into(), kind.name().into(), name.to_vec().into(), row.version.into()];
            self.conn.run("documents.add", &params).await?;
        } else {
            self.conn.run("documents.set_version", &[row.id.into(), row.version.into()]).await?;
        }
        let params = [
            row.id.into(),
            row.version.into(),
            row.label.name().into(),
            row.author.map(UserId::uuid).into(),
            row.at.micros().into(),
            row.hash.into(),
            row.sealed.into(),
        ];
        self.conn.run("documents.add_version", &params).await.map(drop)
    }
    /// Adds a chunk to the vocabulary.
    ///
    /// # Errors
    /// The database's.
    pub async fn put_vocabulary(&mut self, chunk: u64, sealed: Vec<u8>) -> Result<()> {
        self.conn.run("documents.put_vocabulary", &[chunk.into(), sealed.into()]).await.map(drop)
    }
}
