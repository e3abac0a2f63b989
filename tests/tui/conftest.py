from __future__ import annotations

import datetime as dt
import os
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
import textual._callback
import textual._time
import textual.css.parse
import textual.css.stylesheet
import textual.css.tokenize
from textual.css.model import RuleSet
from textual.design import ColorSystem

from ketatui.cases.journal import Journal
from ketatui.cases.library import Library
from ketatui.cases.model import Case, Record
from ketatui.cases.reading import read_case
from ketatui.cases.store import CaseStore, Loaded
from ketatui.consultation import saving
from ketatui.consultation.completing import completed, pack_name
from ketatui.consultation.consultation import Consultation
from ketatui.course.indexing import treated
from ketatui.engine import Knowledge
from ketatui.settings import Settings
from ketatui.tui.screens import panes
from ketatui.tui.session import Resources
from ketatui.tui.widgets.form_list import FormList
from tests.tui.stillness import LOOPS, loop_time
from tests.tui.support import Clock, Hand, SitDown, WatchedApp

NOW = dt.datetime(2026, 11, 21, 21, 1, 43, tzinfo=dt.UTC)
DRAFT_ID = "20261121-200000-d7f3"
CASES = Path(__file__).parent / "cases"


def defaults_of(function: Any) -> dict[str, Any]:
    """Return the defaults of a function's keyword arguments: where a clock is put in."""
    defaults: dict[str, Any] = function.__kwdefaults__
    return defaults


class Ready(Resources):
    """Resources whose pack is loaded already."""

    def load(self) -> None:
        assert self.knowledge is not None


def pytest_asyncio_loop_factories() -> Mapping[str, Any]:
    """Run these tests on a loop that can tell when nothing is left to be done."""
    return LOOPS


@pytest.fixture(autouse=True, scope="session")
def one_clock() -> Iterator[None]:
    """Frames are timed by the clock of the loop, which need not sleep through them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(textual._time, "get_time", loop_time)
        yield


@pytest.fixture(autouse=True)
def at_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cursor rests at once; one test looks at how long it takes."""
    monkeypatch.setattr(panes, "REST", 0.0)


@pytest.fixture(autouse=True, scope="session")
def styles_parsed_once() -> Iterator[None]:
    """Work out colors and parse a style sheet once and not for every app.

    A theme has other colors, and other variables in the style sheet.
    """
    tokens_of: dict[object, Any] = {}

    def tokenize(values: dict[str, str]) -> Any:
        key = tuple(values.items())
        if key not in tokens_of:
            tokens_of[key] = textual.css.tokenize.tokenize_values(values)
        return tokens_of[key]

    parsed: dict[object, tuple[object, list[RuleSet]]] = {}

    def parse(scope: str, css: str, read_from: tuple[str, str], **options: Any) -> list[RuleSet]:
        # Variables are the same object when they are the same: see above.
        variables = options["variable_tokens"]
        named = {**options, "variable_tokens": id(variables)}
        key = (scope, css, read_from, *sorted(named.items()))
        if key not in parsed:
            rules = list(textual.css.parse.parse(scope, css, read_from, **options))
            parsed[key] = (variables, rules)
        return parsed[key][1]

    colors_of: dict[object, dict[str, str]] = {}
    work_out = ColorSystem.generate

    def generate(self: ColorSystem) -> dict[str, str]:
        key = repr(vars(self))
        if key not in colors_of:
            colors_of[key] = work_out(self)
        return colors_of[key].copy()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(textual.css.stylesheet, "parse", parse)
        patch.setattr(textual.css.stylesheet, "tokenize_values", tokenize)
        patch.setattr(ColorSystem, "generate", generate)
        yield


@pytest.fixture(autouse=True, scope="session")
def parameters_counted_once() -> Iterator[None]:
    """Count the parameters of a function once, and not for each closure that is made of it."""
    counted: dict[CodeType, int] = {}
    count = textual._callback._count_parameters

    def of(called: Callable[..., Any]) -> int:
        code = getattr(called, "__code__", None)
        if not isinstance(code, CodeType) or hasattr(called, "__wrapped__"):
            return count(called)
        if code not in counted:
            counted[code] = count(called)
        return counted[code]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(textual._callback, "_count_parameters", of)
        yield


