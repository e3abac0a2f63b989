"""Kinds of edits of a saved case against ways out of the program: none of them is silent."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ketatui.cases.store import CaseStore
from ketatui.criteria.default import default_folder
from ketatui.criteria.loading import load_pack
from ketatui.engine import compile_pack
from reliability.tampering import COPIED, EDITS, OTHER, ROOT, SIGNED, Exits, matrix, told, untouched


@pytest.fixture(scope="module")
def found() -> dict[str, dict[str, bool]]:
    return matrix()[1]


@pytest.mark.long
def test_no_way_out_is_silent_about_any_edit(found: dict[str, dict[str, bool]]) -> None:
    silent = [(edit, way) for edit, told in found.items() for way in told if not told[way]]
    assert silent == []
    assert len(found) == len(EDITS) + 1


def test_no_way_out_finds_fault_with_a_case_that_nobody_touched() -> None:
    assert {way for way, told in untouched().items() if told} == set()


def rows_of_the_page() -> dict[str, list[str]]:
    """Return the cells of the table on the page, by the edit."""
    text = (ROOT / "docs" / "reliability.md").read_text("utf-8")
    rows = (line.strip("| ").split(" | ") for line in text.splitlines() if line.endswith("✓ |"))
    return {edit: cells for edit, *cells in rows}


def test_the_page_on_reliability_has_every_edit_and_way_out() -> None:
    rows = rows_of_the_page()
    assert list(rows) == [*EDITS, COPIED]
    assert {tuple(cells) for cells in rows.values()} == {("✓",) * len(untouched())}


@pytest.mark.long
def test_the_page_on_reliability_has_the_table_as_it_is(
    found: dict[str, dict[str, bool]],
) -> None:
    assert rows_of_the_page() == {edit: ["✓"] * len(cells) for edit, cells in found.items()}


def test_a_part_that_is_altered_is_named_first_where_there_is_one_line(tmp_path: Path) -> None:
    knowledge = compile_pack(load_pack(default_folder()))
    for case_id in (SIGNED, OTHER):
        shutil.copy(ROOT / "saved_cases" / f"{case_id}.toml", tmp_path)
    path = tmp_path / f"{SIGNED}.toml"
    path.write_text(EDITS["a verdict"](path.read_text("utf-8")), "utf-8")
    exits = Exits(knowledge, CaseStore(tmp_path, knowledge.pack), path)
    said = dict(exits.all())
    assert said["library"].startswith("ALTERED: assessment.pathways[0] (spravato). Outside the")
    assert "co-signed by T.W., revision 2; reviewed by M.O., revision 3" in said["library"]


def test_what_is_said_behind_the_content_is_not_said_first() -> None:
    assert told("show", "ALTERED outside the program")
    assert not told("show", "x" * 400 + " ALTERED outside the program")
    assert told("fhir", "x" * 400 + " ALTERED outside the program")
