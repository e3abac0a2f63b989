"""Every small edit of a saved chain is found, or says nothing that the case does not say."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ketatui.cases.errors import CaseError
from ketatui.cases.model import Case, Medication
from ketatui.cases.revisions import broken_links
from ketatui.cases.signatures import unsound
from ketatui.cases.store import CaseStore
from tests.cases.support import CASE_ID, NOW, Catalog
from tests.effort import tries

STEP = max(1, 12 // tries(1, fewest=1))
"""Each so many-th byte; ``KETATUI_EFFORT=12`` tries every one."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, catalog: Catalog) -> CaseStore:
    return CaseStore(tmp_path_factory.mktemp("cases"), catalog)


@pytest.fixture(scope="module")
def versions(store: CaseStore) -> list[bytes]:
    """The file after each of three saves."""
    case = Case(
        id=CASE_ID,
        label="52 m",
        unknown=frozenset({"medical.renal", "scales.total_only"}),
        answers={"vitals.systolic": 152, "medical.avm": False},
        medications=(Medication(name="lorazepam"),),
    )
    found = []
    base = None
    for number, systolic in enumerate((152, 128, 131)):
        answers = {**case.answers, "vitals.systolic": systolic}
        now = NOW + dt.timedelta(hours=number)
        case = case.replaced(answers=answers)
        loaded = store.save(case, base=base, by="ab", why=f"save {number}", now=now)
        case, base = loaded.case, loaded.stamp
        found.append(loaded.stamp.path.read_bytes())
    return found


def bytes_edited(whole: bytes) -> Iterator[tuple[str, bytes]]:
    for place in range(0, len(whole), STEP):
        yield f"byte {place} cut out", whole[:place] + whole[place + 1 :]
        yield f"byte {place} doubled", whole[: place + 1] + whole[place:]
        for bit in (0, 4):
            flipped = bytes([whole[place] ^ 1 << bit])
            yield f"bit {bit} of byte {place}", whole[:place] + flipped + whole[place + 1 :]


def lines_edited(whole: bytes) -> Iterator[tuple[str, bytes]]:
    lines = whole.splitlines(keepends=True)
    for place, line in enumerate(lines):
        rest = [*lines[:place], *lines[place + 1 :]]
        yield f"line {place} cut out", b"".join(rest)
        yield f"line {place} doubled", b"".join([*lines[: place + 1], *lines[place:]])
        yield f"cut off at line {place}", b"".join(lines[:place])
        yield f"line {place} first", b"".join([line, *rest])
        if place:
            swapped = [*lines[: place - 1], line, lines[place - 1], *lines[place + 1 :]]
            yield f"lines {place - 1} and {place} swapped", b"".join(swapped)


def test_every_edit_of_bytes_or_lines_is_found_unless_it_says_the_same(
    store: CaseStore, versions: list[bytes]
) -> None:
    path = store.path_of(CASE_ID)
    whole = versions[-1]
    path.write_bytes(whole)
    said = store.load(path).case
    tried = void = 0
    for what, data in itertools.chain(bytes_edited(whole), lines_edited(whole)):
        if data == whole:
            continue
        path.write_bytes(data)
        tried += 1
        try:
            loaded = store.load(path)
        except CaseError:
            continue
        sound = not unsound(loaded.case, store.catalog)
        assert (loaded.integrity.seal == "sealed") == sound, what
        if sound:
            void += 1
            assert loaded.case == said, what
    path.write_bytes(whole)
    assert store.verify(path) == []
    assert tried > 4 * len(whole) // STEP
    assert 0 < void < tried // 5


def test_no_other_order_or_choice_of_revisions_is_sound(
    store: CaseStore, versions: list[bytes]
) -> None:
    path = store.path_of(CASE_ID)
    path.write_bytes(versions[-1])
    case = store.load(path).case
    history = case.revisions
    sound = []
    for length in range(5):
        for chosen in itertools.product(range(3), repeat=length):
            other = case.replaced(revisions=tuple(history[i] for i in chosen))
            if not broken_links(other, store.catalog):
                sound.append(chosen)
    assert sound == [(0, 1, 2)]


def test_one_field_of_any_revision_changed_is_found(
    store: CaseStore, versions: list[bytes]
) -> None:
    path = store.path_of(CASE_ID)
    path.write_bytes(versions[-1])
    case = store.load(path).case
    changes: dict[str, Any] = {
        "number": 7,
        "at": NOW + dt.timedelta(days=1),
        "by": "cd",
        "why": "another",
        "changes": ({"what": "answers.patient.age", "new": 3},),
        "previous": "sha256:00",
        "digest": "sha256:00",
    }
    for index, (field, value) in itertools.product(range(3), changes.items()):
        revisions = list(case.revisions)
        revisions[index] = revisions[index].replaced(**{field: value})
        other = case.replaced(revisions=tuple(revisions))
        assert broken_links(other, store.catalog), (index, field)


def test_a_whole_older_version_put_back_is_sound_which_is_a_limit(
    store: CaseStore, versions: list[bytes], tmp_path: Path
) -> None:
    for version in versions:
        path = tmp_path / "older.toml"
        path.write_bytes(version)
        assert store.verify(path) == []
