"""Catalogs and generated cases for the tests of this room."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from ketatui.cases.model import Case
from ketatui.criteria.models import (
    Column,
    ConsentFile,
    DrugClass,
    Instrument,
    Question,
    QuestionFile,
)
from ketatui.toml_structs import read_table

ROOT = Path(__file__).resolve().parents[2]
NOW = dt.datetime(2026, 11, 21, 21, 1, 43, tzinfo=dt.UTC)
CASE_ID = "20261121-210143-k3f9"


@dataclass(frozen=True)
class Catalog:
    questions: Mapping[str, Question]
    instruments: Mapping[str, Instrument]
    pathway_ids: tuple[str, ...] = ("spravato", "iv", "im", "oral")
    consent_ids: tuple[str, ...] = ("consent.purpose", "consent.off-label")
    course: None = None
    drug_classes: Mapping[str, DrugClass] = field(
        default_factory=lambda: {"opioid": DrugClass(id="opioid", title="Opioids")}
    )


def question(name: str, kind: str, **more: Any) -> Question:
    words = {"label": name[:44], "text": "?", "help": "h", "why": "w", "sources": ("s",)}
    return read_table({"id": name, "kind": kind, **words, **more}, Question)


def _options(*codes: str) -> list[dict[str, Any]]:
    return [{"code": code, "label": code} for code in codes]


def _column(name: str, kind: str, **more: Any) -> Column:
    return read_table({"id": name, "label": name, "kind": kind, **more}, Column)


def hand_made() -> Catalog:
    renal = [{"code": "none", "label": "no", "also": ["normal"]}, *_options("dialysis")]
    trials = (
        _column("drug", "text"),
        _column("daily_dose_mg", "decimal", min=0, max=5000, unit="mg"),
        _column("weeks", "decimal", min=0, max=1000),
        _column("outcome", "choice", options=_options("no_response", "partial_response")),
        _column("adherent", "bool"),
        _column("current_episode", "bool"),
    )
    questions = [
        question("patient.age", "int", min=0, max=120, unit="years"),
        question("patient.weight_kg", "decimal", min=2, max=400, unit="kg"),
        question("indication.diagnosis", "choice", options=_options("mdd", "ptsd")),
        question("scales.phq2", "scale", min=0, max=6, instrument="phq2"),
        question("antidepressant_trials", "rows", columns=trials),
        question("trials.rows_complete", "bool"),
        question("medical.renal", "choice", options=renal),
        question("medical.avm", "bool"),
        question("scales.total_only", "scale", instrument="total"),
        question("vitals.systolic", "int", min=50, max=300, unit="mmHg"),
        question("vitals.diastolic", "int", min=20, max=200, below="vitals.systolic"),
        question("medications", "rows", columns=(_column("name", "text"), _column("dose", "text"))),
        question("medications.reviewed", "bool"),
        question("deep.er.still", "bool"),
    ]
    words = {"title": "t", "intro": "i", "licence": "l", "sources": ["s"]}
    item = {"text": "?", "options": ["a", "b", "c", "d"]}
    items = [{"id": "interest", **item}, {"id": "mood", **item}]
    phq2 = {"id": "phq2", "question": "scales.phq2", "max": 6, "items": items, **words}
    total = {"id": "total", "question": "scales.total_only", "max": 60, **words}
    instruments = {
        "phq2": read_table(phq2, Instrument),
        "total": read_table(total, Instrument),
    }
    return Catalog({row.id: row for row in questions}, instruments)


@cache
def shipped() -> Catalog:
    folder = ROOT / "criteria"
    files = sorted((folder / "questions").glob("*.toml"))
    questions = {
        row.id: row
        for file in files
        for row in read_table(tomllib.loads(file.read_text()), QuestionFile).questions
    }
    scales = [
        read_table(tomllib.loads(file.read_text()), Instrument)
        for file in sorted((folder / "instruments").glob("*.toml"))
    ]
    consent = read_table(tomllib.loads((folder / "consent.toml").read_text()), ConsentFile)
    ids = tuple(item.id for item in consent.items)
    return Catalog(questions, {scale.id: scale for scale in scales}, consent_ids=ids)


# --- generated cases ----------------------------------------------------------------------------

text = st.text(st.characters(codec="utf-8"), max_size=20)
said = text.map(str.strip).filter(bool)
moments = st.datetimes(
    dt.datetime(1990, 1, 1),
    dt.datetime(2100, 1, 1),
    timezones=st.sampled_from([dt.UTC, dt.timezone(dt.timedelta(hours=-5, minutes=-30))]),
)
decimals = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9)
foreign_values = st.recursive(
    st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | decimals
    | text
    | moments
    | st.dates(dt.date(1800, 1, 1), dt.date(2999, 12, 31))
    | st.times(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=6,
)
foreign = st.dictionaries(text.map("x-".__add__), foreign_values, max_size=2)


def _table(required: dict[str, Any], optional: dict[str, Any]) -> st.SearchStrategy[Any]:
    known = st.fixed_dictionaries(required, optional=optional)
    return st.builds(lambda a, b: {**b, **a}, known, foreign)


TRIALS = _table(
    {"drug": text},
    {
        "daily_dose_mg": st.decimals(0, 5000, allow_nan=False, places=2),
        "weeks": st.integers(0, 1000).map(Decimal),
        "outcome": st.sampled_from(["no_response", "partial_response"]),
        "adherent": st.booleans(),
        "dose_adequate": st.booleans(),
    },
)
CONSENT = _table(
    {},
    {
        "outcome": st.sampled_from(["agreed", "declined", "deferred"]),
        "ended_at": moments,
        "present": text,
        "copy_given": st.booleans(),
        "items": st.dictionaries(
            st.sampled_from(["consent.purpose", "consent.off-label"]),
            _table({"discussed_at": moments}, {"teach_back": text}),
        ),
    },
)
OVERRIDE = _table(
    {
        "pathway": st.sampled_from(["spravato", "iv"]),
        "rule": text,
        "reason": said,
        "by": said,
        "at": moments,
    },
    {},
)
DECISION = _table(
    {},
    {
        "pathway": st.sampled_from(["iv", "none"]),
        "reason": text,
        "at": moments,
        "overrides": st.lists(OVERRIDE, max_size=2),
    },
)
REVISION = _table(
    {"number": st.integers(1, 9), "at": moments},
    {"by": text, "changes": st.lists(foreign, max_size=2), "digest": text},
)
_SAID = {"at": moments, "by": said, "role": said, "revision": st.integers(0, 9), "digest": text}
REVIEW = _table(
    {"id": text, "kind": st.sampled_from(["comment", "agree", "disagree"]), "text": said, **_SAID},
    {"on": st.sampled_from(["case", "decision", "answer:medical.avm", "finding:iv/avm"])},
)
SIGNATURE = _table({"meaning": st.sampled_from(["reviewed", "co-signed", "amended"]), **_SAID}, {})
ANSWERS = {
    "patient.age": st.integers(0, 120),
    "patient.weight_kg": st.decimals(2, 400, allow_nan=False, places=1),
    "indication.diagnosis": st.sampled_from(["mdd", "ptsd"]),
    "scales.phq2": st.integers(0, 6),
    "trials.rows_complete": st.booleans(),
    "medical.avm": st.booleans(),
    "vitals.systolic": st.integers(151, 300),
    "vitals.diastolic": st.integers(20, 150),
    "medications.reviewed": st.booleans(),
    "deep.er.still": st.booleans(),
}
CASES = _table(
    {},
    {
        "id": text,
        "label": text,
        "state": st.sampled_from(["draft", "final", "amended"]),
        "practice": st.booleans(),
        "unknown": st.sets(st.sampled_from(["medical.renal", "scales.total_only"])).map(list),
        "answers": st.fixed_dictionaries({}, optional=ANSWERS),
        "scale_items": st.just({"scales.phq2": {"mood": 2}}),
        "notes": st.dictionaries(st.sampled_from(["medical.avm", "medications"]), text),
        "trials": st.lists(TRIALS, max_size=3),
        "medications": st.lists(_table({"name": text}, {"dose": text}), max_size=3),
        "consent": CONSENT,
        "decision": DECISION,
        "assessment": st.none() | foreign,
        "record": _table({}, {"created_at": moments, "program": text}),
        "reviews": st.lists(REVIEW, max_size=2),
        "signatures": st.lists(SIGNATURE, max_size=2),
        "revisions": st.lists(REVISION, max_size=2),
    },
).map(lambda data: read_table(data, Case))
