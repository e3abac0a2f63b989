"""Listening: the service on a socket, until it is told to stop."""

from __future__ import annotations

import socket
from collections.abc import Callable

import uvicorn

from ketatui.service.app import make_service
from ketatui.service.calls import Calls
from ketatui.service.clients import Clients
from ketatui.service.cross_origin import CrossOrigin
from ketatui.service.replies import Quiet
from ketatui.service.settings import Settings

_PATIENCE = 5
"""Seconds that open calls have once the service is to stop."""


def serve(
    settings: Settings,
    calls: Calls,
    clients: Clients | None,
    listener: socket.socket,
    say: Callable[[str], None],
) -> None:
    """Serve until a signal ends it.

    Args:
        settings: How.
        calls: Answers calls.
        clients: Clients of CDS Hooks.
        listener: Where it listens.
        say: Is told, once it is ready, the link that opens the app; empty where it is not shown.
    """
    app = make_service(settings, calls, clients, say=say)
    named = CrossOrigin(app, settings.origins, settings.hosts) if settings.origins else app
    config = uvicorn.Config(
        Quiet(named),
        # Its log of calls would name patients, and that of failures what they sent.
        log_config=None,
        access_log=False,
        log_level="critical",
        server_header=False,
        http="httptools",
        ws="websockets-sansio",
        ws_max_size=1_000_000,
        timeout_graceful_shutdown=_PATIENCE,
    )
    uvicorn.Server(config).run(sockets=[listener])
