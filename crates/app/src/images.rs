//! The library of images that mail shows. They are attached to each mail: nobody is asked for one when a mail is opened,
//! and nobody hears of it.

use crate::app::App;
use crate::campaigns::drafts::{CampaignDraft, KIND};
use crate::documents::checked_name;
use crate::error::{AppError, Result};
use discreet_access::{Allowed, PreviewCampaign, SaveTemplate};
use discreet_audit::Event;
use discreet_domain::{ImageId, TemplateId, Timestamp};
use discreet_mail::limits::LARGEST_IMAGE_FILE;
use discreet_mail::{Image, Images};
use discreet_store::{ImageRow, Lane, Tx};
use discreet_vault::Place;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Images in the library, at most.
pub const MOST_IMAGES: u64 = 500;
/// Largest file an image may come in, in bytes.
pub const LARGEST_FILE: usize = LARGEST_IMAGE_FILE;
/// Longest text on what an image shows, in characters.
pub const LONGEST_ALT: usize = 200;

/// What is sealed of an image beside its pixels.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct About {
    name: String,
    alt: String,
    width: u32,
    height: u32,
    bytes: usize,
}

/// An image of the library.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LibraryImage {
    /// Which.
    pub id: ImageId,
    /// What colleagues call it. Readers do not see it.
    pub name: String,
    /// What it shows, for who does not see it; empty if it only decorates.
    pub alt: String,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
    /// Its size in a mail, in bytes.
    pub bytes: usize,
    /// Since when it is here.
    pub added: Timestamp,
}

/// Which images a mail may show.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Shelf {
    /// Those in the library: for what is being written.
    Library,
    /// Those taken away, too: for what was saved when they were there.
    Ever,
}

fn place(id: ImageId, column: &'static str) -> Place<'static> {
    Place { table: "image", row: id.uuid().as_u128(), column, version: 1 }
}

fn checked_alt(alt: &str) -> Result<String> {
    let alt = alt.split_whitespace().collect::<Vec<_>>().join(" ");
    match alt.chars().count() <= LONGEST_ALT && !alt.chars().any(char::is_control) {
        true => Ok(alt),
        false => Err(AppError::invalid(format!("what it shows: at most {LONGEST_ALT} characters"))),
    }
}

impl App {
    /// Puts an image into the library: what `file` holds, cleaned of all but its pixels and made to fit. The same picture
    /// again is the same image, under its new name.
    ///
    /// # Errors
    /// No picture, by its bytes; no name; a library that is full; the database's.
    pub async fn add_image(
        &self,
        by: Allowed<SaveTemplate>,
        (name, alt): (&str, &str),
        file: Vec<u8>,
        now: Timestamp,
    ) -> Result<LibraryImage> {
        let name = checked_name(name)?.to_owned();
        let alt = checked_alt(alt)?;
        let made = tokio::task::spawn_blocking(move || Image::from_file(&file)).await;
        let image = made.map_err(|_| AppError::Form("an image"))?;
        let image = image.map_err(|e| AppError::invalid(e.to_string()))?;
        let (id, bytes) = (image.id(), image.bytes().len());
        let about = About { name, alt, width: image.width(), height: image.height(), bytes };
        let plain = serde_json::to_vec(&about).map_err(|_| AppError::Form("an image"))?;
        let row = ImageRow { id, added: now, about: self.organization.seal(place(id, "about"), &plain)? };
        let picture = self.organization.seal(place(id, "picture"), image.bytes())?;
        let mut tx = self.store.begin(Lane::Receipt).await?;
        if tx.image(id).await?.is_none() && tx.image_count().await? >= MOST_IMAGES {
            let full =
                format!("the library holds {MOST_IMAGES} images, which is all it can: remove some first");
            return Err(AppError::conflict(full));
        }
        tx.put_image(row.clone(), picture).await?;
        self.settle_one(tx, by.actor(), Event::ImageAdded { image: id }, now).await?;
        self.open_image(row)
    }
    /// Takes an image out of the library. Mail that was submitted or sent with it keeps it; drafts need another.
    ///
    /// # Errors
    /// No such image; the database's.
    pub async fn remove_image(&self, by: Allowed<SaveTemplate>, id: ImageId, now: Timestamp) -> Result<()> {
        let mut tx = self.store.begin(Lane::Receipt).await?;
        if !tx.remove_image(id, now).await? {
            return Err(AppError::NotFound("image"));
        }
        self.settle_one(tx, by.actor(), Event::ImageRemoved { image: id }, now).await
    }
    /// The library, the newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn images(&self, _by: &Allowed<PreviewCampaign>) -> Result<Vec<LibraryImage>> {
        let rows = self.store.read().await?.images().await?;
        rows.into_iter().map(|row| self.open_image(row)).collect()
    }
    /// The names of the drafts that show an image, for each that is shown.
    ///
    /// # Errors
    /// The database's.
    pub async fn image_uses(&self, _by: &Allowed<PreviewCampaign>) -> Result<BTreeMap<ImageId, Vec<String>>> {
        let mut uses: BTreeMap<ImageId, Vec<String>> = BTreeMap::new();
        for draft in self.drafts::<CampaignDraft>(KIND).await? {
            for image in draft.content.images() {
                uses.entry(image).or_default().push(draft.content.name.clone());
            }
        }
        Ok(uses)
    }
    /// The picture of an image in the library.
    ///
    /// # Errors
    /// No such image; the database's.
    pub async fn image(&self, _by: &Allowed<PreviewCampaign>, id: ImageId) -> Result<Image> {
        let picture = self.picture(id, Shelf::Library).await?;
        picture.ok_or(AppError::NotFound("image"))
    }

    fn open_image(&self, row: ImageRow) -> Result<LibraryImage> {
        let plain = self.organization.open(place(row.id, "about"), &row.about)?;
        let about: About = serde_json::from_slice(&plain).map_err(|_| AppError::Form("an image"))?;
        let About { name, alt, width, height, bytes } = about;
        Ok(LibraryImage { id: row.id, name, alt, width, height, bytes, added: row.added })
    }
    async fn picture(&self, id: ImageId, shelf: Shelf) -> Result<Option<Image>> {
        let sealed = self.store.read().await?.picture(id, shelf == Shelf::Ever).await?;
        let Some(sealed) = sealed else { return Ok(None) };
        let bytes = self.organization.open(place(id, "picture"), &sealed)?;
        Image::stored(bytes.to_vec()).map(Some).map_err(|_| AppError::Form("an image"))
    }
    /// Those of the images that a mail's source names which it may show.
    pub(crate) async fn images_for(&self, source: &str, shelf: Shelf) -> Result<Images> {
        let mut images = Images::default();
        for id in Images::named_in(source) {
            if let Some(image) = self.picture(id, shelf).await? {
                images.add(image);
            }
        }
        Ok(images)
    }
    /// A saved template shows these images: they are kept as long as it is.
    pub(crate) async fn note_images(
        &self,
        tx: &mut Tx,
        (template, version): (TemplateId, u64),
        source: &str,
    ) -> Result<()> {
        for id in Images::named_in(source) {
            tx.use_image(template, version, id).await?;
        }
        Ok(())
    }
}
