"""Encrypting and opening bytes with age; nothing else knows the library that does it.

It is loaded only when something encrypted is met: the program works without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType
from typing import Any

MAGIC = b"age-encryption.org/v1\n"
ARMOR = b"-----BEGIN AGE ENCRYPTED FILE-----"
_BLANK = 1024
"""Bytes in which the armor has to begin."""
_LATER_KEYS = "age1pq1"
"""How public keys begin that resist quantum computers, which the library does not know."""

RECIPIENT_KINDS = "age1…, ssh-ed25519 …, ssh-rsa …"
_NO_LIBRARY = 'age takes one more library: pip install "ketatui[encryption]"'
_NO_MATCH = "No matching keys found"
"""How the library says that none of the keys opens it."""


class SealError(Exception):
    """Something encrypted cannot be opened, or cannot be made; says why in one line."""


class NoKeyError(SealError):
    """It may be whole, but there is no key here that opens it."""


class DamagedError(SealError, ValueError):
    """It was changed or cut off since it was encrypted."""


def is_encrypted(data: bytes) -> bool:
    """Tell whether bytes are an age file, by how it begins.

    Args:
        data: The content of a file, or its beginning.

    Returns:
        True for both forms that age tools write.
    """
    # Mail and editors put blank lines before the armor; age reads it all the same.
    return data.startswith(MAGIC) or data[:_BLANK].lstrip().startswith(ARMOR)


def library() -> ModuleType:
    """Return the library.

    Returns:
        The module.

    Raises:
        NoKeyError: If it is not installed.
    """
    try:
        import pyrage
    except ImportError:
        raise NoKeyError(_NO_LIBRARY) from None
    module: ModuleType = pyrage
    return module


def recipient(text: str) -> Any:
    """Read a public key.

    Args:
        text: The key, as a person has it.

    Returns:
        What ``encrypted`` takes.

    Raises:
        SealError: If it is none that can be encrypted for.
    """
    pyrage = library()
    if text.upper().startswith("AGE-SECRET-KEY-"):
        # Never shown again: it would stand in the terminal's history and in the folder.
        raise SealError("a secret key was given where a public one belongs (age1…)")
    if text.startswith(_LATER_KEYS):
        why = "post-quantum keys (age1pq…) are not supported yet"
        raise SealError(f"{why}; allowed: {RECIPIENT_KINDS}")
    kind = pyrage.ssh if text.startswith("ssh-") else pyrage.x25519
    try:
        return kind.Recipient.from_str(text)
    except pyrage.RecipientError:
        why = f"{text[:60]!r} is no public key; allowed: {RECIPIENT_KINDS}"
        raise SealError(why) from None


def encrypted(data: bytes, recipients: Sequence[str]) -> bytes:
    """Encrypt bytes.

    Args:
        data: What only the recipients shall read.
        recipients: Their public keys.

    Returns:
        An age file.

    Raises:
        SealError: If a key cannot be used, or there is none.
    """
    pyrage = library()
    try:
        made: bytes = pyrage.encrypt(data, [recipient(text) for text in recipients])
    except pyrage.EncryptError as error:
        raise SealError(f"cannot be encrypted: {error}") from None
    return made


def opened(data: bytes, identities: Sequence[Any]) -> bytes:
    """Open an age file.

    Args:
        data: The file.
        identities: The secret keys there are.

    Returns:
        What was encrypted.

    Raises:
        NoKeyError: If none of the keys opens it.
        DamagedError: If it is not what was written.
    """
    pyrage = library()
    try:
        plain: bytes = pyrage.decrypt(
            data.lstrip() if data[:1].isspace() else data, list(identities)
        )
    except pyrage.DecryptError as error:
        if str(error) == _NO_MATCH:
            raise NoKeyError("your key does not open it") from None
        raise DamagedError("damaged or changed: it cannot be opened") from None
    return plain
