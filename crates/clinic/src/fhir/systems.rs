//! The code systems' URIs, as [`discreet_domain::System`] has them (a test holds them equal).

pub(crate) const ICD10: &str = "http://hl7.org/fhir/sid/icd-10-cm";
pub(crate) const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";
pub(crate) const SNOMED: &str = "http://snomed.info/sct";
pub(crate) const LOINC: &str = "http://loinc.org";
pub(crate) const CPT: &str = "http://www.ama-assn.org/go/cpt";
pub(crate) const CVX: &str = "http://hl7.org/fhir/sid/cvx";

#[cfg(test)]
mod tests {
    use super::*;
    use discreet_domain::System;

    #[test]
    fn are_those_of_the_vocabulary() {
        for (uri, system) in [
            (ICD10, System::Icd10),
            (RXNORM, System::RxNorm),
            (SNOMED, System::Snomed),
            (LOINC, System::Loinc),
            (CPT, System::Cpt),
            (CVX, System::Cvx),
        ] {
            assert_eq!(uri, system.uri());
        }
    }
}
