"""The debrief: yours beside the case's, what was asked in vain, and what was not asked."""

from __future__ import annotations

from pathlib import Path

from ketatui.consultation.edits import SetAnswer
from ketatui.engine import Knowledge
from ketatui.practice.debrief import Debrief, debrief, values_read
from ketatui.practice.drafts import begin
from ketatui.practice.loading import PracticeLibrary
from tests.practice.support import NOW, RED, TWO, answer_all, commit_to, perfect


def told(
    folder: Path,
    knowledge: Knowledge,
    library: PracticeLibrary,
    name: str,
    answers: dict[str, bool | int | str | None],
    asked: tuple[str, ...] = (),
) -> Debrief:
    """Do a run that differs in some answers, and hold it beside the case."""
    case = library.cases[name]
    run = begin(folder, library, case, knowledge, now=NOW)
    answer_all(run, case.right)
    for question, value in answers.items():
        run.consultation.do(SetAnswer(question=question, value=value))
    for question in asked:
        run.ask(question)
    commit_to(run, perfect(knowledge, case))
    done = run.finish(folder, by="", now=NOW)
    (part,), (mine,) = done.appraisal.parts, done.done
    return debrief(knowledge, library.rubric, case, mine, part)


def test_what_differs_is_told_by_what_it_does(
    tmp_path: Path, knowledge: Knowledge, library: PracticeLibrary
) -> None:
    found = told(
        tmp_path,
        knowledge,
        library,
        TWO,
        {"depression.acute_suicidality": True, "vitals.systolic": 128, "medical.avm": None},
    )
    decisive = {seen.question: (seen.found, seen.mine, seen.right) for seen in found.decisive}
    assert decisive["depression.acute_suicidality"] == ("missed", "yes", "no")
    assert decisive["indication.diagnosis"][0] == "found"
    assert [seen.question for seen in found.differing] == ["vitals.systolic"]
    # A contraindication nobody asked about would have changed every verdict.
    assert [(seen.question, seen.mine) for seen in found.left_open] == [
        ("medical.avm", "not answered")
    ]


def test_what_was_not_asked_for_is_told_where_it_belongs(
    tmp_path: Path, knowledge: Knowledge, library: PracticeLibrary
) -> None:
    vessel = "medical.aneurysmal_disease"
    found = told(tmp_path, knowledge, library, RED, {vessel: False})
    [seen] = found.decisive
    assert (seen.found, [reveal.id for reveal in seen.untold]) == ("missed", ["vessels"])
    assert [reveal.id for reveal in found.untold] == ["vessels"]
    other = told(tmp_path, knowledge, library, RED, {}, (vessel,))
    assert not other.untold
    assert not other.differing
    assert not other.left_open


def test_asking_in_vain_is_told_and_never_of_a_red_flag(
    tmp_path: Path, knowledge: Knowledge, library: PracticeLibrary
) -> None:
    # With an aneurysm nothing else changes a verdict; psychosis is asked about all the same.
    asked = ("medical.aneurysmal_disease", "vitals.heart_rate", "psych.psychosis")
    found = told(tmp_path, knowledge, library, RED, {}, asked)
    assert found.idle == ("vitals.heart_rate",)


def test_a_reason_that_does_not_apply_shows_the_values_it_read(
    knowledge: Knowledge, library: PracticeLibrary
) -> None:
    right = library.cases[RED].right
    assert values_read(knowledge, right, "iv", "avm") == {"medical.avm": False}
    assert "indication.diagnosis" in values_read(knowledge, right, "iv", "weak-evidence")
    assert values_read(knowledge, right, "spravato", "weak-evidence") == {}
