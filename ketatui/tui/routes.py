"""Where one can go: every screen by its name. Nothing else imports a screen.

A screen is imported when somebody first goes there, which keeps the start short; what its class
takes is what `go` is given behind the name. `tests/test_house.py` holds every call to that.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from textual.screen import Screen

from ketatui.tui.screens.base import KetaScreen

_SCREENS = "ketatui.tui.screens"

ROUTES = {
    "reassessment": "reassessment:ReassessmentScreen",
    "board": "board:BoardScreen",
    "case": "case:CaseScreen",
    "cases": "cases:CasesScreen",
    "choose": "choose:ChooseScreen",
    "pathway_comparison": "pathway_comparison:PathwayComparisonScreen",
    "case_comparison": "case_comparison:CaseComparisonScreen",
    "consent": "consent:ConsentScreen",
    "consultation": "consultation:ConsultationScreen",
    "course": "course:CourseScreen",
    "course.status": "course_status:CourseStatusScreen",
    "criteria": "criteria:CriteriaScreen",
    "decide": "decide:DecideScreen",
    "explain": "explain:ExplainScreen",
    "export": "export:ExportScreen",
    "filters": "filters:FiltersScreen",
    "help": "help:HelpScreen",
    "home": "home:HomeScreen",
    "identifiers": "identifiers:IdentifiersScreen",
    "overview": "overview:OverviewScreen",
    "palette": "palette:PaletteScreen",
    "patient_page": "patient_page:PatientPageScreen",
    "paused": "paused:PausedScreen",
    "practice": "practice.cases:PracticeCasesScreen",
    "practice.commit": "practice.commit:CommitScreen",
    "practice.debrief": "practice.debrief:DebriefScreen",
    "practice.drill": "practice.drill:DrillScreen",
    "practice.progress": "practice.progress:ProgressScreen",
    "practice.run": "practice.run:PracticeScreen",
    "practice.story": "practice.story:StoryScreen",
    "reference": "reference:ReferenceScreen",
    "proposals": "proposals:ProposalsScreen",
    "review": "review:ReviewScreen",
    "session": "session:SessionScreen",
    "settings": "settings:SettingsScreen",
    "visit": "visit:VisitScreen",
    "visit.explain": "visit_explain:VisitExplainScreen",
}
"""Each screen's module below ``screens`` and its class, by the name one goes there by."""

KEPT = frozenset({"cases"})
"""Screens of which there is one for good, put together when first wanted."""

LATER = ("editors", "saving")
"""Modules below ``screens`` that a consultation needs, but not for its first question."""

_NAMES = {f"{_SCREENS}.{place}": name for name, place in ROUTES.items()}


@cache
def screen_class(route: str) -> type[KetaScreen]:
    """Import the class of a screen.

    Args:
        route: Its name.

    Raises:
        KeyError: There is no such route.
    """
    module, _, name = ROUTES[route].partition(":")
    found: type[KetaScreen] = getattr(import_module(f"{_SCREENS}.{module}"), name)
    return found


def build(route: str, *given: Any, **named: Any) -> KetaScreen:
    """Build the screen of that name from what its class takes."""
    return screen_class(route)(*given, **named)


def import_later() -> None:
    """Import what a consultation needs soon, while nobody waits for it."""
    for module in LATER:
        import_module(f"{_SCREENS}.{module}")


def name_of(screen: Screen[Any]) -> str:
    """Return the name one goes to a screen by; empty for one that has none."""
    kind = type(screen)
    return _NAMES.get(f"{kind.__module__}:{kind.__qualname__}", "")
