//! The log a page at a time, newest first, in words.

use crate::app::App;
use crate::audit::bodies;
use crate::error::{AppError, Result};
use discreet_access::{Allowed, ReadAudit};
use discreet_audit::tree::leaf;
use discreet_audit::{Access, EntryBody, Event, Reason, Row, Whom};
use discreet_domain::{Actor, Part, PatientId, Timestamp, UserId};
use discreet_store::Reading;
use serde_json::Value;
use std::collections::HashMap;

/// Entries to a page.
pub const PAGE: usize = 50;
/// Commits looked through at a time when a filter lets few pass.
const WINDOW: u64 = 50_000;
/// Such windows to a page: then the page says how far it looked, and its link goes on from there.
const MOST_WINDOWS: u32 = 20;
/// Commits read at a time.
const COMMITS: u32 = 200;

/// Which entries.
#[derive(Clone, Debug, Default)]
pub struct LogFilter {
    /// By this user.
    pub user: Option<UserId>,
    /// Of this kind: the word stored.
    pub act: Option<String>,
    /// About this record.
    pub patient: Option<PatientId>,
    /// Not older.
    pub from: Option<Timestamp>,
    /// Older than this.
    pub to: Option<Timestamp>,
    /// Before the entry of this number.
    pub before: Option<u64>,
}

/// An entry, in words.
#[derive(Clone, Debug)]
pub struct LogLine {
    /// Its number.
    pub n: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub who: String,
    /// What, in words.
    pub what: String,
    /// More about it: codes and numbers.
    pub details: String,
    /// Whose record.
    pub patient: Option<PatientId>,
    /// The words of the reason, if some were given.
    pub note: Option<String>,
}

/// A page of them.
#[derive(Clone, Debug, Default)]
pub struct LogPage {
    /// Newest first.
    pub lines: Vec<LogLine>,
    /// Where the next page begins, if there may be more.
    pub older: Option<u64>,
    /// Back to when it was looked, if the page is not full for another reason than that there is nothing older.
    pub looked_back_to: Option<Timestamp>,
}

/// An entry with all that proves it.
#[derive(Clone, Debug)]
pub struct LogEntry {
    /// In words.
    pub line: LogLine,
    /// The commit it is part of.
    pub commit: u64,
    /// Its fields, as stored.
    pub fields: Vec<(String, String)>,
    /// The line that is hashed.
    pub body: String,
    /// Its hash in the tree.
    pub hash: String,
}

