"""A clean case (a 52-year-old man, treatment-resistant, nothing against any pathway), in code."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from ketatui.cases.model import Answer, Case, Decision, Medication, Override, Trial

ON = dt.date(2026, 11, 21)
PATHWAYS = ("spravato", "iv", "im", "oral")
Answers = Mapping[str, Answer | None]
"""Answers to change; None takes an answer away."""

_YES = (
    "setting.dea_ciii setting.rems_certified setting.prescriber_on_site setting.pulse_oximeter "
    "setting.observation_2h setting.resuscitation setting.iv_capable setting.compounder "
    "indication.confirmed depression.oral_antidepressant trials.rows_complete "
    "substance.pdmp_checked medications.reviewed logistics.transport logistics.can_stay_2h "
    "logistics.rems_patient_enrolled consent.capacity"
).split()
_NO = (
    "depression.acute_suicidality depression.psychotic_features medical.aneurysmal_disease "
    "medical.avm medical.intracerebral_hemorrhage medical.hypersensitivity medical.recent_mi "
    "medical.arrhythmia medical.stroke_tia medical.hypertensive_encephalopathy medical.raised_icp "
    "medical.hyperthyroidism_uncontrolled medical.porphyria medical.seizures_uncontrolled "
    "medical.respiratory medical.cystitis psych.mania_current psych.severe_personality_disorder "
    "substance.ketamine_misuse substance.intoxicated_today"
).split()
_NONE = (
    "medical.heart_failure medical.raised_iop medical.hepatic medical.renal medical.cognitive "
    "psych.psychosis substance.use_disorder logistics.payer"
).split()
CLEAN: dict[str, Answer] = {
    **dict.fromkeys(_YES, True),
    **dict.fromkeys(_NO, False),
    **dict.fromkeys(_NONE, "none"),
    "setting.prescriber": "psychiatrist",
    "setting.site": "outpatient_clinic",
    "patient.age": 52,
    "patient.sex": "male",
    "patient.weight_kg": Decimal("78.0"),
    "patient.height_cm": Decimal("178.0"),
    "indication.diagnosis": "mdd",
    "scales.phq9": 19,
    "scales.madrs": 31,
    "scales.audit_c": 1,
    "substance.urine_drug_screen": "negative",
    "vitals.systolic": 124,
    "vitals.diastolic": 78,
    "vitals.heart_rate": 72,
    "vitals.spo2": 98,
    "labs.liver": "normal",
    "labs.ecg": "normal",
}

_ON_SITE = (
    "setting.rems_certified setting.prescriber_on_site setting.pulse_oximeter "
    "setting.observation_2h setting.resuscitation setting.iv_capable logistics.can_stay_2h "
    "logistics.rems_patient_enrolled"
).split()
AT_HOME: dict[str, Answer | None] = {
    **dict.fromkeys(_ON_SITE, None),
    "setting.site": "home_telehealth",
    "setting.seen_in_person": True,
}
"""By telehealth at home; what is asked of sites only has no answer."""

WOMAN: dict[str, Answer | None] = {
    "patient.sex": "female",
    "patient.age": 32,
    "patient.can_become_pregnant": True,
    "patient.pregnant": False,
    "patient.contraception": True,
    "patient.breastfeeding": False,
    "labs.pregnancy_test": "negative",
}
PREGNANT: dict[str, Answer | None] = {
    **WOMAN,
    "patient.pregnant": True,
    "patient.contraception": None,
    "labs.pregnancy_test": "positive",
    "medical.preeclampsia": False,
}
_DEPRESSION_ONLY = (
    "depression.acute_suicidality depression.psychotic_features depression.oral_antidepressant "
    "scales.phq9 scales.madrs trials.rows_complete"
).split()


def diagnosed(diagnosis: str, **more: Answer | None) -> dict[str, Answer | None]:
    """Change the diagnosis, with exactly the questions asked for it (no trials in the table)."""
    changes: dict[str, Answer | None] = {"indication.diagnosis": diagnosis}
    if diagnosis == "bipolar_depression":
        changes |= {"depression.oral_antidepressant": None, "bipolar.mood_stabiliser": True}
    elif diagnosis != "mdd":
        changes |= dict.fromkeys(_DEPRESSION_ONLY, None)
    if diagnosis not in ("mdd", "acute_pain", "anesthesia", "other"):
        changes["indication.first_line_tried"] = True
    if diagnosis == "aud":
        changes["substance.use_disorder"] = "remission"
    return {**changes, **more}


def trial(drug: str = "sertraline", **more: Any) -> Trial:
    """A failed adequate trial, unless told otherwise."""
    fields: dict[str, Any] = {
        "daily_dose_mg": Decimal(300),
        "weeks": Decimal(10),
        "outcome": "no_response",
        "adherent": True,
        "current_episode": True,
    }
    return Trial(drug=drug, **{**fields, **more})


TWO_FAILED = (trial("sertraline"), trial("venlafaxine", outcome="partial_response"))


def clean(
    changes: Answers | None = None,
    *,
    trials: Iterable[Trial] | None = None,
    takes: Iterable[str] = ("sertraline",),
    unknown: Iterable[str] = (),
    overrides: Iterable[tuple[str, str]] = (),
) -> Case:
    """Build the clean case, changed; rows of trials only where the diagnosis asks for them."""
    merged = {**CLEAN, **(changes or {})}
    answers = {ident: value for ident, value in merged.items() if value is not None}
    if trials is None:
        asked = answers.get("indication.diagnosis") in (None, "mdd", "bipolar_depression")
        trials = TWO_FAILED if asked else ()
    at = dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC)
    return Case(
        answers=answers,
        trials=tuple(trials),
        medications=tuple(Medication(name=name) for name in takes),
        unknown=frozenset(unknown),
        decision=Decision(
            overrides=tuple(
                Override(pathway=pathway, rule=rule, reason="weighed", by="Dr. A", at=at)
                for pathway, rule in overrides
            )
        ),
    )
