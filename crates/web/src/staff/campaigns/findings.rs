//! What the linter finds in a mail, and what a person does about it: mends the words, or keeps them and says why. The
//! controls belong to the form of the message step, so that what was typed there is saved with the decision.

use crate::site::Site;
use crate::staff::error::{Result, StaffError};
use crate::staff::form::{Form, Posted};
use askama::Template;
use discreet_access::{Allowed, CreateCampaign, PreviewCampaign};
use discreet_app::AppError;
use discreet_app::campaigns::blocks::ContentBlock;
use discreet_app::campaigns::drafts::CampaignDraft;
use discreet_app::campaigns::kept::{
    KeptFindings, LONGEST_KEEP_REASON, can_be_kept, mark, mended, open_findings,
};
use discreet_mail::{Finding, Place, Severity};

/// Most letters of the line of a finding that are shown with it.
const LONGEST_LINE_SHOWN: usize = 200;

/// The list of them.
#[derive(Template, Debug)]
#[template(path = "staff/campaigns/findings.html")]
pub(crate) struct Findings {
    items: Vec<Found>,
    stop: usize,
    open: usize,
    kept: usize,
    longest: usize,
}

impl askama::filters::HtmlSafe for Findings {}

#[derive(Debug)]
struct Found {
    mark: String,
    place: &'static str,
    severity: Severity,
    text: String,
    words: String,
    /// The line the words stand in: whoever approves judges it as a whole.
    line: Option<String>,
    /// The field it is about, where it can be changed.
    field: Option<String>,
    /// What can be put in the words' place.
    instead: Option<&'static str>,
    kept: Option<KeptBy>,
    /// Where a reason can be given: what was typed, and what is wrong with it.
    reason: Option<(String, Option<String>)>,
}

/// Why it is kept, who says so, and when.
#[derive(Debug)]
struct KeptBy {
    reason: String,
    name: String,
    day: String,
}

impl Findings {
    /// As they are read.
    pub(crate) async fn read(site: &Site, found: &[Finding], kept: &KeptFindings) -> Result<Findings> {
        Findings::of(site, (found, kept), None).await
    }
    /// As they are worked on; `form` has what was typed as reasons. Without leave to change the mail they are read.
    pub(crate) async fn worked_on(
        site: &Site,
        found: &[Finding],
        draft: &CampaignDraft,
        form: &Form,
    ) -> Result<Findings> {
        Findings::of(site, (found, &draft.kept), Some((draft, form))).await
    }
    async fn of(
        site: &Site,
        (found, kept): (&[Finding], &KeptFindings),
        at_work: Option<(&CampaignDraft, &Form)>,
    ) -> Result<Findings> {
        let mut items = Vec::with_capacity(found.len());
        for finding in found {
            items.push(one(site, (finding, kept), at_work).await?);
        }
        Ok(Findings {
            stop: items.iter().filter(|f| f.severity == Severity::Error).count(),
            open: open_findings(found, kept),
            kept: items.iter().filter(|f| f.kept.is_some()).count(),
            items,
            longest: LONGEST_KEEP_REASON,
        })
    }
}

async fn one(
    site: &Site,
    (finding, kept): (&Finding, &KeptFindings),
    at_work: Option<(&CampaignDraft, &Form)>,
) -> Result<Found> {
    let zone = site.app.zone();
    let kept = match kept.of(finding) {
        Some(kept) => Some(KeptBy {
            reason: kept.reason.clone(),
            name: site.app.name_of(kept.by).await?,
            day: zone.day_of(kept.at).for_people(),
        }),
        None => None,
    };
    let mark = mark(finding);
    let asks = can_be_kept(finding) && kept.is_none();
    let reason = at_work.filter(|_| asks).map(|(_, form)| {
        let field = reason_field(&mark);
        (form.value(&field).to_owned(), form.problem(&field).map(str::to_owned))
    });
    let mends = at_work.is_some_and(|(draft, _)| mended(draft, finding).is_some());
    Ok(Found {
        place: finding.place.name(),
        severity: finding.severity,
        text: finding.message.clone(),
        words: finding.words.to_string(),
        line: line(finding),
        field: at_work.map(|(draft, _)| field(finding, draft)),
        instead: finding.instead.filter(|_| mends && kept.is_none()),
        mark,
        kept,
        reason,
    })
}

