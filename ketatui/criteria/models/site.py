"""Which answers are those of a place."""

from typing import Annotated

from msgspec import Meta

from ketatui.criteria.models.base import Id, PackModel


class SiteFile(PackModel, frozen=True, kw_only=True):
    """``site.toml``."""

    place: Id | None = None
    """The choice that says where a session would be; Compare may assume another for a pathway."""
    questions: Annotated[tuple[Id, ...], Meta(min_length=1)]
    """Questions that a site profile answers."""
