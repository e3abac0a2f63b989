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
        antidepressants: Names known as antidepressants, in no interaction class of their own.
    """

    names: Mapping[str, tuple[str, ...]]
    salts: frozenset[str]
    antidepressants: frozenset[str]
    _folded: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        """Fold the pack's own names once."""
        for name in self.antidepressants:
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

    def known(self) -> tuple[str, ...]:
        """Return all known names, folded, in alphabetical order: what typing completes from."""
        return tuple(sorted(self._folded))
