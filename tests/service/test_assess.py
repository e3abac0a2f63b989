"""``POST /assess`` and ``/visits/assess``: what the commands say, by the contract's models."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import tomli
from fastapi import FastAPI
from jsonschema import Draft202012Validator

from ketatui.cases.writing import write_case
from ketatui.cli import main
from ketatui.contract.assessment import Assessment, VisitAssessment
from tests.course.support import course_of, earlier, screened, screening_knowledge, visit_of
from tests.service.support import client

ROOT = Path(__file__).resolve().parents[2]
CASES = sorted((ROOT / "saved_cases").glob("*-example*.toml"))


def as_json(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(json.dumps(tomli.loads(path.read_text("utf-8")), default=str))
    return data


def by_command(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main([*arguments, "--json", "--on", "2026-11-27"]) == 0
    data: dict[str, Any] = json.loads(capsys.readouterr().out)
    return data


_OF_A_LIBRARY = r"(Input|Field|String|List|Value|Extra|Date|Datetime|Decimal|Unable|Assertion)\b"


@pytest.mark.parametrize("path", CASES[:6], ids=lambda path: path.stem)
async def test_a_case_is_assessed_as_by_the_command(
    path: Path, app: FastAPI, capsys: pytest.CaptureFixture[str]
) -> None:
    async with client(app) as http:
        answer = await http.post("/assess?on=2026-11-27", json=as_json(path))
    assert answer.status_code == 200, answer.text
    Assessment.model_validate_json(answer.content)
    assert answer.json() == by_command(capsys, "assess", str(path))


async def test_a_visit_is_assessed_as_by_the_command(
    app: FastAPI, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    course = course_of("spravato", [*earlier("spravato", 3), visit_of("spravato", number=2)])
    case = screened().replaced(id="20270104-080000-k3f9", courses=(course,))
    path = tmp_path / "20270104-080000-k3f9.toml"
    path.write_text(write_case(case, screening_knowledge().pack), "utf-8")
    address = "/visits/assess?on=2026-11-27"
    async with client(app) as http:
        answer = await http.post(address, json=as_json(path))
        first = await http.post(f"{address}&visit=1&course=c1", json=as_json(path))
        meant = as_json(path)
        meant["courses"][0]["visits"][0]["type"] = "review"
        meant["courses"][0]["visits"][1]["first_dose_at"] = "0001-01-01T00:00:00+14:00"
        remarked = [await http.post(way, json=meant) for way in (address, "/assess?on=2026-11-27")]
        missing = await http.post("/visits/assess?visit=9999", json=as_json(path))
        elsewhere = await http.post("/visits/assess?course=c9", json=as_json(path))
        no_course = await http.post("/visits/assess", json={"answers": {}})
    VisitAssessment.model_validate_json(answer.content)
    assert answer.json() == by_command(capsys, "course", "assess", str(path))
    assert first.json() == by_command(capsys, "course", "assess", str(path), "--visit", "1")
    said = "there is no such key: kept as it is, and not read"
    for item in remarked:
        assert item.json()["remarks"] == [
            f"courses row 1 visits row 1 type: {said}",
            "courses row 1 visits row 2 first_dose_at: "
            "is of another day than the visit, whose date counts: 2027-01-04",
        ]
    refused = [item.json()["detail"] for item in (missing, elsewhere, no_course)]
    assert refused == [
        "the course has no such visit; allowed: 1, 2",
        "there is no such course of treatment; allowed: c1",
        "there is no such course of treatment; allowed: none",
    ]


@pytest.mark.parametrize(
    ("case", "where"),
    [
        ({"answers": {"patient": {"age": 460}}}, "answers.patient.age"),
        ({"answers": {"patient": {"agee": 46}}}, "answers.patient.agee"),
        ({"answers": {"patient": {"sex": "x"}}}, "answers.patient.sex"),
        ({"answers": {"vitals": {"systolic": True}}}, "answers.vitals.systolic"),
        ({"unknown": ["vitals.nothing"]}, "unknown.0"),
        ({"dates": {"vitals.systolic": 86400}}, "dates.vitals.systolic"),
        ({"dates": {"vitals.systolic": "86400"}}, "dates.vitals.systolic"),
        ({"answers": {"vitals": {"systolic": 80, "diastolic": 90}}}, "vitals.diastolic"),
        ({"schema": 2}, "schema"),
        ([], ""),
    ],
)
async def test_a_case_that_cannot_be_used_is_refused_with_its_places(
    case: Any, where: str, app: FastAPI
) -> None:
    async with client(app) as http:
        answer = await http.post("/assess", json=case)
    assert answer.status_code == 422
    problems = answer.json()["problems"]
    assert where in {item["where"] for item in problems}
    # In the words of the program: what it is not, and what is allowed.
    for item in problems:
        assert not re.match(_OF_A_LIBRARY, item["message"]), item


@pytest.mark.parametrize("on", ["86400", "2026-02-30", "2026-11-21T00:00:00", "", "today"])
async def test_a_day_is_written_in_one_way(on: str, app: FastAPI) -> None:
    async with client(app) as http:
        answer = await http.post("/assess", params={"on": on}, json={"answers": {}})
    assert answer.status_code == 422


async def test_the_description_holds_the_models_of_the_contract(app: FastAPI) -> None:
    async with client(app) as http:
        said = (await http.get("/openapi.json")).json()
    names = ("Case", "Assessment", "VisitAssessment", "Cards", "SignRequest", "ProblemReport")
    assert set(names) <= set(said["components"]["schemas"])
    text = json.dumps(said)
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', text))
    assert named <= set(said["components"]["schemas"])
    for schema in said["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    assert set(said["paths"]) == {
        "/assess",
        "/visits/assess",
        "/cds-services",
        "/cds-services/ketatui-patient-view",
        "/cds-services/ketatui-order-select",
        "/cds-services/ketatui-order-sign",
        "/cds-services/ketatui-patient-view/feedback",
        "/cds-services/ketatui-order-select/feedback",
        "/cds-services/ketatui-order-sign/feedback",
    }


@pytest.mark.parametrize(
    "body",
    [
        b'{"answers": {"medical": {"avm": true}}, "answers": {}}',
        b'{"answers": {"medical": {"avm": true, "avm": false}}}',
    ],
)
async def test_what_is_said_twice_is_refused_and_neither_is_taken(
    body: bytes, app: FastAPI
) -> None:
    async with client(app) as http:
        answer = await http.post(
            "/assess", content=body, headers={"Content-Type": "application/json"}
        )
    assert answer.status_code == 400
    assert "more than once in one object: a" in answer.json()["detail"]


@pytest.mark.parametrize("address", ["/assess", "/visits/assess"])
@pytest.mark.parametrize(
    "body", [{}, {"case": {"answers": {"medical": {"avm": True}}}}, {"id": "x"}]
)
async def test_what_holds_no_case_is_refused_and_not_assessed_as_one_nothing_is_known_of(
    address: str, body: dict[str, object], app: FastAPI
) -> None:
    async with client(app) as http:
        answer = await http.post(address, json=body)
    assert answer.status_code == 422
    [problem] = answer.json()["problems"]
    assert problem["where"] == "answers"
    assert problem["message"].startswith("is missing: this is no case; allowed: ")
