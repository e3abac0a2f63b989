"""``python -m tests.as_user``: the command line as somebody else, again and again.

Each line of the input is a call, ``{"user", "group", "words", "said"}``; each line of the output
tells what came of it, ``{"status", "out"}``. Every call is a process of its own, forked from this
one, that becomes the other user; it has no entry in the list of users and no HOME. The interpreter
may lie where only its owner can read: so everything is imported before.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import pkgutil
import sys
import tempfile
from typing import Any

import ketatui
from ketatui.cli import main

ROOMS = ("cases", "commands", "consultation", "course", "criteria", "engine", "practice", "walk")
LEFT_OUT = {f"ketatui.commands.{it}" for it in ("app", "cohort", "criteria_schema", "serve")}
"""No call here comes to them, and they take most of the time that all take to be imported."""


def _warm_up() -> None:
    places = [f"{folder}/{room}" for folder in ketatui.__path__ for room in ROOMS]
    for place in places:
        for module in pkgutil.walk_packages([place], f"ketatui.{place.rpartition('/')[2]}."):
            if module.name not in LEFT_OUT:
                with contextlib.suppress(ImportError):
                    importlib.import_module(module.name)
    # What is imported late, and where from, a first run tells.
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        held, sys.stdin = sys.stdin, io.StringIO("x\n1\n")
        for words in (["walk", "--new"], ["cases", "list"], ["cases", "verify"]):
            main([*words, "--cases", folder])
        sys.stdin = held
    for name in (
        "difflib",
        "grp",
        "pwd",
        "encodings.utf_8_sig",
        "encodings.ascii",
        "encodings.latin_1",
    ):
        importlib.import_module(name)


def _become(user: int, group: int) -> None:
    os.setgroups([group])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    os.environ.pop("HOME", None)
    os.umask(0o077)


def _called(user: int, group: int, words: list[str], said: str) -> dict[str, Any]:
    with tempfile.TemporaryFile() as typed, tempfile.TemporaryFile() as out:
        typed.write(said.encode())
        typed.seek(0)
        child = os.fork()
        if child == 0:
            status = 70
            try:
                for file, number in ((typed, 0), (out, 1), (out, 2)):
                    os.dup2(file.fileno(), number)
                sys.stdin = os.fdopen(0, closefd=False)
                sys.stdout, sys.stderr = (os.fdopen(it, "w", closefd=False) for it in (1, 2))
                _become(user, group)
                status = main(words)
                sys.stdout.flush()
                sys.stderr.flush()
            finally:
                os._exit(status)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        out.seek(0)
        return {"status": status, "out": out.read().decode()}


if __name__ == "__main__":
    _warm_up()
    for line in sys.stdin:
        print(json.dumps(_called(**json.loads(line))), flush=True)
