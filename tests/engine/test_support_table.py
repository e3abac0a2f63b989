"""The indication support table, transcribed by hand, and the rules it carries."""

from __future__ import annotations

from itertools import product

from ketatui.cases.model import Answer
from ketatui.engine import Knowledge, PathwayAssessment, assess
from tests.each import each
from tests.engine.clean import ON, PATHWAYS, TWO_FAILED, clean, diagnosed

# A + is on-label, a - off-label; "r" is NR by mdd-not-resistant, grade D.
MDD = {
    "trd": "A+ B- D- D-",
    "suicidal": "A+ C- D- E-",
    "neither": "NI r r r",
}
OTHERS = {
    "bipolar_depression": "NI D- E- E-",
    "ptsd": "NI E- E- E-",
    "ocd": "NI D- E- E-",
    "anxiety": "NI D- E- E-",
    "aud": "NI D- E- E-",
    "crps": "NI C- E- E-",
    "neuropathic_pain": "NI D- E- E-",
    "chronic_pain_other": "NI E- E- E-",
    "acute_pain": "NI C- D- E-",
    "migraine": "NI E- E- E-",
    "anesthesia": "NI A+ A+ NI",
    "other": "NI E- E- E-",
}
RULE_OF = {
    "NI": "indication",
    "D-": "weak-evidence",
    "E-": "insufficient-evidence",
    "r": "mdd-not-resistant",
}
RULES = tuple(RULE_OF.values())
KLEENE: tuple[bool | None, ...] = (True, False, None)


def possible_rows(diagnosis: str | None, trd: bool | None, suicidal: bool | None) -> list[str]:
    """Every row the unknown facts could still turn out to be in."""
    rows = []
    if diagnosis in ("mdd", None):
        for resistant, acute in product([True, False], repeat=2):
            if trd in (resistant, None) and suicidal in (acute, None):
                rows.append(MDD["trd" if resistant else "suicidal" if acute else "neither"])
    if diagnosis is None:
        rows += OTHERS.values()
    elif diagnosis != "mdd":
        rows.append(OTHERS[diagnosis])
    return list(dict.fromkeys(rows)) if len(set(rows)) == 1 else rows


def judged(
    knowledge: Knowledge, diagnosis: str | None, trd: bool | None, suicidal: bool | None
) -> tuple[PathwayAssessment, ...]:
    asked = diagnosis in (None, "mdd", "bipolar_depression")
    changes: dict[str, Answer | None] = {**diagnosed(diagnosis or "mdd")}
    changes["indication.diagnosis"] = diagnosis
    if asked:
        changes["depression.acute_suicidality"] = suicidal
        changes["depression.imminent_risk"] = False if suicidal else None
        changes["trials.rows_complete"] = None if trd is None else True
    trials = TWO_FAILED[: 2 if trd else 1] if asked and trd is not None else ()
    return assess(knowledge, clean(changes, trials=trials), ON, with_changes=False).pathways


def check(pathway: PathwayAssessment, cells: list[str]) -> None:
    opened = {item.rule for item in pathway.open}
    for code, rule in RULE_OF.items():
        if rule == "insufficient-evidence" and pathway.id == "spravato":
            continue
        says = [cell == code for cell in cells]
        if rule == "mdd-not-resistant" and pathway.id == "spravato":
            says = [False]
        state = True if all(says) else None if any(says) else False
        found = pathway.finding(rule)
        assert (found is not None) is (state is True), (pathway.id, rule)
        assert (rule in opened) is (state is None), (pathway.id, rule)


@each("diagnosis", [None, "mdd", *OTHERS])
def test_a_support_rule_is_true_open_or_false_as_the_possible_rows_say(
    knowledge: Knowledge, diagnosis: str | None
) -> None:
    for trd, suicidal in product(KLEENE, repeat=2):
        rows = possible_rows(diagnosis, trd, suicidal)
        for number, pathway in enumerate(judged(knowledge, diagnosis, trd, suicidal)):
            cells = [row.split()[number] for row in rows]
            check(pathway, cells)
            cell = cells[0] if len(rows) == 1 else "NI"
            grade = {"NI": None, "r": "D"}.get(cell, cell[0])
            basis = {"NI": None, "r": "off_label"}.get(
                cell, "on_label" if cell[-1] == "+" else "off_label"
            )
            assert (pathway.grade, pathway.basis) == (grade, basis), (pathway.id, trd, suicidal)


EFFECTS = {
    "indication": ("not_indicated", "us_label"),
    "weak-evidence": ("caution", "guideline"),
    "insufficient-evidence": ("not_recommended", "guideline"),
    "mdd-not-resistant": ("not_recommended", "guideline"),
}


@each("diagnosis", ["mdd", *OTHERS])
def test_a_support_rule_has_the_effect_and_authority_of_its_line(
    knowledge: Knowledge, diagnosis: str
) -> None:
    for pathway in judged(knowledge, diagnosis, False, False):
        for rule in RULES:
            finding = pathway.finding(rule)
            if finding is not None:
                assert (finding.effect, finding.authority) == EFFECTS[rule]


def test_both_resistant_and_suicidal_is_graded_as_resistant(knowledge: Knowledge) -> None:
    found = judged(knowledge, "mdd", True, True)
    assert [item.grade for item in found] == ["A", "B", "D", "D"]
    assert {item.support_row for item in found} == {"mdd-resistant"}


def test_neither_resistant_nor_suicidal_carries_no_second_caution(knowledge: Knowledge) -> None:
    for pathway in judged(knowledge, "mdd", False, False)[1:]:
        assert pathway.finding("mdd-not-resistant") is not None
        assert pathway.finding("weak-evidence") is None
        assert pathway.verdict == "not_recommended"


def test_the_codes_of_diagnosis_are_those_of_the_table(knowledge: Knowledge) -> None:
    options = knowledge.pack.questions["indication.diagnosis"].options
    assert [item.code for item in options] == ["mdd", *OTHERS]
    assert set(knowledge.pack.pathway_ids) == set(PATHWAYS)
