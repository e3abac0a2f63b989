"""Which of several values counts: the newest, if all that is as new says the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import field

from ketatui.records.model import NotUsed, Proposal
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
    return first.answers, (
        *_all(newest[1:], f"says the same as {first.resource}"),
        *_older(others, older, f"older than {first.resource}"),
    )


def _newest(candidates: Sequence[Candidate]) -> list[Candidate]:
    day = max(item.when.day for item in candidates)
    of_day = [item for item in candidates if item.when.day == day]
    moments = [item.when.moment for item in of_day if item.when.moment is not None]
    # A day without its time may be before or after the others of that day.
    if len(moments) < len(of_day):
        return of_day
    last = max(moments)
    return [item for item in of_day if item.when.moment == last]


def _all(items: Iterable[Candidate], because: str) -> Iterable[NotUsed]:
    return (NotUsed(item.resource, because) for item in items)


def _older(items: Iterable[Candidate], keys: Sequence[str], because: str) -> Iterable[NotUsed]:
    yield from (NotUsed(item.resource, item.refusal or because) for item in items)
    yield from [NotUsed(key, because) for key in keys]
