//! Content blocks → rows → what is required. The strictest outcome and the union of requirements bind the whole message
//! (row MIX): nothing is dropped or split by the machine.

use crate::content::Block;
use crate::table::{Outcome, Row, TABLE, UNCLASSIFIED};
use discreet_domain::Label;

/// What a message needs of each recipient.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Requirements {
    /// Some row is of the optional kind: the recipient must have opted in, and *stop all optional* applies.
    pub opt_in: bool,
    /// Some row needs an authorization.
    pub authorization: bool,
    /// … one that states the remuneration.
    pub remuneration_statement: bool,
    /// It must not be sent at all.
    pub denied: bool,
}

/// How a message was classified.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Classification {
    /// The names of the rows that matched, sorted.
    pub rows: Vec<&'static str>,
    /// The strictest outcome.
    pub outcome: Outcome,
    /// What follows.
    pub requirements: Requirements,
}

/// Labels from here on are not for marketing (RULES §4: L3+ default).
const MARKETING_BELOW: Label = Label::L3;

/// Classifies a message of these blocks. No blocks: unclassified.
pub fn classify(blocks: &[Block]) -> Classification {
    let mut rows: Vec<&'static Row> = blocks.iter().map(row_of).collect();
    if rows.is_empty() {
        rows.push(&UNCLASSIFIED);
    }
    rows.sort_by_key(|row| row.id);
    rows.dedup_by_key(|row| row.id);
    Classification::of(&rows)
}

fn row_of(block: &Block) -> &'static Row {
    if block.remuneration.is_empty() {
        return &UNCLASSIFIED;
    }
    TABLE.iter().find(|row| row.applies(block)).unwrap_or(&UNCLASSIFIED)
}

