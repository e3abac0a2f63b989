"""Reading and writing whole files so that a power cut never leaves half of one."""

from __future__ import annotations

import errno
import os
import re
import stat
from contextlib import suppress
from pathlib import Path

from ketatui.cases.errors import CaseError, Problem
from ketatui.cases.group_folders import group_of, share_file

_NO_FOLDER_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EBADF}
"""How file systems say that a folder cannot be synced."""


def write_atomically(path: Path, data: bytes) -> None:
    """Replace a file by new content, or leave it exactly as it was.

    It is for its owner only; in the folder of a group, for the group.

    Args:
        path: The file; its folder has to exist.
        data: The whole content.

    Raises:
        OSError: If it cannot be written, is a symbolic link, which might lead anywhere, or no
            file at all; nothing is left behind then.
    """
    if path.is_symlink():
        raise OSError(errno.ELOOP, "this is a symbolic link; nothing is written through one")
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "this is a folder, pipe or device; no file takes its place")
    import secrets

    temporary = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}.tmp")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    try:
        group = group_of(path.parent)
        with os.fdopen(os.open(temporary, flags, 0o600), "wb") as file:
            if group is not None:
                share_file(file.fileno(), group)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    sync_folder(path.parent)


def sweep(path: Path) -> None:
    """Remove what writing a file has left when the process was killed half-way.

    Args:
        path: The file; nobody else may be writing it, so its lock has to be held.
    """
    left = re.compile(rf"\.{re.escape(path.name[:100])}\.[0-9a-f]{{8}}\.tmp")
    with suppress(OSError):
        for other in path.parent.iterdir():
            if left.fullmatch(other.name):
                other.unlink()


def write_new(path: Path, data: bytes, *, force: bool = False) -> None:
    """Write a file for its owner only, whole or not at all, and over no other by mistake.

    Args:
        path: The file; its folder has to exist.
        data: Its content.
        force: Whether it may take the place of a file that is there.

    Raises:
        FileExistsError: Something of that name is there already; it is as it was.
        OSError: It cannot be written; nothing is left behind then.
        ValueError: The path cannot be the name of a file.
    """
    reserved = False
    try:
        if not force:
            # Taking the name first leaves no moment in which somebody else's file is lost.
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            reserved = True
        write_atomically(path, data)
    except BaseException:
        if reserved:
            with suppress(OSError):
                path.unlink()
        raise


def sync_folder(folder: Path) -> None:
    """Make a rename or removal in a folder survive a power cut.

    Args:
        folder: The folder.

    Raises:
        OSError: If the disk refuses; file systems that know no such thing are left alone.
    """
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise
    finally:
        os.close(handle)


def read_bytes_limited(path: Path, limit: int) -> bytes:
    """Read a regular file, and nothing that could block or never end.

    Args:
        path: The file.
        limit: The most bytes it may have.

    Returns:
        Its content.

    Raises:
        CaseError: If it is missing, unreadable, too large, or a folder, pipe or device.
    """
    try:
        # Without O_NONBLOCK, opening a pipe nobody writes to would wait forever.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb", closefd=True) as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise _refused(path, "this is a pipe or device, not a file")
            data = file.read(limit + 1)
    except IsADirectoryError:
        raise _refused(path, "this is a folder, not a file") from None
    except OSError as error:
        raise _refused(path, error.strerror or str(error)) from None
    except ValueError:
        raise _refused(path, "this cannot be the name of a file") from None
    if len(data) > limit:
        raise _refused(path, f"larger than {limit // 1_000_000} MB, too large for a case")
    return data


def _refused(path: Path, why: str) -> CaseError:
    return CaseError(str(path), [Problem(None, "", why)])
