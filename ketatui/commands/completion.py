"""``ketatui completion``: a script that completes commands and options in a shell."""

from __future__ import annotations

import argparse

import shtab

from ketatui.commands.parser import build_parser

_FILES = {"FILE": shtab.FILE, "CASE": shtab.FILE, "DIR": shtab.DIRECTORY}


def run(args: argparse.Namespace) -> int:
    """Print the script.

    Returns:
        0.
    """
    parser = build_parser()
    _complete_files(parser)
    print(shtab.complete(parser, shell=args.shell))
    return 0


def _complete_files(parser: argparse.ArgumentParser) -> None:
    for action in parser._actions:  # argparse has no public list of them
        if isinstance(action, argparse._SubParsersAction):
            for command in dict.fromkeys(action.choices.values()):
                _complete_files(command)
        elif isinstance(action.metavar, str) and action.metavar in _FILES:
            action.complete = _FILES[action.metavar]  # type: ignore[attr-defined]
