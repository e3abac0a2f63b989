"""The consent conversation of a case as a FHIR R4 Consent.

It says how the conversation ended and what was talked about. It is no signed form and permits
nothing by itself: its provision says what the patient said, for treatment.
"""

from __future__ import annotations

from functools import lru_cache

from ketatui.cases.integrity import CaseReading
from ketatui.cases.model import ConsentMark
from ketatui.criteria.pack import Pack
from ketatui.reports.fhir.coding import (
    LOINC,
    OURS,
    TERMINOLOGY,
    Json,
    coding,
    narrative,
    pack_markup,
    pack_text,
    text_of,
)
from ketatui.reports.fhir.reviews import moment
from ketatui.reports.given import consented_to

CONSENT = "Consent"
_STATUS = {"agreed": "active", "declined": "rejected", "deferred": "proposed", None: "draft"}
_SAYS = {"agreed": "permit", "declined": "deny"}
_WORDS = {
    "agreed": "The patient agreed.",
    "declined": "The patient declined.",
    "deferred": "The decision was deferred.",
    None: "The conversation is not over.",
}


def consents(pack: Pack, reading: CaseReading) -> list[Json]:
    """Return the consent conversation of a case; none where there was none.

    Args:
        pack: The criteria of today, for the names of what was talked about.
        reading: The case as read.

    Returns:
        At most one Consent; `bundle` fills in what it is about. None of a practice case: nobody
        consented, and a server would hold it for real.
    """
    case, said = reading.case, reading.case.consent
    if case.practice or (said.outcome is None and not said.items):
        return []
    made: Json = {
        "resourceType": CONSENT,
        "text": narrative(_lines(pack, reading)),
        "extension": [
            *_details(pack, reading),
            *(_item(pack, *both) for both in said.items.items()),
        ],
        "status": _STATUS[said.outcome],
        "scope": {"coding": [coding(f"{TERMINOLOGY}/consentscope", "treatment", "Treatment")]},
        "category": [{"coding": [coding(LOINC, "59284-0", "Consent Document")]}],
        "patient": {"display": text_of(case.label) or text_of(case.id) or "not named"},
        "sourceReference": {},
        "policyRule": {"text": text_of(f"Informed consent by {pack.info.id} {pack.info.version}")},
    }
    if not made["extension"]:
        del made["extension"]
    if said.ended_at is not None:
        made["dateTime"] = moment(said.ended_at)
    if said.outcome in _SAYS:
        made["provision"] = {"type": _SAYS[said.outcome]}
    return [made]


def _details(pack: Pack, reading: CaseReading) -> list[Json]:
    said = reading.case.consent
    about = consented_to(pack, reading.case)
    told = (("given-to", about), ("present", said.present), ("interpreter", said.interpreter))
    found: list[Json] = [
        {"url": f"{OURS}:consent-{name}", "valueString": text_of(value)}
        for name, value in told
        if text_of(value)
    ]
    if said.copy_given is not None:
        found.append({"url": f"{OURS}:consent-copy-given", "valueBoolean": said.copy_given})
    return found


def _title(pack: Pack, ident: str) -> str:
    item = pack.consent.get(ident)
    return item.title if item else ident


@lru_cache(maxsize=256)
def _named(ident: str, title: str) -> Json:
    return coding(f"{OURS}:consent", ident, title)


def _item(pack: Pack, ident: str, mark: ConsentMark) -> Json:
    parts: list[Json] = [
        {"url": "item", "valueCoding": _named(ident, _title(pack, ident))},
        {"url": "discussed", "valueDateTime": moment(mark.discussed_at)},
    ]
    parts += [
        {"url": name, "valueString": text_of(value)}
        for name, value in (("teach-back", mark.teach_back), ("note", mark.note))
        if text_of(value)
    ]
    return {"extension": parts, "url": f"{OURS}:consent-item"}


def _lines(pack: Pack, reading: CaseReading) -> list[str]:
    said = reading.case.consent
    items = "".join(
        f"<li>{pack_markup(pack_text(_title(pack, ident)))}</li>" for ident in sorted(said.items)
    )
    talked = f"<p>Talked about:</p><ul>{items}</ul>" if items else ""
    return [f"<p>{_WORDS[said.outcome]}</p>", talked]
