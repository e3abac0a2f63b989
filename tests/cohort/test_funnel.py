"""The numbers of a screening, held against counting the engine's findings one by one."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest

from ketatui.cli import main
from ketatui.cohort.disclosure import SMALL, TOTAL
from ketatui.cohort.errors import CohortError
from ketatui.cohort.funnel import STANDINGS, STOPS, Funnel, count_results
from ketatui.cohort.screening import Screening, screen
from ketatui.engine import Knowledge
from ketatui.engine.inputs import input_of
from ketatui.engine.judging import judge_input
from reliability.cohort_rows import Maker, Row, case_of
from reliability.cohorts import frame_of

ON = dt.date(2026, 11, 21)


@pytest.fixture(scope="module")
def rows(knowledge: Knowledge) -> list[Row]:
    return list(Maker(knowledge, seed=9).rows(500))


@pytest.fixture(scope="module")
def screened(
    knowledge: Knowledge, rows: list[Row], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("cohort")
    frame_of(knowledge.pack, rows).write_parquet(folder / "patients.parquet")
    keep = ("indication.diagnosis", "patient.age")
    path, out = folder / "patients.parquet", folder / "out"
    screen(Screening(knowledge, path, out, ON, keep=keep, engine="polars", threads=1))
    return out


@pytest.fixture(scope="module")
def counted(screened: Path) -> Funnel:
    return count_results(screened)


def test_what_is_shown_is_what_the_engine_finds(
    knowledge: Knowledge, rows: list[Row], counted: Funnel
) -> None:
    standings: Counter[tuple[str, str]] = Counter()
    stops: Counter[tuple[str, str]] = Counter()
    only: Counter[tuple[str, str]] = Counter()
    for row in rows:
        _, judged = judge_input(knowledge, input_of(case_of(knowledge, row)), ON, with_needs=False)
        for each in judged:
            how = f"open_{each.best}" if each.verdict == "incomplete" else each.verdict
            standings[each.id, how] += 1
            stopping = [f.rule for f in each.findings if f.effect in STOPS]
            stops.update((each.id, rule) for rule in stopping)
            if len(stopping) == 1:
                only[each.id, stopping[0]] += 1
    told = 0
    for pathway in counted.pathways:
        for (_, standing), number in pathway.standings.cells.items():
            true = standings[pathway.id, standing]
            assert number in (None, true)
            assert number is None or not 0 < number <= SMALL
        for rule in pathway.rules:
            assert rule.applies in (None, stops[pathway.id, rule.rule])
            assert rule.only in (None, only[pathway.id, rule.rule])
            told += rule.applies is not None and rule.only is not None
        assert [rule.order for rule in pathway.rules] == sorted(
            (rule.order for rule in pathway.rules), reverse=True
        )
    assert told > 40


@pytest.mark.parametrize(
    "by", [pytest.param("indication.diagnosis", marks=pytest.mark.long), "patient.age"]
)
def test_groups_add_up_to_the_totals_and_show_no_small_number(
    screened: Path, counted: Funnel, by: str
) -> None:
    found = count_results(screened, by)
    for whole, pathway in zip(counted.pathways, found.pathways, strict=True):
        table = pathway.standings
        assert sum(table.sizes[row] for row in table.rows if row != TOTAL) == 500
        for standing in STANDINGS:
            assert table.cells[TOTAL, standing] == whole.standings.cells["all", standing]
        for number in table.cells.values():
            assert number is None or not 0 < number <= SMALL


def test_the_funnel_is_read_in_the_terminal_and_as_a_picture(
    screened: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "funnel.svg"
    assert main(["cohort", "funnel", str(screened), "--svg", str(picture)]) == 0
    printed = capsys.readouterr().out
    assert "could still be a candidate" in printed and "what stops most" in printed
    assert max(map(len, printed.splitlines())) <= 120
    assert picture.read_text().startswith("<svg ") and "Spravato" in picture.read_text()


def test_a_column_that_was_not_kept_is_refused_with_those_that_were(screened: Path) -> None:
    with pytest.raises(CohortError, match=r"allowed: indication\.diagnosis, patient\.age"):
        count_results(screened, "vitals.systolic")


def test_of_ten_patients_nothing_is_shown(
    knowledge: Knowledge, rows: list[Row], tmp_path: Path
) -> None:
    few = frame_of(knowledge.pack, rows[:10]).select("id", "patient.age")
    few.write_parquet(tmp_path / "few.parquet")
    screen(Screening(knowledge, tmp_path / "few.parquet", tmp_path / "out", ON, threads=1))
    with pytest.raises(CohortError, match="10 patients; numbers are shown of more than 10"):
        count_results(tmp_path / "out")
