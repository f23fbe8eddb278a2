//! The FHIR R4 data types the resources share, thin: only what is used, all of it optional.

use super::lax::{Flag, Lax, Many, Number, Present, Text, objects};
use serde::Deserialize;

/// `Coding`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Coding<'a> {
    #[serde(borrow)]
    pub system: Lax<Text<'a>>,
    #[serde(borrow)]
    pub code: Lax<Text<'a>>,
    #[serde(borrow)]
    pub display: Lax<Text<'a>>,
}

/// `CodeableConcept`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Concept<'a> {
    #[serde(borrow)]
    pub coding: Lax<Many<Coding<'a>>>,
    #[serde(borrow)]
    pub text: Lax<Text<'a>>,
}

impl Concept<'_> {
    /// Its text, else the first display.
    pub fn words(&self) -> Option<&str> {
        let text = Some(self.text.text()).filter(|t| !t.trim().is_empty());
        text.or_else(|| self.coding.each().map(|c| c.display.text()).find(|t| !t.trim().is_empty()))
    }
    /// The first code, whatever its system: for status concepts.
    pub fn code(&self) -> Option<&str> {
        self.coding.each().map(|c| c.code.text()).find(|code| !code.is_empty())
    }
}

/// `Reference`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Reference<'a> {
    #[serde(borrow)]
    pub reference: Lax<Text<'a>>,
    #[serde(borrow, rename = "type")]
    pub kind: Lax<Text<'a>>,
    #[serde(borrow)]
    pub display: Lax<Text<'a>>,
}

/// `Period`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Period<'a> {
    #[serde(borrow)]
    pub start: Lax<Text<'a>>,
    #[serde(borrow)]
    pub end: Lax<Text<'a>>,
}

/// `Quantity`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Quantity<'a> {
    pub value: Lax<Number>,
    #[serde(borrow)]
    pub comparator: Lax<Text<'a>>,
    #[serde(borrow)]
    pub unit: Lax<Text<'a>>,
    #[serde(borrow)]
    pub code: Lax<Text<'a>>,
}

/// `Meta`.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Meta<'a> {
    #[serde(borrow)]
    pub last_updated: Lax<Text<'a>>,
    #[serde(borrow)]
    pub security: Lax<Many<Coding<'a>>>,
}

/// `Identifier`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Ident<'a> {
    #[serde(borrow, rename = "type")]
    pub kind: Lax<Concept<'a>>,
    #[serde(borrow)]
    pub system: Lax<Text<'a>>,
    #[serde(borrow)]
    pub value: Lax<Text<'a>>,
    #[serde(borrow)]
    pub assigner: Lax<Reference<'a>>,
}

/// `HumanName`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct HumanName<'a> {
    #[serde(borrow, rename = "use")]
    pub usage: Lax<Text<'a>>,
    #[serde(borrow)]
    pub text: Lax<Text<'a>>,
    #[serde(borrow)]
    pub family: Lax<Text<'a>>,
    #[serde(borrow)]
    pub given: Lax<Many<Text<'a>>>,
    #[serde(borrow)]
    pub period: Lax<Period<'a>>,
}

/// `ContactPoint`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct ContactPoint<'a> {
    #[serde(borrow)]
    pub system: Lax<Text<'a>>,
    #[serde(borrow)]
    pub value: Lax<Text<'a>>,
    #[serde(borrow, rename = "use")]
    pub usage: Lax<Text<'a>>,
    pub rank: Lax<Number>,
    #[serde(borrow)]
    pub period: Lax<Period<'a>>,
}

/// `Address`.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Address<'a> {
    #[serde(borrow, rename = "use")]
    pub usage: Lax<Text<'a>>,
    #[serde(borrow)]
    pub line: Lax<Many<Text<'a>>>,
    #[serde(borrow)]
    pub city: Lax<Text<'a>>,
    #[serde(borrow)]
    pub district: Lax<Text<'a>>,
    #[serde(borrow)]
    pub state: Lax<Text<'a>>,
    #[serde(borrow)]
    pub postal_code: Lax<Text<'a>>,
    #[serde(borrow)]
    pub country: Lax<Text<'a>>,
    #[serde(borrow)]
    pub period: Lax<Period<'a>>,
}

/// `Extension`, simple or nested.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Extension<'a> {
    #[serde(borrow)]
    pub url: Lax<Text<'a>>,
    #[serde(borrow)]
    pub extension: Lax<Many<Extension<'a>>>,
    #[serde(borrow)]
    pub value_coding: Lax<Coding<'a>>,
    #[serde(borrow)]
    pub value_code: Lax<Text<'a>>,
    #[serde(borrow)]
    pub value_string: Lax<Text<'a>>,
}

/// A resource in `contained`, as far as it can be a medication.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Contained<'a> {
    #[serde(borrow)]
    pub id: Lax<Text<'a>>,
    #[serde(borrow)]
    pub code: Lax<Concept<'a>>,
}

objects!(
    Coding,
    Concept,
    Reference,
    Period,
    Quantity,
    Meta,
    Ident,
    HumanName,
    ContactPoint,
    Address,
    Extension,
    Contained
);

/// What every resource has, and what decides whether it may be taken at all.
pub(crate) struct Head<'r, 'a> {
    pub id: &'r Lax<Text<'a>>,
    pub meta: &'r Lax<Meta<'a>>,
    pub modifier_extension: &'r Lax<Present>,
    pub implicit_rules: &'r Lax<Present>,
    /// The concepts that say what kind of thing it is: a note of psychotherapy is known by them.
    pub concepts: Vec<&'r Concept<'a>>,
}

/// A resource that is imported.
pub(crate) trait Resource<'a>: Deserialize<'a> {
    /// What goes into the ids of its facts.
    const KIND: &'static str;
    fn head(&self) -> Head<'_, 'a>;
    /// Turns it into records.
    fn map(&self, row: &mut super::row::Row<'_, '_>) -> super::row::Mapped;
}

/// Implements [`Resource::head`] from the members every resource struct has under the same names.
macro_rules! head {
    ($self:ident, $($concept:expr),*) => {{
        #[allow(unused_mut, reason = "some resources have no such concepts")]
        let mut concepts = Vec::new();
        $( concepts.extend($concept); )*
        crate::fhir::elements::Head {
            id: &$self.id,
            meta: &$self.meta,
            modifier_extension: &$self.modifier_extension,
            implicit_rules: &$self.implicit_rules,
            concepts,
        }
    }};
}
pub(crate) use head;

/// The boolean, `None` where it is absent; bad is an error of the field's name.
pub(crate) fn flag(value: &Lax<Flag>, field: &'static str) -> Result<Option<bool>, crate::reason::Reason> {
    match value {
        Lax::Absent => Ok(None),
        Lax::Good(Flag(flag)) => Ok(Some(*flag)),
        Lax::Bad => Err(crate::reason::Reason::bad(field, crate::reason::Expected::Bool)),
    }
}