/// The line a finding is about, unless it is said already; a long one is cut.
fn line(finding: &Finding) -> Option<String> {
    let line = finding.line.trim();
    if line.is_empty() || line.eq_ignore_ascii_case(&finding.words) {
        return None;
    }
    Some(match line.char_indices().nth(LONGEST_LINE_SHOWN) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or("")),
        None => line.to_owned(),
    })
}

/// The name of the field for the reason to keep a finding.
fn reason_field(mark: &str) -> String {
    format!("reason-{mark}")
}

/// The field whose words a finding is about, as the message step names it.
fn field(finding: &Finding, draft: &CampaignDraft) -> String {
    let field = match finding.place {
        Place::Subject => "subject",
        Place::Preheader => "preheader",
        Place::FromName => "from_name",
        Place::ReplyTo => "reply_to",
        Place::Language => "language",
        _ => {
            let said = if finding.place == Place::Link { &finding.line } else { &finding.words };
            let mut blocks = draft.content.iter().enumerate();
            let part = blocks.find_map(|(n, block)| part(block, said).map(|part| format!("b{n}_{part}")));
            return part.unwrap_or_else(|| "blocks".to_owned());
        }
    };
    field.to_owned()
}

/// The part of a block in which something is said.
fn part(block: &ContentBlock, said: &str) -> Option<&'static str> {
    let said = said.to_lowercase();
    let has = |text: &str| !said.is_empty() && text.to_lowercase().contains(&said);
    let parts: &[(&'static str, &str)] = match block {
        ContentBlock::Heading { text } | ContentBlock::Text { text } => &[("text", text)],
        ContentBlock::Button { text, href } => &[("text", text), ("href", href)],
        ContentBlock::Image { alt, .. } => &[("alt", alt)],
        ContentBlock::Columns { left, right } => &[("left", left), ("right", right)],
        ContentBlock::Divider => &[],
    };
    parts.iter().find(|(_, text)| has(text)).map(|(part, _)| *part)
}

/// Whether a button is one of the list's.
pub(crate) fn is_decision(word: &str) -> bool {
    matches!(word.split_once('-'), Some(("use" | "keep" | "unkeep", _)))
}

/// Does what the list's buttons say: `use-…`, `keep-…`, `unkeep-…`. A reason that was typed is given, whichever button
/// was pressed. What cannot be done stands in the form.
pub(crate) async fn decide(
    site: &Site,
    (preview, by): (&Allowed<PreviewCampaign>, &Allowed<CreateCampaign>),
    content: &mut CampaignDraft,
    posted: &Posted,
) -> Result<Form> {
    let mut form = Form::default();
    let mut asked = None;
    match posted.get("do").split_once('-') {
        Some(("use", mark)) => {
            told(&mut form, "findings", site.app.mend_finding(by, content, mark).await)?;
        }
        Some(("unkeep", mark)) => site.app.unkeep_finding(by, content, mark),
        Some(("keep", mark)) => asked = Some(mark.to_owned()),
        _ => {}
    }
    let found = site.app.preview_letter(preview, content).await?.findings;
    let marks: Vec<String> = found.iter().filter(|f| can_be_kept(f)).map(mark).collect();
    let given = |mark: &String| posted.has(&reason_field(mark)) && asked.as_ref() != Some(mark);
    for mark in asked.iter().chain(marks.iter().filter(|mark| given(mark))) {
        let field = reason_field(mark);
        let reason = posted.get(&field);
        form.set(&field, reason);
        let shown = if marks.contains(mark) { field.as_str() } else { "findings" };
        told(&mut form, shown, site.app.keep_finding(by, content, (mark, reason), site.now()).await)?;
    }
    Ok(form)
}

/// Puts what somebody can put right beside its field.
fn told(form: &mut Form, field: &str, done: std::result::Result<(), AppError>) -> Result<()> {
    match done {
        Err(AppError::Invalid(text) | AppError::Conflict(text)) => {
            form.wrong(field, text);
            Ok(())
        }
        done => done.map_err(StaffError::from),
    }
}
