"""What ``ketatui cases scan`` accepts. Imports nothing but argparse, as the parser does."""

from __future__ import annotations

import argparse

SCAN = (
    "look for names, numbers and dates in saved cases and drafts",
    "List what looks like an identifier of a person in the free texts of saved cases and of\n"
    "drafts: names, places, dates, numbers, addresses. What was replaced later is listed where\n"
    "it still stands: in the history of a case, in the past of a draft. Exit status 1 if there\n"
    "is any. Nothing is written.",
    "  ketatui cases scan\n  ketatui cases scan --json saved_cases",
)
"""Its line in the list of commands, its description, and examples."""


def add_scan_options(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to its parser.

    Args:
        parser: The parser of the command.
    """
    parser.add_argument(
        "names", nargs="*", metavar="CASE", help="a case's id, a file or a folder; all without"
    )
    parser.add_argument("--json", action="store_true", help="print each as JSON, a line each")
