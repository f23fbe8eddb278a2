//! Kinds of payer: `commercial`, `medicare`, `medicaid`, `dual`, `va`, `self_pay`, `other`.

/// By a code of Coverage.type: SOPT (Source of Payment Typology) by its leading digits, FHIR's `pay`, and those of
/// `v3-ActCode` that say it. Codes that only say "some insurance" (`HIP`, `PUBLICPOL`) say nothing here.
pub(crate) fn payer_of_code(code: &str) -> Option<&'static str> {
    if code.len() <= 5 && code.bytes().all(|b| b.is_ascii_digit()) {
        return payer_of_sopt(code);
    }
    match code {
        "pay" => Some("self_pay"),
        "EHCPOL" | "HSAPOL" | "MCPOL" | "POS" | "HMO" | "PPO" | "FPO" => Some("commercial"),
        "RETIRE" | "DISEASEPRG" | "CANPRG" | "ENDRENAL" | "HIVAIDS" | "SUBSIDIZ" | "MENTPRG" | "SAFNET"
        | "SUBPRG" | "SUBSIDMC" | "SUBSUPP" | "WCBPOL" | "AUTOPOL" => Some("other"),
        _ => None,
    }
}

fn payer_of_sopt(code: &str) -> Option<&'static str> {
    let starts = |prefix: &str| code.starts_with(prefix);
    match () {
        () if starts("14") => Some("dual"),
        () if starts("1") => Some("medicare"),
        () if starts("2") => Some("medicaid"),
        () if starts("32") => Some("va"),
        () if starts("5") || starts("6") || starts("7") => Some("commercial"),
        () if starts("81") => Some("self_pay"),
        () if starts("3") || starts("4") || starts("8") || starts("9") => Some("other"),
        () => None,
    }
}

/// State names of Medicaid that do not say so.
const MEDICAID_NAMES: [&str; 12] = [
    "medicaid",
    "medi-cal",
    "medi cal",
    "masshealth",
    "tenncare",
    "badgercare",
    "soonercare",
    "badger care",
    "husky health",
    "apple health",
    "ahcccs",
    "chip",
];
const SELF_PAY_NAMES: [&str; 7] =
    ["self", "self pay", "selfpay", "no insurance", "uninsured", "cash", "none"];

/// By the text of a type, or the name of a payer. Any other name is a commercial payer's if `named` says that it is a
/// name at all.
pub(crate) fn payer_of_text(text: &str, named: bool) -> Option<&'static str> {
    let lower = text.trim().to_lowercase().replace('_', " ");
    let has = |part: &str| lower.contains(part);
    let word = |w: &str| lower.split(|c: char| !c.is_alphanumeric()).any(|part| part == w);
    let medicaid = MEDICAID_NAMES.iter().any(|name| if *name == "chip" { word("chip") } else { has(name) });
    match () {
        () if lower.is_empty() => None,
        () if SELF_PAY_NAMES.contains(&lower.replace('-', " ").as_str()) => Some("self_pay"),
        () if word("dual") || (has("medicare") && medicaid) => Some("dual"),
        () if medicaid => Some("medicaid"),
        () if has("medicare") => Some("medicare"),
        () if has("veteran") || word("va") || has("champva") => Some("va"),
        () if has("tricare") || has("indian health") || has("workers") || lower == "other" => Some("other"),
        () if named || lower == "commercial" || word("private") => Some("commercial"),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_payers() {
        for (text, kind) in [
            ("Medicare", "medicare"),
            ("MassHealth", "medicaid"),
            ("Dual Eligible", "dual"),
            ("Medicare and Medicaid", "dual"),
            ("NO_INSURANCE", "self_pay"),
            ("self-pay", "self_pay"),
            ("self_pay", "self_pay"),
            ("Dept. of Veterans Affairs", "va"),
            ("VA", "va"),
            ("Tricare", "other"),
            ("Blue Cross Blue Shield", "commercial"),
            ("Valley Health", "commercial"),
        ] {
            assert_eq!(payer_of_text(text, true), Some(kind), "{text}");
        }
        assert_eq!(payer_of_text("health insurance plan policy", false), None);
    }

    #[test]
    fn codes_of_coverage() {
        for (code, kind) in
            [("1", Some("medicare")), ("14", Some("dual")), ("2111", Some("medicaid")), ("32", Some("va"))]
        {
            assert_eq!(payer_of_code(code), kind, "{code}");
        }
        assert_eq!(payer_of_code("pay"), Some("self_pay"));
        assert_eq!(payer_of_code("HIP"), None);
    }
}
