"""The lowering made wrong on purpose: each change has to give some patient another result.

Each changed module is loaded anew with all that reads it, and lowers the pack and random
expressions for the same random patients, of whom the engine has said once what is right.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.util
import random
import select
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

from reliability import code_mutants, code_mutations
from reliability.judge_processes import ROOT
from reliability.tally import Tally

MODULES = (
    "columns",
    "facts",
    "judging",
    "names",
    "numbers",
    "tables",
    "values",
    "visit_judging",
    "visit_table",
    "waiting",
)
"""The modules of `ketatui.cohort` that say what the criteria mean over columns."""
EXPLAINED = Path(__file__).with_name("cohort_equivalent.toml")
"""The changes that change nothing that can be seen, each with why."""
_SECONDS = 240
"""How long the worker may take for one; that it takes longer is noticed, too."""
_AGAIN = ("ketatui.cohort", "reliability.cohort_", "reliability.cohorts")
"""Modules that are loaded anew for each change: those that are changed, and all that read them."""


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


def _judge(folder: Path, number: int) -> str | None:
    """Judge one change in this process; the one before the first is none.

    Returns:
        What noticed it; None if nothing does.
    """
    for name in [each for each in sys.modules if each.startswith(_AGAIN)]:
        if name != __name__:
            del sys.modules[name]
    finder = None
    if number >= 0:
        sources = _sources()
        mutant = _mutants(sources)[number]
        tree = code_mutations.mutated(sources[mutant.module], mutant)
        name = ".".join(mutant.module.with_suffix("").parts)
        finder = _Changed(name, tree)
        sys.meta_path.insert(0, finder)
    try:
        judge = importlib.import_module("reliability.cohort_judge")
        found: str | None = judge.notices(folder)
    except BaseException as error:
        # What cannot be lowered or run any more is noticed, too.
        return type(error).__name__
    finally:
        if finder is not None:
            sys.meta_path.remove(finder)
    return found


def _sources() -> dict[Path, str]:
    paths = [Path("ketatui") / "cohort" / f"{name}.py" for name in MODULES]
    return {path: (ROOT / path).read_text("utf-8") for path in paths}


def _mutants(sources: dict[Path, str]) -> list[code_mutations.Mutant]:
    # An assertion is for the type checker: what it says is always so.
    return [
        item
        for path, source in sources.items()
        for item in code_mutations.mutants(path, source)
        if not source.splitlines()[item.line - 1].lstrip().startswith("assert ")
    ]


class Worker:
    """A process that judges one change after the other; a new one where it hangs or dies."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: subprocess.Popen[str] | None = None

    def judge(self, number: int) -> str | None:
        """Return what notices a change; None if nothing does."""
        process = self.process or self._start()
        assert process.stdin and process.stdout
        process.stdin.write(f"{number}\n")
        process.stdin.flush()
        ready, _, _ = select.select([process.stdout], [], [], _SECONDS)
        line = process.stdout.readline() if ready else ""
        if not line:
            self.stop()
            return "it hangs" if not ready else "the process dies"
        return line.strip() or None

    def _start(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "reliability.cohort_mutants", str(self.folder)]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=ROOT,
        )
        return self.process

    def stop(self) -> None:
        """End the process."""
        if self.process is not None:
            self.process.kill()
            self.process.communicate(timeout=30)
            self.process = None


def survivors(sample: int, seed: int) -> Tally:
    """Count the changes of the lowering that give no patient another result.

    Args:
        sample: How many to try; 0 for all.
        seed: Of the choice, and of the patients.
    """
    from reliability import cohort_judge

    tally = Tally("mutants of the lowering")
    explained = code_mutants.explanations(EXPLAINED.read_text("utf-8"))
    every = _mutants(_sources())
    tally.add("mutants there are", len(every))
    if not sample:
        for key in explained.keys() - {item.key for item in every}:
            tally.hold(False, f"explained, but there is no such mutant: {' '.join(key)}")
    numbers = list(range(len(every)))
    chosen = random.Random(seed).sample(numbers, min(sample, len(numbers))) if sample else numbers
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cohort_judge.prepare(folder, seed)
        worker = Worker(folder)
        try:
            tally.hold(worker.judge(-1) is None, "the lowering as it is gives other results")
            for number in chosen:
                if every[number].key in explained:
                    tally.add("changing nothing, and why is said")
                    continue
                noticed = worker.judge(number)
                tally.add("noticed" if noticed else "missed")
                if not noticed:
                    print(f"not noticed: {every[number].what}", file=sys.stderr, flush=True)
        finally:
            worker.stop()
    return tally


def _serve(folder: Path) -> None:
    """Judge the changes whose numbers come in, a line each."""
    for line in sys.stdin:
        print(_judge(folder, int(line)) or "", flush=True)


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
