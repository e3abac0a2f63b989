"""Writing a file that somebody asked for, and never over one they did not mean."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from ketatui.cases.atomic import write_atomically
from ketatui.commands.sharing import Unusable


def write_new(path: Path, data: bytes, *, force: bool) -> None:
    """Write a file for its owner only, whole or not at all.

    Args:
        path: The file.
        data: Its content.
        force: Whether it may take the place of a file that is there.

    Raises:
        Unusable: The file is there, or it can not be written.
    """
    reserved = False
    try:
        if not force:
            # Taking the name first leaves no moment in which somebody else's file is lost.
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            reserved = True
        write_atomically(path, data)
    except FileExistsError:
        raise Unusable(f"{path}: is there already; --force writes over it") from None
    except (OSError, ValueError) as error:
        if reserved:
            with suppress(OSError):
                path.unlink()
        why = error.strerror if isinstance(error, OSError) else "can not be the name of a file"
        raise Unusable(f"{path}: {why or type(error).__name__}; nothing written") from None
