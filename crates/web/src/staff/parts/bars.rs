//! Breakdown bars: drawn here, as SVG; the same as a table for whoever does not see them.

use super::part;
use askama::Template;
use discreet_app::segments::library::Divided;
use discreet_domain::Viewer;

/// Bars.
#[derive(Template, Debug)]
#[template(path = "staff/parts/bars.html")]
pub(crate) struct Bars {
    title: String,
    caption: String,
    rows: Vec<Bar>,
    hidden: bool,
}

#[derive(Debug)]
struct Bar {
    name: String,
    text: String,
    /// Of a hundred; `None`: a hatched stub.
    width: Option<u64>,
}

/// The bars of a breakdown.
pub(crate) fn bars(title: &str, caption: &str, divided: &Divided, viewer: Viewer) -> Bars {
    let number = |cell: Option<discreet_domain::Cell>| cell.and_then(|cell| cell.shown_to(viewer).number());
    let longest = divided.rows.iter().filter_map(|(_, cell)| number(*cell)).max().unwrap_or(1).max(1);
    let rows: Vec<Bar> = divided
        .rows
        .iter()
        .map(|(name, cell)| Bar {
            name: name.clone(),
            text: cell.map_or_else(|| "not shown".to_owned(), |cell| cell.shown_to(viewer).for_people()),
            width: number(*cell).map(|n| n * 100 / longest),
        })
        .collect();
    let hidden = rows.iter().any(|row| row.width.is_none());
    Bars { title: title.to_owned(), caption: caption.to_owned(), rows, hidden }
}

part!(Bars);
