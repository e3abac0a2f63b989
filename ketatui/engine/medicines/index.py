"""The names of a pack, and what is made of a typed one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import permutations

from msgspec import field

from ketatui.criteria.models import Medicine, Vocabulary
from ketatui.criteria.names import DrugNames
from ketatui.engine.medicines.folding import APART, JOINED, fold, keys_of
from ketatui.engine.medicines.parsing import Parser, Part
from ketatui.engine.medicines.recognition import Recognition, Standing
from ketatui.engine.medicines.splitting import split_known, split_unknown
from ketatui.engine.medicines.words import Kind, Words, compile_words
from ketatui.structs import Frozen

_MOST_REMEMBERED = 500
_LONGEST = 2_000
"""Characters beyond which a text is no name of a medicine, whatever it holds."""
_MOST_INGREDIENTS = 4
_ANTIDEPRESSANT_TAGS = frozenset(
    {
        "antidepressant",
        "sedating_antidepressant",
        "tca",
        "ssri",
        "snri",
        "mu_agonist_antidepressant",
    }
)


class _Match(Frozen, frozen=True):
    """A name that was found: its key, the table's spelling, and what it stands for."""

    key: str
    name: str
    medicine: Medicine
    parts: tuple[Part, ...]


class MedicineIndex(Frozen, frozen=True, dict=True):
    """Names of medicines, and how typed ones are recognized.

    Attributes:
        names: What each name stands for, as the pack writes it; read when it is met.
        vocabulary: What may stand beside a name without changing it.
        antidepressants: The tabled name of every spelling of an antidepressant, folded.
        drugs: The drug a tabled antidepressant counts as, where that has another name.
    """

    names: Mapping[str, Medicine]
    vocabulary: Vocabulary
    antidepressants: Mapping[str, str]
    drugs: Mapping[str, str] = field(default_factory=dict)

    # --- what is asked -----------------------------------------------------------------------

    def recognize(self, typed: str) -> Recognition:
        """Say what one typed name is, with its dose split off.

        A match is of whole names, and nothing may be left over that is not understood: a name
        that only resembles a known one stays open until the clinician picks a suggestion.
        """
        remembered = self._remembered
        found = remembered.get(typed)
        if found is None:
            if len(remembered) >= _MOST_REMEMBERED:
                remembered.clear()
            found = remembered[typed] = self._recognize(typed)
        return found

    def classes(self, name: str) -> tuple[str, ...] | None:
        """Return the classes of a medicine; None for what is not settled."""
        return self.recognize(name).classes

    def resolve(self, name: str) -> str | None:
        """Return the known name that ``name`` stands for; None for what is not settled."""
        return self.recognize(name).name or None

    def antidepressant(self, name: str) -> str | None:
        """Return the tabled name of an antidepressant, however it was written; else None."""
        return self.recognize(name).antidepressant or None

    def known(self) -> tuple[str, ...]:
        """Return what typing completes from: all names but ambiguous ones, in order."""
        return self._known

    def names_something(self, typed: str) -> bool:
        """Tell whether a text holds anything but a dose: a name, or what is not understood."""
        return any(part.kind in (Kind.NAME, Kind.JUNK) for part in self._parts(typed))

    def is_heading(self, typed: str) -> bool:
        """Tell whether a line only heads others: "Medications:", "Allergies:"."""
        text = fold(typed)
        return text.rstrip(":") in self.vocabulary.headings or (
            text.endswith(":")
            and self.recognize(typed).standing == "not_taken"
            and not any(part.kind is Kind.NAME for part in self._parts(typed))
        )

    # --- tables, made when first needed ------------------------------------------------------

    @cached_property
    def _remembered(self) -> dict[str, Recognition]:
        return {}

    @cached_property
    def _words(self) -> Words:
        return compile_words(self.vocabulary)

    @cached_property
    def _known(self) -> tuple[str, ...]:
        asked = self.names.asked if isinstance(self.names, DrugNames) else frozenset()
        return tuple(sorted({*self.names, *self.antidepressants} - asked))

    @cached_property
    def _spelled(self) -> dict[str, str]:
        """Return the names that are looked up in another form, by that form."""
        other = [name for name in self.names if not name.isalnum()]
        listed = [*(name for name in self.antidepressants if name not in self.names), *other]
        return dict(zip(keys_of(listed), listed, strict=True))

    @cached_property
    def _keys(self) -> frozenset[str]:
        """Return every form in which a name is looked up."""
        return frozenset(self.names).union(self._spelled)

    def _name(self, key: str) -> str:
        return self._spelled.get(key, key)

    @cached_property
    def _tabled(self) -> dict[str, str]:
        """Return the tabled antidepressant of every form in which one is looked up."""
        spellings = list(self.antidepressants)
        return dict(zip(keys_of(spellings), self.antidepressants.values(), strict=True))

    def medicine(self, name: str) -> Medicine:
        """Return what a known name stands for.

        Raises:
            KeyError: It is none of `known`.
        """
        if name in self.names:
            return self.names[name]
        tabled = self.antidepressants[name]
        drug = self.drugs.get(tabled, tabled)
        same = self.names[drug] if drug in self.names else Medicine(tags=("antidepressant",))
        return same.replaced(ingredients=(drug,))

    def _parts(self, typed: str) -> list[Part]:
        return Parser(self._keys, self._words, typed).parse()

    # --- recognizing -------------------------------------------------------------------------

    def _recognize(self, typed: str) -> Recognition:
        if len(typed) > _LONGEST:
            return Recognition(typed, "unknown", text=typed.strip())
        parser = Parser(self._keys, self._words, typed)
        parts = parser.parse()
        matches = self._matches(parser, parts)
        text, dose = split_known(typed, parser, _said_of(matches))
        junk = [part for part in parts if part.kind is Kind.JUNK or parser.says_who(part)]
        if len(matches) == 1:
            junk += _joining_nothing(parts)
        if not matches or junk or parser.switches():
            return self._open(typed, parser, matches, junk)
        asked = [m for m in matches if m.medicine.may_mean is not None]
        sure = [m for m in matches if m.medicine.may_mean is None]
        held = {item for match in sure for item in match.medicine.ingredients}
        asked = [match for match in asked if not self._explained(match, held)]
        if asked:
            may_mean = tuple(
                dict.fromkeys(one for match in asked for one in match.medicine.may_mean or ())
            )
            known = _union(match.medicine.classes for match in sure)
            return Recognition(
                typed, "ambiguous", so_far=known, may_mean=may_mean, text=text, dose=dose
            )
        classes = self._classes(sure, parser)
        tabled = self._antidepressant(sure, parts)
        return Recognition(
            typed=typed,
            standing="known",
            name=_name_of(sure),
            ingredients=tuple(sorted(held)),
            classes=classes,
            so_far=classes,
            text=text,
            dose=dose,
            antidepressant=tabled,
            other=not tabled and not self._is_antidepressant(sure, held),
        )

    def _matches(self, parser: Parser, parts: Sequence[Part]) -> list[_Match]:
        """Return the names, each with the release form or route that makes it another entry."""
        found = []
        names = [number for number, part in enumerate(parts) if part.kind is Kind.NAME]
        for place, number in enumerate(names):
            first = 0 if place == 0 else number
            end = names[place + 1] if place + 1 < len(names) else len(parts)
            found.append(self._match(parser, parts[number], parts[first:end]))
        return found

    def _match(self, parser: Parser, named: Part, around: Sequence[Part]) -> _Match:
        keys = self._keys
        forms = [part for part in around if part.kind in (Kind.RELEASE, Kind.ROUTE)]
        for part in forms:
            key = f"{named.value} {part.value}"
            if key in keys:
                name = self._name(key)
                return _Match(key, name, self.medicine(name), (named, part))
        name = parser.typed(named)
        if name not in self.names:
            name = self._name(named.value)
        return _Match(named.value, name, self.medicine(name), (named,))

    def _explained(self, match: _Match, held: set[str]) -> bool:
        """Tell whether what else was typed says the one thing an ambiguous name can mean."""
        may_mean = match.medicine.may_mean or ()
        if len(may_mean) != 1 or may_mean[0] not in self.names:
            return False
        return set(self.names[may_mean[0]].ingredients) <= held

    def _open(
        self, typed: str, parser: Parser, matches: Sequence[_Match], junk: Sequence[Part]
    ) -> Recognition:
        """Say why a name is not settled."""
        standing: Standing = "unknown"
        if any(part.value in self._words.not_taken for part in junk):
            return Recognition(typed, "not_taken", text=typed.strip())
        if any(part.kind is Kind.TAKING for part in junk):
            return Recognition(typed, "unknown", text=typed.strip())
        so_far: tuple[str, ...] = ()
        sure = self._sure(parser) if matches and junk else []
        if sure:
            standing = "partly"
            so_far = _union(match.medicine.classes for match in sure)
        text, dose = split_unknown(typed, parser)
        return Recognition(typed, standing, so_far=so_far, text=text, dose=dose)

    def _sure(self, parser: Parser) -> list[_Match]:
        """Return the names of a combination that stand in no part with something unknown."""
        groups: list[list[Part]] = []
        for part in parser.parts:
            if not groups or parser.words[part.first].before >= JOINED:
                groups.append([])
            groups[-1].append(part)
        clean = [g for g in groups if all(part.kind is not Kind.JUNK for part in g)]
        found = [match for group in clean for match in self._matches(parser, group)]
        return [match for match in found if match.medicine.may_mean is None]

    def _classes(self, matches: Sequence[_Match], parser: Parser) -> tuple[str, ...]:
        """Return the classes of all names; a combination with a line of its own has those."""
        tied: list[list[_Match]] = []
        for match in matches:
            apart = parser.words[match.parts[0].first].before >= APART
            if not tied or apart:
                tied.append([])
            tied[-1].append(match)
        own = [self._own_line(group) for group in tied]
        return _union(
            line.classes if line else _union(match.medicine.classes for match in group)
            for line, group in zip(own, tied, strict=True)
        )

    def _own_line(self, matches: Sequence[_Match]) -> Medicine | None:
        """Return the line the table has for a combination, in whichever order it was typed."""
        if not 2 <= len(matches) <= _MOST_INGREDIENTS:
            return None
        keys = [keys_of(match.medicine.ingredients) for match in matches]
        if any(len(each) != 1 for each in keys):
            return None
        for order in permutations([each[0] for each in keys]):
            key = " ".join(order)
            if key in self._keys and (own := self.medicine(self._name(key))).may_mean is None:
                return own
        return None

    def _antidepressant(self, matches: Sequence[_Match], parts: Sequence[Part]) -> str:
        held = {match.medicine.ingredients for match in matches}
        if len(held) != 1:
            return ""
        for match in matches:
            if match.key in self._tabled:
                return self._tabled[match.key]
        (ingredients,) = held
        if len(ingredients) != 1:
            return ""
        (key,) = keys_of(ingredients)
        for part in parts:
            if part.kind is Kind.RELEASE and f"{key} {part.value}" in self._tabled:
                return self._tabled[f"{key} {part.value}"]
        return self._tabled.get(key, "")

    def _is_antidepressant(self, matches: Sequence[_Match], held: Iterable[str]) -> bool:
        tags = {tag for match in matches for tag in match.medicine.tags}
        tabled = {*self.antidepressants.values()}
        return bool(tags & _ANTIDEPRESSANT_TAGS) or any(fold(item) in tabled for item in held)


def _union(classes: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(sorted({code for each in classes for code in each}))


def _name_of(matches: Sequence[_Match]) -> str:
    """Return the table's name; of a drug named twice the one that holds the other."""
    held = {item for match in matches for item in match.medicine.ingredients}
    for match in matches:
        if set(match.medicine.ingredients) == held:
            return match.name
    return " + ".join(dict.fromkeys(match.name for match in matches))


def _joining_nothing(parts: Sequence[Part]) -> list[Part]:
    """Return words after a sole name that join it to something nobody named ("aspirin plus")."""
    first = [part.kind for part in parts].index(Kind.NAME)
    return [part for part in parts[first:] if part.kind is Kind.JOINING]


def _said_of(matches: Sequence[_Match]) -> set[Part]:
    return {part for match in matches for part in match.parts}
