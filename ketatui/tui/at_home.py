"""What home leads to: the one table that home, the palette and the way there read.

Key, title and help stand in the table of actions like those of any other screen.
"""

from __future__ import annotations

from collections.abc import Mapping

from ketatui.structs import Frozen


class AtHome(Frozen, frozen=True):
    """Something that home leads to.

    Attributes:
        title: What the palette calls it, where its title on home says too little.
        reads_criteria: Its key, pressed while the criteria are loading, waits until they are there.
        opens_at_once: Another screen then comes first, and nobody sees what home would show.
        over_case: The route that may lie over an open consultation; empty for what begins
            something else, for which the consultation is closed first: its draft stays on disk.
    """

    title: str = ""
    reads_criteria: bool = True
    opens_at_once: bool = False
    over_case: str = ""


AT_HOME: Mapping[str, AtHome] = {
    "new": AtHome(opens_at_once=True),
    "resume": AtHome("Resume the latest draft"),
    "cases": AtHome(opens_at_once=True, over_case="cases"),
    "due": AtHome(),
    "board": AtHome(over_case="board"),
    "practice": AtHome(opens_at_once=True),
    "criteria": AtHome(opens_at_once=True, over_case="criteria"),
    "settings": AtHome(reads_criteria=False, over_case="settings"),
}
"""By the name of the action (`home.new`), which is also how home calls it."""


def row_of(action: str) -> AtHome | None:
    """Return the row of an action by its id; None where it is none of home's, or leaves the app."""
    context, _, name = action.partition(".")
    return AT_HOME.get(name) if context == "home" else None
