//! A picture made ready for mail: what it was uploaded as is decoded, set upright, made no larger than mail needs, and
//! encoded anew, so that nothing but its pixels is left – no camera, no place, no thumbnail of what was cut away, no
//! script in a comment.

use crate::limits::{
    LARGEST_IMAGE, LARGEST_IMAGE_FILE, LONGEST_IMAGE_SIDE, MOST_IMAGE_MEMORY, TALLEST_IMAGE, WIDEST_IMAGE,
};
use ::image::codecs::gif::GifDecoder;
use ::image::codecs::jpeg::JpegEncoder;
use ::image::codecs::png::{CompressionType, FilterType, PngEncoder};
use ::image::{AnimationDecoder, DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, guess_format};
use discreet_domain::ImageId;
use sha2::{Digest, Sha256};
use std::fmt;
use std::io::Cursor;

/// Qualities at which a photograph is tried, until it is small enough.
const JPEG_QUALITIES: [u8; 3] = [85, 70, 50];

/// How an image is encoded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ImageKind {
    /// Photographs.
    Jpeg,
    /// Drawings, and whatever one can see through.
    Png,
}

impl ImageKind {
    /// As `Content-Type` has it.
    pub const fn media_type(self) -> &'static str {
        match self {
            ImageKind::Jpeg => "image/jpeg",
            ImageKind::Png => "image/png",
        }
    }
    /// The ending of a file's name.
    pub(crate) const fn ending(self) -> &'static str {
        match self {
            ImageKind::Jpeg => "jpg",
            ImageKind::Png => "png",
        }
    }
}

/// Why a file is no image for mail.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ImageError {
    /// By its first bytes it is something else, whatever its name says.
    #[error("this is no PNG, JPEG or GIF picture, which are what all mail programs show")]
    Kind,
    /// More than [`LARGEST_IMAGE_FILE`] bytes.
    #[error("the file is larger than 10 MB: save it smaller")]
    File,
    /// More than [`LONGEST_IMAGE_SIDE`] pixels on a side, or more memory than [`MOST_IMAGE_MEMORY`].
    #[error("the picture has too many pixels: save it smaller; mail shows at most 1,200 across")]
    Pixels,
    /// It cannot be decoded.
    #[error("the picture is damaged or not complete")]
    Damaged,
    /// It moves.
    #[error(
        "this picture moves: readers cannot stop it in a mail (WCAG 2.2.2); choose one that stands still"
    )]
    Moves,
    /// More than [`LARGEST_IMAGE`] bytes even when made ready.
    #[error(
        "the picture is larger than 1 MB even at the size of a mail: save it as JPEG, or choose a simpler one"
    )]
    Heavy,
}

/// An image as mail carries it.
#[derive(Clone, PartialEq, Eq)]
pub struct Image {
    kind: ImageKind,
    width: u32,
    height: u32,
    bytes: Vec<u8>,
}

impl fmt::Debug for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Image({}×{})", self.width, self.height)
    }
}

impl Image {
    /// Makes an uploaded file ready for mail. Takes up to a second of computing: not for a thread that serves requests.
    ///
    /// # Errors
    /// [`ImageError`]: by the bytes, never by the file's name.
    pub fn from_file(file: &[u8]) -> Result<Image, ImageError> {
        if file.len() > LARGEST_IMAGE_FILE {
            return Err(ImageError::File);
        }
        let format = guess_format(file).map_err(|_| ImageError::Kind)?;
        if !matches!(format, ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::Gif) {
            return Err(ImageError::Kind);
        }
        if format == ImageFormat::Gif && moves(file)? {
            return Err(ImageError::Moves);
        }
        let picture = fitted(decoded(file, format)?);
        let (width, height) = (picture.width(), picture.height());
        let photograph = format == ImageFormat::Jpeg;
        let (kind, bytes) = if photograph { jpeg(&picture)? } else { png_or_jpeg(&picture)? };
        Ok(Image { kind, width, height, bytes })
    }
    /// An image that was made by [`Image::from_file`] and stored.
    ///
    /// # Errors
    /// [`ImageError`], if these bytes are none.
    pub fn stored(bytes: Vec<u8>) -> Result<Image, ImageError> {
        let kind = match guess_format(&bytes) {
            Ok(ImageFormat::Jpeg) => ImageKind::Jpeg,
            Ok(ImageFormat::Png) => ImageKind::Png,
            _ => return Err(ImageError::Kind),
        };
        let size = ImageReader::new(Cursor::new(&bytes)).with_guessed_format();
        let size = size.map_err(|_| ImageError::Damaged)?.into_dimensions();
        let (width, height) = size.map_err(|_| ImageError::Damaged)?;
        Ok(Image { kind, width, height, bytes })
    }
    /// Its id: the first half of its bytes' SHA-256. The same picture is the same image, and an image of an approved mail
    /// cannot be exchanged for another.
    pub fn id(&self) -> ImageId {
        let mut first = [0; 16];
        for (to, from) in first.iter_mut().zip(Sha256::digest(&self.bytes)) {
            *to = from;
        }
        ImageId::from_u128(u128::from_be_bytes(first))
    }
    /// How it is encoded.
    pub fn kind(&self) -> ImageKind {
        self.kind
    }
    /// Its width in pixels.
    pub fn width(&self) -> u32 {
        self.width
    }
    /// Its height in pixels.
    pub fn height(&self) -> u32 {
        self.height
    }
    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Whether a GIF has a second picture.
fn moves(file: &[u8]) -> Result<bool, ImageError> {
    let mut decoder = GifDecoder::new(Cursor::new(file)).map_err(|_| ImageError::Damaged)?;
    decoder.set_limits(limits()).map_err(|_| ImageError::Pixels)?;
    let mut frames = decoder.into_frames();
    match frames.next() {
        Some(Ok(_)) => Ok(frames.next().is_some()),
        Some(Err(_)) | None => Err(ImageError::Damaged),
    }
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_IMAGE_SIDE);
    limits.max_image_height = Some(LONGEST_IMAGE_SIDE);
    limits.max_alloc = Some(MOST_IMAGE_MEMORY);
    limits
}

