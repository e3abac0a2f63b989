"""Calls of a record system, invented."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

import httpx
from fastapi import FastAPI

from ketatui.service.app import make_service
from ketatui.service.calls import Calls
from ketatui.service.clients import Clients
from ketatui.service.settings import Settings
from tests.records.authority import Authority
from tests.records.support import bundle, order, patient, pressure, weight

TOKEN = "a-token-of-more-than-22-characters"
BASE = "http://127.0.0.1:8765"
ON = dt.date(2026, 11, 21)
CALL = "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"
SNOMED = "http://snomed.info/sct"
ROUTES = {"nasal": "46713006", "iv": "47625008", "im": "78421000", "rectal": "37161004"}


def settings(**more: Any) -> Settings:
    made = Settings(
        host="127.0.0.1",
        port=8765,
        token=TOKEN,
        public=BASE,
        cases=Path("cases"),
        browser=False,
    )
    return made.replaced(**more)


def service(calls: Calls, clients: Clients | None = None, **more: Any) -> FastAPI:
    return make_service(settings(**more), calls, clients, today=lambda: ON)


def client(app: FastAPI, token: str | None = TOKEN) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.AsyncClient(transport=transport, base_url=BASE, headers=headers)


def draft(ident: str, name: str, route: str | None = None, **more: Any) -> dict[str, Any]:
    data = order(ident, name, status="draft") | more
    if route is not None:
        coding = {"system": SNOMED, "code": ROUTES[route]}
        data["dosageInstruction"] = [{"route": {"coding": [coding]}}]
    return data


def prefetch(*observations: Mapping[str, Any], orders: tuple[Any, ...] = ()) -> dict[str, Any]:
    return {
        "patient": patient(gender="female"),
        "observations": bundle(*observations),
        "orders": bundle(*orders),
        "statements": bundle(),
    }


def hook(name: str, *drafts: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    context: dict[str, Any] = {"userId": "Practitioner/example", "patientId": "p1"}
    if name != "patient-view":
        context["draftOrders"] = bundle(*drafts)
    if name == "order-select":
        context["selections"] = [f"{item['resourceType']}/{item['id']}" for item in drafts]
    body = {"hook": name, "hookInstance": CALL, "context": context}
    body["prefetch"] = prefetch(pressure("bp", 128, 82), weight("w", 81))
    return body | more


async def cards(app: FastAPI, body: Mapping[str, Any]) -> list[dict[str, Any]]:
    async with client(app) as http:
        answer = await http.post(f"/cds-services/ketatui-{body['hook']}", json=body)
    assert answer.status_code == 200, answer.text
    return cast("list[dict[str, Any]]", answer.json()["cards"])


def shown(card: Mapping[str, Any]) -> str:
    """Return the detail of a card as a reader of Markdown sees it."""
    return re.sub(r"\\(.)", r"\1", cast("str", card["detail"]))


def encoded(data: object) -> bytes:
    return json.dumps(data).encode()


# --- launched by a record system ------------------------------------------------------------------


def launch(authority: Authority, **more: str) -> str:
    """Return where a record system opens the app: it adds these two to what it was given."""
    return f"/launch?{urlencode({'iss': authority.address, 'launch': 'handed-over', **more})}"


def launching(calls: Calls, authority: Authority, folder: Path, **more: Any) -> FastAPI:
    more |= {"record_server": authority.address, "client": "ketatui"}
    return service(calls, browser=True, cases=folder, **more)


async def begun(http: httpx.AsyncClient) -> None:
    """Begin a session, as the link that the service prints does."""
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    made = (await http.post("/links", json={}, headers=bearer)).json()
    assert (await http.get(made["link"].removeprefix(BASE))).status_code == 303


async def logged_in(page: str) -> str:
    """Log in there; return where the browser is sent back to."""
    async with httpx.AsyncClient(verify=False) as elsewhere:
        back = (await elsewhere.get(page)).headers["Location"]
    assert back.startswith(f"{BASE}/callback?")
    return back.removeprefix(BASE)


def drafts(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.toml"))
