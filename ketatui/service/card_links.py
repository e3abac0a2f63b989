"""Where a card's link opens the app: with its patient, where that can be."""

from __future__ import annotations

from typing import NamedTuple

from ketatui.records.login import context_of
from ketatui.service.hooks import HookRequest, Link


class Doors(NamedTuple):
    """The ways into the app that a card may name; an address is empty where there is none.

    Attributes:
        app: The app, with nothing of the patient.
        launch: Where the record system may launch it.
        launcher: The FHIR server that may do so; no other is taken there.
        draft: Where what this call's record proposes can be opened, once.
    """

    app: str = ""
    launch: str = ""
    launcher: str = ""
    draft: str = ""

    def launched_by(self, call: HookRequest) -> bool:
        """Tell whether the record system of a call can launch the app."""
        said = (call.fhirServer or self.launcher).rstrip("/")
        return bool(self.launch) and said == self.launcher.rstrip("/")


def link_to_app(doors: Doors, call: HookRequest, *, kept: bool) -> Link | None:
    """Return the link of a card that opens the app; None where it is not shown in a browser.

    Args:
        doors: The ways in.
        call: The call; its patient goes along with a launch, so that another one is noticed.
        kept: Whether what its record proposes is kept to be opened.
    """
    if doors.launched_by(call):
        context = context_of(call.context.patientId)
        title = "Open this patient in KetaTUI"
        return Link(label=title, url=doors.launch, type="smart", appContext=context)
    if kept:
        return Link(label="Open this record in KetaTUI", url=doors.draft, type="absolute")
    return Link(label="Open KetaTUI", url=doors.app, type="absolute") if doors.app else None
