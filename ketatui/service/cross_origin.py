"""Which pages of other origins may call the services of CDS Hooks from a browser (CORS).

The standard says that browser-based clients need this, and leaves how to whoever runs a service: no
origin is allowed but those that are named, on no address but those of CDS Hooks.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ketatui.service.settings import UnusableSettingError

_SERVICES = "/cds-services"
_METHODS = "GET, POST"
_SENT = "Authorization, Content-Type"
_REMEMBERED = "600"
"""Seconds for which a browser need not ask again."""


def checked_origin(text: str) -> str:
    """Return an origin as browsers send it.

    Raises:
        UnusableSettingError: It is none.
    """
    try:
        parts = urlsplit(text)
        named = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        bare = not (parts.path or parts.query or parts.fragment or parts.username)
    except ValueError:
        named = bare = False
    if not (named and bare):
        message = f"{text}: no origin of a page; allowed: https://ehr.example.org"
        raise UnusableSettingError(message)
    return text.lower()


class CrossOrigin:
    """Lets pages of the origins that are named call the services."""

    def __init__(self, app: ASGIApp, origins: tuple[str, ...], hosts: frozenset[str]) -> None:
        """Wrap a service.

        Args:
            app: The service.
            origins: Who may call.
            hosts: Names that the service is called by.
        """
        self._app, self._origins, self._hosts = app, frozenset(origins), hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a call."""
        if scope["type"] != "http" or not _is_service(scope["path"]):
            await self._app(scope, receive, send)
            return
        said = Headers(scope=scope)
        origin = said.get("origin", "")
        allowed = origin.lower() in self._origins and said.get("host", "").lower() in self._hosts
        if allowed and scope["method"] == "OPTIONS" and "access-control-request-method" in said:
            # A browser asks without the token whether it may send one.
            await Response(status_code=204, headers=_asked(origin))(scope, receive, send)
            return

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.add_vary_header("Origin")
                if allowed:
                    headers["Access-Control-Allow-Origin"] = origin
            await send(message)

        await self._app(scope, receive, named)


def _is_service(path: str) -> bool:
    return path == _SERVICES or path.startswith(f"{_SERVICES}/")


def _asked(origin: str) -> dict[str, str]:
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Methods": _METHODS,
        "Access-Control-Allow-Headers": _SENT,
        "Access-Control-Max-Age": _REMEMBERED,
        "Vary": "Origin",
    }
