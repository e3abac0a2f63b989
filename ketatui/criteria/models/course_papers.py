"""The papers of a session: what a pack says of a form's worksheet and the page to take home."""

from typing import Annotated

from msgspec import Meta

from ketatui.criteria.models.base import (
    Code,
    Confidence,
    Expression,
    Id,
    LineText,
    PackModel,
    ParagraphText,
    PathwayId,
    RuleId,
    ShortText,
    SourceRef,
)


class WorksheetField(PackModel, frozen=True, kw_only=True):
    """One line of the worksheet for a form, and the one way its value comes about."""

    id: RuleId
    label: ShortText
    required: bool = False
    """Whether the form marks it so."""
    since: LineText
    """The version of the form it was first seen in, and what is known of later ones."""
    confidence: Confidence
    chart: bool = False
    """Kept in the patient's chart, and never here."""
    shows: tuple[Id, ...] = ()
    """Answers and facts of the visit."""
    when: Expression | None = None
    """Yes or no by the visit."""
    screening: Expression | None = None
    """Yes or no by the screening."""
    pressure: tuple[int, ...] = ()
    """The two minutes between which a blood pressure was taken."""
    devices: bool = False
    """The lots of the devices used."""

    def __post_init__(self) -> None:
        """Refuse a field that says in no way, or in several, where its value comes from."""
        ways = (self.chart, self.shows, self.when, self.screening, self.pressure, self.devices)
        if sum(map(bool, ways)) != 1:
            raise ValueError("needs one of chart, shows, when, screening, pressure and devices")
        if self.pressure and len(self.pressure) != 2:
            raise ValueError("pressure takes two minutes")


class WorksheetFile(PackModel, frozen=True, kw_only=True):
    """``course/worksheet.toml``."""

    title: LineText
    note: ParagraphText
    pathway: PathwayId
    site: Code
    """Where a session has to be reported so."""
    paper: RuleId
    """What the record calls it once it was sent."""
    sources: Annotated[tuple[SourceRef, ...], Meta(min_length=1)]
    fields: Annotated[tuple[WorksheetField, ...], Meta(min_length=1)]


class PageSection(PackModel, frozen=True, kw_only=True):
    """A part of the page that a patient takes home."""

    id: RuleId
    title: ShortText


class PageLine(PackModel, frozen=True, kw_only=True):
    """One line of the page that a patient takes home."""

    id: RuleId
    section: RuleId
    text: ParagraphText
    pathways: tuple[PathwayId, ...] = ()
    """Pathways it is for; all of them where none is named."""
    when: Expression | None = None
    """By the visit; the line is left out only where this is false."""
    sources: Annotated[tuple[SourceRef, ...], Meta(min_length=1)]


class GoingHomeFile(PackModel, frozen=True, kw_only=True):
    """``course/going-home.toml``: ``{medicine}`` and ``{date}`` are filled in."""

    title: ShortText
    given: LineText
    """After a dose."""
    held: LineText
    """After a session without one."""
    unsaid: LineText
    """Where the record does not say."""
    planned: LineText
    not_planned: ShortText
    """Before room to write the day in by hand; so are the telephone numbers."""
    telephone: ShortText
    after_hours: ShortText
    medicines: dict[PathwayId, ShortText]
    """What a patient calls what was given, by pathway."""
    sections: Annotated[tuple[PageSection, ...], Meta(min_length=1)]
    lines: Annotated[tuple[PageLine, ...], Meta(min_length=1)]
