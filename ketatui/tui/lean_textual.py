"""Textual, imported without what this program never uses: a tenth of the time until it is there."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

_PALETTE = "textual.command"
"""Textual's command palette, and with it lists, trees and selections; the app has its own."""


class _Unused(ModuleType):
    """Stands for a module while those are imported that only name what is in it."""

    def __getattr__(self, name: str) -> type[object]:
        """Return a class of that name, to name and to inherit from."""
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {"__module__": self.__name__})


@contextmanager
def _in_place_of(name: str, module: ModuleType | None) -> Iterator[None]:
    """Let something else stand for a module that nobody has imported; whoever asks later gets it.

    Args:
        name: Its name.
        module: What stands for it; None where it is not to be found.
    """
    if name in sys.modules:
        yield
        return
    sys.modules[name] = module  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]


def import_textual() -> None:
    """Import Textual, unless somebody has.

    asyncio goes without TLS, for which it takes `ssl` if there is one: no screen opens a
    connection.
    """
    with _in_place_of("ssl", None):
        import asyncio  # noqa: F401
    with _in_place_of(_PALETTE, _Unused(_PALETTE)):
        import textual.app  # noqa: F401
