"""What ``ketatui practice`` accepts. Imports nothing but argparse, as the parser does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ketatui.commands.parser_parts import path

Made = Callable[..., Any]


def add_practice_commands(commands: Any, made: Made, command: Made) -> list[Any]:
    """Add the group with its commands.

    Args:
        commands: The commands of the program.
        made: Makes a group: commands, name, short, example.
        command: Makes a command: group, name, module, short, about, example.

    Returns:
        The parsers, for the options that all commands share.
    """
    example = "  ketatui practice list"
    group = made(commands, "practice", "practice cases and attempts", example)
    parsers = [
        _list(group, command),
        _show(group, command),
        _check(group, command),
        _run(group, command),
        _drill(group, command),
        _report(group, command),
        _new(group, command),
        _make(group, command),
    ]
    for parser in parsers:
        parser.add_argument(
            "--own",
            type=path,
            metavar="DIR",
            help="a folder of a teacher's own cases, and their assignment.toml",
        )
    return parsers


def _list(group: Any, command: Made) -> Any:
    parser = command(
        group,
        "list",
        "practice",
        "list the practice cases",
        "List the practice cases with difficulty, topic and your best score, and say which one\n"
        "comes next.",
        "  ketatui practice list",
    )
    _attempts(parser)
    return parser


def _show(group: Any, command: Made) -> Any:
    parser = command(
        group,
        "show",
        "practice",
        "show a practice case as its trainees will meet it, and its key",
        "Preview practice cases: the story, what is told when asked for, the plans, the facts\n"
        "that decide and the reasons on the list. It gives the answer away.",
        "  ketatui practice show my-case.toml",
    )
    parser.add_argument("names", nargs="+", metavar="FILE", help="a file, or the id of a case")
    return parser


def _check(group: Any, command: Made) -> Any:
    parser = command(
        group,
        "check",
        "practice",
        "check practice cases",
        "Check practice cases: that they can be read, that key and criteria agree, that every\n"
        "id exists, that a plan is right, and that nobody is named. Exit status 1 if a case has\n"
        "a problem.",
        "  ketatui practice check\n  ketatui practice check my-case.toml",
    )
    parser.add_argument(
        "names", nargs="*", metavar="FILE", help="files or folders; the pack's cases without"
    )
    parser.add_argument(
        "--blind",
        action="store_true",
        help="print what players who read nothing reach; from 20 cases on it is always checked",
    )
    return parser


def _run(group: Any, command: Made) -> Any:
    parser = command(
        group,
        "run",
        "practice_run",
        "do a practice case line by line in plain text",
        "Do a practice case in plain text: the story, the questions, the lock, verdicts, reasons\n"
        "and a plan, then the debrief. A run that was left goes on, here or in the app.",
        "  ketatui practice run night-ferry",
    )
    parser.add_argument("name", nargs="?", metavar="CASE", help="an id; without it the next one")
    _attempts(parser)
    return parser


def _drill(group: Any, command: Made) -> Any:
    parser = command(
        group,
        "drill",
        "practice_drill",
        "practice single rules in plain text",
        "Practice rules: a patient or a visit with nothing against it, and one thing that is\n"
        "otherwise. Which verdict now? Each rule comes back when it is likely to be forgotten.\n"
        "Takes one more library: pip install 'ketatui[practice]'.",
        "  ketatui practice drill\n  ketatui practice drill --standing",
    )
    parser.add_argument(
        "--standing", action="store_true", help="say how each rule stands, and drill none"
    )
    _attempts(parser)
    return parser


def _report(group: Any, command: Made) -> Any:
    parser = command(
        group,
        "report",
        "practice",
        "attempts of a folder as a table",
        "Attempts in a folder and the folders within it, a line each: for a teacher who\n"
        "collects them. Each is scored again from its answers; altered ones are named,\n"
        "copies count once, and sums are over first tries.",
        "  ketatui practice report attempts/ --csv > attempts.csv",
    )
    parser.add_argument("folder", type=path, metavar="DIR", help="the folder of attempts")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--csv", action="store_true", help="print a table as CSV")
    kind.add_argument("--json", action="store_true", help="print each attempt as JSON, a line each")
    kind.add_argument(
        "--xapi", action="store_true", help="print xAPI statements, for a learning record store"
    )
    kind.add_argument(
        "--peers",
        action="store_true",
        help="print what was chosen as counts, for peers.toml in the folder of your own cases",
    )
    parser.add_argument(
        "--by",
        choices=("trainee", "case", "fact", "rule"),
        help="only the sums over first tries by one of these",
    )
    parser.add_argument(
        "--anonymous", action="store_true", help="codes in place of names and files"
    )
    return parser


def _new(group: Any, command: Made) -> Any:
    parser = command(
        group,
        "new",
        "practice",
        "write a practice case to fill in",
        "Write a practice case of some 35 lines to fill in. What it leaves out comes from a\n"
        "base; every TODO is a place for your words, and 'ketatui practice check' refuses\n"
        "what still has one.",
        "  ketatui practice new night-ferry.toml --topic vulnerable_health",
    )
    parser.add_argument("out", type=path, metavar="FILE", help="the file; its name is the id")
    parser.add_argument("--topic", required=True, help="one of the topics of the pack")
    parser.add_argument("--base", default="clinic", help="what it takes the rest from")
    parser.add_argument(
        "--staged", action="store_true", help="a course of treatment, met in stages"
    )
    parser.add_argument("--force", action="store_true", help="write over a file that is there")
    return parser


def _make(group: Any, command: Made) -> Any:
    parser = command(
        group,
        "make",
        "practice",
        "draft a practice case from a saved case",
        "Draft a practice case from a saved case. Label, id, dates and names of who wrote it\n"
        "stay behind; notes become story, their dates said as distances. Change what could\n"
        "still tell who it is, write the story, then run 'ketatui practice check' on it.",
        "  ketatui practice make 20261121-210143-k3f9 --title 'A baker who cannot sleep' \\\n"
        "      --topic pathway_choice --out night-baker.toml",
    )
    parser.add_argument("name", metavar="CASE", help="a case's id, or a file")
    parser.add_argument("--title", required=True, help="what it is called; not the answer")
    parser.add_argument("--topic", required=True, help="one of the topics of the pack")
    parser.add_argument("--author", default="", help="who makes it")
    parser.add_argument(
        "--out", type=path, required=True, metavar="FILE", help="the file; its name is the id"
    )
    parser.add_argument("--force", action="store_true", help="write over a file that is there")
    parser.add_argument(
        "--plain", action="store_true", help="for a case that is encrypted: anybody may read this"
    )
    return parser


def _attempts(parser: Any) -> None:
    parser.add_argument(
        "--attempts", type=path, metavar="DIR", help="use another folder of practice attempts"
    )
