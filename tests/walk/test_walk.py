"""The plain walk, driven by what a clinician would type."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from ketatui.cases.drafts import list_drafts
from ketatui.cases.model import Case, Decision
from ketatui.cases.reading import read_case
from ketatui.cases.store import CaseStore
from ketatui.consultation.edits import SetAnswer, SetTrials
from ketatui.consultation.reach import deciding
from ketatui.consultation.reviewing import Reviewer, Step, review
from ketatui.consultation.saving import amend, begin, resume, save
from ketatui.engine import Knowledge, assess
from ketatui.walk.asking import Move
from ketatui.walk.talk import Talk
from ketatui.walk.walk import Walk
from tests.engine.clean import clean
from tests.walk.support import NOW, TO_THE_END, TODAY, Screen, answers_of, walk_with

SHARED = Path(__file__).resolve().parents[3] / "shared" / "cases"
SHARED_CASES = sorted(SHARED.glob("*.toml")) if SHARED.is_dir() else []


@pytest.mark.skipif(not SHARED_CASES, reason="the shared cases are not here")
def test_a_case_that_is_typed_in_and_not_decided_is_a_draft(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    path = SHARED_CASES[0]
    case = read_case(path.read_text("utf-8"), path=str(path), pack=knowledge.pack)
    lines = [*answers_of(knowledge, case), "e", "s", "", "y", "dr", "typed in"]
    walk, screen = walk_with(tmp_path / "cases", knowledge, lines)
    saved = walk.run()
    assert saved is not None, screen.text[-2000:]
    store = CaseStore(tmp_path / "cases", knowledge.pack)
    loaded = store.load(saved).case
    assert store.verify(saved) == []
    _says_the_same(knowledge, case, loaded)
    assert loaded.state == "draft"


def _says_the_same(knowledge: Knowledge, case: Case, typed: Case) -> None:
    wanted = assess(knowledge, case, TODAY)
    # What a decision sets aside, the file leaves as it is.
    found = assess(knowledge, typed.replaced(decision=Decision()), TODAY)
    assert [p.verdict for p in found.pathways] == [p.verdict for p in wanted.pathways]
    assert found.values == wanted.values
    assert typed.trials == case.trials or not typed.trials


@pytest.mark.skipif(not SHARED_CASES, reason="the shared cases are not here")
@pytest.mark.parametrize("path", SHARED_CASES, ids=lambda path: path.stem)
def test_a_consultation_goes_from_the_first_question_to_a_saved_decision_with_its_verdicts(
    path: Path, tmp_path: Path, knowledge: Knowledge
) -> None:
    case = read_case(path.read_text("utf-8"), path=str(path), pack=knowledge.pack)
    lines = answers_of(knowledge, case)
    walk, screen = walk_with(tmp_path / "cases", knowledge, lines, replies=TO_THE_END)
    saved = walk.run()
    assert saved is not None, screen.text[-2000:]
    store = CaseStore(tmp_path / "cases", knowledge.pack)
    loaded = store.load(saved).case
    assert store.verify(saved) == []
    _says_the_same(knowledge, case, loaded)
    assert loaded.state == "final"
    # A pathway has one number everywhere: 1 is the pack's first, whatever its verdict.
    assert loaded.decision.pathway == knowledge.pack.pathway_ids[0]
    assert loaded.decision.standing is not None
    assert loaded.consent.outcome == "agreed"
    assert loaded.assessment is not None
    assert list_drafts(tmp_path / "cases") == []


def test_the_decision_records_who_decided_and_why(tmp_path: Path, knowledge: Knowledge) -> None:
    lines = ["e", "y", "s", "1", "Dr B", "not everything is known yet", "y", ""]
    walk, screen = walk_with(tmp_path / "cases", knowledge, lines, label="first visit")
    saved = walk.run()
    assert saved is not None, screen.text[-2000:]
    case = CaseStore(tmp_path / "cases", knowledge.pack).load(saved).case
    assert case.decision.standing == "provisional"
    assert case.decision.by == "Dr B"
    assert case.decision.reason == "not everything is known yet"
    assert case.state == "final"
    assert case.label == "first visit"
    assert case.assessment is not None
    assert list_drafts(tmp_path / "cases") == []


def test_a_decision_against_the_criteria_without_a_reason_is_asked_again(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    walk, screen = walk_with(
        tmp_path / "cases", knowledge, ["e", "y", "s", "1", "", "dr", "", "reason", "y", ""]
    )
    walk.consultation.do(SetAnswer(question="medical.avm", value=True))
    assert walk.run() is not None
    assert screen.text.count("This cannot be left out") == 2


def test_going_against_a_contraindication_is_recorded_as_against_the_criteria(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    walk, _ = walk_with(
        tmp_path / "cases", knowledge, ["e", "y", "s", "1", "dr", "last resort", "y", ""]
    )
    walk.consultation.do(SetAnswer(question="medical.avm", value=True))
    saved = walk.run()
    assert saved is not None
    case = CaseStore(tmp_path / "cases", knowledge.pack).load(saved).case
    assert case.decision.standing == "against_criteria"
    assert case.decision.reason == "last resort"


def test_an_override_is_asked_for_what_is_not_recommended(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    lines = ["e", "y", "s", "1", "dr", "the benefit outweighs it", "still open", "y", ""]
    walk, screen = walk_with(tmp_path / "cases", knowledge, lines)
    walk.consultation.do(SetAnswer(question="medical.stroke_tia", value=True))
    saved = walk.run()
    assert saved is not None, screen.text[-1500:]
    case = CaseStore(tmp_path / "cases", knowledge.pack).load(saved).case
    assert [item.rule for item in case.decision.overrides] == ["stroke-tia"]
    assert "Skipped. No consent conversation is recorded in this case." in " ".join(
        screen.text.split()
    )
    # With the finding set aside, what is left is missing information.
    assert case.decision.standing == "provisional"


def test_consent_items_are_read_and_recorded_one_by_one(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    lines = ["e", "y", "1", "y", "t I might feel far away", "b", "", "s", "e"]
    lines += ["1", "patient and partner", "", "y", "", "n"]
    walk, screen = walk_with(tmp_path / "cases", knowledge, lines)
    walk.run()
    consent = walk.consultation.case.consent
    assert len(consent.items) == 2
    assert [mark.teach_back for mark in consent.items.values()] == ["", "I might feel far away"]
    assert (consent.outcome, consent.present, consent.copy_given) == (
        "agreed",
        "patient and partner",
        True,
    )
    assert "1 of " in screen.text


def test_no_line_is_longer_than_eighty_columns_and_none_holds_a_control_character(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    commands = ["?", "f", "h", "o \x1b[31mred\x1b[0m", "s"] * 30
    walk, screen = walk_with(tmp_path / "cases", knowledge, [*commands, "e", "y", "", "?", "y"])
    walk.run()
    for line in screen.text.splitlines():
        said = line.removeprefix("> ")
        free = said.startswith(("The draft is kept", "Resume it with"))
        assert free or len(said) <= 80, said
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", screen.text)


def test_leaving_keeps_the_draft_and_resuming_goes_on_at_the_same_place(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    folder = tmp_path / "cases"
    walk, screen = walk_with(folder, knowledge, ["1", "y", "q"])
    assert walk.run() is None
    assert "ketatui walk" in screen.text
    draft = list_drafts(folder)[0]
    found = resume(draft.path, knowledge)
    assert found.consultation.case.answers == {
        "setting.prescriber": "psychiatrist",
        "setting.dea_ciii": True,
    }
    found.journal.close()


def test_the_end_of_the_input_keeps_the_draft(tmp_path: Path, knowledge: Knowledge) -> None:
    walk, screen = walk_with(tmp_path / "cases", knowledge, ["1"])
    assert walk.run() is None
    assert "The draft is kept" in screen.text
    assert len(list_drafts(tmp_path / "cases")) == 1


def test_leaving_before_anything_was_entered_keeps_no_draft(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    walk, screen = walk_with(tmp_path / "cases", knowledge, ["q"])
    assert walk.run() is None
    assert "no draft is kept" in screen.text
    assert list_drafts(tmp_path / "cases") == []


def test_back_goes_to_the_question_before_and_enter_keeps_its_answer(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    walk, screen = walk_with(tmp_path / "cases", knowledge, ["1", "b", "2", "b", "", "y", "q"])
    walk.run()
    assert walk.consultation.case.answers == {
        "setting.prescriber": "anesthesiologist",
        "setting.dea_ciii": True,
    }
    assert "Now: Psychiatrist. Enter keeps it." in screen.text
    assert "Now: Anesthesiologist. Enter keeps it." in screen.text


def test_back_on_the_first_question_stays_there(tmp_path: Path, knowledge: Knowledge) -> None:
    walk, screen = walk_with(tmp_path / "cases", knowledge, ["b", "b", "1", "q"])
    walk.run()
    assert "This is the first question shown." in screen.text
    assert walk.consultation.case.answers == {"setting.prescriber": "psychiatrist"}


def test_a_point_jumps_to_the_question_that_matters_next(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    walk, screen = walk_with(tmp_path / "cases", knowledge, [".", "n", "q"])
    expected = walk.consultation.assessment.next
    assert expected is not None
    walk.run()
    assert walk.consultation.case.answers == {expected.question: False}
    assert "Next that matters:" in screen.text


def test_an_unknown_is_recorded_as_unknown_and_not_as_no(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    walk, _ = walk_with(tmp_path / "cases", knowledge, ["1", "u", "q"])
    walk.run()
    assert walk.consultation.case.unknown == {"setting.dea_ciii"}
    assert "setting.dea_ciii" not in walk.consultation.case.answers


def test_an_unusual_value_is_asked_about_before_it_is_taken(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    walk, screen = walk_with(tmp_path / "cases", knowledge, ["300", "n", "300", "y", "q"])
    ask = walk.consultation.pack.questions["patient.weight_kg"]
    answered = [q for q in walk.consultation.pack.questions.values() if q.id != ask.id]
    for question in answered:
        walk.consultation.do(SetAnswer(question=question.id, unknown=True))
    walk.run()
    assert "please check" in screen.text
    assert "Not taken" in screen.text
    assert str(walk.consultation.case.answers["patient.weight_kg"]) == "300"


def test_a_value_outside_the_limits_is_refused_with_what_is_allowed(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    walk, screen = walk_with(tmp_path / "cases", knowledge, ["9", "maybe", "1", "q"])
    walk.run()
    assert "choose 1 to 7" in screen.text


def test_the_rest_of_a_section_is_answered_no_after_the_list_was_shown(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    walk, screen = walk_with(tmp_path / "cases", knowledge, ["n", "a", "y", "q"])
    for question in walk.consultation.pack.questions.values():
        if walk.consultation.pack.section_of[question.id] != "medical":
            walk.consultation.do(SetAnswer(question=question.id, unknown=True))
    walk.run()
    answers = walk.consultation.case.answers
    assert answers["medical.avm"] is False
    assert answers["medical.heart_failure"] == "none"
    assert "These would be answered with no or none:" in screen.text


def test_taking_back_returns_to_the_question(tmp_path: Path, knowledge: Knowledge) -> None:
    walk, screen = walk_with(tmp_path / "cases", knowledge, ["1", "z", "s", "q"])
    walk.run()
    assert walk.consultation.case.answers == {}
    assert "Undone: Prescriber Psychiatrist." in screen.text


def test_a_note_is_kept_with_its_question(tmp_path: Path, knowledge: Knowledge) -> None:
    walk, _ = walk_with(tmp_path / "cases", knowledge, ["o moves in March", "1", "q"])
    walk.run()
    assert walk.consultation.case.notes == {"setting.prescriber": "moves in March"}


def test_an_answer_that_rules_out_a_pathway_says_so_at_once(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    walk, screen = walk_with(tmp_path / "cases", knowledge, [".", "y", "q"])
    walk.run()
    assert "Now: ✗ Spravato: Contraindicated" in screen.text


def test_a_scale_can_be_answered_item_by_item_and_left_half_filled(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    walk, screen = walk_with(
        tmp_path / "cases", knowledge, ["i", "3", "b", "2", "9", "1", "s", "e", "s", "q"]
    )
    walk.consultation.do(SetAnswer(question="indication.diagnosis", value="mdd"))
    for question in walk.consultation.pack.questions.values():
        if question.id not in ("indication.diagnosis", "scales.phq9"):
            walk.consultation.do(SetAnswer(question=question.id, unknown=True))
    walk.run()
    assert walk.consultation.case.scale_items == {"scales.phq9": {"interest": 2, "mood": 1}}
    assert "scales.phq9" not in walk.consultation.case.answers
    assert "2/9 items, ends in 3–24" in screen.text


@pytest.mark.parametrize("score", [0, 1, 3])
def test_the_last_item_of_the_phq9_speaks_at_once(
    tmp_path: Path, knowledge: Knowledge, score: int
) -> None:
    lines = ["i", *["s"] * 8, str(score), "s", "q"]
    walk, screen = walk_with(tmp_path / "cases", knowledge, lines)
    walk.consultation.do(SetAnswer(question="indication.diagnosis", value="mdd"))
    for question in walk.consultation.pack.questions.values():
        if question.id not in ("indication.diagnosis", "scales.phq9"):
            walk.consultation.do(SetAnswer(question=question.id, unknown=True))
    walk.run()
    assert walk.consultation.case.scale_items == {"scales.phq9": {"self_harm": score}}
    said = " ".join(screen.text.split())
    assert ("! Interview the patient about suicide risk today" in said) is (score > 0)


def test_medicines_are_listed_with_their_classes_and_misspellings_only_suggested(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    lines = ["lorazepan 0.5 mg", "1", "zzzzzz", "1", "gabapentin 600 tid, T3", "2", "bluepill"]
    lines += ["2", "1, 2", "quux", "", "2", "y", "", "q"]
    walk, screen = walk_with(tmp_path / "cases", knowledge, lines)
    for question in walk.consultation.pack.questions.values():
        if question.id != "medications":
            walk.consultation.do(SetAnswer(question=question.id, unknown=True))
    walk.run()
    assert "Benzodiazepine" in screen.text
    assert "zzzzzz is not recognized." in screen.text
    assert "T3 stands for several medicines." in screen.text
    assert "is not recognized; the rules that could read it stay open" in screen.text
    first, gabapentin, codeine, picked, unsettled = walk.consultation.case.medications
    assert (first.name, first.dose) == ("lorazepam", "0.5 mg")
    assert (gabapentin.name, gabapentin.dose) == ("gabapentin", "600 tid")
    assert codeine.name == "tylenol #3"
    assert picked.classes == ("benzodiazepine", "opioid")
    assert (unsettled.name, unsettled.classes) == ("quux", ())


def test_a_blood_pressure_on_one_line_is_both_and_capitals_are_commands(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    walk, screen = walk_with(tmp_path / "cases", knowledge, ["148/92", "U", "98.6 F", "97%", "q"])
    for question in walk.consultation.pack.questions.values():
        if not question.id.startswith("vitals."):
            walk.consultation.do(SetAnswer(question=question.id, unknown=True))
    walk.run()
    case = walk.consultation.case
    assert case.answers == {"vitals.systolic": 148, "vitals.diastolic": 92, "vitals.spo2": 97}
    assert "vitals.heart_rate" in case.unknown
    assert "148/92 mmHg, upper and lower value." in screen.text
    assert "“f” is a temperature; allowed: " in " ".join(screen.text.split())


def test_each_trial_says_whether_it_counts_and_what_fails(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    lines = ["sertraline", "25", "3", "1", "y", "y", "1", "3", "150", "4", "10", "5", "2", ""]
    lines += ["", "q"]
    walk, screen = walk_with(tmp_path / "cases", knowledge, lines)
    walk.consultation.do(SetAnswer(question="indication.diagnosis", value="mdd"))
    for question in walk.consultation.pack.questions.values():
        if question.id not in ("indication.diagnosis", "antidepressant_trials"):
            walk.consultation.do(SetAnswer(question=question.id, unknown=True))
    walk.run()
    said = " ".join(screen.text.split())
    assert "Does not count: dose below the minimum" in said
    assert "not long enough at that dose" in said
    assert "Counts as a failed adequate trial" in said
    assert [str(trial.daily_dose_mg) for trial in walk.consultation.case.trials] == ["150"]


def test_a_file_changed_meanwhile_is_never_overwritten(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    folder = tmp_path / "cases"
    walk, screen = walk_with(folder, knowledge, ["1", "e", "y", "s", "", "y", "dr", "", "y"])
    path = folder / f"{walk.consultation.case.id}.toml"
    path.write_text("schema = 1\n", "utf-8")
    saved = walk.run()
    assert saved is not None, screen.text[-800:]
    assert saved != path
    assert path.read_text("utf-8") == "schema = 1\n"


def test_a_review_that_came_meanwhile_is_kept_and_told(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    decided = ["e", "y", "s", "1", "dr", "because", "y", "visit"]
    walk, screen = walk_with(tmp_path, knowledge, ["1", *decided])
    assert walk.run() is not None, screen.text[-800:]
    saved = walk.store.load(walk.consultation.case.id)
    consultation, journal = amend(walk.store, saved, knowledge, now=NOW)
    screen = Screen(["y", *decided])
    talk = Talk(screen.read, screen.write)
    again = Walk(consultation, walk.store, journal, saved.stamp, talk, lambda: NOW)
    who = Reviewer("Dr C", "nurse")
    review(walk.store, saved, [Step("comment", "hm")], who=who, now=NOW)
    assert again.run() == saved.stamp.path, screen.text[-800:]
    assert "Meanwhile Dr C: commented (revision 2)." in screen.text
    assert len(walk.store.load(saved.case.id).case.reviews) == 1


def test_back_from_the_end_returns_to_the_questions_even_if_all_are_answered(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    walk, _ = walk_with(tmp_path / "cases", knowledge, ["1", "b", "2", "q"])
    for question in walk.consultation.pack.questions.values():
        if question.id != "setting.prescriber":
            walk.consultation.do(SetAnswer(question=question.id, unknown=True))
    walk.run()
    assert walk.consultation.case.answers == {"setting.prescriber": "anesthesiologist"}


def test_taking_back_what_asked_the_question_goes_elsewhere(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    walk, _ = walk_with(tmp_path / "cases", knowledge, ["z", "q"])
    for question in walk.consultation.pack.questions.values():
        hidden = ("indication.diagnosis", "depression.", "scales.", "antidepressant", "trials.")
        if not question.id.startswith(hidden):
            walk.consultation.do(SetAnswer(question=question.id, unknown=True))
    walk.consultation.do(SetAnswer(question="indication.diagnosis", value="crps"))
    walk.consultation.do(SetAnswer(question="indication.diagnosis", value="mdd"))
    walk.run()
    assert walk.consultation.case.answers == {"indication.diagnosis": "crps"}


def test_what_is_too_old_says_so_where_it_stands_and_enter_does_not_keep_it(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    folder = tmp_path / "cases"
    consultation, journal = begin(folder, knowledge, now=NOW, today=lambda: TODAY)
    consultation.do(SetAnswer(question="vitals.systolic", value=118))
    journal.close()
    later = TODAY + dt.timedelta(days=7)
    found = resume(journal.path, knowledge, today=lambda: later)
    screen = Screen(["", "118", "q"])
    talk = Talk(screen.read, screen.write)
    store = CaseStore(folder, knowledge.pack)
    walk = Walk(found.consultation, store, found.journal, None, talk, lambda: NOW)
    question = knowledge.pack.questions["vitals.systolic"]
    assert walk._asker.ask(question) is Move.ON
    words = " ".join(screen.text.split())
    assert "Was 118 mmHg, 2026-11-21: too old, take again. It does not count." in words
    assert "Nothing was entered." in words
    assert "Enter keeps it" not in words
    assert found.consultation.case.dates == {"vitals.systolic": later}
    assert not found.consultation.stale
    found.journal.close()


def test_an_amendment_decides_anew_and_says_who_and_why(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    folder = tmp_path / "cases"
    consultation, journal = begin(folder, knowledge, now=NOW, today=lambda: TODAY)
    case = clean()
    for ident, value in case.answers.items():
        text = value if isinstance(value, bool | int | str) else str(value)
        consultation.do(SetAnswer(question=ident, value=text))
    consultation.do(SetTrials(rows=case.trials))
    decision = Decision(pathway="iv", by="Dr A", at=NOW, reason="as discussed")
    for edit in deciding(consultation, decision):
        consultation.do(edit)
    store = CaseStore(folder, knowledge.pack)
    saved = save(consultation, store, journal, by="Dr A", why="first", now=NOW)
    assert saved.case.decision.verdict == "fits"
    later = TODAY + dt.timedelta(days=7)
    consultation, journal = amend(store, saved, knowledge, now=NOW, today=lambda: later)
    # First it is left as it is, which cannot be; then IV is chosen again, as provisional.
    place = [item.id for item in consultation.assessment.ranked].index("iv") + 1
    lines = ["e", "s", "", str(place), "Dr B", "still wanted", "y", "second visit"]
    screen = Screen(lines)
    talk = Talk(screen.read, screen.write)
    path = Walk(consultation, store, journal, saved.stamp, talk, lambda: NOW).run()
    words = " ".join(screen.text.split())
    assert path is not None, screen.text[-1500:]
    assert "Decided so far: IV infusion, by Dr A" in words
    assert "was “Criteria met”, is now “More information needed”: it has to be decided" in words
    assert "It cannot be left as it is" in words
    found = store.load(path).case
    assert (found.decision.by, found.decision.verdict) == ("Dr B", "incomplete")
    assert (found.decision.standing, found.decision.reason) == ("provisional", "still wanted")
    assert (found.revisions[-1].by, found.revisions[-1].why) == ("Dr B", "second visit")


def test_a_trial_takes_doses_in_turn_and_any_cell_of_it_can_be_changed(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    lines = ["sertraline 25 x3wk 100 x4wk 200 x2wk", "1", "y", "y"]
    lines += ["mirtazapine 15", "6", "1", "y", "y"]
    lines += ["2", "2", "2", "4", "8", "", "1", "3", "50 x2wk, 100 x5wk", "", "", "q"]
    walk, screen = walk_with(tmp_path / "cases", knowledge, lines)
    walk.consultation.do(SetAnswer(question="indication.diagnosis", value="mdd"))
    for question in walk.consultation.pack.questions.values():
        if question.id not in ("indication.diagnosis", "antidepressant_trials"):
            walk.consultation.do(SetAnswer(question=question.id, unknown=True))
    walk.run()
    said = " ".join(screen.text.split())
    assert "sertraline, 25 mg for 3 weeks, then 100 mg for 4 weeks, then 200 mg for 2" in said
    assert "Counts as a failed adequate trial." in said
    first, second = walk.consultation.case.trials
    doses = [(str(step.daily_dose_mg), str(step.weeks)) for step in first.steps]
    assert doses == [("50", "2"), ("100", "5")]
    assert (second.kind, str(second.weeks)) == ("augmentation", "8")
    assert "mirtazapine, 15 mg, 8 weeks, added to an antidepressant" in said
    assert walk.consultation.assessment.trials.certain == 1


def test_what_is_not_settled_is_said_with_the_way_to_settle_it(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    walk, screen = walk_with(tmp_path / "cases", knowledge, ["bluepill", "", "f", "", "q"])
    for question in walk.consultation.pack.questions.values():
        if question.id != "medications":
            walk.consultation.do(SetAnswer(question=question.id, unknown=True))
    walk.run()
    said = " ".join(screen.text.split())
    assert "Medicines not recognized, so what reads them stays open: bluepill. To settle:" in said
