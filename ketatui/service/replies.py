"""What goes out and comes in: bodies, answers, refusals, and failures that say nothing of it."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from html import escape
from importlib.resources import files

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from ketatui.service.refusal import PROBLEM, Refusal
from ketatui.service.refused_words import said_of_fault
from ketatui.service.settings import LARGEST_BODY

JSON = "application/json"
_HTML = "text/html"
_SENTENCE_ALONE = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


async def read_body(request: Request) -> bytes:
    """Read what was sent.

    Raises:
        Refusal: It is not said to be JSON, or too large.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in (JSON, "application/fhir+json"):
        raise Refusal(415, f"allowed: {JSON}")
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > LARGEST_BODY:
            raise Refusal(413, f"allowed: up to {LARGEST_BODY} bytes")
        parts.append(part)
    return b"".join(parts)


def reply(body: bytes, status: int = 200, kind: str = JSON) -> Response:
    """Return an answer that nothing on the way keeps."""
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(body, status, headers, media_type=kind)


Handler = Callable[[Request, Exception], Awaitable[Response]]


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return _answer(request, error)


def _answer(request: Request, refusal: Refusal) -> Response:
    """Refuse a program in JSON, and somebody in front of a browser in a sentence."""
    accepted = request.headers.get("accept", "")
    # Programs, too, send what a browser accepts; but a browser only gets, and asks for no JSON.
    if request.method != "GET" or _HTML not in accepted or "json" in accepted:
        return reply(refusal.body(), refusal.status, PROBLEM)
    page = files("ketatui.service").joinpath("refused.html").read_text("utf-8")
    said = refusal.detail[:1].upper() + refusal.detail[1:]
    for name, text in (("{title}", refusal.title), ("{detail}", said)):
        page = page.replace(name, escape(text))
    answer = reply(page.encode(), refusal.status, f"{_HTML}; charset=utf-8")
    answer.headers["Content-Security-Policy"] = _SENTENCE_ALONE
    return answer


async def _not_there(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    refusal = Refusal(error.status_code, "there is no such address, or not called this way")
    answer = _answer(request, refusal)
    answer.headers.update(error.headers or {})
    return answer


async def _not_valid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    problems = [(".".join(map(str, item["loc"])), said_of_fault(item)) for item in error.errors()]
    return reply(Refusal(422, "a parameter cannot be used", problems).body(), 422, PROBLEM)


async def _failed(_: Request, __: Exception) -> Response:
    refusal = Refusal(500, "the service failed; nothing was said about the patient")
    return reply(refusal.body(), 500, PROBLEM)


HANDLERS: dict[type[Exception], Handler] = {
    Refusal: _refused,
    HTTPException: _not_there,
    RequestValidationError: _not_valid,
    Exception: _failed,
}


def take_refusals(app: FastAPI) -> None:
    """Let a service answer every refusal in the same form."""
    for kind, handler in HANDLERS.items():
        app.add_exception_handler(kind, handler)


class Quiet:
    """Says of a failure its kind and place alone: its text might hold an answer."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap a service, which has sent its refusal by the time a failure gets here."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a call."""
        try:
            await self._app(scope, receive, send)
        except Exception as error:
            trace = error.__traceback__
            while trace is not None and trace.tb_next is not None:
                trace = trace.tb_next
            where = trace.tb_frame.f_code.co_qualname if trace else "an unknown place"
            sys.stderr.write(f"ketatui: a call failed: {type(error).__name__} in {where}\n")
