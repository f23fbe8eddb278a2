//! A page → an RFC 5322 message: one recipient, two parts, nothing in the headers that tells about the reader.
//!
//! Written out here rather than with a MIME library: the boundary, the Message-ID and the Date must come from our
//! arguments and not from a clock or host name; encoded words must keep to RFC 2047's lengths; and the order of headers
//! is the order of signing.

mod encode;

use crate::dkim::{DkimError, DkimKey};
use crate::images::content_id;
use crate::page::Page;
use crate::rendered::{Envelope, Rendered};
use crate::token::{NoRandomness, random};
use discreet_domain::Timestamp;
use encode::{Encoding, base64_lines, phrase, structured, unstructured};

/// Why no message was made. Nothing was sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ComposeError {
    /// No Message-ID can be made.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    /// No signature can be made.
    #[error(transparent)]
    Dkim(#[from] DkimError),
    /// A key signs for a domain that is neither the sender's nor above it: DMARC would not count it.
    #[error("a DKIM key is for another domain than the sender's")]
    Unaligned,
}

/// What makes a message unlike any other.
#[derive(Clone, Copy)]
pub(crate) struct Unique(pub(crate) [u8; 16]);

impl Unique {
    fn text(self) -> String {
        self.0.iter().map(|b| format!("{b:02x}")).collect()
    }
}

impl Page {
    /// Makes the message: headers, parts, a signature by each key.
    ///
    /// # Errors
    /// [`ComposeError`]
    pub fn compose(
        &self,
        envelope: Envelope,
        keys: &[DkimKey],
        now: Timestamp,
    ) -> Result<Rendered, ComposeError> {
        self.compose_as(Unique(random()?), envelope, keys, now)
    }

    pub(crate) fn compose_as(
        &self,
        unique: Unique,
        envelope: Envelope,
        keys: &[DkimKey],
        now: Timestamp,
    ) -> Result<Rendered, ComposeError> {
        if !keys.iter().all(|k| aligned(self.from.domain(), k.domain())) {
            return Err(ComposeError::Unaligned);
        }
        let header_id = format!("{}@{}", unique.text(), self.from.domain());
        let message = self.message(&header_id, &format!("=_{}", unique.text()), &envelope, now);
        let mut signed = String::with_capacity(message.len() + 1024);
        for key in keys {
            signed.push_str(&key.sign(&message, now)?);
        }
        signed.push_str(&message);
        Ok(Rendered::new(envelope, self.label, header_id, signed.into_bytes()))
    }

