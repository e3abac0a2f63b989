"""What keys paint line by line is what painting the whole screen would show."""

from __future__ import annotations

from typing import Any

import pyte
import pytest
from textual._compositor import CompositorUpdate
from textual.geometry import Size
from textual.widget import Widget
from textual.widgets import Static

from ketatui.tui.screens.cases import CasesScreen
from ketatui.tui.screens.consultation import ConsultationScreen
from ketatui.tui.terminal_output import Lean, lean
from ketatui.tui.widgets.painting import LineCompositor, PaintingScreen, PaintsLines, Panes
from tests.tui.support import Hand, SitDown
from tests.tui.test_bytes import looks_of

KEYS = (
    ["n", "n", "y", "u", "up", "up", "down", "n", "ctrl+z", "ctrl+y", "question_mark", "escape"],
    ["right_square_bracket", "n", "n", "w", "down", "w", "slash", *"age", "enter", *"52", "enter"],
    ["g", "down", "down", "enter", "a", "escape", "e", "down", "enter", "escape", "full_stop"],
    ["o", *"a note 漢", "enter", "down", "backspace", "l", *"52 m", "enter", "end", "home"],
)


class Shown:
    """A terminal that is shown what the app paints."""

    def __init__(self, hand: Hand, patch: pytest.MonkeyPatch) -> None:
        self.app = hand.app
        self.pieces = 0
        self.wholes: list[object] = []
        """The screens of which more than lines was painted, each time."""
        self.terminal = self._blank()
        patch.setattr(self.app, "_display", self._display)
        self._display(self.app.screen, self.app.screen._compositor.render_full_update())

    def _blank(self) -> pyte.Screen:
        return pyte.Screen(*self.app.size)

    def _display(self, screen: object, update: CompositorUpdate | None) -> None:
        if update is not None:
            self.pieces += hasattr(update, "pieces")
            if not hasattr(update, "pieces"):
                self.wholes.append(screen)
            self._feed(self.terminal, update)

    def _feed(self, terminal: pyte.Screen, update: CompositorUpdate) -> None:
        written = update.render_segments(self.app.console) + "\x1b[1;1H"
        pyte.Stream(terminal).feed(written if isinstance(written, Lean) else lean(written))

    def wanted(self) -> pyte.Screen:
        """Return a terminal on which everything is painted anew, all of it by Textual."""
        terminal = self._blank()
        with pytest.MonkeyPatch.context() as patch:
            for own in (PaintsLines, Panes, PaintingScreen):
                patch.delattr(own, "render_lines")
            self._feed(terminal, self.app.screen._compositor.render_full_update())
        return terminal


