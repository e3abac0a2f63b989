"""CDS Hooks 2.0: what a client sends, and what it gets."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from ketatui.contract.base import Open

Uuid = Annotated[
    str,
    Field(pattern=r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"),
]
FhirId = Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]{1,64}$")]
Resource = dict[str, Any]
"""A resource of FHIR R4."""
Prefetched = Resource | None
"""What a client read for a template; null where it found nothing or could not read."""
HookName = Literal["patient-view", "order-select", "order-sign"]


class ViewContext(Open):
    """Whose chart was opened."""

    userId: str  # noqa: N815  (the standard's name)
    patientId: FhirId  # noqa: N815
    encounterId: str | None = None  # noqa: N815


class SignContext(ViewContext):
    """Orders about to be signed."""

    draftOrders: Resource  # noqa: N815
    """A Bundle."""


class SelectContext(SignContext):
    """An order that was chosen."""

    selections: list[str]
    """``MedicationRequest/…``: which of the draft orders are new."""


class _Request(Open):
    """What every call has."""

    hookInstance: Uuid  # noqa: N815
    fhirServer: str | None = None  # noqa: N815
    """Passed over: the service reads what is prefetched and nothing else."""
    prefetch: dict[str, Prefetched] = Field(default_factory=dict)


class ViewRequest(_Request):
    """``patient-view``."""

    hook: Literal["patient-view"]
    context: ViewContext


class SelectRequest(_Request):
    """``order-select``."""

    hook: Literal["order-select"]
    context: SelectContext


class SignRequest(_Request):
    """``order-sign``."""

    hook: Literal["order-sign"]
    context: SignContext


HookRequest = ViewRequest | SelectRequest | SignRequest
REQUESTS: dict[str, type[ViewRequest] | type[SelectRequest] | type[SignRequest]] = {
    "patient-view": ViewRequest,
    "order-select": SelectRequest,
    "order-sign": SignRequest,
}


class Service(Open):
    """One service that can be called."""

    id: str
    hook: HookName
    title: str
    description: str
    prefetch: dict[str, str]


class Services(Open):
    """What ``GET /cds-services`` says."""

    services: list[Service]


class CardSource(Open):
    """Who says so."""

    label: str
    url: str | None = None


class Link(Open):
    """Where more can be read."""

    label: str
    url: str
    type: Literal["absolute", "smart"]
    appContext: str | None = None  # noqa: N815
    """What the launch brings back with its token; of ``smart`` links only."""


Indicator = Literal["info", "warning", "critical"]


class Card(Open):
    """One card."""

    uuid: Uuid
    summary: Annotated[str, Field(min_length=1, max_length=139)]
    detail: str
    """Markdown."""
    indicator: Indicator
    source: CardSource
    links: list[Link] = Field(default_factory=list)


class Cards(Open):
    """What a service answers."""

    cards: list[Card]
