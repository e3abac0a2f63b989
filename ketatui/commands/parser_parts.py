"""What the parsers of all commands are made with. Imports nothing but argparse."""

from __future__ import annotations

import os
import re
import sys
from functools import cache


class Untranslated:
    """Stands for gettext while argparse is imported.

    For every word of its help argparse asks for a translation, of which there are none; looking
    for them on the disk, and the locales imported for it, is an eighth of ``--help``.
    """

    @staticmethod
    def gettext(message: str) -> str:
        """Return the message as it is."""
        return message

    @staticmethod
    def ngettext(one: str, many: str, count: int) -> str:
        """Return the message for a number of things."""
        return one if count == 1 else many


_is_first = "gettext" not in sys.modules and "argparse" not in sys.modules
if _is_first:
    sys.modules["gettext"] = Untranslated  # type: ignore[assignment]
try:
    import argparse
finally:
    if _is_first:
        del sys.modules["gettext"]

TYPE_CHECKING = False
"""As in typing, which takes as long to import as everything else here."""
if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path
    from typing import Any, NoReturn


class _Help(argparse.RawDescriptionHelpFormatter):
    """Help as wide as the terminal.

    argparse makes one for every argument that is added, and would import shutil for the width,
    which imports all kinds of compression.
    """

    def __init__(self, prog: str) -> None:
        """Args: the program's name and command."""
        super().__init__(prog, width=_columns() - 2)

    def _split_lines(self, text: str, width: int) -> list[str]:
        """Wrap a help text; for one that fits on its line textwrap is not imported."""
        words = " ".join(text.split())
        return [words] if 0 < len(words) <= width else super()._split_lines(text, width)


@cache
def _columns() -> int:
    named = os.environ.get("COLUMNS", "")
    if named.isdecimal() and int(named):
        return int(named)
    try:
        return os.get_terminal_size().columns or 80
    except (OSError, ValueError, AttributeError):
        return 80


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one line, as every other error of the program."""

    def __init__(self, **options: Any) -> None:
        """Args: those of argparse."""
        super().__init__(**{"formatter_class": _Help, "allow_abbrev": False, **options})

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse arguments, of which none may be left: the command they were for says which."""
        found, left = super().parse_known_args(args, namespace)
        if left:
            self.error(f"unrecognized arguments: {' '.join(left)}")
        return found, left

    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one line and exit with status 2."""
        message = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in message)
        print(f"{self.prog}: {message} (see {self.prog} --help)", file=sys.stderr)
        raise SystemExit(2)


def day(text: str) -> dt.date:
    """Read a day as ``YYYY-MM-DD`` and in no other form.

    Raises:
        argparse.ArgumentTypeError: It is none.
    """
    import datetime as dt

    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            pass
    raise argparse.ArgumentTypeError(f"{text!r} is no day; it is written like 2026-11-21")


def path(text: str) -> Path:
    """Read a path as it was typed.

    Raises:
        argparse.ArgumentTypeError: It is empty, as an unset variable of a shell is: that would
            stand for the folder at hand.
    """
    from pathlib import Path

    if not text:
        raise argparse.ArgumentTypeError("'' names no file or folder")
    return Path(text)


def number(text: str) -> int:
    """Read a whole number from 1 on.

    Raises:
        argparse.ArgumentTypeError: It is none.
    """
    if re.fullmatch(r"[1-9]\d{0,8}", text, re.ASCII):
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 on")


Commands = argparse._SubParsersAction  # argparse has no public name for it


def add_command(
    commands: Commands[Parser], name: str, module: str, short: str, about: str, example: str
) -> Parser:
    """Add a command.

    Args:
        commands: The group it belongs to.
        name: What is typed.
        module: The module of `ketatui.commands` that runs it.
        short: Its line in the list of commands.
        about: Its description.
        example: Examples, a line each.
    """
    parser = commands.add_parser(
        name,
        help=short,
        description=about,
        epilog=f"example:\n{example}",
    )
    parser.set_defaults(module=module)
    return parser


def add_group(commands: Commands[Parser], name: str, short: str, example: str) -> Commands[Parser]:
    """Add a group of commands; its line in the list is what it is described by, too."""
    parser = commands.add_parser(
        name,
        help=short,
        description=f"{short[0].upper()}{short[1:]}.",
        epilog=f"example:\n{example}",
    )
    return parser.add_subparsers(
        title="commands",
        metavar="COMMAND",
        dest="action",
        required=True,
        parser_class=Parser,
        prog=parser.prog,
    )


def option(*names: str, **how: Any) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Say what an argument is, as argparse takes it, for `add_options`."""
    return names, how


def add_options(parser: argparse._ActionsContainer, *options: tuple[Any, dict[str, Any]]) -> None:
    """Add arguments to a parser, or to a group of it, in their order."""
    for names, how in options:
        parser.add_argument(*names, **how)


def add_pack_options(
    parser: Parser, default: object = argparse.SUPPRESS, *, policy: bool = True
) -> None:
    """Add the options that name other criteria; without ``policy`` only the pack."""
    # Without a default of their own, so that an option given before the command stands.
    parser.add_argument(
        "--criteria", type=path, metavar="DIR", default=default, help="use another criteria pack"
    )
    if policy:
        parser.add_argument(
            "--policy", type=path, metavar="FILE", default=default, help="apply a local policy file"
        )


def add_cases_option(parser: Parser, default: object = argparse.SUPPRESS) -> None:
    """Add the option that names another folder of cases."""
    parser.add_argument(
        "--cases", type=path, metavar="DIR", default=default, help="use another folder of cases"
    )


def add_json_option(parser: Parser, what: str) -> None:
    """Add the option that prints something as JSON."""
    parser.add_argument("--json", action="store_true", help=f"print {what} as JSON, a line each")
