//! Who writes: the organization as its mail shows it. Checked once, from the configuration.

use crate::address::Hosts;
use crate::clean;
use crate::field::MergeField;
use crate::limits::{LONGEST_SHOWN_NAME, MOST_ADDRESS_LINES};
use crate::lint::words;
use crate::lint::{self, Finding, Place, plain};
use crate::palette::{Colour, Palette};
use discreet_domain::{EmailAddress, Label};
use std::collections::BTreeMap;

/// What the configuration says about the organization.
#[derive(Clone)]
pub struct LetterheadDraft {
    /// The name patients know it by.
    pub organization: String,
    /// A valid physical postal address (15 USC 7704(a)(5)(A)(iii)), line by line.
    pub postal_address: Vec<String>,
    /// A telephone number to call.
    pub phone: Option<String>,
    /// The address mail comes from.
    pub from: EmailAddress,
    /// Where the links in mail lead, `https://mail.clinic.example`, without a path. `http://` only on loopback (demo).
    pub link_base: String,
    /// The web site.
    pub website: Option<String>,
    /// The patient portal.
    pub portal: Option<String>,
    /// Where to book a visit.
    pub booking: Option<String>,
    /// Where to ask for a link to one's preferences.
    pub preferences: Option<String>,
    /// More hosts that links and images may name.
    pub hosts: Vec<String>,
    /// The accent colour, `#rrggbb`.
    pub accent: Option<String>,
}

/// The organization as its mail shows it.
#[derive(Clone)]
pub struct Letterhead {
    pub(crate) organization: String,
    pub(crate) postal_address: Vec<String>,
    pub(crate) phone: Option<String>,
    pub(crate) from: EmailAddress,
    pub(crate) link_base: String,
    pub(crate) links: BTreeMap<MergeField, String>,
    pub(crate) hosts: Hosts,
    pub(crate) palette: Palette,
    label: Label,
    warnings: Vec<Finding>,
}

impl Letterhead {
    /// Checks what the configuration says.
    ///
    /// # Errors
    /// All findings, when one of them blocks.
    pub fn check(draft: LetterheadDraft) -> Result<Letterhead, Vec<Finding>> {
        let mut found = Vec::new();
        let organization = named(&draft.organization, "the organization's name", &mut found);
        let postal_address = postal(&draft.postal_address, &mut found);
        let (link_base, host) = base(&draft.link_base, &mut found);
        let mut hosts = Hosts::new(&draft.hosts).unwrap_or_else(|e| {
            found.push(Finding::error(Place::Letterhead, "host", e.to_string()));
            Hosts::default()
        });
        hosts.add(&host);
        hosts.add(draft.from.domain());
        let links = links(&draft, &mut hosts, &mut found);
        let palette = match draft.accent.as_deref().map(Colour::parse) {
            None => Palette::of(Colour::DEFAULT_ACCENT),
            Some(Ok(colour)) => Palette::of(colour),
            Some(Err(e)) => {
                found.push(Finding::error(Place::Letterhead, "colour", e.to_string()));
                Palette::of(Colour::DEFAULT_ACCENT)
            }
        };
        found.extend(plain::name(draft.from.as_str(), Place::FromAddress));
        for host in hosts.iter() {
            found.extend(plain::name(host, Place::Link));
        }
        let found = lint::tidy(found);
        if lint::blocks(&found) {
            return Err(found);
        }
        let label =
            words::in_text(&organization).into_iter().map(|h| h.weight.label()).max().unwrap_or(Label::L0);
        let phone = draft.phone.as_deref().map(clean::value).filter(|p| !p.is_empty());
        let from = draft.from;
        Ok(Letterhead {
            organization,
            postal_address,
            phone,
            from,
            link_base,
            links,
            hosts,
            palette,
            label,
            warnings: found,
        })
    }
    /// The name patients know it by.
    pub fn organization(&self) -> &str {
        &self.organization
    }
    /// The hosts that links and images in mail may name.
    pub fn hosts(&self) -> &Hosts {
        &self.hosts
    }
    /// The address mail comes from.
    pub fn from(&self) -> &EmailAddress {
        &self.from
    }
    /// What the organization's name alone gives away: a behavioral health clinic's mail is sensitive, whatever it says.
    pub fn label(&self) -> Label {
        self.label
    }
    /// What was found and does not block.
    pub fn warnings(&self) -> &[Finding] {
        &self.warnings
    }
}

fn named(text: &str, what: &str, found: &mut Vec<Finding>) -> String {
    let name = clean::line(text);
    if name.is_empty() || name.chars().count() > LONGEST_SHOWN_NAME {
        let message = format!("{what} has 1 to {LONGEST_SHOWN_NAME} characters");
        found.push(Finding::error(Place::Letterhead, "name", message));
    }
    name
}

fn postal(lines: &[String], found: &mut Vec<Finding>) -> Vec<String> {
    let lines: Vec<String> = lines.iter().map(|l| clean::value(l)).filter(|l| !l.is_empty()).collect();
    let digit = lines.iter().any(|l| l.chars().any(|c| c.is_ascii_digit()));
    if lines.is_empty() || lines.len() > MOST_ADDRESS_LINES || !digit {
        let message = format!(
            "every mail shows a postal address (CAN-SPAM): 1 to {MOST_ADDRESS_LINES} lines with a street or box number and a ZIP code"
        );
        found.push(Finding::error(Place::Letterhead, "postal_address", message));
    }
    lines
}

