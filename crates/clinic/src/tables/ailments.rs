//! What patients have: ICD-10-CM codes, how common by age and sex, and what goes with what.

/// A kind of problem. Order matters: a problem can make only later ones likelier.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Obesity,
    Smoking,
    Diabetes1,
    Diabetes2,
    Prediabetes,
    Hypertension,
    Lipids,
    Kidney,
    Coronary,
    Fibrillation,
    HeartFailure,
    Asthma,
    Copd,
    Depression,
    Anxiety,
    Attention,
    Alcohol,
    Opioids,
    Hiv,
    Thyroid,
    Reflux,
    Arthritis,
    BackPain,
    Migraine,
    Rhinitis,
    Eczema,
    Bones,
    VitaminD,
    Apnea,
    Anemia,
    Gout,
    Prostate,
    Menopause,
    Insomnia,
    Bowel,
    Psoriasis,
    Cataract,
    Cold,
    Ear,
    Urinary,
    Covid,
    Flu,
    Sprain,
    Pregnancy,
    Postpartum,
    Newborn,
}

/// How long it lasts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Course {
    /// Years; so many of a thousand are over by now.
    Lasting(u32),
    /// Days or weeks, within the last three years.
    Passing,
    /// Told elsewhere, by the calendar of a pregnancy.
    Told,
}

/// One kind of problem.
#[derive(Debug)]
pub(crate) struct Ailment {
    pub(crate) kind: Kind,
    /// Weight, ICD-10-CM code, words.
    pub(crate) codes: &'static [(u32, &'static str, &'static str)],
    /// Of a thousand, by age: under 12, 18, 35, 50, 65, and older.
    pub(crate) by_age: [u32; 6],
    /// Percent of that for women and for men.
    pub(crate) by_sex: (u32, u32),
    /// Percent of that for those who have another.
    pub(crate) with: &'static [(Kind, u32)],
    pub(crate) course: Course,
}

type Codes = &'static [(u32, &'static str, &'static str)];
type With = &'static [(Kind, u32)];
const LASTING: Course = Course::Lasting(40);

const fn lasting(kind: Kind, codes: Codes, by_age: [u32; 6], with: With) -> Ailment {
    Ailment { kind, codes, by_age, by_sex: (100, 100), with, course: LASTING }
}
const fn passing(kind: Kind, codes: Codes, by_age: [u32; 6]) -> Ailment {
    Ailment { kind, codes, by_age, by_sex: (100, 100), with: &[], course: Course::Passing }
}
const fn told(kind: Kind, codes: Codes) -> Ailment {
    Ailment { kind, codes, by_age: [0; 6], by_sex: (100, 100), with: &[], course: Course::Told }
}
const fn sexes(women: u32, men: u32, ailment: Ailment) -> Ailment {
    Ailment { by_sex: (women, men), ..ailment }
}
const fn ending(permille: u32, ailment: Ailment) -> Ailment {
    Ailment { course: Course::Lasting(permille), ..ailment }
}

/// The row of a kind.
pub(crate) fn ailment(kind: Kind) -> Option<&'static Ailment> {
    AILMENTS.iter().find(|row| row.kind == kind)
}

use Kind::*;

