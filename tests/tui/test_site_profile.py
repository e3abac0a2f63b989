"""A site profile: answered once, offered in each consultation, confirmed, and told apart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ketatui.cases.model import Case
from ketatui.cases.store import CaseStore
from ketatui.consultation.site import SITE, usable
from ketatui.criteria.site import check_site, site_questions
from ketatui.engine import Knowledge
from ketatui.settings import load_settings
from ketatui.tui.screens.consultation import ConsultationScreen
from ketatui.tui.screens.home import HomeScreen
from ketatui.tui.screens.pathway_comparison import PathwayComparisonScreen
from ketatui.tui.screens.proposals import ProposalsScreen
from ketatui.tui.screens.settings import SettingsScreen
from tests.tui.support import SitDown, toml_files

ReadCase = Callable[[str], Case]
LeaveDraft = Callable[..., Path]
OF_PLACE = ("setting.prescriber", "setting.dea_ciii", "setting.site", "setting.rems_certified")
PROFILE: dict[str, bool | int | str] = {
    "setting.prescriber": "psychiatrist",
    "setting.site": "outpatient_clinic",
    "setting.pulse_oximeter": True,
}


async def test_it_is_taken_from_a_case_and_waits_in_the_next_one(
    desk: SitDown, folder: Path, store: CaseStore
) -> None:
    async with desk(by="Dr B") as hand:
        await hand.press("n")
        await hand.on(ConsultationScreen)
        await hand.press("1", "y", "1", "y")
        kept = {key: said for key, said in hand.answers.items() if key in OF_PLACE}
        await hand.press("ctrl+p")
        await hand.paste("site profile")
        await hand.press("enter")
        await hand.on(SettingsScreen)
        assert hand.focused == "site"
        await hand.press("enter")
        assert f"Site profile: {len(kept)} answers of the open case." in hand.hint
        assert load_settings().site == kept
        await hand.press("escape")
        await hand.on(ConsultationScreen)
        await hand.press("escape")
        await hand.on(HomeScreen)
        await hand.press("n")
        await hand.on(ConsultationScreen)
        # Said, and not answered.
        assert f"Site profile: {len(kept)} answers wait to be confirmed" in hand.hint
        assert hand.answers == {}
        assert hand.consultation.assessment.pathway("spravato").verdict == "incomplete"
        await hand.press("p")
        await hand.on(ProposalsScreen)
        await hand.press("y")
        assert hand.answers == kept
        await hand.press("escape")
        await hand.on(ConsultationScreen)
        # One key changes it for this case.
        await hand.go_to("setting.prescriber")
        await hand.press("2")
        assert hand.answers["setting.prescriber"] == "anesthesiologist"
        await hand.press("s")
        await hand.on(HomeScreen)
    (path,) = toml_files(folder)
    rows = store.load(path).case.extra["proposals"]
    assert {row["question"] for row in rows} == set(kept)
    assert {row["resource"] for row in rows} == {SITE}
    assert {row["confirmed_by"] for row in rows} == {"Dr B"}


async def test_without_an_answer_about_the_place_there_is_nothing_to_keep(desk: SitDown) -> None:
    async with desk(site=PROFILE) as hand:
        await hand.press("s")
        await hand.on(SettingsScreen)
        hand.form.focus_on("site")
        assert "3 answers" in hand.form_words
        await hand.press("enter")
        assert "Answer the setting in a consultation" in hand.hint
        assert hand.app.resources.settings.site == PROFILE
        await hand.press("backspace")
        assert hand.app.resources.settings.site == {}


def test_what_these_criteria_do_not_take_is_not_offered(knowledge: Knowledge) -> None:
    pack = knowledge.pack
    assert check_site(pack) == ()
    assert "setting.seen_in_person" not in site_questions(pack)
    kept: dict[str, bool | int | str] = {
        **PROFILE,
        "setting.site": "castle",
        "patient.age": 40,
        "no.such": True,
    }
    assert usable(pack, kept) == {
        key: value for key, value in PROFILE.items() if key != "setting.site"
    }


async def test_compare_assumes_another_site_for_one_pathway_and_leaves_the_case(
    desk: SitDown, draft: LeaveDraft, case_of: ReadCase
) -> None:
    draft(case_of("01"))
    async with desk() as hand:
        await hand.press("r")
        await hand.on(ConsultationScreen)
        before = hand.consultation.case
        await hand.press("t")
        screen = await hand.on(PathwayComparisonScreen)
        assert "ASSUMED" not in hand.all_lines
        for _ in range(3):
            await hand.press("1")
        assert screen.assumed["spravato"].site == "Home, by telehealth"
        assert "! ASSUMED: Home, by" in hand.all_lines
        # Never at home; the others stand as they are answered.
        verdict = screen.assumed["spravato"].assessment.pathway("spravato").verdict
        assert verdict != hand.consultation.assessment.pathway("spravato").verdict
        assert hand.all_lines.count("as answered") == 3
        await hand.click("#body", "1 Spravato")
        assert screen.assumed == {}
        assert hand.consultation.case == before
