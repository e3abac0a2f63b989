"""``ketatui cases review``: comments, views on the decision, signatures, requests for a review."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Iterator

from ketatui.cases.errors import CaseError, ChangedOnDisk
from ketatui.cases.integrity import integrity_lines
from ketatui.cases.store import CaseStore, Loaded
from ketatui.commands.inputs import (
    Unusable,
    folder_of,
    knowledge_of,
    path_of,
    say_errors,
    scanner_for,
)
from ketatui.consultation.reviewing import (
    Reviewed,
    Reviewer,
    ReviewRefusedError,
    Step,
    meanwhile_text,
    review,
    said_of,
)
from ketatui.printable import printable
from ketatui.privacy import Scanner, remark


def run(args: argparse.Namespace) -> int:
    """Add a review to a case, or say why not; what was typed is then printed again.

    Returns:
        0; 1 if the case does not allow it, does not verify, or was amended meanwhile.

    Raises:
        Unusable: There is nothing to do, or the criteria cannot be used.
        CaseError: The case cannot be read.
        OSError: The disk refuses.
    """
    steps = list(_steps(args))
    if not steps:
        raise Unusable("nothing to do: say --comment, --agree, --disagree, --sign or --request")
    if args.on is not None and args.comment is None:
        raise Unusable("--on goes with --comment")
    knowledge = knowledge_of(args)
    store = CaseStore(folder_of(args), knowledge.pack)
    return add(args, store, steps, scanner_for(knowledge, args))


def add(args: argparse.Namespace, store: CaseStore, steps: list[Step], scanner: Scanner) -> int:
    """Add steps to a case of a folder, and say what is known of the case first.

    Args:
        args: Name of the case, revision that was looked at, and who reviews.
        store: The folder.
        steps: What is added.
        scanner: Knows what identifiers look like.

    Returns:
        0; 1 if the case does not allow it, does not verify, or was amended meanwhile.

    Raises:
        CaseError: The case cannot be read.
        OSError: The disk refuses.
    """
    seen = _seen(store.load(path_of(store, args.name)), args.revision)
    say_errors(f"{args.name}: {line}" for line in integrity_lines(seen.reading))
    who = Reviewer(args.by, args.role)
    try:
        done = review(store, seen, steps, who=who, now=dt.datetime.now(dt.UTC).astimezone())
    except (ReviewRefusedError, ChangedOnDisk, CaseError) as error:
        lines = str(error).splitlines()
        if isinstance(error, ReviewRefusedError):
            lines = [f"{args.name}: {error}; nothing written"]
        say_errors([*lines, *_typed(steps)])
        return 1
    except OSError:
        say_errors(_typed(steps))
        raise
    for line in _said(done, steps):
        print(printable(line))
    remarks = (remark(scanner.scan(step.text)) for step in steps)
    say_errors(f"{args.name}: {said}, and is kept forever" for said in remarks if said)
    return 0


def _steps(args: argparse.Namespace) -> Iterator[Step]:
    if args.comment is not None:
        yield Step("comment", args.comment, args.on or "case")
    if args.agree is not None:
        yield Step("agree", args.agree)
    if args.disagree is not None:
        yield Step("disagree", args.disagree)
    if args.sign is not None:
        yield Step(args.sign)
    if args.request:
        yield Step("request")


def _seen(loaded: Loaded, number: int | None) -> Loaded:
    """Return a case as it was looked at: up to the revision that is named."""
    if number is None:
        return loaded
    known = [item for item in loaded.case.revisions if item.number <= number]
    if not known or known[-1].number != number:
        last = loaded.case.revisions[-1].number if loaded.case.revisions else 0
        raise Unusable(f"--revision {number}: there is no such revision; the last is {last}")
    case = loaded.case.replaced(revisions=tuple(known))
    return loaded.replaced(reading=loaded.reading.of(case))


def _typed(steps: list[Step]) -> Iterator[str]:
    for step in steps:
        if step.text:
            yield f"not kept ({step.act}): {step.text}"


def _said(done: Reviewed, steps: list[Step]) -> Iterator[str]:
    for item in done.meanwhile:
        yield meanwhile_text(item)
    case = done.loaded.case
    said = "; ".join(said_of(step) for step in steps)
    yield f"Saved as revision {case.revisions[-1].number}: {said}"
    yield f"State: {case.state.replace('_', ' ')}"
