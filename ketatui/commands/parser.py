"""What the command line accepts. Imports nothing but argparse: ``--help`` has to be instant."""

from __future__ import annotations

import argparse
import datetime as dt
import re
import sys
from pathlib import Path
from typing import NoReturn

import ketatui
from ketatui.commands.course_options import add_course_commands
from ketatui.commands.criteria_options import add_criteria_commands
from ketatui.commands.encryption_options import ENCRYPTION, add_encryption_options
from ketatui.commands.export_options import EXPORT, add_export_options
from ketatui.commands.practice_options import add_practice_commands
from ketatui.commands.prefill_options import PREFILL, add_prefill_options
from ketatui.commands.review_options import add_review_options
from ketatui.commands.scan_options import SCAN, add_scan_options

SORTS = tuple(
    "date label diagnosis decision verdict worst overrides criteria state reviewer".split()
)
"""What the library sorts by, said here once more so that nothing has to be imported."""

_ABOUT = """\
Decision support for ketamine and esketamine screening and informed consent.
Without a command it opens the app. The clinician decides; nothing leaves this machine."""
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


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one line, as every other error of the program."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one line and exit with status 2."""
        message = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in message)
        print(f"{self.prog}: {message} (see {self.prog} --help)", file=sys.stderr)
        raise SystemExit(2)


def build_parser() -> Parser:
    """Build the parser of the whole command line.

    Returns:
        A parser; what it returns has ``module``, the module of `ketatui.commands` to run.
    """
    parser = _made(Parser, "ketatui", _ABOUT, _ENDING)
    parser.add_argument("--version", action="version", version=f"ketatui {ketatui.__version__}")
    _pack_options(parser, default=None)
    _cases_option(parser, default=None)
    parser.set_defaults(module="app")
    commands = parser.add_subparsers(
        title="commands", metavar="COMMAND", dest="command", parser_class=Parser
    )
    _assess(commands)
    _walk(commands)
    _cases(commands)
    for course in add_course_commands(commands, _group, _command, day, number):
        _pack_options(course)
        _cases_option(course)
    prefill = _command(commands, "prefill", "prefill", *PREFILL)
    add_prefill_options(prefill, day)
    _pack_options(prefill)
    _criteria(commands)
    _practice(commands)
    _completion(commands)
    return parser


def day(text: str) -> dt.date:
    """Read a day as ``YYYY-MM-DD`` and in no other form.

    Raises:
        argparse.ArgumentTypeError: It is none.
    """
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            pass
    raise argparse.ArgumentTypeError(f"{text!r} is no day; it is written like 2026-11-21")


def number(text: str) -> int:
    """Read a whole number from 1 on.

    Raises:
        argparse.ArgumentTypeError: It is none.
    """
    if re.fullmatch(r"[1-9]\d{0,8}", text, re.ASCII):
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 on")


Commands = argparse._SubParsersAction  # argparse has no public name for it


