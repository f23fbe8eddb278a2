//! `Patient`: who a person is, and the attributes that stand in the same resource.

use super::elements::{
    Address, Coding, Concept, ContactPoint, Extension, Head, HumanName, Ident, Meta, Reference, Resource,
    flag, head,
};
use super::lax::{Flag, Lax, Many, Present, Text, objects};
use super::patient_identity;
use super::row::{Mapped, Row, Verdict};
use crate::limits::LONGEST_WORD;
use crate::reason::{Expected, Reason};
use crate::record::{Incoming, PatientPart};
use crate::text;
use crate::vocabulary::{self, Meaning};
use discreet_domain::{Identifier, Value, When, catalog};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Patient<'a> {
    #[serde(borrow)]
    id: Lax<Text<'a>>,
    #[serde(borrow)]
    meta: Lax<Meta<'a>>,
    modifier_extension: Lax<Present>,
    implicit_rules: Lax<Present>,
    #[serde(borrow)]
    extension: Lax<Many<Extension<'a>>>,
    #[serde(borrow)]
    pub(super) identifier: Lax<Many<Ident<'a>>>,
    active: Lax<Flag>,
    #[serde(borrow)]
    pub(super) name: Lax<Many<HumanName<'a>>>,
    #[serde(borrow)]
    pub(super) telecom: Lax<Many<ContactPoint<'a>>>,
    #[serde(borrow)]
    gender: Lax<Text<'a>>,
    #[serde(borrow)]
    birth_date: Lax<Text<'a>>,
    deceased_boolean: Lax<Flag>,
    #[serde(borrow)]
    deceased_date_time: Lax<Text<'a>>,
    /// The date's extensions, where it stands only to say that it is not known.
    #[serde(rename = "_deceasedDateTime")]
    deceased_date_time_unknown: Lax<Present>,
    #[serde(borrow)]
    pub(super) address: Lax<Many<Address<'a>>>,
    #[serde(borrow)]
    marital_status: Lax<Concept<'a>>,
    #[serde(borrow)]
    communication: Lax<Many<Communication<'a>>>,
    #[serde(borrow)]
    general_practitioner: Lax<Many<Reference<'a>>>,
    #[serde(borrow)]
    managing_organization: Lax<Reference<'a>>,
    #[serde(borrow)]
    link: Lax<Many<Link<'a>>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Communication<'a> {
    #[serde(borrow)]
    language: Lax<Concept<'a>>,
    preferred: Lax<Flag>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Link<'a> {
    #[serde(borrow)]
    other: Lax<Reference<'a>>,
    #[serde(borrow, rename = "type")]
    kind: Lax<Text<'a>>,
}

objects!(Communication, Link);

/// Attributes on their way.
type Attributes = BTreeMap<String, Value>;

impl<'a> Resource<'a> for Patient<'a> {
    const KIND: &'static str = "patient";

    fn head(&self) -> Head<'_, 'a> {
        head!(self, None::<&Concept<'a>>)
    }

    fn map(&self, row: &mut Row<'_, '_>) -> Mapped {
        let id = row.external.clone().ok_or_else(|| Reason::missing("id"))?;
        let subject = row.desk.patient(&id);
        let (deceased, deceased_at) = self.death(row)?;
        let merged_into = self.survivor(row);
        let replaced = merged_into != Survivor::None;
        let active = flag(&self.active, "active")?.unwrap_or(true) && !replaced;
        let mut attributes = Attributes::new();
        let identity = patient_identity::identity(self, &subject, &mut attributes, row);
        self.attributes(&mut attributes, row);
        let part = PatientPart {
            identity,
            attributes,
            deceased,
            deceased_at,
            active,
            merged_into: merged_into.known(),
            restricted: row.restricted,
        };
        row.emit(&subject, Incoming::Patient(Box::new(part)));
        Ok(Verdict::Taken)
    }
}

/// Whose record goes on in place of this one.
#[derive(PartialEq, Eq)]
enum Survivor {
    None,
    Known(Identifier),
    Unknown,
}

impl Survivor {
    fn known(self) -> Option<Identifier> {
        match self {
            Survivor::Known(id) => Some(id),
            _ => None,
        }
    }
}

