//! Images that mail shows.

use crate::db::Result;
use crate::{Reading, Tx};
use discreet_domain::{ImageId, TemplateId, Timestamp};
use uuid::Uuid;

/// An image as a list shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ImageRow {
    /// Which.
    pub id: ImageId,
    /// Since when it is in the library.
    pub added: Timestamp,
    /// What it is called and shows, sealed.
    pub about: Vec<u8>,
}

fn image((id, added, about): (Uuid, i64, Vec<u8>)) -> ImageRow {
    ImageRow { id: ImageId::from_uuid(id), added: Timestamp::from_micros(added), about }
}

impl Reading {
    /// The library's images, the newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn images(&mut self) -> Result<Vec<ImageRow>> {
        let rows: Vec<(Uuid, i64, Vec<u8>)> = self.conn.all("images.all", &[]).await?;
        Ok(rows.into_iter().map(image).collect())
    }
    /// The sealed picture of an image; of one that was taken away only if `removed` are asked for, too.
    ///
    /// # Errors
    /// The database's.
    pub async fn picture(&mut self, id: ImageId, removed: bool) -> Result<Option<Vec<u8>>> {
        let row: Option<(Vec<u8>,)> =
            self.conn.first("images.picture", &[id.uuid().into(), removed.into()]).await?;
        Ok(row.map(|(picture,)| picture))
    }
}

impl Tx {
    /// How many images the library holds.
    ///
    /// # Errors
    /// The database's.
    pub async fn image_count(&mut self) -> Result<u64> {
        let row: Option<(u64,)> = self.conn.first("images.count", &[]).await?;
        Ok(row.map_or(0, |(count,)| count))
    }
    /// An image of the library.
    ///
    /// # Errors
    /// The database's.
    pub async fn image(&mut self, id: ImageId) -> Result<Option<ImageRow>> {
        Ok(self.conn.first("images.about", &[id.uuid().into()]).await?.map(image))
    }
    /// Puts an image into the library, or back into it.
    ///
    /// # Errors
    /// The database's.
    pub async fn put_image(&mut self, row: ImageRow, picture: Vec<u8>) -> Result<()> {
        let params = [row.id.uuid().into(), row.added.micros().into(), row.about.into(), picture.into()];
        self.conn.run("images.put", &params).await.map(drop)
    }
    /// A version of a template shows this image. Nothing, if there is no such image.
    ///
    /// # Errors
    /// The database's.
    pub async fn use_image(&mut self, template: TemplateId, version: u64, image: ImageId) -> Result<()> {
        let params = [template.uuid().into(), version.into(), image.uuid().into()];
        self.conn.run("images.use", &params).await.map(drop)
    }
    /// Takes an image out of the library, and deletes it if no saved template shows it; `false` if it was not there.
    ///
    /// # Errors
    /// The database's.
    pub async fn remove_image(&mut self, id: ImageId, now: Timestamp) -> Result<bool> {
        let removed = self.conn.run("images.remove", &[id.uuid().into(), now.micros().into()]).await?;
        self.conn.run("images.sweep", &[id.uuid().into()]).await?;
        Ok(removed == 1)
    }
}
