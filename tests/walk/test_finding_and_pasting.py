"""Finding a question in the walk, and lines that come all at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ketatui.consultation.edits import SetAnswer
from ketatui.engine import Knowledge
from ketatui.walk import Talk, Walk
from tests.walk.support import walk_with


class Pasting:
    """Hands over lines in bursts; what is in a burst waits behind its first line."""

    def __init__(self, bursts: Sequence[Sequence[str]]) -> None:
        self.bursts = [list(burst) for burst in bursts]
        self.text = ""

    def read(self) -> str:
        while self.bursts and not self.bursts[0]:
            self.bursts.pop(0)
        return f"{self.bursts[0].pop(0)}\n" if self.bursts else ""

    def waits(self) -> bool:
        return bool(self.bursts and self.bursts[0])

    def write(self, text: str) -> None:
        self.text += text

    @property
    def said(self) -> str:
        return " ".join(self.text.split())


def pasted_into(
    tmp_path: Path, knowledge: Knowledge, bursts: Sequence[Sequence[str]], question: str
) -> tuple[Walk, Pasting]:
    """Walk with bursts of lines, where one question is left."""
    walk, _ = walk_with(tmp_path / "cases", knowledge, [])
    pasting = Pasting(bursts)
    walk.talk = Talk(pasting.read, pasting.write, pasting.waits)
    walk.__post_init__()
    left = (question, "indication.diagnosis")
    walk.consultation.do(SetAnswer(question="indication.diagnosis", value="mdd"))
    for other in walk.consultation.pack.questions:
        if other not in left:
            walk.consultation.do(SetAnswer(question=other, unknown=True))
    walk.run()
    return walk, pasting


def test_lines_pasted_at_a_question_answer_nothing(tmp_path: Path, knowledge: Knowledge) -> None:
    burst = ["sertraline 100", "yes", "y", "2"]
    walk, pasting = pasted_into(tmp_path, knowledge, [burst, ["n"], ["q"]], "medical.avm")
    assert "4 lines came in at once, and one is asked for. Not taken:" in pasting.said
    assert "| sertraline 100" in pasting.said
    assert walk.consultation.case.answers["medical.avm"] is False


def test_a_list_of_medicines_becomes_rows_after_one_question(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    burst = ["- lorazepam 1 mg qhs", "- gabapentin 600 mg tid", "- bluepill"]
    bursts = [burst, ["n"], burst, ["y"], ["b"], [""], ["q"]]
    walk, pasting = pasted_into(tmp_path, knowledge, bursts, "medications")
    assert "Add these 3 medicines? y or n" in pasting.said
    assert "Nothing was added." in pasting.said
    names = [(row.name, row.dose) for row in walk.consultation.case.medications]
    assert names == [("lorazepam", "1 mg qhs"), ("gabapentin", "600 mg tid"), ("bluepill", "")]


def test_going_back_from_one_medicine_loses_no_other_of_its_line(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    bursts = [["bluepill, lorazepam 1 mg; quux"], ["b"], ["b"], [""], ["q"]]
    walk, _ = pasted_into(tmp_path, knowledge, bursts, "medications")
    said = " ".join(row.name for row in walk.consultation.case.medications)
    assert all(name in said for name in ("bluepill", "lorazepam", "quux"))


def test_a_list_of_trials_becomes_rows_whose_fields_stay_open(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    burst = ["sertraline 200 x8wk", "Effexor XR 225 for 10 weeks, no response", "2"]
    bursts = [burst, ["y"], [""], ["q"]]
    walk, _ = pasted_into(tmp_path, knowledge, bursts, "antidepressant_trials")
    rows = walk.consultation.case.trials
    assert [row.drug for row in rows] == ["sertraline", "Effexor XR", "2"]
    assert [row.outcome for row in rows] == [None, "no_response", None]
    assert walk.consultation.assessment.trials.certain == 0


def test_a_question_is_found_by_any_word_for_it(tmp_path: Path, knowledge: Knowledge) -> None:
    lines = ["/ bp", "1", "148/92", "/zzzzzz", "/cpap", "", "/ride", "1", "y", "q"]
    walk, screen = walk_with(tmp_path / "cases", knowledge, lines)
    walk.run()
    answers = walk.consultation.case.answers
    assert (answers["vitals.systolic"], answers["vitals.diastolic"]) == (148, 92)
    assert answers["logistics.transport"] is True
    assert len(answers) == 3
    assert "No question is called so." in screen.text


def test_a_question_that_is_not_asked_is_found_with_why(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    walk, screen = walk_with(tmp_path / "cases", knowledge, ["/phq total", "1", "1", "q"])
    walk.consultation.do(SetAnswer(question="indication.diagnosis", value="ptsd"))
    walk.run()
    said = " ".join(screen.text.split())
    assert "“PHQ-9 total” is asked for major or bipolar depression." in said
    assert walk.consultation.case.answers == {"indication.diagnosis": "mdd"}
