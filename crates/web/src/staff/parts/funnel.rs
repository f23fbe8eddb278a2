//! The funnel: selected → reachable → opted in → can be sent, with what was lost between, and why.

use super::part;
use askama::Template;
use discreet_app::segments::Counted;
use discreet_domain::{Cell, SMALLEST_SHOWN, Viewer};
use discreet_policy::{Denied, Step};

/// A funnel.
#[derive(Template, Debug)]
#[template(path = "staff/parts/funnel.html")]
pub(crate) struct Funnel {
    steps: Vec<Shown>,
    /// What of a whole the bars are of.
    rounded: bool,
}

#[derive(Debug)]
struct Shown {
    name: &'static str,
    count: String,
    /// Of a hundred; `None` where the count is not shown.
    bar: Option<u64>,
    lost: Vec<(String, String)>,
}

/// The funnel of a count.
pub(crate) fn funnel(counted: &Counted, viewer: Viewer) -> Funnel {
    let lost = |step: Step| -> Vec<(Denied, u64)> {
        counted.refused.iter().filter(|(d, _)| d.step() == step).map(|(d, c)| (*d, c.exact())).collect()
    };
    let sum = |lost: &[(Denied, u64)]| lost.iter().map(|(_, n)| n).sum::<u64>();
    let (reach, consent, other) = (lost(Step::Reach), lost(Step::Consent), lost(Step::Other));
    let selected = counted.count.exact();
    let reachable = selected.saturating_sub(sum(&reach));
    let agreed = reachable.saturating_sub(sum(&consent));
    let step = |name, n: u64, lost: Vec<(Denied, u64)>| Shown {
        name,
        count: Cell::of(n).shown_to(viewer).for_people(),
        bar: Cell::of(n)
            .shown_to(viewer)
            .number()
            .map(|n| (n * 100).checked_div(selected).unwrap_or(0).min(100)),
        lost: folded(lost, viewer),
    };
    Funnel {
        steps: vec![
            step("Selected", selected, reach),
            step("Reachable", reachable, consent),
            step("Opted in", agreed, other),
            step("Can be sent", counted.eligible.exact(), Vec::new()),
        ],
        rounded: viewer == Viewer::SeesNumbers,
    }
}

/// Reasons with their counts, the most frequent first. Small ones are one line together, until nobody can tell them apart.
fn folded(mut lost: Vec<(Denied, u64)>, viewer: Viewer) -> Vec<(String, String)> {
    lost.retain(|(_, n)| *n > 0);
    lost.sort_by_key(|(denied, n)| (std::cmp::Reverse(*n), *denied));
    let mut others = 0;
    if viewer == Viewer::SeesNumbers {
        while let Some((_, n)) = lost.last() {
            let small = *n < SMALLEST_SHOWN;
            let unsafe_sum = others > 0 && others < SMALLEST_SHOWN;
            if !small && !unsafe_sum {
                break;
            }
            others += n;
            lost.pop();
        }
    }
    let mut lines: Vec<(String, String)> = lost
        .into_iter()
        .map(|(denied, n)| (denied.text().to_owned(), Cell::of(n).shown_to(viewer).for_people()))
        .collect();
    if others > 0 {
        lines.push(("other reasons".to_owned(), Cell::of(others).shown_to(viewer).for_people()));
    }
    lines
}

part!(Funnel);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_reasons_fold_until_they_cannot_be_told_apart() {
        let numbers = |lost: &[(Denied, u64)]| {
            folded(lost.to_vec(), Viewer::SeesNumbers)
                .into_iter()
                .map(|(w, n)| format!("{w} {n}"))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            numbers(&[(Denied::NoOptIn, 300), (Denied::OptedOut, 7), (Denied::StopAll, 6)]),
            ["not opted in 300", "other reasons 15"]
        );
        assert_eq!(
            numbers(&[(Denied::NoOptIn, 300), (Denied::OptedOut, 20), (Denied::StopAll, 2)]),
            ["not opted in 300", "other reasons 20"],
            "22 rounded"
        );
        assert_eq!(numbers(&[(Denied::NoOptIn, 3)]), ["other reasons <11"]);
        assert_eq!(numbers(&[(Denied::NoOptIn, 30), (Denied::StopAll, 0)]), ["not opted in 30"]);
        let exact = folded(vec![(Denied::NoOptIn, 3)], Viewer::SeesPatients);
        assert_eq!(exact, [("not opted in".to_owned(), "3".to_owned())]);
    }
}
