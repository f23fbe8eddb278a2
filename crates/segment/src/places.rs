//! Where ZIP codes lie: the table behind `zip within`.
//!
//! The table is [`data/zip.bin`](../data/zip.bin), made of the postal codes of GeoNames (<https://www.geonames.org>,
//! CC BY 4.0) by `cargo xtask zip-table US.txt`: first a bitmap of 100,000 bits, bit `z % 8` of byte `z / 8` set if ZIP
//! code `z` has a place; then, for each of those in ascending order, six bytes: latitude + 90 and longitude + 180, in ten
//! thousandths of a degree, three bytes each, the highest first. The codes of military post offices are left out: mail
//! for them goes wherever the unit is.

use crate::checked::ZipArea;
use crate::fingerprint::Fingerprint;
use crate::scope::ZipLookup;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

/// The mean radius of the earth (IUGG: 6,371.0088 km), in miles. Distances are great circles on a ball of this radius.
pub const EARTH_MILES: f64 = 3958.7613;

const TABLE: &[u8] = include_bytes!("../data/zip.bin");
/// Bytes of the bitmap, one bit for each number of five digits.
const BITMAP: usize = 100_000 / 8;
/// Bytes of one place.
const PLACE: usize = 6;
/// Steps in a degree.
const STEPS: f64 = 10_000.0;
/// How much farther than asked the quick look by latitude reaches, so that no rounding cuts the edge.
const SPARE_MILES: f64 = 1.0;
/// A ZIP code without a place is answered with the nearest number of as many equal first digits.
const SAME_DIGITS: usize = 3;

/// The middle of a ZIP code, in radians.
#[derive(Clone, Copy)]
struct Place {
    zip: u32,
    latitude: f64,
    longitude: f64,
}

impl Place {
    /// By the haversine, which is exact for near places. The same in both directions, to the last bit.
    fn miles_to(self, other: Place) -> f64 {
        let half = |a: f64, b: f64| ((a - b) / 2.0).sin().powi(2);
        let across = self.latitude.cos() * other.latitude.cos();
        let h = half(self.latitude, other.latitude) + across * half(self.longitude, other.longitude);
        2.0 * EARTH_MILES * h.sqrt().min(1.0).asin()
    }
}

/// The places of all ZIP codes of the fifty states and DC.
pub struct Places {
    /// By ZIP code.
    all: Vec<Place>,
    known: Arc<BTreeSet<String>>,
    hash: Fingerprint,
}

/// The one table, read when it is first asked for.
pub fn places() -> &'static Places {
    static PLACES: LazyLock<Places> = LazyLock::new(|| Places::read(TABLE));
    &PLACES
}

impl Places {
    fn read(table: &[u8]) -> Places {
        let (bitmap, places) = table.split_at_checked(BITMAP).unwrap_or_default();
        let set = |zip: u32| bitmap.get(zip as usize / 8).is_some_and(|byte| byte >> (zip % 8) & 1 == 1);
        let zips = (0..BITMAP as u32 * 8).filter(|zip| set(*zip));
        let all: Vec<Place> =
            zips.zip(places.chunks_exact(PLACE)).map(|(zip, bytes)| place(zip, bytes)).collect();
        let known = Arc::new(all.iter().map(|place| digits(place.zip)).collect());
        Places { all, known, hash: Fingerprint(Sha256::digest(table).into()) }
    }
    /// How many ZIP codes have a place.
    pub fn count(&self) -> usize {
        self.all.len()
    }
    /// The middle of a ZIP code: latitude and longitude in degrees.
    pub fn middle(&self, zip: &str) -> Option<(f64, f64)> {
        self.find(zip).map(|place| (place.latitude.to_degrees(), place.longitude.to_degrees()))
    }
    /// How far the middles of two ZIP codes are apart; `None` if the place of one is not known.
    pub fn miles(&self, from: &str, to: &str) -> Option<f64> {
        Some(self.find(from)?.miles_to(self.find(to)?))
    }
    /// The ZIP codes whose middle is at most so far from that of `zip`, for [`Scope::zip_area`](crate::Scope::zip_area).
    pub fn area(&self, zip: &str, miles: f64) -> ZipLookup {
        let Some(middle) = self.find(zip) else {
            return ZipLookup::Unknown { meant: self.near_number(zip) };
        };
        let band = (miles + SPARE_MILES) / EARTH_MILES;
        let near = self.all.iter().filter(|place| (place.latitude - middle.latitude).abs() <= band);
        let inside = near.filter(|place| middle.miles_to(**place) <= miles).map(|place| digits(place.zip));
        let area = ZipArea { inside: inside.collect(), known: Arc::clone(&self.known) };
        ZipLookup::Area { area: Arc::new(area), hash: self.hash }
    }
    fn find(&self, zip: &str) -> Option<Place> {
        let number: u32 = zip.parse().ok().filter(|_| zip.len() == 5)?;
        let at = self.all.binary_search_by_key(&number, |place| place.zip).ok()?;
        self.all.get(at).copied()
    }
    fn near_number(&self, zip: &str) -> Option<String> {
        let number: u32 = zip.parse().ok()?;
        let alike =
            self.all.iter().filter(|place| digits(place.zip).get(..SAME_DIGITS) == zip.get(..SAME_DIGITS));
        alike.min_by_key(|place| place.zip.abs_diff(number)).map(|place| digits(place.zip))
    }
}

fn digits(zip: u32) -> String {
    format!("{zip:05}")
}

fn place(zip: u32, bytes: &[u8]) -> Place {
    let number = |bytes: &[u8]| bytes.iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
    let (latitude, longitude) = bytes.split_at_checked(PLACE / 2).unwrap_or_default();
    let degrees = |bytes: &[u8], from: f64| (f64::from(number(bytes)) / STEPS - from).to_radians();
    Place { zip, latitude: degrees(latitude, 90.0), longitude: degrees(longitude, 180.0) }
}
