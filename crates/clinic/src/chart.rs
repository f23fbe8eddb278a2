//! One patient's whole record, drawn from the seed and the patient's index alone.

use crate::attendance::{self, Patient};
use crate::cast::{self, Scene};
use crate::model::Chart;
use crate::plan::Calendar;
use crate::random::{Dice, Stream};
use crate::results::{A1C, Subject};
use crate::{agreement, kin, leanings, online, prevention, problems, results, treatment};

/// The record of the patient at an index.
pub(crate) fn chart(seed: u64, calendar: &Calendar, index: u32) -> Chart {
    let person = kin::person_at(seed, calendar, index);
    let part = cast::part(index);
    let dice = |stream| Dice::new(seed, index, stream);
    let problems = problems::problems(&person, part, calendar, &mut dice(Stream::Problems));
    let patient = Patient { person: &person, part, problems: &problems, calendar };
    let visits = attendance::attendance(patient, &mut dice(Stream::Visits));
    let subject = Subject { person: &person, problems: &problems, visits: &visits, calendar };
    let readings = results::readings(subject, &mut dice(Stream::Results));
    let mut care = dice(Stream::Care);
    let procedures = prevention::procedures(patient, &mut care);
    let vaccines = prevention::vaccines(patient, &mut care);
    let mut drugs = dice(Stream::Drugs);
    let prescriptions = treatment::prescriptions(&person, &problems, calendar, &mut drugs);
    let plans = treatment::plans(&person, &problems, calendar, &mut drugs);
    let allergies = treatment::allergies(&person, calendar, &mut drugs);
    let words = leanings::words(&person, part, &problems, calendar, &mut dice(Stream::Words));
    let consents = agreement::acts(&person, part, calendar, &mut dice(Stream::Consents));
    let [interests, ..] = &words;
    let events = online::events(&person, part, &consents, interests, calendar, &mut dice(Stream::Online));
    let mut chart = Chart {
        person,
        problems,
        drugs: prescriptions,
        visits,
        readings,
        procedures,
        vaccines,
        allergies,
        plans,
        consents,
        online: events,
        words,
    };
    if chart.person.is_merged() {
        thin(&mut chart, calendar);
    }
    if part.is_some_and(|p| p.scene == Scene::Overdue) {
        let nine_months = calendar.at(calendar.ago(270), 0);
        chart.readings.retain(|r| r.measure != &A1C || r.at < nine_months);
    }
    chart
}

/// A record that was merged away holds little, and nothing that a segment of the demo looks at.
fn thin(chart: &mut Chart, calendar: &Calendar) {
    chart.problems.clear();
    chart.drugs.clear();
    chart.readings.clear();
    chart.procedures.clear();
    chart.plans.clear();
    chart.allergies.clear();
    chart.online.clear();
    chart.vaccines.truncate(1);
    // By time or by strictness: the same last word, whichever way an importer joins the two.
    for act in chart.consents.iter_mut().filter(|act| !act.granted) {
        act.at = calendar.at(calendar.ago(1), 10 * 60);
    }
    chart.words = Default::default();
}
