"""A case whose every text tries to be something else."""

from __future__ import annotations

NASTY = (
    "# heading **bold** [link](javascript:alert) <b>html</b> `code` ~~no~~ | cell | &amp; "
    "![picture](x) http://example.test www.example.test a@example.test _under_ * - + 1. $x$"
)
BEGINNINGS = ("# h", "- item", "+ item", "* item", "1. one", "2) two", "> q", "===", "---", "~~~")

CASE = """\
schema = 1
label = "two trials, one unknown"
unknown = ["medical.avm", "medical.renal", "scales.phq9", "labs.ecg"]

[answers.setting]
dea_ciii = true
site = "outpatient_clinic"
seen_in_person = false

[answers.patient]
age = 44
sex = "female"
weight_kg = 70.5
height_cm = 171

[answers.indication]
diagnosis = "mdd"

[answers.vitals]
systolic = 165
diastolic = 84

[scale_items."scales.audit_c"]
frequency = 2

[notes]
"vitals.systolic" = "after 5 min of rest"
"medical.stroke_tia" = "ask the family"

[[antidepressant_trials]]
drug = "sertraline"
daily_dose_mg = 150
weeks = 10
outcome = "no_response"
adherent = true

[[medications]]
name = "lorazepam"
dose = "0.5 mg"
"""
