"""What ``ketatui cases send`` accepts. Imports nothing but argparse, as the parser does."""

from __future__ import annotations

import argparse

from ketatui.commands.parser_parts import path
from ketatui.reports.forms import DOCUMENTS, NOTES, in_words

SEND = (
    "write a case into a patient's record",
    "Write the note of a saved case (DocumentReference) and its answers (QuestionnaireResponse)\n"
    "into the record of one patient on a FHIR server. Without --yes it only says what would be\n"
    "sent and where to. What is there already is not sent again.",
    "  ketatui cases send 20261121-210143-k3f9 https://ehr.example.org/fhir --patient 123 --yes",
)
"""Its line in the list of commands, its description, and an example."""


def add_send_options(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to its parser.

    Args:
        parser: The parser of the command.
    """
    parser.add_argument("name", metavar="CASE", help="a case's id, or a file")
    parser.add_argument("address", type=path, metavar="ADDRESS", help="of the FHIR server")
    parser.add_argument("--patient", metavar="ID", help="into whose record")
    parser.add_argument(
        "--login", metavar="CLIENT", help="log in to that server as this client, with a browser"
    )
    parser.add_argument(
        "--token-file", type=path, metavar="FILE", help="the access token for that server"
    )
    parser.add_argument(
        "--kind",
        choices=NOTES,
        default=NOTES[0],
        help=f"{in_words(tuple(DOCUMENTS[name].about for name in NOTES))} ({NOTES[0]})",
    )
    scan = parser.add_mutually_exclusive_group()
    scan.add_argument(
        "--replace-identifiers",
        action="store_true",
        help="replace what looks like an identifier of a person in free texts",
    )
    scan.add_argument("--with-identifiers", action="store_true", help="send it as it stands anyway")
    parser.add_argument("--yes", action="store_true", help="send it")
