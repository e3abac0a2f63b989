"""What ``ketatui prefill`` accepts. Imports nothing but argparse, as the parser does."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from ketatui.commands.parser_parts import path

PREFILL = (
    "propose answers from a patient's record",
    "Read a patient's record (FHIR R4: a Bundle, NDJSON, a folder of either, or a server) and\n"
    "propose answers, each with its source, its date, and whether it is too old to count. A\n"
    "proposal is no answer: a person confirms it. Nothing is proposed from what a record\n"
    "lacks, and what was looked at in vain is listed with the reason.",
    "  ketatui prefill bundle.json\n"
    "  ketatui prefill export/ --json --on 2026-11-21\n"
    "  ketatui prefill bundle.json --case case.toml --out draft.toml\n"
    "  ketatui prefill https://ehr.example.org/fhir --patient 123 --token-file token",
)
"""Its line in the list of commands, its description, and examples."""


def add_prefill_options(parser: argparse.ArgumentParser, day: Callable[..., Any]) -> None:
    """Add the arguments of the command to its parser.

    Args:
        parser: The parser of the command.
        day: Reads a day.
    """
    parser.add_argument(
        "records",
        nargs="+",
        type=path,
        metavar="RECORD",
        help="a file, a folder of files, or with --patient the address of a FHIR server",
    )
    parser.add_argument("--patient", metavar="ID", help="whose record to read of a FHIR server")
    parser.add_argument(
        "--login", metavar="CLIENT", help="log in to that server as this client, with a browser"
    )
    parser.add_argument(
        "--launch", metavar="TOKEN", help="what the record system handed over that began this"
    )
    parser.add_argument(
        "--launch-port",
        type=int,
        metavar="PORT",
        help="with --login: wait there to be launched by the record system; 0 for any port",
    )
    parser.add_argument(
        "--token-file", type=path, metavar="FILE", help="the access token for that server"
    )
    parser.add_argument(
        "--case", metavar="FILE", help="a case file; what it answers is not proposed anew"
    )
    parser.add_argument(
        "--out", type=path, metavar="FILE", help="write a draft case with the proposals in it"
    )
    parser.add_argument(
        "--force", action="store_true", help="write over a file that is there already"
    )
    parser.add_argument(
        "--json", action="store_true", help="print each patient as JSON, a line each"
    )
    parser.add_argument(
        "--on", type=day, metavar="DATE", help="the day to count ages to, YYYY-MM-DD (today)"
    )