impl Classification {
    fn of(rows: &[&'static Row]) -> Classification {
        let outcome = rows.iter().map(|row| row.outcome).max().unwrap_or(Outcome::Deny);
        let requirements = Requirements {
            opt_in: rows.iter().any(|row| row.optional),
            authorization: rows
                .iter()
                .any(|row| matches!(row.outcome, Outcome::Authorization | Outcome::PaidAuthorization)),
            remuneration_statement: rows.iter().any(|row| row.outcome == Outcome::PaidAuthorization),
            denied: outcome == Outcome::Deny,
        };
        Classification { rows: rows.iter().map(|row| row.id).collect(), outcome, requirements }
    }
    /// Reads back what was stored of a classification. A name the table does not have makes it unclassified.
    pub fn from_rows<'a>(ids: impl IntoIterator<Item = &'a str>) -> Classification {
        let mut rows: Vec<&'static Row> =
            ids.into_iter().map(|id| Row::named(id).unwrap_or(&UNCLASSIFIED)).collect();
        if rows.is_empty() {
            rows.push(&UNCLASSIFIED);
        }
        Classification::of(&rows)
    }
    /// The same, with the message's label taken into account: sensitive labels are not for optional mail, restricted and
    /// forbidden ones are for no mail.
    #[must_use]
    pub fn with_label(mut self, label: Label) -> Classification {
        let too_sensitive = self.requirements.opt_in && label >= MARKETING_BELOW;
        if too_sensitive || label >= Label::L4 {
            self.outcome = Outcome::Deny;
            self.requirements.denied = true;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::{Owner, Remuneration, What};
    use proptest::prelude::*;

    fn block(what: What, owner: Owner, health: Option<bool>, pay: &[Remuneration]) -> Block {
        Block {
            what: Some(what),
            owner: Some(owner),
            health_related: health,
            remuneration: pay.iter().copied().collect(),
        }
    }

    #[test]
    fn each_row_has_a_hit_and_a_near_miss() {
        use Owner::{None, Own, Third};
        use Remuneration::{DescribedParty, InKind, None as Nothing, Other, Treatment};
        use What::{Appointment, Care, GeneralHealth, Promotion};
        let cases: [(Block, &str); 19] = [
            (block(GeneralHealth, None, Option::None, &[Nothing]), "M02"),
            (block(GeneralHealth, Own, Option::None, &[Nothing]), "M28"),
            (block(GeneralHealth, None, Option::None, &[Other]), "M28"),
            (block(Appointment, Own, Option::None, &[Nothing]), "M04"),
            (block(Appointment, Own, Option::None, &[DescribedParty]), "M28"),
            (block(Care, None, Option::None, &[Treatment]), "M05"),
            (block(Care, Third, Option::None, &[InKind]), "M05"),
            (block(Care, Third, Option::None, &[InKind, DescribedParty]), "M28"),
            (block(Care, Own, Option::None, &[Other]), "M28"),
            (block(Promotion, Own, Some(true), &[Nothing]), "M08"),
            (block(Promotion, Own, Some(true), &[Other]), "M08"),
            (block(Promotion, Own, Some(true), &[DescribedParty]), "M28"),
            (block(Promotion, Own, Some(false), &[Nothing]), "M10"),
            (block(Promotion, Own, Option::None, &[Nothing]), "M28"),
            (block(Promotion, Third, Some(true), &[Nothing]), "M16"),
            (block(Promotion, Third, Option::None, &[InKind, Other]), "M16"),
            (block(Promotion, Third, Some(true), &[DescribedParty]), "M17"),
            (block(Promotion, None, Some(true), &[Nothing]), "M28"),
            (block(Promotion, Own, Some(true), &[]), "M28"),
        ];
        for (block, row) in cases {
            assert_eq!(classify(std::slice::from_ref(&block)).rows, [row], "{block:?}");
        }
        assert_eq!(classify(&[]).rows, ["M28"]);
    }

    #[test]
    fn mixed_mail_takes_the_strictest_and_the_union() {
        let reminder = block(What::Appointment, Owner::Own, None, &[Remuneration::None]);
        let own = block(What::Promotion, Owner::Own, Some(true), &[Remuneration::None]);
        let paid = block(What::Promotion, Owner::Third, Some(true), &[Remuneration::DescribedParty]);
        let mixed = classify(&[reminder.clone(), own.clone()]);
        assert_eq!((mixed.rows.as_slice(), mixed.outcome), (["M04", "M08"].as_slice(), Outcome::Allow));
        assert!(mixed.requirements.opt_in && !mixed.requirements.authorization);
        assert!(!classify(std::slice::from_ref(&reminder)).requirements.opt_in);
        let mixed = classify(&[reminder, own, paid]);
        assert_eq!(mixed.outcome, Outcome::PaidAuthorization);
        assert!(mixed.requirements.remuneration_statement && mixed.requirements.opt_in);
    }

    #[test]
    fn what_was_stored_reads_back_and_unknown_rows_deny() {
        let own = block(What::Promotion, Owner::Own, Some(true), &[Remuneration::None]);
        let c = classify(&[own]);
        assert_eq!(Classification::from_rows(c.rows.iter().copied()), c);
        assert!(Classification::from_rows(["M99"]).requirements.denied);
        assert!(Classification::from_rows([]).requirements.denied);
    }

    #[test]
    fn sensitive_labels_are_not_for_marketing() {
        let own = block(What::Promotion, Owner::Own, Some(true), &[Remuneration::None]);
        let care = block(What::Care, Owner::None, None, &[Remuneration::None]);
        assert!(!classify(std::slice::from_ref(&own)).with_label(Label::L2).requirements.denied);
        assert!(classify(&[own]).with_label(Label::L3).requirements.denied);
        assert!(!classify(std::slice::from_ref(&care)).with_label(Label::L3).requirements.denied);
        assert!(classify(&[care]).with_label(Label::L4).requirements.denied);
    }

    fn any_block() -> impl Strategy<Value = Block> {
        use proptest::option::of;
        let what = of(prop::sample::select(vec![
            What::GeneralHealth,
            What::Appointment,
            What::Care,
            What::Promotion,
        ]));
        let owner = of(prop::sample::select(vec![Owner::Own, Owner::Third, Owner::None]));
        let pay = prop::collection::btree_set(
            prop::sample::select(vec![
                Remuneration::None,
                Remuneration::InKind,
                Remuneration::DescribedParty,
                Remuneration::Other,
                Remuneration::Treatment,
            ]),
            0..3,
        );
        (what, owner, of(any::<bool>()), pay).prop_map(|(what, owner, health_related, remuneration)| Block {
            what,
            owner,
            health_related,
            remuneration,
        })
    }

    proptest! {
        #[test]
        fn adding_a_block_never_makes_it_laxer(blocks in prop::collection::vec(any_block(), 0..4), more in any_block()) {
            let before = classify(&blocks);
            let mut all = blocks.clone();
            all.push(more);
            let after = classify(&all);
            prop_assert!(blocks.is_empty() || after.outcome >= before.outcome);
            if !blocks.is_empty() {
                prop_assert!(after.requirements.opt_in || !before.requirements.opt_in);
                prop_assert!(after.requirements.authorization || !before.requirements.authorization);
            }
        }

        #[test]
        fn a_missing_answer_is_never_allowed(mut block in any_block(), which in 0..3) {
            match which {
                0 => block.what = None,
                1 => block.owner = None,
                _ => block.remuneration.clear(),
            }
            prop_assert!(classify(&[block]).requirements.denied);
        }
    }
}
