//! What is done about it: medications (RxNorm), procedures (CPT, in our own words), vaccines (CVX), plans and allergies
//! (SNOMED CT, in our own words).

use super::ailments::Kind;

/// A medication that goes with a problem.
#[derive(Debug)]
pub(crate) struct Drug {
    pub(crate) with: Kind,
    /// RxNorm.
    pub(crate) code: &'static str,
    pub(crate) words: &'static str,
    /// Of a thousand with the problem.
    pub(crate) given: u32,
    /// Of a thousand given it, no longer.
    pub(crate) stopped: u32,
    /// Under this age, never.
    pub(crate) from_age: i32,
}

const fn drug(with: Kind, code: &'static str, words: &'static str, often: [u32; 2], from_age: i32) -> Drug {
    let [given, stopped] = often;
    Drug { with, code, words, given, stopped, from_age }
}

/// All medications.
pub(crate) static DRUGS: [Drug; 43] = [
    drug(Kind::Diabetes2, "860975", "metformin 500 MG extended release tablet", [720, 180], 10),
    drug(Kind::Diabetes2, "106892", "insulin isophane / regular 70/30 injection", [150, 150], 18),
    drug(Kind::Diabetes1, "106892", "insulin isophane / regular 70/30 injection", [950, 50], 0),
    drug(Kind::Hypertension, "314076", "lisinopril 10 MG oral tablet", [480, 200], 18),
    drug(Kind::Hypertension, "197361", "amlodipine 5 MG oral tablet", [300, 180], 18),
    drug(Kind::Hypertension, "310798", "hydrochlorothiazide 25 MG oral tablet", [220, 250], 18),
    drug(Kind::Hypertension, "979492", "losartan potassium 50 MG oral tablet", [180, 150], 18),
    drug(Kind::Lipids, "617311", "atorvastatin 40 MG oral tablet", [420, 180], 20),
    drug(Kind::Lipids, "312961", "simvastatin 20 MG oral tablet", [160, 400], 20),
    drug(Kind::Coronary, "243670", "aspirin 81 MG oral tablet", [700, 150], 30),
    drug(Kind::Coronary, "866412", "metoprolol succinate 100 MG extended release tablet", [550, 150], 30),
    drug(Kind::Coronary, "309362", "clopidogrel 75 MG oral tablet", [300, 400], 30),
    drug(Kind::Fibrillation, "855332", "warfarin sodium 5 MG oral tablet", [450, 300], 30),
    drug(Kind::HeartFailure, "313988", "furosemide 40 MG oral tablet", [750, 150], 30),
    drug(Kind::Asthma, "2123111", "albuterol 0.09 MG/ACTUAT metered dose inhaler", [780, 200], 4),
    drug(Kind::Asthma, "895994", "fluticasone 0.044 MG/ACTUAT metered dose inhaler", [350, 300], 4),
    drug(Kind::Copd, "896209", "fluticasone / salmeterol dry powder inhaler", [600, 200], 30),
    drug(Kind::Copd, "2123111", "albuterol 0.09 MG/ACTUAT metered dose inhaler", [650, 100], 30),
    drug(Kind::Depression, "312941", "sertraline 50 MG oral tablet", [520, 400], 12),
    drug(Kind::Anxiety, "312941", "sertraline 50 MG oral tablet", [300, 350], 12),
    drug(Kind::Attention, "1091392", "methylphenidate hydrochloride 20 MG oral tablet", [600, 350], 6),
    drug(Kind::Opioids, "351266", "buprenorphine / naloxone sublingual tablet", [600, 300], 18),
    drug(Kind::Hiv, "476556", "emtricitabine / tenofovir disoproxil fumarate oral tablet", [900, 60], 18),
    drug(Kind::Thyroid, "966222", "levothyroxine sodium 0.075 MG oral tablet", [920, 60], 2),
    drug(Kind::Reflux, "198051", "omeprazole 20 MG delayed release capsule", [600, 400], 12),
    drug(Kind::Arthritis, "849574", "naproxen sodium 220 MG oral tablet", [350, 450], 18),
    drug(Kind::Arthritis, "313782", "acetaminophen 325 MG oral tablet", [320, 300], 18),
    drug(Kind::BackPain, "310965", "ibuprofen 200 MG oral tablet", [400, 800], 12),
    drug(Kind::Rhinitis, "311372", "loratadine 10 MG oral tablet", [450, 350], 6),
    drug(Kind::Eczema, "106258", "hydrocortisone 10 MG/ML topical cream", [550, 600], 1),
    drug(Kind::Bones, "904419", "alendronic acid 10 MG oral tablet", [600, 250], 45),
    drug(Kind::Anemia, "310325", "ferrous sulfate 325 MG oral tablet", [600, 500], 12),
    drug(Kind::Gout, "197319", "allopurinol 100 MG oral tablet", [600, 150], 25),
    drug(Kind::Prostate, "863669", "tamsulosin 0.4 MG oral capsule", [600, 150], 40),
    drug(Kind::Diabetes2, "617311", "atorvastatin 40 MG oral tablet", [350, 150], 40),
    drug(Kind::Diabetes2, "314076", "lisinopril 10 MG oral tablet", [250, 150], 30),
    drug(Kind::Kidney, "314076", "lisinopril 10 MG oral tablet", [350, 150], 30),
    drug(Kind::Migraine, "849574", "naproxen sodium 220 MG oral tablet", [450, 350], 12),
    drug(Kind::Psoriasis, "106258", "hydrocortisone 10 MG/ML topical cream", [550, 400], 2),
    drug(Kind::Smoking, "198031", "nicotine 0.292 MG/HR transdermal system", [260, 750], 18),
    drug(Kind::Pregnancy, "310325", "ferrous sulfate 325 MG oral tablet", [350, 100], 18),
    drug(Kind::Ear, "308182", "amoxicillin 250 MG oral capsule", [800, 1000], 1),
    drug(Kind::Urinary, "311995", "nitrofurantoin 50 MG oral capsule", [800, 1000], 12),
];

