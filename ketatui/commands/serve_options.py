"""What ``ketatui serve`` accepts. Imports nothing but argparse, as the parser does."""

from __future__ import annotations

import argparse

from ketatui.commands.parser_parts import add_options, option, path

SERVE = (
    "answer other programs and browsers",
    "Answer record systems (CDS Hooks 2.0) and other programs (POST /assess), and show the app\n"
    "in a browser. It listens on this machine alone and asks for a token, unless told\n"
    "otherwise. Cases and answers that pass through are neither kept nor logged. Needs the\n"
    "extra [serve].",
    "  ketatui serve\n"
    "  ketatui serve --port 8300 --token-file ~/.ketatui-token --workers 2\n"
    "  ketatui serve --record-server https://ehr.example.org/fhir --login ketatui\n"
    "  ketatui serve --clients clients.toml --url https://cds.example.org",
)
"""Its line in the list of commands, its description, and examples."""

PORT = 8765


def port(text: str) -> int:
    """Read a port; 0 takes any that is free.

    Raises:
        argparse.ArgumentTypeError: It is none.
    """
    if text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65_535:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no port; allowed: 0 to 65535")


def workers(text: str) -> int:
    """Read a number of processes.

    Raises:
        argparse.ArgumentTypeError: It is none.
    """
    if text.isascii() and text.isdigit() and len(text) <= 2 and int(text) <= 64:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no number of processes; allowed: 0 to 64")


OPTIONS = (
    option("--host", default="127.0.0.1", metavar="ADDRESS", help="where to listen (127.0.0.1)"),
    option(
        "--port", type=port, default=PORT, metavar="N", help=f"the port; 0 for a free one ({PORT})"
    ),
    option(
        "--token-file", type=path, metavar="FILE", help="keep the token here; made where missing"
    ),
    option("--no-token", action="store_true", help="ask for no token; on this machine alone"),
    option(
        "--url", metavar="ADDRESS", help="what others call it by, where something stands before it"
    ),
    option(
        "--clients", type=path, metavar="FILE", help="clients of CDS Hooks and their public keys"
    ),
    option(
        "--allow-origin",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="let pages of this origin call the services of CDS Hooks (CORS); may be repeated",
    ),
    option(
        "--feedback", type=path, metavar="FILE", help="keep here what clients say became of cards"
    ),
    option("--workers", type=workers, default=0, metavar="N", help="processes that answer (0)"),
    option(
        "--record-server",
        metavar="ADDRESS",
        help="let this FHIR server launch the app (SMART App Launch), at /launch",
    ),
    option("--login", metavar="CLIENT", help="what KetaTUI is registered as at that server"),
    option(
        "--open-cards",
        action="store_true",
        help="keep for ten minutes, in memory, what a call of CDS Hooks proposes: the link of its "
        "card opens it once; for record systems that cannot launch the app",
    ),
    option("--no-browser", action="store_true", help="do not show the app in browsers"),
    option(
        "--users", type=path, metavar="DIR", help="a folder in which each further user has cases"
    ),
)
"""Its arguments."""


def add_serve_options(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to its parser."""
    add_options(parser, *OPTIONS)
