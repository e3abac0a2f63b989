"""Whether what is exported of encrypted cases is encrypted too: it has to be said."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

from ketatui.cases.encryption.sealing import Seal, is_locked, seal_of
from ketatui.cases.identifiers import AGE
from ketatui.commands.inputs import Unusable


def is_secret(path: Path) -> bool:
    """Tell whether a case is encrypted, or of a folder that is.

    Args:
        path: The case's file.
    """
    return path.name.endswith(AGE) or is_locked(path.parent)


def seal_for(args: argparse.Namespace, paths: Iterable[Path]) -> Seal:
    """Choose how an export is written.

    Args:
        args: With ``plain``, ``encrypt`` and ``out``.
        paths: The cases that are exported.

    Returns:
        For whom it is encrypted, if at all.

    Raises:
        Unusable: Cases are encrypted and nothing was said, or the arguments do not fit.
        CaseError: It cannot be known for whom a folder is encrypted.
    """
    folders = {path.parent for path in paths if is_secret(path)}
    if not args.encrypt:
        if folders and not args.plain:
            raise Unusable(
                "these cases are encrypted: say --encrypt for an export that is too, "
                "or --plain for one that anybody can read"
            )
        return Seal(Path())
    seals = [seal_of(folder) for folder in sorted(folders)]
    if not seals or not all(seal.recipients for seal in seals):
        raise Unusable("--encrypt is for cases of an encrypted folder: it says for whom")
    if len({frozenset(seal.recipients) for seal in seals}) > 1:
        raise Unusable("these cases are encrypted for different people; export them one by one")
    if args.out is None:
        raise Unusable("what is encrypted is not for the terminal: name a file with --out")
    if not args.out.is_dir() and args.out.suffix != AGE:
        raise Unusable(f"{args.out}: what is encrypted is called {args.out.name}{AGE}")
    return seals[0]
