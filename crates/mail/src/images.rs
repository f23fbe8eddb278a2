//! The library's images within a mail: named `image:` and their id by the author, attached under a `cid:` address
//! (RFC 2392) in the message, so that no one hears of the reader's opening it.

use crate::image::Image;
use discreet_domain::ImageId;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What an image's address begins with where an author writes it.
const SCHEME: &str = "image:";
/// The letters of an id: `0b7f0a6c-…`.
const ID_LETTERS: usize = 36;
/// The width of a mail's text, in pixels.
const COLUMN: u32 = 520;
/// Images have twice the pixels they are shown with, where they are wide enough: sharp on sharp screens.
const SHARPNESS: u32 = 2;

/// Images of the library, by id.
#[derive(Clone, Debug, Default)]
pub struct Images(BTreeMap<ImageId, Arc<Image>>);

impl Images {
    /// The images that a text names, each once, whether there are such images or not.
    pub fn named_in(source: &str) -> BTreeSet<ImageId> {
        source.match_indices(SCHEME).filter_map(|(at, _)| named(source.get(at..)?)).collect()
    }
    /// How an author names an image.
    pub fn address(id: ImageId) -> String {
        format!("{SCHEME}{id}")
    }
    /// The id an address is made of; `None` for addresses of other kinds.
    pub fn id_of(address: &str) -> Option<ImageId> {
        named(address).filter(|_| address.len() == SCHEME.len() + ID_LETTERS)
    }
    /// One image more.
    pub fn add(&mut self, image: Image) {
        self.0.insert(image.id(), Arc::new(image));
    }
    /// Those that a text names.
    pub(crate) fn of(&self, source: &str) -> Images {
        let named = Images::named_in(source);
        Images(self.0.iter().filter(|(id, _)| named.contains(id)).map(|(id, i)| (*id, i.clone())).collect())
    }
    /// The images, by id.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (ImageId, &Image)> {
        self.0.iter().map(|(id, image)| (*id, image.as_ref()))
    }
    pub(crate) fn contains(&self, id: ImageId) -> bool {
        self.0.contains_key(&id)
    }
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// Bytes of all of them.
    pub(crate) fn weight(&self) -> usize {
        self.0.values().map(|image| image.bytes().len()).sum()
    }
    /// How wide the image at an address is shown, in pixels; the whole column if nobody knows.
    pub(crate) fn shown_width(&self, address: &str) -> u32 {
        let image = Images::id_of(address).and_then(|id| self.0.get(&id));
        image.map_or(COLUMN, |image| match image.width() >= COLUMN * SHARPNESS {
            true => COLUMN,
            false => image.width().min(COLUMN),
        })
    }
    /// A document in which images are named as attachments are.
    pub(crate) fn attached(&self, html: &str, domain: &str) -> String {
        self.0.keys().fold(html.to_owned(), |html, id| {
            html.replace(&source(&Images::address(*id)), &source(&format!("cid:{}", content_id(*id, domain))))
        })
    }
    /// A document in which attached images are written out.
    pub(crate) fn written_out(&self, html: &str, domain: &str) -> String {
        use base64::Engine as _;
        self.0.iter().fold(html.to_owned(), |html, (id, image)| {
            let bytes = base64::engine::general_purpose::STANDARD.encode(image.bytes());
            let within = format!("data:{};base64,{bytes}", image.kind().media_type());
            html.replace(&source(&format!("cid:{}", content_id(*id, domain))), &source(&within))
        })
    }
}

fn named(text: &str) -> Option<ImageId> {
    let id = text.strip_prefix(SCHEME)?.get(..ID_LETTERS)?;
    // One spelling only: what is replaced is found by it.
    id.parse().ok().filter(|parsed: &ImageId| parsed.to_string() == id)
}

fn source(address: &str) -> String {
    format!("src=\"{address}\"")
}

/// An attached image's name within its mail: the picture's, not the mail's or the reader's.
pub(crate) fn content_id(id: ImageId, domain: &str) -> String {
    format!("{id}@{domain}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::tests::tiny;

    #[test]
    fn images_are_named_attached_and_written_out() {
        let (mut images, image) = (Images::default(), tiny());
        let address = Images::address(image.id());
        images.add(image.clone());
        let html = format!("<img src=\"{address}\" alt=\"\"><p>{address}</p>");
        assert_eq!(Images::named_in(&html).into_iter().collect::<Vec<_>>(), [image.id()]);
        let attached = images.attached(&html, "clinic.example");
        assert!(attached.contains(&format!("src=\"cid:{}@clinic.example\"", image.id())));
        let within = images.written_out(&attached, "clinic.example");
        assert!(within.contains("src=\"data:image/png;base64,iVBOR") && !within.contains("cid:"));
        assert_eq!(images.shown_width(&address), 2);
        assert_eq!(images.shown_width("https://clinic.example/a.png"), COLUMN);
        assert!(images.of("no image").is_empty() && images.of(&html).contains(image.id()));
    }

    #[test]
    fn only_whole_ids_in_one_spelling_are_names() {
        let id = tiny().id();
        for text in [
            "image:",
            "image:0b7f",
            &format!("image:{}", id.to_string().to_uppercase()),
            &format!("image:{{{id}}}"),
            "image:ééééééééééééééééééé",
        ] {
            assert!(Images::named_in(text).is_empty(), "{text}");
        }
        assert_eq!(Images::id_of(&format!("image:{id}/x")), None);
        assert_eq!(Images::id_of(&Images::address(id)), Some(id));
    }
}
