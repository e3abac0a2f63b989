"""A local policy may add rules of visits and make them graver, and nothing else of them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from ketatui.course import CourseKnowledge, assess_visit, compile_course
from ketatui.criteria.course import load_course
from ketatui.criteria.default import default_folder
from ketatui.criteria.loading import load_pack
from ketatui.criteria.pack import Pack
from ketatui.criteria.problems import PackError
from ketatui.engine import compile_pack
from tests.course.support import DAY, course_of, screened, screening_knowledge, visit_of

HEAD = 'id = "north"\ntitle = "North Clinic"\n'
RULE = """
[[visit_rules]]
id = "north-ice"
decision = "leave"
title = "Pressure above 130 at leaving"
when = "visit.dose_mg > 0 and visit.last_systolic > 130"
because = "The clinic waits for 130 mmHg."
do = "Wait, and take it again."
authority = "local"
confidence = "medium"
sources = ["spravato-pi"]
effects = { spravato = "unmet", racemic = "caution" }
"""


def with_policy(tmp_path: Path, text: str) -> Pack:
    path = tmp_path / "policy.toml"
    path.write_text(HEAD + text, "utf-8")
    return load_pack(default_folder({}), path)


def compiled(tmp_path: Path, text: str) -> CourseKnowledge:
    return compile_course(compile_pack(with_policy(tmp_path, text)))


def problem(tmp_path: Path, text: str) -> str:
    with pytest.raises(PackError) as raised:
        compiled(tmp_path, text)
    [found] = raised.value.problems
    return str(found)


def test_a_rule_that_is_added_judges_visits_and_says_that_it_is_local(tmp_path: Path) -> None:
    knowledge = compiled(tmp_path, RULE)
    high = {"minute": 175, "systolic": 136, "diastolic": 80, "spo2": 98, "sedation": 5,
            "dissociation": "none"}  # fmt: skip
    for pathway, effect in (("spravato", "unmet"), ("iv", "caution")):
        visit = visit_of(pathway, watched=(high,))
        course = course_of(pathway, [visit])
        case = screened().replaced(courses=(course,))
        found = assess_visit(knowledge, case, course, visit, DAY).decision("leave")
        finding = found.finding("north-ice")
        assert finding is not None
        assert (finding.effect, finding.authority, finding.local) == (effect, "local", True)


def test_an_effect_is_made_graver_on_every_pathway_that_has_one(tmp_path: Path) -> None:
    text = '[visit_effects]\ngate-bp-elevated = "not_recommended"\n'
    knowledge = compiled(tmp_path, text)
    for pathway in ("spravato", "oral"):
        visit = visit_of(pathway, systolic=148)
        course = course_of(pathway, [visit])
        case = screened().replaced(courses=(course,))
        gate = assess_visit(knowledge, case, course, visit, DAY).decision("gate")
        assert gate.verdict == "not_recommended"
        finding = gate.finding("gate-bp-elevated")
        assert finding is not None
        assert finding.local


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '[visit_effects]\ngate-bp-hold = "caution"\n',
            "policy.toml:4: gate-bp-hold: a policy makes a rule graver, never milder; "
            "allowed: contraindicated, not_indicated, not_recommended",
        ),
        ('[visit_effects]\ngate-bp-hold = "unmet"\n', "graver, never milder"),
        (
            RULE.replace("racemic =", "nasal ="),
            "policy.toml:14: north-ice: unknown pathway 'nasal'; allowed: spravato, iv, im, oral",
        ),
        ('[visit_effects]\ngate-ice = "unmet"\n', "gate-ice: there is no such rule of visits"),
        (RULE.replace("north-ice", "gate-food"), "policy.toml:4: gate-food: a policy adds rules"),
        (RULE + RULE, "a second rule of this id"),
        (RULE.replace("last_systolic", "last_sistolic"), "visit.last_sistolic"),
        (RULE.replace('"leave"', '"left"'), "there is no decision 'left'"),
        (RULE.replace("> 130", "> threshold.ice"), "threshold"),
    ],
)
def test_what_a_policy_may_not_say_of_visits_is_named_with_its_line(
    tmp_path: Path, text: str, said: str
) -> None:
    assert said in problem(tmp_path, text)


def test_rules_of_visits_change_the_digest_of_the_course_and_not_of_the_screening(
    tmp_path: Path,
) -> None:
    plain, more = with_policy(tmp_path, ""), with_policy(tmp_path, RULE)
    assert plain.digest == more.digest
    assert load_course(plain).digest == screening_knowledge().pack.course.digest
    assert load_course(plain).digest != load_course(more).digest
    graver = with_policy(tmp_path, '[visit_effects]\ngate-bp-elevated = "unmet"\n')
    assert len({load_course(item).digest for item in (plain, more, graver)}) == 3


def test_the_window_of_the_pressure_at_40_minutes_moves_rule_and_watch_alike(
    tmp_path: Path,
) -> None:
    knowledge = compiled(tmp_path, "[thresholds]\npressure_at_40_to = 60\n")
    assert knowledge.pack.threshold_values["pressure_at_40_to"] == Decimal(60)
    seen = ({"minute": 55, "systolic": 120, "diastolic": 80},)
    for known, holds in ((knowledge, False), (compile_course(screening_knowledge()), True)):
        visit = visit_of("spravato", watched=seen)
        course = course_of("spravato", [visit])
        case = screened().replaced(courses=(course,))
        found = assess_visit(known, case, course, visit, DAY).decision("leave")
        assert (found.finding("leave-bp-40") is not None) is holds
