//! A message that is ready to leave, and what the gate compares it with.

use discreet_domain::{EmailAddress, Label, MessageId, Phi};
use discreet_policy::Addressee;

/// Who a message is for, and which of their facts it rests on.
#[derive(Clone, Debug)]
pub struct Envelope {
    /// The message.
    pub message: MessageId,
    /// To whom, and which of their data the address was read from.
    pub addressee: Addressee,
    /// The one recipient.
    pub to: Phi<EmailAddress>,
    /// Where bounces go: opaque, the organization's own.
    pub return_path: EmailAddress,
}

/// A message with its headers and signatures. Made only by [`Page::compose`](crate::Page::compose); what it holds
/// cannot be changed, so what the permit was compared with is what leaves.
///
/// ```compile_fail,E0451
/// # use discreet_mail::Rendered;
/// fn forged(other: Rendered) -> Rendered { Rendered { ..other } }
/// ```
/// ```compile_fail,E0616
/// # use discreet_mail::Rendered; use discreet_domain::Label;
/// fn eased(mail: &mut Rendered, label: Label) { mail.label = label; }
/// ```
/// The compiling twin:
/// ```
/// # use discreet_mail::Rendered; use discreet_domain::Label;
/// fn read(mail: &Rendered) -> Label { mail.label() }
/// ```
#[derive(Clone, Debug)]
pub struct Rendered {
    envelope: Envelope,
    label: Label,
    header_id: String,
    bytes: Phi<Vec<u8>>,
}

impl Rendered {
    pub(crate) fn new(envelope: Envelope, label: Label, header_id: String, bytes: Vec<u8>) -> Rendered {
        Rendered { envelope, label, header_id, bytes: Phi::new(bytes) }
    }
    /// The message.
    pub fn message(&self) -> MessageId {
        self.envelope.message
    }
    /// To whom, and which of their data its address comes from.
    pub fn addressee(&self) -> Addressee {
        self.envelope.addressee
    }
    /// How careful to be with it.
    pub fn label(&self) -> Label {
        self.label
    }
    /// The one recipient.
    pub fn to(&self) -> &Phi<EmailAddress> {
        &self.envelope.to
    }
    /// The envelope sender.
    pub fn return_path(&self) -> &EmailAddress {
        &self.envelope.return_path
    }
    /// The Message-ID header's value without its brackets: random, to match bounces and replies.
    pub fn header_id(&self) -> &str {
        &self.header_id
    }
    /// The whole message, with CRLF line ends.
    pub fn bytes(&self) -> &Phi<Vec<u8>> {
        &self.bytes
    }
}
