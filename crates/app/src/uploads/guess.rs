//! What the columns of somebody else's export probably mean: by our own names, by what such columns are commonly called,
//! and from how a file is called what is in it. A proposal: a person looks at it before anything is read by it.

use discreet_domain::Catalog;
use discreet_intake::{Chosen, KindSpec, table_of};
use std::collections::BTreeSet;

/// What columns are commonly called, without separators, and the column of ours.
const COMMON: [(&str, &[&str]); 31] = [
    ("patient", &["patientid", "ptid", "personid", "memberid", "ptmrn", "patientmrn", "mrn", "patid"]),
    ("id", &["patientid", "ptid", "personid", "memberid", "rowid", "recordid", "uid", "patid"]),
    ("mrn", &["mrn", "ptmrn", "patientmrn", "medicalrecordnumber", "recordnumber", "chartnumber", "chartno"]),
    ("family", &["lastname", "surname", "familyname", "lname", "ptlast", "patientlastname", "last"]),
    ("given", &["firstname", "givenname", "fname", "ptfirst", "patientfirstname", "first"]),
    ("preferred", &["preferredname", "nickname", "knownas"]),
    ("birth_date", &["birthdate", "dob", "dateofbirth", "bdate", "birthday", "patientdob"]),
    ("sex", &["gender", "sexatbirth", "birthsex", "patientsex"]),
    ("email", &["email", "emailaddress", "mail", "patientemail", "emailaddr", "email1"]),
    ("phone", &["phonenumber", "mobile", "cell", "homephone", "cellphone", "telephone", "phone1"]),
    ("address", &["street", "address1", "addressline1", "streetaddress", "addr1"]),
    ("address2", &["addressline2", "addr2", "apt", "unit"]),
    ("city", &["town", "patientcity"]),
    ("state", &["stateprovince", "st", "patientstate"]),
    ("zip", &["zipcode", "postalcode", "postcode", "zip5"]),
    ("language", &["preferredlanguage", "lang", "primarylanguage"]),
    ("provider", &["pcp", "primarycareprovider", "doctor", "physician", "providername"]),
    ("site", &["location", "clinic", "facility", "department"]),
    ("payer", &["insurance", "insurer", "payor", "primarypayer", "financialclass"]),
    ("plan", &["insuranceplan", "planname"]),
    ("deceased", &["isdeceased", "dead"]),
    ("deceased_date", &["deathdate", "dateofdeath", "dod"]),
    (
        "code",
        &["dx", "dx1", "icd10", "icd10code", "diagnosiscode", "dxcode", "rxnorm", "cvx", "loinc", "proccode"],
    ),
    ("display", &["description", "diagnosis", "dxname", "name", "codename"]),
    ("onset", &["onsetdate", "diagnosisdate", "dxdate", "startdate"]),
    ("start", &["startdate", "begindate", "effectivedate"]),
    ("end", &["enddate", "stopdate", "resolveddate", "termdate"]),
    ("date", &["servicedate", "performed", "givendate", "admindate"]),
    (
        "time",
        &[
            "datetime",
            "apptdate",
            "apptdatetime",
            "appointmentdate",
            "visitdate",
            "date",
            "collected",
            "starttime",
        ],
    ),
    ("status", &["apptstatus", "state", "appointmentstatus"]),
    ("updated", &["lastmodified", "modified", "lastupdated", "updatedat"]),
];

/// Parts of file names, and the kind of file they tell of.
const NAMES: [(&str, &str); 17] = [
    ("appoint", "appointments"),
    ("appt", "appointments"),
    ("condition", "conditions"),
    ("diagnos", "conditions"),
    ("problem", "conditions"),
    ("medic", "medications"),
    ("prescri", "medications"),
    ("procedure", "procedures"),
    ("immuni", "immunizations"),
    ("vaccin", "immunizations"),
    ("allerg", "allergies"),
    ("observ", "observations"),
    ("result", "observations"),
    ("encounter", "encounters"),
    ("visit", "encounters"),
    ("consent", "consents"),
    ("coverage", "coverages"),
];

