"""The keys of whole consultations, a line a section."""

from __future__ import annotations

SETTING = "1 y 1 y y y y y y y"
INDICATION = "1 enter y n n y 1 9 enter 3 1 enter"
SERTRALINE = "enter s e r t down enter 1 5 0 enter 1 0 enter 1 y y"
VENLAFAXINE = "v e n l down enter 2 2 5 enter 9 enter 2 y y"
HISTORY = "escape down y"
PSYCHIATRIC = "1 n n 1 n n y 2 1 enter"
VITALS = "1 2 4 enter 7 8 enter 7 2 enter 9 8 enter 2 2"
MEDICINES = "down y"
LOGISTICS = "y y y 1 y"


def joined(*sections: str) -> list[str]:
    """Return the keys of some sections, in order."""
    return " ".join(sections).split()


CLEAN = joined(
    SETTING,
    "5 2 enter 2 7 8 enter 1 7 8 enter",
    INDICATION,
    SERTRALINE,
    VENLAFAXINE,
    HISTORY,
    "a y",
    PSYCHIATRIC,
    VITALS,
    MEDICINES,
    LOGISTICS,
)
"""Every answer of acceptance case 01."""

SHORTEST = joined(
    "1 down 1 a down y",
    "5 2 enter 2 7 8 enter 1 7 8 enter",
    "1 y n n y 1 9 enter 3 1 enter",
    SERTRALINE,
    VENLAFAXINE,
    HISTORY,
    "a y",
    PSYCHIATRIC,
    "1 2 4 / 7 8 enter 7 2 enter 9 8 enter 2 2",
    MEDICINES,
    "a down y 1",
)
"""The same answers by somebody who knows the keys."""

CONSENTED = joined("c a y y", "down down y 1", "d", "1 down d r space b enter", "s")
"""The conversation held and agreed to, Spravato decided by Dr B, saved."""

ANEURYSM = joined(
    SETTING,
    "6 6 enter 2 7 8 enter 1 7 8 enter",
    INDICATION,
    SERTRALINE,
    VENLAFAXINE,
    HISTORY,
    "y a y",
    PSYCHIATRIC,
    VITALS,
    MEDICINES,
    LOGISTICS,
)
"""Every answer of acceptance case 03."""

CRPS = joined(
    SETTING,
    "5 8 enter 1 7 8 enter 1 7 8 enter n n",
    "7 y y",
    "a y",
    PSYCHIATRIC,
    VITALS,
    MEDICINES,
    LOGISTICS,
)
"""The answers of acceptance case 08 that are asked; its file answers more than that."""

DECIDED = joined("1 down enter d r space b enter")
"""The best-ranked pathway, decided by Dr B."""
