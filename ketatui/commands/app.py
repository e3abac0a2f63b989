"""``ketatui`` without a command: the app, if there is a terminal to draw it on."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from ketatui.cases.folders import folder_to_use
from ketatui.cases.identifiers import is_case_id
from ketatui.settings import FIRST_CASE

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

_NO_TERMINAL = (
    "ketatui: the app needs a terminal; without one use ketatui walk, ketatui assess, "
    "ketatui cases or ketatui criteria (see ketatui --help)"
)

_NOT_DRAWN = (
    "ketatui: standard error is no terminal; the app would draw the case into it: "
    "start it without 2>"
)

_BROWSER = "textual.drivers.web_driver:WebDriver"
"""What a service that shows the app in a browser sets; pipes are then what it draws on."""


def run(args: argparse.Namespace) -> int:
    """Open the app as the arguments say.

    Returns:
        Its exit status; 2 without a terminal.
    """
    return open_app(args.cases, args.criteria, args.policy)


def open_app(
    cases: Path | None = None, criteria: Path | None = None, policy: Path | None = None
) -> int:
    """Open the app.

    Args:
        cases: Folder of cases; the usual one when None.
        criteria: Folder of the criteria; the usual one when None.
        policy: A local policy file.

    Returns:
        Its exit status; 2 without a terminal.
    """
    said = "" if os.environ.get("TEXTUAL_DRIVER") == _BROWSER else _why_not()
    if said:
        print(said, file=sys.stderr)
        return 2
    # Imported only now: nothing else draws, and everything else has to start without it.
    from ketatui.tui.app import run as draw

    named = os.environ.get(FIRST_CASE, "")
    first_case = named if is_case_id(named) else ""
    return draw(folder_to_use(cases, os.environ), criteria, policy, first_case)


def _why_not() -> str:
    """Say why the app cannot be drawn here; empty if it can."""
    if os.environ.get("TERM") == "dumb" or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return _NO_TERMINAL
    # Textual draws on standard error: a file there would hold what stands on the screen.
    return "" if sys.stderr.isatty() else _NOT_DRAWN
