"""What became of cards is kept where somebody named a file; and pages elsewhere that may call."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from ketatui.service.calls import Calls
from ketatui.service.cross_origin import CrossOrigin, checked_origin
from ketatui.service.feedback import Feedback
from ketatui.service.settings import UnusableSettingError
from tests.each import each
from tests.service.support import BASE, TOKEN, client, draft, hook, service, settings

ADDRESS = "/cds-services/ketatui-order-sign/feedback"
CARD = "4e0a3a1e-3283-4575-ab82-028d55fe2719"
ENTRY = {"card": CARD, "outcome": "overridden", "outcomeTimestamp": "2026-11-21T08:00:00Z"}
COMMENT = {"reason": {"code": "d7", "system": "https://ehr.example.org"}, "userComment": "no\nbed"}
PAGE = "https://ehr.example.org"


async def test_feedback_is_a_line_an_entry_for_its_owner_alone(
    calls: Calls, tmp_path: Path
) -> None:
    path = tmp_path / "feedback.jsonl"
    app = service(calls, feedback=path)
    body = {
        "feedback": [ENTRY, ENTRY | {"overrideReason": COMMENT, "patient": "not the standard's"}]
    }
    async with client(app) as http:
        for _ in range(2):
            answer = await http.post(ADDRESS, json=body)
            assert (answer.status_code, answer.json()) == (200, {"kept": 2})
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert len(rows) == 4
    assert {row["service"] for row in rows} == {"ketatui-order-sign"}
    assert {row["card"] for row in rows} == {CARD}
    assert rows[1]["overrideReason"] == COMMENT
    assert "overrideReason" not in rows[0]
    assert "patient" not in rows[1]
    assert path.stat().st_mode & 0o777 == 0o600


async def test_where_no_file_was_named_it_is_refused_and_never_lost_in_silence(
    calls: Calls,
) -> None:
    async with client(service(calls)) as http:
        answer = await http.post(ADDRESS, json={"feedback": [ENTRY]})
    assert answer.status_code == 404
    assert "--feedback" in answer.json()["detail"]


NO_FEEDBACK: tuple[tuple[Any, int], ...] = (
    ({"feedback": []}, 422),
    ({"feedback": [ENTRY | {"outcome": "ignored"}]}, 422),
    ({"feedback": [ENTRY | {"card": "x"}]}, 422),
    ({"feedback": [ENTRY | {"outcomeTimestamp": 86400}]}, 422),
    ({"feedback": [ENTRY | {"overrideReason": {"userComment": "\ud800"}}]}, 400),
    ([], 422),
)


async def test_what_is_no_feedback_is_refused_and_nothing_of_it_kept(
    calls: Calls, tmp_path: Path
) -> None:
    path = tmp_path / "feedback.jsonl"
    headers = {"Content-Type": "application/json"}
    async with client(service(calls, feedback=path)) as http:
        for said, status in NO_FEEDBACK:
            answer = await http.post(ADDRESS, content=json.dumps(said).encode(), headers=headers)
            assert answer.status_code == status, said
            assert path.read_bytes() == b""


async def test_a_file_that_cannot_be_written_is_a_failure_that_says_so(
    calls: Calls, tmp_path: Path
) -> None:
    path = tmp_path / "feedback.jsonl"
    app = service(calls, feedback=path)
    path.unlink()
    path.mkdir()
    async with client(app) as http:
        answer = await http.post(ADDRESS, json={"feedback": [ENTRY]})
    assert answer.status_code == 503
    assert "not kept" in answer.json()["detail"]
    with pytest.raises(UnusableSettingError, match="Is a directory"):
        service(calls, feedback=path)


async def test_feedback_needs_the_token_and_is_described(app: FastAPI) -> None:
    async with client(app, None) as http:
        assert (await http.post(ADDRESS, json={"feedback": [ENTRY]})).status_code == 401
    async with client(app) as http:
        found = (await http.get("/openapi.json")).json()
    assert ADDRESS in found["paths"]
    assert Feedback.__name__ in found["components"]["schemas"]


# --- pages of other origins ------------------------------------------------------------------


def open_to(app: FastAPI, *origins: str) -> httpx.AsyncClient:
    opened = CrossOrigin(app, origins, settings().hosts)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=opened), base_url=BASE)


ASKED = {"Origin": PAGE, "Access-Control-Request-Method": "POST"}


async def test_a_page_that_is_named_may_call_the_services(app: FastAPI) -> None:
    async with open_to(app, PAGE) as http:
        asked = await http.options("/cds-services/ketatui-order-sign", headers=ASKED)
        assert asked.status_code == 204
        assert asked.headers["Access-Control-Allow-Origin"] == PAGE
        assert "Authorization" in asked.headers["Access-Control-Allow-Headers"]
        headers = {"Origin": PAGE, "Authorization": f"Bearer {TOKEN}"}
        body = hook("order-sign", draft("o1", "Spravato"))
        answer = await http.post("/cds-services/ketatui-order-sign", json=body, headers=headers)
        assert answer.status_code == 200
        assert answer.headers["Access-Control-Allow-Origin"] == PAGE
        assert "Origin" in answer.headers["Vary"]
        # That it may ask does not mean that it gets an answer without the token.
        refused = await http.get("/cds-services", headers={"Origin": PAGE})
        assert refused.status_code == 401


ELSEWHERE: tuple[tuple[str, dict[str, str]], ...] = (
    ("/cds-services", ASKED | {"Origin": "https://evil.example"}),
    ("/cds-services", ASKED | {"Origin": "null"}),
    ("/cds-services", ASKED | {"Host": "evil.example:8765"}),
    ("/assess", ASKED),
    ("/cds-services-elsewhere", ASKED),
)


async def test_no_other_page_and_no_other_address_is_opened(app: FastAPI) -> None:
    async with open_to(app, PAGE) as http:
        for address, headers in ELSEWHERE:
            asked = await http.options(address, headers=headers)
            called = await http.get(address, headers=headers)
            for answer in (asked, called):
                assert answer.status_code >= 400, (address, headers)
                assert "Access-Control-Allow-Origin" not in answer.headers


@each(
    "text", ["*", "ehr.example.org", "https://", "https://a/b", "https://u@a", "https://[", "null"]
)
def test_what_is_no_origin_is_refused(text: str) -> None:
    with pytest.raises(UnusableSettingError, match="no origin of a page"):
        checked_origin(text)
