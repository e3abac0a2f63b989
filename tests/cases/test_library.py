from __future__ import annotations

import datetime as dt
import errno
import os
import shutil
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ketatui.cases.library.library as library_module
from ketatui.cases.entries import Entry
from ketatui.cases.errors import CaseError
from ketatui.cases.library import FACETS, SORTS, Library, Query, Update
from ketatui.cases.library.index import log_of, remove_files
from ketatui.cases.model import Case, Decision, Medication, Override, Record
from ketatui.cases.scanning import Found
from ketatui.cases.store import CaseStore
from ketatui.commands import cases_options
from ketatui.first_keys import FOLDER, LIST
from ketatui.parallel import MANY
from ketatui.toml_structs import read_table
from tests.cases.support import Catalog, hand_made
from tests.effort import tries

NOON = dt.datetime(2026, 11, 21, 12, 0, tzinfo=dt.UTC)
LABELS = ("52 m", "Jeûne femme", "sleepless winter", "52 m, second visit", "")
STATES = ("draft", "final", "amended")
FINDINGS = ("avm", "bp-elevated", "cns-depressants")


def case_of(number: int, **more: object) -> Case:
    """Return a case like no other of that number."""
    rule = FINDINGS[number % 3]
    effect = ("contraindicated", "caution", "caution")[number % 3]
    pathway = {
        "id": "iv",
        "verdict": effect,
        "rank": 1,
        "findings": [{"rule": rule, "effect": effect}],
    }
    overrides = (
        (Override(pathway="iv", rule=rule, reason="looked into", by="ab", at=NOON),)
        if number % 4 == 1
        else ()
    )
    fields: dict[str, object] = {
        "id": f"20261121-{number:06}-k3f9",
        "label": LABELS[number % len(LABELS)],
        "state": STATES[number % 3],
        "answers": {"indication.diagnosis": ("mdd", "ptsd")[number % 2]},
        "notes": {"patient.age": f"note{number}"},
        "medications": (Medication(name=("lorazepam", "St John's wort")[number % 2]),),
        "decision": Decision(pathway=("iv", "spravato", None)[number % 3], overrides=overrides),
        "assessment": {"pack": {"version": f"2026.{number % 2}"}, "pathways": [pathway]},
        "record": Record(created_at=NOON),
    }
    return read_table({**fields, **more}, Case)


_SAVED: dict[int, bytes] = {}


def save(store: CaseStore, number: int, **more: object) -> Path:
    """Save a case; one that was saved as it is before is put there as it was written then."""
    path = store.folder / f"{case_of(number).id}.toml"
    if number in _SAVED and not more and store.folder.exists() and not path.exists():
        path.write_bytes(_SAVED[number])
        return path
    now = NOON + dt.timedelta(minutes=number)
    saved = store.save(case_of(number, **more), base=None, by="ab", why="", now=now).stamp.path
    if not more:
        _SAVED[number] = saved.read_bytes()
    return saved


@contextmanager
def library(store: CaseStore, index: Path | None = None, stamp: str = "1") -> Iterator[Library]:
    opened = Library(store.folder, store.catalog, stamp=stamp, index=index)
    try:
        yield opened
    finally:
        opened.close()


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "library.sqlite"


def ids(found: Library, query: Query | None = None) -> list[str]:
    return [entry.id for entry in found.all(query)]


# --- what stands in it --------------------------------------------------------------------------


def test_the_newest_comes_first_with_what_the_list_shows(store: CaseStore) -> None:
    for number in (1, 2, 0):
        save(store, number)
    (store.folder / ".hidden.toml").write_text("x")
    (store.folder / "notes.txt").write_text("x")
    with library(store) as found:
        assert found.update().read == 3
        two, one, zero = found.all()
    assert [entry.id for entry in (two, one, zero)] == [case_of(n).id for n in (2, 1, 0)]
    assert (one.label, one.diagnosis, one.state, one.pathway) == (
        LABELS[1],
        "ptsd",
        "final",
        "spravato",
    )
    assert one.overrides == (("iv", "bp-elevated", "looked into"),)
    assert (zero.verdict, zero.worst_effect, zero.worst_rule) == (
        "contraindicated",
        "contraindicated",
        "avm",
    )
    assert (zero.pack_version, zero.saved_at) == ("2026.0", NOON)
    assert zero.sound
    assert zero.path == store.path_of(zero.id)


