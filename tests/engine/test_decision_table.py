"""Every line of the decision table: true in its witness, false in its near miss, as it says."""

from __future__ import annotations

import datetime as dt

import pytest

from ketatui.cases.model import Case
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge, assess, compile_pack
from ketatui.engine.assessment import SEVERITY
from tests.each import each
from tests.engine.clean import ON, PATHWAYS, TWO_FAILED, clean, diagnosed
from tests.engine.decision_table import ELSEWHERE, OPTIONAL, TABLE
from tests.engine.lines import Changes, Line, Rows, rows
from tests.further import INFUSIONS, with_infusions

each_line = each("line", TABLE)


def case_of(line: Line, changes: Changes, takes: tuple[str, ...], tables: Rows) -> Case:
    takes = takes or ("sertraline",)
    case = clean(changes, takes=takes, trials=TWO_FAILED[:1] if line.one_trial else None)
    case = case.replaced(tables={name: rows for name, rows in tables.items() if rows})
    if line.item_9 is None:
        return case
    return case.replaced(scale_items={"scales.phq9": {"self_harm": line.item_9}})


def test_the_clean_case_is_clean(knowledge: Knowledge) -> None:
    found = assess(knowledge, clean(), ON)
    assert [item.verdict for item in found.pathways] == ["fits", "fits", "caution", "caution"]
    assert {rule.rule for item in found.pathways for rule in item.open} == set(), "open"
    assert all(item.complete for item in found.pathways)
    assert found.contradictions == ()
    assert found.next is None


def test_the_pack_has_exactly_the_rules_of_the_table(pack: Pack) -> None:
    said = {line.rule for line in TABLE} | ELSEWHERE
    new, gone = sorted(set(pack.rules) - said), sorted(said - set(pack.rules))
    assert not new, f"no line in tests/engine/decision_table.py for {', '.join(new)}"
    assert not gone, f"tests/engine/decision_table.py has no longer a rule for {', '.join(gone)}"
    assert len({line.rule for line in TABLE}) == len(TABLE)
    assert {rule.id for rule in pack.rules.values() if rule.optional} == OPTIONAL
    dated = {rule.id for rule in pack.rules.values() if rule.valid_until}
    assert dated == {"telehealth-flexibility"}
    assert tuple(pack.pathway_ids) == PATHWAYS


@each_line
def test_a_rule_applies_in_its_witness_with_its_effect_and_authority(
    knowledge: Knowledge, line: Line
) -> None:
    found = assess(knowledge, case_of(line, line.true, line.takes, line.tables), ON)
    assert found.contradictions == ()
    for number, name in enumerate(PATHWAYS):
        pathway, effect = found.pathway(name), line.effect(number)
        finding = pathway.finding(line.rule)
        assert (finding.effect if finding else None) == effect, name
        if finding is None:
            continue
        assert finding.authority == line.authority_on(number), name
        assert SEVERITY[pathway.verdict] >= SEVERITY[finding.effect]
        assert finding.because
        assert finding.do
        assert finding.sources
        assert finding.facts


@each_line
def test_a_rule_does_not_apply_in_its_near_miss_and_is_decided(
    knowledge: Knowledge, line: Line
) -> None:
    case = case_of(line, line.near_miss, line.takes_instead, line.tables_instead)
    found = assess(knowledge, case, ON, with_changes=False)
    for pathway in found.pathways:
        assert pathway.finding(line.rule) is None, pathway.id
        assert line.rule not in {rule.rule for rule in pathway.open}, pathway.id


def test_a_line_can_say_how_many_rows_a_further_table_has(pack: Pack) -> None:
    knowledge = compile_pack(with_infusions(pack))
    row = {"clinic": "North", "dose_mg": 40, "number": 1, "route": "iv"}
    line = rows("infusions-elsewhere", "- ! - -", "local", INFUSIONS, row, 1, 0)
    witness = case_of(line, line.true, line.takes, line.tables)
    near = case_of(line, line.near_miss, line.takes_instead, line.tables_instead)
    for case, effects in ((witness, {"iv": "caution"}), (near, {})):
        pathways = assess(knowledge, case, ON, with_changes=False).pathways
        found = {item.id: item.finding(line.rule) for item in pathways}
        assert {name: rule.effect for name, rule in found.items() if rule} == effects


def test_compounded_ketamine_always_carries_its_caution(knowledge: Knowledge) -> None:
    for case in (clean(), Case()):
        found = assess(knowledge, case, ON)
        holders = [item.id for item in found.pathways if item.finding("unapproved-compound")]
        assert holders == ["oral"]
        finding = found.pathway("oral").finding("unapproved-compound")
        assert finding is not None
        assert (finding.effect, finding.authority) == ("caution", "fda_alert")


@pytest.mark.parametrize(
    ("day", "effect", "verdict"),
    [
        (dt.date(2026, 12, 31), "caution", "not_recommended"),
        (dt.date(2027, 1, 1), "unmet", "not_recommended"),
    ],
)
def test_prescribing_after_video_alone_lapses_with_its_last_day(
    knowledge: Knowledge, day: dt.date, effect: str, verdict: str
) -> None:
    line = next(item for item in TABLE if item.rule == "telehealth-flexibility")
    oral = assess(knowledge, clean(line.true), day).pathway("oral")
    finding = oral.finding("telehealth-flexibility")
    assert finding is not None
    assert (finding.effect, oral.verdict) == (effect, verdict)
    overridden = clean(line.true, overrides=[("oral", "home-setting")])
    after = assess(knowledge, overridden, day).pathway("oral")
    assert after.verdict == effect


def test_anesthesia_under_18_is_only_outside_the_spray(knowledge: Knowledge) -> None:
    found = assess(knowledge, clean(diagnosed("anesthesia", **{"patient.age": 17})), ON)
    assert [bool(item.finding("under-18")) for item in found.pathways] == [
        True,
        False,
        False,
        False,
    ]
