"""Matching the names of medicines: whole, after folding case, spaces and salt suffixes."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from msgspec import field

from ketatui.structs import Frozen

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "´": "'", "`": "'"})  # noqa: RUF001


def fold(name: str) -> str:
    """Fold case, width, runs of spaces and apostrophes; drop what can not be seen."""
    seen = "".join(c for c in name if unicodedata.category(c) != "Cf")
    # The acute accent has to go before NFKC turns it into a space and an accent.
    plain = unicodedata.normalize("NFKC", seen.translate(_APOSTROPHES)).casefold()
    return " ".join(plain.split())


class MedicineIndex(Frozen, frozen=True):
    """Names of medicines and their classes.

    Attributes:
        names: Classes by name, as the pack writes it.
        salts: Last words that a name may carry without becoming another medicine.
        antidepressants: The tabled name of every spelling of an antidepressant.
    """

    names: Mapping[str, tuple[str, ...]]
    salts: frozenset[str]
    antidepressants: Mapping[str, str]
    _folded: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Fold the pack's own names once."""
        listed = {fold(name): classes for name, classes in self.names.items()}
        for spelling, name in self.antidepressants.items():
            # Recognized also where it is in no interaction class; a brand is in its drug's.
            self._folded[fold(spelling)] = listed.get(fold(name), ())
        for name, classes in listed.items():
            joined = {*self._folded.get(name, ()), *classes}
            self._folded[name] = tuple(sorted(joined))

    def classes(self, name: str) -> tuple[str, ...] | None:
        """Return the classes of a medicine; None for a name the pack does not know.

        A name that only resembles a known one is not that one: it stays unrecognised until
        the clinician picks a suggestion.
        """
        key = self.resolve(name)
        return None if key is None else self._folded[key]

    def resolve(self, name: str) -> str | None:
        """Return the folded known name that ``name`` stands for, salts dropped; else None."""
        words = fold(name).split()
        for count in range(len(words), 0, -1):
            key = " ".join(words[:count])
            if key in self._folded and all(word in self.salts for word in words[count:]):
                return key
        # "venlafaxine hcl er": a salt may stand before the release form as well.
        key = " ".join(word for word in words if word not in self.salts)
        return key if key in self._folded else None

    def antidepressant(self, name: str) -> str | None:
        """Return the tabled name of an antidepressant, however it was written; else None."""
        key = self.resolve(name)
        return None if key is None else self.antidepressants.get(key)

    def known(self) -> tuple[str, ...]:
        """Return all known names, folded, in alphabetical order: what typing completes from."""
        return tuple(sorted(self._folded))
