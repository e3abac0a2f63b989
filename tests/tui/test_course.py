"""From a decision to a course: plan, visits with their decisions, scores, and what is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest

from ketatui.cases.courses import Score, Visit
from ketatui.cases.integrity import integrity_of
from ketatui.cases.journal import Journal, draft_path
from ketatui.cases.model import Case
from ketatui.cases.store import CaseStore, Loaded
from ketatui.consultation.consultation import Consultation
from ketatui.consultation.treatment import Treatment
from ketatui.engine import Knowledge
from ketatui.tui.screens.case import CaseScreen
from ketatui.tui.screens.cases import CasesScreen
from ketatui.tui.screens.course import CourseScreen
from ketatui.tui.screens.course_status import CourseStatusScreen
from ketatui.tui.screens.identifiers import IdentifiersScreen
from ketatui.tui.screens.visit import VisitScreen
from ketatui.tui.screens.visit_explain import VisitExplainScreen
from ketatui.tui.views.visit import standing_spans
from tests.course.support import screened, screening_knowledge
from tests.tui.conftest import NOW
from tests.tui.courses import (
    TODAY,
    decided,
    go_to_line,
    in_turn_from_course,
    to_case,
    to_course,
    to_session,
    to_visit,
    treated,
)
from tests.tui.support import Hand, SitDown, in_turn

Filed = Callable[..., Loaded]


def saved(hand: Hand) -> tuple[Loaded, CaseStore]:
    """The case being worked on as it was saved, and where."""
    store = hand.app.resources.store
    assert store is not None
    return store.load(hand.consultation.case.id), store


def with_session(case: Case, day: dt.date) -> Case:
    """The same with one more session of a day."""
    (course,) = case.courses
    visit = Visit(number=len(course.visits) + 1, date=day)
    return case.replaced(courses=(course.replaced(visits=(*course.visits, visit)),))


async def test_a_decision_becomes_a_course_and_its_first_session_is_closed_as_a_revision(
    desk: SitDown, filed: Filed, store: CaseStore, knowledge: Knowledge
) -> None:
    loaded = filed(decided())
    async with desk() as hand:
        await to_course(hand)
        assert "Begin a course: Spravato" in hand.text
        await go_to_line(hand, "begin")
        await hand.press("enter")
        assert hand.focused == "session"
        await hand.press("enter")
        await hand.on(VisitScreen)
        await hand.press(*"141/88", "enter", *"72", "enter")
        assert hand.focused == "visit.respiratory_rate"
        await hand.press("s", *"Dr B", "enter")
        await hand.on(CourseScreen)
        assert "Saved: revision 2" in hand.hint
        assert "session 1, week" not in hand.text, "nothing was dosed"
        await hand.press("escape")
        await hand.on(CaseScreen)
        assert "revision 2 of 2" in hand.text
    case = store.load(loaded.stamp.path).case
    assert integrity_of(case, knowledge.pack, now=NOW + dt.timedelta(days=1)).stands
    last = case.revisions[-1]
    assert (last.by, last.why) == ("Dr B", f"session 1 of {TODAY}")
    visit = case.courses[0].visits[0]
    assert visit.answers == {
        "visit.systolic": 141,
        "visit.diastolic": 88,
        "visit.heart_rate": 72,
    }
    assert visit.closed_by == "Dr B"
    assert case.assessment == loaded.case.assessment
    assert not list(store.folder.glob("drafts/*.jsonl"))


async def where_both_bases_hold_the_clinician_says_which(hand: Hand) -> None:
    assert "which does the course run under?" in hand.form_words
    await go_to_line(hand, "begin")
    await hand.press("enter")
    assert "Say first what it runs under" in hand.hint
    assert not hand.consultation.case.courses
    await go_to_line(hand, "basis")
    await hand.press("2")
    await go_to_line(hand, "begin")
    await hand.press("enter")
    assert hand.consultation.case.courses[0].basis == "mdsi"


async def what_was_measured_last_time_stands_beside_the_field_and_is_not_taken(
    hand: Hand,
) -> None:
    assert "last 128" in hand.form_words
    assert "Last time, 2026-11-14: 128 mmHg. It is not carried forward." in hand.form_words
    await hand.press("enter")
    assert hand.form.typing is not None
    assert hand.form.typing.text == ""
    await hand.press("escape")
    assert hand.consultation.case.courses[0].visits[-1].answers == {}


async def a_pressure_that_holds_the_dose_says_so_where_no_pane_does(hand: Hand) -> None:
    await to_session(hand)
    await hand.press(*"168/102", "enter")
    assert "Gate: ◌ Not yet: Blood pressure too high to start today" in hand.hint


async def a_key_answers_and_moves_on(hand: Hand) -> None:
    for key, question, value in (
        ("y", "visit.intoxicated", True),
        ("n", "visit.mania", False),
        ("3", "visit.urinary_symptoms", "persistent"),
    ):
        await go_to_line(hand, question)
        await hand.press(key)
        assert hand.consultation.case.courses[0].visits[-1].answers[question] == value
        assert hand.focused != question
        await hand.press("ctrl+z")
        assert question not in hand.consultation.case.courses[0].visits[-1].answers
        assert hand.focused == question
        assert hand.hint.startswith("Undone: ")
        await hand.press("ctrl+y")
        assert hand.consultation.case.courses[0].visits[-1].answers[question] == value


async def unknown_is_never_no_and_backspace_takes_it_away(hand: Hand) -> None:
    await go_to_line(hand, "visit.new_contraindication")
    await hand.press("u")
    visit = hand.consultation.case.courses[0].visits[-1]
    assert visit.unknown == {"visit.new_contraindication"}
    await hand.press("up", "backspace")
    assert hand.consultation.case.courses[0].visits[-1].unknown == frozenset()


async def a_pressure_taken_again_leaves_the_first_in_the_record(hand: Hand) -> None:
    await hand.press(*"165/88", "enter")
    assert "◌ Gate Not yet" in hand.words
    await go_to_line(hand, "visit.systolic")
    await hand.press(*"138", "enter")
    visit = hand.consultation.case.courses[0].visits[-1]
    assert [(item.value, item.at) for item in visit.readings] == [(165, NOW)]
    await hand.press("up", "up")
    assert "Read before, and kept in the record: 165 mmHg" in hand.form_words
    assert "◌ Gate" not in hand.words


async def what_is_no_value_is_refused_and_nothing_is_stored(hand: Hand) -> None:
    for typed, said in (
        ("400", "“400” is out of range; allowed: 50 to 300 mmHg"),
        ("80/120", "has to be below systolic pressure"),
        ("abc", "“abc” is no number"),
    ):
        assert said not in hand.form_words
        await hand.press("enter")
        await hand.paste(typed)
        await hand.press("enter")
        assert said in hand.form_words, typed
        assert hand.consultation.case.courses[0].visits[-1].answers == {}
        await hand.press("escape")


async def the_dose_is_told_in_mg_per_kg_of_the_weight_taken_last(hand: Hand) -> None:
    await to_session(hand)
    await go_to_line(hand, "weight")
    assert "last 80" in hand.form_words
    await hand.press(*"64", "enter")
    assert hand.focused == "visit.dose_mg"
    await hand.press(*"32", "enter")
    assert "lb" not in hand.hint
    await hand.press("up")
    assert "Dosing weight 64 kg (141.1 lb) · 0.5 mg/kg" in hand.form_words


async def the_rest_is_answered_no_only_after_it_was_listed(hand: Hand) -> None:
    await hand.press("a")
    assert "Answer these 15 “no” or “none”?" in hand.text
    assert "No here counts against this visit: Prescriber" in hand.words
    await hand.press("n")
    assert hand.consultation.case.courses[0].visits[-1].answers == {}
    await hand.press("a", "y")
    answers = hand.consultation.case.courses[0].visits[-1].answers
    assert answers["visit.mania"] is False
    assert answers["visit.cns_depressant"] == "none"
    assert "visit.walks_safely" not in answers, "of another decision"
    await hand.press("ctrl+z")
    assert hand.consultation.case.courses[0].visits[-1].answers == {}


async def next_find_why_note_and_explain(hand: Hand) -> None:
    await hand.press("full_stop")
    assert hand.focused == "visit.new_contraindication"
    await hand.press("i")
    assert "Why:" in hand.form_words
    await hand.press("o", *"asked twice", "enter")
    notes = hand.consultation.case.courses[0].visits[-1].notes
    assert notes == {"visit.new_contraindication": "asked twice"}
    await hand.press("slash", *"oxygen sat", "enter")
    assert hand.focused == "visit.spo2"
    await hand.press("e")
    await hand.on(VisitExplainScreen)
    assert "May a dose be given today" in hand.text
    assert "could be “Stop”" in hand.all_lines
    await hand.press("right")
    assert "Is the dose one that the sources know" in hand.text
    await hand.press("escape")
    await hand.on(VisitScreen)
    # The weight is no question: it has no why and no note.
    await go_to_line(hand, "weight")
    await hand.press("o")
    assert "This line is no question: go to one first." in hand.hint
    await hand.press("down", "up")
    assert "i why" not in hand.hint


async def test_killed_in_the_middle_it_is_found_again_at_the_visit_with_everything_in_it(
    desk: SitDown, filed: Filed, folder: Path
) -> None:
    loaded = filed(treated("spravato", 7))
    async with desk() as hand:
        await to_visit(hand)
        await hand.press(*"141/88", "enter", *"72", "enter")
        wanted = hand.consultation.case
        # All a dying process does is give up its lock.
        hand.opened.journal.close()
        hand.app.open_case = None
    assert draft_path(folder, loaded.case.id).exists()
    async with desk() as hand:
        await hand.press("r")
        await hand.on(VisitScreen)
        assert hand.consultation.case == wanted
        assert hand.focused == "visit.respiratory_rate"
        await hand.press("escape")
        await hand.on(CourseScreen)


async def an_entry_that_cannot_be_written_is_not_taken(hand: Hand) -> None:

    def full(self: Journal, event: object) -> None:
        raise OSError(28, "No space left on device")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hand.opened.consultation, "_keep", partial(full, hand.opened.journal))
        await hand.press(*"141", "enter")
        assert "could not be written to disk" in hand.hint
        assert "NOT KEPT" in hand.lines[0]
        assert hand.consultation.case.courses[0].visits[-1].answers == {}
    await hand.press(*"141", "enter")
    assert hand.consultation.case.courses[0].visits[-1].answers == {"visit.systolic": 141}


async def test_a_course_is_not_opened_a_second_time_nor_without_a_decision(
    desk: SitDown, filed: Filed, folder: Path
) -> None:
    loaded = filed(treated("spravato", 7))
    journal = Journal.create(folder, loaded.case, pack="x", base=loaded.stamp, now=NOW)
    async with desk() as hand:
        await to_case(hand)
        await hand.press("m")
        await hand.on(CaseScreen)
        assert "in another window" in hand.text
        journal.close()
        hand.app.push_screen(CaseScreen(filed(screened(), ident="20261121-200001-d7f3")))
        screen = await hand.on(CaseScreen)
        await hand.press("m")
        assert await hand.on(CaseScreen) is screen
        assert "No pathway was decided for" in hand.text


async def a_file_saved_elsewhere_meanwhile_is_not_overwritten(hand: Hand) -> None:
    loaded, store = saved(hand)
    await to_session(hand)
    await hand.press(*"141", "enter")
    other = loaded.case.replaced(label="changed elsewhere")
    store.save(other, base=loaded.stamp, by="Dr C", why="label", now=NOW)
    await hand.press("s", *"Dr B", "enter")
    assert "Not saved" in hand.hint
    await hand.on(VisitScreen)
    assert hand.opened.journal.path.exists()
    assert store.load(loaded.stamp.path).case.label == "changed elsewhere"


# --- the plan -----------------------------------------------------------------------------------


async def the_next_session_is_proposed_and_its_day_moves_with_a_key(hand: Hand) -> None:
    assert hand.focused == "next"
    assert "Mon 2026-11-23 to Tue 2026-11-24" in hand.text
    await hand.press("enter")
    assert hand.focused == "visit:3"
    await hand.press("right")
    visit = hand.consultation.case.courses[0].visits[-1]
    assert (visit.date, visit.planned_on) == (dt.date(2026, 11, 24), dt.date(2026, 11, 23))
    assert "planned" in hand.text
    assert "← → day" in hand.hint
    await hand.press("up")
    assert "← → day" not in hand.hint
    await hand.press("right")
    assert "its day stays" in hand.hint
    await go_to_line(hand, "basis")
    await hand.press("right")
    assert "← and → move the day of a visit: go to one first." in hand.hint


async def what_was_missed_is_told_and_not_caught_up(hand: Hand) -> None:
    assert "week 1: 1 session missed; none is made up later" in hand.words


async def scores_are_typed_in_a_line_drawn_and_taken_away(hand: Hand) -> None:
    for typed in ("madrs 32 2026-10-27", "madrs 15"):
        await go_to_line(hand, "score")
        await hand.press("enter")
        await hand.paste(typed)
        assert "looks like" not in hand.words
        await hand.press("enter")
    scores = hand.consultation.case.courses[0].scores
    assert [(int(item.value), item.date) for item in scores] == [
        (32, dt.date(2026, 10, 27)),
        (15, TODAY),
    ]
    assert "response ≤ 16" in hand.text
    assert "●" in hand.text
    await go_to_line(hand, "score:0")
    # On a score that stands a letter is a key, and digits are its new value.
    await hand.press(*"30", "enter")
    scores = hand.consultation.case.courses[0].scores
    assert [int(item.value) for item in scores] == [30, 15]
    assert scores[0].date == dt.date(2026, 10, 27)
    await go_to_line(hand, "score:0")
    await hand.press("e")
    assert isinstance(hand.app.screen, CourseStatusScreen)
    await hand.press("escape")
    await go_to_line(hand, "score:0")
    await hand.press("backspace")
    assert len(hand.consultation.case.courses[0].scores) == 1


async def a_total_of_the_screening_is_taken_over_with_a_key_and_never_by_itself(hand: Hand) -> None:
    when = TODAY - dt.timedelta(9)
    assert not hand.consultation.case.courses[0].scores
    await go_to_line(hand, "screened:madrs")
    assert "Take over MADRS 31" in hand.words
    await hand.press("enter")
    (score,) = hand.consultation.case.courses[0].scores
    assert (score.instrument, int(score.value), score.date) == ("madrs", 31, when)
    keys = {item.key for item in hand.form.items}
    assert "screened:madrs" not in keys
    assert "screened:phq9" in keys


async def a_number_alone_is_a_score_of_the_scale_that_benefit_is_judged_by(hand: Hand) -> None:
    await go_to_line(hand, "score")
    await hand.press(*"14", "enter")
    (score,) = hand.consultation.case.courses[0].scores
    assert (score.instrument, int(score.value), score.date) == ("phq9", 14, TODAY)


async def a_step_back_is_offered_after_a_missed_session_and_a_worse_score(hand: Hand) -> None:
    assert "step_back" not in {item.key for item in hand.form.items}
    await go_to_line(hand, "score")
    await hand.press(*"madrs 24", "enter")
    await go_to_line(hand, "step_back")
    assert "Step back to 7 days" in hand.words
    await hand.press("enter")
    assert hand.consultation.case.courses[0].interval_days == 7
    # One step is offered: not another one behind it.
    assert "step_back" not in {item.key for item in hand.form.items}


async def what_is_no_score_is_refused_with_what_is_allowed(hand: Hand) -> None:
    await go_to_line(hand, "score")
    for typed, said in (
        ("madrs", "type scale and value"),
        ("hamd 12", "no scale here; allowed: madrs, phq9"),
        ("madrs 61", "goes from 0 to 60"),
        ("madrs 12.5", "whole numbers only"),
        ("madrs 12 2026-11-22", "still to come"),
        ("madrs 12 tomorrow", "no day"),
    ):
        assert said not in hand.form_words
        await hand.press("enter")
        await hand.paste(typed)
        await hand.press("enter")
        assert said in hand.form_words, typed
        assert hand.consultation.case.courses[0].scores == ()
        await hand.press("escape")


async def a_course_is_stopped_with_a_reason_and_gone_on_with(hand: Hand) -> None:
    await go_to_line(hand, "stopped")
    await hand.press("enter", *"2020-01-01", "enter")
    assert "outside of the course; allowed: 2026-10-24 to 2026-11-21" in hand.form_words
    await hand.press("escape", "enter")
    await hand.paste("2026-11-21")
    await hand.press("enter")
    assert hand.focused == "stop_reason"
    await hand.press("enter", *"no benefit", "enter")
    course = hand.consultation.case.courses[0]
    assert (course.stopped, course.stop_reason) == (TODAY, "no benefit")
    assert "Stopped on 2026-11-21: no benefit" in hand.words
    await go_to_line(hand, "stopped")
    await hand.press("backspace")
    assert hand.consultation.case.courses[0].stopped is None


async def a_review_asks_only_what_a_review_decides(hand: Hand) -> None:
    await go_to_line(hand, "review")
    await hand.press("enter")
    await hand.on(VisitScreen)
    asked = {item.key for item in hand.form.items}
    assert "visit.mania" in asked
    assert "visit.spo2" not in asked
    assert "May a dose be given today" not in hand.form_words
    assert "Report  " not in hand.text
    assert "visit.dose_mg" not in asked
    assert "Gate  " not in hand.text
    assert "Leave  " not in hand.text
    await hand.press("e")
    await hand.on(VisitExplainScreen)
    assert "May a dose be given today" not in hand.text
    await hand.press("left")
    assert "May the patient leave" not in hand.text


async def test_a_course_is_looked_at_scored_stopped_and_reviewed(
    desk: SitDown, filed: Filed, folder: Path
) -> None:
    loaded = filed(treated("spravato", 28))
    async with desk() as hand:
        await to_course(hand)
        await hand.press("s")
        assert "Nothing has changed" in hand.hint
        await hand.press("escape")
        await hand.on(CaseScreen)
        assert not draft_path(folder, loaded.case.id).exists(), "nothing changed"
        await hand.press("m")
        await hand.on(CourseScreen)
        await what_is_no_score_is_refused_with_what_is_allowed(hand)
        await a_course_is_stopped_with_a_reason_and_gone_on_with(hand)
        await a_review_asks_only_what_a_review_decides(hand)


async def test_it_works_at_every_size(desk: SitDown, filed: Filed) -> None:
    filed(treated("spravato", 7))
    async with desk(40, 12) as hand:
        await to_course(hand)
        for size in ((40, 12), (60, 18), (80, 24), (100, 30), (120, 40)):
            await hand.resize(*size)
            await to_session(hand)
            assert hand.focused == "visit.systolic", size
            await hand.press(*"141/88", "enter", *"72", "enter")
            assert hand.focused == "visit.respiratory_rate", size
            await hand.press("ctrl+z", "ctrl+z", "escape")
            await hand.on(CourseScreen)
            # The visit that is being worked on is where one comes back to.
            assert hand.focused == "visit:2", size
            await hand.press("e")
            assert "SCORES" in hand.text, size
            await hand.press("escape")
            await hand.on(CourseScreen)


# --- overrides, other courses, identifiers ------------------------------------------------------


async def a_finding_is_set_aside_with_a_reason_and_a_name(hand: Hand) -> None:
    await go_to_line(hand, "visit.misuse_signs")
    await hand.press("y")
    assert "▿ Gate" in hand.words
    await go_to_line(hand, "override:gate/gate-misuse")
    await hand.press("enter", *"known to us", "enter")
    assert "Set aside by" in hand.text
    await hand.press("enter")
    assert "an override carries a name" in hand.hint
    assert not hand.consultation.case.courses[0].visits[-1].overrides
    await go_to_line(hand, "override:gate/gate-misuse")
    await hand.press("enter", "enter", *"Dr B", "enter")
    [made] = hand.consultation.case.courses[0].visits[-1].overrides
    assert (made.decision, made.rule, made.reason, made.by, made.at) == (
        "gate",
        "gate-misuse",
        "known to us",
        "Dr B",
        NOW,
    )
    assert "▿ Gate" not in hand.words
    assert "overridden" in hand.text
    await hand.press("backspace")
    assert hand.consultation.case.courses[0].visits[-1].overrides == ()


async def no_answer_leads_to_a_line_where_a_letter_begins_a_reason(hand: Hand) -> None:
    await hand.press(*"165/104", "enter")
    await go_to_line(hand, "visit.dose_mg")
    await hand.press("0", "enter")
    # What is left of a held session is behind: the next line sets a finding aside.
    assert hand.focused == "visit.dose_mg"
    assert "A text follows" in hand.hint
    await hand.press("s")
    assert "Visit closed by" in hand.text
    await hand.press("escape")
    assert hand.consultation.case.courses[0].visits[-1].overrides == ()


async def test_what_is_entered_at_a_visit_is_taken_as_it_was_meant(
    desk: SitDown, filed: Filed
) -> None:
    filed(treated("spravato", 7))
    async with desk() as hand:
        await to_visit(hand)
        await in_turn(
            hand,
            what_was_measured_last_time_stands_beside_the_field_and_is_not_taken,
            a_key_answers_and_moves_on,
            unknown_is_never_no_and_backspace_takes_it_away,
            a_pressure_taken_again_leaves_the_first_in_the_record,
            what_is_no_value_is_refused_and_nothing_is_stored,
            the_rest_is_answered_no_only_after_it_was_listed,
            next_find_why_note_and_explain,
            an_entry_that_cannot_be_written_is_not_taken,
            a_finding_is_set_aside_with_a_reason_and_a_name,
            no_answer_leads_to_a_line_where_a_letter_begins_a_reason,
        )


async def what_stops_is_not_among_what_can_be_set_aside(hand: Hand) -> None:
    await to_session(hand)
    await go_to_line(hand, "visit.mania")
    await hand.press("y")
    assert "✗ Gate" in hand.words
    keys = {item.key for item in hand.form.items if item.key.startswith("override:gate")}
    assert keys == set()


async def after_a_course_that_was_stopped_another_one_begins_and_both_are_shown(hand: Hand) -> None:
    await go_to_line(hand, "another")
    await hand.press("enter")
    assert "Begin a course: Spravato" in hand.text
    await hand.press("escape")
    assert "Course 1: Spravato" in hand.text
    await go_to_line(hand, "another")
    await hand.press("enter")
    await go_to_line(hand, "begin")
    await hand.press("enter")
    assert "Course 2: Spravato" in hand.text
    assert [item.id for item in hand.consultation.case.courses] == ["c1", "c2"]
    assert "2 sessions, stopped 2026-10-22" in hand.text
    await go_to_line(hand, "course:c1")
    await hand.press("enter")
    assert "Course 1: Spravato" in hand.text


async def identifiers_in_what_was_written_at_a_visit_are_asked_about(
    hand: Hand,
) -> None:
    loaded, store = saved(hand)
    await to_session(hand)
    await hand.press("o")
    await hand.paste("call 415-555-0188")
    await hand.press("enter", "s")
    await hand.on(IdentifiersScreen)
    await hand.press("y")
    await hand.on(VisitScreen)
    await hand.press(*"Dr B", "enter")
    await hand.on(CourseScreen)
    notes = store.load(loaded.stamp.path).case.courses[0].visits[-1].notes
    assert "555" not in notes["visit.systolic"]
    assert notes["visit.systolic"].startswith("call ")


async def the_interval_is_kept_in_maintenance(hand: Hand) -> None:
    await go_to_line(hand, "interval_days")
    await hand.press(*"7", "enter")
    assert hand.consultation.case.courses[0].interval_days == 7
    await go_to_line(hand, "interval_days")
    await hand.press("enter", "backspace", *"900", "enter")
    assert "allowed: 1 to 365" in hand.form_words


async def test_without_color_every_verdict_has_its_sign_and_word(
    desk: SitDown, filed: Filed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    filed(treated("spravato", 7))
    async with desk() as hand:
        await to_visit(hand)
        await hand.press(*"165/88", "enter")
        assert "◌ Gate Not yet" in hand.words
        assert all(
            piece.style is None or piece.style.color is None or piece.style.color.is_default
            for row in hand.rows
            for piece in row
        )


async def a_session_planned_for_today_is_opened_and_not_added_once_more(hand: Hand) -> None:
    await to_session(hand)
    assert len(hand.consultation.case.courses[0].visits) == 3
    assert "session 3, 2026-11-21" in hand.text


async def a_session_of_another_day_says_so_when_it_is_opened(hand: Hand) -> None:
    await go_to_line(hand, "visit:3")
    await hand.press("enter")
    await hand.on(VisitScreen)
    assert "Dated 2026-11-22, and today is 2026-11-21" in hand.hint
    assert "still to come" in hand.lines[0]
    await hand.press("escape")
    await hand.on(CourseScreen)
    await go_to_line(hand, "visit:3")
    await hand.press("left", "enter")
    await hand.on(VisitScreen)
    assert "Dated" not in hand.hint and "still to come" not in hand.lines[0]


async def a_closed_visit_is_added_to_and_the_revision_says_so(hand: Hand) -> None:
    loaded, store = saved(hand)
    await go_to_line(hand, "visit:1")
    await hand.press("enter")
    await hand.on(VisitScreen)
    assert "closed" in hand.lines[0]
    await go_to_line(hand, "visit.walks_safely")
    await hand.press("y", "s", *"Dr B", "enter")
    await hand.on(CourseScreen)
    case = store.load(loaded.stamp.path).case
    said = f"session 1 of {TODAY - dt.timedelta(days=7)}, added to after it was closed"
    assert case.revisions[-1].why == said
    assert case.courses[0].visits[0].closed_by == "Dr A"


async def test_a_course_goes_from_its_beginning_to_the_next_and_is_kept(
    desk: SitDown, filed: Filed
) -> None:
    madrs = treated("spravato", 24, 21, instrument="madrs")
    phq9 = treated("spravato", 24, 21, instrument="phq9")
    tomorrow = TODAY + dt.timedelta(days=1)
    async with desk() as hand:
        await in_turn_from_course(
            hand,
            filed,
            {
                where_both_bases_hold_the_clinician_says_which: decided(
                    answers={"depression.acute_suicidality": True}
                ),
                the_dose_is_told_in_mg_per_kg_of_the_weight_taken_last: treated(
                    "iv", 7, planned_sessions=6
                ),
                what_stops_is_not_among_what_can_be_set_aside: treated("iv", 7),
                the_next_session_is_proposed_and_its_day_moves_with_a_key: treated(
                    "spravato", 8, 1
                ),
                what_was_missed_is_told_and_not_caught_up: treated("spravato", 15, 1),
                scores_are_typed_in_a_line_drawn_and_taken_away: madrs,
                a_number_alone_is_a_score_of_the_scale_that_benefit_is_judged_by: phq9,
                after_a_course_that_was_stopped_another_one_begins_and_both_are_shown: treated(
                    "spravato", 60, 57, stopped=TODAY - dt.timedelta(days=30)
                ),
                the_interval_is_kept_in_maintenance: treated("spravato", *range(78, 0, -7)),
                a_session_planned_for_today_is_opened_and_not_added_once_more: with_session(
                    treated("spravato", 8, 3), TODAY
                ),
                a_session_of_another_day_says_so_when_it_is_opened: with_session(
                    treated("spravato", 8, 3), tomorrow
                ),
                a_file_saved_elsewhere_meanwhile_is_not_overwritten: treated("spravato", 7),
                identifiers_in_what_was_written_at_a_visit_are_asked_about: treated("spravato", 7),
                a_closed_visit_is_added_to_and_the_revision_says_so: treated("spravato", 7),
            },
        )
        # The list says how the treatment of each stands.
        hand.app.go_home()
        await hand.press("c")
        await hand.on(CasesScreen)
        rows = [line for line in hand.lines if "45 M MDD" in line]
        assert len(rows) == 14
        assert [row.split()[-2] for row in rows].count("stopped") == 1
        assert any("due 11-24" in row for row in rows)
        stopped = next(n for n, line in enumerate(hand.lines) if " stopped " in line)
        await hand.press(*["down"] * (stopped - hand.app.cursor_position.y))
        assert " Stopped    no reason recorded" in hand.text


async def test_where_no_pane_shows_it_a_course_says_it_in_lines(
    desk: SitDown, filed: Filed
) -> None:
    dates = dict.fromkeys(("scales.madrs", "scales.phq9"), TODAY - dt.timedelta(9))
    scores = tuple(
        Score(instrument="madrs", date=TODAY - dt.timedelta(ago), value=Decimal(value))
        for ago, value in ((81, 32), (50, 12))
    )
    missed = treated("spravato", 80, 76, 60, 50, 28, interval_days=14, scores=scores)
    async with desk(80, 24) as hand:
        await in_turn_from_course(
            hand,
            filed,
            {
                a_pressure_that_holds_the_dose_says_so_where_no_pane_does: treated("spravato", 7),
                a_total_of_the_screening_is_taken_over_with_a_key_and_never_by_itself: treated(
                    "spravato", 7
                ).replaced(dates=dates),
                a_step_back_is_offered_after_a_missed_session_and_a_worse_score: missed,
            },
        )


def test_answers_of_the_screening_that_went_stale_are_named() -> None:
    knowledge = screening_knowledge()
    case = treated("spravato", 7)
    days = dict.fromkeys(case.answers, TODAY - dt.timedelta(days=200))
    consultation = Consultation(knowledge, case.replaced(dates=days), today=lambda: TODAY)
    treatment = Treatment(consultation)
    treatment.add_visit(TODAY)
    said = " ".join(text for text, _ in standing_spans(treatment))
    assert "Screening gone stale: " in said
    assert "No consent conversation is recorded" in said
