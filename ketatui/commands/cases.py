"""``ketatui cases list/show/verify``: the saved cases without the app."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ketatui.cases.drafts import DraftEntry, list_drafts
from ketatui.cases.entries import Entry
from ketatui.cases.errors import CaseError, printable
from ketatui.cases.store import CaseStore
from ketatui.commands.sharing import folder_of, knowledge_of, path_of, say_errors
from ketatui.criteria.pack import Pack
from ketatui.reports.record import record


def run(args: argparse.Namespace) -> int:
    """Run one of the three.

    Returns:
        0; 1 if a case that was verified is not sound; 2 if a case can not be read.

    Raises:
        Unusable: The criteria can not be used.
        CaseError: The folder can not be read.
    """
    pack = knowledge_of(args).pack
    store = CaseStore(folder_of(args), pack)
    if args.action == "list":
        return _list(store, pack, as_json=args.json)
    if args.action == "show":
        return _show(store, args.names)
    return _verify(store, args.names)


def _list(store: CaseStore, pack: Pack, *, as_json: bool) -> int:
    entries, drafts = store.list(), list_drafts(store.folder)
    if as_json:
        for entry in entries:
            print(json.dumps(_entry_data(entry)))
        for draft in drafts:
            print(json.dumps(_draft_data(draft)))
        return 0
    if not entries and not drafts:
        print(f"No cases in {printable(str(store.folder))}")
    for entry in entries:
        for line in _entry_lines(entry, pack):
            print(printable(line).rstrip())
    if drafts:
        print("Drafts; resume one with ketatui walk, or in the app:")
    for draft in drafts:
        print(printable(_draft_line(draft)).rstrip())
    return 0


def _entry_lines(entry: Entry, pack: Pack) -> list[str]:
    if entry.problem is not None:
        return [f"unreadable: {entry.problem}"]
    day = entry.when.astimezone().date().isoformat()
    name = entry.id if entry.path.stem == entry.id else entry.path.name
    first = f"{name}  {day}  {entry.state.replace('_', ' ')}  {entry.label}"
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
    if entry.practice:
        said.append("practice")
    return [first, *([f"    {'; '.join(said)}"] if said else [])]


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
        "saved_at": entry.saved_at.isoformat() if entry.saved_at else None,
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


def _show(store: CaseStore, names: list[str]) -> int:
    status = 0
    printed = False
    for name in names:
        try:
            loaded = store.load(path_of(store, name))
        except CaseError as error:
            say_errors(str(error).splitlines())
            status = 2
            continue
        if printed:
            print("\n" + "=" * 80 + "\n")
        assert isinstance(store.catalog, Pack)
        print(record(store.catalog, loaded.case))
        printed = True
    return status


def _verify(store: CaseStore, names: list[str]) -> int:
    paths = [path_of(store, name) for name in names] or [item.path for item in store.list()]
    status = 0
    for path in paths:
        if not path.exists():
            say_errors([f"{path}: no such file"])
            status = 2
            continue
        problems = store.verify(path)
        if not problems:
            print(printable(f"{_shown(path)}: ok"))
        for problem in problems:
            print(printable(problem.said_of(_shown(path))))
        if problems:
            status = max(status, 1)
    return status


def _shown(path: Path) -> str:
    return str(path)
