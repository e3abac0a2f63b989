"""A FHIR server that a command line names: by a token and a patient, or by logging in."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from ketatui.commands.inputs import Unusable, say_errors
from ketatui.records.server import Server, token_in


def server_of(args: argparse.Namespace, where: Path, *, write: bool = False) -> tuple[Server, str]:
    """Return the server, and whose record is meant there.

    Args:
        args: Have ``patient``, ``token_file``, ``login`` and may have ``launch``, ``launch_port``.
        where: Its address, read as a path.
        write: Whether a login asks for leave to write as well.

    Raises:
        RecordError: It is no address of a server, or nobody logged in.
        Unusable: The arguments do not go together.
    """
    # Read as a path, an address has lost one of its two slashes.
    address = re.sub(r"^(https?):/+", r"\1://", where.as_posix())
    if args.login is None:
        token = token_in(args.token_file) if args.token_file else ""
        return Server(address, token), args.patient
    from ketatui.records.login import log_in

    if args.patient or args.token_file:
        raise Unusable(f"ketatui {args.command}: a login chooses the patient, and gives the token")
    port = getattr(args, "launch_port", None)
    launch = getattr(args, "launch", None) or ""
    if port is not None and launch:
        raise Unusable("--launch and --launch-port do not go together")
    say = _say_page if port is None else _say_launch
    access = log_in(address, args.login, say, launch, port=port, write=write)
    return Server(address, access.token), access.patient


def _say_page(page: str) -> None:
    say_errors(["Log in with a browser:", page])


def _say_launch(page: str) -> None:
    say_errors(["Waiting to be launched by the record system, at:", page])
