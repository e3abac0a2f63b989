"""The app in a browser: who sees it, that it ends, and that two users share nothing."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
import websockets
from websockets.asyncio.client import ClientConnection, connect

from ketatui.cases.model import Case
from ketatui.service.app import make_service
from ketatui.service.calls import Calls
from ketatui.service.drafting import put_draft
from ketatui.service.shown_app import ShownApp
from ketatui.service.visitors import LINK_LASTS, SESSION_LASTS, Visitor, Visitors
from tests.each import each
from tests.service.support import BASE, ON, TOKEN, client, settings

USERS = Path("/users")
HTML = "text/html; charset=utf-8"


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_a_link_opens_once_and_not_too_late() -> None:
    clock = Clock()
    visitors = Visitors(settings(), clock)
    key = visitors.link().rpartition("=")[2]
    assert visitors.open(key)
    assert visitors.open(key) == ""
    late = visitors.link().rpartition("=")[2]
    clock.seconds += LINK_LASTS + 1
    assert visitors.open(late) == ""
    assert visitors.open("") == ""


def test_a_session_ends() -> None:
    clock = Clock()
    visitors = Visitors(settings(), clock)
    session = visitors.open(visitors.link().rpartition("=")[2])
    assert visitors.visitor(session) is not None
    assert visitors.visitor(session[:-1]) is None
    clock.seconds += SESSION_LASTS
    assert visitors.visitor(session) is None
    session = visitors.open(visitors.link().rpartition("=")[2])
    visitors.leave(session)
    assert visitors.visitor(session) is None


@each("name", ["..", "a/b", "A", "", "a" * 33, "-a", "a.b", "ä", "a\n"])
def test_a_user_has_a_name_that_is_a_folder_and_no_way_out_of_it(name: str) -> None:
    visitors = Visitors(settings(users=USERS))
    if name:
        with pytest.raises(ValueError, match="a user is named with"):
            visitors.link(name)


def test_two_users_share_no_folder_and_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KETATUI_CASES", "/elsewhere")
    monkeypatch.setenv("SECRET_TOKEN", TOKEN)
    made = settings(users=USERS)
    visitors = Visitors(made)

    async def nothing(*_: Any) -> None: ...

    found = {}
    for name in ("anna", "bert"):
        visitor = visitors.visitor(visitors.open(visitors.link(name).rpartition("=")[2]))
        assert visitor is not None
        app = ShownApp(made, visitor, nothing, nothing, nothing)
        found[name] = app.arguments, app.environment(80, 24)
    for name, (arguments, environment) in found.items():
        assert arguments[-1] == f"/users/{name}/cases"
        places = {key: value for key, value in environment.items() if value.startswith("/users")}
        assert set(places) == {"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"}
        assert all(value.startswith(f"/users/{name}") for value in places.values())
        assert not {"KETATUI_CASES", "SECRET_TOKEN"} & set(environment)
        assert TOKEN not in " ".join([*arguments, *environment.values()])


async def test_the_page_is_for_whoever_came_by_a_link(calls: Calls) -> None:
    app = make_service(settings(browser=True, users=USERS), calls)
    async with client(app, None) as http:
        assert (await http.get("/app")).status_code == 403
        assert (await http.get("/open?key=x")).status_code == 403
        # Somebody in front of a browser reads a sentence and no JSON.
        shown = await http.get("/open?key=<b>", headers={"Accept": "text/html,*/*;q=0.8"})
        assert (shown.status_code, shown.headers["content-type"]) == (403, HTML)
        assert "<p>This link was opened before, or too late; ask for another.</p>" in shown.text
        assert shown.headers["content-security-policy"].startswith("default-src 'none'")
        lost = await http.get("/nowhere", headers={"Accept": "text/html"})
        assert (lost.status_code, lost.headers["content-type"]) == (404, HTML)
        assert "<h1>KetaTUI: Not there</h1>" in lost.text
        # A program reads JSON, also one that accepts what a browser does.
        for asking, accepted in (
            ("POST", "text/html, */*"),
            ("GET", "text/html, application/json"),
        ):
            told = await http.request(asking, "/nowhere", headers={"Accept": accepted})
            assert told.headers["content-type"] == "application/problem+json", asking
        assert (await http.post("/links", json={})).status_code == 401
        bearer = {"Authorization": f"Bearer {TOKEN}"}
        made = (await http.post("/links", json={"user": "anna"}, headers=bearer)).json()
        assert (await http.post("/links", json={"user": ".."}, headers=bearer)).status_code == 422
        opened = await http.get(made["link"].removeprefix(BASE))
        assert (opened.status_code, opened.headers["Location"]) == (303, "/app")
        cookie = opened.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "samesite=lax" in cookie.lower()
        page = await http.get("/app")
        assert page.status_code == 200
        assert 'data-session-websocket-url="ws://127.0.0.1:8765/app/ws"' in page.text
        policy = page.headers["Content-Security-Policy"]
        assert "script-src 'self';" in policy
        # Nothing of the page comes from another machine.
        assert page.text.count("http") == 0
        assert (await http.get("/app", headers={"Host": "evil.example"})).status_code == 403
        assert (await http.post("/leave")).status_code == 200
        assert (await http.get("/app")).status_code == 403


# --- the real app behind a real socket --------------------------------------------------------


@asynccontextmanager
async def listening(calls: Calls, folder: Path) -> AsyncIterator[tuple[str, str]]:
    """Serve; yield the address and the cookie of a session."""
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        made = settings(port=port, public=f"http://127.0.0.1:{port}", browser=True, cases=folder)
        app = make_service(made, calls, say=ready.set_result)
        config = uvicorn.Config(
            app,
            log_config=None,
            ws="websockets-sansio",
            lifespan="on",
            timeout_graceful_shutdown=5,
        )
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            link = await asyncio.wait_for(ready, 60)
            async with client(app, None) as http:
                opened = await http.get(link, headers={"Host": f"127.0.0.1:{port}"})
            yield made.public, opened.headers["Set-Cookie"].partition(";")[0]
        finally:
            server.should_exit = True
            await asyncio.wait_for(task, 60)


def dial(address: str, cookie: str, origin: str | None = None, case: str = "") -> connect:
    headers = {"Cookie": cookie} if cookie else {}
    ws = address.replace("http", "ws")
    return connect(
        f"{ws}/app/ws{case and f'/{case}'}?width=80&height=24",
        additional_headers=headers,
        origin=origin or address,  # type: ignore[arg-type]
    )


async def shows(page: ClientConnection, word: str) -> str:
    """Wait until the app has drawn a word."""
    seen = ""
    async with asyncio.timeout(60):
        while word not in seen:
            data = await page.recv()
            seen += data.decode("utf-8", "replace") if isinstance(data, bytes) else ""
    return seen


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks at processes")
async def test_the_app_is_drawn_takes_keys_and_ends_with_its_page(
    calls: Calls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    async with listening(calls, tmp_path / "cases") as (address, cookie):
        for bad, origin in (("", None), ("ketatui=x", None), (cookie, "http://evil.example")):
            with pytest.raises(websockets.exceptions.InvalidStatus):
                async with dial(address, bad, origin):
                    pass
        case = waiting(calls, tmp_path / "cases")
        async with dial(address, cookie, case=case) as page:
            await shows(page, "What it is")
            await page.send("nonsense")
            await page.send(json.dumps({"stdin": 1}))
            await page.send(json.dumps(["resize", {"width": 120, "height": 40}]))
            await page.send(json.dumps(["stdin", "\r"]))
            # The case that it was begun for, of which nothing is confirmed yet.
            await shows(page, "1 answer waits: F9, then p")
            await page.send(json.dumps(["stdin", "\x1b"]))
            await shows(page, "New consultation")
            await page.send(json.dumps(["stdin", "n"]))
            await shows(page, "Indication")
            assert len(running(tmp_path)) == 1
        await until(lambda: not running(tmp_path))
    assert list((tmp_path / "cases").iterdir())


def waiting(calls: Calls, folder: Path) -> str:
    """Put a draft there with what a record proposes; return its id."""
    row = {"question": "patient.age", "value": 46, "resource": "Patient", "read_on": ON}
    case = Case(extra={"proposals": [row]})
    visitor = Visitor("", folder, None, 0)
    return put_draft(calls.knowledge.pack, visitor, case, "launched")


async def until(holds: Callable[[], bool]) -> None:
    """Wait for something that comes by itself; the only place that waits."""
    async with asyncio.timeout(20):
        while not holds():
            await asyncio.sleep(0.02)


def running(folder: Path) -> list[str]:
    """Return the processes of the app that work on a folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes().decode("utf-8", "replace")
            except OSError:
                continue
            if str(folder) in command and "ketatui" in command and int(entry.name) != os.getpid():
                found.append(entry.name)
    return found
