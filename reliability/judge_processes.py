"""Tests as judges of changed code: a process a mutant, forked from one that has loaded the tools.

The process that forks has never loaded the program as it is changed. A first run of the sound
program notes which test works out which expression, and how long it takes: a mutant is judged by
the tests that reach it alone, those first that noticed its neighbors, then the quickest.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import importlib
import importlib.util
import multiprocessing
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.machinery import ModuleSpec, SourceFileLoader
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NoReturn

import pytest

ROOT = Path(__file__).resolve().parents[1]
JUDGES = ("tests/engine", "tests/cql", "tests/criteria", "tests/reports/test_note.py")
_OURS = ("ketatui", "tests")
_WATCHER = "_reached_in_the_sound_run"
_MEMORY = 3 << 30
_PATIENCE = 600
"""Seconds on the clock after which a process is ended, whatever it does."""
_EXAMPLES = 30
"""Of a property whose test does not say how many."""
_LONGER, _AT_LEAST = 10, 5
"""A test may take so many times as long as on the sound program, and so many seconds."""


@dataclass(frozen=True)
class Judgment:
    """What the tests say of a program.

    Attributes:
        noticed_by: The test that failed first, or why there was none; empty if all passed.
        tests: How many ran.
        seconds: Of the processor.
    """

    noticed_by: str
    tests: int
    seconds: float


@dataclass
class Sound:
    """What a run of the sound program showed.

    Attributes:
        seconds: How long each test takes.
        reached: The tests that reach each expression.
        always: Expressions worked out before any test: they concern every test.
        loaded: Modules of others that the tests load.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    reached: dict[int, list[str]] = field(default_factory=dict)
    always: set[int] = field(default_factory=set)
    loaded: list[str] = field(default_factory=list)


class JudgeProcesses:
    """Judges changed programs.

    Args:
        sound: From `observed`.
    """

    def __init__(self, sound: Sound) -> None:
        self._sound = sound
        self._noticed: dict[str, Counter[str]] = {}
        for name in sound.loaded:
            # Some modules can only be loaded by others.
            with contextlib.suppress(Exception):
                importlib.import_module(name)

    def judge(self, module: str, tree: ast.Module, place: int) -> Judgment:
        """Let the tests judge a changed module.

        Args:
            module: Its dotted name.
            tree: Its code.
            place: The number of the changed expression in the sound run.
        """
        tests = self._tests(module, place)
        if not tests:
            return Judgment("", 0, 0.0)
        judgment: Judgment = _in_child(_judge, {module: tree}, tests, self._sound.seconds)
        if judgment.noticed_by in self._sound.seconds:
            self._noticed.setdefault(module, Counter())[judgment.noticed_by] += 1
        return judgment

    def _tests(self, module: str, place: int) -> list[str]:
        seconds = self._sound.seconds
        tests = seconds if place in self._sound.always else self._sound.reached.get(place, ())
        noticed = self._noticed.get(module, Counter())
        return sorted(tests, key=lambda test: (-noticed[test], seconds[test]))


def observed(modules: Mapping[str, ast.Module], judges: Sequence[str] = JUDGES) -> Sound:
    """Run the tests on the sound program, and see what reaches what.

    Args:
        modules: The watched code, by dotted name (`code_mutations.watched`).
        judges: Where the tests are.

    Raises:
        RuntimeError: A test fails.
    """
    found = _in_child(_observe, modules, judges)
    if isinstance(found, Judgment):
        raise RuntimeError(f"the program as it is fails: {found.noticed_by}")
    assert isinstance(found, Sound)
    return found


def watcher_name() -> str:
    """Return the name of the function that watched code calls."""
    return _WATCHER


# --- a process of its own -------------------------------------------------------------------------


