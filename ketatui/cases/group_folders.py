"""Folders of a group: what is written into them stays open to its members, and to nobody else."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

_FILE = 0o660
_FOLDER = 0o2770
"""With the bit that hands the group on to what is made within."""


def group_of(folder: Path) -> int | None:
    """Tell whether a folder is one of a group.

    Args:
        folder: Any folder; it need not exist.

    Returns:
        The number of the group whose members may write there: of a folder with the setgid bit,
        or with another group than one's own; None for any other folder.
    """
    if os.name == "nt":
        return None
    try:
        found = folder.stat()
    except OSError:
        return None
    mode = found.st_mode
    handed_on = bool(mode & stat.S_ISGID)
    anothers = found.st_gid != os.getegid() and not mode & stat.S_IWOTH
    return found.st_gid if mode & stat.S_IWGRP and (handed_on or anothers) else None


def share_file(handle: int, group: int) -> None:
    """Open a file that was just made to the members of a group.

    Args:
        handle: The open file.
        group: The number of the group.

    Raises:
        OSError: The file would be closed to the others, with the reason.
    """
    try:
        if os.fstat(handle).st_gid != group:
            os.fchown(handle, -1, group)
        os.fchmod(handle, _FILE)
    except OSError as error:
        raise _closed(group, error) from None
    found = os.fstat(handle)
    if found.st_gid != group or found.st_mode & 0o060 != 0o060:
        raise _closed(group, None)


def share_folder(folder: Path, group: int) -> None:
    """Open a folder of ours within the folder of a group to its members.

    Args:
        folder: The folder; it exists.
        group: The number of the group.

    Raises:
        OSError: It would be closed to the others, or is closed to us, with the reason.
    """
    found = folder.stat()
    if found.st_uid == os.geteuid() or os.geteuid() == 0:
        if found.st_gid != group:
            os.chown(folder, -1, group)
        if stat.S_IMODE(found.st_mode) != _FOLDER:
            # Not Path.chmod(0o770): without the bit, the group is not handed on any more.
            folder.chmod(_FOLDER)
        found = folder.stat()
    if found.st_gid != group or found.st_mode & 0o070 != 0o070:
        raise OSError(errno.EACCES, closed_folder(folder))


def closed_folder(folder: Path) -> str:
    """Say whose a folder is that others are kept out of, and what helps.

    Args:
        folder: The folder; it exists.
    """
    owner, group = _name(folder.stat().st_uid, user=True), _name(folder.parent.stat().st_gid)
    name = folder.name
    return (
        f"{name}/ belongs to {owner} alone; {owner} or an administrator can open it to the group: "
        f"chgrp {group} {name}; chmod 2770 {name}"
    )


def _closed(group: int, error: OSError | None) -> OSError:
    why = f" ({error.strerror})" if error and error.strerror else ""
    name = _name(group)
    return OSError(
        error.errno if error else errno.EPERM,
        f"this folder is one of the group {name}, and the file cannot be given to it{why}: "
        "it would be closed to the others",
    )


def _name(number: int, *, user: bool = False) -> str:
    """Return the name of a group or user; the number where there is none."""
    import grp
    import pwd

    try:
        return pwd.getpwuid(number).pw_name if user else grp.getgrgid(number).gr_name
    except KeyError:
        return str(number)
