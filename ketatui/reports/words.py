"""What codes of a saved case are called today; a code nobody knows stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ketatui.criteria.pack import Pack

PRACTICE = "PRACTICE: an invented case for learning, not a patient"


def coded(words: Mapping[Any, str], code: str) -> str:
    """Return the word for a code."""
    return words.get(code, code)


def pathway_title(pack: Pack, ident: str) -> str:
    """Return what a pathway is called; ``none`` is none of them."""
    if ident == "none":
        return "none of the pathways"
    return pack.pathways[ident].title if ident in pack.pathways else ident


def rule_title(pack: Pack, ident: str) -> str:
    """Return a rule's title."""
    return pack.rules[ident].title if ident in pack.rules else ident


def effect_words(pack: Pack, effect: str) -> str:
    """Return symbol and title of an effect."""
    for code, words in pack.wording.effects.items():
        if code == effect:
            return f"{words.symbol} {words.title}"
    return effect


def yes_or_no(value: bool) -> str:
    """Say a truth value."""
    return "yes" if value else "no"
