"""Random input for everything that reads: cases, criteria, expressions.

Each target runs in a process of its own whose memory is bounded, and each example within a time.
With atheris installed, its coverage-guided mutations follow the ones of Hypothesis.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

from ketatui.cases.errors import CaseError
from ketatui.cases.reading import read_case
from ketatui.cases.toml_text import decode
from ketatui.cases.writing import write_case
from ketatui.cql import ExpressionError, check, compile_expression, parse
from ketatui.criteria.default import default_folder
from ketatui.criteria.loading import load_pack
from ketatui.criteria.problems import PackError
from ketatui.engine import assess, establish
from ketatui.reports.summary import summary
from reliability.nasty import corpus
from reliability.program_user import knowledge
from reliability.tally import Tally

MEMORY = 2_000_000_000
"""Bytes a target may have, Python and the criteria included."""
PATIENCE = 10
"""Seconds an example may take; the harness's own watch."""
_ON = dt.date(2026, 11, 21)
_LARGEST_SEED = 20_000

Target = Callable[[bytes], None]


def case_reader(data: bytes) -> None:
    """Read a case, and write again what could be read."""
    try:
        case = read_case(decode(data, "f"), path="f", pack=knowledge().pack)
    except CaseError as error:
        assert str(error).isprintable() or "\n" in str(error)
        return
    try:
        again = read_case(write_case(case, knowledge().pack), path="f", pack=knowledge().pack)
    except (CaseError, TypeError):
        return
    assert again == case


def assessing(data: bytes) -> None:
    """Assess whatever can be read as a case, and say what came of it."""
    try:
        case = read_case(decode(data, "f"), path="f", pack=knowledge().pack)
    except CaseError:
        return
    assessment = assess(knowledge(), case, _ON, with_changes=False)
    assert len(assessment.pathways) == len(knowledge().pack.pathways)
    text = summary(knowledge().pack, case, assessment)
    assert all(line.isprintable() for line in text.splitlines())


def criteria_reader(data: bytes) -> None:
    """Read a policy file, which may hold thresholds, rules and questions' limits."""
    path = _scratch() / "policy.toml"
    path.write_bytes(data)
    try:
        load_pack(None, path)
    except PackError as error:
        assert error.problems


def expression_parser(data: bytes) -> None:
    """Parse, check and evaluate an expression."""
    text = data.decode("utf-8", errors="surrogateescape")
    try:
        node = parse(text)
        check(node, knowledge().scope)
    except ExpressionError as error:
        assert str(error)
        return
    condition = compile_expression(text, node, knowledge().scope.thresholds)
    case = read_case("[answers]\n", path="f", pack=knowledge().pack)
    condition.value(establish(knowledge(), case).values)


TARGETS: dict[str, Target] = {
    "case reader": case_reader,
    "assess": assessing,
    "criteria reader": criteria_reader,
    "expression parser": expression_parser,
}

_FOLDER: list[tempfile.TemporaryDirectory[str]] = []


def _scratch() -> Path:
    if not _FOLDER:
        _FOLDER.append(tempfile.TemporaryDirectory())
    return Path(_FOLDER[0].name)


# --- what is tried ------------------------------------------------------------------------------


def seeds(target: str) -> list[bytes]:
    """Sound and nasty inputs that random ones begin from."""
    root = default_folder({}).parent
    if target == "expression parser":
        rules = (default_folder({}) / "rules").glob("*.toml")
        texts = [line for path in rules for line in path.read_text("utf-8").splitlines()]
        whens = [line.partition("=")[2].strip() for line in texts if line.startswith("when")]
        more = ["1 + 2 * (3 - 4)", "not (true and null)", "patient.age between 1 and 2"]
        return [text.strip("'\"").encode() for text in (*whens[:400], *more)]
    if target == "criteria reader":
        policies = sorted((root / "docs" / "examples").glob("*.toml"))
        parts = sorted(default_folder({}).rglob("*.toml"))
        return [path.read_bytes()[:_LARGEST_SEED] for path in (*policies, *parts)]
    examples = [path.read_bytes() for path in sorted((root / "saved_cases").glob("*.toml"))]
    nasty = [item.data for item in corpus() if len(item.data) < _LARGEST_SEED]
    return [*(data[:_LARGEST_SEED] for data in examples), *nasty]


