"""The secret key of the person at the keyboard: a file of theirs, never in the cases folder."""

from __future__ import annotations

import os
import stat
from functools import lru_cache
from pathlib import Path
from typing import Any

from ketatui.cases.atomic import read_bytes_limited
from ketatui.cases.encryption.age import NoKeyError, is_encrypted, library
from ketatui.cases.errors import CaseError
from ketatui.paths import full_path
from ketatui.settings import load_settings

VARIABLE = "KETATUI_AGE_IDENTITY"
_LARGEST = 100_000
"""Bytes of an identity file."""

Identities = tuple[Any, ...]


def identity_file() -> Path | None:
    """Find where the person's secret key is.

    It is asked for only when something encrypted is met, and by every process that meets it:
    the many that read a large folder find it the same way.

    Returns:
        The file that the environment names, else the settings; None if neither does.
    """
    named = os.environ.get(VARIABLE, "")
    if not named:
        named = load_settings().age_identity
    return full_path(named) if named else None


def identities(folder: Path | None) -> Identities:
    """Read the secret keys.

    Args:
        folder: The encrypted folder they are for: a key that lies in it would lock nothing. None
            for a file by itself.

    Returns:
        All keys of the person's file.

    Raises:
        NoKeyError: If there is no file, or it cannot or must not be used.
    """
    path = identity_file()
    if path is None:
        raise NoKeyError(f"no key: name your identity file in {VARIABLE} or the settings")
    try:
        found = path.stat()
    except OSError as error:
        raise NoKeyError(f"{path}: {error.strerror or error}") from None
    if folder is not None and path.resolve().is_relative_to(folder.resolve()):
        why = "the key lies in the folder that it locks; move it elsewhere"
        raise NoKeyError(f"{path}: {why}")
    if os.name != "nt" and stat.S_IMODE(found.st_mode) & 0o077:
        raise NoKeyError(f"{path}: others can read this key; run: chmod 600 {path}")
    return _read(path, found.st_mtime_ns, found.st_size, found.st_ino)


@lru_cache(maxsize=4)
def _read(path: Path, *_mark: int) -> Identities:
    """Read the file once, as long as it stays the same."""
    try:
        data = read_bytes_limited(path, _LARGEST)
    except CaseError as error:
        raise NoKeyError(str(error)) from None
    if is_encrypted(data):
        why = "this identity file is itself locked with a passphrase; that is not supported"
        raise NoKeyError(f"{path}: {why}")
    if data.lstrip().startswith(b"-----BEGIN"):
        return (_ssh(path, data),)
    return _age(path, data)


def _ssh(path: Path, data: bytes) -> Any:
    pyrage = library()
    try:
        return pyrage.ssh.Identity.from_buffer(data)
    except pyrage.IdentityError as error:
        locked = "decrypted first" in str(error)
        why = "has a passphrase; that is not supported" if locked else "cannot be used"
        raise NoKeyError(f"{path}: this SSH key {why}") from None


def _age(path: Path, data: bytes) -> Identities:
    """Read the lines that are no comments. What is wrong with one is said without showing it."""
    pyrage = library()
    found = []
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        try:
            found.append(pyrage.x25519.Identity.from_str(text))
        except pyrage.IdentityError:
            why = "this is no secret key; allowed: AGE-SECRET-KEY-1…, or a file with one SSH key"
            raise NoKeyError(f"{path}:{number}: {why}") from None
    if not found:
        raise NoKeyError(f"{path}: there is no key in this file")
    return tuple(found)
