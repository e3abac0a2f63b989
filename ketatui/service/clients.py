"""Clients of CDS Hooks: who may call, by the signature of a JSON Web Token.

Keys are given on this machine, as the standard allows; none is fetched from an address that a
token names, for whoever made the token chose that address.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jwt
import tomli

from ketatui.service.settings import UnusableSettingError
from ketatui.structs import Frozen

ALGORITHMS = ("ES384", "RS384", "ES256", "RS256")
"""The two that the standard asks for, and those that many systems have; none with a shared key."""
_LOOKED_THROUGH = 60
"""Seconds after which the names of tokens that are over are let go of."""
_LEEWAY = 30
"""Seconds that two clocks may differ by."""
_LONGEST = 3600
"""Seconds that a token may be good for: so long its name is remembered."""
_KEYS = ("issuer", "keys", "tenants")


class NotKnownError(Exception):
    """A token that is not taken; the text says why, for whoever sent it."""


class Client(Frozen, frozen=True):
    """One client.

    Attributes:
        issuer: What its tokens name as ``iss``.
        keys: Its public keys, by ``kid``.
        tenants: Organizations it may speak for; any, where none is named.
    """

    issuer: str
    keys: dict[str, jwt.PyJWK]
    tenants: tuple[str, ...] = ()


class Clients:
    """Checks the tokens of clients, each once."""

    def __init__(self, clients: tuple[Client, ...], clock: Callable[[], float] = time.time) -> None:
        """Prepare.

        Args:
            clients: Those whose tokens are taken.
            clock: Tells the time, in seconds since 1970.
        """
        self._by_issuer = {item.issuer: item for item in clients}
        self._clock = clock
        self._seen: dict[tuple[str, str], float] = {}
        self._look_through = 0.0

    def check(self, token: str, audience: str) -> str:
        """Check a token.

        Args:
            token: As it was sent.
            audience: The address that was called.

        Returns:
            The issuer.

        Raises:
            NotKnownError: It is not taken.
        """
        try:
            return self._checked(token, audience)
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
            raise NotKnownError("the token is not signed by a client that is known here") from None

    def _checked(self, token: str, audience: str) -> str:
        head = jwt.get_unverified_header(token)
        said = jwt.decode(token, options={"verify_signature": False})
        client = self._by_issuer.get(said["iss"]) if isinstance(said.get("iss"), str) else None
        key = client.keys.get(str(head.get("kid"))) if client else None
        if client is None or key is None or head.get("alg") not in ALGORITHMS:
            raise NotKnownError("the token names no client and key that are known here")
        try:
            claims = jwt.decode(
                token,
                key,
                algorithms=[key.algorithm_name],
                audience=audience,
                issuer=client.issuer,
                options={
                    "require": ["iss", "aud", "exp", "iat", "jti"],
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
        except jwt.InvalidAudienceError:
            raise NotKnownError(f"the token is for another address than {audience}") from None
        self._check_time(claims)
        self._check_tenant(client, claims)
        self._remember(client.issuer, claims)
        return client.issuer

    def _check_time(self, claims: dict[str, Any]) -> None:
        now, made, end = self._clock(), float(claims["iat"]), float(claims["exp"])
        if not made - _LEEWAY <= now < end + _LEEWAY:
            raise NotKnownError("the token is not good now: its time is over, or to come")
        if end - made > _LONGEST:
            raise NotKnownError(f"the token is good for longer than {_LONGEST} seconds")

    @staticmethod
    def _check_tenant(client: Client, claims: dict[str, Any]) -> None:
        if client.tenants and claims.get("tenant") not in client.tenants:
            raise NotKnownError("the token is of another organization")

    def _remember(self, issuer: str, claims: dict[str, Any]) -> None:
        now, name = self._clock(), (issuer, str(claims["jti"]))
        if not name[1]:
            raise NotKnownError("the token has no name of its own (jti)")
        if now >= self._look_through:
            # Not with every call: at 200 a second there are 60,000 names of five minutes.
            self._seen = {key: end for key, end in self._seen.items() if end > now}
            self._look_through = now + _LOOKED_THROUGH
        if self._seen.get(name, now) > now:
            raise NotKnownError("the token was used before")
        self._seen[name] = float(claims["exp"]) + _LEEWAY


def load_clients(file: Path) -> tuple[Client, ...]:
    """Read the clients of a file.

    Args:
        file: TOML: ``[[clients]]``, each with ``issuer``, ``keys`` (a file with a JWK Set, named
            from this one) and perhaps ``tenants``.

    Raises:
        UnusableSettingError: The file, or one it names, cannot be used.
    """
    try:
        data = tomli.loads(file.read_text("utf-8"))
    except OSError as error:
        raise UnusableSettingError(f"{file}: {error.strerror}") from None
    except (UnicodeDecodeError, tomli.TOMLDecodeError) as error:
        raise UnusableSettingError(f"{file}: not TOML: {error}") from None
    rows = data.get("clients")
    if not isinstance(rows, list) or not rows or set(data) != {"clients"}:
        raise UnusableSettingError(f"{file}: holds no clients; allowed: tables [[clients]]")
    found = tuple(_client(file, number, row) for number, row in enumerate(rows, start=1))
    if len({item.issuer for item in found}) < len(found):
        raise UnusableSettingError(f"{file}: an issuer stands twice")
    return found


def _client(file: Path, number: int, row: Any) -> Client:
    where = f"{file}: clients {number}"
    if not isinstance(row, dict) or set(row) - set(_KEYS):
        raise UnusableSettingError(f"{where}: allowed: {', '.join(_KEYS)}")
    issuer, keys, tenants = row.get("issuer"), row.get("keys"), row.get("tenants", [])
    if not isinstance(issuer, str) or not issuer or not isinstance(keys, str):
        raise UnusableSettingError(f"{where}: issuer and keys are needed, both texts")
    if not isinstance(tenants, list) or not all(isinstance(item, str) for item in tenants):
        raise UnusableSettingError(f"{where}: tenants is a list of texts")
    return Client(issuer, _keys(file.parent / keys), tuple(tenants))


def _keys(file: Path) -> dict[str, jwt.PyJWK]:
    try:
        rows = json.loads(file.read_bytes())["keys"]
        found = {str(row["kid"]): jwt.PyJWK(row) for row in rows}
    except OSError as error:
        raise UnusableSettingError(f"{file}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, jwt.PyJWTError):
        raise UnusableSettingError(f"{file}: no JWK Set, each key with its kid") from None
    wrong = sorted(kid for kid, key in found.items() if key.algorithm_name not in ALGORITHMS)
    if wrong or not found:
        allowed = ", ".join(ALGORITHMS)
        raise UnusableSettingError(f"{file}: key {', '.join(wrong)}: allowed: keys of {allowed}")
    return found
