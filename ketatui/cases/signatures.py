"""What reviews and signatures stand on: which revision, and whether it is still the content."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ketatui.cases.catalog import QuestionCatalog
from ketatui.cases.errors import Problem
from ketatui.cases.model import Case, Review, Revision, Signature
from ketatui.cases.revisions import broken_links

_BESIDE = re.compile(r"(?:reviews|signatures)(?:\[\d+\])?|state")
"""What a revision that only adds a review changes."""
_ADDS = re.compile(r"(?:reviews|signatures)(?:\[\d+\])?")


def content_revision(case: Case) -> int:
    """Return the number of the last revision that changed more than reviews and state.

    Args:
        case: A case as read.

    Returns:
        Its number; 0 for a case that was never saved by the program.
    """
    for revision in reversed(case.revisions):
        if revision is case.revisions[0] or _is_content(revision):
            return revision.number
    return 0


def _is_content(revision: Revision) -> bool:
    # What was changed outside the program is in no list of changes.
    return revision.outside or any(map(_is_more, revision.changes))


def _is_more(change: Mapping[str, Any]) -> bool:
    return _BESIDE.fullmatch(str(change.get("what", ""))) is None


def is_current(case: Case, said: Review | Signature) -> bool:
    """Tell whether a review or signature is of the content as it stands.

    Args:
        case: The case.
        said: One of its reviews or signatures.

    Returns:
        False for one that belongs to an older revision, or whose digest is not that revision's.
    """
    return said.revision >= content_revision(case) and is_bound(case, said)


def is_bound(case: Case, said: Review | Signature) -> bool:
    """Tell whether a review or signature carries the digest of the revision it names."""
    return any(
        item.number == said.revision and item.digest == said.digest for item in case.revisions
    )


def was_amended(case: Case) -> bool:
    """Tell whether a case's content was changed after it had first been finished.

    Args:
        case: A case as read.

    Returns:
        False for a case whose only content is that of its first finished revision.
    """
    states = [
        (item.number, change)
        for item in case.revisions
        for change in item.changes
        if change.get("what") == "state"
    ]
    state = states[0][1].get("old") if states else case.state
    finished = case.revisions[0].number if case.revisions else 0
    for number, change in states:
        if state != "draft":
            break
        finished, state = number, change.get("new")
    return content_revision(case) > finished


def continues(known: tuple[Revision, ...], case: Case) -> bool:
    """Tell whether a case goes on from revisions that somebody knows.

    Args:
        known: The revisions as they were when the case was looked at.
        case: The case as it stands now.

    Returns:
        False for another history, and for one that is not known at all.
    """
    return bool(known) and _chain(case.revisions[: len(known)]) == _chain(known)


def amended_since(known: tuple[Revision, ...], case: Case) -> Revision | None:
    """Return the last revision that came after some others and was more than a review.

    Args:
        known: The revisions as they were when the case was looked at.
        case: The case as it stands now, which continues them.

    Returns:
        The revision; None if only reviews, signatures and their state came.
    """
    for revision in reversed(case.revisions[len(known) :]):
        # One that changed nothing was no review either: somebody saved the case again.
        if not revision.changes or _is_content(revision):
            return revision
    return None


def last_reviewer(case: Case) -> str:
    """Return who agreed, disagreed, or signed as reviewed or co-signed last; empty for nobody."""
    last = max(_judged(case), key=lambda item: item.at, default=None)
    return last.by if last else ""


def _judged(case: Case) -> list[Review | Signature]:
    found: list[Review | Signature] = [item for item in case.reviews if item.kind != "comment"]
    return found + [item for item in case.signatures if item.meaning != "amended"]


def unsealed(case: Case, pack: QuestionCatalog) -> list[Problem]:
    """Check that a case is what was saved last, and what reviews and signatures are bound to.

    Args:
        case: A case as read.
        pack: The questions.

    Returns:
        What keeps it from being reviewed; empty if nothing does.
    """
    return [*broken_links(case, pack), *broken_reviews(case)]


def unsound(case: Case, pack: QuestionCatalog) -> list[Problem]:
    """Check a case and its whole history.

    Args:
        case: A case as read.
        pack: The questions.

    Returns:
        What does not hold; empty for a sound case.
    """
    message = "was saved over content that had been changed outside the program"
    outside = [
        Problem(None, f"revision {item.number}", message) for item in case.revisions if item.outside
    ]
    return [*unsealed(case, pack), *outside]


def _chain(revisions: tuple[Revision, ...]) -> list[tuple[int, str]]:
    return [(item.number, item.digest) for item in revisions]


def broken_reviews(case: Case) -> Iterator[Problem]:
    """Check that reviews and signatures fit the revisions they name, and that none was taken back.

    Args:
        case: A case as read.

    Yields:
        What does not hold.
    """
    named: list[tuple[str, Review | Signature]] = [
        (f"review {item.id}", item) for item in case.reviews
    ]
    named += [(f"signature {place}", item) for place, item in enumerate(case.signatures, start=1)]
    numbers = {item.number for item in case.revisions}
    for where, item in named:
        if item.revision not in numbers:
            message = f"by {item.by} is of revision {item.revision}, which does not exist"
            yield Problem(None, where, message)
        elif not is_bound(case, item):
            message = f"by {item.by} does not carry the digest of revision {item.revision}"
            yield Problem(None, where, message)
    for revision in case.revisions[1:]:
        for change in revision.changes:
            what = str(change.get("what", ""))
            beside = what.startswith(("reviews", "signatures"))
            if beside and ("old" in change or not _ADDS.fullmatch(what)):
                message = f"says that {what} changed; reviews and signatures are only ever added"
                yield Problem(None, f"revision {revision.number}", message)
