"""The table of actions: what is bound, where, and to what."""

from __future__ import annotations

import datetime as dt
import inspect
import pkgutil
import re
from collections import Counter
from importlib import import_module
from itertools import combinations
from pathlib import Path

from textual.binding import Binding
from textual.dom import DOMNode

from ketatui.cases.drafts import DraftEntry
from ketatui.tui import screens
from ketatui.tui.actions import (
    ACTIONS,
    KEY_NAMES,
    Action,
    in_context,
    is_key,
    meant,
    usable_keymap,
)
from ketatui.tui.app import KetaApp
from ketatui.tui.at_home import AT_HOME
from ketatui.tui.routes import ROUTES, screen_class
from ketatui.tui.screens.base import KetaScreen
from ketatui.tui.screens.page import PageScreen
from ketatui.tui.screens.reader import ReaderScreen
from ketatui.tui.views.help import help_lines
from ketatui.tui.views.hints import hint_line
from ketatui.tui.views.home import HomeState, home_lines
from ketatui.tui.widgets.form_list import FormList
from tests.each import each

SCREENS: tuple[type[KetaScreen], ...] = tuple(map(screen_class, ROUTES))
HOLDERS: tuple[type[DOMNode], ...] = (*SCREENS, PageScreen, ReaderScreen, FormList, KetaApp)

ALLOWED = re.compile(
    r"[a-zA-Z0-9]|up|down|left|right|enter|escape|tab|space|pageup|pagedown|home|end|backspace"
    r"|f([1-9]|10)|ctrl\+[pqzy]|left_square_bracket|right_square_bracket|full_stop|slash"
    r"|question_mark"
)
"""The keys of experience.md: terminals, tmux and Windows swallow the others."""


def of(holder: type[DOMNode]) -> list[Binding]:
    """Return the bindings a class declares itself."""
    return list(Binding.make_bindings(holder.__dict__.get("BINDINGS", ())))


def test_every_screen_that_has_keys_and_help_is_one_that_a_route_leads_to() -> None:
    for module in pkgutil.walk_packages(screens.__path__, f"{screens.__name__}."):
        import_module(module.name)

    def below(kind: type[KetaScreen]) -> set[type[KetaScreen]]:
        found = set(kind.__subclasses__())
        return found.union(*(below(item) for item in found))

    ours = {item for item in below(KetaScreen) if item.__module__.startswith("ketatui.")}
    assert {item for item in ours if item.CONTEXTS and item.HELP_TITLE} == set(SCREENS)


def test_every_action_has_an_id_of_its_own() -> None:
    assert [ident for ident, count in Counter(a.id for a in ACTIONS).items() if count > 1] == []


def test_the_palette_leads_wherever_home_does() -> None:
    of_home = [
        action for action in ACTIONS if action.context == "home" and action.id != "home.quit"
    ]
    for action in of_home:
        assert action.call in AT_HOME, f"{action.id} has no row in ketatui/tui/at_home.py"
    assert AT_HOME.keys() == {action.call for action in of_home}
    assert {action.id for action in of_home} == {f"home.{action.call}" for action in of_home}
    for row in AT_HOME.values():
        if row.over_case:
            # One goes there with nothing but the name.
            inspect.signature(screen_class(row.over_case)).bind()


def test_home_has_a_line_for_all_that_it_leads_to() -> None:
    now = dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC)
    draft = DraftEntry(
        path=Path("a.jsonl"),
        case_id="a",
        label="",
        practice=False,
        last_at=now,
        count=1,
        in_use=False,
        timed=True,
        problem=None,
    )
    state = HomeState(
        knowledge=None,
        problems=(),
        drafts=(draft,),
        cases=1,
        awaiting=0,
        folder="",
        secrecy="",
        now=now,
        due=(1, 0),
    )
    targets = {item.target for item in home_lines(state, 80)}
    missing = AT_HOME.keys() - targets
    assert not missing, f"no line in ketatui/tui/views/home.py for {', '.join(sorted(missing))}"


@each("action", ACTIONS)
def test_an_action_uses_only_keys_that_reach_the_program(action: Action) -> None:
    for key in action.keys.split(","):
        assert ALLOWED.fullmatch(key), key
        assert key in KEY_NAMES or len(key) == 1
    assert action.help.endswith(".")


@each("holder", HOLDERS)
def test_every_binding_calls_a_method_that_is_there(holder: type[DOMNode]) -> None:
    assert of(holder)
    for binding in of(holder):
        target, _, name = binding.action.partition("(")[0].rpartition(".")
        owner: type[object] = KetaApp if target == "app" else holder
        assert callable(getattr(owner, f"action_{name}")), binding.action