/// What each kind of entry says: the word stored, and words for people.
pub const ACTS: &[(&str, &str)] = &[
    ("looked", "Opened records"),
    ("nobody_found", "Looked somebody up and found nobody"),
    ("refused", "Was refused"),
    ("counted", "Counted a segment"),
    ("import_started", "Began an import"),
    ("import_batch", "Imported a batch"),
    ("import_ended", "Ended an import"),
    ("rejected_rows_removed", "Removed rejected rows"),
    ("consent_granted", "Recorded an opt-in"),
    ("consent_withdrawn", "Recorded an opt-out"),
    ("grant_refused", "Did not take an imported opt-in"),
    ("authorization_signed", "Filed an authorization"),
    ("authorization_revoked", "Revoked an authorization"),
    ("ending_listed", "Listed authorizations that end soon"),
    ("not_me", "Said an address is not theirs"),
    ("address_settled", "Settled an address"),
    ("suppressed", "Suppressed an address"),
    ("suppression_lifted", "Lifted a suppression"),
    ("merged", "Merged records"),
    ("restriction", "Changed a restriction"),
    ("corrected", "Put a record right"),
    ("released", "Handed a record out"),
    ("erased", "Erased a record"),
    ("segment_saved", "Saved a segment"),
    ("value_set_saved", "Saved a value set"),
    ("consent_text_saved", "Saved a consent form’s text"),
    ("template_saved", "Saved a template"),
    ("campaign_created", "Made a campaign"),
    ("campaign_approved", "Approved a campaign"),
    ("finding_kept", "Kept a finding in a campaign’s email, with a reason"),
    ("finding_unkept", "Took back that a finding is kept, or changed its words"),
    ("campaign_started", "Started a campaign"),
    ("campaign_stopped", "Ended a campaign"),
    ("audience_refused", "Left people out of an audience"),
    ("test_queued", "Sent a test of a campaign’s email to a colleague"),
    ("service_decided", "Decided on a mail that was asked for"),
    ("decided", "Decided on a message"),
    ("delivered", "Noted what came of a message"),
    ("recovered", "Took up messages left behind"),
    ("settled", "Settled a message by hand"),
    ("sending_stopped", "Stopped all sending"),
    ("sending_resumed", "Let sending go on"),
    ("relay_set", "Set whose the relay is"),
    ("vendor_saved", "Saved a vendor"),
    ("vendor_ended", "Ended a vendor"),
    ("settings_set", "Changed the organization’s settings"),
    ("attribute_added", "Added an attribute to the catalog"),
    ("label_set", "Changed a label in the catalog"),
    ("user_added", "Added a person"),
    ("roles_set", "Changed a person’s roles"),
    ("user_disabled", "Disabled a person"),
    ("way_in_made", "Made a link to come in by"),
    ("signed_in", "Signed in"),
    ("sign_in_failed", "Failed to sign in"),
    ("signed_out", "Signed out"),
    ("password_set", "Set a password"),
    ("second_factor", "Changed a second factor"),
    ("notice_answered", "Saw to a notice"),
    ("token_issued", "Issued a token"),
    ("token_revoked", "Revoked a token"),
    ("key_added", "Added a key"),
    ("keys_rewrapped", "Wrapped patient keys anew"),
    ("key_retired", "Destroyed an old key"),
    ("kit_issued", "Issued a recovery kit"),
    ("kit_confirmed", "Confirmed the recovery kit"),
    ("keyring_recovered", "Recovered the keyring"),
    ("passphrase_changed", "Changed the passphrase"),
    ("checkpointed", "Handed out a checkpoint"),
    ("restored", "Restored a backup"),
    ("initialized", "Made the installation"),
];

/// The word stored for an event's kind, and the event's fields.
fn parts_of(event: &Event) -> (String, Vec<(String, Value)>) {
    let value = serde_json::to_value(event).unwrap_or_default();
    let Value::Object(map) = value else { return (String::new(), Vec::new()) };
    let kind = map.get("event").and_then(Value::as_str).unwrap_or_default().to_owned();
    let rest = map.into_iter().filter(|(key, value)| key != "event" && key != "note" && !value.is_null());
    (kind, rest.collect())
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.replace('_', " "),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        other => other.to_string(),
    }
}

const fn reason_words(reason: Reason) -> &'static str {
    match reason {
        Reason::Care => "treatment or scheduling",
        Reason::PatientRequest => "the patient asked",
        Reason::Correction => "to put something right",
        Reason::Investigation => "consent or a complaint",
        Reason::PrivacyReview => "privacy review",
        Reason::Other => "another reason",
        Reason::Index => "to keep the index",
        Reason::Import => "to match an import",
        Reason::Send => "to write messages",
        Reason::Evidence => "to keep what was sent",
        Reason::Erase => "to erase",
    }
}

fn access_words(access: &Access) -> String {
    let whom = match access.whom {
        Whom::One(_) => "one record",
        Whom::Campaign(_) => "a campaign’s recipients",
        Whom::Import(_) => "an import’s patients",
        Whom::All => "every record",
    };
    let named = [
        (Part::Identity, "identity"),
        (Part::Facts, "facts"),
        (Part::Events, "events"),
        (Part::Evidence, "documents"),
    ];
    let parts: Vec<&str> =
        named.into_iter().filter(|(part, _)| access.parts.has(*part)).map(|(_, word)| word).collect();
    let parts = if parts.is_empty() { "that it is there".to_owned() } else { parts.join(", ") };
    format!("{whom} ({parts}): {}", reason_words(access.reason))
}

