"""A draft case beside a visitor's cases, with what a record proposes and no answer."""

from __future__ import annotations

import asyncio
import datetime as dt

from ketatui.cases.errors import CaseError
from ketatui.cases.identifiers import new_case_id, new_token
from ketatui.cases.model import Case
from ketatui.cases.reading import read_case
from ketatui.cases.store import CaseStore
from ketatui.criteria.pack import Pack
from ketatui.service.kept_drafts import KeptDrafts
from ketatui.service.refusal import Refusal
from ketatui.service.visitors import Visitor


def put_draft(pack: Pack, visitor: Visitor, case: Case, why: str) -> str:
    """Write a draft.

    Args:
        pack: The criteria.
        visitor: Whose cases they are.
        case: What is written; it gets an id of its own.
        why: What it came by.

    Returns:
        Its id.

    Raises:
        Refusal: It was not written.
    """
    now = dt.datetime.now().astimezone()
    mine = case.replaced(id=new_case_id(now, new_token()))
    try:
        visitor.cases.mkdir(mode=0o700, parents=True, exist_ok=True)
        CaseStore(visitor.cases, pack).save(mine, base=None, by="", why=why, now=now)
    except (CaseError, OSError) as error:
        said = error.problems[0].message if isinstance(error, CaseError) else error.strerror
        raise Refusal(500, f"the draft was not written: {said}") from None
    return mine.id


class CardDrafts:
    """Opens what is kept of calls: by the key in a card's link, once, in a session."""

    def __init__(self, kept: KeptDrafts, pack: Pack) -> None:
        """Prepare.

        Args:
            kept: What calls proposed.
            pack: The criteria.
        """
        self._kept, self._pack = kept, pack

    async def open(self, key: str, visitor: Visitor) -> str:
        """Put what a call proposed beside a visitor's cases; return the draft's id.

        Raises:
            Refusal: It is not kept, or not any more, or could not be written.
        """
        text = self._kept.take(key)
        if not text:
            raise Refusal(
                403,
                "this card was opened before, or too late; have the record system ask for another",
            )
        case = read_case(text.decode(), path="draft", pack=self._pack)
        return await asyncio.to_thread(put_draft, self._pack, visitor, case, "opened from a card")
