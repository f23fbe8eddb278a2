//! Security labels (`meta.security`): what they make of a fact.
//!
//! Fail closed: a label that is not known to be harmless restricts. Harmless are the lower confidentiality levels and
//! purposes of use that only say what the data is for.

use crate::notes::{PSYCHOTHERAPY_LABEL, SUBSTANCE_LABELS};

/// What a label means.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Effect {
    /// Nothing.
    None,
    /// The fact is restricted: `R`, `V`, `HIV`, `PSY`, `SEX`, `STD`, `SDV`, `GDIS` … and whatever is not known.
    Restricted,
    /// It is about substance use (42 CFR Part 2, perhaps): restricted, and a note of it is forbidden.
    Substance,
    /// It is, or comes from, a psychotherapy note.
    Psychotherapy,
}

/// `v3-Confidentiality` up to normal, and `v3-ActReason` purposes of use.
const HARMLESS: [&str; 12] =
    ["U", "L", "M", "N", "TREAT", "ETREAT", "HPAYMT", "HOPERAT", "CLINTRCH", "PATRQT", "FAMRQT", "HRESCH"];

/// What one label makes of a fact.
pub(crate) fn effect(code: &str, display: &str) -> Effect {
    if code == PSYCHOTHERAPY_LABEL || crate::notes::is_forbidden_title(display) {
        Effect::Psychotherapy
    } else if SUBSTANCE_LABELS.contains(&code) {
        Effect::Substance
    } else if HARMLESS.contains(&code) {
        Effect::None
    } else {
        Effect::Restricted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_labels_restrict() {
        assert_eq!(effect("N", ""), Effect::None);
        for code in ["R", "V", "HIV", "PSY", "SEX", "NOAUTH", "local-secret", ""] {
            assert_eq!(effect(code, ""), Effect::Restricted, "{code}");
        }
        assert_eq!(effect("ETH", ""), Effect::Substance);
        assert_eq!(effect("42CFRPart2", ""), Effect::Substance);
        assert_eq!(effect("PSYTHPN", ""), Effect::Psychotherapy);
        assert_eq!(effect("X", "SUD counseling note"), Effect::Psychotherapy);
    }
}
