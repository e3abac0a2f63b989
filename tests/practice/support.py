"""Practice cases of the tests, and what is wanted of them all the time."""

from __future__ import annotations

from pathlib import Path

from ketatui.criteria.pack import Pack
from ketatui.practice.loading import (
    Library,
    PracticeCase,
    load_practice_case,
    load_rubric,
    load_topics,
    practice_folder,
)

CASES = Path(__file__).parent / "cases"
RED, TWO = "harbor-pilot", "night-baker"
"""A hidden contraindication; a trial below its dose."""


def fixture_library(pack: Pack) -> Library:
    """Return the cases of the tests with the pack's topics and rubric."""
    cases = {name: load_practice_case(CASES / f"{name}.toml", pack) for name in (RED, TWO)}
    folder = practice_folder(pack)
    return Library(cases, load_topics(folder), load_rubric(folder), ())


def text_of(name: str) -> str:
    """Return the text of a case of the tests."""
    return (CASES / f"{name}.toml").read_text("utf-8")


__all__ = ["CASES", "RED", "TWO", "PracticeCase", "fixture_library", "text_of"]
