"""Practice at the keyboard: nothing told before it is committed, everything told after."""

from __future__ import annotations

from pathlib import Path

import pytest

from ketatui.criteria.pack import Pack
from ketatui.practice.class_models import Assignment
from ketatui.practice.reasons import plans_for
from ketatui.tui.screens.help import HelpScreen
from ketatui.tui.screens.home import HomeScreen
from ketatui.tui.screens.practice.cases import PracticeCasesScreen
from ketatui.tui.screens.practice.commit import CommitScreen
from ketatui.tui.screens.practice.debrief import DebriefScreen
from ketatui.tui.screens.practice.drill import DrillScreen
from ketatui.tui.screens.practice.progress import ProgressScreen
from ketatui.tui.screens.practice.run import PracticeScreen
from ketatui.tui.screens.practice.story import StoryScreen
from ketatui.tui.screens.settings import SettingsScreen
from tests.practice.support import RED, TRAM, TWO, answer_all, commit_to, perfect, staged_library
from tests.tui.practice import (
    answered,
    asked,
    begun,
    debriefed,
    opened_list,
    past_the_story,
    run_of,
)
from tests.tui.support import Hand, SitDown, toml_files

SIZES = pytest.mark.parametrize(
    ("width", "height"), [(120, 40), pytest.param(80, 24, marks=pytest.mark.long)]
)


@SIZES
async def test_a_run_from_the_list_to_the_debrief_and_back(
    desk: SitDown, folder: Path, width: int, height: int
) -> None:
    async with desk(width, height, by="T") as hand:
        run = await answered(hand)
        await hand.go_to("medical.aneurysmal_disease")
        await hand.press("b")
        assert "A widening of the belly" in hand.form_words
        await hand.press("v")
        await hand.on(StoryScreen)
        assert "TOLD WHEN ASKED" in hand.all_lines
        await hand.press("v", "d")
        assert "d again locks the facts" in hand.hint + hand.form_words
        # As the sections count: what need not be answered any more is not left.
        assert "Every question has an answer." in hand.hint
        await hand.press("d")
        await hand.on(CommitScreen)
        # Contraindicated, and for the aneurysm, four times; then none, and the second plan.
        for pathway in run.offered:
            rules = [reason.rule for reason in run.offered[pathway]]
            await hand.press("7", *["down"] * rules.index("aneurysmal-disease"), "y")
            if hand.focused.startswith("reason"):
                await hand.press("right")
        plans = [plan.id for plan in plans_for(run.case)]
        await hand.press("0", str(plans.index("another-way") + 1))
        assert hand.focused == "commit"
        await hand.press("enter")
        assert "Enter once more commits" in hand.words
        await hand.press("enter")
        await hand.on(DebriefScreen)
        assert "20 of 20 points, 100 %" in hand.words
        assert hand.text.splitlines()[0].startswith(" KetaTUI  PRACTICE  Debrief")
        await hand.press("escape")
        await hand.on(PracticeCasesScreen)
        assert "1 done" in hand.words
        await hand.press("v")
        await hand.on(ProgressScreen)
        assert "latest: 100 %" in hand.all_lines
        await hand.press("escape")
        await hand.on(PracticeCasesScreen)
        [attempt] = toml_files(hand.app.resources.attempts_folder)
        assert 'by = "T"' in attempt.read_text("utf-8")
        assert not folder.exists() or not list(toml_files(folder))


@SIZES
async def test_nothing_tells_what_the_rules_make_of_the_answers(
    desk: SitDown, pack: Pack, width: int, height: int
) -> None:
    words = [word.title for word in pack.wording.verdicts.values()]
    words += [rule.title for rule in pack.rules.values()]
    words += ["counts", "below the minimum", "Adequate from", "next that matters", "Explain"]
    async with desk(width, height) as hand:
        await answered(hand, TWO)

        def told() -> list[str]:
            text = hand.text
            return [word for word in words if word in text]

        screen = await hand.on(PracticeScreen)
        for section in pack.sections:
            screen.go_to_section(section.id)
            await hand.settle()
            # What the questions themselves ask stays what it is.
            asked_for = " ".join(
                f"{q.label} {q.text} {q.help} {q.asked_because}"
                for q in pack.by_section[section.id]
            )
            assert [word for word in told() if word not in asked_for] == []
            marks = [line[len("▸ Medicines") :] for line in hand.lines if "answered" not in line]
            assert not any("!" in mark[:14] for mark in marks[1:-1])
        await hand.go_to("antidepressant_trials")
        await hand.press("enter", "home", "enter")
        assert "filled in" in hand.words
        assert told() == []
        await hand.press("escape")
        await hand.go_to("medications")
        await hand.press("enter")
        assert "lorazepam" in hand.words
        assert told() == []
        await hand.press("escape")
        # The keys that tell elsewhere, and the one that saves, do nothing.
        await hand.go_to("medications.reviewed")
        before = hand.form_words
        for key in ("e", "t", "full_stop", "c", "s", "i", "l"):
            await hand.press(key)
            assert isinstance(hand.app.screen, PracticeScreen)
            assert hand.form_words == before
        # Palette and help list what the screen says works on it.
        offered = {action.id for action in screen.actions()}
        assert not offered & {
            f"consultation.{name}" for name in ("explain", "compare", "next", "why", "save")
        }
        await hand.press("question_mark")
        await hand.on(HelpScreen)
        assert "Why each pathway has its verdict" not in hand.all_lines


