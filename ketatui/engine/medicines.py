"""Matching the names of medicines: whole, after folding case, spaces and salt suffixes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


def fold(name: str) -> str:
    """Fold case, runs of spaces and typographic apostrophes."""
    return " ".join(name.casefold().replace("’", "'").split())


@dataclass(frozen=True)
class MedicineIndex:
    """Names of medicines and their classes.

    Attributes:
        names: Classes by name, as the pack writes it.
        salts: Last words that a name may carry without becoming another medicine.
        antidepressants: The tabled name of every spelling of an antidepressant.
    """

    names: Mapping[str, tuple[str, ...]]
    salts: frozenset[str]
    antidepressants: Mapping[str, str]
    _folded: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        """Fold the pack's own names once."""
        for name in self.antidepressants:
            # An antidepressant is recognised, also where it is in no interaction class.
            self._folded[fold(name)] = ()
        for name, classes in self.names.items():
            self._folded[fold(name)] = classes

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
        while words:
            key = " ".join(words)
            if key in self._folded:
                return key
            if words[-1] not in self.salts:
                return None
            words.pop()
        return None

    def antidepressant(self, name: str) -> str | None:
        """Return the tabled name of an antidepressant, however it was written; else None."""
        key = self.resolve(name)
        return None if key is None else self.antidepressants.get(key)

    def known(self) -> tuple[str, ...]:
        """Return all known names, folded, in alphabetical order: what typing completes from."""
        return tuple(sorted(self._folded))