fn bare(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

/// The kind of file this probably is: by its name, else patients.
pub(crate) fn kind_of(name: &str) -> &'static str {
    let name = name.to_lowercase();
    NAMES.iter().find(|(part, _)| name.contains(part)).map_or("patients", |(_, kind)| kind)
}

/// What stays the same of a file's name from export to export.
pub(crate) fn stem(name: &str) -> String {
    name.to_lowercase().chars().filter(|c| c.is_alphabetic() || *c == '.').collect()
}

/// Proposes what the columns of a file of this kind mean.
pub(crate) fn propose(name: &str, kind: &str, titles: &[String], catalog: &Catalog) -> Chosen {
    let Some(spec) = table_of(kind) else { return Chosen { name: name.to_owned(), ..Chosen::default() } };
    let mut taken: BTreeSet<String> = BTreeSet::new();
    // Our own names first, whatever the order of the columns.
    let own: Vec<Option<String>> = titles
        .iter()
        .map(|title| own_name(spec, title, catalog).filter(|ours| taken.insert(ours.clone())))
        .collect();
    let mut columns = Vec::new();
    for (title, own) in titles.iter().zip(own) {
        let ours: Vec<String> = match own {
            Some(ours) => vec![ours],
            None => common(spec, title)
                .filter(|ours| taken.insert((*ours).to_owned()))
                .map(str::to_owned)
                .collect(),
        };
        columns.push((title.clone(), ours));
    }
    // A list with record numbers and no other id: the number is the id.
    if kind == "patients"
        && !taken.contains("id")
        && let Some((_, ours)) = columns.iter_mut().find(|(_, ours)| ours.iter().any(|o| o == "mrn"))
    {
        ours.insert(0, "id".to_owned());
    }
    Chosen { name: name.to_owned(), kind: kind.to_owned(), columns, ..Chosen::default() }
}

fn own_name(spec: &KindSpec, title: &str, catalog: &Catalog) -> Option<String> {
    let word = title.trim().to_lowercase().replace([' ', '-'], "_");
    let attribute = spec.name == "patients" && catalog.attribute(&word).is_some_and(|a| a.name != "age");
    (spec.columns().any(|column| column == word) || attribute).then_some(word)
}

fn common(spec: &'static KindSpec, title: &str) -> impl Iterator<Item = &'static str> {
    let bare = bare(title);
    let ours = COMMON.iter().find(|(ours, theirs)| {
        spec.columns().any(|column| column == *ours) && theirs.contains(&bare.as_str())
    });
    ours.map(|(ours, _)| *ours).into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proposed(name: &str, titles: &[&str]) -> Vec<String> {
        let titles: Vec<String> = titles.iter().map(|t| (*t).to_owned()).collect();
        let chosen = propose(name, kind_of(name), &titles, &Catalog::builtin());
        chosen.columns.into_iter().map(|(_, ours)| ours.join("+")).collect()
    }

    #[test]
    fn common_headers_are_understood() {
        let titles =
            ["PT_MRN", "Last Name", "First-Name", "BDATE", "Gender", "E-mail address", "Zip Code", "NOTES"];
        assert_eq!(
            proposed("clinic_export.csv", &titles),
            ["id+mrn", "family", "given", "birth_date", "sex", "email", "zip", ""]
        );
        assert_eq!(
            proposed("appts-2026.csv", &["PatientID", "Appt Date", "Status"]),
            ["patient", "time", "status"]
        );
        assert_eq!(
            proposed("dx_problems.csv", &["mrn", "DX1", "description"]),
            ["patient", "code", "display"]
        );
    }

    #[test]
    fn nothing_is_filled_twice() {
        assert_eq!(proposed("p.csv", &["dob", "birth_date", "DOB "]), ["", "birth_date", ""]);
        assert_eq!(stem("Patients_2026-11.csv"), "patients.csv");
    }
}