/// `https://host`, or `http://` with a loopback host and a port.
fn base(text: &str, found: &mut Vec<Finding>) -> (String, String) {
    let text = text.trim().trim_end_matches('/');
    if let Ok(address) = crate::address::parse(text)
        && address.scheme == crate::address::Scheme::Https
        && address.rest.is_empty()
    {
        return (text.to_owned(), address.host.to_ascii_lowercase());
    }
    let loopback = text.strip_prefix("http://").and_then(|rest| {
        let (host, port) = rest.split_once(':').unwrap_or((rest, "80"));
        (matches!(host, "127.0.0.1" | "localhost") && port.parse::<u16>().is_ok()).then_some(host)
    });
    if let Some(host) = loopback {
        return (text.to_owned(), host.to_owned());
    }
    let message = "links lead to https://host, without path or port; http:// only on 127.0.0.1";
    found.push(Finding::error(Place::Letterhead, "link_base", message));
    (String::new(), "invalid".to_owned())
}

fn links(
    draft: &LetterheadDraft,
    hosts: &mut Hosts,
    found: &mut Vec<Finding>,
) -> BTreeMap<MergeField, String> {
    let given = [
        (MergeField::WebsiteLink, &draft.website),
        (MergeField::PortalLink, &draft.portal),
        (MergeField::BookingLink, &draft.booking),
        (MergeField::PreferencesLink, &draft.preferences),
    ];
    let mut links = BTreeMap::new();
    for (field, url) in given.into_iter().filter_map(|(f, u)| Some((f, u.as_deref()?.trim()))) {
        if let Ok(address) = crate::address::parse(url) {
            hosts.add(address.host);
        } else if url.starts_with(&format!("{}/", draft.link_base.trim_end_matches('/'))) {
            links.insert(field, url.to_owned()); // the demo's own pages, on loopback
            continue;
        }
        found.extend(crate::address::check(url, Place::Link, hosts));
        links.insert(field, url.to_owned());
    }
    links
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn draft() -> LetterheadDraft {
        LetterheadDraft {
            organization: "Lakeside Family Clinic".into(),
            postal_address: vec!["120 Harbor Road".into(), "Lakeside, CA 94110".into()],
            phone: Some("(555) 010-0140".into()),
            from: EmailAddress::parse("news@mail.lakeside.example").unwrap(),
            link_base: "https://mail.lakeside.example".into(),
            website: Some("https://lakeside.example/".into()),
            portal: Some("https://portal.lakeside.example/".into()),
            booking: Some("https://lakeside.example/visits".into()),
            preferences: None,
            hosts: vec!["images.lakeside.example".into()],
            accent: None,
        }
    }
    pub(crate) fn letterhead() -> Letterhead {
        Letterhead::check(draft()).unwrap_or_else(|f| panic!("{:?}", f.first().map(|f| f.message.clone())))
    }
    fn codes(change: impl FnOnce(&mut LetterheadDraft)) -> Vec<&'static str> {
        let mut d = draft();
        change(&mut d);
        Letterhead::check(d).err().unwrap_or_default().into_iter().map(|f| f.code).collect()
    }

    #[test]
    fn a_clinic() {
        let l = letterhead();
        assert!(l.hosts().allow("portal.lakeside.example") && l.hosts().allow("mail.lakeside.example"));
        assert!(!l.hosts().allow("www.lakeside.example"));
        assert_eq!((l.label(), l.warnings().len()), (Label::L0, 0));
    }

    #[test]
    fn what_is_missing_or_tells_too_much() {
        assert_eq!(codes(|d| d.organization = "\r\n".into()), ["name"]);
        assert_eq!(codes(|d| d.postal_address.clear()), ["postal_address"]);
        assert_eq!(codes(|d| d.postal_address = vec!["Lakeside".into()]), ["postal_address"]);
        assert_eq!(codes(|d| d.accent = Some("teal".into())), ["colour"]);
        assert_eq!(codes(|d| d.hosts = vec!["https://x".into()]), ["host"]);
        assert_eq!(
            codes(|d| d.from = EmailAddress::parse("oncology@lakeside.example").unwrap()),
            ["clinical_word"]
        );
        assert_eq!(codes(|d| d.portal = Some("https://hivcare.example/".into())), Vec::<&str>::new());
        assert_eq!(codes(|d| d.portal = Some("https://hiv-care.example/".into()))[0], "clinical_word");
        for bad in [
            "http://mail.lakeside.example",
            "https://mail.lakeside.example/x",
            "ftp://x",
            "http://127.0.0.1:x",
            "",
        ] {
            assert_eq!(codes(|d| d.link_base = bad.into()), ["link_base"], "{bad}");
        }
        assert!(codes(|d| d.link_base = "http://127.0.0.1:8080/".into()).is_empty());
    }

    #[test]
    fn a_name_can_be_sensitive() {
        let mut d = draft();
        d.organization = "Lakeside Behavioral Health".into();
        assert_eq!(Letterhead::check(d).map(|l| l.label()).ok(), Some(Label::L3));
    }
}
