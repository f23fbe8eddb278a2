//! `discreet image`.

use crate::clock::now;
use crate::output::Out;
use crate::wire::{Result, leave};
use clap::Subcommand;
use discreet_access::{PreviewCampaign, SaveTemplate, Who};
use discreet_app::App;
use discreet_app::images::LibraryImage;
use discreet_domain::ImageId;
use discreet_mail::Images;
use serde_json::json;
use std::path::PathBuf;

/// Images that mail shows: they travel within it.
#[derive(Debug, Subcommand)]
pub enum ImageVerb {
    /// Put a picture into the library: PNG, JPEG or GIF.
    Add {
        /// The picture.
        file: PathBuf,
        /// What colleagues call it.
        #[arg(long)]
        name: String,
        /// What it shows, for who does not see it.
        #[arg(long, default_value = "")]
        alt: String,
    },
    /// List the library.
    List,
    /// Take a picture out of the library. Mail that was submitted or sent keeps it.
    Remove {
        /// Its id.
        id: ImageId,
    },
}

fn value(image: &LibraryImage) -> serde_json::Value {
    json!({
        "id": image.id, "address": Images::address(image.id), "name": image.name, "alt": image.alt,
        "width": image.width, "height": image.height, "bytes": image.bytes, "added": image.added.to_string(),
    })
}

fn line(image: &LibraryImage) -> String {
    format!("{}  {} × {}  {}", Images::address(image.id), image.width, image.height, image.name)
}

impl ImageVerb {
    pub async fn run(self, app: &App, who: &Who, out: Out) -> Result<()> {
        match self {
            ImageVerb::Add { file, name, alt } => {
                let bytes = crate::config::read_bytes(&file)?;
                let by = leave(app, who, SaveTemplate).await?;
                let image = app.add_image(by, (&name, &alt), bytes, now()).await?;
                out.answer(&value(&image), || {
                    let address = Images::address(image.id);
                    format!("Added `{}`. A template shows it as\n  ![{}](<{address}>)", image.name, image.alt)
                });
            }
            ImageVerb::List => {
                let images = app.images(&leave(app, who, PreviewCampaign).await?).await?;
                out.answer(&json!(images.iter().map(value).collect::<Vec<_>>()), || {
                    match images.is_empty() {
                        true => "No images yet: `discreet image add`.".to_owned(),
                        false => images.iter().map(line).collect::<Vec<_>>().join("\n"),
                    }
                });
            }
            ImageVerb::Remove { id } => {
                app.remove_image(leave(app, who, SaveTemplate).await?, id, now()).await?;
                out.answer(&json!({"removed": id}), || {
                    "Removed. Drafts that show it need another.".to_owned()
                });
            }
        }
        Ok(())
    }
}
