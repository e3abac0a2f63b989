"""A finding names the medicine behind a class, and a trial why it does not count."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ketatui.cases.model import Case
from ketatui.consultation.words import why_not
from ketatui.engine import Knowledge, assess, establish
from ketatui.reports.summary import summary
from ketatui.tui.views.explain import explain_lines
from tests.each import each
from tests.engine.clean import ON, clean, trial

SHORT = trial("bupropion xl", daily_dose_mg=Decimal(150), weeks=Decimal(5))


def told() -> Case:
    rows = [trial("sertraline"), SHORT, trial("gepirone")]
    return clean(trials=rows, takes=["lorazepam 1 mg qhs", "gabapentin", "sertraline"])


def test_every_report_names_the_medicines_behind_a_class(knowledge: Knowledge) -> None:
    case = told()
    found = assess(knowledge, case, ON)
    named = "Medicines: lorazepam 1 mg qhs, gabapentin"
    assert named in summary(knowledge.pack, case, found)
    lines = explain_lines(knowledge, found, "spravato", 100, by_authority=False)
    assert any(named in item.text for item in lines)
    (spray, *_) = found.to_data()["pathways"]
    said = {item["rule"]: item.get("medicines") for item in spray["findings"]}
    assert said["cns-depressants"] == ["lorazepam 1 mg qhs", "gabapentin"]


def test_explain_says_of_each_trial_why_it_does_not_count(knowledge: Knowledge) -> None:
    found = assess(knowledge, told(), ON)
    lines = [
        item.text.strip()
        for item in explain_lines(knowledge, found, "spravato", 100, by_authority=False)
    ]
    at = lines.index("Trials that do not count, and why")
    assert lines[at + 1 : at + 3] == [
        "bupropion: below 300 mg, short by 1 week",
        "gepirone: open: the dose, or whether it was adequate",
    ]
    other = assess(knowledge, clean(), ON)
    text = "".join(i.text for i in explain_lines(knowledge, other, "iv", 100, by_authority=False))
    assert "Trials that do not count" not in text


@each(
    ("fields", "said"),
    [
        ({}, ""),
        ({"weeks": Decimal(4)}, "short by 2 weeks"),
        ({"kind": "augmentation"}, "not an antidepressant"),
        (
            {"outcome": "response", "adherent": False},
            "not taken as prescribed, helped, or not tolerated",
        ),
        ({"outcome": None, "weeks": None}, "open: the outcome, the weeks"),
    ],
)
def test_why_a_trial_does_not_count(
    knowledge: Knowledge, fields: dict[str, Any], said: str
) -> None:
    (judged,) = establish(knowledge, clean(trials=[trial(**fields)])).trials.judgments
    assert why_not(judged) == said
