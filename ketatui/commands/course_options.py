"""What ``ketatui course`` accepts. Imports nothing but argparse, as the parser does."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from ketatui.commands.parser_parts import add_json_option, path

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
    papers = [
        _paper(group, command, day, number, about) for about in (_WORKSHEET, _LINE, _GOING_HOME)
    ]
    compared = _compare(group, command, day)
    return [_assess(group, command, day, number), _due(group, command, day), compared, *papers]


_Paper = tuple[str, tuple[str, ...], str, str, str]
"""Its name, the forms it has, its line in the list, its description, and an example."""

_WORKSHEET = (
    "worksheet",
    ("txt", "md", "pdf", "json"),
    "what a session's monitoring form asks, for transfer",
    "Write the worksheet of a session: every field the REMS monitoring form asks, filled in from\n"
    "the record, with what is missing. It is for transfer by hand and no copy of the form.",
    "  ketatui course worksheet case.toml\n"
    "  ketatui course worksheet case.toml --visit 3 --format pdf --out worksheet.pdf",
)
_LINE = (
    "line",
    ("txt",),
    "a visit in one line, for the chart",
    "Say a visit in one line, for a chart that is kept elsewhere: dose, pressures, oxygen, what\n"
    "was seen, events, leaving, and what is still open.",
    "  ketatui course line case.toml --visit 2",
)
_GOING_HOME = (
    "going-home",
    ("txt", "md", "pdf"),
    "the page that a patient takes home",
    "Write the page that a patient takes home from a session, in plain words; as PDF in large\n"
    "print. It holds no id and no digest.",
    "  ketatui course going-home case.toml --format pdf --out page.pdf",
)


def _paper(group: Any, command: Made, day: Made, number: Made, paper: _Paper) -> Any:
    name, formats, short, about, example = paper
    parser = command(group, name, "course_papers", short, about, example)
    parser.add_argument("name", metavar="CASE", help="a case's id or file")
    _visit_options(parser, day, number)
    parser.add_argument("--format", choices=formats, default="txt", help="the form (txt)")
    if "pdf" in formats:
        parser.add_argument("--paper", choices=("letter", "a4"), default="letter", help="(letter)")
    parser.add_argument(
        "--out", type=path, metavar="FILE", help="the file to write; standard output without it"
    )
    secret = parser.add_mutually_exclusive_group()
    secret.add_argument(
        "--plain", action="store_true", help="of an encrypted case: write what anybody can read"
    )
    secret.add_argument(
        "--encrypt", action="store_true", help="of an encrypted case: write for the same age keys"
    )
    parser.add_argument(
        "--force",
        action="store_true",
        help="write over a file that is there, though never over a case",
    )
    return parser


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
    _visit_options(parser, day, number)
    add_json_option(parser, "each assessment")
    return parser


def _visit_options(parser: Any, day: Made, number: Made) -> None:
    parser.add_argument("--course", metavar="ID", help="the course (the last one of the case)")
    parser.add_argument(
        "--visit", type=number, metavar="N", help="the visit's number (the last of the course)"
    )
    parser.add_argument(
        "--on", type=day, metavar="DATE", help="the day to count from, YYYY-MM-DD (today)"
    )


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
        "folder", nargs="?", type=path, metavar="DIR", help="the folder of cases (the one in use)"
    )
    parser.add_argument(
        "--on", type=day, metavar="DATE", help="the day to count from, YYYY-MM-DD (today)"
    )
    parser.add_argument(
        "--within", type=_days, metavar="DAYS", help="only what is due within so many days"
    )
    add_json_option(parser, "each thing that is due")
    return parser


def _compare(group: Any, command: Made, day: Made) -> Any:
    parser = command(
        group,
        "compare",
        "course_compare",
        "two packs: what they say of visits, and which they judge otherwise",
        "Hold the criteria of visits at hand against others, or against themselves under a local\n"
        "policy: every rule, threshold, question and day that differs, then the visits of the\n"
        "cases that come out otherwise, and by which rule. Nothing is written.",
        "  ketatui course compare --with-policy local.toml\n"
        "  ketatui course compare --with-criteria ../criteria-next saved_cases",
    )
    parser.add_argument(
        "names", nargs="*", metavar="CASE", help="a case's id, a file or a folder; all without"
    )
    parser.add_argument(
        "--with-criteria", type=path, metavar="DIR", help="the other pack (the one at hand)"
    )
    parser.add_argument(
        "--with-policy", type=path, metavar="FILE", help="the local policy over it (none)"
    )
    parser.add_argument(
        "--on", type=day, metavar="DATE", help="the day to count from, YYYY-MM-DD (today)"
    )
    add_json_option(parser, "the packs, then each case in which something differs,")
    return parser


def _days(text: str) -> int:
    """Read a number of days from 0 on.

    Raises:
        argparse.ArgumentTypeError: It is none.
    """
    if text.isascii() and text.isdigit() and len(text) <= 5:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no number of days; it is 0 or more")
