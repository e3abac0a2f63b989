"""What a file holds of an assessment: read as far as it can be, the rest named, nothing raised."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ketatui.cases.entries import entry_of
from ketatui.cases.integrity import reading_of
from ketatui.cases.model import Case, Decision
from ketatui.cases.reading import AsSaved
from ketatui.cases.saved_assessment import (
    SavedAssessment,
    SavedFinding,
    SavedPathway,
    assessed_day,
    pathway_at,
    read_assessment,
    verdicts_of,
)
from ketatui.consultation.completing import completed
from ketatui.consultation.consultation import Consultation
from ketatui.consultation.reach import saved_verdict
from ketatui.consultation.reviewing import found_rules
from ketatui.engine import Knowledge
from ketatui.engine.case_status import read_case_status
from ketatui.engine.difference import compare, is_verdict_changed
from ketatui.engine.reassessment import reassess
from ketatui.reports.assessment_shown import seen
from ketatui.reports.cases_csv import row
from ketatui.reports.consent_record import consent_report
from ketatui.reports.fhir.response import response
from ketatui.reports.markdown import markdown
from ketatui.reports.note import note_report
from ketatui.reports.record import record
from ketatui.tui.views.review import Written, review_items
from tests.each import each
from tests.effort import tries
from tests.strategies import shipped

DAY = dt.date(2026, 11, 21)
FINDING = {"rule": "avm", "effect": "contraindicated", "because": "why"}
ROW = {"id": "iv", "verdict": "caution", "rank": 1, "findings": [FINDING], "open": []}


def saved(**changes: Any) -> SavedAssessment:
    return read_assessment({"pathways": [{**ROW, **changes}]})


@lru_cache(maxsize=1)
def made_here(knowledge: Knowledge) -> dict[str, Any]:
    case = Case(answers={"patient.age": 52, "vitals.systolic": 165})
    made = completed(Consultation(knowledge, case, today=lambda: DAY)).assessment
    assert made is not None
    return made


def test_what_the_program_saves_is_understood_whole(knowledge: Knowledge) -> None:
    found = read_assessment(made_here(knowledge))
    assert found.foreign == ()
    assert [item.id for item in found.pathways] == list(knowledge.pack.pathways)
    assert found.day == DAY
    assert found.criteria is not None
    assert found.coverage is not None
    assert not found.in_short


@each(
    ("data", "foreign"),
    [
        ("x", ["assessment"]),
        ({"on": 20261121, "headline": ["x"]}, ["on", "headline"]),
        ({"on": "21 November"}, ["on"]),
        ({"pack": "ours", "next": 3}, ["pack", "next"]),
        ({"pathways": {"iv": "fits"}}, ["pathways"]),
        ({"pathways": ["iv", {"verdict": "fits"}]}, ["pathways[0]", "pathways[1].id"]),
        ({"pathways": [ROW, ROW]}, ["pathways[1].id"]),
        ({"verdicts": {"iv": "splendid"}}, ["verdicts.iv"]),
        ({"unrecognised_medications": ["a", 1]}, ["unrecognised_medications[1]"]),
        (
            {"criteria": {"rules": "a=1", "thresholds": {"low": "ten", "top": Decimal("NaN")}}},
            ["criteria.thresholds.low", "criteria.thresholds.top"],
        ),
        ({"somebody_elses": {"key": 1}}, []),
    ],
)
def test_what_cannot_be_read_is_named_by_its_path(data: Any, foreign: list[str]) -> None:
    assert list(read_assessment(data).foreign) == foreign


@each(
    ("changes", "foreign"),
    [
        ({"verdict": "splendid"}, "pathways[0].verdict"),
        ({"rank": True}, "pathways[0].rank"),
        ({"rank": "1"}, "pathways[0].rank"),
        ({"findings": [{**FINDING, "effect": "worse"}]}, "pathways[0].findings[0].effect"),
        ({"findings": [{**FINDING, "rule": ""}]}, "pathways[0].findings[0].rule"),
        ({"findings": [{**FINDING, "overridden": "yes"}]}, "pathways[0].findings[0].overridden"),
        ({"findings": [{**FINDING, "sources": "x"}]}, "pathways[0].findings[0].sources"),
        ({"open": [3]}, "pathways[0].open[0]"),
    ],
)
def test_a_foreign_part_of_a_pathway_is_named(changes: dict[str, Any], foreign: str) -> None:
    assert saved(**changes).foreign == (foreign,)


def test_a_foreign_verdict_is_shown_as_written_and_decides_nothing() -> None:
    (item,) = saved(verdict="splendid").pathways
    assert (item.verdict, item.known_verdict) == ("splendid", "")
    assert read_case_status(saved(verdict="splendid")).pathways["iv"].verdict == ""


def test_a_finding_without_a_rule_keeps_its_reason() -> None:
    (item,) = saved(findings=[{"because": "why"}]).pathways
    assert item.findings == (SavedFinding(because="why"),)
    assert read_case_status(saved(findings=[{"because": "why"}])).pathways["iv"].rules == {}


def test_of_two_pathways_with_one_id_the_first_counts_everywhere() -> None:
    data = {"pathways": [{**ROW, "verdict": "unmet"}, {**ROW, "verdict": "fits"}]}
    found = read_assessment(data)
    case = Case(assessment=data)
    assert found.pathway("iv") == found.pathways[0]
    assert read_case_status(found).pathways["iv"].verdict == "unmet"
    assert verdicts_of(data) == {"iv": "unmet"}
    assert saved_verdict(case, "iv") == "unmet"


def test_an_overridden_finding_weighs_as_a_caution_in_every_list(knowledge: Knowledge) -> None:
    unmet = {"rule": "bp-hold", "effect": "unmet"}
    data = {"pathways": [{**ROW, "findings": [{**FINDING, "overridden": True}, unmet]}]}
    (item,) = read_assessment(data).pathways
    assert item.worst_finding is not None
    assert item.worst_finding.rule == "bp-hold"
    case = Case(id="x", decision=Decision(pathway="iv"), assessment=data)
    entry = entry_of(AsSaved(case), Path("x.toml"), dt.datetime.now(dt.UTC), knowledge.pack)
    assert (entry.worst_effect, entry.worst_rule) == ("unmet", "bp-hold")


def test_a_history_keeps_verdicts_only() -> None:
    found = read_assessment({"verdicts": {"iv": "caution"}})
    assert found.in_short
    assert found.pathways == (SavedPathway("iv", "caution", reasons=False),)
    assert found.foreign == ()


def test_a_pathway_whose_findings_are_gone_is_shown_as_saved(knowledge: Knowledge) -> None:
    data = {"pathways": [{"id": "iv", "verdict": "unmet"}]}
    reading = reading_of(Case(assessment=data), knowledge.pack)
    found = seen(knowledge, reading, DAY)
    assert not found.fresh
    assert [(item.verdict, item.reasons) for item in found.pathways] == [("unmet", False)]


def test_the_record_and_the_note_name_what_they_could_not_read(knowledge: Knowledge) -> None:
    data = {"pathways": [{**ROW, "rank": "first"}]}
    reading = reading_of(Case(id="x", assessment=data), knowledge.pack)
    said = "Parts of the assessment that cannot be read"
    assert f"{said}: pathways[0].rank" in record(knowledge.pack, reading)
    note = markdown(note_report(knowledge, reading, DAY).blocks)
    assert said in note
    assert "rank" in note


KEYS = (
    "id rule facts verdict verdicts pathways findings open effect because sources needs on pack "
    "criteria rules thresholds support derived drug_classes contradictions questions next question "
    "coverage rank headline version digest unrecognised_medications iv overridden"
).split()
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals()
    | st.floats()
    | st.dates()
    | st.sampled_from(["iv", "caution", "fits", "unmet", "a=1 b=2"])
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5)
    ),
    max_leaves=12,
)


@st.composite
def altered(draw: st.DrawFn, data: Any) -> Any:
    """Return data of a file with some part of it replaced by anything."""
    if draw(st.integers(0, 3)) == 0 or not isinstance(data, dict | list) or not data:
        return draw(ANYTHING)
    if isinstance(data, list):
        place = draw(st.integers(0, len(data) - 1))
        return [*data[:place], draw(altered(data[place])), *data[place + 1 :]]
    key = draw(st.sampled_from(sorted(data)))
    return {**data, key: draw(altered(data[key]))}


@settings(max_examples=tries(40), deadline=None)
@given(data=ANYTHING)
def test_verdicts_read_alone_are_those_of_the_whole(data: Any) -> None:
    standing = read_case_status(read_assessment(data))
    assert verdicts_of(data) == {key: item.verdict for key, item in standing.pathways.items()}
    assert assessed_day(data) == standing.on


def test_a_row_is_named_by_its_place_in_the_file() -> None:
    rows = [ROW, "no table", {"id": 7}, {"id": "im"}]
    named = [pathway_at({"pathways": rows}, place) for place in range(5)]
    assert named == ["iv", "", "", "im", ""]
    assert pathway_at({"pathways": "none"}, 0) == pathway_at(None, 0) == ""


# Shrinking a whole assessment takes minutes; what failed is in the message.
@settings(max_examples=tries(12), deadline=None, phases=[Phase.explicit, Phase.generate])
@given(data=st.data())
def test_no_way_out_of_the_program_stumbles_over_what_a_file_holds(data: st.DataObject) -> None:
    knowledge = shipped()
    made: Any = dict(made_here(knowledge))
    for _ in range(3):
        key = data.draw(st.sampled_from(sorted(made)))
        made = {**made, key: data.draw(altered(made[key]))}
    made = data.draw(st.one_of(st.just(made), st.dictionaries(st.sampled_from(KEYS), ANYTHING)))
    case = Case(
        id="x", answers={"patient.age": 52}, assessment=made, decision=Decision(pathway="iv")
    )
    reading = reading_of(case, knowledge.pack)
    record(knowledge.pack, reading)
    markdown(note_report(knowledge, reading, DAY).blocks)
    markdown(consent_report(knowledge, reading, DAY).blocks)
    row(knowledge, reading, DAY)
    response(knowledge, reading, DAY)
    review_items(knowledge.pack, reading, Written(), (), None)
    found_rules(case)
    entry_of(AsSaved(case), Path("x.toml"), dt.datetime.now(dt.UTC), knowledge.pack)
    again = reassess(knowledge, case, DAY)
    compare(made, again.assessment)
    changed = any(item.verdict_changed for item in again.difference.pathways)
    assert is_verdict_changed(made, again.assessment) == changed
