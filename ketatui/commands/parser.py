"""What the command line accepts. Imports nothing but argparse: ``--help`` has to be instant."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import ketatui
from ketatui.commands.parser_parts import (
    Commands,
    Parser,
    add_cases_option,
    add_command,
    add_group,
    add_json_option,
    add_pack_options,
    day,
    number,
)

_ABOUT = """\
Decision support for ketamine and esketamine screening and informed consent.
Without a command it opens the app. The clinician decides; nothing leaves this machine
unless you send it."""
_ENDING = """\
environment:
  KETATUI_CRITERIA  the criteria pack to use, instead of the one that came along
  KETATUI_CASES     the folder of saved cases
  KETATUI_PRACTICE  the folder of practice attempts
  KETATUI_AGE_IDENTITY  the file with your key of encrypted cases

examples:
  ketatui                                open the app
  ketatui walk                           the consultation in plain text
  ketatui assess case.toml               assess a case file
  ketatui criteria check                 check the criteria pack

exit status: 0 done, 1 the thing checked has problems, 2 unusable arguments or input"""


def build_parser(words: Sequence[str] | None = None) -> Parser:
    """Build the parser of the command line.

    Args:
        words: The arguments it is for: of commands that they do not name there is no more than
            what ``--help`` says of them. None for the whole command line.

    Returns:
        A parser; what it returns has ``module``, the module of `ketatui.commands` to run.
    """
    parser = _made(Parser, "ketatui", _ABOUT, _ENDING)
    parser.add_argument("--version", action="version", version=f"ketatui {ketatui.__version__}")
    add_pack_options(parser, default=None)
    add_cases_option(parser, default=None)
    parser.set_defaults(module="app")
    commands = parser.add_subparsers(
        title="commands",
        metavar="COMMAND",
        dest="command",
        parser_class=Parser,
        prog="ketatui",  # Otherwise worked out by formatting the usage, which imports much.
    )
    for name, (short, add) in COMMANDS.items():
        if words is None or name in words:
            add(commands)
        else:
            commands.add_parser(name, help=short, add_help=False)
    return parser


def _made(kind: type[Parser], prog: str, about: str, ending: str) -> Parser:
    return kind(
        prog=prog,
        description=about,
        epilog=ending,
    )


def _course(commands: Commands[Parser]) -> None:
    from ketatui.commands.course_options import add_course_commands

    for parser in add_course_commands(commands, add_group, add_command, day, number):
        add_pack_options(parser)
        add_cases_option(parser)


def _prefill(commands: Commands[Parser]) -> None:
    from ketatui.commands.prefill_options import PREFILL, add_prefill_options

    parser = add_command(commands, "prefill", "prefill", *PREFILL)
    add_prefill_options(parser, day)
    add_pack_options(parser)


def _serve(commands: Commands[Parser]) -> None:
    from ketatui.commands.serve_options import SERVE, add_serve_options

    parser = add_command(commands, "serve", "serve", *SERVE)
    add_serve_options(parser)
    add_pack_options(parser)
    add_cases_option(parser)


def _assess(commands: Commands[Parser]) -> None:
    parser = add_command(
        commands,
        "assess",
        "assess",
        "assess case files",
        "Assess case files under the criteria: which pathway fits, why, and what is open.",
        "  ketatui assess case.toml\n  ketatui assess --json - < case.toml",
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="a case file; - reads stdin")
    add_json_option(parser, "each assessment")
    parser.add_argument(
        "--on", type=day, metavar="DATE", help="the day to assess for, YYYY-MM-DD (today)"
    )
    add_pack_options(parser)


def _walk(commands: Commands[Parser]) -> None:
    parser = add_command(
        commands,
        "walk",
        "walk",
        "the consultation line by line in plain text",
        "The consultation in plain text, one question at a time. Every answer is kept as a\n"
        "draft at once; a consultation begun here can be finished in the app, and the reverse.",
        "  ketatui walk\n  ketatui walk --case case.toml\n"
        "  ketatui walk --case case.toml --visit today",
    )
    parser.add_argument("--case", metavar="FILE", help="go on with a saved case, by id or file")
    parser.add_argument("--new", action="store_true", help="begin anew, offer no draft")
    parser.add_argument(
        "--visit",
        metavar="N",
        help="with --case: a visit of its last course, by number; today adds a session of today "
        "where there is none, review a review",
    )
    add_pack_options(parser)
    add_cases_option(parser)


def _cases(commands: Commands[Parser]) -> None:
    from ketatui.commands.cases_options import add_cases_commands

    add_cases_commands(commands)


def _cohort(commands: Commands[Parser]) -> None:
    from ketatui.commands.cohort_options import add_cohort_commands

    for parser, has_policy in add_cohort_commands(commands):
        add_pack_options(parser, policy=has_policy)


def _criteria(commands: Commands[Parser]) -> None:
    from ketatui.commands.criteria_options import add_criteria_commands

    for parser in add_criteria_commands(commands, add_group, add_command, day):
        add_pack_options(parser)


def _practice(commands: Commands[Parser]) -> None:
    from ketatui.commands.practice_options import add_practice_commands

    for parser in add_practice_commands(commands, add_group, add_command):
        add_pack_options(parser)
        add_cases_option(parser)


def _completion(commands: Commands[Parser]) -> None:
    parser = add_command(
        commands,
        "completion",
        "completion",
        "print a completion script for a shell",
        "Print a script that completes the commands and options of ketatui in a shell.",
        '  eval "$(ketatui completion bash)"',
    )
    parser.add_argument("shell", choices=("bash", "zsh", "tcsh"), help="the shell")


COMMANDS: dict[str, tuple[str, Callable[[Commands[Parser]], None]]] = {
    "assess": ("assess case files", _assess),
    "walk": ("the consultation line by line in plain text", _walk),
    "cases": ("list, show, verify, review saved cases", _cases),
    "course": ("visits of a course of treatment, and what is due", _course),
    "prefill": ("propose answers from a patient's record", _prefill),
    "cohort": ("the same criteria over a table of patients", _cohort),
    "serve": ("answer other programs and browsers", _serve),
    "criteria": ("check the criteria pack, evaluate expressions, hand both on", _criteria),
    "practice": ("practice cases and attempts", _practice),
    "completion": ("print a completion script for a shell", _completion),
}
"""The commands, with what the list of commands says of each, and what adds one's arguments."""
