"""What ``ketatui cases review`` accepts. Imports nothing but argparse, as the parser does."""

from __future__ import annotations

import argparse

MEANINGS = ("reviewed", "co-signed", "amended")


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
    parser.add_argument("--sign", choices=MEANINGS, help="sign it, and what the signature means")
    parser.add_argument("--request", action="store_true", help="ask others for a review")
    parser.add_argument("--by", required=True, metavar="NAME", help="your name or initials")
    parser.add_argument("--role", required=True, metavar="ROLE", help="your role in the clinic")
    parser.add_argument(
        "--revision",
        type=int,
        metavar="N",
        help="the revision you looked at; refused if it was amended since (the latest)",
    )
