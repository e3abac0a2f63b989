"""Actions: the one table that bindings, palette, hint line, help page and docs come from.

Default keys are letters, digits, arrows, Enter, Esc, Tab, Space, PgUp/PgDn, Home/End, F1 to
F10 and Ctrl+P/Q/Z/Y only: terminals, tmux and Windows swallow the others.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from textual import events
from textual.binding import Binding
from textual.keys import KEY_NAME_REPLACEMENTS

from ketatui.structs import Frozen
from ketatui.tui import palette_actions, session_actions
from ketatui.tui.action_table import ROWS


class Action(Frozen, frozen=True):
    """Something a person can do.

    Attributes:
        id: Unique; a keymap file changes keys by it.
        keys: Default keys, comma-separated.
        call: The action method with its arguments, as Textual calls it.
        title: Two or three words for the palette and the help page.
        help: One sentence for the help page.
        context: Where it works: a screen, ``form`` (any form) or ``app`` (everywhere).
        hint: What the hint line says; empty keeps it off the hint line.
    """

    id: str
    keys: str
    call: str
    title: str
    help: str
    context: str
    hint: str = ""

    def hint_with(self, keymap: Mapping[str, str]) -> str:
        """Return the hint, with the key a keymap has moved it to."""
        if not self.hint or self.id not in keymap:
            return self.hint
        return f"{self.key_with(keymap)} {self.hint.partition(' ')[2]}"

    def key_with(self, keymap: Mapping[str, str]) -> str:
        """Return the first key, as it is written on keyboards, where a keymap has moved it to."""
        key = keymap.get(self.id, self.keys).split(",")[0]
        return KEY_NAMES.get(key, key)

    def character_with(self, keymap: Mapping[str, str]) -> str:
        """Return the first key, moved likewise, if it is a single character; else nothing."""
        key = keymap.get(self.id, self.keys).split(",")[0]
        return key if len(key) == 1 else ""

    @property
    def is_digit(self) -> bool:
        """Whether it is one of ten that the keys 0 to 9 stand for."""
        return self.id.startswith(f"{self.context}.{DIGIT}")

    @property
    def shown_key(self) -> str:
        """The first key, as it is written on keyboards."""
        return self.key_with({})


KEY_NAMES = {
    "enter": "Enter",
    "escape": "Esc",
    "backspace": "Backspace",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "full_stop": ".",
    "slash": "/",
    "question_mark": "?",
    "space": "Space",
    "tab": "Tab",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "f1": "F1",
    "f2": "F2",
    "f3": "F3",
    "f4": "F4",
    "f5": "F5",
    "f6": "F6",
    "f7": "F7",
    "f8": "F8",
    "f9": "F9",
    "f10": "F10",
    "ctrl+z": "Ctrl+Z",
    "ctrl+y": "Ctrl+Y",
    "ctrl+p": "Ctrl+P",
    "ctrl+q": "Ctrl+Q",
}


_OF_NAMES = {name: key for key, name in KEY_NAMES.items()}
_CHARACTERS = {
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "full_stop": ".",
    "slash": "/",
    "question_mark": "?",
    "space": " ",
}


def keys_in(hint: str) -> tuple[tuple[str, str], ...]:
    """Return the keys a hint begins with: each as it is written, and by its name.

    Args:
        hint: ``y yes``, ``[ ] section``, ``Enter opens``.
    """
    found = []
    for word in hint.split(" "):
        if word not in _OF_NAMES and not (len(word) == 1 and word.isalnum()):
            break
        found.append((word, _OF_NAMES.get(word, word)))
    return tuple(found)


def is_key(name: str) -> bool:
    """Tell whether a key is called so: ``f5``, ``ctrl+t``, ``x``, ``full_stop``."""
    *held, key = name.split("+")
    if not key or not set(held) <= {"ctrl", "shift", "alt"}:
        return False
    if len(key) == 1 or key in KEY_NAMES or key in _MORE_KEYS:
        return True
    try:
        return bool(unicodedata.lookup(key.replace("_", " ").upper()))
    except KeyError:
        return bool(re.fullmatch(r"f([1-9]|1\d|2[0-4])", key))


def usable_keymap(keymap: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """Return what of a keymap moves a key, and what is wrong with the rest.

    Textual passes over what it does not know in silence; a misspelled name has to be told.

    Args:
        keymap: Keys by action id, several parted by commas.
    """
    known = {action.id for action in ACTIONS}
    unknown = sorted(set(keymap) - known)
    wrong = {
        ident: key
        for ident, keys in keymap.items()
        for key in keys.split(",")
        if not is_key(key.strip())
    }
    said = [f"no action {', '.join(unknown)}"] if unknown else []
    said += [f"{ident}: no key is called {key}" for ident, key in sorted(wrong.items())]
    kept = {ident: keys for ident, keys in keymap.items() if ident in known and ident not in wrong}
    return kept, f"keymap: {'; '.join(said)}" if said else ""


_FIRST_FULL, _LAST_FULL = "\uff01", "\uff5e"
"""The characters of ASCII, from ``!`` to ``~``, in full width."""


def meant(key: str) -> tuple[str, ...]:
    """Return a key and what it stands for where it has no meaning of its own.

    With Caps Lock on a letter comes as a capital, and some keyboards write digits in full width.
    What only resembles a digit or letter (``²``, ``º``, the sign of kelvin) is none of these.
    """
    plain = plain_key(key)
    small = plain.lower()
    return tuple(dict.fromkeys((key, plain, small if small.upper() == plain else plain)))


def plain_key(key: str) -> str:
    """Return a key as itself, in plain width where it came in full width.

    Args:
        key: Its name, or the character that it types.
    """
    full = len(key) == 1 and _FIRST_FULL <= key <= _LAST_FULL
    return chr(ord(key) - ord(_FIRST_FULL) + ord("!")) if full else key


def is_text(key: str) -> bool:
    """Tell whether a key, by its name, is text where text is typed."""
    return len(key) == 1 or key in _CHARACTERS


def key_press(key: str) -> events.Key:
    """Return what a terminal sends for a key.

    Args:
        key: Its name, as in the table of actions.
    """
    return events.Key(key, _CHARACTERS.get(key, key if len(key) == 1 else None))


_MORE_KEYS = frozenset({"delete", "insert", *KEY_NAME_REPLACEMENTS.values()})
DIGIT = "digit_"
"""What the ids of the keys 0 to 9 have behind their context."""


def _digits(context: str, help: str) -> tuple[Action, ...]:
    return tuple(
        Action(
            f"{context}.{DIGIT}{digit}",
            str(digit),
            f"digit({digit})",
            f"Digit {digit}",
            help,
            context,
        )
        for digit in range(10)
    )


ACTIONS: tuple[Action, ...] = (
    *(Action(*row) for row in (*ROWS, *palette_actions.ROWS, *session_actions.ROWS)),
    *_digits("form", "Pick an option by its number, or start typing a number."),
    *_digits("explain", "Go to a pathway by its number, which is the same everywhere."),
    *_digits("visit_explain", "Go to a decision by its number."),
    *_digits("compare", "Assume another site for the pathway of that number; the case stays."),
    *_digits("board", "Go to a session by its number on the board."),
    *_digits(
        "page", "Go to a part of the page by its number, 0 to the tenth; pick a line of a menu."
    ),
)
"""Every action, in the order of the help page."""


@cache
def in_context(*contexts: str) -> tuple[Action, ...]:
    """Return the actions of some contexts, in the order of the contexts."""
    return tuple(action for context in contexts for action in ACTIONS if action.context == context)


@cache
def named(*ids: str) -> tuple[Action, ...]:
    """Return actions by their ids, in the order of the ids."""
    known = {action.id: action for action in ACTIONS}
    return tuple(known[ident] for ident in ids)


def hints_of(keymap: Mapping[str, str], *ids: str) -> tuple[str, ...]:
    """Return the hints of actions, with the keys a keymap has moved them to."""
    return tuple(action.hint_with(keymap) for action in named(*ids))


def bindings(*contexts: str, also: tuple[Action, ...] = ()) -> tuple[Binding, ...]:
    """Return the Textual bindings of some contexts, and of actions from others."""
    return tuple(
        Binding(
            action.keys, action.call, action.title, show=False, id=action.id, tooltip=action.help
        )
        for action in (*in_context(*contexts), *also)
    )
