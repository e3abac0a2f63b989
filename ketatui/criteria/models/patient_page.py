"""The page that a patient takes along from the consent conversation."""

from typing import Annotated

from msgspec import Meta, field

from ketatui.criteria.models.base import (
    Code,
    ConsentId,
    PackModel,
    PathwayId,
    ShortText,
)

PatientText = Annotated[str, Meta(min_length=1, max_length=120)]
SourceId = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]*\Z")]


class PatientSection(PackModel, frozen=True, kw_only=True):
    """A heading of the page."""

    id: Code
    title: ShortText


class PatientLine(PackModel, frozen=True, kw_only=True):
    """A line of the page: a consent item in few words."""

    section: Code
    item: ConsentId
    text: PatientText
    pathways: tuple[PathwayId, ...] = ()
    """Where it stands; none for all of its item."""


class PatientPageFile(PackModel, frozen=True, kw_only=True):
    """``patient-page.toml``: ``{medicine}`` is filled in."""

    title: ShortText
    begin: PatientText
    telephone: ShortText
    """Before room to write by hand; so are the other two."""
    after_hours: ShortText
    next_visit: ShortText
    medicines: dict[PathwayId, ShortText]
    """What a patient calls what is given, by pathway."""
    only: dict[PathwayId, tuple[SourceId, ...]] = field(default_factory=dict)
    """Documents that speak of one pathway alone."""
    sections: Annotated[tuple[PatientSection, ...], Meta(min_length=1)]
    lines: Annotated[tuple[PatientLine, ...], Meta(min_length=1)]
