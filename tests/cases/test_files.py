from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import stat
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given

from ketatui.cases import folders
from ketatui.cases.atomic import read_bytes_limited, write_atomically, write_new
from ketatui.cases.digest import _canonical, content_digest
from ketatui.cases.errors import CaseError
from ketatui.cases.identifiers import file_name, is_case_id, new_case_id, new_token
from ketatui.paths import full_path
from ketatui.settings import load_settings
from tests.cases.support import NOW, foreign


def test_ids_sort_by_time_whatever_the_time_zone() -> None:
    there = dt.timezone(dt.timedelta(hours=9))
    moments = [NOW, (NOW + dt.timedelta(seconds=1)).astimezone(there), NOW + dt.timedelta(days=1)]
    ids = [new_case_id(moment, new_token()) for moment in moments]
    assert ids == sorted(ids)
    assert new_case_id(NOW, "k3f9") == "20261121-210143-k3f9"
    assert file_name(ids[0]) == f"{ids[0]}.toml"


@pytest.mark.parametrize(
    "text", ["", "..", "20261121-210143-k3f9\n", "20261121-210143-K3F9", "a/b"]
)
def test_what_is_no_id_never_becomes_a_file_name(text: str) -> None:
    assert not is_case_id(text)
    with pytest.raises(ValueError, match="case id"):
        file_name(text)


def test_an_id_needs_a_time_zone_and_a_safe_token() -> None:
    with pytest.raises(ValueError, match="time zone"):
        new_case_id(NOW.replace(tzinfo=None), "k3f9")
    with pytest.raises(ValueError, match="token"):
        new_case_id(NOW, "../x")


def test_the_flag_wins_over_the_environment_and_that_over_the_default(tmp_path: Path) -> None:
    named = {"KETATUI_CASES": str(tmp_path / "named")}
    assert folders.cases_folder(tmp_path / "flag", named) == tmp_path / "flag"
    assert folders.cases_folder(None, named) == tmp_path / "named"
    default = folders.checkout_folder() or folders.installed_folder()
    assert folders.cases_folder(None, {"KETATUI_CASES": ""}) == default
    assert folders.cases_folder(Path("x"), {}) == Path.cwd() / "x"


def test_only_a_checkout_of_this_program_keeps_cases_beside_it(tmp_path: Path) -> None:
    package = tmp_path / "ketatui"
    assert folders.checkout_folder(package) is None
    (tmp_path / "saved_cases").mkdir()
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "other"\n')
    assert folders.checkout_folder(package) is None
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "ketatui"\n')
    assert folders.checkout_folder(package) == tmp_path / "saved_cases"


def test_a_folder_that_was_there_before_keeps_its_mode_unless_it_is_ours(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    folders.prepare_folder(tmp_path)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
    folders.prepare_folder(tmp_path, ours=True)
    folders.prepare_folder(tmp_path / "new" / "newer")
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "new" / "newer").stat().st_mode) == 0o700


def test_writing_makes_the_file_private_and_never_goes_through_a_link(tmp_path: Path) -> None:
    real, link, nowhere = tmp_path / "real", tmp_path / "link", tmp_path / "nowhere"
    real.write_text("old")
    link.symlink_to(real)
    nowhere.symlink_to(tmp_path / "not there")
    for name in (link, nowhere):
        with pytest.raises(OSError, match="symbolic link"):
            write_atomically(name, b"new")
    assert real.read_text() == "old"
    write_atomically(real, b"new")
    assert real.read_bytes() == b"new"
    assert stat.S_IMODE(real.stat().st_mode) == 0o600
    assert sorted(tmp_path.iterdir()) == [link, nowhere, real]


def test_nothing_but_a_file_is_written_over(tmp_path: Path) -> None:
    folder, pipe = tmp_path / "folder", tmp_path / "pipe"
    folder.mkdir()
    os.mkfifo(pipe)
    for path in (folder, pipe):
        with pytest.raises(OSError, match="this is a folder, pipe or device"):
            write_new(path, b"new", force=True)
    assert sorted(tmp_path.iterdir()) == [folder, pipe]
    assert pipe.is_fifo()


def test_a_path_may_name_a_home_folder_of_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ab")
    assert full_path("~/x") == Path("/home/ab/x")
    assert folders.cases_folder(Path("~nobody-here"), {}) == Path.cwd() / "~nobody-here"
    assert full_path("/a/../b") == Path("/b")


def test_settings_that_are_no_file_are_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "settings.toml")
    assert "this is a folder, pipe or device" in load_settings(tmp_path).problem


def test_only_regular_files_of_a_bearable_size_are_read(tmp_path: Path) -> None:
    file, pipe = tmp_path / "file", tmp_path / "pipe"
    file.write_bytes(b"12345")
    os.mkfifo(pipe)
    assert read_bytes_limited(file, 5) == b"12345"
    for path, limit in ((file, 4), (pipe, 9), (tmp_path, 9), (tmp_path / "no", 9), (Path("\0"), 9)):
        with pytest.raises(CaseError):
            read_bytes_limited(path, limit)
    with pytest.raises(CaseError, match="device"):
        read_bytes_limited(Path("/dev/zero"), 9)


@given(foreign)
def test_a_digest_does_not_depend_on_the_order_of_keys(data: dict[str, Any]) -> None:
    assert content_digest(data) == content_digest(dict(reversed(data.items())))


@given(foreign)
@example({"b": "\x7f", "a": {"é": ["\ud800", "\U0001f600", 2**70, -(2**63), True, None, '/\\"\n']}})
@example({"a": "~ ", "A": {}, "a b": 0, "a.b": False})
def test_a_digest_is_that_of_json_in_ascii_with_keys_in_order(data: dict[str, Any]) -> None:
    written = json.dumps(_canonical(data), sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(written.encode("ascii")).hexdigest()
    assert content_digest(data) == f"sha256:{digest}"


def test_a_digest_is_the_same_for_equal_values_and_another_for_others() -> None:
    same = [78, Decimal("78.0"), Decimal("7.8E+1"), Decimal("0078")]
    assert len({content_digest({"a": value}) for value in same}) == 1
    others = [1, True, "1", None, Decimal("1.5"), Decimal("1E+40"), Decimal("-1E+999999"), [], {}]
    assert len({content_digest({"a": value}) for value in others}) == len(others)
    there = NOW.astimezone(dt.timezone(dt.timedelta(hours=9)))
    assert content_digest({"a": NOW}) == content_digest({"a": there})
    with pytest.raises(TypeError):
        content_digest({"a": object()})
