"""By which other words the palette finds something."""

from typing import Annotated

from msgspec import Meta

from ketatui.criteria.models.base import PackModel

PlaceName = Annotated[str, Meta(pattern=r"^[a-z]+:[A-Za-z0-9_.=-]+\Z")]
"""A kind and an id: ``setting:theme``."""
SearchWords = Annotated[str, Meta(min_length=1, max_length=40)]


class PaletteFile(PackModel, frozen=True, kw_only=True):
    """``palette.toml``."""

    words: dict[PlaceName, Annotated[tuple[SearchWords, ...], Meta(min_length=1)]]
    """Other words, by what they find."""
