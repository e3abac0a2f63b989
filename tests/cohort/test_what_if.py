"""What another policy would change is what the engine finds under both."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import polars
import pytest

from ketatui.cli import main
from ketatui.cohort.screening import connect
from ketatui.cohort.sources import open_source
from ketatui.cohort.what_if import compare_policies
from ketatui.criteria.default import default_folder
from ketatui.criteria.loading import load_pack
from ketatui.engine import Knowledge, compile_pack
from ketatui.engine.inputs import input_of
from ketatui.engine.judging import judge_input
from reliability.cohort_rows import Maker, case_of
from reliability.cohorts import frame_of

ON = dt.date(2026, 11, 21)
POLICY = """
id = "p"
title = "Another policy"

[thresholds]
bp_hold_systolic = 140
spo2_hold = 85
weight_min_kg = 45.5

[[rules]]
id = "local-lithium"
title = "Lithium"
when = "derived.drug_classes contains 'lithium'"
because = "Because."
do = "Do."
authority = "local"
confidence = "medium"
sources = ["audit-c-1998"]
effects = { iv = "unmet", oral = "caution" }
"""


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("policy") / "policy.toml"
    path.write_text(POLICY)
    return path


def test_who_changes_is_who_the_engine_judges_otherwise(
    knowledge: Knowledge, policy: Path, tmp_path: Path
) -> None:
    rows = list(Maker(knowledge, seed=6, bad=0, calm=True).rows(300))
    path, out = tmp_path / "patients.parquet", tmp_path / "who.parquet"
    frame_of(knowledge.pack, rows).write_parquet(path)
    other = compile_pack(load_pack(default_folder({}), policy))
    connection = connect(1)
    source = open_source(connection, path, knowledge.pack)
    found = compare_policies(connection, source, knowledge, other, ON, out)
    assert set(found.rules) == {"bp-hold", "spo2-hold", "weight-range", "local-lithium"}
    written = {row["id"]: row for row in polars.read_parquet(out).to_dicts()}
    moves: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        given = input_of(case_of(knowledge, row))
        _, before = judge_input(knowledge, given, ON, with_needs=False)
        _, after = judge_input(other, given, ON, with_needs=False)
        for one, two in zip(before, after, strict=True):
            if one.verdict != two.verdict:
                moves[one.id, one.verdict, two.verdict] += 1
                assert written[row["id"]][f"{one.id}/before"] == one.verdict
                assert written[row["id"]][f"{one.id}/after"] == two.verdict
    assert len(moves) > 4
    for pathway in found.pathways:
        told = {(pathway.id, a, b) for a, b, _ in pathway.moves}
        assert told == {each for each in moves if each[0] == pathway.id}
        for a, b, number in pathway.moves:
            assert number in (None, moves[pathway.id, a, b])
            assert number is None or number > 10


@pytest.mark.long
def test_the_command_tells_what_changes_and_by_which_rule(
    knowledge: Knowledge, policy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "patients.parquet"
    frame_of(knowledge.pack, list(Maker(knowledge, seed=6).rows(400))).write_parquet(path)
    run = ["cohort", "what-if", str(path), "--on", "2026-11-21", "--policy", str(policy)]
    assert main(run) == 0
    told = capsys.readouterr().out
    assert "400 patients; rules that read otherwise:" in told and "get another verdict" in told
    assert main([*run, "--policy", str(policy)]) == 0
    assert "rules that read otherwise: none" in capsys.readouterr().out
