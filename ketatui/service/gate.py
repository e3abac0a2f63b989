"""Who may call: by the name of the host, and a token or a client's signature."""

from __future__ import annotations

import hmac

from starlette.requests import HTTPConnection

from ketatui.service.clients import Clients, NotKnownError
from ketatui.service.refusal import Refusal
from ketatui.service.settings import Settings

_BEARER = "bearer "


class Gate:
    """Lets a call in, or refuses it."""

    def __init__(self, settings: Settings, clients: Clients | None) -> None:
        """Prepare.

        Args:
            settings: The token, and the names that the service may be called by.
            clients: Clients of CDS Hooks; None takes the token alone.
        """
        self._settings, self._clients = settings, clients

    def check_host(self, call: HTTPConnection) -> None:
        """Refuse a call by another name.

        Raises:
            Refusal: A page elsewhere may have made its own name point here.
        """
        if call.headers.get("host", "").lower() not in self._settings.hosts:
            raise Refusal(403, "the service is not called by this name")

    def check(self, call: HTTPConnection, *, hooks: bool = False) -> None:
        """Refuse a call without the token.

        Args:
            call: The call.
            hooks: Whether a client of CDS Hooks may call with its own signature instead.

        Raises:
            Refusal: It shows neither.
        """
        self.check_host(call)
        if not self._settings.token:
            return
        said = call.headers.get("authorization", "")
        shown = said[len(_BEARER) :].strip() if said.lower().startswith(_BEARER) else ""
        if hmac.compare_digest(shown.encode(), self._settings.token.encode()):
            return
        if not (hooks and self._clients and shown):
            raise Refusal(401, "the token is missing or another one: Authorization: Bearer …")
        try:
            self._clients.check(shown, f"{self._settings.public}{call.url.path}")
        except NotKnownError as error:
            raise Refusal(401, str(error)) from None
