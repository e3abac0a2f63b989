"""Where cases are kept."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

import tomli

from ketatui.cases.errors import CaseError, Problem
from ketatui.cases.group_folders import group_of, share_folder
from ketatui.paths import full_path, user_folder
from ketatui.settings import load_settings

EXPORTS = "exports"
"""Where the app offers to put files: below the folder of cases, which is for one's own eyes."""

_PACKAGE = Path(__file__).resolve().parent.parent


def cases_folder(explicit: Path | None, environ: Mapping[str, str]) -> Path:
    """Choose the folder for cases, without touching the disk.

    Args:
        explicit: What ``--cases`` says.
        environ: The environment, for ``KETATUI_CASES``.

    Returns:
        The folder that is asked for, else ``saved_cases/`` of a checkout, else the one in the
        user's data folder.
    """
    if explicit is not None:
        return full_path(explicit)
    named = environ.get("KETATUI_CASES", "")
    if named:
        return full_path(named)
    return checkout_folder() or installed_folder()


def folder_to_use(explicit: Path | None, environ: Mapping[str, str]) -> Path:
    """Return the folder of saved cases: flag, then environment, then settings, then default.

    Args:
        explicit: What ``--cases`` says.
        environ: The environment, for ``KETATUI_CASES``.
    """
    if explicit is None and not environ.get("KETATUI_CASES"):
        chosen = load_settings().cases
        explicit = Path(chosen) if chosen else None
    return cases_folder(explicit, environ)


def checkout_folder(package: Path = _PACKAGE) -> Path | None:
    """Return the folder of cases that belongs to a checkout.

    Args:
        package: The folder of this package.

    Returns:
        ``saved_cases/`` beside it; None when the program is installed.
    """
    folder = package.parent / "saved_cases"
    try:
        project = tomli.loads((package.parent / "pyproject.toml").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    is_ours = project.get("project", {}).get("name") == "ketatui"
    return folder if is_ours and folder.is_dir() else None


def installed_folder() -> Path:
    """Return the folder of cases of an installed program.

    Returns:
        ``cases`` in the user's data folder.
    """
    return user_folder("data") / "cases"


def prepare_folder(folder: Path, *, ours: bool = False) -> None:
    """Make sure that a folder for cases exists and that others cannot look into it.

    A folder that somebody named and that was there before keeps its mode: it may hold more than
    cases (``--cases ~``). Ours are tightened; within the folder of a group they are the group's.

    Args:
        folder: The folder; missing parents are made too.
        ours: Whether nothing but our own files belongs in it.

    Raises:
        CaseError: If it cannot be made, is no folder, or is one of ours and a symbolic link.
    """
    if ours:
        refuse_link(folder)
    try:
        new = not folder.exists()
        # Not mkdir(parents=True): that leaves the parents to the umask.
        for parent in reversed(folder.parents):
            if not parent.exists():
                parent.mkdir(mode=0o700, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        group = group_of(folder.parent) if ours else None
        if group is not None:
            share_folder(folder, group)
        elif new or ours or _is_default(folder):
            _tighten(folder)
    except FileExistsError:
        raise CaseError(str(folder), [Problem(None, "", "this is not a folder")]) from None
    except OSError as error:
        why = f"the folder for cases cannot be made: {error.strerror or error}"
        raise CaseError(str(folder), [Problem(None, "", why)]) from None


def refuse_link(folder: Path) -> None:
    """Refuse a folder of ours that somebody has replaced by a symbolic link.

    Args:
        folder: A folder that the program made within the folder of cases.

    Raises:
        CaseError: If it is a link: it might lead anywhere.
    """
    if folder.is_symlink():
        message = "this is a symbolic link; drafts are kept in a folder of their own only"
        raise CaseError(str(folder), [Problem(None, "", message)])


def open_to_others(folder: Path) -> bool:
    """Close the folders of cases that are ours, and tell whether others can still look in.

    Args:
        folder: The folder of saved cases, whether or not it exists.

    Returns:
        True for a folder that somebody named and that others may read or enter.
    """
    if os.name == "nt":
        return False
    try:
        shared = group_of(folder) is not None
        for mine in (folder / "drafts", folder):
            named = mine == folder and not _is_default(folder)
            named = named or shared
            if mine.is_dir() and not mine.is_symlink() and not named:
                _tighten(mine)
        # A folder of a group is open to that on purpose.
        return bool(stat.S_IMODE(folder.stat().st_mode) & (0o007 if shared else 0o077))
    except OSError:
        return False


def _is_default(folder: Path) -> bool:
    """Tell whether a folder is one that the program chose."""
    try:
        return folder in (checkout_folder(), installed_folder())
    except OSError:
        return False


def _tighten(folder: Path) -> None:
    found = folder.stat()
    mine = not hasattr(os, "getuid") or found.st_uid == os.getuid()
    if mine and stat.S_IMODE(found.st_mode) & 0o077:
        folder.chmod(0o700)
