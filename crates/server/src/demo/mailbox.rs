//! The demo's mailbox: what its mail catcher caught, opened as a mail program would.

use discreet_mail::catcher::{Catcher, Caught};
use discreet_web::{DemoMail, Mailbox};
use mail_parser::MessageParser;
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
        html: message.body_html(0)?.into_owned(),
        unsubscribe: super::judge::unsubscribe_url(bytes),
    })
}
