"""What ``ketatui cases review`` accepts. Imports nothing but argparse, as the parser does."""

from __future__ import annotations

import argparse
from typing import Any

MEANINGS = ("reviewed", "co-signed", "amended")


class Once(argparse.Action):
    """An option that is said once: of two signatures one would be lost without a word."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        """Keep the value, or refuse a second one."""
        if getattr(namespace, self.dest) is not None:
            parser.error(f"{option_string} is given twice; sign once, then again")
        setattr(namespace, self.dest, values)


def add_review_options(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to its parser.

    Args:
        parser: The parser of the command.
    """
    parser.add_argument("name", metavar="CASE", help="a case's id, or a file")
    parser.add_argument("--comment", metavar="TEXT", help="comment on it")
    parser.add_argument(
        "--on",
        metavar="WHAT",
        help="what the comment is on: case (without this), decision, answer:QUESTION, "
        "finding:PATHWAY/RULE",
    )
    view = parser.add_mutually_exclusive_group()
    view.add_argument("--agree", metavar="REASON", help="agree with the decision, and why")
    view.add_argument("--disagree", metavar="REASON", help="disagree with it, and why")
    parser.add_argument(
        "--sign",
        action=Once,
        choices=MEANINGS,
        help="sign it, and what the signature means; once",
    )
    parser.add_argument("--request", action="store_true", help="ask others for a review")
    parser.add_argument("--by", required=True, metavar="NAME", help="your name or initials")
    parser.add_argument("--role", required=True, metavar="ROLE", help="your role in the clinic")
    parser.add_argument(
        "--revision",
        type=int,
        metavar="N",
        help="the revision you looked at; refused if it was amended since (the latest)",
    )
