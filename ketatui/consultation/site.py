"""A site profile: the answers of a place, offered in each consultation and never given silently.

What is taken over is confirmed by a person, as what a patient's record proposes is: the case keeps
each answer with where it came from and who confirmed it.
"""

from __future__ import annotations

from collections.abc import Mapping

from ketatui.cases.errors import CaseError
from ketatui.cases.model import Case
from ketatui.cases.reading import read_case
from ketatui.criteria.pack import Pack
from ketatui.criteria.site import site_questions

SITE = "site profile"
"""What the case says of where an answer came from."""
Answers = Mapping[str, bool | int | str]


def profile_of(pack: Pack, case: Case) -> dict[str, bool | int | str]:
    """Return the answers of a case that are those of the place."""
    return {
        ident: value
        for ident in site_questions(pack)
        if isinstance(value := case.answers.get(ident), bool | int | str)
    }


def usable(pack: Pack, profile: Answers) -> dict[str, bool | int | str]:
    """Return what of a kept profile these criteria ask of a place, and take as an answer."""
    known = [ident for ident in site_questions(pack) if ident in profile]
    return {ident: profile[ident] for ident in known if _taken(pack, profile, ident)}


def _taken(pack: Pack, profile: Answers, ident: str) -> bool:
    *groups, last = ident.split(".")
    table: dict[str, object] = {last: profile[ident]}
    for group in reversed(groups):
        table = {group: table}
    try:
        read_case("", path=SITE, pack=pack, parsed={"answers": table})
    except CaseError:
        return False
    return True
