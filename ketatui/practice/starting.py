"""A practice case to fill in: everything that only its author can say is marked TODO."""

from __future__ import annotations

import datetime as dt
import string
from typing import Literal

from ketatui.practice.authoring import Authoring


def start(
    authoring: Authoring, ident: str, topic: str, base: str, on: dt.date, *, staged: bool = False
) -> str:
    """Return the text of a case to fill in.

    Args:
        authoring: The pack's templates.
        ident: Its id, and its file's name.
        topic: One of the topics.
        base: The base it takes the rest from.
        on: The day it plays.
        staged: Whether it is a course in stages.

    Returns:
        The template with these filled in.

    Raises:
        ValueError: The pack has no such template.
    """
    kind: Literal["short", "staged"] = "staged" if staged else "short"
    template = authoring.file.templates.get(kind)
    if template is None:
        raise ValueError(f"this pack has no template for a {kind} case")
    filled = {"id": ident, "topic": topic, "base": base, "on": on.isoformat()}
    return string.Template(template).substitute(filled)
