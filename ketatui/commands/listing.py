"""``ketatui cases list``: the saved cases and drafts, found through the library."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from ketatui.cases.drafts import DraftEntry, list_drafts
from ketatui.cases.entries import Entry
from ketatui.cases.errors import CaseError
from ketatui.cases.identifiers import stem_of
from ketatui.cases.integrity import Seal
from ketatui.cases.library import Query
from ketatui.cases.store import CaseStore
from ketatui.commands.inputs import folder_of, knowledge_of, say_errors, say_plain_files, there
from ketatui.commands.library import keep_up, library_of
from ketatui.commands.where import where
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge
from ketatui.printable import printable


def run(args: argparse.Namespace) -> int:
    """List the cases.

    Returns:
        0.

    Raises:
        Unusable: The criteria or the expression cannot be used.
        CaseError: The folder cannot be read.
    """
    knowledge, folder = knowledge_of(args), there(folder_of(args))
    pack = knowledge.pack
    entries = _found(args, knowledge, folder)
    say_plain_files(folder)
    chosen = bool(args.text or args.where is not None or args.limit is not None)
    drafts: list[DraftEntry] = []
    try:
        drafts = [] if chosen else list_drafts(folder)
    except CaseError as error:
        # The cases are there all the same.
        say_errors(str(error).splitlines())
    if args.json:
        for entry in entries:
            print(json.dumps(_entry_data(entry)))
        for draft in drafts:
            print(json.dumps(_draft_data(draft)))
        return 0
    if not entries and not drafts:
        what = "No such case" if chosen else "No cases"
        print(f"{what} in {printable(str(folder))}")
    for entry in entries:
        for line in _entry_lines(entry, pack):
            print(printable(line).rstrip())
    if drafts:
        print("Drafts; resume one with ketatui walk, or in the app:")
    for draft in drafts:
        print(printable(_draft_line(draft)).rstrip())
    return 0


def _found(args: argparse.Namespace, knowledge: Knowledge, folder: Path) -> list[Entry]:
    """Find the cases that are asked for, in the order that is asked for."""
    pack = knowledge.pack
    holds = None
    if args.where is not None:
        holds = where(args.where, knowledge, CaseStore(folder, pack))
    library = library_of(folder, pack)
    try:
        keep_up(library)
        falling = args.reverse if args.sort != "date" else not args.reverse
        found: Iterable[Entry] = library.all(
            Query(args.text or "", sort=args.sort, falling=falling)
        )
        return list(islice(filter(holds, found) if holds is not None else found, args.limit))
    finally:
        library.close()


_MARKS: dict[Seal, str] = {"sealed": "", "altered": "ALTERED  ", "never_sealed": "NOT SEALED  "}


def _entry_lines(entry: Entry, pack: Pack) -> list[str]:
    if entry.problem is not None:
        return [f"unreadable: {entry.problem}"]
    day = entry.when.astimezone().date().isoformat()
    warnings = [f"! {text}" for text in entry.warnings]
    name = entry.id if stem_of(entry.path.name) == entry.id else entry.path.name
    mark = _MARKS[entry.seal]
    first = f"{mark}{name}  {day}  {entry.state.replace('_', ' ')}  {entry.label}"
    said = []
    if entry.pathway:
        pathway = pack.pathways.get(entry.pathway)
        title = "no pathway" if entry.pathway == "none" else entry.pathway
        said.append(f"decided: {pathway.title if pathway else title}")
    if entry.standing in ("provisional", "against_criteria"):
        said.append(entry.standing.replace("_", " "))
    if entry.worst_effect:
        words = {str(code): word.title for code, word in pack.wording.effects.items()}
        effect = words.get(entry.worst_effect, entry.worst_effect)
        said.append(f"worst finding: {effect} ({entry.worst_rule})")
    if entry.overrides:
        said.append(f"overrides: {', '.join(rule for _, rule, _ in entry.overrides)}")
    if entry.treatment.state:
        said.append(_treatment_text(entry))
    if entry.practice:
        said.append("practice")
    if entry.twin:
        said.append(f"FORKED: the same id stands in {entry.twin}")
    return [first, *(f"    {text}" for text in [*warnings, "; ".join(said)] if text)]


def _treatment_text(entry: Entry) -> str:
    treatment = entry.treatment
    if treatment.state == "stopped":
        text = f"treatment stopped: {treatment.stop_reason}"
    else:
        text = "in treatment"
    return f"{text}, next due by {treatment.due[0].by}" if treatment.due else text


def _draft_line(draft: DraftEntry) -> str:
    moment = f"{draft.last_at.astimezone():%Y-%m-%d %H:%M}"
    marks = [
        mark
        for mark, holds in (
            ("open in another window", draft.in_use),
            (draft.problem or "", draft.problem is not None),
            ("practice", draft.practice),
        )
        if holds
    ]
    said = f"  ({'; '.join(marks)})" if marks else ""
    return f"{draft.case_id}  {moment}  {draft.count} changes  {draft.label}{said}"


def _entry_data(entry: Entry) -> dict[str, object]:
    return {
        "path": str(entry.path),
        "id": entry.id,
        "label": entry.label,
        "state": entry.state,
        "practice": entry.practice,
        "diagnosis": entry.diagnosis,
        "pathway": entry.pathway,
        "standing": entry.standing,
        "verdict": entry.verdict,
        "worst_effect": entry.worst_effect,
        "worst_rule": entry.worst_rule,
        "pack_version": entry.pack_version,
        "overrides": [
            {"pathway": pathway, "rule": rule, "reason": reason}
            for pathway, rule, reason in entry.overrides
        ],
        "saved_at": entry.saved_at.isoformat() if entry.saved_at else None,
        "unchanged": entry.sound,
        "seal": entry.seal,
        "warnings": list(entry.warnings),
        "reviewer": entry.reviewer,
        "agreed": entry.agreed,
        "disagreed": entry.disagreed,
        "treatment": entry.treatment.state,
        "stop_reason": entry.treatment.stop_reason,
        "due_by": entry.treatment.due[0].by.isoformat() if entry.treatment.due else None,
        "same_id_as": entry.twin or None,
        "problem": entry.problem,
    }


def _draft_data(draft: DraftEntry) -> dict[str, object]:
    return {
        "path": str(draft.path),
        "id": draft.case_id,
        "label": draft.label,
        "state": "journal",
        "practice": draft.practice,
        "changes": draft.count,
        "last_at": draft.last_at.isoformat(),
        "in_use": draft.in_use,
        "problem": draft.problem,
    }
