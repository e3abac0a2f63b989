"""Every text field of a case is looked through, or is exempt for a reason that is written down."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any, get_args, get_origin

import pytest

from ketatui.cases import model
from ketatui.cases.json_form import case_to_data
from ketatui.cases.model import (
    Case,
    Consent,
    ConsentMark,
    Decision,
    Medication,
    Override,
    Revision,
    Trial,
)
from ketatui.criteria.pack import Pack
from ketatui.privacy import (
    Scanner,
    look_through,
    place_text,
    replaced_in,
    scanner_of,
    texts_of,
)
from ketatui.privacy.case_texts import EXEMPT, is_exempt
from ketatui.toml_structs import Table, field_names, fields_of, read_table

AT = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
ITEM = "consent.purpose"
PHONE = "cell 555-0188"


@pytest.fixture(scope="module")
def scanner(pack: Pack) -> Scanner:
    return scanner_of(pack)


def models_within(kind: Any, found: dict[str, type[Table]]) -> dict[str, type[Table]]:
    """Collect every model that a type can hold."""
    if isinstance(kind, type) and get_origin(kind) is None and issubclass(kind, Table):
        if kind.__name__ not in found:
            found[kind.__name__] = kind
            for field in fields_of(kind):
                models_within(field.type, found)
        return found
    for part in get_args(kind):
        models_within(part, found)
    return found


def texts_within(kind: Any) -> bool:
    """Tell whether a type can hold text of its own, outside of models."""
    if kind is str or kind is Any:
        return True
    parts = get_args(kind)[1:] if get_origin(kind) is dict else get_args(kind)
    return any(texts_within(part) for part in parts)


MODELS = models_within(Case, {})


def text_fields() -> Iterator[tuple[str, str]]:
    for name, kind in MODELS.items():
        for field in fields_of(kind):
            if texts_within(field.type):
                yield name, field.name


def test_the_walk_of_the_model_sees_its_tables() -> None:
    tables = {
        name
        for name, kind in vars(model).items()
        if isinstance(kind, type) and issubclass(kind, model.CaseModel)
    }
    assert set(MODELS) >= tables - {"CaseModel"}


def filled(kind: type[Table], planted: str) -> Any:
    """Return a table with a text in every field that can hold one, unchecked."""
    values: dict[str, Any] = dict.fromkeys(field_names(kind))
    for field in fields_of(kind):
        inner = models_within(field.type, {})
        one = filled(next(iter(inner.values())), planted) if inner else f"{planted} {field.name}"
        origin = get_origin(field.type)
        if inner or texts_within(field.type):
            whole = {"key": one} if origin is dict else (one,) if origin is tuple else one
            values[field.name] = whole
    return kind(**values)


def test_every_text_field_is_looked_through_or_exempt() -> None:
    """A text field that is added to any table of a case shows up here by itself."""
    case = filled(Case, PHONE)
    read = {found.text.removeprefix(f"{PHONE} ") for found in texts_of(case)}
    for name, field in text_fields():
        assert is_exempt(name, field) or field in read, f"{name}.{field} is not looked through"


def test_every_exemption_is_of_a_field_there_is() -> None:
    there = {f"{name}.{field}" for name, kind in MODELS.items() for field in field_names(kind)}
    there |= {f"*.{field}" for kind in MODELS.values() for field in field_names(kind)}
    assert set(EXEMPT) <= there
    assert all(EXEMPT.values())


def full_case() -> Case:
    override = Override(
        pathway="im", rule="avm", reason=f"o {PHONE}", by="Dr Jones 555-0188", at=AT
    )
    mark = ConsentMark(discussed_at=AT, teach_back=f"t {PHONE}", note=f"n {PHONE}")
    change = {"what": "notes.patient.age", "old": f"old {PHONE}", "new": "age 50"}
    return Case(
        id="20261121-210143-k3f9",
        label=f"l {PHONE}",
        answers={"patient.age": 50},
        notes={"patient.age": f"x {PHONE}", "patient.sex": "nothing here"},
        trials=(Trial(drug="sertraline"), Trial(drug=f"d {PHONE}")),
        medications=(Medication(name=f"m {PHONE}", dose=f"e {PHONE}"),),
        consent=Consent(present=f"p {PHONE}", interpreter=f"i {PHONE}", items={ITEM: mark}),
        decision=Decision(pathway="im", reason=f"r {PHONE}", by="555-0188", overrides=(override,)),
        revisions=(Revision(number=1, at=AT, by="555-0188", why=f"w {PHONE}", changes=(change,)),),
    ).replaced(assessment={"text": PHONE})


def test_what_is_seen_is_named_by_its_place(scanner: Scanner, pack: Pack) -> None:
    case = full_case()
    found = look_through(scanner, case)
    assert {sighting.seen.text for sighting in found} == {"555-0188"}
    said = [place_text(pack, case, sighting.place) for sighting in found]
    consent = f"Consent, {pack.consent[ITEM].title}"
    assert said == [
        "Label",
        f"Note, {pack.questions['patient.age'].label}",
        "Trial 2, drug",
        "Medicine 1, name",
        "Medicine 1, dose",
        "Consent, present",
        "Consent, interpreter",
        f"{consent}, the patient's own words",
        f"{consent}, note",
        "Decision, reason",
        f"Override, {pack.rules['avm'].title}",
        "Revision 1, why",
        "Revision 1, changes, 0, old",
        "Assessment, text",
    ]
    assert [sighting.sealed for sighting in found] == [False] * 11 + [True] * 2 + [False]


def test_replacing_changes_these_texts_and_nothing_else(scanner: Scanner) -> None:
    case = full_case()
    changed = replaced_in(case, look_through(scanner, case))
    assert look_through(scanner, changed) == ()
    back = json.dumps(case_to_data(changed)).replace("[telephone removed]", "555-0188")
    assert back == json.dumps(case_to_data(case))
    assert changed.decision.by == "555-0188"
    assert changed.assessment == {"text": "cell [telephone removed]"}


def test_replacing_can_be_kept_to_some_places(scanner: Scanner) -> None:
    case = full_case()
    found = look_through(scanner, case)
    changed = replaced_in(case, [item for item in found if not item.sealed])
    assert all(item.sealed for item in look_through(scanner, changed))
    assert changed.revisions == case.revisions


def test_a_case_without_any_is_the_same_case(scanner: Scanner) -> None:
    case = Case(label="52 m, low mood", notes={"patient.age": "since 2019"})
    assert replaced_in(case, look_through(scanner, case)) is case


def test_keys_of_a_newer_program_are_looked_through_too(scanner: Scanner) -> None:
    case = read_table({"label": "x", "remarks": [{"deep": {"text": PHONE}}, 3, None]}, Case)
    found = look_through(scanner, case)
    assert [sighting.place for sighting in found] == [("remarks", 0, "deep", "text")]
    assert replaced_in(case, found).extra == {
        "remarks": [{"deep": {"text": "cell [telephone removed]"}}, 3, None]
    }


UUID = "8c95253e-8ee8-9ae8-6d40-021d702dc78e"
SOURCE = {
    "question": "labs.liver",
    "value": "normal",
    "resource": f"Observation/{UUID}",
    "also": [f"urn:uuid:{UUID}", "Observation/123456789"],
    "code": "http://www.nlm.nih.gov/research/umls/rxnorm|314076",
    "date": "2026-11-20T10:00:00.123-05:00",
    "confirmed_by": "Dr Jones",
}


def test_where_a_confirmed_value_stands_in_a_record_is_no_identifier(scanner: Scanner) -> None:
    case = read_table({"proposals": [SOURCE]}, Case)
    assert look_through(scanner, case) == ()
    assert replaced_in(case, look_through(scanner, case)) is case


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("resource", f"Patient/{UUID}"),
        ("resource", f"https://ehr.example.org/fhir/Patient/{UUID}"),
        ("resource", f"Observation/{UUID} of Mr Hollis"),
        ("also", ["Observation/1", f"Patient/{UUID}"]),
        ("code", "https://ehr.example.org/chart?mrn=00482913"),
        ("date", "born 2026-11-20"),
        ("value", f"Observation/{UUID}"),
        ("question", f"Observation/{UUID}"),
    ],
)
def test_what_is_written_in_its_place_is_looked_through(
    field: str, text: object, scanner: Scanner
) -> None:
    case = read_table({"proposals": [SOURCE | {field: text}]}, Case)
    found = look_through(scanner, case)
    assert {item.place[:3] for item in found} == {("proposals", 0, field)}


def test_the_same_texts_elsewhere_are_looked_through(scanner: Scanner) -> None:
    case = read_table({"notes": {"patient.age": str(SOURCE["resource"])}}, Case)
    assert [item.seen.text for item in look_through(scanner, case)] == [UUID]
