//! What is done about a finding that does not stop a mail: its words are mended, or somebody keeps them and says why. What
//! was kept is about one line as it stood; a change of that line takes it back. It goes with the campaign to whoever
//! approves it, and is part of what is approved. What stops a mail cannot be kept by anybody.

use super::blocks::ContentBlock;
use super::drafts::{CampaignDraft, LetterPreview};
use crate::app::App;
use crate::error::{AppError, Result};
use crate::images::Shelf;
use discreet_access::{Allowed, CreateCampaign};
use discreet_audit::{Entry, Event};
use discreet_domain::{Actor, CampaignId, Timestamp, UserId};
use discreet_mail::{Finding, Place, Severity, names_somebody, review};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Longest reason for keeping a finding, in characters.
pub const LONGEST_KEEP_REASON: usize = 300;
/// Bytes of the digest that a finding is known by among those of its mail.
const MARK_BYTES: usize = 16;

/// A finding somebody keeps, and why.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Kept {
    /// Which finding: see [`mark`].
    pub mark: String,
    /// Where it was found.
    pub place: Place,
    /// What it is, as a fixed word.
    pub code: String,
    /// The words it quotes.
    pub words: String,
    /// Why they may stand.
    pub reason: String,
    /// Who says so.
    pub by: UserId,
    /// When they said it.
    pub at: Timestamp,
}

/// The findings kept in a mail. Only [`App::keep_finding`] adds to them.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeptFindings(Vec<Kept>);

impl KeptFindings {
    /// What is kept of a finding; nothing if it, or the line it is about, is another.
    pub fn of(&self, finding: &Finding) -> Option<&Kept> {
        let mark = mark(finding);
        self.0.iter().find(|kept| kept.mark == mark && can_be_kept(finding))
    }
    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Kept> {
        self.0.iter()
    }
    /// Whether somebody kept one: they do not approve it, too.
    pub fn is_of(&self, user: UserId) -> bool {
        self.0.iter().any(|kept| kept.by == user)
    }
    fn take_back(&mut self, mark: &str) {
        self.0.retain(|kept| kept.mark != mark);
    }
    /// Those that are still about something that is found.
    fn standing(&self, findings: &[Finding]) -> KeptFindings {
        let stands = |kept: &&Kept| findings.iter().any(|f| self.of(f).is_some_and(|of| of == *kept));
        KeptFindings(self.0.iter().filter(stands).cloned().collect())
    }
    /// Goes into the hash of what is approved.
    pub(super) fn digest(&self) -> Vec<u8> {
        let mut hash = Sha256::new();
        for kept in &self.0 {
            absorb(&mut hash, &[&kept.mark, &kept.reason, &kept.by.to_string()]);
        }
        hash.finalize().to_vec()
    }
}

/// What a finding is known by: a digest of place, code, words and the line they stand in, in hex.
pub fn mark(finding: &Finding) -> String {
    let mut hash = Sha256::new();
    absorb(&mut hash, &[finding.place.name(), finding.code, &finding.words, &finding.line]);
    super::hex(hash.finalize().get(..MARK_BYTES).unwrap_or_default())
}

fn absorb(hash: &mut Sha256, words: &[&str]) {
    for word in words {
        hash.update((word.len() as u64).to_be_bytes());
        hash.update(word);
    }
}

/// Whether a person may decide about it: what stops a mail stops it, and a note asks for nothing.
pub fn can_be_kept(finding: &Finding) -> bool {
    finding.severity == Severity::Warning
}

/// How many findings ask for a decision that nobody made.
pub fn open_findings(findings: &[Finding], kept: &KeptFindings) -> usize {
    findings.iter().filter(|finding| can_be_kept(finding) && kept.of(finding).is_none()).count()
}

impl LetterPreview {
    /// How many findings are neither mended nor kept.
    pub fn open(&self) -> usize {
        open_findings(&self.findings, &self.kept)
    }
}

/// A reason in order: something, not too long, and not about one person.
fn checked_reason(reason: &str) -> Result<String> {
    let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
    if reason.is_empty() {
        return Err(AppError::invalid("Say why these words may stand: whoever approves the email reads it"));
    }
    if reason.chars().count() > LONGEST_KEEP_REASON {
        return Err(AppError::invalid(format!(
            "A reason has at most {LONGEST_KEEP_REASON} characters: say it shorter"
        )));
    }
    if reason.chars().any(char::is_control) || names_somebody(&reason) {
        return Err(AppError::invalid("Say it without numbers that could be one patient’s"));
    }
    Ok(reason)
}

