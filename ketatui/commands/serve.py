"""``ketatui serve``: the service for other programs and for browsers."""

from __future__ import annotations

import argparse
import os
import socket
from importlib.util import find_spec
from typing import TYPE_CHECKING

from ketatui.cases.folders import folder_to_use
from ketatui.commands.inputs import Unusable, full, problem_lines
from ketatui.criteria.problems import PackError
from ketatui.garbage import collect_garbage
from ketatui.paths import full_path

if TYPE_CHECKING:
    from ketatui.service.settings import Settings

_NEEDED = ("fastapi", "uvicorn", "httptools", "websockets", "jwt", "textual_serve")


def run(args: argparse.Namespace) -> int:
    """Serve until it is stopped.

    Returns:
        0.

    Raises:
        Unusable: Arguments or criteria cannot be used, or the extra is not installed.
    """
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise Unusable(
            f"ketatui serve: {', '.join(missing)} not installed; "
            "the service is an extra: pip install 'ketatui[serve]'"
        )
    from ketatui.service.settings import UnusableSettingError

    try:
        with _listening(args) as listener:
            settings = _settings(args, listener)
            return _serve(args, settings, listener)
    except UnusableSettingError as error:
        raise Unusable(str(error)) from None


def _listening(args: argparse.Namespace) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            args.host, args.port, type=socket.SOCK_STREAM
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise Unusable(f"ketatui serve: {args.host}: {error.strerror}") from None
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        # Whoever reads the address and calls at once waits, instead of being refused.
        listener.listen()
    except OSError as error:
        listener.close()
        raise Unusable(f"ketatui serve: {args.host}:{args.port}: {error.strerror}") from None
    return listener


def _settings(args: argparse.Namespace, listener: socket.socket) -> Settings:
    from ketatui.service.cross_origin import checked_origin
    from ketatui.service.settings import Settings, is_loopback, token_of

    port = listener.getsockname()[1]
    if args.no_token and (args.token_file or not is_loopback(args.host)):
        raise Unusable("ketatui serve: --no-token is for this machine alone, without --token-file")
    public = (args.url or f"http://{_bracketed(args.host)}:{port}").rstrip("/")
    if not public.startswith(("http://", "https://")):
        raise Unusable(f"ketatui serve: --url: {args.url}: allowed: http:// or https://")
    _check_launch(args)
    if args.open_cards and args.no_browser:
        raise Unusable("ketatui serve: --open-cards goes with the app in a browser")
    return Settings(
        host=_bracketed(args.host),
        port=port,
        token="" if args.no_token else token_of(args.token_file and full_path(args.token_file)),
        public=public,
        cases=folder_to_use(args.cases, os.environ),
        users=args.users and full_path(args.users),
        criteria=full(args.criteria),
        policy=full(args.policy),
        clients=full(args.clients),
        workers=args.workers,
        browser=not args.no_browser,
        feedback=args.feedback and full_path(args.feedback),
        record_server=(args.record_server or "").rstrip("/"),
        client=args.login or "",
        open_cards=args.open_cards,
        origins=tuple(checked_origin(item) for item in args.allow_origin),
    )


def _check_launch(args: argparse.Namespace) -> None:
    """Refuse a record system that cannot launch the app.

    Raises:
        Unusable: The arguments do not go together, or the extra is not installed.
    """
    if (args.record_server is None) != (args.login is None) or (args.login and args.no_browser):
        raise Unusable(
            "ketatui serve: --record-server and --login go together, and with the app in a browser"
        )
    if args.record_server is not None:
        from ketatui.records.login import check_able
        from ketatui.records.reading import RecordError

        try:
            check_able(args.record_server)
        except RecordError as error:
            raise Unusable(f"ketatui serve: {error}") from None


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _serve(args: argparse.Namespace, settings: Settings, listener: socket.socket) -> int:
    from ketatui.service.calls import load_calls
    from ketatui.service.clients import Clients, load_clients
    from ketatui.service.running import serve

    clients = Clients(load_clients(settings.clients)) if settings.clients else None
    try:
        calls = load_calls(settings.criteria, settings.policy)
    except PackError as error:
        lines = problem_lines(error.problems, args.criteria, args.policy)
        raise Unusable("\n".join(lines)) from None
    collect_garbage()
    shown = settings.token if args.token_file is None else f"in {args.token_file}"
    serve(settings, calls, clients, listener, lambda link: _say(settings, shown, link))
    return 0


def _say(settings: Settings, token: str, link: str) -> None:
    print(f"KetaTUI answers at {settings.public} (Ctrl+C ends it)")
    print(f"  token:    {token or 'none is asked for'}")
    print("  services: /cds-services, POST /assess, POST /visits/assess, /openapi.json")
    if settings.record_server:
        print(f"  launch:   {settings.public}/launch, by {settings.record_server}")
    if link:
        print(f"  app:      {link} (opens once)")
    print(end="", flush=True)
