"""Which of several values counts: the newest, if all that is as new says the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from msgspec import field

from ketatui.records.model import KeptOut, NotUsed, Proposal
from ketatui.records.times import When
from ketatui.structs import Frozen


class Candidate(Frozen, frozen=True):
    """One resource that could answer, with its day.

    Attributes:
        resource: The resource.
        when: When it is from.
        answers: What it says, several values of one reading together.
        refusal: Why it says nothing that can be taken; empty if it does.
    """

    resource: str
    when: When
    answers: tuple[Proposal, ...] = field(default=())
    refusal: str = ""

    @property
    def said(self) -> tuple[tuple[str, object, object], ...]:
        """Return what two candidates have to share to say the same."""
        return tuple((item.question, item.value, item.items) for item in self.answers)


def choose(
    candidates: Sequence[Candidate], older: Sequence[str] = ()
) -> tuple[tuple[Proposal, ...], tuple[NotUsed, ...]]:
    """Choose the newest.

    A value that cannot be read hides the older ones: to propose one of them would say that
    nothing was measured since.

    Args:
        candidates: All that could answer the same questions.
        older: Resources that are known to be of an earlier day than one of them.

    Returns:
        What is proposed, and why each other is not.
    """
    if not candidates:
        return (), ()
    newest = _newest(candidates)
    chosen = {id(item) for item in newest}
    others = [item for item in candidates if id(item) not in chosen]
    refused = [item for item in newest if item.refusal]
    if refused:
        because = f"older than {refused[0].resource}, which cannot be taken"
        return (), (
            *(NotUsed(item.resource, item.refusal) for item in refused),
            *_all(
                (item for item in newest if not item.refusal),
                f"of the same time as {refused[0].resource}, which cannot be taken",
            ),
            *_older(others, older, because),
        )
    first = newest[0]
    if any(item.said != first.said for item in newest):
        return (), (
            *_all(newest, "values of the same time that differ; neither is taken"),
            *_older(others, older, f"older than {first.resource}"),
        )
    because = f"older than {first.resource}"
    return first.answers, (
        *(
            NotUsed(item.resource, f"says the same as {first.resource}", True)
            for item in newest[1:]
        ),
        *(NotUsed(item.resource, item.refusal or because, True) for item in others),
        *[NotUsed(key, because, True) for key in older],
    )


def keeping_out(
    left: Sequence[NotUsed], candidates: Sequence[Candidate], questions: tuple[str, ...]
) -> tuple[NotUsed, ...]:
    """Say of the newest, which cannot be taken, that it keeps out what another kind says.

    Args:
        left: What `choose` took nothing of; the newest first.
        candidates: What it chose from.
        questions: What they answer.
    """
    if not left:
        return ()
    at = next(item.when for item in candidates if item.resource == left[0].resource)
    # Of a month or year alone, the day from which on it may be newer.
    said = at.text if at.moment is not None else at.day.isoformat()
    return (left[0].replaced(keeps_out=KeptOut(questions, said)), *left[1:])


def _newest(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return those that none is surely newer than.

    Two moments are compared as such, whatever the day is where they were written down. A day
    without its time may be before or after the others of that day.
    """
    timed = [item.when for item in candidates if item.when.moment is not None]
    days = [item.when for item in candidates if item.when.moment is None]
    last = [max(timed, key=_moment)] if timed else []
    last += [max(days, key=_day)] if days else []
    last += [max(timed, key=_day)] if timed and days else []
    newest = [item for item in candidates if not any(item.when.before(other) for other in last)]
    return newest or list(candidates)


def _moment(at: When) -> dt.datetime:
    assert at.moment is not None
    return at.moment


def _day(at: When) -> dt.date:
    return at.day


def _all(items: Iterable[Candidate], because: str) -> Iterable[NotUsed]:
    return (NotUsed(item.resource, because) for item in items)


def _older(items: Iterable[Candidate], keys: Sequence[str], because: str) -> Iterable[NotUsed]:
    yield from (NotUsed(item.resource, item.refusal or because) for item in items)
    yield from [NotUsed(key, because) for key in keys]
