"""Colors: enough contrast in every theme, and none at all where none is wanted."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from rich.color import ColorType
from textual.color import Color
from textual.theme import Theme

from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge
from ketatui.settings import Settings
from ketatui.tui.screens.consultation import ConsultationScreen
from ketatui.tui.session import Resources
from ketatui.tui.themes import ANSI, CONTRAST, DARK, LIGHT, THEMES, TITLES
from ketatui.tui.views.lines import ROLES
from ketatui.tui.views.verdicts import ROLE
from ketatui.tui.widgets.line_view import LineView
from tests.each import each
from tests.tui.support import Hand, SitDown, WatchedApp

NEEDED = {DARK.name: 4.5, LIGHT.name: 4.5, CONTRAST.name: 7.0}


def luminance(color: Color) -> float:
    """Relative luminance, as WCAG 2 defines it."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part) for part in color.normalized)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    """Contrast of two colors, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_wcag_does() -> None:
    assert contrast(Color.parse("#000"), Color.parse("#fff")) == pytest.approx(21)
    assert contrast(Color.parse("#777"), Color.parse("#fff")) == pytest.approx(4.48, abs=0.01)


async def test_every_role_can_be_read_on_every_ground(desk: SitDown) -> None:
    async with desk(theme=DARK.name) as hand:
        await hand.press("n")
        await hand.on(ConsultationScreen)
        form = hand.form
        for theme in (DARK, LIGHT, CONTRAST):
            hand.app.theme = theme.name
            await hand.settle()
            grounds = {"background": Color.parse(theme.background or "")}
            grounds["panel"] = Color.parse(theme.panel or "")
            grounds["typing"] = Color.parse(theme.variables["keta-typing"])
            grounds["focus"] = Color.parse(theme.variables["keta-focus"])
            for role, (name, ground) in product((*ROLES, "more"), grounds.items()):
                style = form.style_of(role)
                assert style.color is not None
                ink = Color.from_rich_color(style.color)
                own = Color.from_rich_color(style.bgcolor) if style.bgcolor else ground
                said = f"{role} on {name} in {theme.name}"
                assert contrast(ink, own) >= NEEDED[theme.name], said


def test_every_theme_has_a_name_a_person_can_choose() -> None:
    assert {theme.name for theme in THEMES} == set(TITLES)


async def test_with_no_color_the_terminals_own_colors_are_used_whatever_was_chosen(
    desk: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with desk(theme=LIGHT.name) as hand:
        assert hand.app.theme == "ketatui-ansi"
        await hand.press("n")
        await hand.on(ConsultationScreen)
        # The focused line is still told apart.
        focused = hand.app.cursor_position.y
        pieces = [p for p in hand.rows[focused] if "Prescriber" in p.text]
        assert pieces
        assert all(piece.style and piece.style.reverse for piece in pieces)
        await hand.press("1", "y", ".")
        assert colors_used(hand) <= {ColorType.DEFAULT}


async def test_the_ansi_theme_uses_the_sixteen_colors_of_the_terminal_only(desk: SitDown) -> None:
    async with desk(theme=ANSI.name) as hand:
        await hand.press("n")
        await hand.on(ConsultationScreen)
        await hand.press("1", "y", ".", "y")
        assert colors_used(hand) == {ColorType.DEFAULT, ColorType.STANDARD}


def colors_used(hand: Hand) -> set[ColorType]:
    """Return the kinds of color on the screen."""
    return {
        color.type
        for row in hand.rows
        for piece in row
        if piece.style
        for color in (piece.style.color, piece.style.bgcolor)
        if color is not None
    }


async def test_a_theme_change_recolors_what_is_on_the_screen(
    folder: Path, knowledge: Knowledge
) -> None:
    app = WatchedApp(Resources(folder, None, None, Settings(welcomed=True), knowledge))
    async with app.run_test() as pilot:
        await pilot.pause()
        title = app.screen.query_one("#title", LineView)
        before = title.render_line(0)
        app.theme = LIGHT.name
        await pilot.pause()
        assert title.render_line(0) != before


@each("theme", THEMES)
def test_verdicts_are_told_apart_by_color_and_without_any(theme: Theme, pack: Pack) -> None:
    colors = {
        "good": theme.success,
        "caution": theme.warning,
        "bad": theme.error,
        **{name.removeprefix("keta-"): value for name, value in theme.variables.items()},
    }
    said = {verdict: colors[ROLE[verdict]] for verdict in pack.wording.verdicts}
    assert len(set(said.values())) == len(said)
    assert len({words.symbol for words in pack.wording.verdicts.values()}) == len(said)
