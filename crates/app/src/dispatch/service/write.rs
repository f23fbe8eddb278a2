//! Writing what was asked for: our own words in the reader's language, a link with a fresh token, nothing else.

use super::{ServiceDispatcher, Written};
use crate::app::Look;
use crate::asked::Entered;
use crate::chart;
use crate::choices::MOST_LINKS;
use crate::error::{AppError, Result};
use discreet_access::{ChangeChoices, ConfirmChoice, FreshVerb, ReadCopy};
use discreet_audit::{Reason, Whom};
use discreet_domain::{Actor, EmailAddress, Identity, Part, PatientId, Phi, Timestamp};
use discreet_mail::{
    Body, Draft, Envelope, Footing, Images, Layout, LinkPurpose, LinkToken, MergeField, Page, Relay,
    Template, Values,
};
use discreet_policy::{Addressee, SERVICE_LABEL, Service};
use discreet_store::{Claim, ClaimedService, FreshLink, Lane};

/// For how long one look at a name may take, in seconds.
const LOOK_SECONDS: i64 = 60;

/// What a service's mail says and brings.
struct Kind {
    /// The messages: subject, text, words of the link, why it comes.
    words: [&'static str; 4],
    purpose: LinkPurpose,
    verb: &'static str,
    /// For how long its link is good, in seconds.
    seconds: i64,
}

/// `None`: a test says what its author wrote.
const fn kind(service: Service) -> Option<Kind> {
    Some(match service {
        Service::Test => return None,
        Service::Confirmation => Kind {
            words: ["mail-confirm", "mail-confirm-text", "mail-confirm-link", "mail-why"],
            purpose: LinkPurpose::Confirm,
            verb: ConfirmChoice::NAME,
            seconds: 7 * 86_400,
        },
        Service::Choices => Kind {
            words: ["mail-choices", "mail-choices-text", "mail-choices-link", "mail-why"],
            purpose: LinkPurpose::Choices,
            verb: ChangeChoices::NAME,
            seconds: 1800,
        },
        Service::Copy => Kind {
            words: ["mail-copy", "mail-copy-text", "mail-copy-link", "mail-why-copy"],
            purpose: LinkPurpose::Copy,
            verb: ReadCopy::NAME,
            seconds: 7 * 86_400,
        },
    })
}

/// Whose link a mail brings, and what they are called if others share the mailbox.
struct Whose {
    patient: Option<PatientId>,
    name: Option<Phi<String>>,
}

impl<R: Relay> ServiceDispatcher<'_, R> {
    /// Renders what was claimed. What has nobody to go to, or cannot be written, is held.
    pub(super) async fn render(
        &self,
        claim: Claim,
        claimed: &[ClaimedService],
        now: Timestamp,
    ) -> Result<Vec<Written>> {
        let (mut mails, mut held, mut noted, mut links) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for one in claimed {
            let Some(whose) = self.whose(one, now).await? else {
                held.push((one.id, "NOBODY"));
                continue;
            };
            match self.write(one, &whose, now).await {
                Ok((written, link)) => {
                    mails.push(written);
                    links.extend(link);
                    noted.push((one.id, whose.patient));
                }
                // One that cannot be written must not stop the others.
                Err(AppError::Vault(_) | AppError::Form(_) | AppError::NotFound(_)) => {
                    held.push((one.id, "UNREADABLE"));
                }
                Err(AppError::Template(_) | AppError::Invalid(_)) => held.push((one.id, "LABEL")),
                Err(other) => return Err(other),
            }
        }
        let mut tx = self.app.store.begin(Lane::Dispatch).await?;
        tx.hold_service(claim, &held, now).await?;
        tx.note_service(claim, &noted, links).await?;
        self.app.settle(tx, &[]).await?;
        Ok(mails)
    }

    /// `None`: nobody (any more) is at the address in this place.
    async fn whose(&self, one: &ClaimedService, now: Timestamp) -> Result<Option<Whose>> {
        if one.service != Service::Choices {
            return Ok(Some(Whose { patient: one.patient, name: None }));
        }
        let here = self.app.store.read().await?.patients_at(one.address, MOST_LINKS).await?;
        let nth = usize::try_from(one.nth).unwrap_or(usize::MAX);
        let Some(patient) = here.get(nth).copied() else { return Ok(None) };
        let name = if here.len() > 1 { self.called(patient, now).await? } else { None };
        Ok(Some(Whose { patient: Some(patient), name }))
    }