    fn message(&self, header_id: &str, boundary: &str, envelope: &Envelope, now: Timestamp) -> String {
        let letters = self.html.expose().len() + self.text.expose().len() + self.images.weight();
        let mut out = String::with_capacity(2 * letters);
        structured(&mut out, "Date", &date(now));
        structured(&mut out, "From", &format!("{} <{}>", phrase(&self.from_name, 6), self.from.as_str()));
        structured(&mut out, "To", &format!("<{}>", envelope.to.expose().as_str()));
        if let Some(address) = &self.reply_to {
            structured(&mut out, "Reply-To", &format!("<{}>", address.as_str()));
        }
        unstructured(&mut out, "Subject", &self.subject);
        structured(&mut out, "Message-ID", &format!("<{header_id}>"));
        match &self.topic {
            Some(topic) => {
                structured(&mut out, "List-Id", &format!("{} <{}>", phrase(topic, 9), self.list_id(topic)));
            }
            // Of no list: what somebody asked for at a page, or a test of a campaign's mail (RFC 3834).
            None => structured(&mut out, "Auto-Submitted", "auto-generated"),
        }
        if let Some(url) = &self.one_click {
            structured(&mut out, "List-Unsubscribe", &format!("<{url}>"));
            structured(&mut out, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        }
        structured(&mut out, "MIME-Version", "1.0");
        structured(&mut out, "Content-Type", &format!("multipart/alternative; boundary=\"{boundary}\""));
        out.push_str("\r\n");
        part(&mut out, boundary, "text/plain", self.text.expose());
        match self.images.is_empty() {
            true => part(&mut out, boundary, "text/html", self.html.expose()),
            false => self.related(&mut out, boundary),
        }
        out.push_str(&format!("--{boundary}--\r\n"));
        out
    }

    /// The HTML with the images it shows (RFC 2387). Their names say nothing: an attachment's name is read by others.
    fn related(&self, out: &mut String, outer: &str) {
        // Not the outer one and more letters: a boundary that begins like another's is taken for it.
        let inner = format!("=_r{}", outer.trim_start_matches("=_"));
        out.push_str(&format!("--{outer}\r\n"));
        let kind = format!("multipart/related; type=\"text/html\"; boundary=\"{inner}\"");
        structured(out, "Content-Type", &kind);
        out.push_str("\r\n");
        part(out, &inner, "text/html", self.html.expose());
        for (n, (id, image)) in self.images.iter().enumerate() {
            out.push_str(&format!("--{inner}\r\n"));
            structured(out, "Content-Type", image.kind().media_type());
            structured(out, "Content-Transfer-Encoding", "base64");
            structured(out, "Content-ID", &format!("<{}>", content_id(id, self.from.domain())));
            let name = format!("image-{}.{}", n + 1, image.kind().ending());
            structured(out, "Content-Disposition", &format!("inline; filename=\"{name}\""));
            out.push_str("\r\n");
            out.push_str(&base64_lines(image.bytes()));
        }
        out.push_str(&format!("--{inner}--\r\n"));
    }

    /// `clinic-news.mail.clinic.example`: made of the public name, which was linted.
    fn list_id(&self, topic: &str) -> String {
        let mut slug = String::new();
        for c in topic.chars().flat_map(char::to_lowercase) {
            if c.is_ascii_alphanumeric() {
                slug.push(c);
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
        }
        let slug = slug.trim_end_matches('-');
        format!("{}.{}", if slug.is_empty() { "list" } else { slug }, self.from.domain())
    }
}

/// Whether a signature for `signing` counts for a sender in `from` (relaxed alignment, RFC 7489 §3.1.1, without the public
/// suffix list: the signing domain is the sender's or one above it).
fn aligned(from: &str, signing: &str) -> bool {
    from == signing || from.strip_suffix(signing).is_some_and(|rest| rest.ends_with('.'))
}

fn part(out: &mut String, boundary: &str, kind: &str, text: &str) {
    let encoding = Encoding::for_text(text);
    out.push_str(&format!("--{boundary}\r\n"));
    structured(out, "Content-Type", &format!("{kind}; charset=utf-8"));
    structured(out, "Content-Transfer-Encoding", encoding.name());
    out.push_str("\r\n");
    out.push_str(&encoding.encode(text));
}

/// `Tue, 24 Nov 2026 04:15:00 +0000`. UTC: the organization's zone is nobody's business.
fn date(now: Timestamp) -> String {
    const SECONDS_PER_DAY: i64 = 86_400;
    const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let seconds = now.micros().div_euclid(1_000_000);
    let (days, second) = (seconds.div_euclid(SECONDS_PER_DAY), seconds.rem_euclid(SECONDS_PER_DAY));
    let days = i32::try_from(days).unwrap_or(0);
    let (year, month, day) = discreet_domain::Day::from_number(days).ymd();
    let name = |names: &[&'static str], at: i64| {
        usize::try_from(at).ok().and_then(|i| names.get(i).copied()).unwrap_or("")
    };
    format!(
        "{}, {day:02} {} {year:04} {:02}:{:02}:{:02} +0000",
        name(&WEEKDAYS, i64::from(days.rem_euclid(7))),
        name(&MONTHS, i64::from(month) - 1),
        second / 3600,
        second / 60 % 60,
        second % 60
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DkimAlgorithm, Links, Values, generate_dkim_key};
    use discreet_domain::{EmailAddress, MessageId, PatientId, Phi};

    fn envelope() -> Envelope {
        Envelope {
            message: MessageId::random(),
            addressee: discreet_policy::Addressee::Patient {
                patient: PatientId::random(),
                contact_version: 1,
            },
            to: Phi::new(EmailAddress::parse("rosa@example.org").unwrap()),
            return_path: EmailAddress::parse("bounces@mail.lakeside.example").unwrap(),
        }
    }

    #[test]
    fn dates() {
        let d = |t: &str| date(Timestamp::parse(t).unwrap());
        assert_eq!(d("1970-01-01T00:00:00Z"), "Thu, 01 Jan 1970 00:00:00 +0000");
        assert_eq!(d("2026-11-24T04:15:09Z"), "Tue, 24 Nov 2026 04:15:09 +0000");
        assert_eq!(d("2028-02-29T23:59:59Z"), "Tue, 29 Feb 2028 23:59:59 +0000");
        assert_eq!(d("1969-12-31T23:59:59Z"), "Wed, 31 Dec 1969 23:59:59 +0000");
    }

    /// The whole message, letter for letter: `tests/golden/message.eml` (rewritten by `UPDATE_GOLDEN=1`).
    #[test]
    fn a_message_is_the_golden_one() {
        let page = crate::page::tests::layout("Dear {{ given_name | \"friend\" }},\n\nsee you – à bientôt.")
            .fill(&Values::new(), &Links::sample())
            .unwrap();
        let now = Timestamp::parse("2026-11-24T09:00:00Z").unwrap();
        let rendered = page.compose_as(Unique([0xd1; 16]), envelope(), &[], now).unwrap();
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/message.eml");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(path, rendered.bytes().expose()).unwrap();
        }
        assert!(std::fs::read(path).unwrap() == *rendered.bytes().expose(), "{path} differs");
    }

    #[test]
    fn a_signature_is_for_the_sender() {
        for (from, signing, ok) in [
            ("mail.clinic.example", "mail.clinic.example", true),
            ("mail.clinic.example", "clinic.example", true),
            ("clinic.example", "mail.clinic.example", false),
            ("evilclinic.example", "clinic.example", false),
        ] {
            assert_eq!(aligned(from, signing), ok, "{from} {signing}");
        }
        let key =
            DkimKey::from_pkcs8("d", "other.example", &generate_dkim_key(DkimAlgorithm::Ed25519).unwrap())
                .unwrap();
        let page = crate::page::tests::layout("x").fill(&Values::new(), &Links::sample()).unwrap();
        let composed = page.compose(envelope(), &[key], Timestamp::from_micros(0));
        assert_eq!(composed.err(), Some(ComposeError::Unaligned));
    }
}
