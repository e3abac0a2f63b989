from __future__ import annotations

import datetime as dt
import errno
import json
import os
import signal
import stat
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from ketatui.cases.drafts import list_drafts
from ketatui.cases.errors import CaseError, DraftInUseError
from ketatui.cases.identifiers import begun_text
from ketatui.cases.journal import Journal, draft_path, read_journal
from ketatui.cases.json_form import case_from_data, case_to_data, from_json, to_json
from ketatui.cases.model import Case
from ketatui.cases.store import Stamp
from ketatui.toml_structs import plain
from tests.cases.support import CASE_ID, CASES, NOW, ROOT, foreign
from tests.effort import tries
from tests.processes import PATIENCE, running

CASE = Case(id=CASE_ID, label="52 m", answers={"patient.weight_kg": Decimal("78.0")})
EVENTS: list[dict[str, Any]] = [
    {"do": "answer", "id": "patient.weight_kg", "value": Decimal("78.50"), "at": NOW},
    {"do": "note", "text": "line\nfeed \u2028 and \x1b, half a \ud800"},
    {"do": "foreign", "value": {"$decimal": "no decimal"}},
]


def begun(folder: Path, events: list[dict[str, Any]] = EVENTS) -> Path:
    base = Stamp(folder / "x.toml", "abc")
    with Journal.create(folder, CASE, pack="p", base=base, now=NOW) as journal:
        for event in events:
            journal.append(event)
    return journal.path


@settings(max_examples=tries(70), deadline=None)
@given(CASES)
def test_a_case_survives_its_json_form_exactly(case: Case) -> None:
    again = case_from_data(json.loads(json.dumps(case_to_data(case))))
    assert again == case
    assert repr(plain(again)) == repr(plain(case_from_data(case_to_data(again))))


@settings(max_examples=tries(35), deadline=None)
@given(foreign)
def test_any_value_survives_its_json_form(value: dict[str, Any]) -> None:
    for table in (value, {"$decimal": value}, {"$table": value}, {"$x": value, "y": 1}):
        assert from_json(json.loads(json.dumps(to_json(table)))) == table


def test_a_draft_gives_back_what_it_was_begun_with_and_every_event(tmp_path: Path) -> None:
    path = begun(tmp_path)
    content = read_journal(path)
    assert content.header is not None
    assert content.header.snapshot == CASE
    assert content.header.base == Stamp(tmp_path / f"{CASE_ID}.toml", "abc")
    assert (content.header.case_id, content.header.started) == (CASE_ID, NOW)
    assert list(content.events) == EVENTS
    assert (content.torn, content.problem) == (False, None)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_draft_cut_off_anywhere_loses_at_most_the_event_being_written(tmp_path: Path) -> None:
    path = begun(tmp_path)
    whole = path.read_bytes()
    ends = [place for place, byte in enumerate(whole) if byte == 10]
    for size in range(ends[0] + 1, len(whole) + 1):
        path.write_bytes(whole[:size])
        count = sum(end <= size for end in ends) - 1
        journal, content = Journal.resume(path)
        with journal:
            journal.append({"do": "more"})
        assert list(content.events) == EVENTS[:count], size
        assert content.torn == (size not in {at + more for at in ends for more in (0, 1)})
        again = read_journal(path)
        assert list(again.events) == [*EVENTS[:count], {"do": "more"}]
        assert (again.torn, again.problem) == (False, None)


def test_what_has_no_label_is_called_by_when_it_was_begun() -> None:
    begun = dt.datetime(2026, 11, 21, 21, 1, 43, tzinfo=dt.UTC).astimezone()
    assert begun_text("20261121-210143-k3f9", begun.date()) == f"begun {begun:%H:%M}"
    later = begun.date() + dt.timedelta(days=1)
    assert begun_text("20261121-210143-k3f9", later) == f"begun {begun:%m-%d %H:%M}"
    # Of a file from elsewhere nothing is known but its name.
    for foreign_id in ("patient-7", "20261321-210143-k3f9", "20261121-210143-k3f9 copy", ""):
        assert begun_text(foreign_id, later) == foreign_id


def test_damage_further_up_keeps_what_is_before_it_and_the_file_aside(tmp_path: Path) -> None:
    path = begun(tmp_path)
    lines = path.read_bytes().splitlines(keepends=True)
    damaged = lines[0] + lines[1] + b'{"half\n' + lines[3]
    path.write_bytes(damaged)
    (entry,) = list_drafts(tmp_path)
    assert entry.problem is not None
    assert entry.problem.startswith("line 3 of 4 is damaged")
    assert (entry.count, entry.label, entry.in_use) == (1, "52 m", False)
    journal, content = Journal.resume(path)
    with journal:
        journal.append(EVENTS[2])
    assert list(content.events) == EVENTS[:1]
    assert list(read_journal(path).events) == [EVENTS[0], EVENTS[2]]
    assert path.with_suffix(".damaged-1").read_bytes() == damaged


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]\n",
        b"{}\n",
        b"\0\0\0\n",
        b"\xff\n",
        b'{"format":2}\n',
        b'{"format":1,"case_id":"../x"}\n',
        b'{"format":1,"case_id":"20261121-210143-k3f9"}\n',
        b"[" * 100_000 + b"\n",
    ],
)
def test_a_draft_whose_beginning_is_damaged_is_listed_and_left_alone(
    tmp_path: Path, line: bytes
) -> None:
    path = begun(tmp_path)
    path.write_bytes(line)
    (entry,) = list_drafts(tmp_path)
    assert entry.problem
    with pytest.raises(CaseError):
        Journal.resume(path)
    assert path.read_bytes() == line
    assert not list_drafts(tmp_path)[0].in_use


