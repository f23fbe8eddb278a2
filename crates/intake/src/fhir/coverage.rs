//! `Coverage` → attributes `payer` and `plan`, with the period they hold for. Which of several coverages wins is the
//! caller's to say, by [`AttributePart`]: the one that began last.

use super::elements::{Concept, Head, Meta, Period, Reference, Resource, head};
use super::lax::{Lax, Many, Present, Text, objects};
use super::reference::{Target, target};
use super::row::{Mapped, Row, Verdict};
use crate::limits::LONGEST_WORD;
use crate::reason::{Expected, Reason};
use crate::record::{AttributePart, Incoming};
use crate::text;
use crate::vocabulary::{payer_of_code, payer_of_text};
use discreet_domain::Value;
use serde::Deserialize;

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Coverage<'a> {
    #[serde(borrow)]
    id: Lax<Text<'a>>,
    #[serde(borrow)]
    meta: Lax<Meta<'a>>,
    modifier_extension: Lax<Present>,
    implicit_rules: Lax<Present>,
    #[serde(borrow)]
    status: Lax<Text<'a>>,
    #[serde(borrow, rename = "type")]
    kind: Lax<Concept<'a>>,
    #[serde(borrow)]
    beneficiary: Lax<Reference<'a>>,
    #[serde(borrow)]
    period: Lax<Period<'a>>,
    #[serde(borrow)]
    payor: Lax<Many<Reference<'a>>>,
    #[serde(borrow)]
    class: Lax<Many<Class<'a>>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Class<'a> {
    #[serde(borrow, rename = "type")]
    kind: Lax<Concept<'a>>,
    #[serde(borrow)]
    name: Lax<Text<'a>>,
}

objects!(Class);

impl<'a> Resource<'a> for Coverage<'a> {
    const KIND: &'static str = "coverage";

    fn head(&self) -> Head<'_, 'a> {
        head!(self, None::<&Concept<'a>>)
    }

    fn map(&self, row: &mut Row<'_, '_>) -> Mapped {
        let Some(subject) = row.subject(&self.beneficiary, "beneficiary")? else {
            return Ok(Verdict::Skipped("not about a patient"));
        };
        let active = match self.status.text() {
            "active" => true,
            "cancelled" | "draft" | "entered-in-error" => false,
            "" if self.status.is_absent() => return Err(Reason::missing("status")),
            _ => return Err(Reason::bad("status", Expected::Word)),
        };
        let period = self.period.good();
        let since = period.and_then(|p| row.time_if_good(&p.start, "period.start"));
        let until = period.and_then(|p| row.time_if_good(&p.end, "period.end"));
        let payer = self.payer(row).map(str::to_owned);
        for (name, value) in [("payer", payer), ("plan", self.plan(row))] {
            // A coverage that no longer holds takes its values back, without naming others.
            let value = value.filter(|_| active).map(Value::Text);
            if value.is_some() || !active {
                let part = AttributePart { name: name.to_owned(), value, since, until };
                row.emit(&subject, Incoming::Attribute(part));
            }
        }
        Ok(Verdict::Taken)
    }
}

impl Coverage<'_> {
    /// The kind of payer: by a code of the type that says it, by the type's text, by the payor's name; some payor but
    /// none of these is `other`.
    fn payer(&self, row: &Row<'_, '_>) -> Option<&'static str> {
        let kind = self.kind.good();
        let codes = kind.into_iter().flat_map(|k| k.coding.each().map(|c| c.code.text()));
        let by_code = codes.into_iter().find_map(payer_of_code);
        let by_text = || {
            let texts = kind.into_iter().flat_map(|k| {
                std::iter::once(k.text.text()).chain(k.coding.each().map(|c| c.display.text()))
            });
            texts.into_iter().find_map(|text| payer_of_text(text, false))
        };
        // What the payor is called says more than "some insurance plan": Medicare under a commercial code is Medicare.
        let payor = self.payor.first();
        let by_name = payor.and_then(|p| self.payor_kind(p, row));
        match (by_code, by_name) {
            (None | Some("commercial" | "other"), Some(named)) if named != "commercial" => Some(named),
            (Some(code), _) => Some(code),
            (None, name) => by_text().or(name).or(payor.map(|_| "other")),
        }
    }

    fn payor_kind(&self, payor: &Reference<'_>, row: &Row<'_, '_>) -> Option<&'static str> {
        if let Target::Resource { kind: Some("Patient" | "RelatedPerson"), .. } =
            target(payor.reference.text(), row.index)
        {
            return Some("self_pay");
        }
        row.called(payor, &["Organization"]).and_then(|name| payer_of_text(&name, true))
    }

    /// The plan's name, else the payor's, unless that is a person.
    fn plan(&self, row: &Row<'_, '_>) -> Option<String> {
        let plans = self.class.each().filter(|c| c.kind.good().and_then(Concept::code) == Some("plan"));
        let plan = plans.into_iter().find_map(|c| text::clean_owned(c.name.text(), LONGEST_WORD));
        plan.or_else(|| {
            let payor = self.payor.first().filter(|p| self.payor_kind(p, row) != Some("self_pay"))?;
            row.called(payor, &["Organization"])
        })
    }
}
