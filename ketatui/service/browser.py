"""The app in a browser: a link that opens once, a page, and what goes to and fro."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from contextlib import suppress
from importlib.resources import files
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request, Response, WebSocket, WebSocketDisconnect
from pydantic import Field
from starlette.responses import RedirectResponse
from starlette.staticfiles import StaticFiles

from ketatui.cases.identifiers import is_case_id
from ketatui.contract.base import Closed
from ketatui.records.login import CALLBACK
from ketatui.service.drafting import CardDrafts
from ketatui.service.gate import Gate
from ketatui.service.launches import Launches
from ketatui.service.refusal import Refusal
from ketatui.service.replies import read_body, reply
from ketatui.service.settings import Settings
from ketatui.service.shown_app import ShownApp
from ketatui.service.visitors import LINK_LASTS, SESSION_LASTS, Visitor, Visitors

COOKIE = "ketatui"
LAUNCH = "/launch"
CARD = "/card"
_MOST = 8
"""Apps that one user may have open at a time."""
_IDLE = 3600.0
"""Seconds without a key or a click after which an app is closed; its draft stays."""
_LONGEST = 200_000
"""Characters of one message."""
_LEAST_CELLS, _MOST_CELLS = 10, 500
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
    "img-src 'self' data:; connect-src 'self' {socket}; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'none'"
)


_NO_TRACE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
"""Of answers whose address holds a code, or leads to one that does."""


class LinkRequest(Closed):
    """For whom a link is."""

    user: str = Field(default="", max_length=32)
    """Empty for whoever began the service."""


class LinkMade(Closed):
    """A link that opens the app, once."""

    link: str
    seconds: int
    """In which it has to be opened."""


class Browser:
    """Shows the app."""

    def __init__(
        self,
        settings: Settings,
        gate: Gate,
        visitors: Visitors,
        launches: Launches | None = None,
        cards: CardDrafts | None = None,
    ) -> None:
        """Prepare.

        Args:
            settings: How the service is run.
            gate: Lets calls in.
            visitors: Knows who came by a link.
            launches: Takes launches of a record system; None where there are none.
            cards: Opens what calls of CDS Hooks proposed; None where nothing of them is kept.
        """
        self._launches, self._cards = launches, cards
        self._settings, self._gate, self._visitors = settings, gate, visitors
        self._open: Counter[str] = Counter()

    def add_to(self, app: FastAPI) -> None:
        """Add its addresses."""
        static = str(files("textual_serve").joinpath("static"))
        app.mount("/static", StaticFiles(directory=static))
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/links", self._make_link, methods=["POST"])
        router.add_api_route("/open", self._open_link, methods=["GET"])
        router.add_api_route("/app", self._page, methods=["GET"])
        router.add_api_route("/leave", self._leave, methods=["POST"])
        router.add_api_websocket_route("/app/ws", self._socket)
        router.add_api_websocket_route("/app/ws/{case}", self._socket)
        if self._launches is not None:
            router.add_api_route(LAUNCH, self._launch, methods=["GET"])
            router.add_api_route(CALLBACK, self._launched, methods=["GET"])
        if self._cards is not None:
            router.add_api_route(CARD, self._open_card, methods=["GET"])
        app.include_router(router)

    async def _make_link(self, request: Request, body: bytes = Depends(read_body)) -> Response:
        self._gate.check(request)
        try:
            wanted = LinkRequest.model_validate_json(body)
            link = self._visitors.link(wanted.user)
        except ValueError as error:
            raise Refusal(422, str(error).splitlines()[0]) from None
        return reply(LinkMade(link=link, seconds=LINK_LASTS).model_dump_json().encode())

    async def _open_link(self, request: Request) -> Response:
        self._gate.check_host(request)
        session = self._visitors.open(request.query_params.get("key", ""))
        if not session:
            raise Refusal(403, "this link was opened before, or too late; ask for another")
        answer = RedirectResponse("/app", 303, {"Cache-Control": "no-store"})
        answer.set_cookie(
            COOKIE,
            session,
            max_age=SESSION_LASTS,
            httponly=True,
            secure=self._settings.public.startswith("https:"),
            # A link in a record system comes from another site, and has to get through.
            samesite="lax",
        )
        return answer

    async def _page(self, request: Request) -> Response:
        self._gate.check_host(request)
        if self._visitor(request) is None:
            raise Refusal(403, "open the link that ketatui serve printed, or ask for another")
        socket = f"{self._settings.public.replace('http', 'ws', 1)}"
        name = request.headers.get("host", "")
        own = f"{socket.partition('://')[0]}://{name}"
        page = files("ketatui.service").joinpath("page.html").read_text("utf-8")
        case = _case_id(request.query_params.get("case"))
        address = f"{own}/app/ws{f'/{case}' if case else ''}"
        answer = Response(page.replace("{socket}", address), media_type="text/html; charset=utf-8")
        answer.headers.update(
            {
                "Cache-Control": "no-store",
                "Content-Security-Policy": _POLICY.replace("{socket}", own),
                "Referrer-Policy": "no-referrer",
                "X-Content-Type-Options": "nosniff",
            }
        )
        return answer

    async def _launch(self, request: Request) -> Response:
        """Send a browser that a record system launched on to its login."""
        launches, session = self._session_for(request)
        said = request.query_params
        page = await launches.begin(session, said.get("iss", ""), said.get("launch", ""))
        return RedirectResponse(page, 303, _NO_TRACE)

    async def _launched(self, request: Request) -> Response:
        """Take a browser that comes back from its login; the app opens its patient's draft."""
        launches, session = self._session_for(request)
        case = await launches.end(session, self._known(request), str(request.url.query))
        return RedirectResponse(f"/app?case={case}", 303, _NO_TRACE)

    def _session_for(self, request: Request) -> tuple[Launches, str]:
        self._known(request)
        assert self._launches is not None
        return self._launches, request.cookies.get(COOKIE, "")

    async def _open_card(self, request: Request) -> Response:
        """Open what a call of CDS Hooks proposed; a browser without a session uses nothing up."""
        visitor = self._known(request)
        assert self._cards is not None
        case = await self._cards.open(request.query_params.get("key", ""), visitor)
        return RedirectResponse(f"/app?case={case}", 303, _NO_TRACE)

    def _known(self, request: Request) -> Visitor:
        """Return who comes from a record system.

        Raises:
            Refusal: It is nobody who opened a link of ours before.
        """
        self._gate.check_host(request)
        visitor = self._visitor(request)
        if visitor is None:
            raise Refusal(403, "open the link that ketatui serve printed first, and launch again")
        return visitor

    async def _leave(self, request: Request) -> Response:
        self._gate.check_host(request)
        self._visitors.leave(request.cookies.get(COOKIE, ""))
        answer = reply(b"{}")
        answer.delete_cookie(COOKIE)
        return answer

    def _visitor(self, call: Request | WebSocket) -> Visitor | None:
        return self._visitors.visitor(call.cookies.get(COOKIE, ""))

    # --- the app itself -----------------------------------------------------------------------

    async def _socket(self, socket: WebSocket) -> None:
        visitor = self._visitor(socket)
        if visitor is None or not self._is_own_page(socket) or self._open[visitor.user] >= _MOST:
            await socket.close(1008)
            return
        await socket.accept()
        self._open[visitor.user] += 1
        try:
            await self._show(socket, visitor)
        finally:
            self._open[visitor.user] -= 1

    def _is_own_page(self, socket: WebSocket) -> bool:
        """Tell whether our own page asks: a page elsewhere brings the cookie along, too."""
        scheme, _, origin = socket.headers.get("origin", "").partition("://")
        own = self._settings.hosts
        host = socket.headers.get("host", "").lower()
        return scheme in ("http", "https") and origin.lower() == host and host in own

    async def _show(self, socket: WebSocket, visitor: Visitor) -> None:
        page = _Page(socket)
        case = _case_id(socket.path_params.get("case"))
        app = ShownApp(self._settings, visitor, page.draw, page.tell, page.close, case)
        width = _cells(socket.query_params.get("width"), 80)
        height = _cells(socket.query_params.get("height"), 24)
        await app.start(width, height)
        try:
            await self._pass_on(socket, app)
        except (WebSocketDisconnect, RuntimeError):
            pass  # The page was closed, or the app has ended.
        finally:
            await app.stop()
        await page.close()

    async def _pass_on(self, socket: WebSocket, app: ShownApp) -> None:
        used = time.monotonic()
        while True:
            left = _IDLE - (time.monotonic() - used)
            session = self._visitors.visitor(socket.cookies.get(COOKIE, ""))
            if left <= 0 or session is None:
                return
            try:
                async with asyncio.timeout(min(left, 30.0)):
                    text = await socket.receive_text()
            except TimeoutError:
                continue
            if await _message(socket, app, text):
                used = time.monotonic()