@pytest.mark.usefixtures("impatient")
def test_a_second_window_can_not_open_a_draft_in_use(tmp_path: Path) -> None:
    path = draft_path(tmp_path, CASE_ID)
    with Journal.create(tmp_path, CASE, pack="p", base=None, now=NOW):
        assert list_drafts(tmp_path)[0].in_use
        with pytest.raises(DraftInUseError):
            Journal.resume(path)
        with pytest.raises(DraftInUseError):
            Journal.create(tmp_path, CASE, pack="p", base=None, now=NOW)
    assert not list_drafts(tmp_path)[0].in_use
    with pytest.raises(CaseError, match="resume or discard"):
        Journal.create(tmp_path, CASE, pack="p", base=None, now=NOW)


KILLED = """
import sys
from pathlib import Path
from ketatui.cases.journal import Journal
from tests.cases.support import CASE_ID, NOW
from ketatui.cases.model import Case
journal = Journal.create(Path(sys.argv[1]), Case(id=CASE_ID), pack="p", base=None, now=NOW)
journal.append({"do": "answer"})
print("written", flush=True)
sys.stdin.read()
"""


def test_a_killed_process_loses_nothing_and_holds_no_lock(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(tmp_path)]
    pipe = subprocess.PIPE
    with running(command, cwd=ROOT, stdin=pipe, stdout=pipe) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "written\n"
        assert list_drafts(tmp_path)[0].in_use
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE)
    assert not list_drafts(tmp_path)[0].in_use
    journal, content = Journal.resume(draft_path(tmp_path, CASE_ID))
    journal.close()
    assert list(content.events) == [{"do": "answer"}]


def test_a_full_disk_leaves_the_draft_whole_and_the_next_attempt_succeeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.write

    def half(file: int, data: bytes) -> int:
        if len(data) < 5:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(file, data[: len(data) // 2])

    with Journal.create(tmp_path, CASE, pack="p", base=None, now=NOW) as journal:
        journal.append(EVENTS[0])
        with monkeypatch.context() as patch:
            patch.setattr(os, "write", half)
            with pytest.raises(OSError, match="No space"):
                journal.append(EVENTS[1])
        journal.append(EVENTS[2])
    content = read_journal(journal.path)
    assert list(content.events) == [EVENTS[0], EVENTS[2]]


def test_a_discarded_draft_is_gone_and_its_case_can_be_begun_again(tmp_path: Path) -> None:
    begun(tmp_path)
    journal, _ = Journal.resume(draft_path(tmp_path, CASE_ID))
    journal.discard()
    journal.close()
    assert list((tmp_path / "drafts").iterdir()) == []
    with pytest.raises(OSError, match="closed"):
        journal.append({})
    begun(tmp_path)


def test_drafts_are_listed_last_touched_first(tmp_path: Path) -> None:
    assert list_drafts(tmp_path) == []
    old = begun(tmp_path)
    other = CASE.replaced(id="20261121-210143-aaaa")
    Journal.create(tmp_path, other, pack="p", base=None, now=NOW).close()
    os.utime(old, (0, 0))
    first, second = list_drafts(tmp_path)
    assert (first.case_id, second.case_id) == (other.id, CASE_ID)
    assert second.last_at == dt.datetime.fromtimestamp(0, dt.UTC)


def test_a_case_without_an_id_of_ours_has_no_draft(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="no id of ours"):
        Journal.create(tmp_path, Case(id="../x"), pack="p", base=None, now=NOW)


def test_a_draft_whose_file_is_gone_is_not_written_to_in_silence(tmp_path: Path) -> None:
    with Journal.create(tmp_path, CASE, pack="p", base=None, now=NOW) as journal:
        journal.append({"n": 1})
        journal.path.unlink()
        with pytest.raises(OSError, match="is gone"):
            journal.append({"n": 2})


def test_what_somebody_else_wrote_into_a_draft_is_never_cut_off(tmp_path: Path) -> None:
    with Journal.create(tmp_path, CASE, pack="p", base=None, now=NOW) as journal:
        journal.append({"n": 1})
        with journal.path.open("ab") as other:
            other.write(b'{"n": 2}\n')
        before = journal.path.read_bytes()
        with pytest.raises(OSError, match="changed by another window"):
            journal.append({"n": 3})
        assert journal.path.read_bytes() == before