def test_what_is_no_case_is_a_row_with_its_reason(store: CaseStore) -> None:
    store.folder.mkdir()
    (store.folder / "folder.toml").mkdir()
    os.mkfifo(store.folder / "pipe.toml")
    (store.folder / "link.toml").symlink_to("nowhere")
    (store.folder / "loop.toml").symlink_to("loop.toml")
    (store.folder / "other.toml").write_text("[tool.ruff]\n")
    (store.folder / "broken.toml").write_text("not toml [")
    (store.folder / "newer.toml").write_text("schema = 99\n")
    (store.folder / "types.toml").write_text('[answers.patient]\nage = "old"\n')
    (store.folder / os.fsdecode(b"latin-\xe9.toml")).write_text("schema = 1\n")
    with library(store) as found:
        found.update()
        problems = {entry.path.stem: entry.problem or "" for entry in found.all()}
        assert found.count() == 9
        assert found.facet("file", Query()) == [("unreadable", 9)]
    for name, said in {
        "folder": "folder, not a file",
        "pipe": "pipe or device",
        "link": "link to nothing",
        "latin-\\xe9": "latin-\\xe9.toml: the name of this file is no UTF-8; rename it",
        "loop": "loop.toml: ",
        "broken": "broken.toml:1: not readable as TOML",
        "newer": "newer version",
        "types": "types.toml:2: patient.age",
    }.items():
        assert said in problems[name]
    assert problems["other"]


def test_a_file_the_disk_refused_once_is_read_again(
    store: CaseStore, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(store, 0)
    opened = os.open

    def refuse(file: object, *more: int, **named: int) -> int:
        if str(file) == str(path):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return opened(file, *more, **named)  # type: ignore[arg-type]

    with library(store, index) as found, monkeypatch.context() as disk:
        disk.setattr(os, "open", refuse)
        found.update()
        (entry,) = found.all()
        assert entry.problem == f"{path.name}: Input/output error"
    with library(store, index) as found:
        assert found.update().read == 1
        assert ids(found) == [case_of(0).id]
        assert found.update().read == 0


def test_a_change_by_hand_and_a_second_file_of_an_id_are_marked(store: CaseStore) -> None:
    path = save(store, 0)
    save(store, 1)
    with library(store) as found:
        found.update()
        path.write_text(path.read_text().replace("mdd", "ptsd"))
        shutil.copy(path, store.folder / "copy.toml")
        assert found.update().read == 2
        marks = {e.path.name: (e.sound, e.twin) for e in found.all()}
    assert marks == {
        path.name: (False, "copy.toml"),
        "copy.toml": (False, path.name),
        store.path_of(case_of(1).id).name: (True, ""),
    }


def test_a_folder_whose_name_is_no_utf8_has_an_index_too(catalog: Catalog, tmp_path: Path) -> None:
    store = CaseStore(tmp_path / os.fsdecode(b"latin-\xe9"), catalog)
    save(store, 0)
    index = tmp_path / "cache" / "index.sqlite"
    for read in (1, 0):
        with library(store, index) as found:
            assert found.update().read == read
            assert found.count() == 1


def test_a_folder_that_can_not_be_read_is_told_and_a_missing_one_is_empty(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    refused = pytest.raises(CaseError, match=r"file: .*[Nn]ot a directory")
    with library(CaseStore(tmp_path / "file", hand_made())) as found, refused:
        found.update()
    with library(CaseStore(tmp_path / "nothing", hand_made())) as found:
        assert found.update().read == 0
        assert list(found.all()) == []


# --- asking -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Thirty cases."""
    store = CaseStore(tmp_path_factory.mktemp("shelf"), hand_made())
    for number in range(30):
        save(store, number)
    with library(store) as found:
        found.update()
        yield found


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", range(30)),
        ("  ", range(30)),
        ("jeune", range(1, 30, 5)),
        ("JEÛNE FEM", range(1, 30, 5)),
        ("eune", ()),
        ("52 second", range(3, 30, 5)),
        ("cns-dep", range(2, 30, 3)),
        ("wort st", range(1, 30, 2)),
        ("note7", (7,)),
        ("looked", range(1, 30, 4)),
        ('"; drop table cases --', ()),
        ("final*", range(1, 30, 3)),
    ],
)
def test_each_word_begins_a_word_of_label_diagnosis_rules_drugs_notes_or_reasons(
    shelf: Library, text: str, numbers: range
) -> None:
    query = Query(text)
    wanted = [case_of(number).id for number in reversed(numbers)]
    assert ids(shelf, query) == wanted
    assert shelf.count(query) == len(wanted)


