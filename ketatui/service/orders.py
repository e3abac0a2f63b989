"""Draft orders: which of them are of ketamine or esketamine, and by which pathway."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ketatui.criteria.models.records import RecordFile
from ketatui.engine.medicines import MedicineIndex
from ketatui.records.medicines import names_of
from ketatui.records.patients import ENTERED_IN_ERROR, Held
from ketatui.records.values import Refused
from ketatui.structs import Frozen

SNOMED = "http://snomed.info/sct"
MEDICINE, PROCEDURE = "MedicationRequest", "ServiceRequest"
OTHERS = (
    "MedicationAdministration",
    "MedicationDispense",
    "MedicationStatement",
    "RequestGroup",
    "CarePlan",
)
"""Drafts that may be of a medicine, and are not read: what is in them is not known."""
_NOT_MEANT = ("cancelled", ENTERED_IN_ERROR, "stopped", "completed")


class Order(Frozen, frozen=True):
    """One draft order.

    Attributes:
        key: ``MedicationRequest/…``.
        name: As the record names it; empty where that cannot be read.
        pathways: Those it may be of; none where the criteria have none for it.
        routed: Whether it says how it is given.
        concerns: Whether ketamine or esketamine is in it; None while that is not known.
        why: Why it is not known.
    """

    key: str
    name: str = ""
    pathways: tuple[str, ...] = ()
    routed: bool = False
    concerns: bool | None = None
    why: str = ""


def read_orders(
    index: MedicineIndex,
    mapping: RecordFile,
    orders: Iterable[Held],
    named: Mapping[str, Held],
) -> tuple[Order, ...]:
    """Read draft orders.

    Args:
        index: Recognizes names.
        mapping: Which pathways an order may be of.
        orders: Medication and service requests; one that says not to do it is none.
        named: Resources that they may refer to.

    Returns:
        The orders; of a service request, only one that names ketamine or esketamine.
    """
    found = (_order(index, mapping, item, named) for item in orders if _is_meant(item))
    return tuple(
        item for item in found if item.concerns or not item.key.startswith(f"{PROCEDURE}/")
    )


def _is_meant(held: Held) -> bool:
    data = held.resource
    return (
        held.kind in (MEDICINE, PROCEDURE, *OTHERS)
        and data.get("status") not in _NOT_MEANT
        and data.get("doNotPerform") is not True
    )


def _order(
    index: MedicineIndex, mapping: RecordFile, held: Held, named: Mapping[str, Held]
) -> Order:
    if held.kind in OTHERS:
        return Order(held.key, why=f"{held.kind} is not read")
    names = names_of(held, mapping.medicines, named)
    if isinstance(names, Refused):
        return Order(held.key, why=names.because)
    # A code may name one medicine and the text another: each that is looked for counts.
    said = next((name for name in names if _may_hold(index, name, mapping)), names[0])
    recognized = index.recognize(said)
    ingredients = {each for name in names for each in index.recognize(name).ingredients}
    wanted = [item for item in mapping.orders if item.ingredient in ingredients]
    if recognized.known and not wanted:
        return Order(held.key, said, concerns=False)
    if not wanted:
        meant = [name for name in recognized.may_mean if _holds(index, name, mapping)]
        why = f"may stand for {' or '.join(meant)}" if meant else "the name is not recognized"
        return Order(held.key, said, why=why)
    routes = frozenset(_routes(held.resource))
    if not routes:
        any_of = [pathway for item in wanted for pathway in item.pathways]
        return Order(held.key, said, tuple(dict.fromkeys(any_of)), concerns=True)
    by_route = [item.routes[code] for item in wanted for code in routes if code in item.routes]
    return Order(held.key, said, tuple(dict.fromkeys(by_route)), routed=True, concerns=True)


def _may_hold(index: MedicineIndex, name: str, mapping: RecordFile) -> bool:
    may_mean = index.recognize(name).may_mean
    return any(_holds(index, each, mapping) for each in (name, *may_mean))


def _holds(index: MedicineIndex, name: str, mapping: RecordFile) -> bool:
    wanted = {item.ingredient for item in mapping.orders}
    return bool(wanted & set(index.recognize(name).ingredients))


def _routes(data: Mapping[str, Any]) -> Iterator[str]:
    for dosage in _dicts(data.get("dosageInstruction")):
        route = dosage.get("route")
        if not isinstance(route, Mapping):
            continue
        for coding in _dicts(route.get("coding")):
            code = coding.get("code")
            if coding.get("system") == SNOMED and isinstance(code, str):
                yield code


def _dicts(value: Any) -> Sequence[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
