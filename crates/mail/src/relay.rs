//! What takes mail away. Only this crate can ask it to.

pub mod smtp;

use crate::outcome::Outcome;
use crate::rendered::Rendered;

/// What only this crate can make: so only this crate, in `deliver`, can make a relay send.
///
/// A relay that wraps another passes the one it was given on; it has no second.
/// ```compile_fail,E0423
/// let forged = discreet_mail::Leaving(());
/// ```
/// ```compile_fail,E0599
/// fn twice(by: discreet_mail::Leaving) -> discreet_mail::Leaving { by.clone() }
/// ```
/// ```compile_fail,E0277
/// async fn sneak(relay: &impl discreet_mail::Relay, mail: &discreet_mail::Rendered) {
///     relay.send(mail, Default::default()).await;
/// }
/// ```
/// The compiling twin:
/// ```
/// struct Slower<R>(R);
/// impl<R: discreet_mail::Relay> discreet_mail::Relay for Slower<R> {
///     async fn send(&self, mail: &discreet_mail::Rendered, by: discreet_mail::Leaving) -> discreet_mail::Outcome {
///         self.0.send(mail, by).await
///     }
/// }
/// ```
#[derive(Debug)]
pub struct Leaving(pub(crate) ());

/// Takes one message to its recipient, or says how far it got. Implemented by [`SmtpRelay`](crate::SmtpRelay) and
/// testkit's, by nothing else.
pub trait Relay: Send + Sync {
    /// Sends the message once. It never sends a message twice, whatever happens.
    fn send(&self, mail: &Rendered, by: Leaving) -> impl Future<Output = Outcome> + Send;
}
