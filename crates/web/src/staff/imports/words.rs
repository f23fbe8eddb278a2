//! What kinds, columns and reasons are called on these pages.

use crate::site::Site;
use discreet_app::import::DateOrder;
use discreet_app::uploads::{Column, MappedFile};
use discreet_domain::Timestamp;

/// `48210` → `48,210`.
pub(super) fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// So many bytes, for people.
pub(crate) fn size(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB")];
    match UNITS.iter().find(|(unit, _)| bytes >= *unit) {
        Some((unit, name)) => {
            let tenths = bytes.saturating_mul(10) / unit;
            match tenths % 10 {
                0 => format!("{} {name}", tenths / 10),
                tenth => format!("{}.{tenth} {name}", tenths / 10),
            }
        }
        None => format!("{bytes} bytes"),
    }
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// An instant by the organization's clock: `Nov 24, 2026, 09:05`.
pub(super) fn when(site: &Site, t: Timestamp) -> String {
    let zone = site.app.zone();
    let (year, month, day) = zone.day_of(t).ymd();
    let month = usize::try_from(month).ok().and_then(|m| MONTHS.get(m.checked_sub(1)?)).unwrap_or(&"");
    format!("{month} {day}, {year}, {:02}:{:02}", zone.hour_of(t), zone.minute_of(t))
}

pub(super) fn delimiter(c: char) -> &'static str {
    match c {
        ';' => "semicolons",
        '\t' => "tabs",
        '|' => "bars",
        _ => "commas",
    }
}

const ORDERS: [(DateOrder, &str, &str); 3] = [
    (DateOrder::Iso, "iso", "2026-03-31"),
    (DateOrder::MonthFirst, "mdy", "3/31/2026 (month first)"),
    (DateOrder::DayFirst, "dmy", "31/3/2026 (day first)"),
];

pub(super) fn date_orders(chosen: DateOrder) -> Vec<(&'static str, &'static str, bool)> {
    ORDERS.iter().map(|(order, value, words)| (*value, *words, *order == chosen)).collect()
}

pub(super) fn date_order(value: &str) -> DateOrder {
    ORDERS.iter().find(|(_, known, _)| *known == value).map_or(DateOrder::Iso, |(order, ..)| *order)
}

/// A kind of file or of record.
pub(super) fn kind_title(kind: &str) -> &str {
    match kind {
        "patient" | "patients" => "Patients",
        "condition" | "conditions" => "Conditions",
        "medication" | "medications" => "Medications",
        "procedure" | "procedures" => "Procedures",
        "immunization" | "immunizations" => "Immunizations",
        "allergy" | "allergies" => "Allergies",
        "care_plan" | "careplan" | "careplans" => "Care plans",
        "observation" | "observations" => "Results and measurements",
        "appointment" | "appointments" => "Appointments",
        "encounter" | "encounters" => "Encounters",
        "event" | "events" => "Other events",
        "coverages" => "Coverages",
        "attribute" => "Attributes",
        "consent" | "consents" => "Consents",
        "interests" | "set" => "Interests",
        "delete" => "Facts taken back",
        "gone" => "Patients deleted at the source",
        "page_view" => "Page views",
        "email_open" => "Emails opened",
        "email_click" => "Links in emails used",
        "portal_login" => "Portal logins",
        other => other,
    }
}

