"""What is asked of a record system for one patient: the same by prefetch and by address."""

from __future__ import annotations

from ketatui.criteria.models.records import RecordFile
from ketatui.criteria.pack import Pack
from ketatui.records.values import LOINC

PATIENT = "patient"
STATEMENTS, CONDITIONS, FORMS = "statements", "conditions", "forms"
OPTIONAL = (STATEMENTS, CONDITIONS, FORMS)
"""What a record can be read without: not every server has it, or lets it be read."""
_MOST = 1000
"""Resources that are asked for at once: the newest first."""


def searches(pack: Pack, mapping: RecordFile, patient: str) -> dict[str, str]:
    """Return what is read and searched for, relative to the address of a FHIR server.

    Args:
        pack: The questions and instruments.
        mapping: Which codes answer what.
        patient: The id, or what stands for it in a template.
    """
    of = f"patient={patient}"
    codes = ",".join(f"{LOINC}|{code}" for code in _codes(pack, mapping))
    medicines = mapping.medicines
    found = {
        PATIENT: f"Patient/{patient}",
        "observations": f"Observation?{of}&code={codes}&_sort=-date&_count={_MOST}",
        "orders": f"MedicationRequest?{of}&status={','.join(medicines.orders)}"
        f"&_include=MedicationRequest:medication&_count={_MOST}",
        STATEMENTS: f"MedicationStatement?{of}&status={','.join(medicines.statements)}"
        f"&_include=MedicationStatement:medication&_count={_MOST}",
    }
    if mapping.conditions is not None:
        found[CONDITIONS] = f"Condition?{of}&_count={_MOST}"
    if mapping.forms is not None:
        statuses = ",".join(mapping.forms.statuses)
        found[FORMS] = f"QuestionnaireResponse?{of}&status={statuses}&_count={_MOST}"
    return found


def _codes(pack: Pack, mapping: RecordFile) -> list[str]:
    codes = {code for item in mapping.readings for code in item.codes}
    codes |= {code for coded in mapping.coded for code in coded.codes}
    codes |= {code for item in mapping.limits for test in item.tests for code in test.codes}
    questions = {item.question for item in mapping.scales}
    for one in pack.instruments.values():
        if one.question in questions:
            codes |= {code for code in (one.loinc_panel, one.loinc_total) if code}
            codes |= {item.loinc for item in one.items if item.loinc}
    return sorted(codes)
