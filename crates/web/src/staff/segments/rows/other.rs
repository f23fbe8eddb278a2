//! Birthdays, consents, other segments, random parts.

use super::{Control, Given, Kind, Knowing, Wrong, window};
use crate::staff::form::Form;
use crate::staff::parts::{self, Choice};
use discreet_domain::{Channel, Topic};
use discreet_segment::ast::{Leaf, Stance};
use discreet_segment::outline::Row;

pub(super) fn controls(kind: &Kind, form: &Form, knowing: &Knowing) -> Vec<Control> {
    let not = |label: &str| {
        let choices = [Choice::new(form, "negated", "yes", label)].into();
        Control::of(parts::ticks(form, "negated", "The other way round", choices))
    };
    match kind {
        Kind::Consent => {
            let stances = [("granted", "has agreed to"), ("withdrawn", "has withdrawn from")];
            let stances = stances.map(|(value, label)| Choice::new(form, "stance", value, label)).into();
            let topics =
                knowing.topics.iter().map(|(word, name)| Choice::new(form, "topic", word, name)).collect();
            let channels =
                Channel::ALL.iter().map(|c| Choice::new(form, "channel", c.name(), c.name())).collect();
            vec![
                Control::of(parts::select(form, "stance", "The patient", stances)),
                Control::of(parts::select(form, "topic", "Topic", topics)),
                Control::of(parts::select(form, "channel", "By", channels)),
                not("Only those who have not"),
            ]
        }
        Kind::Segment => {
            let names =
                knowing.segments.iter().map(|name| Choice::new(form, "segment", name, name)).collect();
            vec![
                Control::of(parts::select(form, "segment", "Segment", names)),
                not("Only those who are not in it"),
            ]
        }
        _ => vec![
            Control::of(parts::field(form, "from", "From part").mode("numeric").width("short")),
            Control::of(parts::field(form, "to", "To part").mode("numeric").width("short")),
            Control::of(parts::field(form, "of", "Of how many parts").mode("numeric").width("short")),
            Control::of(
                parts::field(form, "salt", "Name of the split")
                    .hint("The same name gives everybody the same part."),
            ),
        ],
    }
}

pub(super) fn said(row: &Row) -> Option<Form> {
    let form = if row.negated { Form::default().with("negated", "yes") } else { Form::default() };
    Some(match &row.leaf {
        Leaf::Birthday { window } if !row.negated => window::said(form, Some(window.node)),
        Leaf::Consent { state, topic, channel } => form
            .with("stance", if *state == Stance::Granted { "granted" } else { "withdrawn" })
            .with("topic", topic.as_str())
            .with("channel", channel.name()),
        Leaf::Segment { name } => form.with("segment", &name.node),
        Leaf::Bucket { from, to, of, salt } if !row.negated => form
            .with("from", (from + 1).to_string())
            .with("to", (to + 1).to_string())
            .with("of", of.to_string())
            .with("salt", &salt.node),
        _ => return None,
    })
}

pub(super) fn read(kind: &Kind, given: &Given<'_>) -> Result<Row, Wrong> {
    let leaf = match kind {
        Kind::Birthday => Leaf::Birthday { window: window::needed(given)?.into() },
        Kind::Consent => {
            let state = if given.get("stance") == "withdrawn" { Stance::Withdrawn } else { Stance::Granted };
            let topic =
                Topic::parse(given.get("topic")).map_err(|_| Wrong::new("topic", "Choose a topic"))?;
            let channel = Channel::ALL.into_iter().find(|c| c.name() == given.get("channel"));
            let channel = channel.ok_or_else(|| Wrong::new("channel", "Choose a channel"))?;
            Leaf::Consent { state, topic, channel }
        }
        Kind::Segment => Leaf::Segment { name: given.word("segment", "which segment")? },
        // People count parts from one, the language from nought.
        _ => {
            let part = |name: &str, what: &str| {
                given
                    .number(name, what)?
                    .checked_sub(1)
                    .ok_or_else(|| Wrong::new(name, "Parts are counted from 1"))
            };
            Leaf::Bucket {
                from: part("from", "the first part")?,
                to: part("to", "the last part")?,
                of: given.number("of", "how many parts there are")?,
                salt: given.word("salt", "a name for the split")?,
            }
        }
    };
    Ok(Row { leaf, negated: given.negated() })
}