/// The pixels, upright: the camera's note how it was held goes with the other notes.
fn decoded(file: &[u8], format: ImageFormat) -> Result<DynamicImage, ImageError> {
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    reader.limits(limits());
    let mut decoder = reader.into_decoder().map_err(problem)?;
    let (width, height) = decoder.dimensions();
    if width.max(height) > LONGEST_IMAGE_SIDE || decoder.total_bytes() > MOST_IMAGE_MEMORY {
        return Err(ImageError::Pixels);
    }
    let orientation = decoder.orientation().map_err(problem)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(problem)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn problem(error: ::image::ImageError) -> ImageError {
    match error {
        ::image::ImageError::Limits(_) => ImageError::Pixels,
        _ => ImageError::Damaged,
    }
}

/// No larger than mail needs; never enlarged. Eight bits a channel, which is what all mail programs show.
fn fitted(picture: DynamicImage) -> DynamicImage {
    let picture = match picture.width() > WIDEST_IMAGE || picture.height() > TALLEST_IMAGE {
        true => picture.resize(WIDEST_IMAGE, TALLEST_IMAGE, ::image::imageops::FilterType::CatmullRom),
        false => picture,
    };
    match picture.color().has_alpha() {
        true => picture.into_rgba8().into(),
        false => picture.into_rgb8().into(),
    }
}

fn jpeg(picture: &DynamicImage) -> Result<(ImageKind, Vec<u8>), ImageError> {
    for quality in JPEG_QUALITIES {
        let mut bytes = Vec::new();
        picture
            .write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, quality))
            .map_err(|_| ImageError::Damaged)?;
        if bytes.len() <= LARGEST_IMAGE {
            return Ok((ImageKind::Jpeg, bytes));
        }
    }
    Err(ImageError::Heavy)
}