_WORDS = (
    "= [ ] [[ ]] { } \" ' \"\"\" ''' , . # ( ) <> <= inf nan -1 1e999 0x true null and or not "
    "between in contains is 9999999999999999999 2026-11-21 threshold. patient.age medical.avm "
    "[answers.patient] [[medications]] \\u001b \u202e \ufeff \r \n"
)
_TOKENS = st.sampled_from([b"\0", b"\xff", *(word.encode() for word in _WORDS.split(" "))])


@st.composite
def mutated(draw: st.DrawFn, begin: list[bytes]) -> bytes:
    """Draw a seed with some pieces cut out, doubled, moved or replaced; or random bytes."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.binary(max_size=200))
    data = draw(st.sampled_from(begin))
    for _ in range(draw(st.integers(1, 6))):
        one, two = sorted(draw(st.integers(0, len(data))) for _ in range(2))
        two = min(two, one + draw(st.sampled_from([0, 1, 8, 200])))
        piece = draw(st.one_of(_TOKENS, st.binary(max_size=4), st.just(data[one:two] * 2)))
        data = data[:one] + piece + data[two:]
    return data


class TooSlowError(Exception):
    """An example took longer than it may."""


def _alarm(number: int, frame: FrameType | None) -> None:
    raise TooSlowError


def tried(name: str, examples: int, seed: int = 1) -> int:
    """Try random inputs on a target in this process; return how many.

    Raises:
        Exception: Whatever the target let through.
    """
    target, count = TARGETS[name], 0

    def one(data: bytes) -> None:
        nonlocal count
        count += 1
        signal.alarm(PATIENCE)
        try:
            target(data)
        finally:
            signal.alarm(0)

    previous = signal.signal(signal.SIGALRM, _alarm)
    run = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=False,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )(given(mutated(seeds(name)))(one))
    try:
        seeded(seed)(run)()
    finally:
        signal.signal(signal.SIGALRM, previous)
    return count


# --- in a process of its own --------------------------------------------------------------------


def apart(name: str, examples: int, seed: int, seconds: int) -> Tally:
    """Try a target in a process with bounded memory."""
    tally = Tally(f"fuzz {name}")
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reads)
        os._exit(_bounded(name, examples, seed, seconds, writes))
    os.close(writes)
    with os.fdopen(reads) as file:
        said = file.read()
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    tally.add("examples by Hypothesis", int(said.split()[0]) if said else 0)
    if seconds and importlib.util.find_spec("atheris"):
        tally.add("seconds of atheris", seconds)
    tally.hold(code == 0, f"ended with {code}; the message is above")
    return tally


def _bounded(name: str, examples: int, seed: int, seconds: int, report: int) -> int:
    import traceback

    knowledge()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    try:
        count = tried(name, examples, seed)
        os.write(report, str(count).encode())
        if seconds and importlib.util.find_spec("atheris"):
            guided(name, seed, seconds)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def guided(name: str, seed: int, seconds: int) -> None:
    """Let atheris look for inputs that reach new code; it ends the process itself."""
    import atheris

    folder = _scratch() / "corpus"
    folder.mkdir()
    for number, data in enumerate(seeds(name)):
        (folder / str(number)).write_bytes(data)
    flags = [f"-max_total_time={seconds}", f"-seed={seed}", f"-timeout={PATIENCE}", "-verbosity=0"]
    flags += [f"-rss_limit_mb={MEMORY // 1_000_000}", f"-artifact_prefix={folder}/"]
    hooked: Any = atheris.instrument_func(TARGETS[name])
    atheris.Setup([sys.argv[0], *flags, str(folder)], hooked, enable_python_coverage=True)
    started = time.monotonic()
    atheris.Fuzz()
    assert time.monotonic() - started >= seconds


def all_targets(examples: int, seed: int, seconds: int) -> list[Tally]:
    """Try every target."""
    if seconds and not importlib.util.find_spec("atheris"):
        print("atheris is not installed (pip install atheris): Hypothesis only", file=sys.stderr)
    return [apart(name, examples, seed, seconds) for name in TARGETS]
