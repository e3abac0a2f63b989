"""``ketatui prefill`` of a FHIR server by its address: all pages, one patient, or nothing."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ketatui.cli import main
from tests.records.support import bundle, condition, hold, order, patient, pressure, weight

ICD = "http://hl7.org/fhir/sid/icd-10-cm"
Answer = tuple[int, dict[str, str], bytes]


class Fhir:
    """A small server: what it holds, what it was asked, and how it fails."""

    def __init__(self) -> None:
        self.held: dict[str, list[Any]] = {
            "Observation": [pressure("bp", 128, 82), weight("w", 81.5)],
            "MedicationRequest": [order("l", "Lorazepam 1 MG")],
            "MedicationStatement": [],
            "Condition": [condition("c", ICD, "I71.40", "Abdominal aortic aneurysm")],
            "QuestionnaireResponse": [],
        }
        self.patient: Any = patient()
        self.asked: list[tuple[str, str]] = []
        self.instead: dict[str, Answer] = {}
        self.size = 1
        self.address = ""

    def answer(self, target: str, token: str) -> Answer:
        path = urlsplit(target).path.removeprefix("/fhir/")
        self.asked.append((target, token))
        if path in self.instead:
            return self.instead[path]
        if path == "Patient/p1":
            return 200, {}, json.dumps(self.patient).encode()
        if path not in self.held:
            return 404, {}, b""
        page = int(parse_qs(urlsplit(target).query).get("page", ["0"])[0])
        rows = self.held[path][page * self.size : (page + 1) * self.size]
        data = bundle(*rows) | {"type": "searchset"}
        if (page + 1) * self.size < len(self.held[path]):
            data["link"] = [{"relation": "next", "url": f"{self.address}/{path}?page={page + 1}"}]
        return 200, {}, json.dumps(data).encode()


@pytest.fixture
def fhir() -> Iterator[Fhir]:
    held = Fhir()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = held.answer(self.path, self.headers.get("Authorization", ""))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    held.address = f"http://127.0.0.1:{server.server_address[1]}/fhir"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield held
    server.shutdown()
    server.server_close()
    thread.join(60)


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def prefill(*arguments: str) -> tuple[int, str, str]:
        status = main(["prefill", *arguments, "--json", "--on", "2026-11-21"])
        said = capsys.readouterr()
        return status, said.out, said.err

    return prefill


def test_all_pages_of_one_patient_are_read(fhir: Fhir, run: Run) -> None:
    status, out, err = run(fhir.address, "--patient", "p1")
    assert (status, err) == (0, "")
    said = json.loads(out)
    hold(said, [fhir.patient, *(item for held in fhir.held.values() for item in held)])
    assert {item["question"] for item in said["proposed"]} == {
        "patient.age",
        "patient.weight_kg",
        "vitals.systolic",
        "vitals.diastolic",
        "medications",
        "medical.aneurysmal_disease",
    }
    assert sum(target.startswith("/fhir/Observation") for target, _ in fhir.asked) == 2
    first = next(target for target, _ in fhir.asked if "Observation?" in target)
    assert parse_qs(urlsplit(first).query)["patient"] == ["p1"]
    assert "http://loinc.org|85354-9" in parse_qs(urlsplit(first).query)["code"][0]


def test_a_token_goes_to_the_server_and_nowhere_else(fhir: Fhir, run: Run, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("secret\n", "utf-8")
    arguments = (fhir.address, "--patient", "p1", "--token-file", str(tmp_path / "token"))
    assert run(*arguments)[0] == 0
    assert {token for _, token in fhir.asked} == {"Bearer secret"}
    for away in ("http://localhost:1/steal", f"{fhir.address}/elsewhere"):
        fhir.instead = {"Observation": (302, {"Location": away}, b"")}
        status, out, err = run(*arguments)
        assert (status, out) == (2, "")
        assert "the server says 302" in err
    page = bundle() | {"link": [{"relation": "next", "url": "http://127.0.0.1:1/fhir/x"}]}
    fhir.instead = {"Observation": (200, {}, json.dumps(page).encode())}
    assert "the next page is on another server" in run(*arguments)[2]


OUTCOME = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "timeout"}]}


@pytest.mark.parametrize(
    ("path", "answer", "said"),
    [
        ("Patient/p1", (404, {}, b""), "the server says 404"),
        ("Patient/p1", (200, {}, json.dumps(patient(id="p2")).encode()), "another patient than p1"),
        ("Observation", (500, {}, b""), "the server says 500"),
        ("Observation", (200, {}, b"<html>"), "not JSON"),
        ("Observation", (200, {}, b"[]"), "no FHIR"),
        ("Observation", (200, {}, json.dumps(OUTCOME).encode()), "something went wrong"),
        ("Observation", (200, {}, json.dumps(bundle(OUTCOME)).encode()), "something went wrong"),
        ("MedicationRequest", (401, {}, b""), "the server says 401"),
    ],
)
def test_half_a_record_proposes_nothing(
    path: str, answer: Answer, said: str, fhir: Fhir, run: Run
) -> None:
    fhir.instead = {path: answer}
    status, out, err = run(fhir.address, "--patient", "p1")
    assert (status, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1


def test_a_search_that_goes_round_in_circles_ends(fhir: Fhir, run: Run) -> None:
    page = bundle() | {"link": [{"relation": "next", "url": f"{fhir.address}/Observation?page=0"}]}
    fhir.instead = {"Observation": (200, {}, json.dumps(page).encode())}
    assert "a search has no end" in run(fhir.address, "--patient", "p1")[2]


@pytest.mark.parametrize("kind", ["MedicationStatement", "Condition", "QuestionnaireResponse"])
@pytest.mark.parametrize("status", [404, 403])
def test_a_server_without_some_kinds_is_read_and_that_is_said(
    kind: str, status: int, fhir: Fhir, run: Run
) -> None:
    fhir.instead = {kind: (status, {}, b"")}
    done, out, err = run(fhir.address, "--patient", "p1")
    assert done == 0
    assert json.loads(out)["proposed"]
    assert f"does not offer {kind}" in err


def test_what_a_server_hands_out_of_others_is_left_aside(fhir: Fhir, run: Run) -> None:
    theirs = weight("x", 120) | {"subject": {"reference": "Patient/p2"}}
    fhir.held["Observation"].append(theirs)
    status, out, err = run(fhir.address, "--patient", "p1")
    (said,) = map(json.loads, out.splitlines())
    assert (status, said["patient"]) == (0, "Patient/p1")
    assert {item["value"] for item in said["proposed"]} & {120} == set()
    assert err.count("\n") == 1
    assert "do not say that they are of this patient: Observation/x" in err


def test_a_patient_may_be_named_by_the_address_of_the_server(fhir: Fhir, run: Run) -> None:
    for held in fhir.held.values():
        for item in held:
            item["subject"] = {"reference": f"{fhir.address}/Patient/p1"}
    status, out, err = run(fhir.address, "--patient", "p1")
    assert (status, err) == (0, "")
    assert len(json.loads(out)["proposed"]) == 6


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["http://ehr.example.org/fhir", "--patient", "p1"], "not encrypted"),
        (["http://10.0.0.1/fhir", "--patient", "p1"], "not encrypted"),
        (["https://me:pw@ehr.example.org/fhir", "--patient", "p1"], "a password does not belong"),
        (["ftp://127.0.0.1/fhir", "--patient", "p1"], "no address of a server"),
        (["http://127.0.0.1:1/fhir", "--patient", "../x"], "no id of a patient"),
        (["http://127.0.0.1:1/fhir", "--patient", "p1"], "refused"),
        (["a.json", "b.json", "--patient", "p1"], "goes with the address of one server"),
        (["a.json", "--token-file", "t"], "--token-file and --launch go with a server"),
    ],
)
def test_an_address_that_cannot_be_used_is_told_in_one_line(
    arguments: list[str], said: str, run: Run
) -> None:
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1
