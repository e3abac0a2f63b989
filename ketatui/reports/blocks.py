"""What a report is made of: one content, drawn as Markdown or as pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from ketatui.cases.integrity import CaseReading


@dataclass(frozen=True)
class Banner:
    """Something nobody may overlook, such as that a case is for practice."""

    text: str


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is the title."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Bullet:
    """A line of a list.

    Attributes:
        text: What it says.
        label: What stands before it, emphasized.
        depth: How far it is indented, from 0.
        code: Whether the text is a code, such as a digest, that no line may break.
    """

    text: str
    label: str = ""
    depth: int = 0
    code: bool = False


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True)
class Quote:
    """Words that were read aloud."""

    text: str


@dataclass(frozen=True)
class Signature:
    """A place to sign on paper."""

    who: str
    """Whose signature."""


@dataclass(frozen=True)
class Blank:
    """Something to write in by hand."""

    label: str


Block = Banner | Heading | Bullet | Paragraph | Quote | Signature | Blank


@dataclass(frozen=True)
class Report:
    """A report, and what stands on each of its pages.

    Attributes:
        title: What it is.
        blocks: Its content.
        practice: Whether the case is for practice.
        case: The case's id, or what else it is called.
        criteria: Criteria id and version.
        day: The day assessed for.
        moment: When the case was saved; a file's date, so that the same case gives the same bytes.
        altered: Whether the case was altered outside the program.
        for_patient: Whether it is for a patient: in large print, with nothing around it that is
            for professionals.
    """

    title: str
    blocks: tuple[Block, ...]
    practice: bool
    case: str = ""
    criteria: str = ""
    day: str = ""
    moment: dt.datetime | None = None
    altered: bool = False
    for_patient: bool = False


def report_on(
    reading: CaseReading, title: str, criteria: str, day: str, blocks: Iterable[Block]
) -> Report:
    """Return a report on a case with what stands on each of its pages.

    Args:
        reading: The case as read.
        title: What it is.
        criteria: Criteria id and version.
        day: The day assessed for.
        blocks: Its content.
    """
    case = reading.case
    return Report(
        title=title,
        blocks=tuple(blocks),
        practice=case.practice,
        case=case.id or case.label or "without an id",
        criteria=criteria,
        day=day,
        moment=case.record.saved_at,
        altered=reading.integrity.seal == "altered",
    )


def moment_text(moment: dt.datetime) -> str:
    """Write a moment in local time with its offset, as pages that are signed need it."""
    local = moment.astimezone()
    offset = f"{local:%z}"
    zone = "UTC" if offset == "+0000" else f"UTC{offset[:3]}:{offset[3:5]}"
    return f"{local:%Y-%m-%d %H:%M} {zone}"


def spaced(drawn: Iterable[tuple[Block, Iterable[str]]]) -> list[str]:
    """Return the lines of blocks with an empty one between them; bullets stand together.

    Args:
        drawn: Each block with its lines, in order.
    """
    lines: list[str] = []
    before: Block | None = None
    for block, own in drawn:
        if lines and not (isinstance(block, Bullet) and isinstance(before, Bullet)):
            lines.append("")
        lines += own
        before = block
    return lines
