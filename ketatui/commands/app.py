"""``ketatui`` without a command: the app, if there is a terminal to draw it on."""

from __future__ import annotations

import argparse
import os
import sys

from ketatui.cases.folders import folder_to_use

_NO_TERMINAL = (
    "ketatui: the app needs a terminal; without one use ketatui walk, ketatui assess, "
    "ketatui cases or ketatui criteria (see ketatui --help)"
)

_NOT_DRAWN = (
    "ketatui: standard error is no terminal; the app would draw the case into it: "
    "start it without 2>"
)


def run(args: argparse.Namespace) -> int:
    """Open the app.

    Returns:
        Its exit status; 2 without a terminal.
    """
    dumb = os.environ.get("TERM") == "dumb"
    if dumb or not (sys.stdin.isatty() and sys.stdout.isatty()):
        print(_NO_TERMINAL, file=sys.stderr)
        return 2
    if not sys.stderr.isatty():
        # Textual draws on standard error: a file there would hold what stands on the screen.
        print(_NOT_DRAWN, file=sys.stderr)
        return 2
    # Imported only now: nothing else draws, and everything else has to start without it.
    from ketatui.tui.app import run as open_app

    return open_app(folder_to_use(args.cases, os.environ), args.criteria, args.policy)
