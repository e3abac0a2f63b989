"""Who a case is about, in one line: the parts that the criteria name, filled in with answers."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Set
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ketatui.criteria.wording import number_text

if TYPE_CHECKING:
    from ketatui.criteria.models.packs import WhoPart
    from ketatui.criteria.pack import Pack

_PLACE = re.compile(r"\{([a-z][a-z0-9_.]*)\}")
BETWEEN = " · "
"""What stands between the parts of the line."""


@lru_cache(maxsize=256)
def placeholders(say: str) -> tuple[str, ...]:
    """Return the questions that a part of the line names."""
    return tuple(_PLACE.findall(say))


def who_text(
    pack: Pack,
    answers: Mapping[str, Any],
    *,
    unknown: Set[str] = frozenset(),
    too_old: Collection[str] = (),
    asked: Mapping[str, bool | None] | None = None,
) -> str:
    """Say who a case is about: ``58 F · MDD · PHQ-9 21 · 148/92 · home``.

    What was asked and cannot be established, and what is too old to count, is marked; so is
    what is asked and has no answer yet, once anything is known at all.

    Args:
        pack: The criteria; their wording names the parts.
        answers: All answers, those that are too old among them.
        unknown: Questions that cannot be established.
        too_old: Questions whose answer does not count any more.
        asked: Whether each question is asked; all of them where nobody says.

    Returns:
        The line; empty while nothing is known.
    """
    parts = []
    known = False
    for part in pack.wording.who:
        idents = [ident for ident in placeholders(part.say) if ident in pack.questions]
        if asked is not None and not [ident for ident in idents if asked.get(ident) is not False]:
            continue
        known = known or not (answers.keys().isdisjoint(idents) and unknown.isdisjoint(idents))
        if said := _part(pack, part, idents, answers, unknown):
            old = f" {pack.wording.who_marks.too_old}" if set(idents) & set(too_old) else ""
            parts.append(said + old)
    return BETWEEN.join(parts) if known else ""


def working_label(pack: Pack, answers: Mapping[str, Any]) -> str:
    """Return what a case is called until somebody gives it a label: ``58 F MDD``.

    Nothing in it identifies a person: no age above 89, as the criteria have it. A number that is
    all that is known has its unit: ``51 years``.

    Args:
        pack: The criteria; their wording names the parts.
        answers: The answers.

    Returns:
        The label; empty while nothing of it is known.
    """
    known = [
        ident
        for part in pack.wording.who
        if part.in_label
        for ident in placeholders(part.say)
        if ident in answers
    ]
    said = [_word(pack, ident, answers[ident], in_label=True) for ident in known]
    if len(known) == 1 and said[0][:1].isdecimal():
        said.append(_unit(pack, known[0]))
    return " ".join(said).rstrip()


def _unit(pack: Pack, ident: str) -> str:
    """Return what a number is of: alone it says nothing."""
    return pack.questions[ident].unit if ident in pack.questions else ""


def _part(
    pack: Pack,
    part: WhoPart,
    idents: list[str],
    answers: Mapping[str, Any],
    unknown: Set[str],
) -> str:
    marks = pack.wording.who_marks
    if answers.keys().isdisjoint(idents):
        if not unknown.isdisjoint(idents):
            return f"{part.name} {marks.unknown}"
        return "" if part.once_known else f"{part.name} {marks.open}"

    def said(found: re.Match[str]) -> str:
        ident = found[1]
        if ident in answers:
            return _word(pack, ident, answers[ident])
        return marks.unknown if ident in unknown else marks.open

    return _PLACE.sub(said, part.say)


def _word(pack: Pack, ident: str, value: object, *, in_label: bool = False) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | Decimal):
        most = pack.wording.who_oldest.get(ident)
        if in_label and most is not None and value > most:
            return f"{most + 1}+"
        return number_text(value)
    return pack.wording.who_words.get(ident, {}).get(str(value), str(value))
