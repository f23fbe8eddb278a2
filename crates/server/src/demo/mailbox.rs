//! The demo's mailbox: what its mail catcher caught, opened as a mail program would.

use base64::Engine as _;
use discreet_mail::catcher::{Catcher, Caught};
use discreet_web::{DemoMail, Mailbox};
use mail_parser::{Message, MessageParser, MimeHeaders as _};
use std::sync::Arc;

/// What the catcher holds.
#[derive(Debug)]
pub(super) struct OfCatcher(pub(super) Arc<Catcher>);

impl Mailbox for OfCatcher {
    fn newest(&self, most: usize) -> Vec<DemoMail> {
        let next = self.0.count();
        let numbers = (0..next).rev().take(most);
        numbers.filter_map(|number| self.one(number)).collect()
    }
    fn one(&self, number: u64) -> Option<DemoMail> {
        self.0.message(number).and_then(|caught| opened(&caught))
    }
}

/// The document with the images that came with it.
fn with_images(message: &Message<'_>, html: String) -> String {
    message.attachments().fold(html, |html, part| {
        let (Some(id), Some(kind)) = (part.content_id(), part.content_type()) else { return html };
        let kind = format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default());
        let bytes = base64::engine::general_purpose::STANDARD.encode(part.contents());
        html.replace(&format!("\"cid:{id}\""), &format!("\"data:{kind};base64,{bytes}\""))
    })
}

fn opened(caught: &Caught) -> Option<DemoMail> {
    let bytes = caught.bytes.expose();
    let message = MessageParser::default().parse(bytes)?;
    let from = message.from().and_then(|from| from.first());
    let name = from.and_then(|from| from.name()).unwrap_or_default();
    Some(DemoMail {
        number: caught.number,
        to: caught.to.iter().map(|to| to.expose().as_str()).collect::<Vec<_>>().join(", "),
        from: format!("{name} <{}>", caught.from),
        subject: message.subject().unwrap_or_default().to_owned(),
        html: with_images(&message, message.body_html(0)?.into_owned()),
        unsubscribe: super::judge::unsubscribe_url(bytes),
    })
}
