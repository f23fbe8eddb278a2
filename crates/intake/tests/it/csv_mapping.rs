//! Mapping files.

use crate::reading::*;
use discreet_intake::*;

const MAPPING: &str = r#"
about = "a practice system"
ignore = ["billing.csv"]

[[file]]
name = "Doctors.csv"
kind = "names"
columns = { DocNo = "id", DocName = "name" }

[[file]]
name = "PatientList.csv"
kind = "patients"
dates = "month/day/year"
ignore = ["Balance"]
[file.columns]
ChartNo = ["id", "mrn"]
Last = "family"
DOB = "birth_date"
Gender = "sex"
PCP = "provider"
[file.constants]
mrn_system = "practice"
site = "Main Street"
[file.values.sex]
1 = "female"
2 = "male"
[file.lookup]
provider = "doctors.csv"

[[file]]
name = "visits.csv"
kind = "appointments"
dates = "month/day/year"
columns = { ChartNo = "patient", When = "time", State = "status" }
[file.values.status]
kept = "fulfilled"
"No Show/Late" = "no_show"
"#;

#[test]
fn a_mapping_does_what_it_says() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("Doctors.csv", "DocNo,DocName\n7,Dr. Lee\n8,\n");
    write(
        "PatientList.csv",
        "ChartNo,Last,DOB,Gender,PCP,Balance,Shoe\np1,Díaz,5/6/1980,1,7,10.00,40\np2,Roe,12/31/1999,X,9,,\n",
    );
    write(
        "visits.csv",
        "ChartNo,When,State\np1,5/1/2026 2:30 PM,KEPT\np1,5/2/2026 9:00,no show/late\np1,2026-05-03,kept\np1,31/12/2026,kept\n",
    );
    write("billing.csv", "anything\n");
    write("letters.csv", "anything\n");
    let mut options = options();
    options.mapping = Some(Mapping::parse(MAPPING).unwrap());
    let seen = read_path(folder.path(), &options);
    let [first, second] = seen.patients()[..] else { panic!() };
    let ids: Vec<_> =
        first.identity.identifiers.iter().map(|i| format!("{}|{}", i.source, i.value)).collect();
    assert_eq!(ids, ["ehr|p1", "practice|p1"]);
    let shown_of = |p: &PatientPart, names: &[&str]| names.iter().map(|n| p.attribute(n)).collect::<Vec<_>>();
    let some = |t: &str| Some(t.to_owned());
    assert_eq!(
        shown_of(first, &["birth_date", "sex", "provider", "site"]),
        [some("1980-05-06"), some("female"), some("Dr. Lee"), some("Main Street")]
    );
    assert_eq!(
        shown_of(second, &["birth_date", "sex", "provider"]),
        [some("1999-12-31"), some("other"), None]
    );
    let visits: Vec<_> = seen.events().iter().map(|e| format!("{} {}", e.at, fields(e).join(" "))).collect();
    assert_eq!(
        visits,
        [
            "2026-05-01T18:30:00Z status=fulfilled",
            "2026-05-02T13:00:00Z status=no_show",
            "2026-05-03 status=fulfilled"
        ]
    );
    assert_eq!(
        seen.warnings(),
        ["column `Shoe` is not imported: no rule names it", "`provider` left out: not in its names file"]
    );
    assert_eq!(seen.rejected().len(), 1);
    assert_eq!(seen.problems().len(), 1); // letters.csv
    assert_eq!(seen.report.skipped["file the mapping ignores"], 1);
    assert_eq!(seen.report.skipped["row of a names file"], 2);
}

#[test]
fn missing_columns_are_named_as_the_file_calls_them() {
    let mut options = options();
    options.mapping = Some(Mapping::parse(MAPPING).unwrap());
    let seen = read_bytes("PatientList.csv", Format::Csv, b"ChartNo,DOB\n", &options);
    assert_eq!(seen.problems(), ["the header has no column Last (for family)"]);
}

#[test]
fn our_own_files_may_lie_beside_mapped_ones() {
    let mut options = options();
    options.mapping = Some(Mapping::parse(MAPPING).unwrap());
    let seen = read_bytes("interests.csv", Format::Csv, b"patient,words\np1,walking\n", &options);
    assert_eq!(seen.quiet().records().len(), 1);
}