async def all_remaining_no_does_not_say_what_counts_against(hand: Hand) -> None:
    await hand.go_to("medical.aneurysmal_disease")
    await hand.press("a")
    assert "Answer these" in hand.words
    assert "counts against" not in hand.words


async def test_a_run_that_was_left_goes_on_where_it_was_and_is_no_draft_and_no_case(
    desk: SitDown, folder: Path
) -> None:
    async with desk() as hand:
        await asked(hand)
        await hand.press("s", "escape", "escape", "escape")
        await hand.on(HomeScreen)
        assert "Resume" not in hand.words
        assert "with a debrief; one run to resume" in hand.words
        await hand.press("c")
        assert "No case has been saved yet" in hand.words
        assert not folder.exists()
        await hand.press("escape")
        await begun(hand)
        await hand.press("d", "d")
        await hand.on(CommitScreen)
        await hand.press("7", "ctrl+q")
    async with desk() as hand:
        screen = await opened_list(hand)
        assert screen._shown[0].id == RED
        assert "begun, not finished" in hand.words
        await hand.press("enter")
        # Behind the lock: to the verdicts at once, and from there to the list only.
        await hand.on(CommitScreen)
        run = run_of(hand)
        assert run.told == ("vessels",)
        assert run.hints == 1
        assert run.judgment.verdicts == {"spravato": "contraindicated"}
        assert run.consultation.case.answers == {"medical.aneurysmal_disease": True}
        await hand.press("escape")
        await hand.on(PracticeCasesScreen)
        await hand.press("backspace", "y", "enter")
        assert "begun" not in hand.words


