"""``python -m tests.as_user UID GROUP COMMAND…``: the command line as somebody else.

The interpreter may lie where only its owner can read: so everything is imported first, and then
the process becomes the other user. It has no entry in the list of users and no HOME.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import pkgutil
import sys
import tempfile

import ketatui
from ketatui.cli import main


def _warm_up() -> None:
    for module in pkgutil.walk_packages(ketatui.__path__, "ketatui."):
        if module.name != "ketatui.__main__":
            with contextlib.suppress(ImportError):
                importlib.import_module(module.name)
    # What is imported late, and where from, a first run tells.
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        held, sys.stdin = sys.stdin, io.StringIO("x\n1\n")
        for words in (["walk", "--new"], ["cases", "list"], ["cases", "verify"]):
            main([*words, "--cases", folder])
        sys.stdin = held
    for name in ("grp", "pwd", "encodings.utf_8_sig", "encodings.ascii", "encodings.latin_1"):
        importlib.import_module(name)


if __name__ == "__main__":
    user, group = int(sys.argv[1]), int(sys.argv[2])
    _warm_up()
    os.setgroups([group])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    os.environ.pop("HOME", None)
    os.umask(0o077)
    sys.exit(main(sys.argv[3:]))