@pytest.fixture(autouse=True)
def no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what only matters when the plug is pulled; ``tests/cases`` looks at that."""
    monkeypatch.setattr(os, "fsync", lambda file: None)


@pytest.fixture(autouse=True)
def own_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No settings, no cases and no time zone but the test's own."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("TZ", "UTC")
    unset = ("NO_COLOR", "KETATUI_CRITERIA", "KETATUI_CASES", "KETATUI_PRACTICE")
    for name in (*unset, "KETATUI_AGE_IDENTITY"):
        monkeypatch.delenv(name, raising=False)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture(autouse=True)
def one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is always the same moment, and a new case always gets the same id."""
    for name, module in list(sys.modules.items()):
        if name.startswith("ketatui.tui.") and hasattr(module, "now"):
            monkeypatch.setattr(module, "now", lambda: NOW)
    for function in (saving.begin, saving.resume, saving.amend):
        monkeypatch.setitem(defaults_of(function), "today", NOW.date)
    tokens = iter(["k3f9", *(f"m{number:03}" for number in range(100))])
    monkeypatch.setattr(saving, "new_token", lambda: next(tokens))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of every form; each key comes a second after the one before."""
    clock = Clock()
    monkeypatch.setitem(defaults_of(FormList.__init__), "clock", clock)
    monkeypatch.setitem(defaults_of(FormList.__init__), "pause", 3600.0)
    return clock


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the cases are."""
    return tmp_path / "cases"


@pytest.fixture
def store(folder: Path, knowledge: Knowledge) -> CaseStore:
    return CaseStore(folder, knowledge.pack)


@pytest.fixture
def desk(folder: Path, knowledge: Knowledge, store: CaseStore, clock: Clock) -> SitDown:
    """Return what opens the app, for ``async with``; without a size at 120 by 40."""

    @asynccontextmanager
    async def sit_down(width: int = 120, height: int = 40, **settings: Any) -> AsyncIterator[Hand]:
        chosen = Settings(welcomed=True).replaced(**settings)
        pack = knowledge.pack
        library = Library(folder, pack, stamp=pack.digest, index=None, courses=treated)
        ready = Ready(folder, None, None, chosen, knowledge, store, _library=library)
        app = WatchedApp(ready, clock=clock)
        async with app.run_test(size=(width, height)):
            hand = Hand(app, clock)
            await hand.settle()
            yield hand
            if app.return_code is None:
                assert hand.lines
            hand.check()
        library.close()

    return sit_down


@pytest.fixture
def draft(folder: Path, knowledge: Knowledge) -> Callable[[Case], Path]:
    """Leaves a draft behind, as a closed window does."""

    def leave_one(case: Case, label: str = "a case from before") -> Path:
        known = case.replaced(id=DRAFT_ID, label="", record=Record(created_at=NOW))
        pack = pack_name(knowledge)
        journal = Journal.create(folder, known, pack=pack, base=None, now=NOW)
        journal.append({"edit": {"do": "label", "text": label}, "label": label})
        journal.close()
        os.utime(journal.path, (NOW.timestamp(), NOW.timestamp()))
        return journal.path

    return leave_one


@pytest.fixture
def filed(store: CaseStore, knowledge: Knowledge) -> Callable[..., Loaded]:
    """Saves a case, and each further one as its next revision, with assessment and seals."""

    def save(*cases: Case, ident: str = DRAFT_ID) -> Loaded:
        loaded: Loaded | None = None
        for number, case in enumerate(cases):
            known = case.replaced(id=ident)
            consultation = Consultation(knowledge, known, today=NOW.date)
            why = "amended" if loaded else "end of the consultation"
            loaded = store.save(
                completed(consultation),
                base=loaded.stamp if loaded else None,
                by="dr b",
                why=why,
                now=NOW + dt.timedelta(minutes=number),
            )
        assert loaded is not None
        return loaded

    return save


@pytest.fixture(scope="session")
def case_of(knowledge: Knowledge) -> Callable[[str], Case]:
    """Reads one of the cases of this folder by the start of its name."""

    def read(name: str) -> Case:
        path = next(CASES.glob(f"{name}*.toml"))
        return read_case(path.read_text("utf-8"), path=str(path), pack=knowledge.pack)

    return read