def test_a_word_is_found_by_its_beginning_however_long_that_is_and_however_many_begin_so(
    tmp_path: Path, catalog: Catalog
) -> None:
    # More of one beginning than are sought one by one; letters that the index writes otherwise.
    words = [*(f"tempest{number}" for number in range(40)), "tempéra", "tempera", "Straße"]
    entries = [Entry(tmp_path / f"{word}.toml", NOON, text=f"{word} calm") for word in words]
    with library(CaseStore(tmp_path, catalog)) as found:
        found._change(take=[(Found(it.path.name, "read"), it) for it in entries])

        def named(text: str) -> list[str]:
            paths = [entry.path.stem for entry in found.all(Query(text))]
            assert found.count(Query(text)) == len(paths)
            for sort in ("label", "date"):
                assert len(list(found.all(Query(text, sort=sort, falling=False)))) == len(paths)
            return sorted(paths)

        assert named("temp") == named("temp calm") == named("TEMP cal") == sorted(words[:-1])
        assert named("tempest1") == sorted([words[1], *words[10:20]])
        assert named("tempest12") == ["tempest12"]
        assert named("tempe") == sorted(words[:-1])
        assert named("tempé") == sorted(words[:-1])
        assert named("temper") == ["tempera", "tempéra"]
        assert named("tempest40") == named("temp storm") == named("empest") == []
        assert named("straß") == named("STRA") == named("stra") == ["Straße"]


COLUMN: dict[str, Callable[[Case], str]] = {
    "state": lambda case: case.state,
    "decision": lambda case: case.decision.pathway or "",
    "diagnosis": lambda case: str(case.answers["indication.diagnosis"]),
}


@given(
    text=st.sampled_from(("", "52", "note1", "wort")),
    chosen=st.fixed_dictionaries(
        {},
        optional={
            "state": st.frozensets(st.sampled_from(STATES)),
            "decision": st.frozensets(st.sampled_from(("iv", "spravato", "", "oral"))),
            "diagnosis": st.frozensets(st.sampled_from(("mdd", "ptsd"))),
        },
    ),
    sort=st.sampled_from(sorted(SORTS)),
    falling=st.booleans(),
)
@settings(max_examples=tries(60), deadline=None)
def test_filters_leave_what_they_say_in_every_order(
    shelf: Library, text: str, chosen: dict[str, frozenset[str]], sort: str, falling: bool
) -> None:
    query = Query(text, chosen, sort, falling)
    by_text = set(ids(shelf, Query(text)))
    wanted = {
        case.id
        for case in map(case_of, range(30))
        if case.id in by_text
        and all(not codes or COLUMN[name](case) in codes for name, codes in chosen.items())
    }
    found = ids(shelf, query)
    assert set(found) == wanted
    assert len(found) == len(wanted) == shelf.count(query)
    turned = Query(text, chosen, sort, not falling)
    if sort == "date":
        assert ids(shelf, turned) == found[::-1]
    for place, ident in enumerate(found):
        assert shelf.position(query, shelf.folder / f"{ident}.toml") == place
    assert shelf.position(query, shelf.folder / "no.toml") is None
    assert [e.id for e in shelf.page(query, 3, 4)] == found[3:7]
    for name in FACETS:
        others = {facet: codes for facet, codes in chosen.items() if facet != name}
        counted = shelf.facet(name, query)
        assert sum(count for _, count in counted) == shelf.count(Query(text, others))


