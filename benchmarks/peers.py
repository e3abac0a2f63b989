"""Other engines on the pack's own expressions: ``make bench-peers``.

Each condition of each rule is written in the language of the peer and evaluated on the examples,
whole and with every second answer taken away. Said are the times, and where the answers are others:
an engine that answers where something is not known is quick and wrong.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.bare import READY, command
from benchmarks.clock import in_turn
from benchmarks.engine import comparable
from benchmarks.material import knowledge, said
from benchmarks.start import RUNS, started
from benchmarks.table import Row, print_table
from benchmarks.terminal import APP, Terminal
from ketatui.cql import Value
from ketatui.cql.logic import and_, not_, or_
from ketatui.cql.syntax import Between, Binary, Is, ListOf, Literal, Name, Node, Threshold, Unary
from ketatui.engine import establish

Evaluate = Callable[[Mapping[str, Any]], Any]
_APPS = ("harlequin", "posting")


@dataclass(frozen=True)
class Language:
    """How a peer writes what our expressions say.

    Attributes:
        module: What it is imported as.
        prepare: From an expression to a function of the facts.
        words: Its operators, where they are not ours.
        listed: Membership in a list of items.
        contains: A list that holds an item.
        null: A test for null, of ``{0}``.
        exactly: A test for true or false, of ``{0}`` and ``{1}``.
        negated: The negation of ``{0}``.
    """

    module: str
    prepare: Callable[[Any, str], Evaluate]
    words: Mapping[str, str]
    listed: str
    contains: str
    null: str
    exactly: str
    negated: str = "not ({0})"
    between: str = " , "

    def write(self, node: Node, thresholds: Mapping[str, Decimal]) -> str:
        """Write an expression in the peer's language."""
        match node:
            case Name(id=name):
                return re.sub(r"\W", "_", name)
            case Threshold(name=name):
                return str(thresholds[name])
            case Literal(value=value):
                return {True: "true", False: "false"}.get(value, repr(value))  # type: ignore[call-overload,no-any-return]
            case Unary(op="not", operand=operand):
                return self.negated.format(self.write(operand, thresholds))
            case Unary(operand=operand):
                return f"-({self.write(operand, thresholds)})"
            case Between(operand=operand, low=low, high=high):
                value, least, most = (self.write(part, thresholds) for part in (operand, low, high))
                return f"({value} >= {least} {self.words['and']} {value} <= {most})"
            case Is(operand=operand, what=what, negated=negated):
                value = self.write(operand, thresholds)
                test = self.null if what is None else self.exactly
                text = test.format(value, str(what).lower())
                return self.negated.format(text) if negated else f"({text})"
            case ListOf(items=items):
                return self.between.join(self.write(item, thresholds) for item in items)
            case Binary(op=op, left=left, right=right):
                one, other = self.write(left, thresholds), self.write(right, thresholds)
                if op in ("in", "contains"):
                    pattern = self.listed if op == "in" else self.contains
                    return f"({pattern.format(one, other)})"
                return f"({one} {self.words.get(op, op)} {other})"
        raise AssertionError(node)


def _zen(module: Any, text: str) -> Evaluate:
    compiled = module.compile_expression(text)
    return lambda facts: compiled.evaluate(facts)


def _rule_engine(module: Any, text: str) -> Evaluate:
    context = module.Context(default_value=None)
    rule = module.Rule(text, context=context)
    return lambda facts: rule.evaluate(facts)


def _fhirpath(module: Any, text: str) -> Evaluate:
    compiled = module.compile(text)

    def evaluate(facts: Mapping[str, Any]) -> Any:
        found = compiled(facts)
        return found[0] if found else None

    return evaluate


LANGUAGES = {
    "zen-engine": Language(
        "zen",
        _zen,
        {"and": "and", "or": "or", "=": "==", "<>": "!="},
        "{0} in [{1}]",
        "contains({0}, {1})",
        "{0} == null",
        "{0} == {1}",
    ),
    "rule-engine": Language(
        "rule_engine",
        _rule_engine,
        {"and": "and", "or": "or", "=": "==", "<>": "!="},
        "{0} in [{1}]",
        "{1} in {0}",
        "{0} == null",
        "{0} == {1}",
    ),
    "fhirpathpy": Language(
        "fhirpathpy",
        _fhirpath,
        {"and": "and", "or": "or", "<>": "!="},
        "{0} in ({1})",
        "{0} contains {1}",
        "{0}.empty()",
        "{0}.where($this = {1}).exists()",
        "({0}).not()",
        " | ",
    ),
}


def _plain(value: Value) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return list(value) if isinstance(value, tuple) else value


def _situations() -> list[dict[str, Value]]:
    """Return the facts of the examples, whole and with every second answer taken away."""
    known = knowledge()
    found = []
    for case in comparable():
        half = {name: case.answers[name] for name in sorted(case.answers)[::2]}
        for answers in (case.answers, half):
            changed = case.replaced(answers=answers)
            found.append(dict(establish(known, changed).values))
    return found


_ERROR = "an error"


def _answer(evaluate: Evaluate, facts: Mapping[str, Any]) -> Any:
    try:
        return evaluate(facts)
    except BaseException as error:  # a panic of a native library is no Exception
        if isinstance(error, KeyboardInterrupt):
            raise
        return _ERROR


