"""Who gets in, and that a failure is never an answer."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from fastapi import FastAPI
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from ketatui.service.app import make_service
from ketatui.service.calls import Asked, Calls, Reply
from ketatui.service.clients import Clients, load_clients
from ketatui.service.refusal import ProblemReport
from ketatui.service.replies import Quiet
from ketatui.service.settings import UnusableSettingError, token_of
from tests.each import each
from tests.service.support import (
    BASE,
    TOKEN,
    client,
    draft,
    encoded,
    hook,
    service,
    settings,
)

ISSUER = "https://ehr.example.org"
NOW = 1_800_000_000.0
HOOKS = "/cds-services/ketatui-order-sign"
CALLS = (
    ("GET", "/cds-services"),
    ("POST", HOOKS),
    ("POST", "/assess"),
    ("POST", "/visits/assess"),
    ("GET", "/openapi.json"),
)


@pytest.mark.parametrize("token", [None, "", "another-token-of-more-than-22", TOKEN[:-1]])
async def test_nothing_is_answered_without_the_token(token: str | None, app: FastAPI) -> None:
    async with client(app, token) as http:
        for method, address in CALLS:
            answer = await http.request(method, address, content=b"{}")
            assert answer.status_code == 401, (method, address)
            assert answer.headers["WWW-Authenticate"] == "Bearer"
            ProblemReport.model_validate_json(answer.content)


async def test_it_answers_under_no_name_but_its_own(app: FastAPI) -> None:
    async with client(app) as http:
        answer = await http.get("/cds-services", headers={"Host": "evil.example:8765"})
        assert answer.status_code == 403
        answer = await http.get("/cds-services", headers={"Host": "localhost:8765"})
        assert answer.status_code == 200


async def test_where_it_was_told_so_no_token_is_asked_for(calls: Calls) -> None:
    async with client(service(calls, token=""), None) as http:
        assert (await http.get("/cds-services")).status_code == 200


# --- clients of CDS Hooks ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def keys() -> dict[str, Any]:
    return {
        "e1": ec.generate_private_key(ec.SECP384R1()),
        "r1": rsa.generate_private_key(65537, 2048),
        "stranger": ec.generate_private_key(ec.SECP384R1()),
    }


@pytest.fixture
def known(keys: dict[str, Any], tmp_path: Path) -> Clients:
    rows = [
        json.loads(ECAlgorithm.to_jwk(keys["e1"].public_key())) | {"kid": "e1", "alg": "ES384"},
        json.loads(RSAAlgorithm.to_jwk(keys["r1"].public_key())) | {"kid": "r1", "alg": "RS384"},
    ]
    (tmp_path / "keys.json").write_text(json.dumps({"keys": rows}), "utf-8")
    file = tmp_path / "clients.toml"
    file.write_text(f'[[clients]]\nissuer = "{ISSUER}"\nkeys = "keys.json"\ntenants = ["a"]\n')
    return Clients(load_clients(file), clock=lambda: NOW)


def signed(key: Any, kid: str = "e1", alg: str = "ES384", **claims: Any) -> str:
    said = {
        "iss": ISSUER,
        "aud": f"{BASE}{HOOKS}",
        "iat": NOW,
        "exp": NOW + 300,
        "jti": "one",
        "tenant": "a",
    } | claims
    return jwt.encode(
        {name: value for name, value in said.items() if value is not None},
        key,
        algorithm=alg,
        headers={"kid": kid, "jku": "https://evil.example/keys.json"},
    )


async def status(calls: Calls, known: Clients, *tokens: str, address: str = HOOKS) -> list[int]:
    app = service(calls, known)
    body = encoded(hook("order-sign", draft("o1", "Spravato")))
    found = []
    for token in tokens:
        async with client(app, token) as http:
            headers = {"Content-Type": "application/json"}
            found.append((await http.post(address, content=body, headers=headers)).status_code)
    return found


async def test_a_client_with_its_signature_gets_its_cards_and_a_token_is_taken_once(
    calls: Calls, known: Clients, keys: dict[str, Any]
) -> None:
    tokens = (signed(keys["e1"]), signed(keys["r1"], "r1", "RS384", jti="two"))
    listed = signed(keys["e1"], jti="three", aud=[f"{BASE}{HOOKS}"])
    # Each is taken once.
    assert await status(calls, known, *tokens, listed, tokens[0]) == [200, 200, 200, 401]


OTHER_CLAIMS: tuple[dict[str, Any], ...] = (
    {"iss": "https://other.example.org"},
    {"iss": None},
    {"aud": BASE},
    {"aud": f"{BASE}/cds-services/ketatui-order-select"},
    {"aud": None},
    {"exp": NOW - 31},
    {"exp": None},
    {"exp": NOW + 4000},
    {"iat": NOW + 31},
    {"iat": None},
    {"jti": None},
    {"jti": ""},
    {"tenant": "b"},
    {"tenant": None},
)


async def test_a_token_that_says_another_thing_is_not_taken(
    calls: Calls, known: Clients, keys: dict[str, Any]
) -> None:
    tokens = [
        signed(keys["e1"], **{"jti": f"n{number}", **claims})
        for number, claims in enumerate(OTHER_CLAIMS)
    ]
    found = await status(calls, known, *tokens, signed(keys["e1"]))
    refused = dict(zip(map(str, OTHER_CLAIMS), found, strict=False))
    assert refused == dict.fromkeys(refused, 401)
    assert (len(refused), found[-1]) == (len(OTHER_CLAIMS), 200)


async def test_a_token_signed_by_somebody_else_is_not_taken(
    calls: Calls, known: Clients, keys: dict[str, Any]
) -> None:
    strangers = signed(keys["stranger"])
    unsigned = jwt.encode({"iss": ISSUER, "jti": "x"}, "", algorithm="none")
    shared = jwt.encode({"iss": ISSUER}, "x" * 48, algorithm="HS384", headers={"kid": "e1"})
    other_kid = signed(keys["e1"], "e9")
    bad = (strangers, unsigned, shared, other_kid, "x.y.z", "…")
    tokens = [item for item in bad if item.isascii()]
    assert await status(calls, known, *tokens) == [401] * len(tokens)


async def test_a_signature_opens_nothing_but_the_hooks(
    calls: Calls, known: Clients, keys: dict[str, Any]
) -> None:
    token = signed(keys["e1"], aud=f"{BASE}/assess")
    assert await status(calls, known, token, address="/assess") == [401]


@each(
    ("text", "said"),
    [
        ("", "holds no clients"),
        ("clients = 1", "holds no clients"),
        ('[[clients]]\nissuer = "a"', "issuer and keys are needed"),
        ('[[clients]]\nissuer = "a"\nkeys = "none.json"', "No such file"),
        ('[[clients]]\nissuer = "a"\nkeys = "clients.toml"', "no JWK Set"),
        ('[[clients]]\nissuer = "a"\nkeys = "k"\nkey = 1', "allowed: issuer, keys, tenants"),
    ],
)
def test_a_file_of_clients_that_cannot_be_used_is_told_in_one_line(
    text: str, said: str, tmp_path: Path
) -> None:
    file = tmp_path / "clients.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(UnusableSettingError, match=said) as found:
        load_clients(file)
    assert "\n" not in str(found.value)


# --- the token file ---------------------------------------------------------------------------


def test_a_token_file_is_made_for_its_owner_alone_and_read_again(tmp_path: Path) -> None:
    file = tmp_path / "token"
    made = token_of(file)
    assert len(made) >= 40
    assert file.stat().st_mode & 0o077 == 0
    assert token_of(file) == made
    assert token_of(None) != token_of(None)


@each(("text", "mode"), [("short", 0o600), ("a b" * 20, 0o600), ("x" * 40, 0o644)])
def test_a_token_file_that_is_open_or_holds_none_is_refused(
    text: str, mode: int, tmp_path: Path
) -> None:
    file = tmp_path / "token"
    file.write_text(text, "utf-8")
    file.chmod(mode)
    with pytest.raises(UnusableSettingError):
        token_of(file)


# --- failures ---------------------------------------------------------------------------------


def without(body: dict[str, Any], *path: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(json.dumps(body))
    place = data
    for key in path[:-1]:
        place = place[key]
    del place[path[-1]]
    return data


SIGNING = hook("order-sign", draft("o1", "Spravato"))


def with_patient(data: dict[str, Any]) -> bytes:
    return encoded(SIGNING | {"prefetch": {"patient": data}})


UNANSWERABLE = (
    (b"", 400),
    (b"{", 400),
    (b"\xff", 400),
    (b'{"hook": NaN}', 400),
    (b'{"hook": "\\ud800"}', 400),
    (b"[" * 100_000, 400),
    (b"[]", 422),
    (encoded(SIGNING | {"hook": "order-select"}), 422),
    (encoded(SIGNING | {"hookInstance": "one"}), 422),
    (encoded(without(SIGNING, "context", "draftOrders")), 422),
    (encoded(without(SIGNING, "prefetch")), 412),
    (encoded(without(SIGNING, "prefetch", "patient")), 412),
    (encoded(SIGNING | {"prefetch": {"patient": None}}), 412),
    (encoded(SIGNING | {"prefetch": {"patient": {"resourceType": "OperationOutcome"}}}), 412),
    (
        encoded(SIGNING | {"prefetch": {"patient": {"resourceType": "Patient", "id": "p2"}}}),
        422,
    ),
)


async def test_what_cannot_be_answered_is_an_error_and_never_no_cards(app: FastAPI) -> None:
    kind = {"Content-Type": "application/json"}
    async with client(app) as http:
        for body, status in UNANSWERABLE:
            answer = await http.post(HOOKS, content=body, headers=kind)
            assert answer.status_code == status, body[:200]
            assert answer.headers["Content-Type"] == "application/problem+json"
            report = ProblemReport.model_validate_json(answer.content)
            assert report.status == status
            assert report.detail
            assert b"cards" not in answer.content


async def test_orders_that_are_no_bundle_and_a_selection_that_names_none_are_an_error(
    app: FastAPI,
) -> None:
    async with client(app) as http:
        for drafts in (
            {"resourceType": "MedicationRequest"},
            {"resourceType": "Bundle", "entry": {}},
            {"resourceType": "Bundle", "entry": [{}]},
            {"resourceType": "Bundle", "entry": [{"resource": {"id": "x"}}]},
        ):
            body = json.loads(json.dumps(SIGNING))
            body["context"]["draftOrders"] = drafts
            assert (await http.post(HOOKS, json=body)).status_code == 422, drafts
        for selections in ([], ["MedicationRequest/other"]):
            body = hook("order-select", draft("o1", "Spravato"))
            body["context"]["selections"] = selections
            answer = await http.post("/cds-services/ketatui-order-select", json=body)
            assert answer.status_code == 422, selections


async def test_something_that_is_not_json_is_not_read(app: FastAPI) -> None:
    async with client(app) as http:
        answer = await http.post("/assess", content=b"{}", headers={"Content-Type": "text/plain"})
        assert answer.status_code == 415
        large = b" " * 20_000_001
        kind = {"Content-Type": "application/json"}
        assert (await http.post("/assess", content=large, headers=kind)).status_code == 413
        assert (await http.get("/assess")).status_code == 405
        assert (await http.get("/elsewhere")).status_code == 404


async def test_a_failure_of_the_service_is_an_error_that_tells_no_answer(
    calls: Calls, capfd: pytest.CaptureFixture[str]
) -> None:
    class Broken(Calls):
        def answer(self, asked: Asked) -> Reply:
            raise RuntimeError(asked.body.decode())

    app = make_service(settings(), Broken(calls.knowledge), today=lambda: dt.date(2026, 11, 21))
    secret = {"answers": {"patient": {"age": 46}}, "label": "Rosalind"}
    async with client(Quiet(app)) as http:  # type: ignore[arg-type]
        answer = await http.post("/assess", json=secret)
    assert answer.status_code == 500
    assert "Rosalind" not in answer.text
    said = capfd.readouterr()
    assert said.err == (
        "ketatui: a call failed: RuntimeError in "
        "test_a_failure_of_the_service_is_an_error_that_tells_no_answer."
        "<locals>.Broken.answer\n"
    )
    assert said.out == ""


async def test_nothing_that_is_sent_is_kept_by_caches(app: FastAPI) -> None:
    async with client(app) as http:
        answer = await http.post(HOOKS, json=SIGNING)
    assert answer.headers["Cache-Control"] == "no-store"