def test_the_command_line_sorts_by_what_the_library_sorts_by() -> None:
    assert set(cases_options.SORTS) == set(SORTS)


def test_the_overview_counts_each_case_once(shelf: Library) -> None:
    found = shelf.overview(Query())
    assert found.cases == 30
    for counted in (
        *(found.decisions, found.verdicts, found.worst, found.months),
        *(found.ages, found.treatment),
    ):
        assert sum(count for _, count in counted) == 30
    assert dict(found.overridden) == {"avm": 2, "bp-elevated": 3, "cns-depressants": 3}
    assert found.reasons == (("looked into", 8),)
    assert found.months == (("2026-11", 30),)
    assert shelf.overview(Query(chosen={"state": frozenset({"draft"})})).cases == 10


def test_months_without_a_case_are_counted_too(store: CaseStore) -> None:
    for number, month in ((0, 11), (1, 2)):
        moment = dt.datetime(2026, month, 1, 12, tzinfo=dt.UTC)
        store.save(case_of(number), base=None, by="ab", why="", now=moment)
    with library(store) as found:
        found.update()
        months = found.overview(Query()).months
    assert [name[-2:] for name, _ in months] == [f"{n:02}" for n in range(2, 12)]
    assert [count for _, count in months] == [1, *[0] * 8, 1]


# --- keeping up ---------------------------------------------------------------------------------

STEPS = st.lists(
    st.tuples(
        st.sampled_from(("save", "amend", "remove", "break", "touch", "note", "update", "reopen")),
        st.integers(0, 4),
    ),
    max_size=12,
)


