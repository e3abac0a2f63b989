"""The command line as a whole: help, version, exit status, pipes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import ketatui as package
from tests.cli.support import CASE, Command
from tests.processes import run, running

ROOT = Path(package.__file__).parents[1]
COMMANDS = [
    [],
    ["assess"],
    ["walk"],
    ["cases"],
    ["cases", "list"],
    ["cases", "show"],
    ["cases", "verify"],
    ["criteria"],
    ["criteria", "check"],
    ["criteria", "eval"],
    ["completion"],
]


def started(
    *arguments: str, stdin: str = "", **options: object
) -> subprocess.CompletedProcess[str]:
    """Run the program as a process of its own."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "ketatui", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environ | dict(options.get("env", {})),  # type: ignore[call-overload]
    )


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_of_every_command_has_an_example(ketatui: Command, command: list[str]) -> None:
    done = ketatui(*command, "--help")
    assert (done.status, done.err) == (0, "")
    assert "example" in done.out
    assert "\n  ketatui" in done.out or "(ketatui" in done.out


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_an_unknown_option_is_one_line_and_status_two(ketatui: Command, command: list[str]) -> None:
    done = ketatui(*command, "--nonsense")
    assert (done.status, done.out) == (2, "")
    assert done.err.count("\n") == 1


def test_a_day_that_is_none_is_refused(ketatui: Command) -> None:
    for day in ("2026-13-01", "20261121", "today", "2026-1-1", "2026-02-30"):
        done = ketatui("assess", "-", "--on", day)
        assert (done.status, done.out) == (2, "")
        assert "2026-11-21" in done.err


def test_the_version_is_printed(ketatui: Command) -> None:
    assert ketatui("--version").out == f"ketatui {package.__version__}\n"


def test_without_a_terminal_the_app_is_refused_with_the_commands_that_need_none() -> None:
    done = started()
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    for name in ("assess", "walk", "cases", "criteria"):
        assert f"ketatui {name}" in done.stderr


def test_help_and_version_load_neither_models_nor_textual() -> None:
    script = (
        "import sys; from ketatui.cli import main; main([sys.argv[1]]); "
        "print([n for n in ('msgspec', 'textual', 'shtab', 'tomllib') if n in sys.modules])"
    )
    for option in ("--help", "--version"):
        done = run([sys.executable, "-c", script, option], cwd=ROOT)
        assert done.stdout.splitlines()[-1] == "[]"


def test_assessing_never_loads_textual() -> None:
    script = (
        "import sys; from ketatui.cli import main; main(['assess', '-']); "
        "print([n for n in ('textual', 'rich') if n in sys.modules])"
    )
    done = run([sys.executable, "-c", script], input=CASE, cwd=ROOT)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("command", "status", "said"),
    [
        ("--version >&-", 2, "ketatui: Bad file descriptor\n"),
        ("--version 2>&-", 0, ""),
        ("assess - <&-", 2, "<stdin>: not a case: it has no answers; allowed: tables like "),
    ],
)
def test_what_the_shell_closed_is_no_traceback(command: str, status: int, said: str) -> None:
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m ketatui {command}"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == status
    assert done.stderr.startswith(said)
    assert done.stderr.count("\n") <= 1


def test_a_reader_that_stops_early_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    path.write_text(CASE, "utf-8")
    with running(
        [sys.executable, "-m", "ketatui", "assess", *[path] * 40],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(100)
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(timeout=60) == 0


def test_a_terminal_without_unicode_still_gets_the_summary(tmp_path: Path) -> None:
    done = started("assess", "-", stdin=CASE, env={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert "IV infusion" in done.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_a_shell_can_complete_commands_and_options(ketatui: Command, shell: str) -> None:
    done = ketatui("completion", shell)
    assert done.status == 0
    assert "assess" in done.out
    assert "criteria" in done.out


def test_an_internal_error_says_no_answer_and_no_traceback(
    ketatui: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ketatui.commands import assess

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("patient says: secret")

    monkeypatch.setattr(assess, "summary", broken)
    done = ketatui("assess", "-", stdin=CASE.encode())
    assert (done.status, done.out) == (2, "")
    assert "RuntimeError" in done.err
    assert "secret" not in done.err


def test_a_walk_that_is_killed_keeps_every_answer(tmp_path: Path) -> None:
    folder = tmp_path / "cases"
    command = [sys.executable, "-m", "ketatui", "walk", "--cases", str(folder)]
    with running(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("low mood\n1\ny\n")
        process.stdin.flush()
        assert any("Schedule III: yes." in line for line in process.stdout)
        process.kill()
    done = started("walk", "--cases", str(folder), stdin="1\nq\n")
    assert "Resumed, 2 changes." in done.stdout


def test_a_missing_library_is_said_in_one_line(tmp_path: Path) -> None:
    # Without site-packages nothing but the standard library can be imported.
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", _WITHOUT_LIBRARIES, str(ROOT)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "is not installed" in done.stderr


_WITHOUT_LIBRARIES = (
    "import sys; sys.path.insert(0, sys.argv[1]);"
    "from ketatui.cli import main; sys.exit(main(['criteria', 'check']))"
)
