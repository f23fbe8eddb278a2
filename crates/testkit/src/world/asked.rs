//! What somebody asks for at a page, as the mailbox sees it.

use super::{Given, TestRelay, World, judge::token_in};
use discreet_access::{FreshToken, FreshVerb};
use discreet_app::dispatch::{Round, ServiceDispatcher};
use discreet_app::halt::Halt;
use discreet_mail::LinkPurpose;

impl World {
    /// Sends what was asked for and is due: one batch.
    pub async fn send_asked(&self, relay: &TestRelay) -> Round {
        ServiceDispatcher::new(&self.app, relay, Halt::default()).round(&*self.clock()).await.unwrap()
    }
    /// Leave by the link of a mail that was asked for, if it is still good.
    pub async fn fresh<V: FreshVerb>(&self, mail: &Given, purpose: LinkPurpose) -> Option<FreshToken<V>> {
        let token = token_in(mail, purpose);
        self.app.redeem_fresh::<V>(token.hash().bytes(), self.now()).await.unwrap()
    }
    /// Where each mail that was asked for stands: service, state, reason.
    pub async fn asked_states(&self) -> Vec<(String, String, String)> {
        self.store().await.read().await.unwrap().service_states().await.unwrap()
    }
}
