"""Loading the pack, and one assessment of the example cases."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from time import perf_counter

from benchmarks.table import Row
from ketatui.cases.toml_form import read_case
from ketatui.criteria.loading import load_pack
from ketatui.engine import assess, compile_pack

_ROUNDS = 30
_DAY = dt.date(2026, 11, 21)


def _times(call: object, rounds: int = _ROUNDS) -> list[float]:
    assert callable(call)
    found = []
    for _ in range(rounds):
        begun = perf_counter()
        call()
        found.append((perf_counter() - begun) * 1000)
    return found


def measure() -> list[Row]:
    """Measure loading, compiling and assessing."""
    pack = load_pack()
    knowledge = compile_pack(pack)
    rows = [
        Row("read and check the pack's TOML", _times(load_pack, 10)),
        Row("compile the pack's expressions", _times(lambda: compile_pack(pack), 10)),
    ]
    quick: list[float] = []
    full: list[float] = []
    folder = Path(__file__).resolve().parents[1] / "saved_cases"
    for path in sorted(folder.glob("*.toml")):
        case = read_case(path.read_text(encoding="utf-8"), path=path.name, pack=pack)
        quick += _times(lambda case=case: assess(knowledge, case, _DAY, with_changes=False))
        full += _times(lambda case=case: assess(knowledge, case, _DAY))
    rows.append(Row("one assessment, as at a key press (example cases)", quick))
    rows.append(Row("the same with what would lift each verdict", full))
    return rows
