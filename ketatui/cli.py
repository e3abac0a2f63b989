"""The command line: `ketatui` and its commands.

Next to nothing is imported here; each command imports what it needs when it runs, so that
``--help``, ``--version`` and the first frame of the app are there at once.
"""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module

import ketatui

DONE, PROBLEMS, UNUSABLE = 0, 1, 2
"""Exit status: done; the thing checked has problems; arguments or input cannot be used."""
INTERRUPTED = 130

_COLLECTING_LATER = ("app", "assess", "serve")
"""Commands that turn garbage collection on themselves, once the criteria are there."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        argv: The arguments without the program's name; those of the process when None.

    Returns:
        The exit status.
    """
    _open_streams()
    _prepare_output()
    words = sys.argv[1:] if argv is None else list(argv)
    if words == ["--version"]:
        print(f"ketatui {ketatui.__version__}")
        return _flushed(DONE)
    if argv is None:
        # What a start makes is there to stay: to look through it for garbage, again and again,
        # takes time and finds none. `collect_garbage` turns it on.
        gc.disable()
        if not words or (words[0].startswith("--") and words[0] != "--help"):
            # Imported here: a command has no use for it. It knows which options are the app's.
            from ketatui.first_frame import show_first_frame

            show_first_frame(words)
    try:
        return _flushed(_run(words))
    except SystemExit as done:
        return _flushed(done.code if isinstance(done.code, int) else UNUSABLE)
    except BrokenPipeError:
        return _reader_left()
    except KeyboardInterrupt:
        return INTERRUPTED
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("ketatui"):
            return _said(error)
        print(
            f"ketatui: the library {error.name} is not installed; run the program with "
            "'make run', or install it with 'pipx install .'",
            file=sys.stderr,
        )
        return UNUSABLE
    except Exception as error:
        return _said(error)


def _run(words: list[str]) -> int:
    """Run the command that the arguments name; what is on the screen before it goes with it."""
    try:
        if not words:
            # Nothing is to be understood, and the parser takes as long as reading the criteria.
            from ketatui.commands.app import open_app

            return open_app()
        from ketatui.commands.parser import build_parser
        from ketatui.garbage import collect_garbage

        args = build_parser(words).parse_args(words)
        command = import_module(f"ketatui.commands.{args.module}")
        if args.module not in _COLLECTING_LATER:
            collect_garbage()
        status: int = command.run(args)
        return status
    finally:
        if "ketatui.first_frame" in sys.modules:
            from ketatui.first_frame import leave

            leave()


def _open_streams() -> None:
    """Open what the shell closed (``>&-``), so that no case gets its place among open files.

    Output that has nowhere to go fails when it is written, as on a full disk; input is empty.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            handle = os.open(os.devnull, os.O_WRONLY if name == "stderr" else os.O_RDONLY)
            if handle != number:
                os.dup2(handle, number)
                os.close(handle)
            mode = "r" if name == "stdin" else "w"
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115


def _prepare_output() -> None:
    """Make sure that no character can stop the output on a terminal that lacks it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _flushed(status: int) -> int:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return _reader_left()
    except OSError as error:
        return _said(error)
    return status


def _reader_left() -> int:
    """Whoever read the output wants no more of it (``| head``): that is no failure."""
    from contextlib import suppress

    with suppress(OSError, ValueError):
        # Python flushes once more when it ends, and would complain then.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return DONE


def _said(error: Exception) -> int:
    """Say what went wrong on standard error, a line each; never a traceback."""
    from contextlib import suppress

    from ketatui.cases.errors import CaseError, ChangedOnDisk, DraftInUseError
    from ketatui.commands.inputs import Unusable
    from ketatui.printable import printable

    if isinstance(error, CaseError | Unusable):
        lines = str(error).splitlines()
    elif isinstance(error, ChangedOnDisk | DraftInUseError):
        lines = [f"ketatui: {error}"]
    elif isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        lines = [f"ketatui: {where}{error.strerror or type(error).__name__}"]
    else:
        lines = [f"ketatui: internal error, please report it: {_place(error)}"]
    for line in lines:
        print(printable(line), file=sys.stderr)
    if isinstance(error, OSError):
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return UNUSABLE


def _place(error: Exception) -> str:
    """Name the kind of an error and where it arose: no message, it might hold an answer."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" in {trace.tb_frame.f_code.co_qualname}, line {trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}{where}"