/// A photograph saved as PNG is too heavy as one.
fn png_or_jpeg(picture: &DynamicImage) -> Result<(ImageKind, Vec<u8>), ImageError> {
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, FilterType::Adaptive);
    picture.write_with_encoder(encoder).map_err(|_| ImageError::Damaged)?;
    match (bytes.len() <= LARGEST_IMAGE, picture.color().has_alpha()) {
        (true, _) => Ok((ImageKind::Png, bytes)),
        (false, true) => Err(ImageError::Heavy),
        (false, false) => jpeg(picture),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use ::image::{Frame, Rgb, RgbImage, Rgba, RgbaImage};
    use proptest::prelude::*;

    fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        picture.write_to(&mut out, format).unwrap();
        out.into_inner()
    }
    fn plain(width: u32, height: u32) -> DynamicImage {
        RgbImage::from_fn(width, height, |x, y| Rgb([(x % 251) as u8, (y % 241) as u8, 90])).into()
    }
    /// Two by one pixels, to carry about in tests.
    pub(crate) fn tiny() -> Image {
        Image::from_file(&encoded(&plain(2, 1), ImageFormat::Png)).unwrap()
    }
    /// A JPEG with an EXIF segment: held sideways, with a place.
    fn with_exif() -> Vec<u8> {
        let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0".to_vec();
        exif.extend_from_slice(b"GPS 47.6N 122.3W");
        let jpeg = encoded(&plain(40, 20), ImageFormat::Jpeg);
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        [&jpeg[..2], &[0xff, 0xe1], &length, &exif, &jpeg[2..]].concat()
    }

    #[test]
    fn nothing_but_pixels_is_left() {
        let file = with_exif();
        assert!(file.windows(3).any(|w| w == b"GPS"));
        let image = Image::from_file(&file).unwrap();
        assert!(!image.bytes().windows(4).any(|w| w == b"Exif" || w == b"GPS "));
        assert_eq!((image.width(), image.height()), (20, 40), "set upright, as the camera was held");
        assert_eq!(image.kind().media_type(), "image/jpeg");
        let mut text = encoded(&plain(3, 3), ImageFormat::Png);
        text.extend_from_slice(b"<script>alert(1)</script>");
        let image = Image::from_file(&text).unwrap();
        assert!(!image.bytes().windows(7).any(|w| w == b"<script"));
    }

    #[test]
    fn pictures_are_made_to_fit() {
        let wide = Image::from_file(&encoded(&plain(2_400, 600), ImageFormat::Jpeg)).unwrap();
        assert_eq!((wide.width(), wide.height()), (1_200, 300));
        let small = Image::from_file(&encoded(&plain(30, 20), ImageFormat::Gif)).unwrap();
        assert_eq!((small.width(), small.height(), small.kind()), (30, 20, ImageKind::Png));
        let clear: DynamicImage = RgbaImage::from_pixel(8, 8, Rgba([1, 2, 3, 4])).into();
        let clear = Image::from_file(&encoded(&clear, ImageFormat::Png)).unwrap();
        let back = ::image::load_from_memory(clear.bytes()).unwrap();
        assert_eq!(back.into_rgba8().get_pixel(0, 0).0[3], 4, "one still sees through it");
    }

    #[test]
    fn a_photograph_saved_as_png_becomes_a_photograph() {
        let mut seed = 1_u32;
        let noise: DynamicImage = RgbImage::from_fn(900, 900, |_, _| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            Rgb([(seed >> 24) as u8, (seed >> 16) as u8, 80])
        })
        .into();
        let image = Image::from_file(&encoded(&noise, ImageFormat::Png)).unwrap();
        assert_eq!(image.kind(), ImageKind::Jpeg);
        assert!(image.bytes().len() <= LARGEST_IMAGE);
    }

    #[test]
    fn what_is_stored_is_what_was_made() {
        let image = tiny();
        assert_eq!(Image::stored(image.bytes().to_vec()), Ok(image.clone()));
        assert_eq!(Image::stored(image.bytes().to_vec()).unwrap().id(), image.id());
        assert_eq!(Image::stored(b"x".to_vec()), Err(ImageError::Kind));
        assert_ne!(Image::from_file(&encoded(&plain(2, 2), ImageFormat::Png)).unwrap().id(), image.id());
    }

    #[test]
    fn other_files_are_refused_by_their_bytes() {
        let gif = {
            let mut bytes = Vec::new();
            let mut encoder = ::image::codecs::gif::GifEncoder::new(&mut bytes);
            for level in [1, 200] {
                encoder.encode_frame(Frame::new(RgbaImage::from_pixel(4, 4, Rgba([level; 4])))).unwrap();
            }
            drop(encoder);
            bytes
        };
        let png = encoded(&plain(30, 30), ImageFormat::Png);
        // A header that says 60,000 by 60,000 pixels: refused before they are asked for.
        let mut bomb = png.clone();
        bomb[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
        for (file, error) in [
            (b"".to_vec(), ImageError::Kind),
            (b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>".to_vec(), ImageError::Kind),
            (b"RIFF\x24\0\0\0WEBPVP8 ".to_vec(), ImageError::Kind),
            (b"%PDF-1.7".to_vec(), ImageError::Kind),
            (gif, ImageError::Moves),
            (b"GIF89a".to_vec(), ImageError::Damaged),
            (png[..png.len() / 2].to_vec(), ImageError::Damaged),
            (vec![0; LARGEST_IMAGE_FILE + 1], ImageError::File),
        ] {
            assert_eq!(Image::from_file(&file), Err(error), "{:?}", &file[..file.len().min(8)]);
        }
        assert!(matches!(Image::from_file(&bomb), Err(ImageError::Pixels | ImageError::Damaged)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        /// Whatever is uploaded is an image or an error.
        #[test]
        fn bad_bytes_are_errors(at in 0_usize..400, byte: u8, cut in 0_usize..400, which in 0_usize..3) {
            let format = [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif][which];
            let mut file = encoded(&plain(9, 7), format);
            let place = at % file.len();
            file[place] = byte;
            file.truncate(file.len().saturating_sub(cut % 40));
            if let Ok(image) = Image::from_file(&file) {
                prop_assert!(image.width() <= WIDEST_IMAGE && image.bytes().len() <= LARGEST_IMAGE);
            }
        }
    }
}
