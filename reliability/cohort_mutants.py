"""The lowering made wrong on purpose: each change has to give some patient another result.

Each changed module lowers the pack anew, in a process of its own, and the result screens the same
random patients, for whom the engine has said once what is right.
"""

from __future__ import annotations

import importlib.abc
import importlib.util
import pickle
import random
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

from reliability import code_mutations
from reliability.judge_processes import ROOT
from reliability.tally import Tally

MODULES = ("columns", "facts", "judging", "names", "numbers", "tables", "values", "waiting")
"""The modules of `ketatui.cohort` that say what the criteria mean over columns."""
PATIENTS = 4_000
_SECONDS = 300
_MISSED = 4
_ABSENT = "absent"


def prepare(folder: Path, seed: int) -> None:
    """Make patients, and let the engine say once what is right.

    Args:
        folder: Where to keep both.
        seed: Of the patients.
    """
    from ketatui.criteria.loading import default_folder, load_pack
    from ketatui.engine import compile_pack
    from reliability import cohorts
    from reliability.cohort_rows import Maker, expected

    knowledge = compile_pack(load_pack(default_folder({})))
    rows = list(Maker(knowledge, seed).rows(PATIENTS))
    lowered, _ = cohorts.screen_rows(knowledge, [])
    told = [expected(knowledge, row, lowered.rules, lowered.payers, cohorts.ON) for row in rows]
    names = dict.fromkeys(name for row in told for name in row)
    wanted = {name: [row.get(name, _ABSENT) for row in told] for name in names}
    (folder / "wanted").write_bytes(pickle.dumps(wanted))
    cohorts.frame_of(knowledge.pack, rows).write_parquet(folder / "patients.parquet")


def notices(folder: Path) -> bool:
    """Tell whether the lowering as it is loaded says anything that the engine does not."""
    import polars

    from ketatui.cohort.polars_frames import screened
    from ketatui.cohort.screening import connect, lowered_for
    from ketatui.cohort.sources import open_source
    from ketatui.criteria.loading import default_folder, load_pack
    from ketatui.engine import compile_pack
    from reliability.cohorts import ON

    knowledge = compile_pack(load_pack(default_folder({})))
    path = folder / "patients.parquet"
    connection = connect(1)
    source = open_source(connection, path, knowledge.pack)
    lowered = lowered_for(connection, source, knowledge, ON)
    found = screened(lowered.program, polars.scan_parquet(path)).collect()
    wanted: dict[str, list[Any]] = pickle.loads((folder / "wanted").read_bytes())
    for name, values in wanted.items():
        if name not in found.columns:
            return True
        for right, value in zip(values, found[name].to_list(), strict=True):
            if right != _ABSENT and (right != value or (right is None) is not (value is None)):
                return True
    return False


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds one module in another form."""

    def __init__(self, name: str, tree: Any) -> None:
        self.name, self.tree = name, tree

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self.name:
            return None
        return importlib.util.spec_from_loader(fullname, self)

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.tree, self.name, "exec"), module.__dict__)


def _judge(folder: Path, number: int) -> int:
    """Judge one change in this process; the one before the first is none."""
    sources = _sources()
    if number >= 0:
        mutant = _mutants(sources)[number]
        tree = code_mutations.mutated(sources[mutant.module], mutant)
        name = ".".join(mutant.module.with_suffix("").parts)
        sys.meta_path.insert(0, _Changed(name, tree))
    return 0 if notices(folder) else _MISSED


def _sources() -> dict[Path, str]:
    paths = [Path("ketatui") / "cohort" / f"{name}.py" for name in MODULES]
    return {path: (ROOT / path).read_text("utf-8") for path in paths}


def _mutants(sources: dict[Path, str]) -> list[code_mutations.Mutant]:
    return [
        item for path, source in sources.items() for item in code_mutations.mutants(path, source)
    ]


def _is_noticed(folder: Path, number: int) -> bool:
    command = [sys.executable, "-m", "reliability.cohort_mutants", str(folder), str(number)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, cwd=ROOT, check=False)
    except subprocess.TimeoutExpired:
        return True
    # What cannot be lowered or run any more is noticed, too.
    return done.returncode != _MISSED


def survivors(sample: int, seed: int) -> Tally:
    """Count the changes of the lowering that give no patient another result.

    Args:
        sample: How many to try; 0 for all.
        seed: Of the choice, and of the patients.
    """
    tally = Tally("mutants of the lowering")
    every = _mutants(_sources())
    tally.add("mutants there are", len(every))
    numbers = list(range(len(every)))
    chosen = random.Random(seed).sample(numbers, min(sample, len(numbers))) if sample else numbers
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder, seed)
        tally.hold(not _is_noticed(folder, -1), "the lowering as it is gives other results")
        for number in chosen:
            noticed = _is_noticed(folder, number)
            tally.add("noticed" if noticed else "missed")
            if not noticed:
                print(f"not noticed: {every[number].what}", file=sys.stderr, flush=True)
    return tally


if __name__ == "__main__":
    sys.exit(_judge(Path(sys.argv[1]), int(sys.argv[2])))
