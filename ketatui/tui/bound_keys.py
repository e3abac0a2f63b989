"""What keys are bound to: the only place that asks Textual's own tables of bindings.

Textual looks a key up when its event comes round again, behind every other message. Here keys are
looked up as they are taken, so that a quick second key finds what the first one has done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import App
    from textual.binding import Binding
    from textual.dom import DOMNode


async def act_on_key(app: App[int], key: str, *, priority: bool = False) -> bool:
    """Do what a key is bound to where the focus is, or above it.

    Args:
        app: The running app.
        key: The key, by Textual's name.
        priority: Whether to look only at bindings that go before everything else.

    Returns:
        Whether it was bound to anything.
    """
    return await app._check_bindings(key, priority)


def bindings_of(node: DOMNode, key: str) -> Sequence[Binding]:
    """Return what a key is bound to in one widget or screen itself."""
    return node._bindings.key_to_bindings.get(key, ())
