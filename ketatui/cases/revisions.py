"""Revisions: each save adds one, and each is sealed by a digest that chains to the one before."""

from __future__ import annotations

import datetime as dt

from ketatui.cases.catalog import QuestionCatalog
from ketatui.cases.changes import changes_between
from ketatui.cases.digest import content_digest
from ketatui.cases.errors import Problem
from ketatui.cases.model import Case, Revision
from ketatui.cases.sealed_parts import sealed_parts
from ketatui.cases.writing import file_data, table_data


def with_revision(
    case: Case,
    prior: Case | None,
    revision: Revision,
    pack: QuestionCatalog,
    *,
    taken: bool = False,
) -> Case:
    """Add a sealed revision to a case.

    Args:
        case: What is to be saved. Its own revisions only count when there is no prior.
        prior: The case as it stands on disk; None for the first save.
        revision: Who, when and why; number, changes and digests are filled in.
        pack: The questions, for their order.
        taken: Whether the case comes from a consultation, which knows the day of each answer.

    Returns:
        The case with its record and revisions as they are to be written.
    """
    history = (prior or case).revisions
    record = case.record.replaced(
        created_at=case.record.created_at or revision.at,
        created_by=case.record.created_by or revision.by,
        saved_at=revision.at,
        saved_by=revision.by,
    )
    case = case.replaced(record=record)
    latest = revision.replaced(
        number=history[-1].number + 1 if history else 1,
        changes=changes_between(prior, case, pack, taken=taken) if prior else (),
        previous=history[-1].digest if history else "",
        row="",
        digest="",
    )
    latest = latest.replaced(row=row_seal(latest))
    parts = sealed_parts(case, latest.number, pack)
    case = case.replaced(record=record.replaced(parts=parts))
    unsealed = case.replaced(revisions=(*history, latest))
    sealed = latest.replaced(digest=seal_of(unsealed, pack))
    return unsealed.replaced(revisions=(*history, sealed))


def seal_of(case: Case, pack: QuestionCatalog) -> str:
    """Return the digest the last revision of a case has to carry.

    It covers the case's whole content, earlier revisions included, and of the last revision all
    but the digest itself. The version of the file and the order of questions are left out: a
    newer program or pack may change them without a change of content.

    Args:
        case: A case with at least one revision.
        pack: The questions.

    Returns:
        ``sha256:…``.
    """
    last = case.revisions[-1].replaced(digest="")
    unsealed = case.replaced(revisions=(*case.revisions[:-1], last))
    content = file_data(unsealed, pack)
    del content["schema"]
    content["unknown"] = sorted(case.unknown)
    return content_digest(content)


def row_seal(revision: Revision) -> str:
    """Return the digest that a revision carries over itself.

    The last revision's ``digest`` covers all earlier rows too, and finds that one was changed;
    this one finds which.

    Args:
        revision: The revision.

    Returns:
        ``sha256:…`` over all but both digests.
    """
    return content_digest(table_data(revision.replaced(row="", digest="")))


def broken_links(case: Case, pack: QuestionCatalog, written: str = "") -> list[Problem]:
    """Check the chain of revisions.

    Args:
        case: A case as read.
        pack: The questions.
        written: The digest of its file as it stands, where it is known.

    Returns:
        What does not hold; empty when the content is what was sealed last and no revision is
        missing or exchanged.
    """
    if not case.revisions:
        message = "has no revision: it was never saved by the program, so nothing seals it"
        return [Problem(None, "revisions", message)]
    problems = []
    previous = ""
    for expected, revision in enumerate(case.revisions, start=1):
        where = f"revision {revision.number}"
        if revision.number != expected:
            message = f"stands where revision {expected} belongs"
            problems.append(Problem(None, where, message))
        if revision.previous != previous:
            message = "does not follow from the revision before it: one was changed or removed"
            problems.append(Problem(None, where, message))
        if revision.row and revision.row != row_seal(revision):
            message = "was changed outside the program after it was saved"
            problems.append(Problem(None, where, message))
        previous = revision.digest
    # A row that was changed breaks the last seal as well: that says nothing more.
    seal = case.revisions[-1].digest
    as_written = bool(seal) and seal == written
    if not problems and not as_written and seal != seal_of(case, pack):
        message = "the content is not what was saved: it was changed outside the program"
        problems.append(Problem(None, f"revision {case.revisions[-1].number}", message))
    return problems


def drafted(at: dt.datetime, by: str, why: str) -> Revision:
    """Return a revision not yet numbered or sealed.

    Args:
        at: When.
        by: Who.
        why: For what reason.

    Returns:
        The revision for ``with_revision``.
    """
    return Revision(number=0, at=at, by=by, why=why)