def _made(kind: type[Parser], prog: str, about: str, ending: str) -> Parser:
    return kind(
        prog=prog,
        description=about,
        epilog=ending,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def _command(
    commands: Commands[Parser], name: str, module: str, short: str, about: str, example: str
) -> Parser:
    parser = commands.add_parser(
        name,
        help=short,
        description=about,
        epilog=f"example:\n{example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.set_defaults(module=module)
    return parser


def _group(commands: Commands[Parser], name: str, short: str, example: str) -> Commands[Parser]:
    parser = commands.add_parser(
        name,
        help=short,
        description=f"{short[0].upper()}{short[1:]}.",
        epilog=f"example:\n{example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    return parser.add_subparsers(
        title="commands", metavar="COMMAND", dest="action", required=True, parser_class=Parser
    )


def _pack_options(parser: Parser, default: object = argparse.SUPPRESS) -> None:
    # Without a default of their own, so that an option given before the command stands.
    parser.add_argument(
        "--criteria", type=Path, metavar="DIR", default=default, help="use another criteria pack"
    )
    parser.add_argument(
        "--policy", type=Path, metavar="FILE", default=default, help="apply a local policy file"
    )


def _cases_option(parser: Parser, default: object = argparse.SUPPRESS) -> None:
    parser.add_argument(
        "--cases", type=Path, metavar="DIR", default=default, help="use another folder of cases"
    )


def _json_option(parser: Parser, what: str) -> None:
    parser.add_argument("--json", action="store_true", help=f"print {what} as JSON, a line each")


def _assess(commands: Commands[Parser]) -> None:
    parser = _command(
        commands,
        "assess",
        "assess",
        "assess case files",
        "Assess case files under the criteria: which pathway fits, why, and what is open.",
        "  ketatui assess case.toml\n  ketatui assess --json - < case.toml",
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="a case file; - reads stdin")
    _json_option(parser, "each assessment")
    parser.add_argument(
        "--on", type=day, metavar="DATE", help="the day to assess for, YYYY-MM-DD (today)"
    )
    _pack_options(parser)


def _walk(commands: Commands[Parser]) -> None:
    parser = _command(
        commands,
        "walk",
        "walk",
        "the consultation line by line in plain text",
        "The consultation in plain text, one question at a time. Every answer is kept as a\n"
        "draft at once; a consultation begun here can be finished in the app, and the reverse.",
        "  ketatui walk\n  ketatui walk --case case.toml",
    )
    parser.add_argument("--case", metavar="FILE", help="go on with a saved case, by id or file")
    parser.add_argument("--new", action="store_true", help="begin anew, offer no draft")
    _pack_options(parser)
    _cases_option(parser)


def _cases(commands: Commands[Parser]) -> None:
    group = _group(
        commands, "cases", "list, show, verify, review saved cases", "  ketatui cases list"
    )
    listing = _command(
        group,
        "list",
        "listing",
        "list the saved cases and drafts",
        "List the saved cases, newest first, and the drafts that wait to be resumed.\n"
        "--where takes an expression of the criteria, over their ids and case.id, .label,\n"
        ".saved ('2026-11-21'), .state, .practice, .decision, .standing, .verdict, .worst,\n"
        ".overrides, .criteria, .unchanged, .reviewer, .agreed, .disagreed.",
        "  ketatui cases list\n"
        "  ketatui cases list --text sertraline --limit 20\n"
        "  ketatui cases list --where \"case.state = 'final' and vitals.systolic > 160\" --json",
    )
    listing.add_argument(
        "--text", metavar="WORDS", help="only cases with words that begin so, as in the app"
    )
    listing.add_argument("--where", metavar="EXPRESSION", help="only cases of which this is true")
    listing.add_argument("--sort", choices=SORTS, default="date", help="by what (date)")
    listing.add_argument("--reverse", action="store_true", help="the other way round")
    listing.add_argument("--limit", type=number, metavar="N", help="at most so many")
    _json_option(listing, "each case")
    show = _command(
        group,
        "show",
        "cases",
        "show a saved case",
        "Show saved cases as they stood when they were saved, with their reasons.",
        "  ketatui cases show 20261121-210143-k3f9",
    )
    show.add_argument("names", nargs="+", metavar="CASE", help="a case's id, or a file")
    verify = _command(
        group,
        "verify",
        "cases",
        "verify that saved cases are unchanged",
        "Verify that cases are as they were saved and that no revision is missing. Exit status 1\n"
        "if one is not.",
        "  ketatui cases verify",
    )
    verify.add_argument(
        "names",
        nargs="*",
        metavar="CASE",
        help="a case's id, a file or a folder; all cases without",
    )
    scan = _command(group, "scan", "scan", *SCAN)
    add_scan_options(scan)
    more = (_reassess(group), _diff(group), scan, _review(group), _export(group))
    for parser in (listing, show, verify, *more):
        _pack_options(parser)
        _cases_option(parser)
    for name, (short, about, example) in ENCRYPTION.items():
        parser = _command(group, name, "encryption", short, about, example)
        add_encryption_options(parser, name)
        _cases_option(parser)


def _export(group: Commands[Parser]) -> Parser:
    parser = _command(group, "export", "export", *EXPORT)
    add_export_options(parser, day)
    return parser


def _review(group: Commands[Parser]) -> Parser:
    parser = _command(
        group,
        "review",
        "review",
        "comment on a saved case, agree or disagree, sign it",
        "Add to a saved case what a reviewer says, for ever, as a revision of its own: comments,\n"
        "a view on the decision, a signature, or a request for a review. Nothing of the case's\n"
        "content is changed. Exit status 1 if the case does not allow it, or was amended since\n"
        "the revision looked at; nothing is written then.",
        '  ketatui cases review 20261121-210143-k3f9 --comment "Which arm?" \\\n'
        '      --on answer:vitals.systolic --by "Dr B" --role pharmacist\n'
        '  ketatui cases review 20261121-210143-k3f9 --agree "As agreed in rounds" \\\n'
        '      --sign reviewed --by "Dr B" --role psychiatrist',
    )
    add_review_options(parser)
    return parser


def _reassess(group: Commands[Parser]) -> Parser:
    parser = _command(
        group,
        "reassess",
        "reassess",
        "assess saved cases again, and say what changed and why",
        "Assess saved cases again under the criteria at hand, for today: each pathway then and\n"
        "now, and the rule, threshold, date or answer behind each change. Answers that are too\n"
        "old count as unanswered. Nothing is written.",
        "  ketatui cases reassess\n  ketatui cases reassess --changed --on 2027-01-02 saved_cases",
    )
    parser.add_argument(
        "names", nargs="*", metavar="CASE", help="a case's id, a file or a folder; all without"
    )
    parser.add_argument(
        "--changed", action="store_true", help="only cases with a verdict that changed"
    )
    parser.add_argument(
        "--keep-stale", action="store_true", help="count answers however old they are"
    )
    _json_option(parser, "each case")
    parser.add_argument(
        "--on", type=day, metavar="DATE", help="the day to assess for, YYYY-MM-DD (today)"
    )
    return parser


def _diff(group: Commands[Parser]) -> Parser:
    parser = _command(
        group,
        "diff",
        "diff",
        "compare two cases, or two revisions of one",
        "Compare two saved cases, or two revisions of one: answers, rows, consent, decision,\n"
        "findings and verdicts. Only what differs is shown.",
        "  ketatui cases diff 20261121-210143-k3f9@1 20261121-210143-k3f9",
    )
    for side in ("a", "b"):
        parser.add_argument(
            side, metavar=side.upper(), help="a case's id, or a file; @2 names its revision 2"
        )
    _json_option(parser, "what differs")
    parser.add_argument(
        "--on", type=day, metavar="DATE", help="the day for reasons not recorded (today)"
    )
    return parser


def _criteria(commands: Commands[Parser]) -> None:
    for parser in add_criteria_commands(commands, _group, _command, day):
        _pack_options(parser)


def _practice(commands: Commands[Parser]) -> None:
    for parser in add_practice_commands(commands, _group, _command):
        _pack_options(parser)
        _cases_option(parser)


def _completion(commands: Commands[Parser]) -> None:
    parser = _command(
        commands,
        "completion",
        "completion",
        "print a completion script for a shell",
        "Print a script that completes the commands and options of ketatui in a shell.",
        '  eval "$(ketatui completion bash)"',
    )
    parser.add_argument("shell", choices=("bash", "zsh", "tcsh"), help="the shell")