fn details(event: &Event, names: &HashMap<UserId, String>) -> String {
    if let Event::Looked { access, .. } = event {
        return access_words(access);
    }
    let (_, fields) = parts_of(event);
    let word = |(key, value): &(String, Value)| {
        let user = value.as_str().and_then(|text| text.parse().ok()).and_then(|id| names.get(&id));
        let text = user.cloned().unwrap_or_else(|| plain(value));
        format!("{} {text}", key.replace('_', " "))
    };
    let shown = fields.iter().filter(|(key, _)| key != "patient");
    shown.map(word).collect::<Vec<_>>().join(" · ")
}

/// What an entry of this kind says, in words.
pub fn act_words(kind: &str) -> &str {
    ACTS.iter().find(|(known, _)| *known == kind).map_or(kind, |(_, words)| words)
}

fn fits(filter: &LogFilter, body: &EntryBody) -> bool {
    let by = filter.user.is_none_or(|user| body.by == Actor::User(user));
    let at = Timestamp::from_micros(body.at);
    let act = filter.act.as_ref().is_none_or(|act| parts_of(&body.did).0 == *act);
    let since = filter.from.is_none_or(|from| at >= from) && filter.to.is_none_or(|to| at < to);
    by && act && since && filter.before.is_none_or(|before| body.n < before)
}

impl App {
    async fn user_names(&self, reading: &mut Reading) -> Result<HashMap<UserId, String>> {
        Ok(reading.accounts().await?.into_iter().map(|account| (account.id, account.name)).collect())
    }
    fn line(&self, body: &EntryBody, names: &HashMap<UserId, String>) -> Result<LogLine> {
        let who = match body.by {
            Actor::User(id) => names.get(&id).cloned().unwrap_or_else(|| id.to_string()),
            Actor::Patient(_) | Actor::Mailbox => "The reader of a mailbox".to_owned(),
            Actor::Dispatcher => "The dispatcher".to_owned(),
            Actor::Indexer => "The index".to_owned(),
            Actor::Visitor => "Someone not signed in".to_owned(),
            Actor::Console => "The console".to_owned(),
        };
        let note = match &body.did {
            Event::Looked { note: Some(note), .. } => Some(self.open_note(note)?),
            _ => None,
        };
        Ok(LogLine {
            n: body.n,
            at: Timestamp::from_micros(body.at),
            who,
            what: act_words(&parts_of(&body.did).0).to_owned(),
            details: details(&body.did, names),
            patient: body.did.patient(),
            note,
        })
    }

