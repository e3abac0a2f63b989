"""What ``ketatui cases export`` accepts. Imports nothing but argparse, as the parser does."""

from __future__ import annotations

import argparse

from ketatui.commands.parser_parts import add_options, day, option, path
from ketatui.reports.forms import DATA, DOCUMENTS, LAYOUTS, TABLES, WHOLE, in_words

EXPORT = (
    "export saved cases: a note, a PDF, a table, FHIR",
    "Export saved cases as they stood when they were saved: a note in Markdown, a PDF\n"
    "summary or consent record, a table (CSV) or a FHIR R4 bundle of many. Files are for\n"
    "you only, and never written over one that is there.",
    "  ketatui cases export 20261121-210143-k3f9 --format md\n"
    "  ketatui cases export saved_cases/*.toml --format csv --out cases.csv",
)
"""Its line in the list of commands, its description, and examples."""

FORMATS = (*LAYOUTS, *DATA)
KINDS = tuple(name for name, content in DOCUMENTS.items() if content.about)
PAPERS = ("letter", "a4")


OPTIONS = (
    option("names", nargs="+", metavar="CASE", help="a case's id, a file or a folder"),
    option(
        "--format",
        required=True,
        choices=FORMATS,
        help=f"{in_words(LAYOUTS)} writes a document a case; of all cases one: "
        + in_words(tuple(f"{name} ({content.about})" for name, content in DATA.items())),
    ),
    option(
        "--out",
        type=path,
        metavar="PATH",
        help="the file to write, or a folder for a file a case; standard output without it",
    ),
    option(
        "--kind",
        choices=KINDS,
        default=WHOLE,
        help=f"for {in_words(LAYOUTS)}: "
        + in_words(tuple(f"{DOCUMENTS[name].about} ({name})" for name in KINDS))
        + f"; {WHOLE} without it",
    ),
    option("--paper", choices=PAPERS, default="letter", help="for pdf: the size of pages (letter)"),
    option(
        "--replace-identifiers",
        action="store_true",
        help="replace what looks like an identifier in free texts; without it, only say so",
    ),
    option(
        "--bom",
        action="store_true",
        help=f"for {in_words(TABLES)}: begin with a byte-order mark, by which Excel knows UTF-8",
    ),
)
"""Its arguments."""
OF_ENCRYPTED = (
    option("--plain", action="store_true", help="of encrypted cases: write what anybody can read"),
    option(
        "--encrypt", action="store_true", help="of encrypted cases: write for the same age keys"
    ),
)
"""Of which one can be given."""
FURTHER = (
    option(
        "--force",
        action="store_true",
        help="write over a file that is there, though never over a case",
    ),
    option(
        "--on",
        type=day,
        metavar="DATE",
        help="the day to assess cases for that hold no assessment, YYYY-MM-DD (today)",
    ),
)
"""What comes behind them."""


def add_export_options(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to its parser."""
    add_options(parser, *OPTIONS)
    add_options(parser.add_mutually_exclusive_group(), *OF_ENCRYPTED)
    add_options(parser, *FURTHER)