/// A column of ours.
pub(super) fn column_title(name: &str) -> String {
    let title = match name {
        "id" => "Row’s own id",
        "patient" => "Patient (the row’s id in patients)",
        "mrn" => "Record number (MRN)",
        "mrn_system" => "Who gave the record number",
        "family" => "Last name",
        "given" => "First name",
        "preferred" => "Preferred name",
        "birth_date" => "Birth date",
        "zip" => "ZIP code",
        "address" => "Street",
        "address2" => "Street, second line",
        "provider" => "Provider",
        "site" => "Place of care",
        "payer" => "Payer",
        "plan" => "Insurance plan",
        "deceased" => "Deceased (yes or no)",
        "deceased_date" => "Date of death",
        "active" => "Current patient (yes or no)",
        "merged_into" => "Replaced by record",
        "restricted" => "Restricted (yes or no)",
        "updated" => "Last changed at the source",
        "system" => "Code system (icd10, snomed …)",
        "code" => "Code",
        "display" => "What the code is called",
        "onset" => "Since when",
        "start" => "Start",
        "end" => "End",
        "time" => "Date and time",
        "text_version" => "Version of the text agreed to",
        "action" => "Granted or withdrawn",
        "channel" => "Channel (email, sms …)",
        other => {
            let mut words = other.replace('_', " ");
            if let Some(first) = words.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            return words;
        }
    };
    title.to_owned()
}

/// What the check of a column says, and how it looks.
pub(super) fn note(file: &MappedFile, column: &Column) -> (String, &'static str) {
    if column.ours.is_empty() {
        return ("kept out".to_owned(), "");
    }
    if column.trouble > 0 {
        let rows = if column.trouble == 1 { "row" } else { "rows" };
        return (format!("{} {rows} unreadable", thousands(column.trouble)), "state-warn");
    }
    let empty = file.rows.saturating_sub(column.filled);
    let unique =
        if column.unique && column.ours.iter().any(|o| o == "id" || o == "mrn") { ", unique" } else { "" };
    match (column.filled, empty) {
        (0, _) => ("always empty".to_owned(), "state-warn"),
        (_, 0) => (format!("all filled{unique}"), "state-ok"),
        (_, empty) => (format!("{} empty{unique}", thousands(empty as u64)), "state-ok"),
    }
}

/// Why rows were rejected or not taken whole.
pub(super) fn reason(code: &str) -> String {
    let words = match code {
        "not_utf8" => "Not UTF-8 text",
        "not_json" => "Not valid JSON",
        "not_an_object" => "JSON, but not an object",
        "no_resource_type" => "No resource type",
        "too_long" => "Too long",
        "missing_field" => "Something needed is missing",
        "bad_field" => "Something cannot be read as what it should be",
        "unresolved_subject" => "It cannot be told which patient this is about",
        "unresolved_reference" => "A reference leads nowhere",
        "forbidden_note" => "Psychotherapy or substance use counseling note: never imported",
        "modifier_extension" => "A modifier extension whose meaning is not known",
        "bundle_type" => "A kind of Bundle that is not imported",
        "too_many_entries" => "A Bundle with too many entries",
        "too_deep" => "Bundles within Bundles",
        "column_count" => "Not as many fields as the header",
        "unclosed_quote" => "A quoted field that is not closed",
        "email_malformed" => "Email address left out: not an address",
        "email_undeliverable" => "Email address left out: cannot be delivered to",
        "email_too_long" => "Email address left out: too long",
        "email_placeholder" => "Email address left out: a placeholder",
        "unknown_state" => "State left out: not a US state or territory",
        "bad_zip" => "ZIP code left out: not five digits or ZIP+4",
        "unresolved_merge" => "Replaced by a record that cannot be told; set inactive",
        "text_too_long" => "Text left out: too long to be a value",
        "unknown_column" => "Column not imported: no rule names it",
        "derived_column" => "Column not imported: Discreet derives it",
        "unsupported_delete" => "A deletion that cannot be carried out",
        "unknown_name" => "Left out: not in its names file",
        "unknown_patient" => "No such patient is known or in these files",
        "erased_patient" => "This patient was erased and is not made anew",
        "unreadable_patient" => "What is on record of this patient cannot be opened",
        other => return other.replace('_', " "),
    };
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_for_people() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(thousands), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([12, 2_048, 1_600_000, 2 << 30].map(size), ["12 bytes", "2 KB", "1.5 MB", "2 GB"]);
        assert_eq!(column_title("marital_status"), "Marital status");
    }
}