def test_every_action_of_the_table_is_bound_somewhere() -> None:
    bound = {binding.id for holder in HOLDERS for binding in of(holder)}
    assert {action.id for action in ACTIONS} <= bound


@each("screen", SCREENS)
def test_no_key_means_two_things_on_a_screen(screen: type[KetaScreen]) -> None:
    known = in_context(*screen.CONTEXTS, "app")
    for one, other in combinations(known, 2):
        shared = set(one.keys.split(",")) & set(other.keys.split(","))
        # What the screen says itself comes before what any form, reader or page says.
        if {one.context, other.context} & {
            "form",
            "reader",
            "page",
        } and one.context != other.context:
            continue
        assert not shared, f"{shared}: {one.id} and {other.id}"


def test_a_letter_has_one_meaning_on_all_screens() -> None:
    # Home is a menu: what its letters mean stands before each line, and nothing is answered there.
    meanings: dict[str, set[str]] = {}
    for action in ACTIONS:
        for key in action.keys.split(",") if action.context != "home" else ():
            if key.isalpha() and (len(key) == 1 or re.fullmatch(r"f\d+", key)):
                meanings.setdefault(key, set()).add(action.title)
    assert {key: said for key, said in meanings.items() if len(said) > 1} == {}


def test_no_command_is_a_capital() -> None:
    # With Caps Lock on, a command would be another one.
    assert not [
        a.id for a in ACTIONS for key in a.keys.split(",") if key.isalpha() and key.isupper()
    ]


def test_only_capitals_and_full_width_stand_for_another_key() -> None:
    stand_for = {chr(code): meant(chr(code)) for code in range(0x20, 0x30000)}
    others = {key: said[-1] for key, said in stand_for.items() if said[-1].isascii()}
    assert {key for key in others if not key.isascii()} == {
        chr(code) for code in range(0xFF01, 0xFF5F)
    }
    assert (others["\uff12"], others["\uff39"], others["Y"]) == ("2", "y", "y")


@each("screen", SCREENS)
def test_an_action_that_help_lists_on_a_screen_can_be_called_there(
    screen: type[KetaScreen],
) -> None:
    bound = {binding.id for kind in (*screen.__mro__, KetaApp) for binding in _bound(kind)}
    if "form" in screen.CONTEXTS:
        bound |= {binding.id for binding in of(FormList)}
    missing = {action.id for action in in_context(*screen.CONTEXTS, "app")} - bound
    assert missing == set()


def _bound(kind: type[object]) -> list[Binding]:
    return of(kind) if issubclass(kind, DOMNode) and kind.__module__.startswith("ketatui") else []


@each("screen", SCREENS)
def test_a_hint_line_is_never_wider_than_the_screen(screen: type[KetaScreen]) -> None:
    hints = [action.hint for action in in_context(*screen.CONTEXTS, "app")]
    # Where there is room for all of them, more room changes nothing.
    enough = len(hint_line(hints, 1000).text.rstrip())
    for width in range(12, min(enough + 2, 220)):
        shown = hint_line(hints, width).text.rstrip()
        assert len(shown) <= width
        assert re.search(r"\? (keys|\d+ more)$", shown)


@each("screen", SCREENS)
def test_help_names_every_action_of_a_screen(screen: type[KetaScreen]) -> None:
    known = in_context(*screen.CONTEXTS, "app")
    lines = help_lines(screen.HELP_TEXT, known, None, None, 80)
    said = " ".join(" ".join(line.text for line in lines).split())
    for action in known:
        assert " ".join(action.help.split()) in said
        if not action.is_digit:
            assert KEY_NAMES.get(action.keys.split(",")[0], action.keys[0]) in said
    assert all(line.width <= 80 for line in lines)


def test_a_keymap_is_used_as_far_as_its_names_are_known() -> None:
    usable = {"consultation.explain": "w,f6", "form.yes": "ctrl+plus"}
    kept, said = usable_keymap(usable | {"home.new": "zz9", "no.such": "f5"})
    assert kept == usable
    assert said == "keymap: no action no.such; home.new: no key is called zz9"
    assert [name for name in ("f25", "hyper+x", "", "ctrl+", "no_such_sign") if is_key(name)] == []
    assert all(is_key(name) for name in (*KEY_NAMES, "x", "?", "minus", "ctrl+alt+delete"))