class _Page:
    """What is sent to a page, which may be gone by then."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket

    async def draw(self, data: bytes) -> None:
        with suppress(RuntimeError, WebSocketDisconnect):
            await self._socket.send_bytes(data)

    async def tell(self, text: str) -> None:
        with suppress(RuntimeError, WebSocketDisconnect):
            await self._socket.send_text(text)

    async def close(self) -> None:
        with suppress(RuntimeError, WebSocketDisconnect):
            await self._socket.close()


async def _message(socket: WebSocket, app: ShownApp, text: str) -> bool:
    """Act on a message of the page; tell whether somebody did something."""
    try:
        kind, *rest = json.loads(text) if len(text) <= _LONGEST else ("",)
    except (ValueError, TypeError, RecursionError):
        # Nothing of a message that is none of our page's is acted on.
        return False
    said: Any = rest[0] if rest else None
    if kind == "stdin" and isinstance(said, str):
        await app.send_bytes(said.encode("utf-8", "replace"))
        return True
    if kind == "resize" and isinstance(said, dict):
        await app.set_terminal_size(_cells(said.get("width"), 80), _cells(said.get("height"), 24))
    elif kind == "ping":
        with suppress(RuntimeError):
            await socket.send_text(json.dumps(["pong", said]))
    elif kind == "blur":
        await app.blur()
    elif kind == "focus":
        await app.focus()
    return False


def _case_id(said: str | None) -> str:
    """Return the id of a case; empty for none."""
    return said if said is not None and is_case_id(said) else ""


def _cells(said: Any, default: int) -> int:
    try:
        return max(_LEAST_CELLS, min(int(said), _MOST_CELLS))
    except (TypeError, ValueError, OverflowError):
        return default
