//! Step 2: write it, see it, hear what is risky.

use super::findings::{Findings, decide, is_decision};
use super::steps::{Kept, Opened, Steps, keep, open};
use super::trial::{self, Trial, trial};
use crate::site::Site;
use crate::staff::error::{Result, StaffError};
use crate::staff::form::{Form, Posted};
use crate::staff::frame::{Frame, Section};
use crate::staff::page::{Again, GoTo, Late, Page};
use crate::staff::parts;
use crate::staff::signed::Signed;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use discreet_access::{ActionName, CreateCampaign, PreviewCampaign};
use discreet_app::campaigns::blocks::{ContentBlock, MOST_BLOCKS};
use discreet_app::campaigns::drafts::CampaignDraft;
use discreet_app::images::LibraryImage;
use discreet_domain::ImageId;
use discreet_mail::{Images, MergeField, Place};
use std::collections::HashMap;
use uuid::Uuid;

/// The editor.
#[derive(Template, Debug)]
#[template(path = "staff/campaigns/message.html")]
pub(crate) struct Message {
    frame: Frame,
    steps: Steps,
    id: Uuid,
    form: Form,
    revision: u64,
    blocks: Vec<BlockView>,
    findings: Findings,
    fields: Vec<(&'static str, &'static str, String)>,
    view: View,
    trial: Option<Trial>,
}

/// How the preview is looked at.
#[derive(Debug)]
struct View {
    phone: bool,
    dark: bool,
    text: bool,
    has_html: bool,
}

#[derive(Debug)]
struct BlockView {
    n: usize,
    kind: &'static str,
    block: ContentBlock,
    last: bool,
    /// What an image block shows.
    picture: Option<Picture>,
}

impl BlockView {
    fn title(&self) -> &'static str {
        match self.kind {
            "heading" => "Heading",
            "text" => "Text",
            "button" => "Button",
            "image" => "Image",
            "columns" => "Two columns",
            _ => "Line",
        }
    }
}

/// The image of a block: one of the library, or one at an address.
#[derive(Debug)]
struct Picture {
    /// The library's names, the chosen one marked.
    choices: Vec<(ImageId, String, bool)>,
    chosen: Option<ImageId>,
    /// Chosen, and taken away since.
    gone: bool,
    address: String,
}

fn picture(block: &ContentBlock, library: &[LibraryImage]) -> Option<Picture> {
    let ContentBlock::Image { src, .. } = block else { return None };
    let chosen = Images::id_of(src);
    let choices = library.iter().map(|image| (image.id, image.name.clone(), Some(image.id) == chosen));
    let address = if chosen.is_some() { String::new() } else { src.clone() };
    let gone = chosen.is_some_and(|id| !library.iter().any(|image| image.id == id));
    Some(Picture { choices: choices.collect(), chosen, gone, address })
}

pub(crate) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Page<Message>> {
    let opened = open(&site, &signed, id).await?;
    Ok(Page(page(&site, &signed, opened, &query, Form::default()).await?))
}

async fn page(
    site: &Site,
    signed: &Signed,
    mut opened: Opened,
    query: &HashMap<String, String>,
    form: Form,
) -> Result<Message> {
    let by = signed.leave(site, PreviewCampaign).await?;
    let preview = site.app.preview_letter(&by, &opened.draft.content).await?;
    let steps = opened.steps("message");
    let content = &opened.draft.content;
    let form = form
        .with("subject", &content.subject)
        .with("preheader", &content.preheader)
        .with("from_name", &content.from_name)
        .with("reply_to", &content.reply_to)
        .with("language", &content.language);
    let count = content.content.len();
    let library = match content.content.iter().any(|block| matches!(block, ContentBlock::Image { .. })) {
        true => site.app.images(&by).await?,
        false => Vec::new(),
    };
    let blocks = content.content.iter().cloned().enumerate();
    let has = |word: &str| query.contains_key(word);
    let findings = match signed.can(ActionName::CreateCampaign) {
        true => Findings::worked_on(site, &preview.findings, content, &form).await?,
        false => Findings::read(site, &preview.findings, &content.kept).await?,
    };
    let trial = match signed.can(ActionName::CreateCampaign) {
        true => trial(site, signed, &form, query, true).await?,
        false => None,
    };
    Ok(Message {
        frame: Frame::of(site, signed, Section::Campaigns).await?,
        steps,
        id: opened.draft.id,
        form,
        revision: opened.draft.revision,
        blocks: blocks
            .map(|(n, block)| BlockView {
                n,
                kind: block.kind(),
                picture: picture(&block, &library),
                block,
                last: n + 1 == count,
            })
            .collect(),
        findings,
        fields: fields(),
        view: View {
            phone: has("phone"),
            dark: has("dark"),
            text: has("text"),
            has_html: !preview.html.is_empty(),
        },
        trial,
    })
}

/// Merge fields that may stand in a body: how they are written, what they are, their label.
fn fields() -> Vec<(&'static str, &'static str, String)> {
    MergeField::all()
        .filter(|field| field.allowed_in(Place::Body))
        .map(|field| (field.name(), field.meaning(), field.label().name().to_owned()))
        .collect()
}

