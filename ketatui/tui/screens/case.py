"""A saved case, read-only, with its reasons as they stood."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType

from ketatui.cases.errors import CaseError, DraftInUseError
from ketatui.cases.journal import draft_path
from ketatui.cases.store import Loaded
from ketatui.tui.actions import bindings
from ketatui.tui.screens.reader import ReaderScreen
from ketatui.tui.session import OpenCase, now
from ketatui.tui.views.case import case_lines
from ketatui.tui.views.lines import Line


class CaseScreen(ReaderScreen):
    """One saved case."""

    CONTEXTS = ("case", "reader")
    HELP_TITLE = "Saved case"
    HELP_TEXT = (
        "The case as it stood when it was saved, with the reasons of the criteria of that day. "
        "Nothing here is assessed anew. Amending opens it as a consultation; saving that makes a "
        "new revision and keeps the old one."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("case"))

    def __init__(self, loaded: Loaded) -> None:
        """Args: the case as loaded."""
        super().__init__()
        self.loaded = loaded

    def page_title(self) -> str:
        """Return the title."""
        return f"{self.loaded.stamp.path.name}, read-only"

    def lines(self, width: int) -> Sequence[Line]:
        """Return the case."""
        knowledge = self.keta.resources.knowledge
        assert knowledge is not None
        return case_lines(knowledge.pack, self.loaded.case, width)

    def action_review(self) -> None:
        """Comment on the case, agree or disagree with the decision, sign it."""
        from ketatui.tui.screens.review import ReviewScreen

        def kept(loaded: Loaded) -> None:
            self.loaded = loaded

        self.app.push_screen(ReviewScreen(self.loaded, kept))

    def action_amend(self) -> None:
        """Open the case as a consultation whose saving makes a new revision."""
        from ketatui.consultation.saving import amend, is_ours
        from ketatui.tui.screens.consultation import ConsultationScreen

        resources = self.keta.resources
        assert resources.store is not None
        assert resources.knowledge is not None
        if is_ours(resources.store, self.loaded):
            draft = draft_path(resources.cases, self.loaded.case.id)
            if draft.exists():
                self.keta.resume_draft(draft)
                return
        try:
            consultation, journal = amend(
                resources.store, self.loaded, resources.knowledge, now=now()
            )
        except (CaseError, DraftInUseError, OSError) as error:
            self.show_hint((str(error).splitlines()[0], "problem"))
            return
        base = self.loaded.stamp if is_ours(resources.store, self.loaded) else None
        opened = OpenCase(consultation, journal, base)
        self.keta.open_case = opened
        notice = "Amending: saving makes a new revision; the saved one stays as it is."
        self.app.switch_screen(ConsultationScreen(opened, notice))
