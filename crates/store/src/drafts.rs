//! Work in progress, and what somebody must see to.

use crate::db::Result;
use crate::{Reading, Tx};
use discreet_domain::{Timestamp, UserId};
use uuid::Uuid;

/// A draft, sealed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DraftRow {
    /// Which.
    pub id: Uuid,
    /// Of what.
    pub kind: String,
    /// Whose.
    pub owner: UserId,
    /// Rises with every change.
    pub revision: u64,
    /// When it last changed.
    pub changed: Timestamp,
    /// By whom.
    pub changed_by: UserId,
    /// Its content.
    pub sealed: Vec<u8>,
}

/// Something somebody must see to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NoticeRow {
    /// Which.
    pub n: u64,
    /// What happened: a stable word.
    pub kind: String,
    /// To whom or what.
    pub subject: Uuid,
    /// When.
    pub at: Timestamp,
}

type Draft = (Uuid, String, Uuid, u64, i64, Uuid, Vec<u8>);
type Notice = (u64, String, Uuid, i64);

fn draft((id, kind, owner, revision, changed, by, sealed): Draft) -> DraftRow {
    let (owner, changed_by) = (UserId::from_uuid(owner), UserId::from_uuid(by));
    DraftRow { id, kind, owner, revision, changed: Timestamp::from_micros(changed), changed_by, sealed }
}

fn notice((n, kind, subject, at): Notice) -> NoticeRow {
    NoticeRow { n, kind, subject, at: Timestamp::from_micros(at) }
}

impl Reading {
    /// A draft.
    ///
    /// # Errors
    /// The database's.
    pub async fn draft(&mut self, id: Uuid) -> Result<Option<DraftRow>> {
        Ok(self.conn.first("drafts.get", &[id.into()]).await?.map(draft))
    }
    /// All drafts of a kind, the last changed first.
    ///
    /// # Errors
    /// The database's.
    pub async fn drafts(&mut self, kind: &str) -> Result<Vec<DraftRow>> {
        let rows: Vec<Draft> = self.conn.all("drafts.of_kind", &[kind.into()]).await?;
        Ok(rows.into_iter().map(draft).collect())
    }
    /// What nobody has seen to yet, oldest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn notices(&mut self) -> Result<Vec<NoticeRow>> {
        let rows: Vec<Notice> = self.conn.all("drafts.notices", &[]).await?;
        Ok(rows.into_iter().map(notice).collect())
    }
    /// One of those.
    ///
    /// # Errors
    /// The database's.
    pub async fn notice(&mut self, n: u64) -> Result<Option<NoticeRow>> {
        Ok(self.conn.first("drafts.notice", &[n.into()]).await?.map(notice))
    }
}

impl Tx {
    /// Adds a draft, at revision 1, changed by its owner.
    ///
    /// # Errors
    /// The database's.
    pub async fn add_draft(&mut self, row: DraftRow) -> Result<()> {
        let params = [
            row.id.into(),
            row.kind.into(),
            row.owner.uuid().into(),
            row.changed.micros().into(),
            row.sealed.into(),
        ];
        self.conn.run("drafts.add", &params).await.map(drop)
    }
    /// Replaces a draft's content, if it is still at this revision.
    ///
    /// # Errors
    /// The database's.
    pub async fn change_draft(
        &mut self,
        id: Uuid,
        revision: u64,
        (by, now): (UserId, Timestamp),
        sealed: Vec<u8>,
    ) -> Result<bool> {
        let by = by.uuid().into();
        let params = [id.into(), revision.into(), now.micros().into(), by, sealed.into()];
        Ok(self.conn.run("drafts.change", &params).await? == 1)
    }
    /// Throws a draft away.
    ///
    /// # Errors
    /// The database's.
    pub async fn drop_draft(&mut self, id: Uuid) -> Result<()> {
        self.conn.run("drafts.drop", &[id.into()]).await.map(drop)
    }
    /// Puts something before whoever must see to it.
    ///
    /// # Errors
    /// The database's.
    pub async fn add_notice(&mut self, kind: &str, subject: Uuid, now: Timestamp) -> Result<()> {
        self.conn
            .run("drafts.add_notice", &[kind.into(), subject.into(), now.micros().into()])
            .await
            .map(drop)
    }
    /// It was seen to; `false` if it was already.
    ///
    /// # Errors
    /// The database's.
    pub async fn answer_notice(&mut self, n: u64, by: UserId, now: Timestamp) -> Result<bool> {
        let params = [n.into(), now.micros().into(), by.uuid().into()];
        Ok(self.conn.run("drafts.answer_notice", &params).await? == 1)
    }
    /// Everything of a kind about something was seen to.
    ///
    /// # Errors
    /// The database's.
    pub async fn answer_notices_about(
        &mut self,
        kind: &str,
        subject: Uuid,
        by: UserId,
        now: Timestamp,
    ) -> Result<u64> {
        let params = [kind.into(), subject.into(), now.micros().into(), by.uuid().into()];
        self.conn.run("drafts.answer_notices_about", &params).await
    }
}
