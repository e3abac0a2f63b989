"""What the case files need to know of a criteria pack, and nothing more."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from ketatui.criteria.models import DrugClass, Instrument, Question

if TYPE_CHECKING:
    from ketatui.criteria.course import CoursePack


class AskedCatalog(Protocol):
    """Questions, and the scales that they name."""

    @property
    def questions(self) -> Mapping[str, Question]:
        """Questions by id, in the order of the consultation."""
        ...

    @property
    def instruments(self) -> Mapping[str, Instrument]:
        """Rating scales by id."""
        ...


class QuestionCatalog(AskedCatalog, Protocol):
    """The questions a case can answer. A loaded criteria pack is one."""

    @property
    def drug_classes(self) -> Mapping[str, DrugClass]:
        """Classes of medicines by id."""
        ...

    @property
    def pathway_ids(self) -> Sequence[str]:
        """The pathways a decision can name."""
        ...

    @property
    def consent_ids(self) -> Collection[str]:
        """The consent items that exist."""
        ...

    @property
    def course(self) -> CoursePack | None:
        """The course of treatment; None where there is none.

        Raises:
            PackError: It cannot be used.
        """
        ...
