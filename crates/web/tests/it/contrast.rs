//! The tokens keep the contrast UI.md promises: 7 for body text, 4.5 for other text, 3 for edges and focus (WCAG 2.2).

use std::collections::HashMap;

const TOKENS: &str = include_str!("../../assets/tokens.css");
const PATIENT: &str = include_str!("../../assets/patient.css");
const STAFF: &str = include_str!("../../assets/staff.css");

/// Front, ground, least.
const PAIRS: [(&str, &str, f64); 43] = [
    ("ink", "bg", 7.0),
    ("ink", "surface", 7.0),
    ("ink", "sunken", 7.0),
    ("ink-2", "bg", 4.5),
    ("ink-2", "surface", 4.5),
    ("ink-2", "sunken", 4.5),
    ("accent", "bg", 4.5),
    ("accent", "surface", 4.5),
    ("accent", "sunken", 4.5),
    ("accent", "accent-soft", 4.5),
    ("accent-strong", "accent-soft", 4.5),
    ("accent-strong", "surface", 4.5),
    ("on-accent", "accent", 4.5),
    ("on-accent", "accent-strong", 4.5),
    ("on-accent", "bad", 4.5),
    ("ok", "surface", 4.5),
    ("ok", "ok-soft", 4.5),
    ("warn", "surface", 4.5),
    ("warn", "warn-soft", 4.5),
    ("bad", "surface", 4.5),
    ("bad", "bad-soft", 4.5),
    ("info", "surface", 4.5),
    ("info", "info-soft", 4.5),
    ("ink", "warn-soft", 7.0),
    ("ink", "accent-soft", 7.0),
    ("l0", "l0-soft", 4.5),
    ("l1", "l1-soft", 4.5),
    ("l2", "l2-soft", 4.5),
    ("l3", "l3-soft", 4.5),
    ("l4", "l4-soft", 4.5),
    ("l5", "l5-soft", 4.5),
    ("c-1", "surface", 3.0),
    ("c-2", "surface", 3.0),
    ("c-3", "surface", 3.0),
    ("c-4", "surface", 3.0),
    ("c-5", "surface", 3.0),
    ("c-hatch", "surface", 3.0),
    ("edge", "surface", 3.0),
    ("edge", "bg", 3.0),
    ("edge", "sunken", 3.0),
    ("focus", "bg", 3.0),
    ("focus", "surface", 3.0),
    ("focus", "sunken", 3.0),
];

type Colours = HashMap<String, [f64; 3]>;

fn colours(css: &str) -> Colours {
    let declared = css.split(['{', ';', '}']).filter_map(|d| d.trim().strip_prefix("--")?.split_once(':'));
    let hex = |value: &str| {
        let digits = value.trim().strip_prefix('#')?;
        let channel = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
        Some([0, 2, 4].map(|at| f64::from(channel(at)) / 255.0))
    };
    declared.filter_map(|(name, value)| Some((name.trim().to_owned(), hex(value)?))).collect()
}

fn luminance(colour: [f64; 3]) -> f64 {
    let [r, g, b] = colour.map(|c| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn every_pair_can_be_read_in_the_light_and_in_the_dark() {
    let (light, dark) = TOKENS.split_once("@media (prefers-color-scheme:dark)").unwrap();
    let (light, dark) = (colours(light), colours(dark));
    assert_eq!(light.len(), dark.len(), "each has every colour");
    for (theme, colours) in [("light", &light), ("dark", &dark)] {
        for (front, ground, least) in PAIRS {
            let ratio = contrast(colours[front], colours[ground]);
            assert!(ratio >= least, "{theme}: {front} on {ground} has {ratio:.2}, needs {least}");
        }
    }
    assert!((contrast(light["ink"], light["bg"]) - 15.4).abs() < 0.05, "as UI.md says");
}

#[test]
fn components_use_tokens_only() {
    for sheet in [PATIENT, STAFF] {
        assert!(!sheet.contains('#') && !sheet.contains("rgb"), "no colour of its own");
        for name in sheet.split("var(--").skip(1).map(|rest| rest.split(')').next().unwrap()) {
            assert!(TOKENS.contains(&format!("--{name}:")), "there is no token --{name}");
        }
    }
}
