"""What ``ketatui course`` accepts. Imports nothing but argparse, as the parser does."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

Made = Callable[..., Any]


def add_course_commands(
    commands: Any, made: Made, command: Made, day: Made, number: Made
) -> list[Any]:
    """Add the group with its commands.

    Args:
        commands: The commands of the program.
        made: Makes a group: commands, name, short, example.
        command: Makes a command: group, name, module, short, about, example.
        day: Reads a day.
        number: Reads a whole number from 1 on.

    Returns:
        The parsers, for the options that all commands share.
    """
    example = "  ketatui course assess case.toml\n  ketatui course due --within 7"
    group = made(commands, "course", "visits of a course of treatment, and what is due", example)
    return [_assess(group, command, day, number), _due(group, command, day)]


def _assess(group: Any, command: Made, day: Made, number: Made) -> Any:
    parser = command(
        group,
        "assess",
        "course_assess",
        "assess a visit of a course",
        "Assess a visit: may a dose be given today, is the dose one that the sources know, may\n"
        "the patient leave, what has to be reported, and does the course go on as planned. The\n"
        "last visit of the last course, unless told otherwise.",
        "  ketatui course assess case.toml\n"
        "  ketatui course assess case.toml --course c1 --visit 3 --on 2026-12-01 --json",
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="a case file; - reads stdin")
    parser.add_argument("--course", metavar="ID", help="the course (the last one of the case)")
    parser.add_argument(
        "--visit", type=number, metavar="N", help="the visit's number (the last of the course)"
    )
    parser.add_argument(
        "--on", type=day, metavar="DATE", help="the day to count from, YYYY-MM-DD (today)"
    )
    _json_option(parser, "each assessment")
    return parser


def _due(group: Any, command: Made, day: Made) -> Any:
    parser = command(
        group,
        "due",
        "course_due",
        "what is due in all courses",
        "Say what has to be done by when, soonest first: monitoring forms, serious events,\n"
        "sessions, reviews, liver tests and questions about the bladder.",
        "  ketatui course due\n  ketatui course due saved_cases --within 7 --json",
    )
    parser.add_argument(
        "folder", nargs="?", metavar="DIR", help="the folder of cases (the one in use)"
    )
    parser.add_argument(
        "--on", type=day, metavar="DATE", help="the day to count from, YYYY-MM-DD (today)"
    )
    parser.add_argument(
        "--within", type=_days, metavar="DAYS", help="only what is due within so many days"
    )
    _json_option(parser, "each thing that is due")
    return parser


def _days(text: str) -> int:
    """Read a number of days from 0 on.

    Raises:
        argparse.ArgumentTypeError: It is none.
    """
    if text.isascii() and text.isdigit() and len(text) <= 5:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no number of days; it is 0 or more")


def _json_option(parser: Any, what: str) -> None:
    parser.add_argument("--json", action="store_true", help=f"print {what} as JSON, a line each")
