"""``ketatui walk``: begins, resumes or goes on with a consultation in plain text."""

from __future__ import annotations

import argparse
import datetime as dt
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

from ketatui.cases.drafts import DraftEntry, list_drafts
from ketatui.cases.encryption.keys import identity_file
from ketatui.cases.encryption.state import is_locked
from ketatui.cases.errors import CaseError, DraftInUseError
from ketatui.cases.integrity import integrity_lines
from ketatui.cases.journal import draft_path
from ketatui.cases.store import CaseStore
from ketatui.commands.inputs import Unusable, folder_of, knowledge_of, path_of, scanner_for
from ketatui.consultation.saving import amend, begin, is_ours, leave, resume
from ketatui.criteria.problems import PackError
from ketatui.engine import Knowledge
from ketatui.privacy import Scanner, remark
from ketatui.settings import load_settings
from ketatui.walk import Leave, Talk, Walk

_AT_ONCE = 0.03
"""Seconds within which lines are of one paste."""


def run(args: argparse.Namespace) -> int:
    """Walk through a consultation on standard input and output.

    Returns:
        0, whether the case was saved or its draft was left.

    Raises:
        Unusable: The criteria cannot be used.
        CaseError: The case cannot be read, or the folder cannot be used.
        DraftInUseError: The draft is open in another window.
    """
    knowledge = knowledge_of(args)
    talk = Talk(sys.stdin.readline, write, more_waits if sys.stdin.isatty() else None)
    store = CaseStore(folder_of(args), knowledge.pack)
    scanner = scanner_for(knowledge, args)
    unit = load_settings().weight_unit
    opening = _Opening(store, knowledge, talk, _again(args), scanner, unit)
    if args.visit is not None and args.case is None:
        raise Unusable("--visit goes with --case")
    try:
        if args.case is not None:
            walk = opening.case(args.case)
        else:
            walk = opening.new() if args.new else opening.draft_or_new()
    except Leave:
        return 0
    if args.visit is not None:
        _walk_visit(walk, args.visit, scanner)
    else:
        walk.run()
    return 0


def _walk_visit(walk: Walk, wanted: str, scanner: Scanner) -> None:
    """Walk through a visit of the case that was opened."""
    # A screening is walked through without the course.
    from ketatui.walk.visit import VisitWalk
    from ketatui.walk.visit_opening import opened_visit

    try:
        treatment = opened_visit(walk.consultation, wanted, walk.talk)
    except (Leave, ValueError, PackError) as error:
        leave(walk.consultation, walk.journal)
        if not isinstance(error, Leave):
            raise Unusable(str(error)) from None
        return
    VisitWalk(
        treatment, walk.store, walk.journal, walk.base, walk.talk, scanner, walk.now, walk.again
    ).run()


def write(text: str) -> None:
    """Write to standard output at once."""
    sys.stdout.write(text)
    # A prompt ends without a line feed, and whoever reads it waits for it.
    sys.stdout.flush()


def more_waits() -> bool:
    """Tell whether a terminal has a further line at once: nobody types two in that time."""
    import select

    try:
        return bool(select.select([sys.stdin], [], [], _AT_ONCE)[0])
    except (OSError, ValueError):
        return False  # No terminal of this system can be asked.


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _again(args: argparse.Namespace) -> str:
    parts = ["ketatui", "walk"]
    for option in ("cases", "criteria", "policy"):
        value = getattr(args, option)
        if value is not None:
            parts += [f"--{option}", str(value)]
    return shlex.join(parts)


@dataclass
class _Opening:
    """Opens the consultation that is to be walked through."""

    store: CaseStore
    knowledge: Knowledge
    talk: Talk
    again: str
    scanner: Scanner
    weight_unit: str

    def new(self) -> Walk:
        if identity_file() is not None and not is_locked(self.store.folder):
            # Whoever has a key may believe that they are: the folder may be another, or away.
            self.talk.say(f"Cases here are not encrypted: {self.store.folder}")
        label = self.talk.ask_text_raw(
            "What do you call this case? Never a name or a record number. Enter leaves it out."
        )
        while said := remark(self.scanner.scan(label)):
            again = self.talk.ask_text_raw(f"{said}. Another label, or Enter keeps this one.")
            if not again:
                break
            label = again
        now = _now()
        consultation, journal = begin(self.store.folder, self.knowledge, now=now, label=label)
        return Walk(
            consultation, self.store, journal, None, self.talk, _now, self.again, self.weight_unit
        )

    def draft_or_new(self) -> Walk:
        """Offer the drafts that wait, the newest first."""
        drafts = [item for item in list_drafts(self.store.folder) if not item.practice]
        waiting = [item for item in drafts if not item.in_use]
        if not waiting:
            return self.new()
        self.talk.say("Drafts that wait to be resumed:")
        for number, item in enumerate(waiting, start=1):
            self.talk.say(_draft_text(item), f"  {number} ")
        while True:
            text = self.talk.ask_text_raw("A number resumes one, n begins a new case, q leaves.")
            if text == "n":
                return self.new()
            if text.isdecimal() and 1 <= int(text) <= len(waiting):
                try:
                    return self.resumed(waiting[int(text) - 1].path)
                except (CaseError, DraftInUseError) as error:
                    # The draft stays as it is; another one, or a new case, can still be begun.
                    self.talk.say(f"It cannot be resumed: {error}")

    def case(self, name: str) -> Walk:
        """Go on with a saved case, or with the draft there is of it."""
        loaded = self.store.load(path_of(self.store, name))
        for line in integrity_lines(loaded.reading):
            self.talk.say(f"! {line}")
        ours = is_ours(self.store, loaded)
        if ours and (path := draft_path(self.store.folder, loaded.case.id)).exists():
            self.talk.say("There is a draft of this case; it is resumed.")
            return self.resumed(path)
        consultation, journal = amend(self.store, loaded, self.knowledge, now=_now())
        if not ours:
            self.talk.say(f"{name} is from elsewhere: it is saved as a new case.")
        base = loaded.stamp if ours else None
        return Walk(
            consultation, self.store, journal, base, self.talk, _now, self.again, self.weight_unit
        )

    def resumed(self, path: Path) -> Walk:
        found = resume(path, self.knowledge)
        self.talk.say(f"Resumed, {found.consultation.edits} changes.")
        for notice in found.notices:
            self.talk.say(notice)
        return Walk(
            found.consultation,
            self.store,
            found.journal,
            found.base,
            self.talk,
            _now,
            self.again,
            self.weight_unit,
        )


def _draft_text(item: DraftEntry) -> str:
    label = item.label or f"without a label, {item.called}"
    moment = f"{item.last_at.astimezone():%Y-%m-%d %H:%M}"
    damaged = f"; damaged: {item.problem}" if item.problem else ""
    return f"{label}, {item.count} changes, last {moment}{damaged}"