async def test_harm_is_told_first_each_difference_opens_and_no_attempt_is_among_the_cases(
    desk: SitDown, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KETATUI_PRACTICE", str(folder))
    async with desk(80, 24) as hand:
        await debriefed(hand)
        # The folder of cases is never that of attempts.
        assert len(list(toml_files(folder / "practice"))) == 1
        assert not list(toml_files(folder))
        assert not (folder / "drafts").exists()
        # 8 for a plan, 4 times 6 for pathways, 4 for the red flag, 1 for a reason, 1 for the hint.
        assert "−38 of 20 points, 0 %" in hand.lines[0]
        assert "✗ Harm: Aneurysm" in hand.form_words
        assert hand.form.focus_on("verdict:spravato")
        assert "You: Criteria met, with cautions. The criteria: Contraindicated." in hand.form_words
        assert "✗ You did not name it." in hand.form_words
        assert "rule aneurysmal-disease" in hand.form_words
        assert "SPRAVATO (esketamine) nasal spray" in hand.form_words
        assert "it does not apply here. Read:" in hand.form_words
        assert hand.form.focus_on("fact:medical.aneurysmal_disease")
        assert "you: no → yes" in hand.form_words
        assert "Not asked: “Ask about the aorta and other vessels”." in hand.form_words
        await hand.press("escape", "e")
        await hand.on(DebriefScreen)
        assert "−38 of 20 points" in hand.lines[0]


async def test_every_screen_of_practice_says_so_and_rules_are_drilled(desk: SitDown) -> None:
    async with desk(80, 24) as hand:
        mark = " KetaTUI  PRACTICE  "
        await opened_list(hand)
        await rules_are_drilled_and_progress_tells_how_they_stand(hand)
        assert "No case has been done yet." in hand.all_lines
        await hand.press("escape")
        await hand.on(PracticeCasesScreen)
        await hand.press("enter")
        await hand.on(StoryScreen)
        assert "b on a question" in hand.all_lines
        await hand.press("escape", "escape")
        run = await begun(hand)
        # Once: the program, what this is, and the case.
        assert hand.text.startswith(f"{mark}{run.case.name}")
        answer_all(run, run.case.right)
        assert hand.text.startswith(mark)
        for keys, screen in (("v", StoryScreen), ("v", PracticeScreen), ("dd", CommitScreen)):
            await hand.press(*keys)
            await hand.on(screen)
            assert hand.text.startswith(mark)
        commit_to(run, perfect(run.knowledge, run.case))
        await hand.press("end", "enter", "enter")
        for press, shown in (
            ("", DebriefScreen),
            ("escape", PracticeCasesScreen),
            ("v", ProgressScreen),
        ):
            await hand.press(*press.split())
            await hand.on(shown)
            assert hand.text.startswith(mark)


async def a_hint_is_asked_about_and_the_timer_can_be_switched_off(hand: Hand) -> None:
    run = run_of(hand)
    assert "0 of about 9 min" in hand.words
    await hand.press("h")
    assert "A hint costs 2 points (1 left). h again takes it." in hand.hint
    assert run.hints == 0
    await hand.press("down", "h", "h")
    assert run.hints == 1
    assert "Look at the first dose." in hand.words
    assert "h hint" not in hand.hint
    await hand.press("f10")
    assert "timer off" in hand.words
    assert not hand.app.resources.settings.practice_timer
    top = hand.app.screen.query_one("#story").top  # type: ignore[attr-defined]
    await hand.press("space")
    assert top == 0


async def what_can_not_be_written_is_not_taken(hand: Hand) -> None:
    run = run_of(hand)
    path, kept = run.journal.path, run.journal.path.with_name("kept")
    path.rename(kept)
    await hand.go_to("medical.aneurysmal_disease")
    await hand.press("b")
    assert hand.hint.startswith("Not taken")
    assert run.told == ()
    await hand.press("d", "d")
    await hand.on(PracticeScreen)
    assert not run.locked
    kept.rename(path)
    await hand.press("d", "d")
    await hand.on(CommitScreen)
    path.unlink()
    await hand.press("7")
    assert "not taken" in hand.hint
    assert not run.judgment.verdicts


async def test_the_mouse_works_on_the_list_and_the_reasons_and_a_hint_is_asked_about(
    desk: SitDown,
) -> None:
    async with desk() as hand:
        await opened_list(hand)
        await hand.click("#list", "Night baker")
        await hand.click("#list", "Night baker")
        await hand.on(PracticeScreen)
        run = run_of(hand)
        assert run.case.id == TWO
        await a_hint_is_asked_about_and_the_timer_can_be_switched_off(hand)
        await hand.press("d", "d")
        await hand.on(CommitScreen)
        await hand.click("#form", "Criteria met")
        assert run.judgment.verdicts == {"spravato": "fits"}
        title = run.offered["spravato"][2].title
        await hand.click("#form", title)
        await hand.click("#form", title)
        assert run.judgment.reasons["spravato"] == (run.offered["spravato"][2].rule,)


async def test_an_assigned_case_stands_first_and_holds_to_hints_and_tries(desk: SitDown) -> None:
    async with desk() as hand:
        await opened_list(hand)
        await hand.press("escape")
        library = hand.app.resources.practice
        assert library is not None
        due = Assignment(title="Week 1", cases=(TWO,), hints=False, tries=1)
        hand.app.resources.practice = library.replaced(assignment=due)
        await hand.press("p")
        screen = await hand.on(PracticeCasesScreen)
        assert screen._shown[0].id == TWO
        assert "Assigned: Week 1, without hints, one try." in hand.words
        # Neither title nor topic before it was done.
        assert "Night baker" in hand.words
        assert "two tablets" not in hand.words
        assert "Treatment resistance" not in hand.words
        await hand.press("enter")
        await hand.on(PracticeScreen)
        run = run_of(hand)
        await hand.press("h", "h")
        assert "assigned without hints" in hand.hint
        assert run.hints == 0
        answer_all(run, run.case.right)
        await hand.press("d", "d")
        committing = await hand.on(CommitScreen)
        commit_to(run, perfect(run.knowledge, run.case))
        committing.redraw()
        await hand.press("end", "enter", "enter")
        await hand.on(DebriefScreen)
        await hand.press("escape")
        await hand.on(PracticeCasesScreen)
        assert "two tablets" in hand.words
        while screen._focused != TWO:
            await hand.press("down")
        await hand.press("enter")
        await hand.on(PracticeCasesScreen)
        assert "no try is left" in hand.hint


@pytest.mark.parametrize("size", [pytest.param((120, 40), marks=pytest.mark.long), (80, 24)])
async def test_a_staged_case_is_met_stage_by_stage_and_gone_on_with_in_its_stage(
    desk: SitDown, size: tuple[int, int]
) -> None:
    async with desk(*size) as hand:
        knowledge = hand.app.resources.knowledge
        assert knowledge is not None
        hand.app.resources.practice = staged_library(knowledge.pack)
        await hand.press("p")
        screen = await hand.on(PracticeCasesScreen)
        screen._focused = TRAM
        await hand.press("enter")
        await past_the_story(hand)
        run = run_of(hand)
        # A pressure is typed as it is said, and the chart stands in the story.
        await hand.press(*"166/96", "enter")
        assert run.consultation.case.answers == {"visit.systolic": 166, "visit.diastolic": 96}
        await hand.press("v")
        await hand.on(StoryScreen)
        assert "No dose so far." in hand.words
        assert "1 of 3: The first Tuesday" in hand.words
        await hand.press("v")
        await hand.on(PracticeScreen)
        for place in range(3):
            assert len(run.done) == place
            answer_all(run, run.case.right)
            await hand.press("d", "d")
            committing = await hand.on(CommitScreen)
            assert "Pathway to proceed with" not in hand.words
            commit_to(run, perfect(run.knowledge, run.case))
            committing.redraw()
            await hand.press("end", "enter", "enter")
            if place < 2:
                await past_the_story(hand)
                # What was committed to is behind, and the next stage is blank.
                assert not run.consultation.case.answers
            if place == 0:
                await hand.press("escape")
                screen = await hand.on(PracticeCasesScreen)
                screen._focused = TRAM
                await hand.press("enter")
                await past_the_story(hand)
                assert run_of(hand) is not run
                run = run_of(hand)
                assert run.part.id == "thursday"
        await hand.on(DebriefScreen)
        assert "33 of 33 points, 100 %" in hand.words
        assert "Night tram · 1 of 3" in hand.words
        await hand.press("escape", "e")
        await hand.on(DebriefScreen)
        assert "33 of 33 points, 100 %" in hand.words


async def the_rest_no_leaves_open_what_no_speaks_against(hand: Hand) -> None:
    run = run_of(hand)
    await hand.go_to("setting.pulse_oximeter")
    await hand.press("a")
    assert "Nothing in this section is left to answer no or none." in hand.hint
    await hand.go_to("medical.aneurysmal_disease")
    await hand.press("a", "y")
    answers = run.consultation.case.answers
    assert answers["medical.aneurysmal_disease"] is False
    assert not any(ident.startswith("setting.") for ident in answers)


async def keys_behind_the_first_digit_of_two_are_not_lost(hand: Hand) -> None:
    run = run_of(hand)
    questions = list(run.consultation.asked("indication"))
    place = next(n for n, q in enumerate(questions) if len(q.options) > 9)
    await hand.go_to(questions[place].id)
    await hand.press("1", "y", "n", "n", "y")
    answers = run.consultation.case.answers
    assert answers[questions[place].id] == questions[place].options[0].code
    given = [answers.get(q.id) for q in run.consultation.asked("indication")[place + 1 :]]
    assert given[:1] == [True]


async def test_a_run_takes_no_more_than_was_meant_and_nothing_that_cannot_be_written(
    desk: SitDown,
) -> None:
    async with desk() as hand:
        await begun(hand)
        await all_remaining_no_does_not_say_what_counts_against(hand)
        await hand.press("escape")
        await the_rest_no_leaves_open_what_no_speaks_against(hand)
        await keys_behind_the_first_digit_of_two_are_not_lost(hand)
        await what_can_not_be_written_is_not_taken(hand)


async def test_the_folders_of_the_settings_are_used_at_once(desk: SitDown, tmp_path: Path) -> None:
    chosen = tmp_path / "mine"
    own = tmp_path / "class"
    own.mkdir()
    (own / f"{TRAM}.toml").write_text(
        Path(f"docs/examples/practice/{TRAM}.toml").read_text("utf-8"), "utf-8"
    )
    async with desk() as hand:
        await hand.press("s")
        screen = await hand.on(SettingsScreen)
        screen.form.focus_on("practice_cases")
        await hand.press("enter")
        await hand.paste(str(own))
        await hand.press("enter", "escape")
        await hand.on(HomeScreen)
        await hand.press("p")
        listing = await hand.on(PracticeCasesScreen)
        assert TRAM in listing.library.cases, "a teacher's"
        await hand.press("escape", "s")
        await hand.on(SettingsScreen)
        assert hand.form.focus_on("practice")
        await hand.press("enter")
        await hand.paste(str(chosen))
        await hand.press("enter", "escape")
        await hand.on(HomeScreen)
        await begun(hand)
        await hand.press("b")
        assert len(list((chosen / "drafts").glob("*.jsonl"))) == 1, "of attempts"


async def rules_are_drilled_and_progress_tells_how_they_stand(hand: Hand) -> None:
    await hand.press("g")
    screen = await hand.on(DrillScreen)
    drill = screen.sitting.drill
    assert drill is not None
    assert f"{drill.fact}: {drill.value}" in hand.words
    assert "Why" not in hand.words
    place = list(drill.words).index(drill.verdict) + 1
    await hand.press(str(place))
    assert "✓ right" in hand.words
    assert "1 of 1 right" in hand.words
    await hand.press("enter")
    assert screen.sitting.drill is not None
    assert screen.sitting.drill.rule != drill.rule
    await hand.press("escape", "v")
    await hand.on(ProgressScreen)
    assert f"{drill.title}: 1 of 1 right" in hand.all_lines
