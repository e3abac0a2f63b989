"""Files nobody should write: each has the outcome it must have, in one clear line."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from ketatui.cases.errors import CaseError
from ketatui.commands.inputs import read_case_file
from ketatui.criteria.pack import Pack
from reliability.nasty import READ, Nasty, corpus
from tests.cli.support import CASE, Command


@pytest.fixture(scope="module")
def files() -> dict[str, Nasty]:
    """Every file of the corpus by its name."""
    found = list(corpus())
    named = {item.name: item for item in found}
    assert len(named) == len(found), "two files of one name"
    return named


def outcome(path: Path, pack: Pack) -> tuple[int, str]:
    try:
        read_case_file(str(path), pack)
    except CaseError as error:
        return 2, str(error)
    return 0, ""


def test_each_file_of_the_corpus_has_its_outcome(
    tmp_path: Path, pack: Pack, files: dict[str, Nasty]
) -> None:
    path = tmp_path / "f.toml"
    for item in files.values():
        path.write_bytes(item.data)
        status, said = outcome(path, pack)
        assert status == item.status, f"{item.name}: {said}"
        if item.status != READ:
            assert item.says in said, item.name
            for line in said.splitlines():
                assert line.startswith(str(path)), item.name
                assert line.isprintable(), item.name
    assert len(files) == 337


@pytest.mark.parametrize(
    "name",
    [
        "bom",
        "crlf",
        "control-escaped-001b",
        "control-escaped-202e",
        "utf8-surrogate-string",
        "deep-list-100000",
        "number-age-9",
        "large-string-10mb",
        "hostile-id",
        "unknown-id-7",
        "unknown-code-3",
    ],
)
def test_the_command_line_says_it_in_one_line_without_control_characters(
    ketatui: Command, tmp_path: Path, name: str, files: dict[str, Nasty]
) -> None:
    item = files[name]
    path = tmp_path / "f.toml"
    path.write_bytes(item.data)
    done = ketatui("assess", "--on", "2026-11-21", path)
    assert done.status == item.status
    assert len(done.err.splitlines()) == (0 if item.status == READ else 1)
    assert all(line.isprintable() for line in (done.out + done.err).splitlines())


def test_what_is_no_file_is_refused_at_once(ketatui: Command, tmp_path: Path) -> None:
    folder, pipe, loop, sock = (tmp_path / name for name in ("folder", "pipe", "loop", "sock"))
    folder.mkdir()
    os.mkfifo(pipe)
    loop.symlink_to(loop)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(sock))
        for path, says in (
            (folder, "a folder, not a file"),
            (pipe, "a pipe or device"),
            (Path("/dev/zero"), "a pipe or device"),
            (loop, "symbolic links"),
            (sock, "No such device"),
            (tmp_path / "missing", "No such file"),
            (tmp_path / ("x" * 300), "File name too long"),
        ):
            for command in (
                ["assess", path],
                ["criteria", "eval", "1 = 1", "--case", path],
            ):
                done = ketatui(*command)
                assert done.status == 2, command
                text = done.err + done.out
                assert says in text, command
                assert "Traceback" not in text


def test_criteria_that_are_no_files_are_refused_at_once(ketatui: Command, tmp_path: Path) -> None:
    case, pipe = tmp_path / "case.toml", tmp_path / "pipe"
    case.write_text(CASE, "utf-8")
    os.mkfifo(pipe)
    for policy in (tmp_path, pipe, Path("/dev/zero"), tmp_path / "missing"):
        done = ketatui("assess", "--policy", policy, case)
        assert (done.status, done.out) == (2, "")
        assert len(done.err.splitlines()) == 1
    for criteria in (case, pipe, tmp_path / "missing"):
        done = ketatui("assess", "--criteria", criteria, case)
        assert (done.status, done.out) == (2, "")
        assert len(done.err.splitlines()) == 1