/// Reads the blocks as posted: `b0_kind`, `b0_text` …
fn read(posted: &Posted) -> Vec<ContentBlock> {
    let mut blocks = Vec::new();
    for n in 0..MOST_BLOCKS {
        let Some(mut block) = ContentBlock::blank(posted.get(&format!("b{n}_kind"))) else { break };
        let part = |name: &str| posted.raw(&format!("b{n}_{name}")).to_owned();
        match &mut block {
            ContentBlock::Heading { text } | ContentBlock::Text { text } => *text = part("text"),
            ContentBlock::Button { text, href } => (*text, *href) = (part("text"), part("href")),
            ContentBlock::Image { src, alt } => {
                let chosen = posted.get(&format!("b{n}_image")).parse().map(Images::address);
                (*src, *alt) = (chosen.unwrap_or_else(|_| part("src")), part("alt"));
            }
            ContentBlock::Columns { left, right } => (*left, *right) = (part("left"), part("right")),
            ContentBlock::Divider => {}
        }
        blocks.push(block);
    }
    blocks
}

/// An image of the library that was chosen shows what its entry says, unless the author says something else.
async fn described(site: &Site, signed: &Signed, blocks: &mut [ContentBlock]) -> Result<()> {
    let silent =
        |block: &&mut ContentBlock| matches!(block, ContentBlock::Image { alt, .. } if alt.trim().is_empty());
    let silent: Vec<&mut ContentBlock> = blocks.iter_mut().filter(silent).collect();
    if silent.is_empty() {
        return Ok(());
    }
    let library = site.app.images(&signed.leave(site, PreviewCampaign).await?).await?;
    for block in silent {
        if let ContentBlock::Image { src, alt } = block
            && let Some(image) = Images::id_of(src).and_then(|id| library.iter().find(|i| i.id == id))
        {
            alt.clone_from(&image.alt);
        }
    }
    Ok(())
}

/// What a button of a block does: `up-2`, `down-2`, `remove-2`, `add-text`.
fn act(blocks: &mut Vec<ContentBlock>, word: &str) -> Result<()> {
    let (act, what) = word.split_once('-').ok_or(StaffError::Malformed)?;
    if act == "add" {
        if blocks.len() >= MOST_BLOCKS {
            return Err(StaffError::Refused(format!("a mail has at most {MOST_BLOCKS} blocks")));
        }
        blocks.push(ContentBlock::blank(what).ok_or(StaffError::Malformed)?);
        return Ok(());
    }
    let n: usize = what.parse().map_err(|_| StaffError::Malformed)?;
    if n >= blocks.len() {
        return Err(StaffError::Missing("block"));
    }
    match act {
        "up" if n > 0 => blocks.swap(n, n - 1),
        "down" if n + 1 < blocks.len() => blocks.swap(n, n + 1),
        "remove" => drop(blocks.remove(n)),
        _ => {}
    }
    Ok(())
}

pub(crate) async fn save(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    posted: Posted,
) -> Result<Response> {
    let by = signed.leave(&site, PreviewCampaign).await?;
    let mut draft = site.app.campaign_draft(by, id).await?;
    let leaves = (&signed.leave(&site, PreviewCampaign).await?, &signed.leave(&site, CreateCampaign).await?);
    let before = draft.content.clone();
    let content: &mut CampaignDraft = &mut draft.content;
    content.subject = posted.get("subject").to_owned();
    content.preheader = posted.get("preheader").to_owned();
    content.from_name = posted.get("from_name").to_owned();
    content.reply_to = posted.get("reply_to").to_owned();
    content.language = posted.get("language").to_owned();
    content.content = read(&posted);
    described(&site, &signed, &mut content.content).await?;
    let word = posted.get("do").to_owned();
    let form = decide(&site, leaves, content, &posted).await?;
    let next = match word.as_str() {
        "next" => "audience",
        "" | "save" | "test" | "images" => "message",
        word if is_decision(word) => "message#findings",
        word => {
            act(&mut content.content, word)?;
            "message#blocks"
        }
    };
    // What did not change needs no saving, which would undo an approval.
    let kept = match draft.content == before && (word == "test" || !form.is_fine()) {
        true => None,
        false => Some(keep(&site, &signed, draft, &posted, ("message", next)).await?),
    };
    match kept {
        Some(Kept::Overtaken(opened)) => late(&site, &signed, *opened).await,
        // What else was changed is saved all the same.
        _ if !form.is_fine() => again(&site, &signed, id, form).await,
        _ if word == "test" => test(&site, &signed, id, &posted).await,
        _ if word == "images" => Ok(GoTo::page(format!("/images?draft={id}")).into_response()),
        Some(Kept::Saved(to)) => Ok(to.into_response()),
        None => Ok(GoTo::page(format!("/campaigns/{id}/{next}")).into_response()),
    }
}

async fn again(site: &Site, signed: &Signed, id: Uuid, form: Form) -> Result<Response> {
    let opened = open(site, signed, id).await?;
    Ok(Again(page(site, signed, opened, &HashMap::new(), form).await?).into_response())
}

async fn late(site: &Site, signed: &Signed, opened: Opened) -> Result<Response> {
    Ok(Late(page(site, signed, opened, &HashMap::new(), Form::default()).await?).into_response())
}

async fn test(site: &Site, signed: &Signed, id: Uuid, posted: &Posted) -> Result<Response> {
    match trial::send(site, signed, id, posted, "message").await? {
        Ok(path) => Ok(GoTo::page(path).into_response()),
        Err(text) => {
            let mut form = Form::of(posted, &[trial::TO]);
            form.wrong(trial::TO, text);
            again(site, signed, id, form).await
        }
    }
}
