"""The contract and the structs inside say the same: names, kinds, limits, what has to be there."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

import msgspec
from pydantic import BaseModel

from ketatui.cases import courses
from ketatui.cases import model as cases
from ketatui.contract import (
    authoring,
    case,
    course,
    course_pack,
    packs,
    policy,
    practice,
    questions,
    record_map,
    reference,
    rules,
)
from ketatui.criteria import models
from ketatui.practice import authoring as practice_authoring
from ketatui.practice import class_models
from ketatui.practice import models as practice_models
from ketatui.toml_structs import ClosedTable, OpenTable
from tests.each import each

CONTRACT = (
    questions,
    rules,
    reference,
    packs,
    policy,
    practice,
    authoring,
    course_pack,
    record_map,
)
Shape = Any


def named(module: ModuleType, base: type) -> dict[str, Any]:
    return {
        name: kind
        for name, kind in vars(module).items()
        if isinstance(kind, type) and issubclass(kind, base) and not kind.__name__.startswith("_")
    }


OF_CRITERIA = [
    import_module(f"{models.__name__}.{module.name}") for module in iter_modules(models.__path__)
]
INSIDE = {
    name: kind
    for module in (*OF_CRITERIA, practice_models, class_models, practice_authoring)
    for name, kind in named(module, ClosedTable).items()
}
OUTSIDE = {name: kind for module in CONTRACT for name, kind in named(module, BaseModel).items()}
TABLES = sorted(INSIDE.keys() - {"ClosedTable", "PackModel", "PracticeFile", "PracticeBase"})

LIMITS = ("pattern", "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems")


def shape(schema: Mapping[str, Any], defs: Mapping[str, Any]) -> Shape:
    """A schema without words, defaults and the order of alternatives."""
    if "$ref" in schema:
        return shape(defs[schema["$ref"].rpartition("/")[2]], defs)
    if "anyOf" in schema:
        return ("any", frozenset(shape(part, defs) for part in schema["anyOf"]))
    if "const" in schema or "enum" in schema:
        return ("enum", frozenset(schema.get("enum", [schema.get("const")])))
    kind = schema.get("type")
    if schema.get("format") == "decimal":
        kind = "number"
    found: list[Any] = [kind]
    for limit in LIMITS:
        if limit in schema:
            value = schema[limit]
            found.append((limit, value.replace(r"\Z", "$") if limit == "pattern" else value))
    if "properties" in schema:
        required = set(schema.get("required", ()))
        found += sorted(
            (name, name in required, shape(part, defs))
            for name, part in schema["properties"].items()
        )
    elif kind == "object":
        names = schema.get("propertyNames", {}).get("pattern")
        inside = schema.get("additionalProperties")
        for pattern, value in schema.get("patternProperties", {}).items():
            names, inside = pattern, value
        found.append(shape(inside, defs) if isinstance(inside, Mapping) else None)
        found.append(names and names.replace(r"\Z", "$"))
    if "items" in schema:
        found.append(shape(schema["items"], defs))
    return tuple(found)


def of_struct(kind: type) -> Shape:
    (schema,), defs = msgspec.json.schema_components([kind])
    return shape(schema, defs)


def of_model(kind: type[BaseModel]) -> Shape:
    schema = kind.model_json_schema()
    return shape(schema, schema.get("$defs", {}))


def fields_of_struct(kind: type) -> dict[str, bool]:
    return {
        field.encode_name: field.required
        for field in msgspec.structs.fields(kind)
        if field.name != "extra"
    }


def fields_of_model(kind: type[BaseModel]) -> dict[str, bool]:
    return {field.alias or name: field.is_required() for name, field in kind.model_fields.items()}


@each("name", TABLES)
def test_a_table_of_a_pack_is_the_same_inside_and_in_the_contract(name: str) -> None:
    assert name in OUTSIDE, f"{name} has no model in ketatui/contract"
    assert fields_of_model(OUTSIDE[name]) == fields_of_struct(INSIDE[name])
    assert of_model(OUTSIDE[name]) == of_struct(INSIDE[name])


def test_the_contract_has_no_table_of_a_pack_that_nobody_reads() -> None:
    assert OUTSIDE.keys() - INSIDE.keys() <= {"Closed", "Open", "Answered"}


def test_a_practice_case_says_beside_its_answers_what_is_read() -> None:
    said = fields_of_model(practice.PracticeFile)
    beside = {
        name: need for name, need in said.items() if name not in fields_of_model(case.Answered)
    }
    assert beside == fields_of_struct(practice_models.PracticeFile)


def test_a_base_says_beside_its_answers_what_is_read() -> None:
    said = fields_of_model(practice.PracticeBase)
    beside = {
        name: need for name, need in said.items() if name not in fields_of_model(case.Answered)
    }
    assert beside == fields_of_struct(practice_models.PracticeBase)


INSIDE_CASES = named(cases, OpenTable) | named(courses, OpenTable)
CASE_TABLES = sorted(INSIDE_CASES.keys() - {"CaseModel", "OpenTable", "Case"})


@each("name", CASE_TABLES)
def test_a_table_of_a_case_is_in_the_contract(name: str) -> None:
    # A course has a file of its own in the contract. The contract may say more than is read yet:
    # a case keeps keys it does not know.
    outside = getattr(case, name, None) or getattr(course, name)
    inside = fields_of_struct(INSIDE_CASES[name])
    said = fields_of_model(outside)
    assert {key: said.get(key) for key in inside} == inside


def test_a_case_is_in_the_contract() -> None:
    inside = fields_of_struct(cases.Case).keys() - {"trials"} | {"antidepressant_trials"}
    assert inside <= fields_of_model(case.Case).keys()
