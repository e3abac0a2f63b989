"""How a service is run."""

from __future__ import annotations

import ipaddress
import os
import secrets
import stat
from pathlib import Path

from ketatui.structs import Frozen

SHORTEST_TOKEN = 22
"""Characters that a token has at least: 128 bits, as `secrets.token_urlsafe` writes them."""
LARGEST_BODY = 20_000_000
"""Bytes of one request."""


class UnusableSettingError(Exception):
    """A setting cannot be used; the text is one line."""


class Settings(Frozen, frozen=True):
    """How a service is run.

    Attributes:
        host: Address to listen on.
        port: Port to listen on.
        token: What every caller has to show; empty where it was told to ask for none.
        public: Address that others reach it at, without a slash at its end.
        cases: Folder of cases of the app in a browser.
        users: Folder in which each further user has a folder of cases; None for none.
        criteria: The pack; None for the one that came along.
        policy: A local policy.
        clients: File of the clients of CDS Hooks whose signatures are taken.
        workers: Processes that answer; 0 answers in the one that listens.
        browser: Whether the app is shown in a browser.
        feedback: File in which feedback on cards is kept; None keeps none.
        record_server: FHIR server that may launch the app; empty for none.
        client: What this program is registered as there.
        open_cards: Whether what a call proposes is kept for some minutes, to be opened by its card.
        origins: Origins whose pages may call the services of CDS Hooks.
    """

    host: str
    port: int
    token: str
    public: str
    cases: Path
    users: Path | None = None
    criteria: Path | None = None
    policy: Path | None = None
    clients: Path | None = None
    workers: int = 0
    browser: bool = True
    feedback: Path | None = None
    origins: tuple[str, ...] = ()
    record_server: str = ""
    client: str = ""
    open_cards: bool = False

    @property
    def hosts(self) -> frozenset[str]:
        """Names that it may be called by: a page elsewhere that is made to point here is not."""
        named = {self.public.partition("://")[2].lower(), f"{self.host}:{self.port}".lower()}
        if is_loopback(self.host):
            named |= {f"{name}:{self.port}" for name in ("127.0.0.1", "localhost", "[::1]")}
        return frozenset(named)


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def token_of(file: Path | None) -> str:
    """Return the token: the one in a file, which is made where there is none; else a new one.

    Args:
        file: Where it is kept, for its owner's eyes only.

    Raises:
        UnusableSettingError: The file is open to others, or holds no token.
        OSError: It cannot be read or made.
    """
    if file is None:
        return secrets.token_urlsafe(32)
    try:
        with file.open("r", encoding="ascii") as stream:
            mode = os.fstat(stream.fileno()).st_mode
            token = stream.read(1000).strip()
    except FileNotFoundError:
        return _make_token(file)
    except UnicodeDecodeError:
        raise UnusableSettingError(f"{file}: holds no token; allowed: ASCII") from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise UnusableSettingError(f"{file}: open to others on this machine; close it: chmod 600")
    if len(token) < SHORTEST_TOKEN or not token.isprintable() or " " in token:
        allowed = f"one word of at least {SHORTEST_TOKEN} characters"
        raise UnusableSettingError(f"{file}: holds no token; allowed: {allowed}")
    return token


def _make_token(file: Path) -> str:
    token = secrets.token_urlsafe(32)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(f"{token}\n")
    return token
