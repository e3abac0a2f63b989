"""What was made of one typed name."""

from __future__ import annotations

from typing import Literal

from ketatui.structs import Frozen

Standing = Literal["known", "ambiguous", "not_taken", "partly", "unknown"]
"""``known``: every word is explained. ``ambiguous``: a name that stands for several drugs.
``not_taken``: it says that something is not, or not certainly, taken. ``partly``: a combination
of which a part is not known. ``unknown``: anything else. All but ``known`` stay open."""


class Recognition(Frozen, frozen=True):
    """What was made of one typed name.

    Attributes:
        typed: What was typed.
        standing: Whether it is settled, and why not.
        name: The name in the table, several joined by " + "; empty unless known.
        ingredients: What is in it, in the order of the alphabet.
        classes: Classes of all ingredients, in the order of the alphabet; None unless known.
        so_far: Of a combination known in part: the classes of that part. Else `classes`, or none.
        may_mean: What an ambiguous name may stand for; it is asked about, never resolved.
        text: What was typed without the dose.
        dose: Strength, form, route, times and purpose as typed; empty if there are none.
        antidepressant: Tabled name of the antidepressant it is alone, release form included;
            empty for anything else.
        other: Whether it is known and holds no antidepressant at all.
    """

    typed: str
    standing: Standing
    name: str = ""
    ingredients: tuple[str, ...] = ()
    classes: tuple[str, ...] | None = None
    so_far: tuple[str, ...] = ()
    may_mean: tuple[str, ...] = ()
    text: str = ""
    dose: str = ""
    antidepressant: str = ""
    other: bool = False

    @property
    def known(self) -> bool:
        """Tell whether nothing about it is open."""
        return self.classes is not None