@pytest.mark.parametrize("size", [(120, 40), pytest.param((80, 24), marks=pytest.mark.long)])
async def test_the_terminal_shows_what_painting_everything_would_show(
    desk: SitDown, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    async with desk(*size) as hand:
        await hand.press("n")
        await hand.on(ConsultationScreen)
        shown = Shown(hand, monkeypatch)
        for keys in KEYS:
            for number, key in enumerate(keys):
                await hand.press(key)
                # A cell that was left out stays wrong; an emulator is slow.
                if number % 6 == 5:
                    assert looks_of(shown.terminal) == looks_of(shown.wanted()), key
        assert shown.pieces > 20


@pytest.mark.parametrize("size", [(120, 40), (200, 60)])
async def test_the_list_comes_up_in_one_paint_with_its_preview(
    desk: SitDown, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    async with desk(*size) as hand:
        hand.app.prepare("cases")
        await hand.settle()
        shown = Shown(hand, monkeypatch)
        shown.wholes.clear()
        await hand.press("c")
        screen = await hand.on(CasesScreen)
        await hand.settle()
        assert screen.query_one("#preview").region.area
        assert shown.wholes == [screen]
        assert looks_of(shown.terminal) == looks_of(shown.wanted())


async def test_a_text_longer_than_its_field_scrolls_in_it_and_lays_nothing_out(
    desk: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(80, 24) as hand:
        await hand.press("n", "o", "x")
        await hand.settle()
        shown = Shown(hand, monkeypatch)
        laid_out = 0
        layout = LineCompositor.reflow

        def counted(*given: Any) -> Any:
            nonlocal laid_out
            laid_out += 1
            return layout(*given)

        monkeypatch.setattr(LineCompositor, "reflow", counted)
        for text, end in (("first ", "xfirst"), ("word " * 20, "word word"), ("漢字", "word 漢字")):
            await hand.press(*text)
            await hand.settle()
            assert end in hand.text
        assert "xfirst" not in hand.text
        assert looks_of(shown.terminal) == looks_of(shown.wanted())
        await hand.press("home")
        await hand.settle()
        assert "xfirst" in hand.text
        assert looks_of(shown.terminal) == looks_of(shown.wanted())
        assert laid_out == 0


async def test_a_list_that_was_ready_has_the_looks_of_a_theme_that_was_chosen_since(
    desk: SitDown,
) -> None:
    async def looks(hand: Hand) -> list[Any]:
        hand.app.theme = "ketatui-light"
        await hand.settle()
        await hand.press("c")
        screen = await hand.on(CasesScreen)
        await hand.settle()
        strips = screen._compositor.render_strips()
        return [[(part.text, part.style) for part in strip] for strip in strips]

    painted = []
    for theme in ("ketatui-dark", "ketatui-light"):
        async with desk(theme=theme) as hand:
            hand.app.prepare("cases")
            await hand.settle()
            ahead = await looks(hand)
            await hand.press("escape")
            hand.app.theme = theme
            await hand.settle()
            # And where it was opened before.
            await hand.press("c", "escape")
            await hand.settle()
            painted.append((ahead, await looks(hand)))
    (dark_ahead, dark_before), (light_ahead, light_before) = painted
    assert dark_ahead == light_ahead
    assert dark_before == light_before


async def test_a_screen_is_painted_once_when_it_comes_up_comes_back_or_is_laid_out_anew(
    desk: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(200, 60) as hand:
        await hand.settle()
        shown = Shown(hand, monkeypatch)
        shown.wholes.clear()
        for key in ("n", "question_mark", "escape", "slash", "escape"):
            await hand.press(key)
            await hand.settle()
            assert shown.wholes == [hand.app.screen], key
            shown.wholes.clear()
        assert looks_of(shown.terminal) == looks_of(shown.wanted())


async def test_what_is_laid_out_anew_is_painted_as_a_whole_once(
    desk: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(120, 40) as hand:
        await hand.press("c")
        await hand.on(CasesScreen)
        screen = hand.app.screen
        compositor = screen._compositor
        assert isinstance(compositor, LineCompositor)
        before = compositor.wholes
        compositor._dirty_regions.add(screen.region)
        screen.refresh(layout=True)
        screen._on_timer_update()
        assert compositor.wholes == before + 1
        shown = Shown(hand, monkeypatch)
        layouts: list[tuple[int, int]] = []
        lay_out = compositor.reflow

        def reflow(parent: Widget, size: Size) -> Any:
            layouts.append(size)
            return lay_out(parent, size)

        monkeypatch.setattr(compositor, "reflow", reflow)
        # From one look to the next, and with it to other panes.
        for width, height in ((100, 30), (180, 50), (80, 24)):
            shown.terminal.resize(height, width)
            before = compositor.wholes
            await hand.resize(width, height)
            assert (layouts, compositor.wholes - before) == ([(width, height)], 1)
            layouts.clear()
            await hand.press("down")
            assert hand.app.size == (width, height)
            assert looks_of(shown.terminal) == looks_of(shown.wanted())


async def test_lines_under_something_else_are_left_to_textual(
    desk: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk() as hand:
        await hand.press("n")
        screen = await hand.on(ConsultationScreen)
        cover = Static("covered " * 20)
        cover.styles.layer = "cover"
        cover.styles.offset = (30, 8)
        cover.styles.width = 12
        cover.styles.height = 10
        screen.styles.layers = "default cover"
        await screen.mount(cover)
        await hand.settle()
        shown = Shown(hand, monkeypatch)
        for key in ("n", "down", "n", "up"):
            await hand.press(key)
            assert looks_of(shown.terminal) == looks_of(shown.wanted()), key
        assert any("covered" in line for line in shown.terminal.display)