    /// What a patient is called, to tell links in one mailbox apart.
    async fn called(&self, patient: PatientId, now: Timestamp) -> Result<Option<Phi<String>>> {
        let look = Look {
            actor: Actor::Dispatcher,
            whom: Whom::One(patient),
            parts: &[Part::Identity],
            reason: Reason::PatientRequest,
            seconds: LOOK_SECONDS,
            note: None,
        };
        let app = self.app;
        let row = app.store.read().await?.patient(patient).await?;
        let Some(sealed) = row.and_then(|row| row.identity) else { return Ok(None) };
        let reader = app.vault.bulk(app.record(look, now).await?);
        let identity: Identity =
            chart::read(&reader.open(&app.keys_of_one(patient).await?, &sealed, now)?)?;
        let name = identity.name.preferred.or_else(|| identity.name.given.into_iter().next());
        Ok(name.filter(|name| !name.trim().is_empty()).map(Phi::new))
    }

    async fn write(
        &self,
        one: &ClaimedService,
        whose: &Whose,
        now: Timestamp,
    ) -> Result<(Written, Option<(Vec<u8>, FreshLink)>)> {
        let entered = self.app.open_asked(one.id, &one.sealed)?;
        let Some(kind) = kind(one.service) else {
            return Ok((self.write_test(one, &entered, now).await?, None));
        };
        let to = EmailAddress::parse(&entered.address).map_err(|_| AppError::Form("an address"))?;
        let token =
            LinkToken::random(kind.purpose).map_err(|_| AppError::Vault(discreet_vault::Refused::Failed))?;
        let layout = self.layout(&entered, &kind, whose.name.is_some())?;
        let mut values = Values::new();
        if let Some(name) = &whose.name {
            values = values.with(MergeField::GivenName, name.clone());
        }
        let page = layout.fill_asked(&values, &token).map_err(|e| AppError::invalid(e.to_string()))?;
        if page.label() > SERVICE_LABEL {
            return Err(AppError::invalid("the organization's name alone is too delicate for this"));
        }
        let written = self.compose(one, &page, to, now).await?;
        let link = FreshLink {
            verb: kind.verb.to_owned(),
            message: one.id,
            patient: whose.patient,
            address: one.address,
            expires: now.plus_seconds(kind.seconds),
        };
        Ok((written, Some((token.hash().bytes().to_vec(), link))))
    }
    /// Puts a filled page into its envelope.
    pub(super) async fn compose(
        &self,
        one: &ClaimedService,
        page: &Page,
        to: EmailAddress,
        now: Timestamp,
    ) -> Result<Written> {
        let signing = self.app.signing(now).await?;
        let envelope = Envelope {
            message: one.id,
            addressee: Addressee::Mailbox(one.address),
            to: Phi::new(to),
            return_path: signing.return_path.clone(),
        };
        let mail = page.compose(envelope, &signing.keys, now).map_err(|_| AppError::Form("a message"))?;
        Ok(Written { mail, address: one.address })
    }

    fn layout(&self, entered: &Entered, kind: &Kind, named: bool) -> Result<Layout> {
        let settings = self.app.settings();
        let letterhead = settings.letterhead()?;
        let language = entered.language();
        let words = language.words();
        let [subject, text, link, why] = kind.words;
        let text = words.fill(text, &[("organization", "{{ organization }}")]);
        let whose = match named {
            true => words.fill("mail-choices-whose", &[("name", "{{ given_name | required }}")]) + "\n\n",
            false => String::new(),
        };
        let body = format!("{whose}{text}\n\n[{}]({{{{ request_link }}}} \"button\")\n", words.say(link));
        let draft = Draft {
            subject: words.say(subject),
            preheader: String::new(),
            body: Body::Markdown(body),
            from_name: settings.organization.clone(),
            reply_to: None,
            language: language.tag().to_owned(),
        };
        let template =
            Template::check(&draft, letterhead.hosts(), &Images::default()).map_err(AppError::Template)?;
        let footing = Footing::asked(&words.fill(why, &[("organization", settings.organization.as_str())]));
        Layout::new(&template, &letterhead, &footing).map_err(AppError::Template)
    }
}
