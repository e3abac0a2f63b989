"""The example cases hold: they open, verify, and are assessed as they say."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import get_args

import pytest

from ketatui.cases.integrity import reading_of
from ketatui.cases.library import Library
from ketatui.cases.model import Case, State
from ketatui.cases.store import CaseStore
from ketatui.consultation.nulls import without_nulls
from ketatui.consultation.review_words import fit_of
from ketatui.consultation.saving import amend, is_ours, save
from ketatui.criteria.loading import load_pack
from ketatui.engine import Knowledge, assess, compile_pack
from ketatui.engine.fingerprints import criteria_data
from scripts.examples import FOLDER, PATTERN, ROOT, write_all
from tests.each import each

FILES = sorted(FOLDER.glob(PATTERN))
STALE = "the criteria or the program have changed: run scripts/examples.py"


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return compile_pack(load_pack(ROOT / "criteria"))


@pytest.fixture(scope="module")
def store(knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> CaseStore:
    """The examples in a folder of their own, to be read."""
    folder = tmp_path_factory.mktemp("examples")
    for path in FILES:
        shutil.copy(path, folder)
    return CaseStore(folder, knowledge.pack)


@pytest.fixture(scope="module")
def cases(store: CaseStore) -> list[Case]:
    return [store.load(store.folder / path.name).case for path in FILES]


def name_of(path: Path) -> str:
    return path.stem


@each("path", FILES)
def test_an_example_opens_by_its_id_and_is_as_it_was_saved(path: Path, store: CaseStore) -> None:
    loaded = store.load(path.stem)
    assert loaded.case.id == path.stem
    assert is_ours(store, loaded)
    assert store.verify(store.folder / path.name) == []


def test_an_example_was_decided_on_the_verdict_that_it_shows(cases: list[Case]) -> None:
    for case in cases:
        chosen = [
            pathway["verdict"]
            for pathway in (case.assessment or {}).get("pathways", ())
            if pathway["id"] == case.decision.pathway
        ]
        assert [case.decision.verdict] == (chosen or [""])


def test_an_example_says_that_it_is_invented(cases: list[Case]) -> None:
    for case in cases:
        assert case.label.startswith("Example: "), case.id
        assert case.label.endswith(", invented"), case.id


def test_an_example_is_assessed_today_as_on_its_own_day(
    cases: list[Case], knowledge: Knowledge
) -> None:
    for case in cases:
        assert case.assessment is not None
        on = dt.date.fromisoformat(case.assessment["on"])
        assessed = without_nulls(assess(knowledge, case, on).to_data())
        found = {**assessed, "criteria": criteria_data(knowledge)}
        assert found == case.assessment, f"{case.id}: {STALE}"


def test_the_script_writes_the_same_bytes_every_time(tmp_path: Path) -> None:
    written = {path.name: path.read_bytes() for path in write_all(tmp_path)}
    assert written == {path.name: path.read_bytes() for path in FILES}, STALE


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_an_example_can_be_amended(path: Path, knowledge: Knowledge, tmp_path: Path) -> None:
    shutil.copy(path, tmp_path)
    store = CaseStore(tmp_path, knowledge.pack)
    loaded = store.load(path.stem)
    now = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
    consultation, journal = amend(store, loaded, knowledge, now=now)
    saved = save(consultation, store, journal, by="test", why="again", now=now, base=loaded.stamp)
    assert saved.stamp.path == loaded.stamp.path
    assert len(saved.case.revisions) == len(loaded.case.revisions) + 1
    assert store.verify(saved.stamp.path) == []


def test_the_list_shows_them_all_and_nothing_is_unreadable(store: CaseStore) -> None:
    library = Library(store.folder, store.catalog, stamp="", index=None)
    library.update()
    entries = list(library.all())
    assert len(entries) == len(FILES)
    assert [entry.problem for entry in entries if entry.problem] == []


def test_there_is_an_example_of_each_kind(cases: list[Case]) -> None:
    verdicts = {
        row["verdict"] for case in cases if case.assessment for row in case.assessment["pathways"]
    }
    assert verdicts == {
        "fits",
        "caution",
        "incomplete",
        "unmet",
        "not_recommended",
        "not_indicated",
        "contraindicated",
    }
    assert {case.state for case in cases} == set(get_args(State))
    standings = {case.decision.standing for case in cases}
    assert standings == {None, "within_criteria", "provisional", "against_criteria"}
    assert any(case.unknown for case in cases)
    assert any(case.decision.pathway == "none" for case in cases)
    assert any(case.scale_items for case in cases)


def test_signatures_in_the_examples_are_of_today_and_of_an_old_revision(
    cases: list[Case], store: CaseStore
) -> None:
    found = [
        (case.id[-2:], item.meaning, fit_of(reading_of(case, store.catalog), item))
        for case in cases
        for item in case.signatures
    ]
    assert found == [
        ("12", "co-signed", "current"),
        ("12", "reviewed", "current"),
        ("13", "reviewed", "old"),
        ("13", "amended", "current"),
    ]
    said = {(item.kind, item.on.partition(":")[0]) for case in cases for item in case.reviews}
    assert said == {("comment", "answer"), ("agree", "decision"), ("disagree", "decision")}


def test_overrides_in_the_examples_are_in_force(cases: list[Case]) -> None:
    overridden = {
        (item["id"], finding["rule"], finding["effect"])
        for case in cases
        if case.assessment
        for item in case.assessment["pathways"]
        for finding in item["findings"]
        if finding["overridden"]
    }
    assert overridden == {
        ("spravato", "cns-depressants", "caution"),
        ("spravato", "stroke-tia", "not_recommended"),
    }
