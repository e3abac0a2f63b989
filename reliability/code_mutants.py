"""Wrong code, made on purpose: each mutant of the engine and of the expressions has to be noticed.

What no test can notice, because it changes nothing that can be seen, is explained in
``equivalent.toml``; an explanation of what is no longer there, or is noticed after all, counts as
a loss like a mutant that survived.
"""

from __future__ import annotations

import ast
import json
import os
import random
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TextIO

from reliability import code_mutations, judge_processes
from reliability.code_mutations import Mutant
from reliability.judge_processes import ROOT, JudgeProcesses, Judgment
from reliability.tally import Tally

ROOMS = ("engine", "cql")
EXPLAINED = Path(__file__).with_name("equivalent.toml")
RESULTS = ROOT / ".mutants" / "results.jsonl"
"""A line a mutant, the newest run's; what `resume` goes on from."""

_Key = tuple[str, str, str, str]


@dataclass
class _Module:
    """A module of the rooms, and the number of its first expression among all of them."""

    path: Path
    source: str
    first: int
    watched: ast.Module

    @property
    def name(self) -> str:
        return ".".join(self.path.with_suffix("").parts)

    @property
    def digest(self) -> str:
        return sha256(self.source.encode()).hexdigest()[:16]


def mutants() -> Iterator[Mutant]:
    """Yield every mutant of the rooms."""
    for module in _modules():
        yield from code_mutations.mutants(module.path, module.source)


def _modules() -> list[_Module]:
    found: list[_Module] = []
    number = 0
    for room in ROOMS:
        for path in sorted((ROOT / "ketatui" / room).glob("[!_]*.py")):
            source = path.read_text("utf-8")
            watched, count = code_mutations.watched(source, number, judge_processes.watcher_name())
            found.append(_Module(path.relative_to(ROOT), source, number, watched))
            number += count
    return found


def explanations(text: str) -> dict[_Key, str]:
    """Read why some mutants are no mistakes.

    Args:
        text: Of `EXPLAINED`.

    Returns:
        The reason, by module, function, code as it is and code as changed.
    """
    return {
        (entry["module"], entry["function"], entry["was"], becomes): entry["why"]
        for entry in tomllib.loads(text)["equivalent"]
        for becomes in entry["becomes"]
    }


@dataclass(frozen=True)
class Choice:
    """Which mutants are judged, and how.

    Attributes:
        sample: How many; 0 for all.
        seed: Of that choice.
        only: Those whose line of description holds this.
        resume: Keep what a run that was broken off found to be noticed.
        again: Judge the explained ones too.
        judges: Where the tests are.
    """

    sample: int = 0
    seed: int = 1
    only: str = ""
    resume: bool = False
    again: bool = False
    judges: tuple[str, ...] = judge_processes.JUDGES

    @property
    def is_whole(self) -> bool:
        """Whether it is all of them, so that the results are kept."""
        return not (self.sample or self.only)


def survivors(choice: Choice) -> Tally:
    """Make mutants, a process each, and count those that no test noticed.

    Args:
        choice: Which.
    """
    tally = Tally("mutants of engine/ and cql/")
    modules = {module.path: module for module in _modules()}
    explained = explanations(EXPLAINED.read_text("utf-8"))
    every = [
        item for one in modules.values() for item in code_mutations.mutants(one.path, one.source)
    ]
    tally.add("mutants there are", len(every))
    if choice.is_whole:
        for key in explained.keys() - {item.key for item in every}:
            tally.hold(False, f"explained, but there is no such mutant: {' '.join(key)}")
    chosen = [item for item in every if choice.only in item.what]
    if choice.sample:
        chosen = random.Random(choice.seed).sample(chosen, min(choice.sample, len(chosen)))
    known = _results(modules) if choice.resume else {}
    sound = judge_processes.observed(
        {one.name: one.watched for one in modules.values()}, choice.judges
    )
    # Last what concerns every test: it takes longest.
    chosen.sort(key=lambda item: modules[item.module].first + item.place in sound.always)
    user = JudgeProcesses(sound)
    with _results_file(choice) as results:
        for number, mutant in enumerate(chosen, start=1):
            why = explained.get(mutant.key, "")
            if why and not choice.again:
                tally.add("explained")
                continue
            module = modules[mutant.module]
            said = known.get((module.digest, mutant.place, mutant.way))
            if said is None:
                changed = code_mutations.mutated(module.source, mutant)
                said = user.judge(module.name, changed, module.first + mutant.place)
                results.write(_line(module, mutant, said))
                results.flush()
                _progress(number, len(chosen), mutant, said)
            tally.add("noticed", int(bool(said.noticed_by)))
            tally.hold(bool(said.noticed_by) != bool(why), _loss(mutant, why, said))
    return tally


def _loss(mutant: Mutant, why: str, said: Judgment) -> str:
    if why:
        return f"explained ({why}), but noticed by {said.noticed_by}: {mutant.what}"
    reached = "" if said.tests else " (no test gets there)"
    return f"survived{reached}: {mutant.what}"


def _progress(number: int, of: int, mutant: Mutant, said: Judgment) -> None:
    by = said.noticed_by or "nothing"
    print(f"{number}/{of} {said.seconds:.1f}s {mutant.what}  by {by}", file=sys.stderr)


def _line(module: _Module, mutant: Mutant, said: Judgment) -> str:
    record = {
        "digest": module.digest,
        "place": mutant.place,
        "way": mutant.way,
        "mutant": mutant.what,
        "noticed_by": said.noticed_by,
        "tests": said.tests,
        "seconds": round(said.seconds, 2),
    }
    return json.dumps(record, ensure_ascii=False) + "\n"


def _results_file(choice: Choice) -> TextIO:
    if not choice.is_whole:
        return Path(os.devnull).open("w", encoding="utf-8")
    RESULTS.parent.mkdir(exist_ok=True)
    return RESULTS.open("a" if choice.resume else "w", encoding="utf-8")


def _results(modules: Mapping[Path, _Module]) -> dict[tuple[str, int, int], Judgment]:
    """Read what an earlier run found noticed, of modules that are still the same."""
    if not RESULTS.exists():
        return {}
    digests = {module.digest for module in modules.values()}
    found = {}
    for line in RESULTS.read_text("utf-8").splitlines():
        record = json.loads(line)
        if record["noticed_by"] and record["digest"] in digests:
            said = Judgment(record["noticed_by"], record["tests"], record["seconds"])
            found[record["digest"], record["place"], record["way"]] = said
    return found
