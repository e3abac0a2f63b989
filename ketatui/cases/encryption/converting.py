"""Encrypting a folder of cases, decrypting it, and changing who can read it.

Every step can be the last one before the power fails. The folder first says what was begun; each
case is then written in its new form, read back from the disk and compared before the old form is
removed; only when nothing is left to do does the folder say so. Whoever runs the command again
goes on from there. Meanwhile drafts keep taking answers, and saving waits.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from ketatui.cases.atomic import read_bytes_limited, sync_folder, write_atomically
from ketatui.cases.encryption.age import DamagedError, NoKeyError, SealError, recipient
from ketatui.cases.encryption.contents import (
    ASIDE,
    asides,
    case_files,
    drafts_in,
    exports,
    others,
    regular,
)
from ketatui.cases.encryption.sealing import (
    LineOpener,
    Seal,
    read_sealed,
    unsealed,
)
from ketatui.cases.encryption.state import (
    Kind,
    State,
    has_state,
    holds_sealed,
    read_state,
    remove_state,
    write_state,
)
from ketatui.cases.errors import CaseError, Problem
from ketatui.cases.folders import EXPORTS
from ketatui.cases.identifiers import AGE, SEALED_SUFFIX, SUFFIX
from ketatui.cases.journal import lock_of
from ketatui.cases.journal_file import LARGEST_JOURNAL
from ketatui.cases.library.library import forget_every_index
from ketatui.cases.locks import Timeout
from ketatui.cases.store import saving

Report = Callable[[int, int], None]
"""Told how many of how many files are done."""

_LARGEST = 50_000_000
"""Bytes: what no case may be, a person may still have put here."""
_OWN_KEY = "nothing done: your own key has to open the cases"
_LEFTOVER = re.compile(r"\.(?P<of>.+)\.[0-9a-f]{8}\.tmp")
"""A file that a write which never ended has left."""


@dataclass
class Conversion:
    """What became of a folder.

    Attributes:
        kind: What was done.
        files: How many files of cases were converted.
        drafts: How many drafts.
        problems: Why some were not; what was begun is then unfinished.
        left: Names of what is no case and was left as it is.
    """

    kind: Kind
    files: int = 0
    drafts: int = 0
    problems: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def interrupted(folder: Path) -> Kind | None:
    """Return what was begun with a folder and is not finished.

    Args:
        folder: The folder of cases.

    Returns:
        What it is, if anything.

    Raises:
        CaseError: If the folder's own file cannot be used.
    """
    state = read_state(folder) if has_state(folder) else None
    return state.converting if state else None


def convert(
    folder: Path, kind: Kind, recipients: Sequence[str] = (), report: Report | None = None
) -> Conversion:
    """Encrypt a folder, decrypt it, or encrypt it for others.

    Args:
        folder: The folder of cases.
        kind: What to do.
        recipients: Public keys of those who shall be able to read it; for ``encrypt`` and
            ``rekey``.
        report: Told how far it is.

    Returns:
        What was done.

    Raises:
        CaseError: If it cannot be begun; nothing was changed then.
        OSError: If the disk refuses; ``finish`` goes on from there.
    """
    if not folder.is_dir():
        raise _refused(folder, "there is no such folder of cases")
    wanted = tuple(dict.fromkeys(text.strip() for text in recipients))
    with saving(folder):
        state = _begun(folder, kind, wanted)
        write_state(folder, state)
        return _carried_out(folder, state, kind, report)


def finish(folder: Path, report: Report | None = None) -> Conversion:
    """Go on with what was interrupted.

    Args:
        folder: The folder of cases; something is unfinished in it.
        report: Told how far it is.

    Returns:
        What was done now.

    Raises:
        CaseError: If it cannot go on; nothing was changed then.
        OSError: If the disk refuses.
    """
    with saving(folder):
        state = read_state(folder)
        if state is None or state.converting is None:
            raise _refused(folder, "there is nothing to finish")
        Seal(folder, state.recipients).check_keys(_OWN_KEY)
        _check_drafts(folder)
        return _carried_out(folder, state, state.converting, report)


def _begun(folder: Path, kind: Kind, wanted: tuple[str, ...]) -> State:
    """Check everything that can be known before a file is touched."""
    # Only ``rekey`` can write anew what is missing beside encrypted cases.
    state = read_state(folder) if has_state(folder) or kind != "rekey" else None
    converting = state.converting if state else None
    if converting is not None and "rekey" in (kind, converting):
        raise _refused(folder, f"{converting} was interrupted here and has to be finished")
    if kind == "decrypt" or (kind == "encrypt" and state and set(wanted) <= {*state.recipients}):
        if state is None:
            raise _refused(folder, "is not encrypted")
        wanted = state.recipients
    elif kind == "encrypt" and state is not None:
        raise _refused(folder, "is encrypted for others; change that with: ketatui cases rekey")
    elif kind == "rekey" and state is None and not holds_sealed(folder):
        raise _refused(folder, "is not encrypted; begin with: ketatui cases encrypt")
    if not wanted:
        raise _refused(folder, "nobody to encrypt for: name a public key with --recipient")
    try:
        for text in wanted:
            recipient(text)
    except SealError as error:
        raise _refused(folder, str(error)) from None
    # Whoever converts a folder has to be able to read it, before and after.
    for known in {wanted, state.recipients if state else wanted}:
        Seal(folder, known).check_keys(_OWN_KEY)
    _check_drafts(folder)
    if converting is None:
        _check_twins(folder)
    return State(wanted, kind)


def _check_twins(folder: Path) -> None:
    names = {path.name for path in [*case_files(folder), *exports(folder)]}
    twins = sorted(name for name in names if name + AGE in names)
    if twins:
        why = "stands here twice, encrypted and not; keep one of the two files"
        raise CaseError(str(folder), [Problem(None, name, why) for name in twins])


def _check_drafts(folder: Path) -> None:
    """Make sure that no window has a draft open: it would go on in the old form."""
    for path in drafts_in(folder):
        try:
            with lock_of(path).acquire(blocking=False):
                pass
        except Timeout:
            why = "this draft is open in a window; leave or save it first"
            raise CaseError(str(path), [Problem(None, "", why)]) from None


def _carried_out(folder: Path, state: State, kind: Kind, report: Report | None) -> Conversion:
    done = Conversion(kind)
    seal = Seal(folder, state.recipients)
    with ExitStack() as held:
        drafts = _held(held, folder, done)
        _sweep(folder, drafts)
        files = [path for path in case_files(folder) if _is_due(path, kind)]
        files += [path for path in asides(folder) if _is_due(path, kind)]
        files += [path for path in exports(folder) if _is_due(path, kind)]
        of = len(files) + len(drafts)
        for number, path in enumerate([*files, *drafts], start=1):
            is_draft = number > len(files)
            try:
                if is_draft:
                    _convert_draft(path, folder, None if kind == "decrypt" else seal)
                    done.drafts += 1
                else:
                    _convert_file(path, kind, seal)
                    done.files += 1
            except CaseError as error:
                done.problems += str(error).splitlines()
            if report is not None:
                report(number, of)
        if kind == "decrypt":
            late = [path for path in drafts_in(folder) if path not in drafts]
            done.problems += [f"{path}: this draft was begun meanwhile" for path in late]
    # What it holds was readable by everybody who reads the disk. Which of them are of this folder
    # cannot be told by their names: it may have been opened through a link, or been elsewhere.
    forget_every_index()
    done.left = others(folder)
    if not done.problems:
        if kind == "decrypt":
            remove_state(folder)
        else:
            write_state(folder, State(state.recipients))
    return done


def _held(held: ExitStack, folder: Path, done: Conversion) -> list[Path]:
    """Take every draft, so that none is opened while it is converted."""
    taken = []
    for path in drafts_in(folder):
        try:
            held.enter_context(lock_of(path).acquire(blocking=False))
            taken.append(path)
        except Timeout:
            # Decrypting names it once more, at the end.
            done.problems.append(f"{path}: this draft is open in a window; leave or save it first")
    return taken


# --- one file ---------------------------------------------------------------------------------


def _is_due(path: Path, kind: Kind) -> bool:
    """Tell whether a file is in the form that is to be changed."""
    return path.name.endswith(AGE) == (kind != "encrypt")


def _convert_file(path: Path, kind: Kind, seal: Seal) -> None:
    """Write a file in its new form, make sure that it is there, then removes the old one."""
    times = path.stat()
    plain = read_sealed(path, _LARGEST)
    new = plain if kind == "decrypt" else seal.data(plain)
    if unsealed(new, path) != plain:
        raise _refused(path, "could not be read back as it was; left as it is")
    if kind == "rekey":
        write_atomically(path, new)
        _keep_time(path, times)
        return
    target = path.with_name(path.name + AGE if kind == "encrypt" else path.name.removesuffix(AGE))
    if os.path.lexists(target):
        # Written before an interruption; or somebody else's, and then both are kept.
        if target.is_symlink() or read_sealed(target, _LARGEST) != plain:
            raise _refused(path, f"{target.name} is there too, and differs; keep one of the two")
    else:
        write_atomically(target, new)
    if read_sealed(target, _LARGEST) != plain:
        raise _refused(target, "is not what was written; the old file was kept")
    _keep_time(target, times)
    path.unlink()
    sync_folder(path.parent)


def _convert_draft(path: Path, folder: Path, seal: Seal | None) -> None:
    """Write a draft anew, line by line; one that was torn or damaged stays so."""
    times = path.stat()
    old = read_bytes_limited(path, LARGEST_JOURNAL)
    opener = LineOpener(folder)
    lines = []
    for line in old.split(b"\n"):
        try:
            plain = opener(line)
        except NoKeyError as error:
            raise _refused(path, str(error)) from None
        except DamagedError:
            lines.append(line)
            continue
        new = seal.line(plain).rstrip(b"\n") if seal is not None and plain else plain
        if opener(new) != plain:
            raise _refused(path, "could not be read back as it was; left as it is")
        lines.append(new)
    write_atomically(path, b"\n".join(lines))
    _keep_time(path, times)


def _keep_time(path: Path, seen: os.stat_result) -> None:
    """List sort by it, where a file does not say itself when it was saved."""
    os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns))


# --- what interrupted writes left ---------------------------------------------------------------


def _sweep(folder: Path, held: Sequence[Path]) -> None:
    """Remove what interrupted writes have left: never the only copy of a case, but readable."""
    for path in [*regular(folder, hidden=True), *regular(folder / EXPORTS, hidden=True)]:
        found = _LEFTOVER.fullmatch(path.name)
        if found and (path.parent != folder or found["of"].endswith((SUFFIX, SEALED_SUFFIX))):
            path.unlink()
    for path in regular(folder / "drafts", hidden=True):
        found = _LEFTOVER.fullmatch(path.name)
        if found and (found["of"].endswith(".jsonl") or ASIDE.fullmatch(found["of"])):
            draft = path.with_name(f"{found['of'].partition('.')[0]}.jsonl")
            _remove_of(draft, path, held)


def _remove_of(draft: Path, leftover: Path, held: Sequence[Path]) -> None:
    """Remove what a write of a draft has left, unless it is being written just now."""
    if draft in held:
        leftover.unlink()
        return
    with suppress(Timeout), lock_of(draft).acquire(blocking=False):
        leftover.unlink(missing_ok=True)


def _refused(path: Path, why: str) -> CaseError:
    return CaseError(str(path), [Problem(None, "", why)])
