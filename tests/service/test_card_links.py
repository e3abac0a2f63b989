"""A card's link opens the app with its patient: by a launch, else by what its own call brought."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from ketatui.cli import main
from ketatui.service.calls import Calls
from ketatui.service.kept_drafts import LARGEST_DRAFT, LASTS, KeptDrafts
from tests.records.authority import Authority
from tests.records.support import patient
from tests.service.support import (
    BASE,
    begun,
    cards,
    client,
    draft,
    drafts,
    hook,
    launch,
    launching,
    logged_in,
    prefetch,
    service,
)

PROPOSED = {
    "patient.age": 46,
    "patient.sex": "female",
    "patient.weight_kg": 81,
    "vitals.systolic": 128,
    "vitals.diastolic": 82,
}
ORDER = draft("d1", "Spravato 56 MG", "nasal")


async def opens(app: FastAPI, body: dict[str, Any]) -> dict[str, Any]:
    """Return the first link of the card of a call."""
    (card,) = await cards(app, body)
    found: dict[str, Any] = card["links"][0]
    return found


def proposed_in(path: Path) -> dict[str, Any]:
    case = tomllib.loads(path.read_text("utf-8"))
    assert case["state"] == "draft"
    # Nothing is an answer before somebody confirms it.
    assert not case.get("answers")
    assert not [row for row in case["proposals"] if "confirmed_by" in row]
    return {row["question"]: row["value"] for row in case["proposals"]}


# --- a record system that can launch the app ------------------------------------------------------


async def test_a_card_is_followed_to_a_draft_of_its_patient(
    calls: Calls, authority: Authority, tmp_path: Path
) -> None:
    app = launching(calls, authority, tmp_path)
    for body in (hook("order-sign", ORDER), hook("patient-view", fhirServer=authority.address)):
        found = await opens(app, body)
        assert (found["type"], found["url"]) == ("smart", f"{BASE}/launch")
        assert json.loads(found["appContext"]) == {"patient": "p1"}
    # What a record system does with it: it adds where it is, and brings back what was said.
    authority.context = {"appContext": found["appContext"]}
    async with client(app, None) as http:
        await begun(http)
        page = (await http.get(launch(authority))).headers["Location"]
        came = await http.get(await logged_in(page))
        (path,) = drafts(tmp_path)
        assert came.headers["Location"] == f"/app?case={path.stem}"
        shown = await http.get(came.headers["Location"])
        assert f'/app/ws/{path.stem}"' in shown.text
        # A name that is none of ours goes nowhere.
        shown = await http.get("/app?case=../../etc/passwd")
        assert "passwd" not in shown.text
    assert proposed_in(path) == {"patient.age": 46, "patient.weight_kg": 81.5}


CONTEXTS = (
    ('{"patient": "p2"}', 502),
    ({"patient": "p2"}, 502),
    ('{"patient": "p1"}', 303),
    ("of another program", 303),
    (7, 303),
)


async def test_a_card_of_another_patient_than_the_login_chose_reads_nothing(
    calls: Calls, authority: Authority, tmp_path: Path
) -> None:
    opened = 0
    async with client(launching(calls, authority, tmp_path), None) as http:
        await begun(http)
        for context, status in CONTEXTS:
            authority.context, authority.used = {"appContext": context}, False
            page = (await http.get(launch(authority))).headers["Location"]
            answer = await http.get(await logged_in(page))
            assert answer.status_code == status, context
            assert status == 303 or "a card of another patient" in answer.json()["detail"]
            opened += status == 303
            assert len(drafts(tmp_path)) == opened


async def test_a_record_system_elsewhere_is_not_told_to_launch(
    calls: Calls, authority: Authority, tmp_path: Path
) -> None:
    away = hook("patient-view", fhirServer="https://other.example/fhir")
    app = launching(calls, authority, tmp_path)
    assert await opens(app, away) == {
        "label": "Open KetaTUI",
        "url": f"{BASE}/app",
        "type": "absolute",
    }
    both = launching(calls, authority, tmp_path, open_cards=True)
    assert "/card?key=" in (await opens(both, away))["url"]
    assert (await opens(both, hook("patient-view")))["type"] == "smart"


# --- one that cannot: what its own call brought ---------------------------------------------------


def keeping(calls: Calls, folder: Path, **more: Any) -> FastAPI:
    return service(calls, browser=True, cases=folder, open_cards=True, **more)


async def test_a_link_opens_what_its_call_proposed_once_and_only_in_a_session(
    calls: Calls, tmp_path: Path
) -> None:
    app = keeping(calls, tmp_path)
    found = await opens(app, hook("order-sign", ORDER))
    assert (found["type"], found["label"]) == ("absolute", "Open this record in KetaTUI")
    assert "appContext" not in found
    link = found["url"].removeprefix(BASE)
    async with client(app, None) as http, client(app, None) as other:
        # Whoever has the link alone gets nothing, and uses nothing up.
        assert (await other.get(link)).status_code == 403
        await begun(http)
        assert (await http.get(link, headers={"Host": "evil.example"})).status_code == 403
        assert drafts(tmp_path) == []
        came = await http.get(link)
        (path,) = drafts(tmp_path)
        assert (came.status_code, came.headers["Location"]) == (303, f"/app?case={path.stem}")
        assert came.headers["Referrer-Policy"] == "no-referrer"
        again = await http.get(link)
        assert (again.status_code, "opened before" in again.json()["detail"]) == (403, True)
        assert (await http.get("/card")).status_code == 403
    assert proposed_in(path) == PROPOSED
    # Who it is in the record is not in it.
    assert not [word for word in ("p1", "1980", "Rosalind") if word in path.read_text("utf-8")]


async def test_nothing_is_kept_unless_told(calls: Calls, tmp_path: Path) -> None:
    for app in (service(calls, browser=True, cases=tmp_path), service(calls, open_cards=True)):
        (card,) = await cards(app, hook("order-sign", ORDER))
        assert not [item for item in card["links"] if "/card" in item["url"]]
        async with client(app, None) as http:
            assert (await http.get("/card?key=x")).status_code == 404


async def test_a_call_that_proposes_nothing_is_not_kept(calls: Calls, tmp_path: Path) -> None:
    app = keeping(calls, tmp_path)
    nothing = {"patient": {"resourceType": "Patient", "id": "p1"}}
    dead = prefetch() | {"patient": patient(deceasedBoolean=True)}
    for record in (nothing, dead):
        found = await opens(app, hook("order-sign", ORDER, prefetch=record))
        assert found["url"] == f"{BASE}/app"


@pytest.mark.long
async def test_processes_of_their_own_keep_it_where_it_is_opened(
    calls: Calls, tmp_path: Path
) -> None:
    app = keeping(calls, tmp_path, workers=1)
    async with app.router.lifespan_context(app), client(app, None) as http:
        found = await opens(app, hook("order-sign", ORDER))
        await begun(http)
        assert (await http.get(found["url"].removeprefix(BASE))).status_code == 303
    assert proposed_in(drafts(tmp_path)[0]) == PROPOSED


def test_it_goes_with_the_app(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--port", "0", "--open-cards", "--no-browser"]) == 2
    assert "--open-cards goes with the app in a browser" in capsys.readouterr().err


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_what_is_kept_ends_by_itself() -> None:
    clock = Clock()
    kept = KeptDrafts(clock)
    kept.keep("a", b"one")
    clock.now = LASTS - 1
    kept.keep("b", b"two")
    clock.now = LASTS
    assert (kept.take("a"), kept.take("b"), kept.take("b")) == (b"", b"two", b"")
    kept.keep("c", b"three")
    clock.now += LASTS
    kept.forget_old()
    assert kept.size == 0


def test_memory_stays_flat_over_many_calls() -> None:
    kept = KeptDrafts(Clock(), most_bytes=1_000_000)
    for number in range(20_000):
        kept.keep(str(number), bytes(5_000 + number % 100))
        assert kept.size <= 1_000_000
    # The newest are there, and what is said of the size is what is held.
    assert kept.take("19999")
    assert not kept.take("0")
    assert kept.size == sum(len(item.draft) for item in kept._kept.values())
    with pytest.raises(ValueError, match="larger"):
        kept.keep("large", bytes(LARGEST_DRAFT + 1))


async def test_a_call_after_the_other_holds_no_more_than_it_may(
    calls: Calls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[KeptDrafts] = []

    class Small(KeptDrafts):
        def __init__(self) -> None:
            super().__init__(most_bytes=4_000)
            held.append(self)

    monkeypatch.setattr("ketatui.service.app.KeptDrafts", Small)
    app = keeping(calls, tmp_path)
    links = [(await opens(app, hook("order-sign", ORDER)))["url"] for _ in range(12)]
    assert 0 < held[0].size <= 4_000
    async with client(app, None) as http:
        await begun(http)
        assert (await follow(http, links[0])) == 403
        assert (await follow(http, links[-1])) == 303


async def follow(http: httpx.AsyncClient, link: str) -> int:
    return (await http.get(link.removeprefix(BASE))).status_code