def compare(name: str, module: Any) -> tuple[Row, list[str]]:
    """Evaluate all conditions with one peer and with ours.

    Args:
        name: A key of `LANGUAGES`.
        module: The peer, imported.

    Returns:
        The times, and a sentence for each kind of other answer.
    """
    language, known = LANGUAGES[name], knowledge()
    thresholds = known.pack.threshold_values
    refused = 0
    both: list[tuple[Callable[[Mapping[str, Value]], Value], Evaluate, str]] = []
    for condition in known.conditions:
        text = language.write(condition.node, thresholds)
        try:
            both.append((condition.value, language.prepare(module, text), condition.text))
        except Exception:
            refused += 1
    situations = [
        (facts, {re.sub(r"\W", "_", key): _plain(value) for key, value in facts.items()})
        for facts in _situations()
    ]
    kinds: dict[tuple[str, str], list[str]] = {}
    for facts, plainly in situations:
        for mine, theirs, text in both:
            expected, found = mine(facts), _answer(theirs, plainly)
            if found is not expected:
                kinds.setdefault((str(expected), str(found)), []).append(text)
    asked = len(both) * len(situations)
    remarks = [f"{refused} of {len(known.conditions)} conditions not accepted"] if refused else []
    for (expected, found), texts in sorted(kinds.items()):
        remarks.append(
            f"{len(texts)} of {asked}: answers {found} where it is {expected}, e.g. {texts[0]}"
        )
    sound = [
        (mine, theirs)
        for mine, theirs, _ in both
        if all(_answer(theirs, plainly) is not _ERROR for _, plainly in situations)
    ]
    facts, plainly = situations[1]
    ours, taken = in_turn(
        lambda: [mine(facts) for mine, _ in sound],
        lambda: [theirs(plainly) for _, theirs in sound],
        30,
    )
    what = f"{len(sound)} conditions of the rules, half the answers"
    return Row(f"peers.{name}", "Peers", what, ours, name, taken), remarks


def logic(name: str, module: Any) -> list[str]:
    """List where a peer's and, or, not differ from three-valued logic."""
    language = LANGUAGES[name]
    values = (True, False, None)
    cases: list[tuple[str, dict[str, Any], bool | None]] = [
        (language.negated.format("a"), {"a": a}, not_(a)) for a in values
    ]
    for a in values:
        for b in values:
            cases.append(("a and b", {"a": a, "b": b}, and_(a, b)))
            cases.append(("a or b", {"a": a, "b": b}, or_(a, b)))
    wrong = []
    for text, facts, expected in cases:
        try:
            found = _answer(language.prepare(module, text), facts)
        except Exception:
            found = _ERROR
        if found is not expected:
            where = ", ".join(f"{key} = {value}" for key, value in facts.items())
            wrong.append(f"{text} with {where}: {found}, not {expected}")
    return [f"{len(wrong)} of {len(cases)} cases of and, or, not wrong", *wrong]


_STILL = 0.4
"""Seconds without output after which a screen is up; less than a cursor takes to blink."""
_PATIENCE = 15.0
_SCREEN = 1000
"""Bytes that a painted screen takes at least."""


def _quiet(program: tuple[str, ...]) -> float | None:
    """Return the ms from exec to the last byte before the screen is still; None if none comes."""
    from time import perf_counter

    with Terminal(program) as terminal:
        last, count = terminal.begun, 0
        while perf_counter() - terminal.begun < _PATIENCE:
            chunk = terminal.read(_STILL)
            if chunk:
                last, count = perf_counter(), count + len(chunk)
            elif count >= _SCREEN:
                return (last - terminal.begun) * 1000
    return None


def _app(name: str) -> str | None:
    """Return where an app is: in the environment made for it beside this one, else on the path."""
    own = Path(sys.prefix) / "apps" / name / "bin" / name
    return str(own) if own.exists() else shutil.which(name)


def starts() -> list[Row]:
    """Start the apps that are installed; each until its screen stays quiet."""
    rows = []
    for name in _APPS:
        path = _app(name)
        if path is None:
            print(f"{name} is not installed: not started", file=sys.stderr)
            continue
        said(f"starting {name}")
        if _quiet((path,)) is None:
            print(f"{name} does not come up in a bare terminal: not measured", file=sys.stderr)
            continue
        pairs = [(_quiet(APP), _quiet((path,))) for _ in range(RUNS)]
        ours = [one for one, _ in pairs if one is not None]
        theirs = [other for _, other in pairs if other is not None]
        what = "exec to a quiet screen, criteria loaded"
        rows.append(Row(f"peers.start.{name}", "Peers", what, ours, name, theirs))
    return rows


def main() -> int:
    """Measure beside what is installed."""
    started(command("static"), READY)
    rows, remarks = [], []
    for name, language in LANGUAGES.items():
        try:
            module = import_module(language.module)
        except ImportError:
            print(f"{name} is not installed: left out", file=sys.stderr)
            continue
        said(name)
        row, found = compare(name, module)
        rows.append(row)
        remarks.append(f"\n{name}: " + "\n    ".join([*found, *logic(name, module)]))
    print_table([*rows, *starts()])
    print("\n".join(remarks))
    return 0


if __name__ == "__main__":
    sys.exit(main())
