"""Staged cases: a course of treatment, each stage with two locks and its own truth."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from ketatui.cases.errors import CaseError
from ketatui.consultation.edits import SetAnswer
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge, assess
from ketatui.practice.attempts import done_of, load_attempt
from ketatui.practice.authoring import authoring_of
from ketatui.practice.checking import check_practice_case
from ketatui.practice.class_report import by_fact, by_rule, class_report
from ketatui.practice.drafts import begin, resume
from ketatui.practice.loading import PracticeCase, PracticeLibrary, read_practice_case
from ketatui.practice.run import LockedError, PracticeRun
from ketatui.practice.scoring import Judgment, ScoreLine
from ketatui.practice.screening_and_visits import rules_of
from ketatui.practice.stages import Part, parts_of
from ketatui.practice.starting import start
from ketatui.practice.whole import Done, appraise_run
from tests.each import each
from tests.practice.support import NOW, answer_all, commit_to, perfect, staged_library

TRAM = Path("docs/examples/practice/night-tram.toml")


@pytest.fixture(scope="module")
def case(pack: Pack) -> PracticeCase:
    return read_practice_case(TRAM.read_text("utf-8"), TRAM, pack)


@pytest.fixture(scope="module")
def staged(pack: Pack) -> PracticeLibrary:
    return staged_library(pack)


def changed(pack: Pack, old: str, new: str) -> PracticeCase:
    text = TRAM.read_text("utf-8")
    assert old in text
    return read_practice_case(text.replace(old, new), TRAM, pack)


def play(run: PracticeRun, *, well: bool = True) -> None:
    """Play the part at hand: as somebody who knows, or who lets everything pass."""
    if well:
        answer_all(run, run.case.right)
        commit_to(run, perfect(run.knowledge, run.case))
        return
    harmful = next(plan.id for plan in run.case.file.plans if plan.harm)
    commit_to(run, Judgment(dict.fromkeys(run.offered, "fits"), {}, "", harmful))


def test_the_truth_of_each_stage_is_the_engines(knowledge: Knowledge, case: PracticeCase) -> None:
    parts = parts_of(knowledge, case)
    found = [
        (part.id, item.id, item.verdict)
        for part in parts
        for item in assess(part.knowledge, part.case.right, part.case.file.on).pathways
    ]
    assert found == [
        ("tuesday-one", "gate", "unmet"),
        ("thursday", "leave", "unmet"),
        ("four-weeks", "continue", "caution"),
    ]
    assert not check_practice_case(case, knowledge, {"over_months": None})  # type: ignore[dict-item]


def test_a_stage_counts_the_doses_before_it(knowledge: Knowledge, case: PracticeCase) -> None:
    values = [
        assess(part.knowledge, part.case.right, part.case.file.on).values
        for part in parts_of(knowledge, case)
    ]
    assert [item["course.session"] for item in values] == [1, 1, 8]
    assert values[2]["score.change_percent"] == Decimal("3.1")
    assert values[1]["visit.last_sedation"] == 4


def test_two_stages_of_one_day_are_one_visit(pack: Pack, knowledge: Knowledge) -> None:
    # The dose and the pressure before it are answered in the first, and given in the second.
    case = changed(pack, 'title = "The first Tuesday, 9 o\'clock"\nday = 1', 'title = "A"\nday = 3')
    gate, leave, _ = parts_of(knowledge, case)
    assert not gate.given
    assert leave.given["visit.dose_mg"] == Decimal(56)
    assert leave.given["visit.systolic"] == 166
    truth = leave.truth()
    assert truth.given >= {"visit.dose_mg", "visit.systolic"}


def told(part: Part) -> str:
    return "\n".join(item.text for item in part.case.file.story)


def test_the_chart_calls_a_scale_by_its_name(pack: Pack, knowledge: Knowledge) -> None:
    other = '{ instrument = "phq9", day = 1, value = 20 }'
    case = changed(pack, '{ instrument = "madrs", day = 1, value = 32 }', other)
    assert "PHQ-9 20, today." in told(parts_of(knowledge, case)[0])


def test_two_doses_of_one_day_are_two_sessions(pack: Pack, knowledge: Knowledge) -> None:
    twice = "    { day = 1, mg = 56 },\n    { day = 1, mg = 0 },\n"
    case = changed(pack, "    { day = 1, mg = 0 },\n", twice)
    gate, leave, _ = parts_of(knowledge, case)
    found = assess(gate.knowledge, gate.case.right, gate.case.file.on)
    assert "gate-same-day" in [item.rule for item in found.pathways[0].findings]
    assert "Doses: 56 mg today." in told(gate)
    values = assess(leave.knowledge, leave.case.right, leave.case.file.on).values
    assert values["course.session"] == 2


def test_what_was_not_asked_at_the_door_is_let_through(
    knowledge: Knowledge, staged: PracticeLibrary, pack: Pack
) -> None:
    awake = TRAM.read_text("utf-8")
    for old, new in (
        ('sedation = 4, dissociation = "none"', 'sedation = 5, dissociation = "none"'),
        ("end_minute = 122, clinician_agrees = false", "end_minute = 126"),
        ('key = { leave = "unmet" }', 'key = { leave = "fits" }'),
    ):
        assert old in awake
        awake = awake.replace(old, new)
    leave = parts_of(knowledge, read_practice_case(awake, TRAM, pack))[1]
    right = leave.case.right
    asked = {key: value for key, value in right.answers.items() if key != "visit.escort_present"}
    done = Done(right.replaced(answers=asked), perfect(leave.knowledge, leave.case))
    lines = appraise_run(staged.rubric, [leave], [done]).lines
    left = [(line.about, line.points) for line in lines if line.kind == "left_open"]
    assert left == [("leave-escort", Decimal(-6))]


def test_a_perfect_run_earns_all_and_a_careless_one_harms(
    tmp_path: Path, knowledge: Knowledge, staged: PracticeLibrary, case: PracticeCase
) -> None:
    for well in (True, False):
        run = begin(tmp_path, staged, case, knowledge, now=NOW)
        for part in run.parts:
            assert run.part is part
            play(run, well=well)
            if not run.last:
                run.go_on()
        done = run.finish(tmp_path, by="me", now=NOW)
        if well:
            assert done.appraisal.points == done.appraisal.most
            assert not done.appraisal.harm
        else:
            said = [line.said for line in done.appraisal.harm]
            assert "May a dose be given today called usable, and it is “Not yet”" not in said[1:]
            assert done.attempt.harm >= 5
            assert done.appraisal.points < 0


def test_nothing_leads_back_and_a_killed_run_goes_on_in_its_stage(
    tmp_path: Path, knowledge: Knowledge, staged: PracticeLibrary, case: PracticeCase
) -> None:
    run = begin(tmp_path, staged, case, knowledge, now=NOW)
    with pytest.raises(LockedError):
        run.go_on()
    run.lock()
    with pytest.raises(ValueError, match="still missing: a verdict for"):
        run.go_on()
    play_rest = perfect(run.knowledge, run.case)
    commit_to(run, play_rest)
    run.go_on()
    run.consultation.do(SetAnswer(question="visit.end_minute", value=122))
    run.journal.close()
    again, notices = resume(run.journal.path, staged, knowledge)
    assert not notices
    assert again.part.id == "thursday"
    assert again.consultation.case.answers == {"visit.end_minute": 122}
    assert len(again.done) == 1
    assert again.done[0].judgment.verdicts == {"gate": "unmet"}
    assert not again.locked
    with pytest.raises(ValueError, match="another part"):
        commit_to(again, perfect(again.knowledge, again.case))
        again.finish(tmp_path, by="", now=NOW)


def test_an_attempt_is_scored_again_from_its_stages(
    tmp_path: Path, knowledge: Knowledge, staged: PracticeLibrary, case: PracticeCase
) -> None:
    run = begin(tmp_path, staged, case, knowledge, now=NOW)
    for number in range(len(run.parts)):
        play(run, well=number != 1)
        if not run.last:
            run.go_on()
    done = run.finish(tmp_path, by="me", now=NOW)
    answers, attempt = load_attempt(done.path, knowledge.pack)
    parts = parts_of(knowledge, case)
    found = appraise_run(staged.rubric, parts, done_of(parts, answers, attempt))
    assert found.lines == done.appraisal.lines
    (scored,) = class_report(knowledge, staged, tmp_path).attempts
    assert (scored.state, scored.found and scored.found.points) == ("ok", attempt.points)
    report = class_report(knowledge, staged, tmp_path)
    assert {item.what for item in by_fact(report)} >= {"visit.systolic", "visit.end_minute"}
    rules = {item.what: item for item in by_rule(report, rules_of(knowledge.pack))}
    assert (rules["gate-bp-hold"].right, rules["leave-sedation"].right) == (1, 0)


def test_what_is_given_earns_nothing_and_is_no_red_flag(
    knowledge: Knowledge, staged: PracticeLibrary, pack: Pack
) -> None:
    case = changed(pack, 'title = "The first Tuesday, 9 o\'clock"\nday = 1', 'title = "A"\nday = 3')
    leave = parts_of(knowledge, case)[1]
    roles = leave.truth().roles
    assert roles["visit.dose_mg"].decisive
    found = [line.about for line in _lines(staged, leave) if line.kind == "decisive_fact"]
    assert "visit.dose_mg" not in found
    assert "visit.end_minute" in found


def _lines(library: PracticeLibrary, part: Part) -> tuple[ScoreLine, ...]:
    done = Done(part.case.right, perfect(part.knowledge, part.case))
    return appraise_run(library.rubric, [part], [done]).lines


@each(
    ("old", "new", "said"),
    [
        ("{ systolic = 166", "{ sistolic = 166", "45: tuesday-one: there is no question visit"),
        ("{ systolic = 166", '{ systolic = "high"', 'visit.systolic: "high" is no whole number'),
        ("key = { gate =", "key = { door =", "door is not decided in a session; allowed: gate"),
        ("key = { continue =", "key = { leave =", "leave is not decided in a review"),
        ("    { day = 1, mg = 0 },\n", "", "each staged day in sessions, 0 mg where it was held"),
        (
            'pathway = "spravato"',
            'pathway = "nasal"',
            "there is no such pathway; allowed: spravato",
        ),
        (
            'key = { gate = "unmet" }',
            'key = { gate = "fits" }',
            "says fits, the criteria say unmet",
        ),
        ('["gate-bp-hold"]', '["gate-food"]', "gate-food does not hold for gate"),
        ('facts = ["visit.medicines"]', 'facts = ["visit.medicine"]', "there is no question"),
        ("day = 31\nkind", "day = 2\nkind", "day 2 stands after day 3"),
        ('id = "thursday"', 'id = "tuesday-one"', "stands twice in [[stages]]"),
        ("164/98 mmHg on arrival, 166/96", "168/98 mmHg", "the answer is 166, and the story tells"),
        ('title = "The first Tues', 'title = "TODO Tues', "is still to be written"),
        (
            '"A tram driver on Tuesdays"',
            '"A drowsy driver"',
            "“drowsy” tells what decides the case",
        ),
        ("colleague waits outside", "Mr. Walker waits outside", "looks like a name"),
    ],
)
def test_check_says_what_is_wrong_with_a_stage(
    pack: Pack, knowledge: Knowledge, old: str, new: str, said: str
) -> None:
    try:
        case = changed(pack, old, new)
        topics = {"over_months": None}
        found = check_practice_case(case, knowledge, topics)  # type: ignore[arg-type]
    except CaseError as error:
        found = list(error.problems)
    text = "\n".join(problem.said_of("f") for problem in found)
    assert said in text


@each(
    ("old", "new", "said"),
    [
        ("[course]\n", "[coursed]\n", "coursed: unknown key; did you mean course"),
        ("teaching = [", "teachings = [", "unknown key; did you mean teaching"),
        (
            'base = "clinic"\n',
            'base = "clinic"\nplans = []\nkey = {best = "none", verdicts = {}}\n',
            "at least 2 are needed",
        ),
    ],
)
def test_a_staged_case_has_what_it_needs(pack: Pack, old: str, new: str, said: str) -> None:
    with pytest.raises(CaseError) as raised:
        changed(pack, old, new)
    assert said in str(raised.value)


def test_a_screening_may_come_first(pack: Pack, knowledge: Knowledge) -> None:
    key = (
        'key = { best = "spravato", verdicts = { spravato = "fits", iv = "fits", im = "fits", '
        'oral = "fits" } }\nplans = [ { id = "a", text = "A", right = true }, '
        '{ id = "b", text = "B" } ]\n'
    )
    case = changed(pack, 'base = "clinic"\n', f'base = "clinic"\n{key}')
    parts = parts_of(knowledge, case)
    assert [part.id for part in parts] == ["", "tuesday-one", "thursday", "four-weeks"]
    assert parts[0].case is case
    assert parts[1].case.name == "Night tram · 2 of 4: The first Tuesday, 9 o'clock"


def test_a_staged_case_to_fill_in_lacks_nothing_but_words(pack: Pack, knowledge: Knowledge) -> None:
    text = start(
        authoring_of(knowledge),
        "new-case",
        "over_months",
        "clinic",
        dt.date(2026, 11, 27),
        staged=True,
    )
    case = read_practice_case(text, Path("new-case.toml"), pack)
    topics = {"over_months": None}
    found = check_practice_case(case, knowledge, topics)  # type: ignore[arg-type]
    assert found
    assert {problem.message for problem in found} == {"is still to be written (TODO)"}
    stages = text.split("[[stages]]")[1:]
    assert all(len(stage.splitlines()) <= 25 for stage in stages)