/// All kinds, in the order in which they are drawn.
pub(crate) static AILMENTS: [Ailment; 46] = [
    lasting(Obesity, &[(1, "E66.9", "Obesity")], [20, 60, 160, 220, 240, 190], &[]),
    ending(
        250,
        lasting(Smoking, &[(1, "F17.210", "Nicotine dependence, cigarettes")], [0, 6, 80, 95, 95, 60], &[]),
    ),
    lasting(Diabetes1, &[(1, "E10.9", "Type 1 diabetes")], [2, 4, 5, 5, 5, 4], &[]),
    lasting(Diabetes2, DIABETES2, [0, 2, 12, 48, 105, 170], &[(Obesity, 190), (Diabetes1, 0)]),
    lasting(
        Prediabetes,
        &[(1, "R73.03", "Prediabetes")],
        [0, 3, 20, 50, 75, 75],
        &[(Diabetes2, 0), (Diabetes1, 0), (Obesity, 160)],
    ),
    lasting(
        Hypertension,
        &[(1, "I10", "Essential hypertension")],
        [0, 2, 35, 140, 310, 470],
        &[(Diabetes2, 175), (Obesity, 140)],
    ),
    lasting(
        Lipids,
        &[
            (70, "E78.5", "Hyperlipidemia"),
            (15, "E78.00", "Pure hypercholesterolemia"),
            (15, "E78.2", "Mixed hyperlipidemia"),
        ],
        [0, 3, 35, 130, 270, 360],
        &[(Diabetes2, 170), (Hypertension, 140)],
    ),
    lasting(
        Kidney,
        &[
            (25, "N18.2", "Chronic kidney disease, stage 2"),
            (35, "N18.30", "Chronic kidney disease, stage 3"),
            (25, "N18.31", "Chronic kidney disease, stage 3a"),
            (15, "N18.4", "Chronic kidney disease, stage 4"),
        ],
        [0, 0, 3, 8, 26, 85],
        &[(Diabetes2, 250), (Hypertension, 160)],
    ),
    sexes(
        70,
        130,
        lasting(
            Coronary,
            &[(1, "I25.10", "Coronary artery disease")],
            [0, 0, 1, 8, 38, 95],
            &[(Diabetes2, 160), (Lipids, 150), (Smoking, 150)],
        ),
    ),
    lasting(
        Fibrillation,
        &[(1, "I48.91", "Atrial fibrillation")],
        [0, 0, 1, 3, 16, 60],
        &[(Hypertension, 150)],
    ),
    lasting(HeartFailure, &[(1, "I50.9", "Heart failure")], [0, 0, 1, 3, 10, 34], &[(Coronary, 300)]),
    lasting(
        Asthma,
        &[
            (60, "J45.909", "Asthma"),
            (25, "J45.20", "Mild intermittent asthma"),
            (15, "J45.40", "Moderate persistent asthma"),
        ],
        [85, 95, 75, 70, 65, 55],
        &[],
    ),
    lasting(
        Copd,
        &[(1, "J44.9", "Chronic obstructive pulmonary disease")],
        [0, 0, 1, 8, 40, 75],
        &[(Smoking, 400)],
    ),
    ending(
        220,
        sexes(
            125,
            75,
            lasting(
                Depression,
                &[
                    (50, "F32.A", "Depression"),
                    (30, "F32.1", "Major depression, moderate"),
                    (20, "F33.1", "Recurrent depression, moderate"),
                ],
                [1, 45, 85, 80, 70, 55],
                &[],
            ),
        ),
    ),
    ending(
        150,
        sexes(
            125,
            75,
            lasting(
                Anxiety,
                &[(60, "F41.1", "Generalized anxiety disorder"), (40, "F41.9", "Anxiety disorder")],
                [6, 50, 90, 80, 60, 45],
                &[(Depression, 260)],
            ),
        ),
    ),
    sexes(
        70,
        130,
        lasting(
            Attention,
            &[(1, "F90.2", "Attention-deficit hyperactivity disorder")],
            [40, 55, 26, 11, 3, 1],
            &[],
        ),
    ),
    ending(
        300,
        sexes(
            65,
            135,
            lasting(
                Alcohol,
                &[(1, "F10.20", "Alcohol dependence")],
                [0, 1, 13, 15, 13, 7],
                &[(Smoking, 220)],
            ),
        ),
    ),
    ending(
        250,
        lasting(Opioids, &[(1, "F11.20", "Opioid dependence")], [0, 0, 6, 7, 4, 1], &[(Smoking, 250)]),
    ),
    sexes(
        45,
        155,
        lasting(
            Hiv,
            &[(55, "B20", "HIV disease"), (45, "Z21", "Asymptomatic HIV infection")],
            [0, 0, 3, 4, 4, 1],
            &[],
        ),
    ),
    sexes(170, 40, lasting(Thyroid, &[(1, "E03.9", "Hypothyroidism")], [2, 4, 17, 40, 66, 95], &[])),
    lasting(
        Reflux,
        &[(1, "K21.9", "Gastro-esophageal reflux disease")],
        [4, 9, 42, 80, 115, 130],
        &[(Obesity, 140)],
    ),
    sexes(
        115,
        85,
        lasting(
            Arthritis,
            &[(60, "M17.9", "Osteoarthritis of knee"), (40, "M19.90", "Osteoarthritis")],
            [0, 0, 4, 34, 120, 235],
            &[(Obesity, 150)],
        ),
    ),
    ending(500, lasting(BackPain, &[(1, "M54.50", "Low back pain")], [0, 12, 60, 85, 95, 85], &[])),
    sexes(150, 50, lasting(Migraine, &[(1, "G43.909", "Migraine")], [8, 40, 75, 80, 50, 20], &[])),
    lasting(Rhinitis, &[(1, "J30.9", "Allergic rhinitis")], [60, 80, 75, 75, 65, 50], &[(Asthma, 250)]),
    ending(
        300,
        lasting(Eczema, &[(1, "L20.9", "Atopic dermatitis")], [80, 36, 22, 16, 12, 12], &[(Asthma, 200)]),
    ),
    sexes(175, 25, lasting(Bones, &[(1, "M81.0", "Osteoporosis")], [0, 0, 0, 4, 40, 115], &[])),
    ending(300, lasting(VitaminD, &[(1, "E55.9", "Vitamin D deficiency")], [5, 15, 35, 50, 60, 70], &[])),
    sexes(
        70,
        130,
        lasting(
            Apnea,
            &[(1, "G47.33", "Obstructive sleep apnea")],
            [2, 3, 15, 45, 75, 85],
            &[(Obesity, 250)],
        ),
    ),
    ending(
        300,
        sexes(
            150,
            50,
            lasting(Anemia, &[(1, "D64.9", "Anemia")], [10, 15, 22, 25, 22, 40], &[(Kidney, 250)]),
        ),
    ),
    sexes(45, 155, lasting(Gout, &[(1, "M10.9", "Gout")], [0, 0, 4, 15, 32, 45], &[(Kidney, 200)])),
    sexes(0, 200, lasting(Prostate, &[(1, "N40.0", "Enlarged prostate")], [0, 0, 0, 4, 36, 100], &[])),
    ending(
        300,
        sexes(200, 0, lasting(Menopause, &[(1, "N95.1", "Menopausal symptoms")], [0, 0, 0, 22, 60, 10], &[])),
    ),
    lasting(Insomnia, &[(1, "G47.00", "Insomnia")], [0, 8, 26, 38, 50, 55], &[(Anxiety, 220)]),
    sexes(
        135,
        65,
        lasting(
            Bowel,
            &[(1, "K58.9", "Irritable bowel syndrome")],
            [1, 12, 26, 26, 22, 14],
            &[(Anxiety, 180)],
        ),
    ),
    lasting(Psoriasis, &[(1, "L40.9", "Psoriasis")], [3, 7, 16, 20, 22, 20], &[]),
    ending(
        450,
        lasting(
            Cataract,
            &[(1, "H25.9", "Age-related cataract")],
            [0, 0, 0, 2, 26, 150],
            &[(Diabetes2, 150)],
        ),
    ),
    passing(Cold, &[(1, "J06.9", "Upper respiratory infection")], [230, 130, 90, 75, 60, 45]),
    passing(Ear, &[(1, "H66.90", "Middle ear infection")], [160, 30, 8, 6, 4, 3]),
    sexes(175, 25, passing(Urinary, &[(1, "N39.0", "Urinary tract infection")], [10, 20, 55, 50, 50, 70])),
    passing(Covid, &[(1, "U07.1", "COVID-19")], [50, 60, 75, 75, 75, 75]),
    passing(Flu, &[(1, "J10.1", "Influenza")], [45, 35, 25, 20, 18, 20]),
    passing(Sprain, &[(1, "S93.401A", "Sprained ankle")], [15, 45, 28, 20, 14, 10]),
    told(
        Pregnancy,
        &[(60, "Z34.90", "Pregnancy, supervision"), (40, "Z34.00", "First pregnancy, supervision")],
    ),
    told(Postpartum, &[(1, "Z39.2", "Postpartum care")]),
    told(Newborn, &[(80, "Z38.00", "Newborn"), (20, "Z38.01", "Newborn, cesarean birth")]),
];

const DIABETES2: Codes = &[
    (58, "E11.9", "Type 2 diabetes"),
    (18, "E11.65", "Type 2 diabetes with hyperglycemia"),
    (9, "E11.22", "Type 2 diabetes with kidney disease"),
    (6, "E11.40", "Type 2 diabetes with neuropathy"),
    (5, "E11.319", "Type 2 diabetes with retinopathy"),
    (4, "E11.69", "Type 2 diabetes with other complication"),
];
