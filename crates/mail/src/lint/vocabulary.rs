//! A first list of clinical words. It can only be too short or too careful, never a proof that a text is harmless.
//!
//! A pattern is lower case, without accents. `word` matches that word; `stem*` every word that starts so; `two words` a
//! phrase; `=PrEP` only in exactly this spelling, because the lower-case word is an everyday one.

/// Sensitive (L3): mental and behavioural, substance use, HIV and STI, reproductive, gender-affirming, genetic, abuse,
/// minors' confidential services.
#[rustfmt::skip] // words, not lines
pub(super) const SENSITIVE: &[&str] = &[
    // mental and behavioural
    "depress*", "anxiety", "anxious", "bipolar", "schizo*", "psychiat*", "psycholog*", "psychother*",
    "psychosis", "psychotic", "mental health", "behavioral health", "behavioural health", "mental illness",
    "suicid*", "self harm", "eating disorder*", "anorexi*", "bulimi*", "adhd", "autis*", "ptsd", "=OCD",
    "panic attack*", "panic disorder*", "antidepress*", "antipsychotic*", "ssri*", "lithium", "sertraline",
    "zoloft", "prozac", "fluoxetine", "lexapro", "escitalopram", "risperidone", "olanzapine", "quetiapine",
    "seroquel", "clozapine", "adderall", "ritalin", "depresion", "ansiedad", "salud mental", "psiquiat*",
    "psicolog*", "suicidio",
    // substance use
    "addict*", "alcoholi*", "substance use", "substance abuse", "drug abuse", "opioid*", "opiate*",
    "heroin", "cocaine", "methamphet*", "overdos*", "detox*", "rehab", "sobriety", "methadone", "suboxone",
    "buprenorphine", "naltrexone", "vivitrol", "naloxone", "narcan", "disulfiram", "recovery program*",
    "adiccion*", "alcoholismo",
    // HIV and STI
    "hiv", "=AIDS", "vih", "antiretrovir*", "truvada", "descovy", "biktarvy", "=PrEP", "hiv prep", "=STD",
    "=STI", "=STDs", "=STIs", "sexually transmitted", "syphilis", "sifilis", "gonorrh*", "chlamyd*",
    "herpes", "hpv", "trichomon*", "viral load",
    // reproductive, sexual, gender
    "pregnan*", "embaraz*", "prenatal", "antenatal", "postpartum", "obstetric*", "=OB/GYN", "obgyn",
    "gynecolog*", "gynaecolog*", "maternity", "abortion*", "aborto", "miscarr*", "contracept*",
    "anticoncept*", "birth control", "plan b", "mifepriston*", "misoprostol", "ivf", "infertil*",
    "fertility", "vasectom*", "erectile", "viagra", "cialis", "sildenafil", "sexual health", "salud sexual",
    "menopaus*", "transgender", "gender affirming", "gender dysphor*", "hormone therapy",
    // genetic
    "brca*", "genetic test*", "genetic counsel*", "huntington*", "cystic fibrosis", "sickle cell",
    // abuse
    "domestic violence", "sexual assault", "child abuse", "rape", "violencia domestica",
];

/// General clinical (L2): conditions, medications, departments, procedures that name an illness.
#[rustfmt::skip] // words, not lines
pub(super) const CLINICAL: &[&str] = &[
    "diabet*", "prediabet*", "insulin", "metformin", "ozempic", "wegovy", "mounjaro", "semaglutide",
    "tirzepatide", "glp 1", "a1c", "hba1c", "glucose", "hypertens*", "hipertens*", "high blood pressure",
    "blood pressure", "presion alta", "lisinopril", "amlodipine", "losartan", "statin", "statins",
    "atorvastatin", "lipitor", "cholesterol", "colesterol", "hyperlipid*", "heart disease", "heart failure",
    "heart attack", "coronary", "cardiolog*", "cardiac", "arrhythm*", "atrial fib*", "afib", "stroke",
    "warfarin", "eliquis", "xarelto", "anticoagul*", "pacemaker", "cancer", "cancers", "oncolog*", "tumor*",
    "tumour*", "carcinoma", "lymphoma", "leukemia", "leukaemia", "melanoma", "metasta*", "chemo",
    "chemother*", "quimioterapia", "radiation therapy", "radiother*", "tamoxifen", "biopsy", "biopsies",
    "biopsia", "mastectom*", "mammogra*", "mamograf*", "colonoscop*", "colorectal", "prostat*", "=PSA",
    "pap smear", "asthma*", "asma", "copd", "emphysema", "albuterol", "inhaler*", "pneumonia", "tubercul*",
    "covid*", "long covid", "epilep*", "seizure*", "migraine*", "parkinson*", "alzheimer*", "dementia",
    "demencia", "multiple sclerosis", "neurolog*", "neuropath*", "kidney disease", "renal", "dialysis",
    "dialisis", "nephrolog*", "transplant*", "hepatitis", "cirrhosis", "liver disease", "hepatic", "crohn*",
    "colitis", "celiac", "coeliac", "ibs", "gerd", "gastroenter*", "arthrit*", "artritis", "rheumat*",
    "lupus", "fibromyalg*", "osteopor*", "psoria*", "eczema", "dermatolog*", "dermatitis", "humira",
    "adalimumab", "biologics", "glaucoma", "cataract*", "macular", "retinopath*", "thyroid*", "tiroides",
    "endocrin*", "levothyrox*", "anemia", "anaemia", "hemophil*", "haematolog*", "hematolog*", "obes*",
    "bariatric*", "weight loss surgery", "sleep apnea", "cpap", "insomnia", "incontinen*", "urolog*",
    "orthoped*", "hospice", "palliative", "diagnos*", "prognos*", "relaps*", "symptom*", "disease*",
    "syndrome*", "disorder*", "oxycodone", "hydrocodone", "gabapentin", "prednisone", "infusion",
    "injection site", "icd", "icd10", "snomed", "loinc", "rxnorm", "cpt", "mrn", "medical record number",
];

/// Words of care that say little, but more than a subject line should when another word would do: a warning there.
#[rustfmt::skip] // words, not lines
pub(super) const CAREFUL: &[&str] = &[
    "test result*", "lab result*", "your results", "prescription*", "receta*", "refill*", "medication*",
    "medicamento*", "treatment*", "tratamiento*", "surgery", "surgeries", "cirugia", "procedure",
    "screening*", "specialist*", "your condition", "your visit", "your recent visit", "your appointment",
    "su cita", "follow up visit", "ultrasound", "mri", "x ray", "x rays", "ct scan", "therapy", "therapist",
    "clinical trial*", "balance due", "past due",
];
