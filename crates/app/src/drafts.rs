//! Work in progress: kept on the server, sealed, so that a closed window or an idle sign-out loses nothing. Each change
//! names the revision it was made to: two windows cannot overwrite each other.

use crate::app::App;
use crate::error::{AppError, Result};
use discreet_domain::{Timestamp, UserId};
use discreet_store::{DraftRow, Lane, Tx};
use discreet_vault::Place;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// A draft, opened.
#[derive(Clone, Debug)]
pub struct Draft<T> {
    /// Which.
    pub id: Uuid,
    /// Whose.
    pub owner: UserId,
    /// Rises with every change.
    pub revision: u64,
    /// When it last changed.
    pub changed: Timestamp,
    /// Who changed it then.
    pub changed_by: UserId,
    /// What is in it.
    pub content: T,
}

fn place(id: Uuid) -> Place<'static> {
    Place { table: "draft", row: id.as_u128(), column: "sealed", version: 1 }
}

impl App {
    fn open_draft<T: DeserializeOwned>(&self, row: DraftRow) -> Result<Draft<T>> {
        let plain = self.organization.open(place(row.id), &row.sealed)?;
        let content = serde_json::from_slice(&plain).map_err(|_| AppError::Form("a draft"))?;
        Ok(Draft {
            id: row.id,
            owner: row.owner,
            revision: row.revision,
            changed: row.changed,
            changed_by: row.changed_by,
            content,
        })
    }
    fn seal_draft<T: Serialize>(&self, id: Uuid, content: &T) -> Result<Vec<u8>> {
        let plain = serde_json::to_vec(content).map_err(|_| AppError::Form("a draft"))?;
        Ok(self.organization.seal(place(id), &plain)?)
    }
    /// The draft of this id and kind.
    pub(crate) async fn draft<T: DeserializeOwned>(&self, kind: &'static str, id: Uuid) -> Result<Draft<T>> {
        let row = self.store.read().await?.draft(id).await?.filter(|row| row.kind == kind);
        self.open_draft(row.ok_or(AppError::NotFound(kind))?)
    }
    /// All drafts of a kind, the last changed first.
    pub(crate) async fn drafts<T: DeserializeOwned>(&self, kind: &'static str) -> Result<Vec<Draft<T>>> {
        let rows = self.store.read().await?.drafts(kind).await?;
        rows.into_iter().map(|row| self.open_draft(row)).collect()
    }
    /// Begins a draft.
    pub(crate) async fn begin_draft<T: Serialize>(
        &self,
        kind: &'static str,
        owner: UserId,
        content: T,
        now: Timestamp,
    ) -> Result<Draft<T>> {
        let id = Uuid::new_v4();
        let sealed = self.seal_draft(id, &content)?;
        let mut tx = self.store.begin(Lane::Receipt).await?;
        let (kind, changed_by) = (kind.to_owned(), owner);
        tx.add_draft(DraftRow { id, kind, owner, revision: 1, changed: now, changed_by, sealed }).await?;
        self.settle(tx, &[]).await?;
        Ok(Draft { id, owner, revision: 1, changed: now, changed_by, content })
    }
    /// Replaces what is in a draft, within a transaction, and raises its revision.
    pub(crate) async fn write_draft<T: Serialize>(
        &self,
        tx: &mut Tx,
        draft: &mut Draft<T>,
        (by, now): (UserId, Timestamp),
    ) -> Result<()> {
        let sealed = self.seal_draft(draft.id, &draft.content)?;
        if !tx.change_draft(draft.id, draft.revision, (by, now), sealed).await? {
            return Err(AppError::Stale);
        }
        (draft.revision, draft.changed, draft.changed_by) = (draft.revision + 1, now, by);
        Ok(())
    }
    /// Replaces what is in a draft.
    pub(crate) async fn keep_draft<T: Serialize>(
        &self,
        draft: &mut Draft<T>,
        (by, now): (UserId, Timestamp),
    ) -> Result<()> {
        let mut tx = self.store.begin(Lane::Receipt).await?;
        self.write_draft(&mut tx, draft, (by, now)).await?;
        self.settle(tx, &[]).await
    }
}