/// CPT codes. The words are ours: CPT's own are licensed.
pub(crate) const MAMMOGRAM: (&str, &str) = ("77067", "Breast cancer screening");
/// See [`MAMMOGRAM`].
pub(crate) const COLONOSCOPY: (&str, &str) = ("45378", "Colon examination");
/// See [`MAMMOGRAM`].
pub(crate) const EYE_EXAM: (&str, &str) = ("92250", "Eye examination");
/// See [`MAMMOGRAM`].
pub(crate) const BONE_DENSITY: (&str, &str) = ("77080", "Bone density scan");
/// See [`MAMMOGRAM`].
pub(crate) const HEART_TRACING: (&str, &str) = ("93000", "Heart tracing");

/// CVX codes.
pub(crate) const FLU: (&str, &str) = ("140", "Influenza, seasonal, injectable, preservative free");
/// See [`FLU`].
pub(crate) const FLU_QUADRIVALENT: (&str, &str) = ("158", "Influenza, injectable, quadrivalent");
/// See [`FLU`].
pub(crate) const COVID: (&str, &str) = ("309", "COVID-19, mRNA, 30 mcg/0.3 mL");
/// See [`FLU`].
pub(crate) const TDAP: (&str, &str) = ("115", "Tdap");
/// See [`FLU`].
pub(crate) const SHINGLES: (&str, &str) = ("187", "Zoster recombinant");
/// See [`FLU`].
pub(crate) const HPV: (&str, &str) = ("165", "HPV9");
/// See [`FLU`].
pub(crate) const PNEUMOCOCCAL: (&str, &str) = ("216", "Pneumococcal conjugate PCV20");
/// Childhood vaccines: months of age, CVX, words.
pub(crate) const CHILDHOOD: [(i32, &str, &str); 7] = [
    (2, "20", "DTaP"),
    (2, "10", "IPV"),
    (2, "49", "Hib (PRP-OMP)"),
    (4, "20", "DTaP"),
    (12, "03", "MMR"),
    (12, "21", "Varicella"),
    (15, "20", "DTaP"),
];

/// Care plans: the problem, of a thousand with it, SNOMED CT code, words.
pub(crate) const PLANS: [(Kind, u32, &str, &str); 6] = [
    (Kind::Diabetes2, 280, "698360004", "Diabetes self management plan"),
    (Kind::Asthma, 160, "699728000", "Asthma self management"),
    (Kind::Hypertension, 70, "443402002", "Lifestyle education regarding hypertension"),
    (Kind::Lipids, 60, "736285004", "Hyperlipidemia management plan"),
    (Kind::Pregnancy, 650, "134435003", "Routine antenatal care"),
    (Kind::Copd, 180, "229065009", "Exercise therapy"),
];

/// Allergies: weight, code, whether RxNorm rather than SNOMED CT, words, category.
pub(crate) const ALLERGIES: [(u32, &str, bool, &str, &str); 8] = [
    (40, "7980", true, "penicillin", "medication"),
    (14, "10831", true, "sulfamethoxazole", "medication"),
    (10, "1191", true, "aspirin", "medication"),
    (9, "762952008", false, "Peanut", "food"),
    (6, "102263004", false, "Eggs", "food"),
    (6, "111088007", false, "Latex", "environment"),
    (8, "256277009", false, "Grass pollen", "environment"),
    (7, "288328004", false, "Bee venom", "environment"),
];
