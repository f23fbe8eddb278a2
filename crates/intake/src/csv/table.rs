//! All CSV files of our own format, with all their columns. `docs/import.md` describes them; a test holds it to this.

/// What a file holds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Kind {
    Patients,
    Conditions,
    Medications,
    Procedures,
    Immunizations,
    Allergies,
    CarePlans,
    Observations,
    Appointments,
    Encounters,
    Events,
    Coverages,
    Consents,
    Interests,
    /// Names of things by id, for look-ups of a mapping.
    Names,
}

/// One kind of file.
#[derive(Debug)]
pub struct KindSpec {
    pub(crate) kind: Kind,
    /// The file's name without `.csv`.
    pub name: &'static str,
    /// Columns a file must have; a file without them is of another kind, or another system's.
    pub required: &'static [&'static str],
    /// Columns it may have.
    pub optional: &'static [&'static str],
    /// Whether further columns may name attributes or event fields of the catalog.
    pub open: bool,
}

impl KindSpec {
    /// All its columns.
    pub fn columns(&self) -> impl Iterator<Item = &'static str> {
        self.required.iter().chain(self.optional).copied()
    }
}

/// A kind by its file name without `.csv`.
pub fn table_of(name: &str) -> Option<&'static KindSpec> {
    KINDS.iter().find(|spec| spec.name == name)
}

const fn spec(
    kind: Kind,
    name: &'static str,
    required: &'static [&'static str],
    optional: &'static [&'static str],
    open: bool,
) -> KindSpec {
    KindSpec { kind, name, required, optional, open }
}

/// All kinds.
pub const KINDS: [KindSpec; 15] = [
    spec(
        Kind::Patients,
        "patients",
        &["id", "family", "birth_date"],
        &[
            "mrn",
            "mrn_system",
            "given",
            "preferred",
            "sex",
            "email",
            "phone",
            "address",
            "address2",
            "city",
            "county",
            "state",
            "zip",
            "country",
            "language",
            "race",
            "ethnicity",
            "marital_status",
            "payer",
            "plan",
            "provider",
            "site",
            "interests",
            "values",
            "lifestyle",
            "deceased",
            "deceased_date",
            "active",
            "merged_into",
            "restricted",
            "status",
            "updated",
        ],
        true,
    ),
    spec(
        Kind::Conditions,
        "conditions",
        &["patient", "system", "code"],
        &["id", "display", "onset", "end", "status", "restricted", "updated"],
        false,
    ),
    spec(
        Kind::Medications,
        "medications",
        &["patient", "system", "code"],
        &["id", "display", "start", "end", "status", "restricted", "updated"],
        false,
    ),
    spec(
        Kind::Procedures,
        "procedures",
        &["patient", "system", "code"],
        &["id", "display", "date", "end", "status", "restricted", "updated"],
        false,
    ),
    spec(
        Kind::Immunizations,
        "immunizations",
        &["patient", "system", "code"],
        &["id", "display", "date", "status", "restricted", "updated"],
        false,
    ),
    spec(
        Kind::Allergies,
        "allergies",
        &["patient", "system", "code"],
        &["id", "display", "onset", "end", "status", "restricted", "updated"],
        false,
    ),
    spec(
        Kind::CarePlans,
        "careplans",
        &["patient", "system", "code"],
        &["id", "display", "start", "end", "status", "restricted", "updated"],
        false,
    ),
    spec(
        Kind::Observations,
        "observations",
        &["patient", "time", "system", "code"],
        &["id", "display", "value", "unit", "text", "category", "status", "restricted", "updated"],
        false,
    ),
    spec(
        Kind::Appointments,
        "appointments",
        &["patient", "time", "status"],
        &["id", "type", "provider", "site", "reason", "end", "restricted", "updated"],
        false,
    ),
    spec(
        Kind::Encounters,
        "encounters",
        &["patient", "time", "status"],
        &[
            "id",
            "class",
            "type",
            "provider",
            "site",
            "reason",
            "end",
            "system",
            "code",
            "display",
            "restricted",
            "updated",
        ],
        false,
    ),
    spec(
        Kind::Events,
        "events",
        &["patient", "kind", "time"],
        &["id", "restricted", "deleted", "updated"],
        true,
    ),
    spec(
        Kind::Coverages,
        "coverages",
        &["patient", "payer"],
        &["plan", "start", "end", "status", "updated"],
        false,
    ),
    spec(
        Kind::Consents,
        "consents",
        &["patient", "topic", "channel", "action", "time"],
        &["text_version", "method", "evidence"],
        false,
    ),
    spec(Kind::Interests, "interests", &["patient", "words"], &["attribute", "updated"], false),
    spec(Kind::Names, "names", &["id", "name"], &[], false),
];

/// Attributes that Discreet derives from others: they cannot be imported.
pub(crate) const DERIVED: [&str; 4] = ["age", "has_email", "email_domain", "has_phone"];
