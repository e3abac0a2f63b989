"""``ketatui cases encrypt/decrypt/rekey``: who can read a folder of cases."""

from __future__ import annotations

import argparse
from pathlib import Path

from ketatui.cases.encryption.converting import Conversion, convert, finish, interrupted
from ketatui.cases.encryption.state import Kind, read_state
from ketatui.commands.inputs import folder_of, say_errors
from ketatui.commands.progress import Progress
from ketatui.printable import printable

_DONE = {"encrypt": "Encrypted", "decrypt": "Decrypted", "rekey": "Encrypted anew"}
_LEFT_SHOWN = 10


def run(args: argparse.Namespace) -> int:
    """Convert a folder, and first what was interrupted where that has to be finished.

    Returns:
        0; 1 if something could not be converted, and is to be seen to.

    Raises:
        CaseError: It cannot be begun; nothing was changed.
        OSError: The disk refuses; the same command goes on from there.
    """
    folder = args.folder.absolute() if args.folder else folder_of(args)
    kind: Kind = args.action
    wanted = {text.strip() for text in getattr(args, "recipient", None) or ()}
    pending = interrupted(folder)
    if pending is not None and (pending == kind or "rekey" in (pending, kind)):
        print(f"Finishing what was interrupted: {pending}")
        with _Told() as told:
            done = finish(folder, told)
        status = _said(folder, done)
        if status or (pending == kind and _is_what_was_wanted(folder, wanted)):
            return status
    with _Told() as told:
        done = convert(folder, kind, sorted(wanted), told)
    return _said(folder, done)


def _is_what_was_wanted(folder: Path, wanted: set[str]) -> bool:
    state = read_state(folder)
    return not wanted or (state is not None and set(state.recipients) == wanted)


class _Told:
    """How far a conversion is, on a line that goes away."""

    def __init__(self) -> None:
        self._progress: Progress | None = None

    def __enter__(self) -> _Told:
        return self

    def __exit__(self, *_: object) -> None:
        if self._progress is not None:
            self._progress.clear()

    def __call__(self, done: int, of: int) -> None:
        if self._progress is None:
            self._progress = Progress(of)
        self._progress.say(done)


def _said(folder: Path, done: Conversion) -> int:
    files = "1 file" if done.files == 1 else f"{done.files} files"
    drafts = "1 draft" if done.drafts == 1 else f"{done.drafts} drafts"
    print(printable(f"{_DONE[done.kind]}: {files} and {drafts} in {folder}"))
    state = read_state(folder)
    for text in state.recipients if state else ():
        print(printable(f"  can be read with the key of {text}"))
    if done.left:
        more = f" and {len(done.left) - _LEFT_SHOWN} more" if len(done.left) > _LEFT_SHOWN else ""
        names = ", ".join(done.left[:_LEFT_SHOWN])
        print(printable(f"No cases, left as they are: {names}{more}"))
    if not done.problems:
        return 0
    say_errors(done.problems)
    say_errors([f"not finished: see to these, then run again: ketatui cases {done.kind}"])
    return 1
