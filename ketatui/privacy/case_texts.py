"""Every free text of a case, wherever in its model it stands.

The model is walked as it is: a text field added to it later is looked through without a word
here. What holds no free text is named in `EXEMPT`, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from ketatui.cases.errors import Problem
from ketatui.cases.integrity import CaseReading
from ketatui.cases.model import Case
from ketatui.criteria.pack import Pack
from ketatui.privacy.scanner import Scanner, Seen, without
from ketatui.privacy.sources import names_a_source
from ketatui.structs import Frozen
from ketatui.toml_structs import Table, extra_of, field_names

Place = tuple[str | int, ...]
"""Fields, keys and row numbers that lead to a text, from the case down."""

_IDS = "an id, checked against the criteria or made by the program"
_WHO = "the clinician's own name or initials, recorded on purpose"
_CODE = "one of a few codes"
EXEMPT: Mapping[str, str] = {
    "*.id": _IDS,
    "*.by": _WHO,
    "Record.created_by": _WHO,
    "Record.saved_by": _WHO,
    "Record.program": "the program's own name and version",
    "Case.state": _CODE,
    "Trial.outcome": _CODE,
    "Consent.outcome": _CODE,
    "Override.pathway": _IDS,
    "Override.rule": _IDS,
    "Decision.pathway": _IDS,
    "Decision.standing": _CODE,
    "Review.kind": _CODE,
    "Review.on": _IDS,
    "Signature.meaning": _CODE,
    "Revision.previous": "a digest",
    "*.digest": "a digest",
    "Revision.row": "a digest",
    "SealedParts.digests": "digests",
    "Course.pathway": _IDS,
    "Course.basis": _CODE,
    "Course.site": _CODE,
    "Course.instrument": _IDS,
    "Score.instrument": _IDS,
    "Visit.kind": _CODE,
    "Visit.unknown": _IDS,
    "Visit.closed_by": _WHO,
    "Observation.dissociation": _CODE,
    "Event.severity": _CODE,
    "EarlierReading.question": _IDS,
    "VisitOverride.decision": _IDS,
    "VisitOverride.rule": _IDS,
    "Device.lot": "of the drug, not of the person",
    "Device.serial": "of the drug, not of the person",
}
"""What is not looked through: ``Model.field``, or ``*.field`` in any model."""

_KEY = "\0key "
"""Marks the place of a key, which no file can hold in one of its own."""
_ASSESSMENT = "assessment"
_MADE = frozenset({"on", "version", "digest", "criteria"})
"""Keys of a saved assessment whose value is a day, a version or a digest."""
_WORDED = frozenset({"because", "do", "headline", "title"})
"""Keys whose text is that of the criteria, in which a date is that of a law."""

SEALED = frozenset({"revisions", "reviews", "signatures"})
"""The parts of a case that cannot be changed any more: what earlier saves and reviewers said."""

_Model = TypeVar("_Model", bound=Table)
_Change = Callable[[Place, str], str]


class CaseText(Frozen, frozen=True):
    """A free text of a case and where it stands."""

    place: Place
    text: str


class Sighting(Frozen, frozen=True):
    """Something seen in one text of a case."""

    place: Place
    seen: Seen

    @property
    def sealed(self) -> bool:
        """Whether it stands in what cannot be changed any more."""
        return self.place[0] in SEALED


def key_of(place: Place) -> str | None:
    """Return the key of a table that a text is, where it is one and not what stands under it."""
    last = place[-1] if place else ""
    return last.removeprefix(_KEY) if isinstance(last, str) and last.startswith(_KEY) else None


def is_exempt(model: str, field: str) -> bool:
    """Tell whether a field of a model holds no free text.

    Args:
        model: Name of the model's class.
        field: Name of the field.
    """
    return f"{model}.{field}" in EXEMPT or f"*.{field}" in EXEMPT


def texts_of(case: Case) -> Iterator[CaseText]:
    """Yield every free text of a case, empty ones left out.

    Args:
        case: Any case.
    """
    found: list[CaseText] = []

    def take(place: Place, text: str) -> str:
        if text:
            found.append(CaseText(place, text))
        return text

    _model((), case, take)
    yield from found


def look_through(scanner: Scanner, case: Case) -> tuple[Sighting, ...]:
    """Return what looks like an identifier anywhere in a case.

    Args:
        scanner: Knows the patterns.
        case: Any case.
    """
    texts = list(texts_of(case))
    # How a visit was judged repeats nothing that was typed.
    typed = [found for found in texts if _ASSESSMENT not in found.place]
    seen = [Sighting(found.place, item) for found in typed for item in scanner.scan(found.text)]
    # The assessment repeats what was typed, names of medicines among it, perhaps spelled otherwise.
    said = {item.seen.text.casefold(): item.seen for item in seen}
    for found in texts:
        if found.place[0] == _ASSESSMENT:
            seen += [Sighting(found.place, item) for item in _in_assessment(scanner, found, said)]
    return tuple(seen)


def _in_assessment(scanner: Scanner, found: CaseText, said: Mapping[str, Seen]) -> Iterator[Seen]:
    """Yield what a text of the assessment holds, in its order, no two overlapping."""
    worded = found.place[-1] in _WORDED
    seen = [item for item in scanner.scan(found.text) if not (worded and item.kind == "date")]
    low = found.text.casefold()
    if len(low) == len(found.text):
        for text, item in said.items():
            start = low.find(text) if not (worded and item.kind == "date") else -1
            while start >= 0:
                end = start + len(text)
                seen.append(item.replaced(start=start, end=end, text=found.text[start:end]))
                start = low.find(text, end)
    last = 0
    for item in sorted(seen, key=lambda item: (item.start, -item.end)):
        if item.start >= last:
            yield item
            last = item.end


def replaced_in(case: Case, found: Iterable[Sighting]) -> Case:
    """Return a case in which what looks like an identifier is replaced.

    Args:
        case: Any case; it stays as it is.
        found: Of what `look_through` found in it, what is to be replaced.
    """
    seen: dict[Place, list[Seen]] = {}
    for sighting in found:
        seen.setdefault(sighting.place, []).append(sighting.seen)

    def change(place: Place, text: str) -> str:
        return without(text, seen[place]) if place in seen else text

    return _model((), case, change)


def _model(place: Place, model: _Model, change: _Change) -> _Model:
    """Walk a model; return it as it is if nothing in it changed."""
    name = type(model).__name__
    update: dict[str, Any] = {}
    for field in field_names(type(model)):
        if is_exempt(name, field):
            continue
        value = getattr(model, field)
        changed = _value((*place, field), value, change)
        if changed is not value:
            update[field] = changed
    extra = extra_of(model)
    kept = _value(place, extra, change)
    if kept is not extra:
        update["extra"] = kept
    return model.replaced(**update) if update else model


def _value(place: Place, value: Any, change: _Change) -> Any:
    if isinstance(value, str):
        if names_a_source(place, value):
            return value
        said = change(place, value)
        return value if said == value else said
    if isinstance(value, Table):
        return _model(place, value, change)
    if isinstance(value, Mapping):
        made = _MADE if place[:1] == (_ASSESSMENT,) else ()
        table = {
            _key(place, key, change): (item if key in made else _value((*place, key), item, change))
            for key, item in value.items()
        }
        if len(table) < len(value):
            # Two keys that say the same without what was in them: both stay, by their number.
            return _numbered(value, place, change)
        return table if any(table.get(key) is not value[key] for key in value) else value
    if isinstance(value, frozenset):
        names = frozenset(_key(place, name, change) for name in value)
        return value if names == value else names
    if isinstance(value, list | tuple):
        row = [_value((*place, index), item, change) for index, item in enumerate(value)]
        same = all(new is old for new, old in zip(row, value, strict=True))
        return value if same else type(value)(row)
    return value


def _key(place: Place, key: Any, change: _Change) -> Any:
    """Change a key as the text it is: whoever wrote the file may have written anything there."""
    return change((*place, f"{_KEY}{key}"), key) if isinstance(key, str) else key


def _numbered(value: Mapping[str, Any], place: Place, change: _Change) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, item in value.items():
        name = said = _key(place, key, change)
        number = 1
        while name in found:
            number += 1
            name = f"{said} {number}"
        found[name] = _value((*place, key), item, change)
    return found


def replaced_in_reading(scanner: Scanner, reading: CaseReading) -> CaseReading:
    """Return a reading of which nothing that reaches a page looks like an identifier.

    Args:
        scanner: Knows the patterns.
        reading: A case as read; what is known of its integrity is kept, and the names of files
            and paths in that are looked through as well.
    """
    found = reading.integrity
    integrity = found.replaced(
        alterations=tuple(
            item.replaced(path=scanner.replaced(item.path)) for item in found.alterations
        ),
        forks=tuple(scanner.replaced(name) for name in found.forks),
        unbound=_problems_without(scanner, found.unbound),
        clock=_problems_without(scanner, found.clock),
    )
    unknown = _problems_without(scanner, reading.unknown_here)
    case = replaced_in(reading.case, look_through(scanner, reading.case))
    return reading.replaced(case=case, integrity=integrity, unknown_here=unknown)


def _problems_without(scanner: Scanner, found: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(
        item.replaced(where=scanner.replaced(item.where), message=scanner.replaced(item.message))
        for item in found
    )


_FIELDS = {"teach_back": "the patient's own words", "name": "name", "drug": "drug"}
_ROWS = {"trials": "Trial", "medications": "Medicine", "revisions": "Revision", "reviews": "Review"}


def place_text(pack: Pack, case: Case, place: Place) -> str:
    """Name the place of a text as the screens do.

    Args:
        pack: For the labels of questions and consent items.
        case: The case it stands in.
        place: Where.
    """
    key = key_of(place)
    if key is not None:
        return f"{place_text(pack, case, (*place[:-1], 'a key'))}"
    match place:
        case ("notes", str(ident)):
            question = pack.questions.get(ident)
            return f"Note, {question.label if question else ident}"
        case ("tables", str(ident), int(number), str(field)):
            question = pack.questions.get(ident)
            columns = {item.id: item.label for item in question.columns} if question else {}
            said = columns.get(field, field)
            return f"{question.label if question else ident}, {number + 1}, {said}"
        case ("consent", "items", str(ident), str(field)):
            item = pack.consent.get(ident)
            return f"Consent, {item.title if item else ident}, {_FIELDS.get(field, field)}"
        case ("decision", "overrides", int(number), str(_)):
            rule = pack.rules.get(case.decision.overrides[number].rule)
            return f"Override, {rule.title if rule else number + 1}"
        case (str(table), int(number), *rest) if table in _ROWS:
            said = ", ".join(str(part).replace("_", " ") for part in rest)
            return f"{_ROWS[table]} {number + 1}, {said}"
    return ", ".join(str(part).replace("_", " ") for part in place).capitalize()