impl Patient<'_> {
    /// Any word of death counts, readable or not: nobody is to be written to on the strength of a typing error.
    fn death(&self, row: &mut Row<'_, '_>) -> Result<(bool, Option<When>), Reason> {
        let said = flag(&self.deceased_boolean, "deceasedBoolean")?;
        let at = row.time_if_good(&self.deceased_date_time, "deceasedDateTime");
        let dated = !self.deceased_date_time.is_absent() || !self.deceased_date_time_unknown.is_absent();
        Ok((said == Some(true) || dated, at))
    }

    fn survivor(&self, row: &mut Row<'_, '_>) -> Survivor {
        let mut replaced = self.link.each().filter(|link| link.kind.text() == "replaced-by");
        let Some(link) = replaced.next() else { return Survivor::None };
        match row.subject(&link.other, "link.other") {
            Ok(Some(id)) => Survivor::Known(id),
            _ => {
                row.warn(Reason::UnresolvedMerge);
                Survivor::Unknown
            }
        }
    }

    fn attributes(&self, into: &mut Attributes, row: &mut Row<'_, '_>) {
        if let Some(born) = row.time_if_good(&self.birth_date, "birthDate") {
            into.insert(catalog::BIRTH_DATE.to_owned(), Value::When(date_only(born, row)));
        }
        put(into, "sex", self.sex(row));
        put(into, "race", self.race());
        put(into, "ethnicity", self.ethnicity());
        put(into, "marital_status", self.marital_status(row));
        put(into, "language", self.language(row));
        let doctor = self
            .general_practitioner
            .each()
            .find_map(|who| row.called(who, &["Practitioner", "PractitionerRole", "Organization"]));
        put(into, "provider", doctor);
        let site = self.managing_organization.good().and_then(|org| row.called(org, &["Organization"]));
        put(into, "site", site);
    }

    /// The sex US Core 7 to 9 state, else the administrative gender, else the sex at birth of older versions.
    fn sex(&self, row: &mut Row<'_, '_>) -> Option<String> {
        let extension = |name: &str| self.us_core(name);
        let stated = |e: &Extension<'_>| match e.value_coding.good() {
            Some(coding) => vocabulary::sex(coding.code.text()).is(),
            None => vocabulary::sex(e.value_code.text()).is(),
        };
        let newer = extension("us-core-individual-sex").or_else(|| extension("us-core-sex")).and_then(stated);
        if newer.is_some() {
            return newer;
        }
        let gender = match &self.gender {
            Lax::Good(gender) => vocabulary::sex(&gender.0),
            Lax::Absent => Meaning::Unknown,
            Lax::Bad => Meaning::NotUnderstood,
        };
        if gender == Meaning::NotUnderstood {
            row.warn(Reason::bad("gender", Expected::Word));
        }
        gender.is().or_else(|| extension("us-core-birthsex").and_then(stated))
    }

    fn race(&self) -> Option<String> {
        let categories = self.omb_categories("us-core-race");
        let known = categories.filter_map(|c| match vocabulary::race(c.code.text()) {
            Meaning::NotUnderstood => vocabulary::race(c.display.text()).is(),
            meaning => meaning.is(),
        });
        vocabulary::races_joined(known.collect())
    }

    fn ethnicity(&self) -> Option<String> {
        self.omb_categories("us-core-ethnicity").find_map(|c| vocabulary::ethnicity(c.code.text()).is())
    }

    fn marital_status(&self, row: &mut Row<'_, '_>) -> Option<String> {
        let status = self.marital_status.good()?;
        let meaning = match status.code().map(vocabulary::marital_status) {
            Some(Meaning::NotUnderstood) | None => vocabulary::marital_status(status.words()?),
            Some(meaning) => meaning,
        };
        if meaning == Meaning::NotUnderstood {
            row.warn(Reason::bad("maritalStatus", Expected::Word));
        }
        meaning.is()
    }

    /// The preferred language, else the first.
    fn language(&self, row: &mut Row<'_, '_>) -> Option<String> {
        let mut all = self.communication.each();
        let preferred = all.find(|c| c.preferred == Lax::Good(Flag(true)));
        let language = preferred.or_else(|| self.communication.first())?.language.good()?;
        let meaning = match language.code().map(vocabulary::language) {
            Some(Meaning::NotUnderstood) | None => vocabulary::language(language.words()?),
            Some(meaning) => meaning,
        };
        if meaning == Meaning::NotUnderstood {
            row.warn(Reason::bad("communication.language", Expected::Word));
        }
        meaning.is()
    }

    fn us_core(&self, name: &str) -> Option<&Extension<'_>> {
        let named = |url: &str| url.rsplit('/').next() == Some(name) && url.contains("us/core");
        self.extension.each().find(|e| named(e.url.text()))
    }

    fn omb_categories(&self, name: &str) -> impl Iterator<Item = &Coding<'_>> {
        let parts = self.us_core(name).into_iter().flat_map(|e| e.extension.each());
        parts.filter(|part| part.url.text() == "ombCategory").filter_map(|part| part.value_coding.good())
    }
}

/// A date of birth is a date: of an instant, the local day.
fn date_only(when: When, row: &Row<'_, '_>) -> When {
    match when {
        When::At(t) => When::Day(row.desk.options.zone.day_of(t)),
        other => other,
    }
}

pub(super) fn put(into: &mut Attributes, name: &str, value: Option<String>) {
    if let Some(value) = value.and_then(|v| text::clean_owned(&v, LONGEST_WORD)) {
        into.insert(name.to_owned(), Value::Text(value));
    }
}
