"""Every rule of the pack decides a practice case, or the pack says why it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from ketatui.cases.errors import CaseError
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge
from ketatui.practice.coverage import deciding, load_undecided, never_practiced
from ketatui.practice.loading import (
    PracticeLibrary,
)
from ketatui.practice.screening_and_visits import rules_of
from ketatui.practice.stages import parts_of
from ketatui.practice.tables import practice_folder
from ketatui.practice.whole import Done, appraise_run
from tests.practice.support import perfect


@pytest.fixture(scope="module")
def decide(knowledge: Knowledge, packs: PracticeLibrary) -> frozenset[str]:
    """The rules that decide one of them."""
    return deciding(knowledge, packs.cases.values())


@pytest.fixture(scope="module")
def undecided(pack: Pack) -> dict[str, str]:
    """The pack's reasons for rules without a case."""
    found = load_undecided(practice_folder(pack))
    assert found is not None
    return found


def test_every_rule_decides_a_case_or_the_pack_says_why_not(
    pack: Pack, decide: frozenset[str], undecided: dict[str, str]
) -> None:
    assert list(never_practiced(rules_of(pack), decide, undecided)) == []
    assert all(undecided.values())
    # An excuse is for what cannot be practiced, not for what nobody wrote.
    assert len(undecided) <= len(rules_of(pack)) // 10


def test_a_rule_sets_the_verdict_of_the_case_it_decides(
    knowledge: Knowledge, packs: PracticeLibrary
) -> None:
    found = deciding(knowledge, [packs.cases["side-street"]])
    assert found == {"resuscitation-unstable", "resuscitation", "compounding-pharmacy"}


def test_the_rules_of_visits_are_held_too(pack: Pack, decide: frozenset[str]) -> None:
    visits = set(pack.course.rules)
    assert {"gate-bp-hold", "dose-day-1", "leave-maoi", "report-serious"} <= visits & decide
    gone = "rule leave-maoi decides no practice case; write one, or say why in undecided.toml"
    assert gone in list(never_practiced(rules_of(pack), decide - {"leave-maoi"}, {}))


def test_a_rule_without_a_case_and_a_needless_excuse_are_named(
    pack: Pack, decide: frozenset[str], undecided: dict[str, str]
) -> None:
    fewer = decide - {"porphyria"}
    assert list(never_practiced(rules_of(pack), fewer, undecided)) == [
        "rule porphyria decides no practice case; write one, or say why in undecided.toml"
    ]
    more = {**undecided, "avm": "it is rare", "gone": "it was taken out"}
    assert list(never_practiced(rules_of(pack), decide, more)) == [
        "undecided.toml: avm decides a practice case; take it out",
        "undecided.toml: there is no rule gone",
    ]


def test_a_pack_need_not_have_the_list_and_may_not_have_a_broken_one(tmp_path: Path) -> None:
    assert load_undecided(tmp_path) is None
    (tmp_path / "undecided.toml").write_text('[[undecided]]\nrules = ["avm"]\n', "utf-8")
    with pytest.raises(CaseError, match=r"undecided\.toml:1: .*because"):
        load_undecided(tmp_path)


@pytest.mark.long
def test_who_answers_as_the_case_does_scores_in_full_in_every_stage(
    knowledge: Knowledge, packs: PracticeLibrary
) -> None:
    staged = [case for case in packs.cases.values() if case.file.stages]
    assert len(staged) >= 14
    for case in staged:
        parts = parts_of(knowledge, case)
        done = [Done(part.case.right, perfect(part.knowledge, part.case)) for part in parts]
        found = appraise_run(packs.rubric, parts, done)
        assert found.points == found.most, case.id
        assert not found.harm
