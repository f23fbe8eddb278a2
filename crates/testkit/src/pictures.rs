//! Pictures, as somebody would upload them.

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use std::io::Cursor;

/// A green hill under a sky, in PNG.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let hill = |x: u32| height / 2 + (x % width.max(1)).abs_diff(width / 2) * height / width.max(1) / 3;
    let picture = RgbImage::from_fn(width, height, |x, y| match y > hill(x) {
        true => Rgb([88, 129, 87]),
        false => Rgb([202, 225, 240]),
    });
    let mut out = Cursor::new(Vec::new());
    DynamicImage::from(picture).write_to(&mut out, ImageFormat::Png).unwrap();
    out.into_inner()
}
