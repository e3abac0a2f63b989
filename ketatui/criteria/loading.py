"""Reading a pack from its folder: TOML to checked models, and a local policy on top."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import tomli

from ketatui.criteria import models as m
from ketatui.criteria.pack import LocalPolicy, Origin, Pack
from ketatui.criteria.problems import PackError, Problem
from ketatui.tables import FaultyTableError, Table, read_table
from ketatui.toml_lines import locate

ENVIRONMENT = "KETATUI_CRITERIA"
"""Environment variable that points at another pack."""

_MAX_BYTES = 4_000_000
_Model = TypeVar("_Model", bound=Table)


def default_folder(environ: Mapping[str, str] | None = None) -> Path:
    """Return the folder of the pack to use when none is named.

    The environment variable first; then the pack the wheel carries; then ``criteria/`` of the
    checkout this package was imported from.
    """
    named = (os.environ if environ is None else environ).get(ENVIRONMENT)
    if named:
        return Path(named)
    package = Path(__file__).resolve().parents[1]
    carried = package / "pack"
    return carried if (carried / "pack.toml").is_file() else package.parent / "criteria"


@dataclass
class _Reader:
    """Reads files of one pack and remembers everything that is wrong with them."""

    folder: Path
    problems: list[Problem] = field(default_factory=list)
    content: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    def one(self, name: str, model: type[_Model]) -> _Model | None:
        """Read one file that has to be there."""
        path = self.folder / name
        data = self._parse(path, name)
        return None if data is None else self._validate(data, name, model)

    def many(self, pattern: str, model: type[_Model]) -> list[tuple[str, _Model]]:
        """Read every file that matches, in the order of their names; at least one has to."""
        paths = sorted(self.folder.glob(pattern))
        if not paths:
            self.problems.append(Problem(pattern, None, "", "no such file in the pack"))
        found = []
        for path in paths:
            name = path.relative_to(self.folder).as_posix()
            data = self._parse(path, name)
            value = None if data is None else self._validate(data, name, model)
            if value is not None:
                found.append((name, value))
        return found

    def compare_parts(self, named: tuple[str, ...]) -> None:
        """Note files the pack names that were not read, and the reverse.

        A pack copied only in part would otherwise say "criteria met" for want of a rule.
        """
        line = locate(self.texts["pack.toml"], ("parts",))
        read = {*self.content, *(problem.file for problem in self.problems)} - {"pack.toml"}
        for name in sorted(set(named) - read):
            self.problems.append(Problem("pack.toml", line, name, "is named as a part and missing"))
        for name in sorted(read - set(named)):
            message = "is in the folder and not named in 'parts'"
            self.problems.append(Problem("pack.toml", line, name, message))

    def _parse(self, path: Path, name: str) -> dict[str, Any] | None:
        try:
            if not path.is_file():
                raise OSError("not a file" if path.exists() else "no such file")
            raw = path.read_bytes()
            if len(raw) > _MAX_BYTES:
                raise OSError(f"larger than {_MAX_BYTES} bytes")
            text = raw.decode("utf-8")
            data = tomli.loads(text, parse_float=Decimal)
        except tomli.TOMLDecodeError as error:
            self.problems.append(Problem(name, _line_of(error), "", f"not TOML: {error}"))
            return None
        except (OSError, ValueError, RecursionError) as error:
            self.problems.append(Problem(name, None, "", f"can not be read: {error}"))
            return None
        self.texts[name] = text
        self.content[name] = data
        return data

    def _validate(self, data: dict[str, Any], name: str, model: type[_Model]) -> _Model | None:
        try:
            return read_table(data, model)
        except FaultyTableError as error:
            for fault in error.faults:
                line = locate(self.texts[name], fault.place)
                said = f"{_dotted(fault.place)}: {fault.said(_shown)}"
                self.problems.append(Problem(name, line, _id_at(data, fault.place), said))
            return None


def _line_of(error: tomli.TOMLDecodeError) -> int | None:
    _, _, tail = str(error).partition("at line ")
    digits = tail.split(",")[0]
    return int(digits) if digits.isdigit() else None


def _shown(value: object) -> str:
    return "this" if isinstance(value, dict | list) else repr(str(value)[:60])


def _dotted(path: tuple[str | int, ...]) -> str:
    return ".".join(str(part) for part in path if not isinstance(part, int)) or "file"


def _id_at(data: Any, path: tuple[str | int, ...]) -> str:
    found = ""
    for part in path:
        if isinstance(data, dict):
            found = str(data.get("id", data.get("name", found)))
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            break
    if isinstance(data, dict):
        found = str(data.get("id", found))
    return found


@dataclass
class _Index:
    """Collects tables by id, with their origin, and refuses a second one of the same id."""

    problems: list[Problem]
    texts: Mapping[str, str]
    origins: dict[tuple[str, str], Origin] = field(default_factory=dict)

    def add(
        self, kind: str, ident: str, value: _Model, into: dict[str, _Model], at: Origin
    ) -> None:
        if ident in into:
            first = self.origins[kind, ident]
            line = locate(self.texts.get(at.file, ""), at.path)
            self.problems.append(
                Problem(at.file, line, ident, f"a second {kind} of this id; first in {first.file}")
            )
            return
        into[ident] = value
        self.origins[kind, ident] = at


def content_digest(content: object) -> str:
    """Digest what was said, not how it was laid out: canonical JSON through SHA-256."""

    def plain(value: object) -> object:
        if isinstance(value, Decimal):
            return f"{value.normalize():f}"
        if isinstance(value, dt.date | dt.time):
            return value.isoformat()
        raise TypeError(type(value).__name__)

    text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=plain)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def load_pack(folder: Path | None = None, policy: Path | None = None) -> Pack:
    """Read a criteria pack, and a local policy on top of it.

    Args:
        folder: The pack's folder; `default_folder` when None.
        policy: A local policy file that changes thresholds and adds rules.

    Returns:
        The pack. Structure is checked here; expressions are when the engine compiles it.

    Raises:
        PackError: Everything that is wrong with its files, each with file and line.
    """
    folder = default_folder() if folder is None else folder
    if not folder.is_dir():
        raise PackError((Problem(str(folder), None, "", "no such criteria folder"),))
    reader = _Reader(folder)
    pack = _assemble(reader)
    if reader.problems or pack is None:
        raise PackError(tuple(sorted(reader.problems, key=_order)))
    return pack if policy is None else _with_policy(pack, policy)


def _order(problem: Problem) -> tuple[str, int, str]:
    return problem.file, problem.line or 0, problem.message


def _assemble(reader: _Reader) -> Pack | None:
    index = _Index(reader.problems, reader.texts)

    def collect(
        kind: str,
        files: list[tuple[str, Any]],
        table: str,
        key: Callable[[Any], str] = lambda item: str(item.id),
    ) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, file in files:
            for number, item in enumerate(getattr(file, table)):
                index.add(kind, key(item), item, found, Origin(name, (table, number)))
        return found

    def single(name: str, model: type[_Model]) -> list[tuple[str, _Model]]:
        value = reader.one(name, model)
        return [] if value is None else [(name, value)]

    info = reader.one("pack.toml", m.PackFile)
    wording = reader.one("wording.toml", m.WordingFile)
    medicines = reader.one("drugs/medicines.toml", m.MedicineFile)
    questions = reader.many("questions/*.toml", m.QuestionFile)
    instruments: dict[str, m.Instrument] = {}
    for name, instrument in reader.many("instruments/*.toml", m.Instrument):
        index.add("instrument", instrument.id, instrument, instruments, Origin(name))
    payers: dict[str, m.Payer] = {}
    for name, payer in reader.many("payers/*.toml", m.Payer):
        index.add("payer", payer.id, payer, payers, Origin(name))
    tables: dict[str, Any] = {
        "questions": collect("question", questions, "questions"),
        "derived": collect("derived fact", single("derived.toml", m.DerivedFile), "derived"),
        "contradictions": collect(
            "contradiction",
            single("contradictions.toml", m.ContradictionFile),
            "contradictions",
        ),
        "thresholds": collect(
            "threshold",
            single("thresholds.toml", m.ThresholdFile),
            "thresholds",
            lambda item: str(item.name),
        ),
        "rules": collect("rule", reader.many("rules/*.toml", m.RuleFile), "rules"),
        "support": collect("support row", single("support.toml", m.SupportFile), "rows"),
        "pathways": collect("pathway", single("pathways.toml", m.PathwayFile), "pathways"),
        "consent": collect("consent item", single("consent.toml", m.ConsentFile), "items"),
        "identifiers": collect(
            "identifier", single("privacy.toml", m.IdentifierFile), "identifiers"
        ),
        "sources": collect("source", single("sources.toml", m.SourceFile), "sources"),
        "antidepressants": collect(
            "antidepressant",
            single("drugs/antidepressants.toml", m.AntidepressantFile),
            "antidepressants",
            lambda item: str(item.name),
        ),
    }
    if info is None or wording is None or medicines is None:
        return None
    reader.compare_parts(info.parts)
    return Pack(
        folder=reader.folder,
        info=info,
        digest=content_digest(reader.content),
        wording=wording,
        sections=tuple(file.section for _, file in questions),
        instruments=instruments,
        payers=payers,
        drug_classes={item.id: item for item in medicines.classes},
        medicines=medicines.names,
        salts=frozenset(medicines.salts),
        section_of={
            question.id: file.section.id for _, file in questions for question in file.questions
        },
        origins=index.origins,
        **tables,
    )


def _with_policy(pack: Pack, path: Path) -> Pack:
    reader = _Reader(path.parent)
    policy = reader.one(path.name, m.PolicyFile)
    if policy is None:
        raise PackError(tuple(problem.replaced(file=str(path)) for problem in reader.problems))
    problems: list[Problem] = []
    for name in policy.thresholds:
        if name not in pack.thresholds:
            known = ", ".join(sorted(pack.thresholds))
            line = locate(reader.texts[path.name], ("thresholds", name))
            problems.append(Problem(str(path), line, name, f"unknown threshold; allowed: {known}"))
    problems += _implausible(pack, policy, str(path), reader.texts[path.name])
    rules = dict(pack.rules)
    origins = dict(pack.origins)
    for number, rule in enumerate(policy.rules):
        at = ("rules", number)
        if rule.id in rules:
            line = locate(reader.texts[path.name], at)
            problems.append(
                Problem(str(path), line, rule.id, "a policy adds rules, it does not replace one")
            )
        rules[rule.id] = rule
        origins["rule", rule.id] = Origin(str(path), at)
    if problems:
        raise PackError(tuple(problems))
    changed = {
        name: pack.thresholds[name].replaced(value=value, authority="local")
        for name, value in policy.thresholds.items()
    }
    return pack.replaced(
        digest=content_digest([pack.digest, reader.content[path.name]]),
        thresholds={**pack.thresholds, **changed},
        rules=rules,
        origins=origins,
        policy=LocalPolicy(
            id=policy.id,
            title=policy.title,
            thresholds=frozenset(policy.thresholds),
            rules=frozenset(rule.id for rule in policy.rules),
        ),
    )


def _implausible(pack: Pack, policy: m.PolicyFile, file: str, text: str) -> list[Problem]:
    """Find values a policy may not set: a slip of the pen must not switch a rule off."""
    values = {**pack.threshold_values, **policy.thresholds}
    found = []
    for name, value in policy.thresholds.items():
        known = pack.thresholds.get(name)
        if known is None:
            continue
        allowed = f"allowed: {known.min} to {known.max} {known.unit}".rstrip()
        if not value.is_finite() or not known.min <= value <= known.max:
            found.append(f"{name}: {value} is out of range; {allowed}")
        elif known.whole and value != value.to_integral_value():
            found.append(f"{name}: a whole number is expected; {allowed}")
    for name, known in pack.thresholds.items():
        if known.not_above and values[name] > values[known.not_above]:
            found.append(f"{name}: {values[name]} is above {known.not_above}")
    return [
        Problem(file, locate(text, ("thresholds", said.partition(":")[0])), "", said)
        for said in found
    ]