def _in_child(work: Callable[..., Any], *arguments: Any) -> Any:
    """Do something in a forked process; return what it sends, or how it ended."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_child, args=(theirs, work, arguments))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    child.start()
    theirs.close()
    try:
        sent = ours.recv() if ours.poll(_PATIENCE) else "ran forever"
    except EOFError:
        sent = "ran forever, or took all memory"
    child.kill()
    child.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Judgment(sent, 0, seconds) if isinstance(sent, str) else sent


def _child(pipe: Connection, work: Callable[..., Any], arguments: Sequence[Any]) -> NoReturn:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    silence = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(silence, number)
    os.chdir(ROOT)
    sys.path[:] = [str(ROOT), *(entry for entry in sys.path if entry != str(ROOT))]
    for name in list(sys.modules):
        if name.partition(".")[0] in _OURS:
            del sys.modules[name]
    pipe.send(work(*arguments))
    pipe.close()
    os._exit(0)


class _Instead(SourceFileLoader):
    """Loads a module from code at hand."""

    def __init__(self, name: str, path: str, tree: ast.Module) -> None:
        super().__init__(name, path)
        self.tree = tree

    def get_code(self, fullname: str) -> Any:
        return compile(self.tree, self.path, "exec")


class _Finder:
    """Finds modules that are loaded from code at hand."""

    def __init__(self, modules: Mapping[str, ast.Module]) -> None:
        self.modules = modules

    def find_spec(self, name: str, path: object, target: object = None) -> ModuleSpec | None:
        if name not in self.modules:
            return None
        where = ROOT / Path(*name.split(".")).with_suffix(".py")
        loader = _Instead(name, str(where), self.modules[name])
        return importlib.util.spec_from_file_location(name, where, loader=loader)


def _run(modules: Mapping[str, ast.Module], paths: Sequence[str], plugin: object) -> int:
    """Run tests on a program some of whose modules are other ones."""
    import hypothesis

    sys.meta_path.insert(0, _Finder(modules))
    # The same examples every time, and no time spent on making a failing one small.
    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile(
        "judge",
        derandomize=True,
        deadline=None,
        database=None,
        phases=phases,
        max_examples=_EXAMPLES,
    )
    options = ["-x", "-q", "-n0", "-p", "no:cacheprovider", "--hypothesis-profile=judge"]
    # What the forking process has loaded cannot be rewritten any more; none of it asserts.
    options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
    return int(pytest.main([*options, *paths], plugins=[plugin]))


# --- judging --------------------------------------------------------------------------------------


def _judge(
    modules: Mapping[str, ast.Module], tests: Sequence[str], seconds: Mapping[str, float]
) -> Judgment:
    begun = time.process_time()
    judging = _Judging(tests, seconds)
    status = _run(modules, list(dict.fromkeys(name.partition("::")[0] for name in tests)), judging)
    by = judging.failed or ("" if status == 0 else "the tests cannot be loaded")
    return Judgment(by, judging.ran, time.process_time() - begun)


class _Judging:
    """Runs chosen tests, in an order of its own."""

    def __init__(self, tests: Sequence[str], seconds: Mapping[str, float]) -> None:
        self.place = {name: place for place, name in enumerate(tests)}
        self.seconds = seconds
        self.failed = ""
        self.ran = 0

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        chosen = [item for item in items if item.nodeid in self.place]
        items[:] = sorted(chosen, key=lambda item: self.place[item.nodeid])

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        self.ran += 1
        allowed = _LONGER * self.seconds[item.nodeid] + _AT_LEAST
        # Past it the system ends the process.
        limit = int(time.process_time() + allowed) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.failed:
            self.failed = report.nodeid


# --- the sound program ----------------------------------------------------------------------------


def _observe(modules: Mapping[str, ast.Module], judges: Sequence[str]) -> Sound | Judgment:
    before = set(sys.modules)
    observing = _Observing()
    setattr(builtins, _WATCHER, observing.seen.add)
    if _run(modules, judges, observing) != 0:
        return Judgment(observing.failed or "the tests cannot be loaded", 0, 0.0)
    sound = observing.sound
    loaded = [name for name in sys.modules if name not in before]
    sound.loaded = [name for name in loaded if name.partition(".")[0] not in _OURS]
    return sound


class _Observing:
    """Notes what each test reaches."""

    def __init__(self) -> None:
        self.seen: set[int] = set()
        self.sound = Sound()
        self.failed = ""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        self.sound.always |= self.seen
        for module in _our_modules():
            for value in vars(module).values():
                # What an earlier test left in a cache this one needs as well.
                if hasattr(value, "cache_clear"):
                    value.cache_clear()
        self.seen.clear()
        begun = time.process_time()
        try:
            return (yield)
        finally:
            self.sound.seconds[item.nodeid] = time.process_time() - begun
            for place in self.seen:
                self.sound.reached.setdefault(place, []).append(item.nodeid)
            self.seen.clear()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.failed:
            self.failed = report.nodeid


def _our_modules() -> list[Any]:
    return [module for name, module in sys.modules.items() if name.partition(".")[0] in _OURS]
