"""Which pathway comes first, and what a clinician can set aside."""

from __future__ import annotations

from itertools import groupby

import pytest
from hypothesis import given, settings

from ketatui.cases.model import Answer
from ketatui.engine import Knowledge, assess
from tests.each import each
from tests.effort import tries
from tests.engine.clean import AT_HOME, CLEAN, ON, PATHWAYS, PREGNANT, TWO_FAILED, clean, diagnosed
from tests.strategies import Thinned, shipped, thinned

TIERS = (
    ("fits", "caution"),
    ("incomplete",),
    ("unmet",),
    ("not_recommended",),
    ("not_indicated",),
    ("contraindicated",),
)


@each(
    ("changes", "order"),
    [
        ({}, "spravato iv im oral"),
        ({"setting.prescriber_on_site": False}, "iv im oral spravato"),
        (diagnosed("anesthesia"), "iv im spravato oral"),
        (diagnosed("crps"), "iv im oral spravato"),
        # One caution more on label still goes before off label.
        ({"medical.renal": "dialysis"}, "spravato iv im oral"),
        ({"setting.iv_capable": False}, "spravato im oral iv"),
        ({"medical.recent_mi": True}, "spravato iv im oral"),
        ({"medical.raised_icp": True}, "iv im oral spravato"),
        # The same grade: fewer cautions first.
        ({"patient.weight_kg": 120, "setting.iv_capable": False}, "spravato oral im iv"),
    ],
)
def test_pathways_are_ranked(
    knowledge: Knowledge, changes: dict[str, Answer | None], order: str
) -> None:
    found = assess(knowledge, clean(changes), ON)
    assert [item.id for item in found.ranked] == order.split()


def test_the_headline_names_the_verdicts_and_their_pathways_best_first(
    knowledge: Knowledge,
) -> None:
    found = assess(knowledge, clean({"setting.prescriber_on_site": False}), ON)
    assert [item.id for item in found.ranked] == ["iv", "im", "oral", "spravato"]
    words, pathways = knowledge.pack.wording.verdicts, knowledge.pack.pathways
    assert found.headline == ". ".join(
        f"{words[verdict].title}: {', '.join(pathways[item.id].title for item in group)}"
        for verdict, group in groupby(found.ranked, key=lambda item: item.verdict)
    )


@given(drawn=thinned(CLEAN))
@settings(max_examples=tries(25), deadline=None)
def test_the_order_is_tier_then_label_then_grade_then_cautions_then_route(drawn: Thinned) -> None:
    ranked = assess(shipped(), drawn.less, ON, with_changes=False).ranked

    def key(number: int) -> tuple[int, int, str, int, int]:
        item = ranked[number]
        tier = next(place for place, names in enumerate(TIERS) if item.verdict in names)
        label = ("on_label", "off_label", None).index(item.basis)
        cautions = len([line for line in item.findings if line.counts_as == "caution"])
        return tier, label, item.grade or "F", cautions, PATHWAYS.index(item.id)

    assert [key(number) for number in range(4)] == sorted(key(number) for number in range(4))


def test_overriding_not_recommended_reads_as_a_caution_and_shows(knowledge: Knowledge) -> None:
    case = clean(PREGNANT, overrides=[("iv", "pregnancy")])
    found = assess(knowledge, case, ON)
    assert [item.verdict for item in found.pathways][:2] == ["not_recommended", "caution"]
    finding = found.pathway("iv").finding("pregnancy")
    assert finding is not None
    assert (finding.effect, finding.counts_as, finding.overridden) == (
        "not_recommended",
        "caution",
        True,
    )
    shown = found.to_data()["pathways"][1]["findings"]
    assert [item["overridden"] for item in shown if item["rule"] == "pregnancy"] == [True]


def test_what_is_open_and_overridden_is_feared_as_the_caution_it_would_be(
    knowledge: Knowledge,
) -> None:
    aside = [("iv", "stroke-tia")]
    for missing, worst in (((), "caution"), (("medical.avm",), "contraindicated")):
        case = clean(dict.fromkeys(("medical.stroke_tia", *missing)), overrides=aside)
        found = assess(knowledge, case, ON)
        assert (found.pathway("iv").best, found.pathway("iv").worst) == ("fits", worst)
        plain = "contraindicated" if missing else "not_recommended"
        assert found.pathway("spravato").worst == plain
    after = assess(knowledge, clean({"medical.stroke_tia": True}, overrides=aside), ON)
    assert after.pathway("iv").verdict == "caution"


def test_overriding_a_caution_leaves_the_caution_in_sight(knowledge: Knowledge) -> None:
    case = clean({"medical.arrhythmia": True}, overrides=[("spravato", "arrhythmia")])
    found = assess(knowledge, case, ON).pathway("spravato")
    assert found.verdict == "caution"
    finding = found.finding("arrhythmia")
    assert finding is not None
    assert finding.overridden


@pytest.mark.parametrize(
    ("changes", "pathway", "rule", "verdict"),
    [
        ({"medical.avm": True}, "iv", "avm", "contraindicated"),
        (diagnosed("crps"), "spravato", "indication", "not_indicated"),
        ({"logistics.transport": False}, "iv", "transport", "unmet"),
        ({"depression.acute_suicidality": True}, "iv", "suicidality-not-prevention", None),
    ],
)
def test_nothing_else_can_be_overridden(
    knowledge: Knowledge,
    changes: dict[str, Answer | None],
    pathway: str,
    rule: str,
    verdict: str | None,
) -> None:
    if verdict is None:
        changes = {**changes, "depression.imminent_risk": False}
    plain = assess(knowledge, clean(changes), ON).pathway(pathway)
    tried = assess(knowledge, clean(changes, overrides=[(pathway, rule)]), ON).pathway(pathway)
    assert tried == plain
    assert verdict in (None, tried.verdict)


def test_an_override_is_for_one_pathway_and_one_rule(knowledge: Knowledge) -> None:
    changes = {"medical.stroke_tia": True, "depression.psychotic_features": True}
    found = assess(knowledge, clean(changes, overrides=[("iv", "stroke-tia")]), ON)
    assert {item.verdict for item in found.pathways} == {"not_recommended"}
    other = found.pathway("iv").finding("psychotic-depression")
    assert other is not None
    assert not other.overridden


def test_an_override_closes_nothing_that_is_open(knowledge: Knowledge) -> None:
    case = clean({"medical.stroke_tia": None}, overrides=[("iv", "stroke-tia")])
    assert assess(knowledge, case, ON).pathway("iv").verdict == "incomplete"


def test_after_a_lapsed_date_what_is_unmet_can_not_be_overridden(knowledge: Knowledge) -> None:
    from_home: dict[str, Answer | None] = {"setting.seen_in_person": False}
    rules = ("home-setting", "telehealth-flexibility")
    case = clean(
        {**AT_HOME, **from_home}, trials=TWO_FAILED, overrides=[("oral", rule) for rule in rules]
    )
    assert assess(knowledge, case, ON).pathway("oral").verdict == "caution"
    assert assess(knowledge, case, ON.replace(year=2027)).pathway("oral").verdict == "unmet"
