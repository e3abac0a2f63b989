"""What becomes of the file of an open case is noticed."""

from __future__ import annotations

import os
from pathlib import Path

from ketatui.cases.model import Case
from ketatui.cases.store import CaseStore
from ketatui.cases.watching import Watch
from tests.cases.support import CASE_ID, NOW


def test_a_file_is_the_same_until_its_content_is_another(store: CaseStore, tmp_path: Path) -> None:
    loaded = store.save(Case(id=CASE_ID), base=None, by="", why="", now=NOW)
    path, watch = loaded.stamp.path, Watch(loaded.stamp)
    before = path.read_bytes()
    assert watch.look() == "same"
    os.utime(path, (1, 1))
    assert watch.look() == "same"
    path.write_bytes(before + b"#")
    assert watch.look() == watch.look() == "changed"
    path.unlink()
    assert watch.look() == "gone"
    path.mkdir()
    assert watch.look() == "changed"
    path.rmdir()
    path.write_bytes(before)
    assert watch.look() == "same"
