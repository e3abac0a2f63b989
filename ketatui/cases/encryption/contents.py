"""What lies in a folder of cases, and what of it anybody could read though it is encrypted."""

from __future__ import annotations

import re
from pathlib import Path

from ketatui.cases.encryption.sealing import is_locked, is_sealed_draft
from ketatui.cases.encryption.state import NAME
from ketatui.cases.errors import CaseError, Problem
from ketatui.cases.folders import EXPORTS
from ketatui.cases.identifiers import AGE, SUFFIX, is_case_file
from ketatui.cases.locks import HELD
from ketatui.cases.store import LOCK

DRAFTS = "drafts"
ASIDE = re.compile(r".+\.damaged-[0-9]+(?P<sealed>\.age)?")
"""A damaged draft that was kept aside."""
_NAMED = 3
"""So many names in a remark."""


def case_files(folder: Path) -> list[Path]:
    """List files that are cases by their name, whatever they hold; links are somebody else's.

    Args:
        folder: The folder of cases.

    Returns:
        Plain and encrypted ones.

    Raises:
        CaseError: If the folder cannot be read; so do the functions below.
    """
    return [path for path in _listed(folder) if is_case_file(path.name) and _is_regular(path)]


def drafts_in(folder: Path) -> list[Path]:
    """List the drafts of a folder.

    Args:
        folder: The folder of cases.

    Returns:
        Their files.
    """
    return [path for path in regular(folder / DRAFTS) if path.suffix == ".jsonl"]


def asides(folder: Path) -> list[Path]:
    """List the damaged drafts that were kept aside.

    Args:
        folder: The folder of cases.

    Returns:
        Their files.
    """
    return [path for path in regular(folder / DRAFTS) if ASIDE.fullmatch(path.name)]


def exports(folder: Path) -> list[Path]:
    """List what was exported to the folder beside the cases.

    Args:
        folder: The folder of cases.

    Returns:
        Files, whatever they are.
    """
    return regular(folder / EXPORTS)


def regular(folder: Path, *, hidden: bool = False) -> list[Path]:
    """List the files of a folder that are neither links nor folders.

    Args:
        folder: Any folder; one that is missing holds nothing.
        hidden: Whether those with a point before their name count too.

    Returns:
        The files, by name.
    """
    found = (path for path in _listed(folder) if hidden or not path.name.startswith("."))
    return [path for path in found if _is_regular(path)]


def others(folder: Path) -> list[str]:
    """Name what nobody can take for a case, a draft or an export, and what is a link.

    Args:
        folder: The folder of cases.

    Returns:
        Names within the folder.
    """
    ours = {*case_files(folder), *drafts_in(folder), *asides(folder), *exports(folder)}
    ours |= {folder / name for name in (NAME, LOCK, f"{LOCK}{HELD}", DRAFTS, EXPORTS)}
    found = [path for place in ("", DRAFTS, EXPORTS) for path in _listed(folder / place)]
    return [
        str(path.relative_to(folder))
        for path in found
        if path not in ours
        and not (path.name.removesuffix(HELD).endswith(".lock") and path.parent.name == DRAFTS)
    ]


def plain_files(folder: Path) -> list[str]:
    """Name what anybody can read in an encrypted folder: it came there since, or from elsewhere.

    Args:
        folder: The folder of cases.

    Returns:
        Names of cases, drafts and exports within the folder; none for one that is not encrypted.

    Raises:
        CaseError: If it cannot be read.
    """
    if not is_locked(folder):
        return []
    plain = [path for path in _listed(folder) if path.name.endswith(SUFFIX)]
    found = [path for path in plain if is_case_file(path.name) and _is_regular(path)]
    found += [path for path in exports(folder) if not path.name.endswith(AGE)]
    kept = [*drafts_in(folder), *asides(folder)]
    found += [path for path in kept if not path.name.endswith(AGE) and not is_sealed_draft(path)]
    return [str(path.relative_to(folder)) for path in found]


def plain_remark(folder: Path) -> str:
    """Say that something lies in an encrypted folder for everybody to read.

    Args:
        folder: The folder of cases.

    Returns:
        One line; empty if nothing does, or nobody can tell.
    """
    try:
        found = plain_files(folder)
    except CaseError:
        return ""
    if not found:
        return ""
    what = "1 file here is" if len(found) == 1 else f"{len(found)} files here are"
    names = ", ".join([*found[:_NAMED], *(["…"] if len(found) > _NAMED else [])])
    return f"{what} not encrypted ({names}); encrypt with: ketatui cases encrypt"


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        why = error.strerror or str(error)
        raise CaseError(str(folder), [Problem(None, "", why)]) from None


def _is_regular(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()
