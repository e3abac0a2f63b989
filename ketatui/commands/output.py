"""Writing a file that somebody asked for, and never over one they did not mean."""

from __future__ import annotations

from pathlib import Path

from ketatui.cases import atomic
from ketatui.commands.inputs import Unusable


def write_new(path: Path, data: bytes, *, force: bool) -> None:
    """Write a file for its owner only, whole or not at all.

    Args:
        path: The file.
        data: Its content.
        force: Whether it may take the place of a file that is there.

    Raises:
        Unusable: The file is there, or it cannot be written.
    """
    try:
        atomic.write_new(path, data, force=force)
    except FileExistsError:
        raise Unusable(f"{path}: is there already; --force writes over it") from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "cannot be the name of a file"
        raise Unusable(f"{path}: {why or type(error).__name__}; nothing written") from None