@given(steps=STEPS)
@settings(
    max_examples=tries(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_whatever_happens_in_the_folder_an_update_says_what_a_new_index_would(
    steps: list[tuple[str, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("steps")
    store = CaseStore(root / "cases", hand_made())
    found = Library(store.folder, store.catalog, stamp="1", index=root / "index")
    moment = NOON
    for what, number in steps:
        moment += dt.timedelta(minutes=1)
        path = store.path_of(case_of(number).id)
        if what == "save" and not path.exists():
            save(store, number)
        elif what == "remove":
            path.unlink(missing_ok=True)
        elif what == "break" and path.exists():
            path.write_text("broken [")
        elif what == "touch" and path.exists():
            os.utime(path, ns=(1, number))
        elif what == "amend" and path.exists() and "broken" not in path.read_text():
            loaded = store.load(path)
            changed = loaded.case.replaced(label=f"at {moment:%M}")
            store.save(changed, base=loaded.stamp, by="ab", why="", now=moment)
        elif what == "note":
            found.note(path)
        elif what == "update":
            found.update()
        elif what == "reopen":
            found.close()
            found = Library(store.folder, store.catalog, stamp="1", index=root / "index")
    found.update()
    with library(store) as fresh:
        fresh.update()
        assert sorted(map(str, found.all())) == sorted(map(str, fresh.all()))
        assert ids(found, Query("at")) == ids(fresh, Query("at"))
    assert found.update().read == 0
    found.close()


def test_an_index_is_used_again_and_is_private(store: CaseStore, index: Path) -> None:
    save(store, 0)
    with library(store, index) as found:
        found.update()
    assert stat.S_IMODE(index.stat().st_mode) == 0o600
    assert stat.S_IMODE(index.parent.stat().st_mode) == 0o700
    with library(store, index) as found:
        assert ids(found) == [case_of(0).id]
        assert found.update().read == 0
    with library(store, index, stamp="other criteria") as found:
        assert ids(found) == [case_of(0).id]
        assert found.update().read == 1


def _deleted(index: Path) -> None:
    index.unlink()


def _overwritten(index: Path) -> None:
    index.write_bytes(b"no database " * 1000)


def _torn(index: Path) -> None:
    data = index.read_bytes()
    index.write_bytes(data[:5000] + b"\xff" * 9000 + data[14000:])


def _of_another_version(index: Path) -> None:
    import sqlite3

    base = sqlite3.connect(index)
    base.execute("pragma user_version = 99")
    base.close()


@pytest.mark.parametrize("damage", [_deleted, _overwritten, _torn, _of_another_version])
def test_a_damaged_index_costs_time_and_hides_nothing(
    store: CaseStore, index: Path, damage: Callable[[Path], None]
) -> None:
    for number in range(8):
        save(store, number)
    with library(store, index) as found:
        found.update()
    damage(index)
    with library(store, index) as found:
        found.update()
        assert len(ids(found)) == 8
        assert len(ids(found, Query("52"))) == 3
    with library(store, index) as found:
        assert found.update().read == 0


def test_a_damaged_index_that_cannot_be_removed_is_left_as_it_is(
    store: CaseStore, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(store, 0)
    with library(store, index) as found:
        found.update()
    _overwritten(index)
    damaged = index.read_bytes()

    def refuse(path: Path, **_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted", str(path))

    monkeypatch.setattr(Path, "unlink", refuse)
    with library(store, index) as found:
        found.update()
        assert len(ids(found)) == 1
    assert index.read_bytes() == damaged


def test_an_index_damaged_while_open_is_made_anew(store: CaseStore, index: Path) -> None:
    for number in range(40):
        save(store, number)
    with library(store, index) as found:
        found.update()
    with library(store, index) as found:
        index.write_bytes(b"\xff" * index.stat().st_size)
        found.update()
        assert len(ids(found)) == 40


def test_an_index_of_another_folder_is_not_believed(store: CaseStore, index: Path) -> None:
    save(store, 0)
    with library(store, index) as found:
        found.update()
    other = CaseStore(store.folder.parent / "other", store.catalog)
    save(other, 1)
    with library(other, index) as found:
        found.update()
        assert ids(found) == [case_of(1).id]


def test_without_a_cache_the_index_lives_in_memory(store: CaseStore, tmp_path: Path) -> None:
    save(store, 0)
    (tmp_path / "file").write_text("in the way")
    with library(store, tmp_path / "file" / "index") as found:
        found.update()
        assert ids(found) == [case_of(0).id]


def test_a_full_disk_moves_the_index_into_memory_and_hides_nothing(
    store: CaseStore, index: Path
) -> None:
    for number in range(60):
        save(store, number)
    with library(store, index) as found:
        with found._index.changing() as base:
            pages = base.execute("pragma page_count").fetchone()[0]
        # SQLite then says what it says of a full disk.
        found._index.ask(f"pragma max_page_count = {pages + 2}")
        found.update()
        assert len(ids(found)) == 60


def test_many_files_are_read_by_several_processes_and_can_be_called_off(
    tmp_path: Path, index: Path
) -> None:
    store = CaseStore(tmp_path / "cases", hand_made())
    path = save(store, 0)
    for number in range(MANY + 10):
        shutil.copy(path, store.folder / f"case{number:04}.toml")
    told: list[tuple[int, int]] = []

    def once(done: int, of: int) -> bool:
        told.append((done, of))
        return False

    with library(store, index) as found:
        first = found.update(once)
        assert first.stopped
        assert told == [(first.read, MANY + 11)]
        assert found.count() == first.read < MANY
        rest = found.update()
        assert not rest.stopped
        assert first.read + rest.read == found.count() == MANY + 11
        assert found.count(Query("note0")) == MANY + 11


def test_what_was_read_of_many_files_is_joined_and_the_words_are_found_as_before(
    store: CaseStore, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library_module, "_BATCH", 2)
    pieces = "select count(distinct segid) from found_idx"
    words = ("note", "5", "note1", "sle", "lorazepam", "avm", "jeune", "nothing of it")
    for number in range(13):
        save(store, number)
    with library(store, index) as found:
        assert found.update(lambda done, of: done < of).read == 13
        ((apart,),) = found._index.ask(pieces)
        assert apart > 1
        before = [ids(found, Query(word)) for word in words]
        # All of them are read once more, as under other criteria.
        for number in range(13):
            (store.folder / f"{case_of(number).id}.toml").touch()
        assert found.update().read == 13
        assert found._index.ask(pieces) == [(1,)]
        assert [ids(found, Query(word)) for word in words] == before
        assert [found.count(Query(word)) for word in words] == [len(named) for named in before]
        found._index.ask("insert into found (found) values ('integrity-check')")
        save(store, 13)
        assert found.update().read == 1
        assert found.count(Query("note13")) == 1


def test_two_windows_keep_up_at_once(store: CaseStore, index: Path) -> None:
    for number in range(25):
        save(store, number)
    with library(store, index) as one, library(store, index) as other:
        threads = [threading.Thread(target=found.update) for found in (one, other, one, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
            assert not thread.is_alive()
        assert ids(one) == ids(other)
        assert len(ids(one)) == 25
        version = one.version
        assert one.count() == one.count() == 25
        assert one.version == version
        save(store, 25)
        other.update()
        assert one.version != version
        assert one.count() == 26


def test_what_is_kept_of_a_list_goes_with_any_change_of_its_index(
    store: CaseStore, index: Path
) -> None:
    page = index.parent / FOLDER / f"120x40{LIST}"
    page.parent.mkdir(parents=True)
    path = save(store, 0)

    def drops(change: Callable[[], object]) -> bool:
        page.write_text("what was seen")
        change()
        return not page.exists()

    with library(store, index) as found:
        assert drops(found.update)
        assert not drops(lambda: (found.update(), ids(found), found.count(), found.settled()))
        assert drops(lambda: found.looked_at("monday", [(path, "differs")]))
        path.unlink()
        assert drops(lambda: found.note(path))
    assert drops(lambda: remove_files(index))
    # Made anew after somebody removed it by hand, without anything to be read.
    assert drops(lambda: Library(store.folder, store.catalog, stamp="1", index=index).close())
    with library(store) as found:
        save(store, 1)
        assert not drops(found.update)
        assert found.settled() is None


def test_an_index_is_settled_only_where_no_other_window_writes_to_it(
    store: CaseStore, index: Path
) -> None:
    save(store, 0)
    with library(store, index) as one, library(store, index) as other:
        one.update()
        assert log_of(index).stat().st_size
        with other._index.changing():
            assert one.settled() is None
        assert one.settled() == index
        assert not log_of(index).stat().st_size
        written = index.stat().st_mtime_ns
        assert ids(other) == ids(one)
        assert one.settled() == index
    # Nor does it change when it is closed.
    assert index.stat().st_mtime_ns == written
    assert not log_of(index).exists()


def test_what_the_index_knows_is_read_in_parts_and_nothing_of_it_is_read_again(
    store: CaseStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library_module, "_MARKS", 2)
    paths = [save(store, number) for number in range(5)]
    (store.folder / "nowhere.toml").symlink_to(store.folder / "gone")
    with library(store) as found:
        assert found.update() == Update(read=6)
        assert found.update() == Update()
        paths[3].unlink()
        paths[0].touch()
        assert found.update() == Update(read=1, removed=1)


# --- today --------------------------------------------------------------------------------------


def test_what_was_found_of_today_is_kept_until_file_criteria_or_day_change(
    store: CaseStore,
) -> None:
    paths = [save(store, number) for number in range(3)]
    with library(store) as found:
        found.update()
        assert set(found.not_looked_at("monday")) == set(paths)
        found.looked_at("monday", [(paths[0], "differs"), (paths[1], "same")])
        assert found.not_looked_at("monday") == [paths[2]]
        assert found.facet("today", Query()) == [("", 1), ("differs", 1), ("same", 1)]
        assert ids(found, Query(chosen={"today": frozenset({"differs"})})) == [case_of(0).id]
        os.utime(paths[0], ns=(1, 1))
        found.update()
        assert set(found.not_looked_at("monday")) == {paths[0], paths[2]}
        found.forget_today("tuesday")
        assert found.facet("today", Query()) == [("", 3)]
        assert set(found.not_looked_at("tuesday")) == set(paths)


def test_a_catalog_is_all_it_needs(catalog: Catalog, tmp_path: Path) -> None:
    with library(CaseStore(tmp_path, catalog)) as found:
        assert found.update().read == 0
