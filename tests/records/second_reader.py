"""A second reader of conditions, laboratory results and forms in plain JSON.

It shares no code and no table of codes with the program: what a condition means it takes from the
words beside its code, and what a blood test means it works out from the two numbers.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

Json = Mapping[str, Any]

WORDS = {
    ("medical.aneurysmal_disease", True): r"aneurysm",
    ("medical.avm", True): r"arteriovenous malformation",
    ("medical.intracerebral_hemorrhage", True): r"(intra)?cerebral h(a)?emorrhage",
    ("medical.recent_mi", True): r"myocardial infarction|unstable angina|preinfarction",
    ("medical.stroke_tia", True): r"cerebral infarct|transient (cerebral )?ischemi",
    ("medical.hypertensive_encephalopathy", True): r"hypertensive encephalopathy",
    ("medical.raised_icp", True): r"hydrocephal|intracranial hypertension|brain|meninges",
    ("medical.raised_iop", "glaucoma"): r"glaucoma|ocular hypertension",
    ("medical.preeclampsia", True): r"eclampsia",
    ("medical.porphyria", True): r"acute intermittent",
    ("medical.renal", "dialysis"): r"dialysis",
    ("medical.renal", "impaired"): r"chronic kidney disease.*(stage [1-4]|[1-4])",
    ("medical.cystitis", True): r"interstitial cystitis",
    ("medical.cognitive", "dementia"): r"dementia|alzheimer",
    ("substance.use_disorder", "remission"): r"in remission",
    ("substance.use_disorder", "active"): r"(abuse|dependence|alcoholism|dependent drug)",
}
ELSEWHERE = re.compile(r"family|history of|suspect|rule out|screening|no evidence", re.IGNORECASE)
OTHER_KINDS = ("Condition", "QuestionnaireResponse")
OVER = {"inactive", "remission", "resolved"}
LIVER = {"1742-6": "ALT", "1920-8": "AST", "6768-6": "ALP", "2324-2": "GGT", "1975-2": "bilirubin"}


def why_not(proposal: Json, source: Json, others: Mapping[str, Json], on: dt.date) -> str:
    """Say what of a proposal does not stand in its source; empty if all of it does.

    Args:
        proposal: As ``prefill --json`` prints it.
        source: The resource that it names.
        others: The other resources that it rests on, by name.
        on: The day.
    """
    kind = source["resourceType"]
    if kind == "Condition":
        return _condition(proposal, source, on)
    if kind == "QuestionnaireResponse":
        return _form(proposal, source, on)
    if proposal["question"] == "labs.liver":
        return _liver(proposal, [source, *others.values()], on)
    return _coded(proposal, source)


def _dated(proposal: Json, said: list[Any], on: dt.date) -> str:
    if proposal.get("date") not in said:
        return f"dated {proposal.get('date')}, its source {said}"
    return "" if proposal["date"][:10] <= on.isoformat() else "dated after the day"


def _status(source: Json, name: str) -> set[str]:
    return {item.get("code") for item in (source.get(name) or {}).get("coding", ())}


def _condition(proposal: Json, source: Json, on: dt.date) -> str:
    if _status(source, "verificationStatus") != {"confirmed"}:
        return "not confirmed"
    now = proposal["question"] in {
        "medical.raised_icp", "medical.raised_iop", "medical.preeclampsia", "medical.renal",
        "medical.cystitis", "medical.cognitive", "substance.use_disorder",
    }  # fmt: skip
    ended = any(key.startswith("abatement") for key in source)
    if now and (
        ended or not _status(source, "clinicalStatus") or _status(source, "clinicalStatus") & OVER
    ):
        return "not there now"
    system, _, code = proposal["code"].partition("|")
    coding = [
        item
        for item in source["code"]["coding"]
        if (item.get("system"), item.get("code")) == (system, code)
    ]
    if not coding:
        return "its code is not there"
    said = f"{coding[0].get('display', '')} / {source['code'].get('text', '')}"
    wanted = WORDS.get((proposal["question"], proposal["value"]))
    if wanted is None or not re.search(wanted, said, re.IGNORECASE):
        return f"{said!r} does not say {proposal['question']} = {proposal['value']}"
    if ELSEWHERE.search(said) and code != "Z86.73":
        return f"{said!r} is about something else"
    onset = source.get("onsetDateTime") or (source.get("onsetPeriod") or {}).get("start")
    if proposal["question"] == "medical.recent_mi":
        if (on - dt.date.fromisoformat(str(onset)[:10])).days > 184:
            return "too long ago"
        return _dated(proposal, [onset], on)
    return _dated(proposal, [source.get("recordedDate") or onset], on)


def _number(quantity: Json) -> tuple[Decimal, Any]:
    assert quantity["system"] == "http://unitsofmeasure.org"
    return Decimal(str(quantity["value"])), quantity["code"]


def _liver(proposal: Json, sources: list[Json], on: dt.date) -> str:
    times: dict[str, Decimal] = {}
    for source in sources:
        if source["status"] not in ("final", "amended", "corrected"):
            return "its status"
        (code,) = {item["code"] for item in source["code"]["coding"]} & LIVER.keys()
        (limit,) = source["referenceRange"]
        value, unit = _number(source["valueQuantity"])
        high, same = _number(limit["high"])
        if unit != same:
            return "another unit"
        times[LIVER[code]] = value / high
    three = any(times.get(name, Decimal(0)) >= 3 for name in ("ALT", "AST"))
    above = any(value > 1 for value in times.values())
    said = "abnormal_3x" if three else "abnormal" if above else "normal"
    if said != proposal["value"]:
        return f"{said} by its numbers"
    if said == "normal" and set(times) != set(LIVER.values()):
        return "not all were measured"
    if said == "abnormal" and not {"ALT", "AST"} <= set(times):
        return "three times the limit is not excluded"
    return _dated(proposal, [item.get("effectiveDateTime") for item in sources], on)


def _coded(proposal: Json, source: Json) -> str:
    if source["status"] not in ("final", "amended", "corrected"):
        return "its status"
    shown = {
        str(item.get("display", "")).lower() for item in source["valueCodeableConcept"]["coding"]
    }
    ok = shown == {proposal["value"]} and proposal["date"] == source["effectiveDateTime"]
    return "" if ok else f"its result is {shown}"


def _items(source: Json) -> list[Json]:
    found = []
    for item in source.get("item", ()):
        found += [item, *_items(item)]
    return found


def _form(proposal: Json, source: Json, on: dt.date) -> str:
    if source["status"] not in ("completed", "amended"):
        return "its status"
    days = [source["authored"], *(tag["code"] for tag in source.get("meta", {}).get("tag", ()))]
    items = _items(source)
    named = [item for item in items if item["linkId"] == proposal["question"]]
    days += [
        ext["valueDate"]
        for item in named
        for ext in item.get("extension", ())
        if "valueDate" in ext
    ]
    if why := _dated(proposal, days, on):
        return why
    if "items" in proposal:
        return "" if sum(proposal["items"].values()) == proposal["value"] else "its items"
    answers = [answer for item in named for answer in item.get("answer", ())]
    said = [next(iter(answer.values())) for answer in answers]
    codes = [item["code"] if isinstance(item, dict) else item for item in said]
    wanted = (
        {True: "Y", False: "N"}.get(proposal["value"], proposal["value"])
        if isinstance(proposal["value"], bool)
        else proposal["value"]
    )
    return "" if codes == [wanted] else f"it says {codes}"
