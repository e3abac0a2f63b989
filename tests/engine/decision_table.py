"""The decision table, transcribed from the specification by hand: not read from the pack.

Each line: rule, effects for spravato iv im oral, authority, what makes it true, and a near miss.
Where the authority has two parts the first is spravato's; of three the last is oral's.
"""

from __future__ import annotations

from tests.engine.clean import AT_HOME, PREGNANT, WOMAN, diagnosed
from tests.engine.lines import Changes, Line, code, takes, yes_no

_INPATIENT: Changes = {"setting.site": "inpatient_unit", "logistics.rems_patient_enrolled": None}
_SUICIDAL: Changes = {"depression.acute_suicidality": True, "depression.imminent_risk": False}
_IMMINENT: Changes = {"depression.acute_suicidality": True, "depression.imminent_risk": True}

SETTING = (
    yes_no("dea-registration", "U U U U", "us_law", "setting.dea_ciii", value=False),
    Line(
        "rems-certified",
        "U - - -",
        "rems",
        {"setting.rems_certified": False, "logistics.rems_patient_enrolled": None},
    ),
    Line(
        "rems-patient-enrolled",
        "U - - -",
        "rems",
        {"logistics.rems_patient_enrolled": False},
        _INPATIENT,
    ),
    yes_no("prescriber-on-site", "U - - -", "rems", "setting.prescriber_on_site", value=False),
    yes_no("pulse-oximeter", "U U U -", "rems / guideline", "setting.pulse_oximeter", value=False),
    yes_no("observation-2h", "U - - -", "us_label", "setting.observation_2h", value=False),
    Line("home-setting", "U U U NR", "rems / guideline / fda_alert", AT_HOME, _INPATIENT),
    Line(
        "telehealth-flexibility",
        "- - - !",
        "us_law",
        {**AT_HOME, "setting.seen_in_person": False},
        AT_HOME,
    ),
    yes_no("resuscitation", "- U U -", "us_label", "setting.resuscitation", value=False),
    Line(
        "resuscitation-unstable",
        "NR - - -",
        "foreign_label",
        {"setting.resuscitation": False, "medical.heart_failure": "compensated"},
        {"setting.resuscitation": False},
    ),
    yes_no("iv-capable", "- U - -", "local", "setting.iv_capable", value=False),
    yes_no("compounding-pharmacy", "- - - U", "us_law", "setting.compounder", value=False),
)
INDICATION = (
    Line("under-18", "NI NR NR NR", "us_label", {"patient.age": 17}, {"patient.age": 18}),
    Line(
        "mdsi-oral-antidepressant",
        "U - - -",
        "us_label",
        {**_SUICIDAL, "depression.oral_antidepressant": False},
        _SUICIDAL,
        one_trial=True,
    ),
    Line("mdd-not-resistant", "- NR NR NR", "guideline", {}, _SUICIDAL, one_trial=True),
    yes_no("diagnosis-confirmed", "U U U U", "guideline", "indication.confirmed", value=False),
    Line(
        "first-line-first",
        "- NR NR NR",
        "guideline",
        {**diagnosed("ptsd"), "indication.first_line_tried": False},
        diagnosed("ptsd"),
    ),
    Line(
        "mood-stabiliser",
        "- U U U",
        "trial",
        {**diagnosed("bipolar_depression"), "bipolar.mood_stabiliser": False},
        diagnosed("bipolar_depression"),
    ),
    Line("imminent-risk", "U U U U", "us_label", _IMMINENT, {**_IMMINENT, **_INPATIENT}),
    Line(
        "phq9-item-9",
        "! ! ! !",
        "local",
        {"scales.phq9": None, "depression.suicidality_interviewed": False},
        {"scales.phq9": None, "depression.suicidality_interviewed": True},
        item_9=1,
    ),
    Line("suicidality-not-prevention", "n n n n", "us_label", _SUICIDAL),
)
MEDICAL = (
    yes_no("aneurysmal-disease", "C C C C", "us_label", "medical.aneurysmal_disease"),
    yes_no("avm", "C C C C", "us_label", "medical.avm"),
    yes_no("intracerebral-hemorrhage", "C C C C", "us_label", "medical.intracerebral_hemorrhage"),
    yes_no("hypersensitivity", "C C C C", "us_label", "medical.hypersensitivity"),
    yes_no("recent-mi", "NR C C C", "us_label", "medical.recent_mi"),
    code(
        "heart-failure-decompensated",
        "NR C C C",
        "us_label / guideline",
        "medical.heart_failure",
        "decompensated",
        "compensated",
    ),
    code(
        "heart-failure-compensated",
        "! ! ! !",
        "us_label",
        "medical.heart_failure",
        "compensated",
        "decompensated",
    ),
    yes_no("arrhythmia", "! ! ! !", "us_label", "medical.arrhythmia"),
    yes_no("stroke-tia", "NR NR NR NR", "trial", "medical.stroke_tia"),
    yes_no(
        "hypertensive-encephalopathy",
        "! ! ! !",
        "us_label",
        "medical.hypertensive_encephalopathy",
    ),
    yes_no("raised-icp", "C NR NR NR", "us_label", "medical.raised_icp"),
    code("open-globe", "NR C C C", "guideline", "medical.raised_iop", "open_globe", "glaucoma"),
    code("glaucoma", "! ! ! !", "guideline", "medical.raised_iop", "glaucoma", "open_globe"),
    Line(
        "preeclampsia",
        "NR C C C",
        "foreign_label",
        {**PREGNANT, "medical.preeclampsia": True},
        PREGNANT,
    ),
    yes_no(
        "hyperthyroidism", "! NR NR NR", "foreign_label", "medical.hyperthyroidism_uncontrolled"
    ),
    yes_no("porphyria", "- ! ! !", "foreign_label", "medical.porphyria"),
    yes_no("seizures", "! ! ! !", "trial", "medical.seizures_uncontrolled"),
    yes_no("respiratory", "! ! ! !", "us_label", "medical.respiratory"),
    code(
        "hepatic-severe",
        "NR NR NR NR",
        "us_label / guideline",
        "medical.hepatic",
        "severe",
        "moderate",
    ),
    code(
        "hepatic-moderate", "! ! ! !", "us_label / guideline", "medical.hepatic", "moderate", "mild"
    ),
    code("dialysis", "! - - -", "us_label", "medical.renal", "dialysis", "impaired"),
    yes_no("cystitis", "! NR NR NR", "us_label", "medical.cystitis"),
    code("delirium", "NR NR NR NR", "trial", "medical.cognitive", "delirium", "dementia"),
    code("dementia", "! ! ! !", "trial", "medical.cognitive", "dementia", "delirium"),
    Line("pregnancy", "NR NR NR NR", "us_label", PREGNANT, WOMAN),
    Line(
        "pregnancy-not-tested",
        "! ! ! !",
        "guideline",
        {**WOMAN, "labs.pregnancy_test": "not_done"},
        {**WOMAN, "patient.age": 61, **dict.fromkeys(list(WOMAN)[2:], None)},
    ),
    Line("contraception", "! ! ! !", "us_label", {**WOMAN, "patient.contraception": False}, WOMAN),
    Line(
        "breastfeeding",
        "NR ! ! !",
        "us_label / trial",
        {**WOMAN, "patient.breastfeeding": True},
        WOMAN,
    ),
    Line("older-adult", "n ! ! !", "us_label", {"patient.age": 65}, {"patient.age": 64}),
    Line("weight-range", "- ! ! -", "trial", {"patient.weight_kg": 44}, {"patient.weight_kg": 45}),
    Line(
        "dosing-weight",
        "- ! ! -",
        "guideline",
        {"patient.weight_kg": 96},
        {"patient.weight_kg": 94},
    ),
)
PSYCHIATRIC = (
    code(
        "psychosis-current",
        "NR C C C",
        "us_label / guideline",
        "psych.psychosis",
        "current",
        "history",
    ),
    yes_no("psychotic-depression", "NR NR NR NR", "trial", "depression.psychotic_features"),
    code(
        "psychosis-history",
        "! ! ! !",
        "us_label / guideline",
        "psych.psychosis",
        "history",
        "current",
    ),
    Line(
        "mania",
        "NR C C C",
        "trial",
        {**diagnosed("bipolar_depression"), "psych.mania_current": True},
        diagnosed("bipolar_depression"),
    ),
    yes_no("personality-disorder", "- ! ! !", "trial", "psych.severe_personality_disorder"),
    code(
        "substance-active",
        "! NR NR NR",
        "us_label / guideline",
        "substance.use_disorder",
        "active",
        "remission",
    ),
    code(
        "substance-remission",
        "! ! ! !",
        "us_label",
        "substance.use_disorder",
        "remission",
        "active",
    ),
    yes_no("ketamine-misuse", "NR C C C", "guideline", "substance.ketamine_misuse"),
    yes_no("intoxicated", "U U U U", "us_label", "substance.intoxicated_today"),
    yes_no("pdmp", "! ! ! !", "payer / us_law", "substance.pdmp_checked", value=False),
    code(
        "drug-screen-unexpected",
        "! ! ! !",
        "guideline",
        "substance.urine_drug_screen",
        "positive_unexpected",
        "positive_expected",
    ),
)
VITALS = (
    Line(
        "bp-elevated",
        "! ! ! !",
        "us_label / local",
        {"vitals.systolic": 141},
        {"vitals.systolic": 140, "vitals.diastolic": 90},
    ),
    Line("bp-hold", "U U U U", "local", {"vitals.systolic": 160}, {"vitals.systolic": 159}),
    Line(
        "bp-severe", "- C C C", "foreign_label", {"vitals.systolic": 180}, {"vitals.systolic": 179}
    ),
    Line("bp-low", "! ! ! !", "local", {"vitals.systolic": 89}, {"vitals.systolic": 90}),
    Line(
        "bp-low-hold",
        "U U U U",
        "local",
        {"vitals.systolic": 79, "vitals.diastolic": 50},
        {"vitals.systolic": 80, "vitals.diastolic": 50},
    ),
    Line("heart-rate", "! ! ! !", "trial", {"vitals.heart_rate": 49}, {"vitals.heart_rate": 120}),
    Line(
        "heart-rate-hold",
        "U U U U",
        "local",
        {"vitals.heart_rate": 131},
        {"vitals.heart_rate": 40},
    ),
    Line("spo2-low", "! ! ! !", "trial", {"vitals.spo2": 92}, {"vitals.spo2": 93}),
    Line("spo2-hold", "U U U U", "local", {"vitals.spo2": 89}, {"vitals.spo2": 90}),
    code("liver-tests", "- ! ! !", "us_label", "labs.liver", "not_done", "normal"),
    code("liver-3x", "n NR NR NR", "trial", "labs.liver", "abnormal_3x", "abnormal"),
    code("ecg-abnormal", "! ! ! !", "guideline", "labs.ecg", "abnormal", "not_done"),
)
MEDICATIONS = (
    yes_no("medications-reviewed", "U U U U", "guideline", "medications.reviewed", value=False),
    takes("cns-depressants", "! ! ! !", "us_label", "lorazepam", "lamotrigine"),
    takes("psychostimulants", "! ! ! !", "us_label", "methylphenidate", "pseudoephedrine"),
    takes("maoi", "! ! ! !", "us_label", "phenelzine", "sertraline"),
    takes("xanthines", "- NR NR NR", "us_label", "theophylline", "lithium"),
    takes("sympathomimetics", "- ! ! !", "us_label", "pseudoephedrine", "oxymetazoline"),
    takes("cyp3a4-inhibitors", "- - - !", "trial", "clarithromycin", "azithromycin"),
    takes("cyp2b6-inhibitors", "- - - !", "trial", "clopidogrel", "clarithromycin"),
    takes("cyp-inducers", "- - - NR", "trial", "carbamazepine", "lamotrigine"),
    takes("opioid-antagonist", "- ! ! !", "trial", "naltrexone", "buprenorphine"),
    takes("thyroid-hormone", "- ! ! !", "us_label", "levothyroxine", "lithium"),
    takes("lamotrigine", "- n n n", "trial", "lamotrigine", "lithium"),
    takes("antipsychotics", "- n n n", "trial", "quetiapine", "lithium"),
    takes("lithium", "- n n n", "trial", "lithium carbonate", "quetiapine"),
    takes("cannabis", "n ! ! n", "guideline", "cannabis", "alcohol"),
    takes("ketamine-elsewhere", "NR NR NR NR", "local", "ketamine", "ketoconazole"),
    takes("nmda-antagonists", "! ! ! !", "local", "memantine", "trazodone"),
    takes("glp1-agonists", "n ! ! n", "guideline", "semaglutide", "metformin"),
    takes("sedating-medicines", "n n n n", "local", "trazodone", "sertraline"),
    takes("nasal-drugs", "n - - -", "us_label", "oxymetazoline", "pseudoephedrine"),
)
LOGISTICS = (
    yes_no("transport", "U U U U", "us_label / guideline", "logistics.transport", value=False),
    yes_no("cannot-stay", "U ! ! -", "rems / guideline", "logistics.can_stay_2h", value=False),
    yes_no("capacity", "U U U U", "guideline", "consent.capacity", value=False),
)
TABLE = (
    *SETTING,
    *INDICATION,
    *MEDICAL,
    *PSYCHIATRIC,
    *VITALS,
    *MEDICATIONS,
    *LOGISTICS,
)
ELSEWHERE = {"unapproved-compound", "indication", "weak-evidence", "insufficient-evidence"}
"""Lines that need no witness here: one is always true, the others are the support table's."""
OPTIONAL = {"dosing-weight", "ecg-abnormal"}