impl App {
    /// Keeps a finding of a draft, with a reason. [`App::change_campaign_draft`] then saves it, and logs it.
    ///
    /// # Errors
    /// No reason, or one that is not in order; it is not found any more; it is none that a person may decide about.
    pub async fn keep_finding(
        &self,
        by: &Allowed<CreateCampaign>,
        draft: &mut CampaignDraft,
        (finding, reason): (&str, &str),
        now: Timestamp,
    ) -> Result<()> {
        let found = self.found(draft, finding).await?;
        if !can_be_kept(&found) {
            return Err(AppError::conflict("This stops the email, and nobody can keep it: change the words"));
        }
        let kept = Kept {
            mark: mark(&found),
            place: found.place,
            code: found.code.to_owned(),
            words: found.words.into_string(),
            reason: checked_reason(reason)?,
            by: by.user(),
            at: now,
        };
        draft.kept.take_back(&kept.mark);
        draft.kept.0.push(kept);
        Ok(())
    }
    /// Takes back that a finding is kept.
    pub fn unkeep_finding(&self, _by: &Allowed<CreateCampaign>, draft: &mut CampaignDraft, finding: &str) {
        draft.kept.take_back(finding);
    }
    /// Puts the more neutral words in the place of those a finding quotes.
    ///
    /// # Errors
    /// It is not found any more, or its words do not stand there as they are quoted.
    pub async fn mend_finding(
        &self,
        _by: &Allowed<CreateCampaign>,
        draft: &mut CampaignDraft,
        finding: &str,
    ) -> Result<()> {
        let found = self.found(draft, finding).await?;
        let mended = mended(draft, &found).ok_or_else(|| {
            AppError::conflict("These words cannot be replaced by themselves: change them where they stand")
        })?;
        *draft = mended;
        Ok(())
    }
    async fn findings_of(&self, draft: &CampaignDraft) -> Result<Vec<Finding>> {
        let letter = draft.letter();
        let images = self.images_for(letter.body.source(), Shelf::Library).await?;
        Ok(review(&letter, self.settings().letterhead()?.hosts(), &images))
    }
    async fn found(&self, draft: &CampaignDraft, finding: &str) -> Result<Finding> {
        let mut findings = self.findings_of(draft).await?.into_iter();
        findings.find(|found| mark(found) == finding).ok_or_else(|| {
            AppError::conflict(
                "The words changed meanwhile, so this is not found any more: look at the findings",
            )
        })
    }

    /// Drops what is kept of words that changed, and tells what is kept and taken back since `before`. The log holds no
    /// word of the mail, and no digest that could be guessed at.
    pub(super) async fn settle_kept(
        &self,
        id: CampaignId,
        (before, draft): (&KeptFindings, &mut CampaignDraft),
        (by, now): (Actor, Timestamp),
    ) -> Result<Vec<Entry>> {
        if !draft.kept.0.is_empty() {
            draft.kept = draft.kept.standing(&self.findings_of(draft).await?);
        }
        let facts = |kept: &Kept| {
            let digest = self.name_tag("kept finding", &kept.mark).hex();
            (kept.place.name().to_owned(), kept.code.clone(), digest)
        };
        let gone = before.0.iter().filter(|old| !draft.kept.0.iter().any(|kept| kept.mark == old.mark));
        let gone = gone.map(|kept| {
            let (place, code, digest) = facts(kept);
            Event::FindingUnkept { campaign: id, place, code, digest }
        });
        let new = draft.kept.0.iter().filter(|kept| !before.0.contains(kept)).map(|kept| {
            let (place, code, digest) = facts(kept);
            Event::FindingKept { campaign: id, place, code, digest }
        });
        Ok(gone.chain(new).map(|event| Entry { at: now, by, event }).collect())
    }
}

/// The draft with the more neutral words in the place of a finding's, if there are such and it quotes them as they stand.
pub fn mended(draft: &CampaignDraft, finding: &Finding) -> Option<CampaignDraft> {
    let instead = finding.instead?;
    let mut mended = draft.clone();
    let lines: Vec<&mut String> = match finding.place {
        Place::Subject => vec![&mut mended.subject],
        Place::Preheader => vec![&mut mended.preheader],
        Place::FromName => vec![&mut mended.from_name],
        Place::AltText => mended.content.iter_mut().filter_map(alt_text).collect(),
        _ => return None,
    };
    for line in lines {
        *line = replaced(line, &finding.words, instead);
    }
    (mended != *draft).then_some(mended)
}

fn alt_text(block: &mut ContentBlock) -> Option<&mut String> {
    match block {
        ContentBlock::Image { alt, .. } => Some(alt),
        _ => None,
    }
}

/// A text with whole words replaced, whatever their case; a capital at their beginning stays one.
fn replaced(text: &str, words: &str, instead: &str) -> String {
    if words.is_empty() {
        return text.to_owned();
    }
    let lower = text.to_ascii_lowercase();
    let words = words.to_ascii_lowercase();
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    while let Some(start) = lower.get(from..).and_then(|rest| rest.find(&words)).map(|at| from + at) {
        let end = start + words.len();
        let (before, after) = (text.get(..start).unwrap_or(""), text.get(end..).unwrap_or(""));
        let within = before.chars().next_back().is_some_and(char::is_alphanumeric)
            || after.chars().next().is_some_and(char::is_alphanumeric);
        out.push_str(text.get(from..start).unwrap_or(""));
        let written = text.get(start..end).unwrap_or("");
        match within {
            true => out.push_str(written),
            false if written.starts_with(char::is_uppercase) => out.push_str(&capital(instead)),
            false => out.push_str(instead),
        }
        from = end;
    }
    out.push_str(text.get(from..).unwrap_or(""));
    out
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_are_replaced_and_capitals_stay() {
        assert_eq!(replaced("Your refill is ready", "refill", "request"), "Your request is ready");
        assert_eq!(replaced("Refill, REFILL", "refill", "request"), "Request, Request");
        assert_eq!(replaced("An Amritsar evening", "mri", "check-up"), "An Amritsar evening");
        assert_eq!(replaced("é mri é", "mri", "check-up"), "é check-up é");
        assert_eq!(replaced("mri", "mri", "check-up"), "check-up");
        assert_eq!(replaced("", "mri", "check-up"), "");
        assert_eq!(replaced("mri", "", "check-up"), "mri");
    }

    #[test]
    fn a_reason_is_something_short_about_nobody() {
        assert_eq!(checked_reason(" our  hall's\nname ").unwrap(), "our hall's name");
        for wrong in ["", " \n ", "asked by MRN 00123456", &"x".repeat(LONGEST_KEEP_REASON + 1)] {
            assert!(matches!(checked_reason(wrong), Err(AppError::Invalid(_))), "{wrong}");
        }
        assert!(checked_reason(&"é".repeat(LONGEST_KEEP_REASON)).is_ok());
    }
}
