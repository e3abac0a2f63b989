"""Every file that ships is one that the contract allows, by its models and by its JSON Schemas."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import tomli
from pydantic import BaseModel, ValidationError

from ketatui.cli import main
from ketatui.contract.answers import with_answers, with_courses
from ketatui.contract.case import Answered, Case
from ketatui.contract.schemas import KINDS
from ketatui.criteria.default import default_folder
from ketatui.criteria.loading import load_pack
from ketatui.criteria.pack import Pack
from scripts.schemas import FOLDER, files, schema_text, with_line
from tests.contract.held import hold
from tests.contract.support import ROOT, as_json, unsaid
from tests.each import each
from tests.effort import some

CASES = [*sorted((ROOT / "saved_cases").glob("*.toml"))]
PRACTICE = [*sorted((ROOT / "tests" / "practice" / "cases").glob("*.toml"))]
FILES = [*files(), *((path, "case") for path in CASES), *((p, "practice-case") for p in PRACTICE)]
SOME = [row for kind in KINDS for row in some([row for row in FILES if row[1] == kind])]
"""Of each kind: holding a file against its schema takes longer than against its model."""


@cache
def model_of(what: str) -> type[BaseModel]:
    model = KINDS[what].model
    if not issubclass(model, Answered):
        return model
    return with_courses(with_answers(model, shipped()), shipped())


@cache
def shipped() -> Pack:
    return load_pack(default_folder({}))


@cache
def validator(what: str) -> Any:
    return jsonschema.Draft202012Validator(shipped_schema(what))


def shipped_schema(what: str) -> Any:
    return json.loads((FOLDER / f"{what}.schema.json").read_text("utf-8"))


@each(("path", "what"), FILES)
def test_a_shipped_file_keeps_to_the_contract(path: Path, what: str) -> None:
    read = model_of(what).model_validate(tomli.loads(path.read_text("utf-8"), parse_float=Decimal))
    assert unsaid(read) == []


@each(("path", "what"), SOME)
def test_a_shipped_file_keeps_to_its_schema(path: Path, what: str) -> None:
    data = tomli.loads(path.read_text("utf-8"))
    assert not list(validator(what).iter_errors(as_json(data)))


def every_pack_file() -> Iterator[Path]:
    return (ROOT / "criteria").rglob("*.toml")


def test_every_file_of_the_pack_is_of_a_kind() -> None:
    assert {path for path, _ in files()} >= set(every_pack_file())


@each(("path", "what"), list(files()))
def test_a_file_that_people_edit_names_its_schema(path: Path, what: str) -> None:
    assert path.read_text("utf-8") == with_line(path, what), "run scripts/schemas.py"
    line = path.read_text("utf-8").splitlines()[0]
    assert (path.parent / line.removeprefix("#:schema ")).resolve().is_file()


@each("what", KINDS)
def test_a_shipped_schema_is_current(what: str, pack: Pack) -> None:
    there = FOLDER / f"{what}.schema.json"
    assert there.read_text("utf-8") == schema_text(what, pack), "run scripts/schemas.py"


def test_a_shipped_schema_is_one() -> None:
    # Schemas share most of their parts, and these their fields: each is looked at once, without
    # its words, whichever it is of.
    wholes = [shipped_schema(what) for what in KINDS]
    parts = [part for whole in wholes for part in whole.pop("$defs", {}).values()]
    fields = [it for part in [*wholes, *parts] for it in part.pop("properties", {}).values()]
    apart = {}
    for schema in [*wholes, *parts, *fields]:
        said = [schema.pop(word, "") for word in ("title", "description")]
        assert all(isinstance(word, str) for word in said)
        apart[json.dumps(schema)] = schema
    assert len(fields) > 500
    jsonschema.Draft202012Validator.check_schema({"$defs": apart})


def test_no_schema_is_left_of_a_kind_that_went() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {f"{what}.schema.json" for what in KINDS}


@each(
    ("table", "wrong"),
    [
        ({"answers": {"patient": {"age": "46"}}}, "a text for a number"),
        ({"answers": {"patient": {"age": 460}}}, "outside its limits"),
        ({"answers": {"patient": {"weight_kg": 4600}}}, "outside its limits"),
        ({"answers": {"patient": {"weight_kg": 0.5}}}, "outside its limits"),
        ({"answers": {"patient": {"sex": "horse"}}}, "no such code"),
        ({"answers": {"patient": {"hat": 7}}}, "no such question"),
        ({"answers": {"vitals": {"systolic": True}}}, "a truth value for a number"),
        ({"unknown": ["medical.nothing"]}, "no such question"),
        ({"dates": {"vitals.systolic": "yesterday"}}, "no date"),
        ({"scale_items": {"scales.phq9": {"interest": 4}}}, "no such score"),
        ({"courses": [{"id": "c1", "pathway": "nasal", "basis": "trd", "site": "x"}]}, "pathway"),
    ],
)
def test_what_the_program_refuses_in_a_case_the_contract_refuses(
    table: dict[str, Any], wrong: str
) -> None:
    with pytest.raises(ValidationError):
        model_of("case").model_validate(table)
    errors = list(validator("case").iter_errors(table))
    # A date is a format to JSON Schema, which says nothing by itself.
    assert errors or wrong == "no date"


@each(
    "visit",
    [
        {"answers": {"visit": {"systolic": 301}}},
        {"answers": {"visit": {"cns_depressant": "some"}}},
        {"answers": {"visit": {"hat": 7}}},
        {"unknown": ["vitals.spo2"]},
        {"kind": "phone"},
    ],
)
def test_what_the_program_refuses_in_a_visit_its_schema_refuses(visit: dict[str, Any]) -> None:
    right = {"number": 1, "date": "2026-11-23", "answers": {"visit": {"systolic": 128}}}
    course = {"id": "c1", "pathway": "spravato", "basis": "trd", "site": "outpatient_clinic"}
    for row, errors in ((right, 0), ({**right, **visit}, 1)):
        assert len(list(validator("visit").iter_errors(row))) == errors
        case = {"courses": [{**course, "visits": [row]}]}
        assert bool(list(validator("case").iter_errors(case))) is bool(errors)


def test_numbers_are_numbers_and_no_text() -> None:
    with pytest.raises(ValidationError):
        KINDS["policy"].model.model_validate(
            {"id": "a", "title": "b", "thresholds": {"bp_hold_systolic": "160"}}
        )
    with pytest.raises(ValidationError):
        KINDS["policy"].model.model_validate(
            {"id": "a", "title": "b", "thresholds": {"bp_hold_systolic": float("nan")}}
        )


def test_a_case_that_is_read_as_json_keeps_its_numbers() -> None:
    text = '{"answers": {"patient": {"weight_kg": 81.0, "height_cm": 171.5}}}'
    case = model_of("case").model_validate_json(text)
    assert isinstance(case, Case)
    assert case.model_dump_json(exclude_unset=True) == text.replace(" ", "")


def test_a_key_that_is_no_id_is_no_entry() -> None:
    table = {"id": "a", "title": "b", "thresholds": {"No Such Name": 1}}
    with pytest.raises(ValidationError):
        KINDS["policy"].model.model_validate(table)
    assert list(validator("policy").iter_errors(table))


def test_a_date_is_no_number_of_seconds() -> None:
    with pytest.raises(ValidationError):
        model_of("case").model_validate_json('{"dates": {"vitals.systolic": 86400}}')


def test_the_command_prints_the_schema_that_ships(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["criteria", "schema", "thresholds"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads((FOLDER / "thresholds.schema.json").read_text("utf-8"))
    assert main(["criteria", "schema"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(KINDS)
    assert main(["criteria", "schema", "nothing"]) == 2
    assert "allowed: case, " in capsys.readouterr().err


@each("path", CASES)
def test_what_is_said_of_a_shipped_case_keeps_to_the_contract(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["assess", "--json", "--on", "2026-11-21", str(path)]
    assert main(command) == 0
    printed = capsys.readouterr().out
    hold(command, printed)
    assert not list(validator("assessment").iter_errors(json.loads(printed)))
