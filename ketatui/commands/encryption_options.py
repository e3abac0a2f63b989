"""What ``ketatui cases encrypt/decrypt/rekey`` accept. Imports nothing but argparse."""

from __future__ import annotations

import argparse

from ketatui.commands.parser_parts import path

_AGAIN = "What was interrupted is finished by the same command."
ENCRYPTION = {
    "encrypt": (
        "encrypt a folder of cases for one or more age keys",
        "Encrypt all cases and drafts of a folder, so that only holders of the keys named can\n"
        "read them, with this program or any age tool. Your own secret key has to be one of\n"
        "them: KETATUI_AGE_IDENTITY names its file. Without the key the cases are lost.\n"
        f"{_AGAIN}",
        "  ketatui cases encrypt --recipient age1… --recipient 'ssh-ed25519 …' saved_cases",
    ),
    "decrypt": (
        "decrypt a folder of cases",
        f"Write all cases and drafts of an encrypted folder as plain files again.\n{_AGAIN}",
        "  ketatui cases decrypt saved_cases",
    ),
    "rekey": (
        "encrypt a folder of cases for other age keys",
        "Encrypt all cases and drafts of an encrypted folder anew, for the keys named and no\n"
        f"others. Your key file has to open it before and after.\n{_AGAIN}",
        "  ketatui cases rekey --recipient age1… saved_cases",
    ),
}
"""Of each command: what it does in short, at length, and an example."""


def add_encryption_options(parser: argparse.ArgumentParser, command: str) -> None:
    """Add the arguments of one of the commands to its parser.

    Args:
        parser: The parser of the command.
        command: Its name.
    """
    parser.add_argument(
        "folder", nargs="?", type=path, metavar="DIR", help="the folder (that of saved cases)"
    )
    if command != "decrypt":
        parser.add_argument(
            "--recipient",
            action="append",
            metavar="KEY",
            help="a public key: age1…, ssh-ed25519 … or ssh-rsa …; may be given several times",
        )
