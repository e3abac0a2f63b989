"""Case ids: they sort by time, and are safe as file names."""

from __future__ import annotations

import datetime as dt
import re

_ID = re.compile(r"[0-9]{8}-[0-9]{6}-[a-z0-9]{4,12}")
_ID_INSIDE = re.compile(rf"(?<![A-Za-z0-9]){_ID.pattern}(?![a-z0-9])")
SUFFIX = ".toml"
AGE = ".age"
"""What every age tool calls its files."""
SEALED_SUFFIX = SUFFIX + AGE

# Without the letters and digits that are misread or mistyped for one another.
_TOKEN_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


def new_token() -> str:
    """Four random letters, so that two cases begun in one second differ.

    Returns:
        The token for ``new_case_id``.
    """
    import secrets

    return "".join(secrets.choice(_TOKEN_LETTERS) for _ in range(4))


def new_case_id(now: dt.datetime, token: str) -> str:
    """Make an id like ``20261121-210143-k3f9``.

    Args:
        now: The moment, with its time zone.
        token: 4 to 12 lower-case letters or digits.

    Returns:
        The id, its time in UTC.

    Raises:
        ValueError: If the token is of another form or the moment has no time zone.
    """
    if now.tzinfo is None:
        raise ValueError("a case id needs a moment with a time zone")
    made = f"{now.astimezone(dt.UTC):%Y%m%d-%H%M%S}-{token}"
    if not is_case_id(made):
        raise ValueError(f"not a token for a case id: {token!r}")
    return made


def is_case_id(text: str) -> bool:
    """Tell whether a text is an id of ours.

    Args:
        text: Anything, from a file or a command line.

    Returns:
        True only for a text that cannot name anything outside its folder.
    """
    return _ID.fullmatch(text) is not None


def begun_text(case_id: str, beside: dt.date) -> str:
    """Say when a case was begun, which a person knows better than its id.

    Args:
        case_id: Its id, which holds that moment.
        beside: The day that stands beside it: on that day the time is enough.

    Returns:
        ``begun 16:20`` or ``begun 11-20 16:20``, in the time zone of the machine; the text as it
        is where it is no id of ours.
    """
    try:
        begun = dt.datetime.strptime(f"{case_id[:15]} +0000", "%Y%m%d-%H%M%S %z").astimezone()
    except ValueError:
        return case_id
    if not is_case_id(case_id):
        return case_id
    return f"begun {begun:%H:%M}" if begun.date() == beside else f"begun {begun:%m-%d %H:%M}"


def case_ids_in(name: str) -> tuple[str, ...]:
    """Return the ids of ours that a file's name holds, as a copy's name does.

    Args:
        name: The name, without a folder.
    """
    return tuple(dict.fromkeys(_ID_INSIDE.findall(name)))


def file_name(case_id: str) -> str:
    """Return the file a case is kept in.

    Args:
        case_id: An id for which ``is_case_id`` holds.

    Returns:
        The name, without a folder.

    Raises:
        ValueError: If it is not such an id; an id from a file is never trusted as a path.
    """
    if not is_case_id(case_id):
        raise ValueError(f"not a case id: {case_id!r}")
    return f"{case_id}{SUFFIX}"


def is_case_file(name: str) -> bool:
    """Tell whether a file of a folder of cases should be a case, by its name.

    Args:
        name: The name, without a folder.

    Returns:
        True for both forms, plain and encrypted.
    """
    # Other systems write the same ending in capitals.
    return name.lower().endswith((SUFFIX, SEALED_SUFFIX)) and not name.startswith(".")


def stem_of(name: str) -> str:
    """Return what a case's file is called without saying which form it has.

    Args:
        name: The name, without a folder.

    Returns:
        The case's id, for a file of ours.
    """
    for ending in (AGE, SUFFIX):
        if name.lower().endswith(ending):
            name = name[: -len(ending)]
    return name
