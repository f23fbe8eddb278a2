//! The foot of every mail: who wrote, from where, why, and the ways out. Appended by us, never by the author.

use crate::clean::{self, escaped};
use crate::letterhead::Letterhead;
use crate::limits::LONGEST_SHOWN_NAME;
use crate::lint::{self, Finding, Place, plain};

/// Why someone gets a mail, in words that say nothing about care.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    /// They opted in to the topic.
    Subscribed,
    /// Care, billing, surveys of care: no opt-in, but a way out.
    Care,
    /// Fundraising (45 CFR 164.514(f)).
    Fundraising,
    /// A notice the law requires; nobody can opt out of it.
    RequiredNotice,
    /// Somebody entered the address at a page of ours and asked for exactly this mail.
    Asked,
}

/// The way out that a mail offers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OptOut {
    /// One-click headers (RFC 8058) and a visible link.
    OneClick,
    /// A visible link only: mail programs must not offer to end care mail with one slip.
    LinkOnly,
    /// None: required notices.
    None,
}

/// What a campaign says at the foot of its mails.
#[derive(Clone, Debug)]
pub struct Footing {
    topic: String,
    why: Why,
    opt_out: OptOut,
    /// The reason of a mail that was asked for, in the words of its page.
    asked: String,
}

impl Footing {
    /// A footing for a topic known by its public name.
    ///
    /// # Errors
    /// Findings, when the public name is empty, too long, or says something about care.
    pub fn new(topic: &str, why: Why, opt_out: OptOut) -> Result<Footing, Vec<Finding>> {
        let name = clean::line(topic);
        let mut found = plain::seen(&name, Place::ListName);
        if name.is_empty() || name.chars().count() > LONGEST_SHOWN_NAME || topic.chars().any(char::is_control)
        {
            let message = format!("a topic's public name has 1 to {LONGEST_SHOWN_NAME} characters");
            found.push(Finding::error(Place::ListName, "name", message));
        }
        if (opt_out == OptOut::None) != (why == Why::RequiredNotice) {
            let message = "only a required notice has no way out, and it has none";
            found.push(Finding::error(Place::ListName, "opt_out", message));
        }
        if why == Why::Asked {
            let message = "what was asked for belongs to no topic";
            found.push(Finding::error(Place::ListName, "name", message));
        }
        let found = lint::tidy(found);
        let asked = String::new();
        if lint::blocks(&found) { Err(found) } else { Ok(Footing { topic: name, why, opt_out, asked }) }
    }
    /// The footing of a mail that somebody asked for at a page: of no topic, with no way out, for it comes once. `reason`
    /// says that they did.
    pub fn asked(reason: &str) -> Footing {
        let (why, opt_out) = (Why::Asked, OptOut::None);
        Footing { topic: String::new(), why, opt_out, asked: clean::line(reason) }
    }
    /// Whether it is such a mail's.
    pub(crate) fn is_asked(&self) -> bool {
        self.why == Why::Asked
    }
    /// The topic's public name.
    pub fn topic(&self) -> &str {
        &self.topic
    }
    /// The way out.
    pub fn opt_out(&self) -> OptOut {
        self.opt_out
    }
}