    /// A page of the log, newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn log_page(&self, _by: Allowed<ReadAudit>, filter: &LogFilter) -> Result<LogPage> {
        let mut reading = self.store.read().await?;
        let names = self.user_names(&mut reading).await?;
        match filter.patient {
            Some(patient) => self.page_about(&mut reading, patient, filter, &names).await,
            None => self.page_of_all(&mut reading, filter, &names).await,
        }
    }

    async fn page_about(
        &self,
        reading: &mut Reading,
        patient: PatientId,
        filter: &LogFilter,
        names: &HashMap<UserId, String>,
    ) -> Result<LogPage> {
        let mut page = LogPage::default();
        let mut before = filter.before.unwrap_or(i64::MAX as u64);
        for _ in 0..MOST_WINDOWS {
            let numbers = reading.entries_about_before(patient, before, COMMITS).await?;
            let Some(last) = numbers.last() else { return Ok(page) };
            before = *last;
            for n in numbers {
                let row = reading.log_row_of(n).await?;
                let body = row.as_ref().and_then(|row| bodies(row).find(|body| body.n == n));
                let Some(body) = body.filter(|body| fits(filter, body)) else { continue };
                if page.lines.len() == PAGE {
                    page.older = page.lines.last().map(|line| line.n);
                    return Ok(page);
                }
                page.lines.push(self.line(&body, names)?);
            }
        }
        page.older = Some(before);
        Ok(page)
    }

    async fn page_of_all(
        &self,
        reading: &mut Reading,
        filter: &LogFilter,
        names: &HashMap<UserId, String>,
    ) -> Result<LogPage> {
        let mut page = LogPage::default();
        let newest = reading.log_head().await?.seq + 1;
        let mut before = match filter.before {
            Some(0) => return Ok(page),
            Some(n) => reading.log_row_of(n - 1).await?.map_or(newest, |row| row.seq + 1),
            None => newest,
        };
        if let Some(to) = filter.to {
            before = before.min(reading.last_commit_before(to).await? + 1);
        }
        let by = filter.user.map_or_else(|| "%".to_owned(), |user| format!("%{user}%"));
        let act = filter.act.as_ref().map_or_else(|| "%".to_owned(), |act| format!("%\"event\":\"{act}\"%"));
        for _ in 0..MOST_WINDOWS {
            let from = before.saturating_sub(WINDOW);
            loop {
                let rows = reading.log_before(before, from, (&by, &act), COMMITS).await?;
                let Some(last) = rows.last() else { break };
                before = last.seq;
                for row in &rows {
                    if self.take_fitting(row, filter, names, &mut page)? {
                        return Ok(page);
                    }
                }
                if filter.from.is_some_and(|since| Timestamp::from_micros(last.at) < since) {
                    return Ok(page);
                }
            }
            before = from;
            if before <= 1 {
                return Ok(page);
            }
        }
        if let Some(row) = reading.log_page(before, 1).await?.pop() {
            page.older = Some(row.first);
            page.looked_back_to = Some(Timestamp::from_micros(row.at));
        }
        Ok(page)
    }

    /// Takes what fits of a commit; whether the page is full and there is more.
    fn take_fitting(
        &self,
        row: &Row,
        filter: &LogFilter,
        names: &HashMap<UserId, String>,
        page: &mut LogPage,
    ) -> Result<bool> {
        let mut found: Vec<EntryBody> = bodies(row).filter(|body| fits(filter, body)).collect();
        found.reverse();
        for body in found {
            if page.lines.len() == PAGE {
                page.older = page.lines.last().map(|line| line.n);
                return Ok(true);
            }
            page.lines.push(self.line(&body, names)?);
        }
        Ok(false)
    }

    /// One entry.
    ///
    /// # Errors
    /// No such entry; the database's.
    pub async fn log_entry(&self, _by: Allowed<ReadAudit>, n: u64) -> Result<LogEntry> {
        let none = || AppError::NotFound("entry");
        let mut reading = self.store.read().await?;
        let row = reading.log_row_of(n).await?.ok_or_else(none)?;
        let names = self.user_names(&mut reading).await?;
        let at = usize::try_from(n - row.first).map_err(|_| none())?;
        let text = row.bodies.split('\n').nth(at).filter(|text| !text.is_empty()).ok_or_else(none)?;
        let body = EntryBody::parse(text).map_err(|_| none())?;
        let (kind, fields) = parts_of(&body.did);
        let mut shown = vec![("event".to_owned(), kind)];
        shown.extend(fields.into_iter().map(|(key, value)| {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            (key, text)
        }));
        Ok(LogEntry {
            line: self.line(&body, &names)?,
            commit: row.seq,
            fields: shown,
            body: text.to_owned(),
            hash: leaf(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect(),
        })
    }
    /// Whose log it is: names and ids of all who can act.
    ///
    /// # Errors
    /// The database's.
    pub async fn log_people(&self, _by: Allowed<ReadAudit>) -> Result<Vec<(UserId, String)>> {
        let accounts = self.store.read().await?.accounts().await?;
        Ok(accounts.into_iter().map(|account| (account.id, account.name)).collect())
    }
}
