"""What the pages of a saved case say, without a terminal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketatui.cases.drafts import DraftEntry
from ketatui.cases.integrity import reading_of
from ketatui.cases.library import Query
from ketatui.cases.model import Answer, Case
from ketatui.cases.saved_assessment import read_assessment
from ketatui.cases.store import Loaded
from ketatui.consultation.completing import completed
from ketatui.consultation.consultation import Consultation
from ketatui.consultation.words import value_text
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge, compile_pack
from ketatui.engine.reassessment import reassess
from ketatui.reports.changes_since import Since
from ketatui.tui.views.case import Shown, case_sections
from ketatui.tui.views.case_comparison import NOTHING, Side, comparison_sections
from ketatui.tui.views.cases import draft_line, head_line
from ketatui.tui.views.export import ways_of
from ketatui.tui.views.lines import Line
from ketatui.tui.views.pages import Section, lay_out
from ketatui.tui.views.reassessment import again_sections
from tests.effort import tries
from tests.strategies import ROWS, answers_to, shipped
from tests.tui.courses import at_week_five, decided

DAY = dt.date(2026, 11, 21)
ANSWERED = st.fixed_dictionaries(
    {},
    optional={
        ident: answers_to(question)
        for ident, question in shipped().pack.questions.items()
        if ident not in ROWS
    },
)
Filed = Callable[..., Loaded]


def page(knowledge: Knowledge, case: Case, width: int = 100) -> tuple[Section, ...]:
    again = reassess(knowledge, case, DAY)
    return case_sections(
        Shown(knowledge, reading_of(case, knowledge.pack), case, again, again), width
    )


def opened(sections: Iterable[Section], width: int = 100, words: str = "") -> tuple[Line, ...]:
    """Lay a page out with everything open."""
    found = tuple(sections)
    keys = {row.key for section in found for row in section.rows}
    return lay_out(found, keys, width, words).lines


def text_of(lines: Iterable[Line]) -> str:
    return " ".join(" ".join(line.text for line in lines).split())


def with_thresholds(pack: Pack, values: dict[str, int]) -> Pack:
    """Return the pack as if some thresholds had been changed in it."""
    changed = {
        name: item.replaced(value=Decimal(values[name]))
        for name, item in pack.thresholds.items()
        if name in values
    }
    return pack.replaced(thresholds={**pack.thresholds, **changed}, digest="sha256:" + "1" * 64)


# --- one case -------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [33, 78, 96])
def test_a_page_fits_its_width_and_holds_nothing_a_terminal_acts_on(
    filed: Filed, case_of: Callable[[str], Case], knowledge: Knowledge, width: int
) -> None:
    evil = "\x1b[31m[bold]x[/]\u202e" + "wide 語 " * 12
    case = case_of("03")
    notes = {"vitals.systolic": evil, "indication.diagnosis": evil}
    decision = case.decision.replaced(reason=evil, by=evil)
    first = case.replaced(notes=notes, label=evil, decision=decision)
    case = filed(case_of("01"), first).case
    sections = page(knowledge, case, width)
    for line in opened(sections, width):
        if line.width > width:
            print(width, line.width, repr(line.text))
        assert all(letter.isprintable() for letter in line.text), line.text
    assert "\\x1b[31m[bold]x[/]\\u202e" in text_of(opened(sections, width)).replace(" ", "")


def test_a_case_says_what_it_rests_on_and_that_the_criteria_are_the_same(
    filed: Filed, case_of: Callable[[str], Case], knowledge: Knowledge
) -> None:
    said = text_of(opened(page(knowledge, filed(case_of("03")).case)))
    assert "Values read: Aneurysm (aorta, brain, limbs) = yes" in said
    assert "Authority: US label, confidence high" in said
    assert "Source: SPRAVATO (esketamine) nasal spray" in said
    assert "The rule now: the same in ketamine-us 2026.11" in said
    assert "Today the same verdicts for the same reasons" in said
    assert "any more" not in said


def test_what_todays_criteria_no_longer_have_is_shown_as_the_file_holds_it(
    filed: Filed, case_of: Callable[[str], Case], pack: Pack
) -> None:
    case = filed(case_of("03")).case
    assert case.assessment is not None
    finding = next(
        item
        for row in case.assessment["pathways"]
        for item in row["findings"]
        if item["effect"] == "contraindicated"
    )
    source = finding["sources"][0].partition(" §")[0]
    less = pack.replaced(
        rules={key: rule for key, rule in pack.rules.items() if key != finding["rule"]},
        sources={key: item for key, item in pack.sources.items() if key != source},
        digest="sha256:" + "2" * 64,
    )
    lines = opened(page(compile_pack(less), case))
    said = text_of(lines)
    assert f"✗ {finding['rule']} not in today's criteria" in said
    assert " ".join(finding["because"].split())[:60] in said
    assert f"The rule now: not in ketamine-us {pack.info.version} any more" in said
    assert f"Source: {finding['sources'][0]} (not among the sources" in said
    assert "changed since; now ketamine-us 2026.11" in said


def test_a_threshold_that_moved_is_named_on_the_finding_and_as_the_cause_today(
    filed: Filed, case_of: Callable[[str], Case], pack: Pack
) -> None:
    case = case_of("01")
    high = case.replaced(answers={**case.answers, "vitals.systolic": 150})
    saved = filed(high).case
    moved = compile_pack(with_thresholds(pack, {"bp_caution_systolic": 152}))
    said = text_of(opened(page(moved, saved)))
    title = pack.thresholds["bp_caution_systolic"].title
    then = f"{pack.threshold_values['bp_caution_systolic'].normalize():f}"
    assert f"but threshold “{title}” was {then}, is 152" in said
    again = reassess(moved, saved, DAY)
    sections = again_sections(
        Since(moved, read_assessment(saved.assessment)), saved, again, again, 100
    )
    (changes,) = [section for section in sections if section.id == "changes"]
    said = text_of(opened([changes]))
    assert "- Blood pressure elevated today [bp-elevated]: no longer caution; on every" in said
    assert f"because threshold “{title}” was changed from {then} to 152" in said
    assert f"Threshold: {title}, now 152 mmHg" in said
    assert "Now: did not apply" in said
    assert "! Criteria met, with cautions → ✓ Criteria met" in text_of(opened(sections))


def test_again_today_says_plainly_that_nothing_differs_and_what_is_too_old(
    filed: Filed, case_of: Callable[[str], Case], knowledge: Knowledge
) -> None:
    case = filed(case_of("01")).case
    since = Since(knowledge, read_assessment(case.assessment))
    again = reassess(knowledge, case, DAY)
    sections = again_sections(since, case, again, again, 100)
    assert [section.id for section in sections] == ["overview"]
    assert "Nothing differs: the same answers give the same verdicts today." in text_of(
        opened(sections)
    )
    later = DAY + dt.timedelta(days=34)
    kept = reassess(knowledge, case, later, keep_stale=True)
    sections = again_sections(since, case, reassess(knowledge, case, later), kept, 100)
    said = text_of(opened(sections))
    assert "Systolic blood pressure 124 mmHg, 34 days old (from 2026-11-21, counts for" in said
    assert "✓ Criteria met → ? More information needed" in said
    assert "Counted all the same (v): the same verdicts for the same reasons." in said
    assert "because too old to count: Systolic blood pressure" in said


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["id", "rule", "facts", "verdict"]), inner, max_size=3)
    ),
    max_leaves=4,
)


def spoilt(data: Any, draw: st.DrawFn) -> Any:
    """Return data of a file with some part of it replaced by anything."""
    if draw(st.integers(0, 3)) == 0 or not isinstance(data, dict | list) or not data:
        return draw(JUNK)
    if isinstance(data, list):
        place = draw(st.integers(0, len(data) - 1))
        return [*data[:place], spoilt(data[place], draw), *data[place + 1 :]]
    key = draw(st.sampled_from(sorted(data)))
    return {**data, key: spoilt(data[key], draw)}


@settings(max_examples=tries(25), deadline=None)
@given(data=st.data())
def test_whatever_a_file_holds_of_an_assessment_can_be_looked_at(data: st.DataObject) -> None:
    knowledge = shipped()
    case = Case(id="x", answers={"patient.age": 52, "vitals.systolic": 150})
    made: Any = completed(Consultation(knowledge, case, today=lambda: DAY)).assessment
    for _ in range(3):
        key = data.draw(st.sampled_from(sorted(made)))
        made = {**made, key: data.draw(_spoiling(made[key]))}
    broken = case.replaced(assessment=made)
    opened(page(knowledge, broken))
    again = reassess(knowledge, broken, DAY)
    opened(
        again_sections(
            Since(knowledge, read_assessment(broken.assessment)), broken, again, again, 80
        )
    )
    sides = [
        Side.of(reading_of(item, knowledge.pack), Path("x.toml"), 0) for item in (case, broken)
    ]
    opened(comparison_sections(knowledge, sides[0], sides[1], DAY, 80))


@st.composite
def _spoiling(draw: st.DrawFn, part: Any) -> Any:
    return spoilt(part, draw)


def test_finding_keeps_the_heading_of_what_it_finds_and_looks_into_what_is_closed(
    filed: Filed, case_of: Callable[[str], Case], knowledge: Knowledge
) -> None:
    sections = page(knowledge, filed(case_of("03")).case)
    laid = lay_out(sections, (), 100, "systolic")
    text = [line.text for line in laid.lines]
    assert any(line.startswith("2 Answers") for line in text)
    assert any("Systolic blood pressure" in line for line in text)
    assert not any("Copy given" in line for line in text)
    assert set(laid.places) < {row.key for section in sections for row in section.rows}
    assert lay_out(sections, (), 100, "no such words").places == {}


# --- two cases ------------------------------------------------------------------------------------


@settings(max_examples=tries(30), deadline=None)
@given(first=ANSWERED, changes=ANSWERED, gone=st.sets(st.sampled_from(sorted(shipped().order))))
def test_a_comparison_shows_exactly_what_differs(
    first: dict[str, Answer], changes: dict[str, Answer], gone: set[str]
) -> None:
    pack = shipped().pack
    then = {ident: value for ident, value in first.items() if ident not in changes or ident in gone}
    second = {**{k: v for k, v in then.items() if k not in gone}, **changes}
    a, b = Case(id="a", answers=then), Case(id="b", answers=second)
    sides = [
        Side.of(reading_of(case, shipped().pack), Path(f"{case.id}.toml"), 0) for case in (a, b)
    ]
    sections = comparison_sections(shipped(), sides[0], sides[1], DAY, 200)
    rows = next((section.rows for section in sections if section.id == "Answers"), ())
    expected = {
        pack.questions[ident].label: (then.get(ident), second.get(ident), ident)
        for ident in pack.questions
        if then.get(ident) != second.get(ident)
    }
    assert len(rows) == len(expected)
    for row in rows:
        said = text_of(row.head)
        label = next(label for label in expected if said.startswith(f"{label} "))
        one, other, ident = expected.pop(label)
        shown = ["·" if value is None else value_text(pack, ident, value) for value in (one, other)]
        assert said == f"{label} {shown[0]} → {shown[1]}"
    same = then == second
    assert (NOTHING in text_of(opened(sections))) is same
    assert {section.id for section in sections} <= {"sides", "Answers", "now"}
    assert not same or len(sections) == 1


def test_a_way_out_of_a_case_has_one_digit_whether_it_is_in_treatment_or_not() -> None:
    before, later = ways_of(decided()), ways_of(at_week_five())
    assert later[: len(before)] == before
    assert [way.of_visit for way in later[len(before) :]] == [True] * (len(later) - len(before))


def test_the_day_of_a_draft_stands_under_the_days_of_the_cases() -> None:
    now = dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC)
    entry = DraftEntry(Path("a"), "a", "46 M MDD", False, now, 1, False, False, None)
    for width in (60, 80, 100, 120, 200):
        heading = head_line(width, Query()).text
        drawn = draft_line(entry, width)
        assert drawn.text.index("2026-11-21") == heading.index("3 Date")
        assert drawn.width <= width