/// The words of a footer in one language.
struct Words {
    subscribed: [&'static str; 3],
    care: [&'static str; 2],
    fundraising: [&'static str; 2],
    notice: [&'static str; 2],
    unsubscribe: &'static str,
    not_me: &'static str,
    preferences: &'static str,
}

/// `{0}` is the organization, `{1}` the topic.
const ENGLISH: Words = Words {
    subscribed: ["You get this email because you asked ", " for “", "”."],
    care: ["You get this email because you gave ", " this address."],
    fundraising: ["", " asks for support. Ending these emails makes no difference to your care."],
    notice: ["", " is required to send you this notice."],
    unsubscribe: "Unsubscribe",
    not_me: "This is not me",
    preferences: "Email choices",
};
const SPANISH: Words = Words {
    subscribed: ["Recibe este correo porque pidió a ", " recibir «", "»."],
    care: ["Recibe este correo porque dio esta dirección a ", "."],
    fundraising: ["", " pide su apoyo. Dejar de recibir estos correos no cambia en nada su atención."],
    notice: ["", " está obligada a enviarle este aviso."],
    unsubscribe: "Dejar de recibir estos correos",
    not_me: "No soy yo",
    preferences: "Elegir qué correos recibo",
};

fn words(language: &str) -> &'static Words {
    match language.split('-').next() {
        Some("es") => &SPANISH,
        _ => &ENGLISH,
    }
}

impl Footing {
    fn reason(&self, words: &Words, organization: &str) -> String {
        let two = |w: [&str; 2]| format!("{}{organization}{}", w[0], w[1]);
        match self.why {
            Why::Subscribed => {
                let [a, b, c] = words.subscribed;
                format!("{a}{organization}{b}{}{c}", self.topic)
            }
            Why::Care => two(words.care),
            Why::Fundraising => two(words.fundraising),
            Why::RequiredNotice => two(words.notice),
            Why::Asked => self.asked.clone(),
        }
    }
}

/// The addresses in a footer, or the slots that stand for them.
pub(crate) struct Ways<'a> {
    pub(crate) unsubscribe: Option<char>,
    pub(crate) not_me: Option<char>,
    pub(crate) preferences: Option<&'a str>,
    /// The author's own style sheets are in the document: ours must win.
    pub(crate) emphatic: bool,
}

const FONT: &str = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:13px;line-height:20px;color:#566170";

const LINK: &str = "color:#566170;text-decoration:underline";
/// Inline and important: no style sheet outranks it.
const EMPHATIC: &str = "font-family:Helvetica,Arial,sans-serif!important;font-size:13px!important;line-height:20px!important;color:#566170!important;background:none!important;display:block!important";
const EMPHATIC_LINK: &str = "color:#566170!important;background:none!important;font-size:13px!important;text-decoration:underline!important;display:inline!important";

/// The footer as table rows' worth of HTML.
pub(crate) fn html(letterhead: &Letterhead, footing: &Footing, language: &str, ways: &Ways<'_>) -> String {
    let words = words(language);
    let (font, link_style) = if ways.emphatic { (EMPHATIC, EMPHATIC_LINK) } else { (FONT, LINK) };
    let link = |href: &str, text: &str| {
        format!("<a class=\"d-muted\" href=\"{href}\" style=\"{link_style}\">{text}</a>")
    };
    let mut links = Vec::new();
    if let Some(slot) = ways.unsubscribe {
        links.push(link(&slot.to_string(), words.unsubscribe));
    }
    if let Some(url) = ways.preferences {
        links.push(link(&escaped(url), words.preferences));
    }
    if let Some(slot) = ways.not_me {
        links.push(link(&slot.to_string(), words.not_me));
    }
    let address = letterhead.postal_address.iter().map(|l| escaped(l)).collect::<Vec<_>>().join(", ");
    let phone = letterhead
        .phone
        .as_deref()
        .map(|p| format!(" &middot; <span style=\"white-space:nowrap\">{}</span>", escaped(p)))
        .unwrap_or_default();
    format!(
        "<p class=\"d-muted\" style=\"margin:0 0 8px;{font}\">{}</p>\n\
         <p class=\"d-muted\" style=\"margin:0 0 12px;{font}\"><strong>{}</strong><br>{address}{phone}</p>\n\
         <p class=\"d-muted\" style=\"margin:0;{font}\">{}</p>\n",
        escaped(&footing.reason(words, &letterhead.organization)),
        escaped(&letterhead.organization),
        links.join(" &nbsp;&middot;&nbsp; ")
    )
}

/// The footer as plain text.
pub(crate) fn text(letterhead: &Letterhead, footing: &Footing, language: &str, ways: &Ways<'_>) -> String {
    let words = words(language);
    let mut out = String::from("--------\n");
    let mut line = |text: &str| {
        out.push_str(text);
        out.push('\n');
    };
    line(&footing.reason(words, &letterhead.organization));
    line("");
    line(&letterhead.organization);
    for part in &letterhead.postal_address {
        line(part);
    }
    if let Some(phone) = &letterhead.phone {
        line(phone);
    }
    line("");
    if let Some(slot) = ways.unsubscribe {
        line(&format!("{}: {slot}", words.unsubscribe));
    }
    if let Some(url) = ways.preferences {
        line(&format!("{}: {url}", words.preferences));
    }
    if let Some(slot) = ways.not_me {
        line(&format!("{}: {slot}", words.not_me));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::letterhead::tests::letterhead;

    #[test]
    fn a_public_name_says_nothing_about_care() {
        assert!(Footing::new("Clinic news", Why::Subscribed, OptOut::OneClick).is_ok());
        for bad in ["", "Diabetes news", "HIV support", "a\r\nBcc: x", &"x".repeat(65)] {
            assert!(Footing::new(bad, Why::Subscribed, OptOut::OneClick).is_err(), "{bad}");
        }
        assert!(Footing::new("Notices", Why::Care, OptOut::None).is_err());
        assert!(Footing::new("Notices", Why::RequiredNotice, OptOut::LinkOnly).is_err());
    }

    #[test]
    fn says_who_where_why_and_how_to_leave() {
        let footing = Footing::new("Clinic <news>", Why::Subscribed, OptOut::OneClick).unwrap();
        let ways = Ways {
            unsubscribe: Some('\u{e100}'),
            not_me: Some('\u{e101}'),
            preferences: None,
            emphatic: false,
        };
        let html = html(&letterhead(), &footing, "en", &ways);
        for part in [
            "120 Harbor Road, Lakeside, CA 94110",
            "Clinic &lt;news&gt;",
            "href=\"\u{e100}\"",
            "href=\"\u{e101}\"",
        ] {
            assert!(html.contains(part), "{part}");
        }
        let text = text(&letterhead(), &footing, "es-MX", &ways);
        assert!(
            text.contains("Dejar de recibir estos correos: \u{e100}\n") && text.contains("120 Harbor Road\n")
        );
    }
}
