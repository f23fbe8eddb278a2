//! Colours of a mail: light ones inline, dark ones by class for programs that ask, and text that stands out on both.

/// A colour, `#rrggbb`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Colour {
    rgb: [u8; 3],
}

/// Not `#rrggbb`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a colour is written #rrggbb")]
pub struct NotAColour;

impl Colour {
    /// The accent of an organization that chose none: a quiet teal.
    pub const DEFAULT_ACCENT: Colour = Colour { rgb: [0x0b, 0x6b, 0x63] };

    /// Reads `#rrggbb`.
    ///
    /// # Errors
    /// [`NotAColour`] otherwise.
    pub fn parse(text: &str) -> Result<Colour, NotAColour> {
        let hex = text.strip_prefix('#').filter(|h| h.len() == 6 && h.bytes().all(|b| b.is_ascii_hexdigit()));
        let number = hex.and_then(|h| u32::from_str_radix(h, 16).ok()).ok_or(NotAColour)?;
        let [_, r, g, b] = number.to_be_bytes();
        Ok(Colour { rgb: [r, g, b] })
    }
    /// `#rrggbb`.
    pub fn css(self) -> String {
        let [r, g, b] = self.rgb;
        format!("#{r:02x}{g:02x}{b:02x}")
    }
    /// Relative luminance (WCAG 2.2).
    fn luminance(self) -> f64 {
        let channel = |c: u8| {
            let c = f64::from(c) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        let [r, g, b] = self.rgb.map(channel);
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    /// Contrast with another colour (WCAG 2.2): 1 to 21.
    pub fn contrast(self, other: Colour) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }
    fn toward(self, other: Colour, part: f64) -> Colour {
        let mix = |a: u8, b: u8| {
            let mixed = f64::from(a) + (f64::from(b) - f64::from(a)) * part;
            // In 0..=255 by construction.
            u8::try_from(mixed.round().clamp(0.0, 255.0) as i64).unwrap_or(b)
        };
        let ([r, g, b], [r2, g2, b2]) = (self.rgb, other.rgb);
        Colour { rgb: [mix(r, r2), mix(g, g2), mix(b, b2)] }
    }
    /// This colour, moved toward `to` until it can be read on `ground`.
    fn readable_on(self, ground: Colour, to: Colour, least: f64) -> Colour {
        (0..=10)
            .map(|step| self.toward(to, f64::from(step) / 10.0))
            .find(|c| c.contrast(ground) >= least)
            .unwrap_or(to)
    }
}

/// Least contrast of text with its ground (WCAG 2.2 AA).
const READABLE: f64 = 4.5;
/// Contrast of links on dark ground, where thin strokes glare less and fade sooner.
const COMFORTABLE: f64 = 6.5;
const WHITE: Colour = Colour { rgb: [255, 255, 255] };
const BLACK: Colour = Colour { rgb: [0, 0, 0] };
const INK: Colour = Colour { rgb: [0x17, 0x1e, 0x2b] };
const DARK_CARD: Colour = Colour { rgb: [0x1c, 0x24, 0x30] };

/// The colours of one organization's mail.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Palette {
    /// Bars, buttons.
    pub(crate) accent: String,
    /// Words on the accent.
    pub(crate) on_accent: String,
    /// Links on the white card.
    pub(crate) link: String,
    /// Links on the dark card.
    pub(crate) dark_link: String,
}

impl Palette {
    pub(crate) fn of(accent: Colour) -> Palette {
        let readable = |c: &Colour| c.contrast(accent) >= READABLE;
        // One of white and black always is.
        let on_accent = [WHITE, INK].into_iter().find(readable).unwrap_or(BLACK);
        Palette {
            accent: accent.css(),
            on_accent: on_accent.css(),
            link: accent.readable_on(WHITE, INK, READABLE).css(),
            dark_link: accent.readable_on(DARK_CARD, WHITE, COMFORTABLE).css(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_can_be_read_whatever_the_accent() {
        for accent in ["#000000", "#ffffff", "#ffd400", "#0b6b63", "#ff0000", "#1c2430", "#808080", "#00ff00"]
        {
            let accent = Colour::parse(accent).unwrap();
            let p = Palette::of(accent);
            let c = |css: &str| Colour::parse(css).unwrap();
            assert!(c(&p.on_accent).contrast(accent) >= READABLE, "{p:?}");
            assert!(c(&p.link).contrast(WHITE) >= READABLE, "{p:?}");
            assert!(c(&p.dark_link).contrast(DARK_CARD) >= READABLE, "{p:?}");
        }
    }

    #[test]
    fn colours_are_written_one_way() {
        assert_eq!(Colour::parse("#0B6b63").unwrap().css(), "#0b6b63");
        for bad in ["0b6b63", "#fff", "red", "#0b6b6g", "#é1234", ""] {
            assert!(Colour::parse(bad).is_err(), "{bad}");
        }
    }
}
