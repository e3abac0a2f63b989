"""Wrong criteria, made on purpose: each has to be noticed by the check of a pack or by a test.

Every comparison, ``and``, ``or`` and ``not`` of a rule is turned, every rule dropped, every effect
changed, every threshold moved, one at a time. What judges are the tests of the engine that
transcribe the specification, run in this process on the changed pack.
"""

from __future__ import annotations

import importlib
import inspect
import itertools
import random
import re
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ketatui.criteria.default import default_folder
from ketatui.criteria.loading import load_pack
from ketatui.criteria.pack import Pack
from ketatui.criteria.problems import PackError
from ketatui.engine import Knowledge, compile_pack
from reliability.tally import Tally

JUDGES = (
    "tests.engine.test_decision_table",
    "tests.engine.test_thresholds",
    "tests.engine.test_support_table",
    "tests.engine.test_trials",
    "tests.engine.medicines.test_index",
    "tests.engine.test_not_understood",
    "tests.engine.test_questions",
    "tests.engine.test_single_reasons",
)
_TURNED = {
    "<=": "<",
    ">=": ">",
    "!=": "=",
    "<": "<=",
    ">": ">=",
    "=": "!=",
    "and": "or",
    "or": "and",
    "not": "",
}
_OPERATOR = re.compile(r"<=|>=|!=|<|>|=|\b(?:and|or|not)\b|'[^']*'")
_EFFECTS = ("caution", "not_recommended", "unmet", "not_indicated", "contraindicated")


@dataclass(frozen=True)
class Mutant:
    """One change of one file of the pack."""

    file: str
    what: str
    text: str
    rule: str = ""


def mutants(folder: Path) -> Iterator[Mutant]:
    """Yield every mutant of a pack."""
    for path in sorted((folder / "rules").glob("*.toml")):
        name, text = str(path.relative_to(folder)), path.read_text("utf-8")
        blocks = re.split(r"(?m)^(?=\[\[rules\]\])", text)
        for number, block in enumerate(blocks):
            if not block.startswith("[[rules]]"):
                continue
            rule = str(tomllib.loads(block)["rules"][0]["id"])

            def whole(changed: str, number: int = number, blocks: list[str] = blocks) -> str:
                return "".join([*blocks[:number], changed, *blocks[number + 1 :]])

            yield Mutant(name, f"{rule}: dropped", whole(""), rule)
            for what, changed in itertools.chain(_turned(block), _other_effects(block)):
                yield Mutant(name, f"{rule}: {what}", whole(changed), rule)
    path = folder / "thresholds.toml"
    text = path.read_text("utf-8")
    for found in re.finditer(r"(?m)^value = ([0-9.]+)$", text):
        named = re.findall(r'(?m)^name = "(\w+)"', text[: found.start()])[-1]
        for step in (-1, 1):
            value = f"value = {float(found[1]) + step:g}"
            changed = text[: found.start()] + value + text[found.end() :]
            yield Mutant("thresholds.toml", f"{named}: {found[0]} → {value}", changed)


def _turned(block: str) -> Iterator[tuple[str, str]]:
    """Turn each operator of each condition of a rule."""
    for line in re.finditer(r'(?m)^when = "(.*)"$', block):
        for found in _OPERATOR.finditer(line[1]):
            other = _TURNED.get(found[0])
            if other is None:
                continue
            start = line.start(1) + found.start()
            changed = block[:start] + other + block[start + len(found[0]) :]
            yield f"{found[0]} → {other or 'nothing'} at {found.start()} of {line[1]}", changed


def _other_effects(block: str) -> Iterator[tuple[str, str]]:
    """Give each pathway another effect."""
    for line in re.finditer(r"(?m)^effects = \{.*\}$", block):
        for found in re.finditer(r'(\w+) = "(\w+)"', line[0]):
            place = _EFFECTS.index(found[2]) if found[2] in _EFFECTS else 0
            other = _EFFECTS[(place + 1) % len(_EFFECTS)]
            start = line.start() + found.start(2)
            changed = block[:start] + other + block[start + len(found[2]) :]
            yield f"{found[1]} {found[2]} → {other}", changed


# --- judging --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Judge:
    """One call of one test."""

    name: str
    call: Callable[[Knowledge], None]


def judges() -> list[Judge]:
    """Every test of `JUDGES` that needs nothing but the knowledge, a call a set of parameters."""
    found = []
    for module_name in JUDGES:
        module = importlib.import_module(module_name)
        for name, function in vars(module).items():
            if name.startswith("test_") and callable(function):
                found += list(_calls(f"{module_name}.{name}", function))
    return found


def _calls(name: str, function: Any) -> Iterator[Judge]:
    sets: list[dict[str, Any]] = [{}]
    for mark in getattr(function, "pytestmark", []):
        if mark.name != "parametrize":
            return
        names = mark.args[0]
        names = [part.strip() for part in names.split(",")] if isinstance(names, str) else names
        rows = []
        for value in mark.args[1]:
            values = getattr(value, "values", value) if len(names) > 1 else [value]
            rows.append(dict(zip(names, values, strict=True)))
        sets = [{**one, **two} for one in sets for two in rows]
    wanted = set(inspect.signature(function).parameters)
    if hasattr(function, "hypothesis"):
        return
    for values in sets:
        if not wanted <= {"knowledge", "pack", "on", *values}:
            return

        def call(knowledge: Knowledge, values: dict[str, Any] = values) -> None:
            given = {"knowledge": knowledge, "pack": knowledge.pack, "on": date(2026, 11, 21)}
            function(**{key: v for key, v in {**given, **values}.items() if key in wanted})

        yield Judge(f"{name}{sorted(map(str, values.values()))}", call)


def noticed_by(pack: Pack, tests: list[Judge]) -> str:
    """Return the first test that fails on a pack; empty when none does."""
    knowledge = compile_pack(pack)
    for test in tests:
        try:
            test.call(knowledge)
        except Exception as error:
            return f"{test.name}: {type(error).__name__}"
    return ""


def survivors(sample: int = 0, seed: int = 1) -> Tally:
    """Make mutants and let the tests judge them.

    Args:
        sample: How many; 0 for all.
        seed: Of the choice.
    """
    tally = Tally("mutants of the criteria")
    tests = judges()
    tally.add("tests that judge", len(tests))
    every = list(mutants(default_folder({})))
    tally.add("mutants there are", len(every))
    chosen = random.Random(seed).sample(every, sample) if sample else every
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "pack"
        shutil.copytree(default_folder({}), folder)
        sound = noticed_by(load_pack(folder), tests)
        assert not sound, f"the pack as it is fails {sound}"
        for mutant in chosen:
            path = folder / mutant.file
            before = path.read_text("utf-8")
            path.write_text(mutant.text, "utf-8")
            # Tests that name the rule come first: nearly always it is one of them.
            rule = mutant.rule or "threshold"
            near = sorted(tests, key=lambda test, rule=rule: rule not in test.name)  # type: ignore[misc]
            try:
                said = noticed_by(load_pack(folder), near)
                tally.add("noticed by a test", int(bool(said)))
            except PackError:
                said = "the check of the pack"
                tally.add("noticed by the check of the pack")
            finally:
                path.write_text(before, "utf-8")
            tally.hold(bool(said), f"survived: {mutant.file}: {mutant.what}")
    return tally
