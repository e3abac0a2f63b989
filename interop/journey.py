"""One patient the whole way: record, app, case, a server of others, and back by two clients."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import tomllib
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from interop import steps
from interop.fhir_server import CLIENTS, as_sent, fhir_server, get, load, post, resolved
from interop.kept import lost
from interop.record import counting, ketatui, prefill, sample_record
from interop.screens import Page, page
from interop.service import found_in, serving
from interop.tally import Tally
from interop.written_back import check_written_back
from ketatui.engine import Knowledge
from tests.records.authority import authorizing
from tests.terminal.program import Program

Json = dict[str, Any]
_HOOK = "ketatui-order-sign"
_LAUNCHED = "card that launches"
_CARDS = (_LAUNCHED, "card with its own record")


def check(knowledge: Knowledge, folder: Path, seed: int) -> Tally:
    """Take one patient of PySynthea the whole way, by terminal, by a card and in a browser.

    Args:
        knowledge: The compiled pack.
        folder: Where files may be written.
        seed: Of the patient.

    Returns:
        What was looked at, and what got lost.
    """
    tally = Tally("One patient from a record to a server and back")
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        tally.left_out = "Chromium is not installed"
        return tally
    record = sample_record(folder / "made", seed, dt.date.today())
    with fhir_server() as address:
        found = prefill(str(record))
        patient = _load_record(tally, address, record, found)
        case = _by_terminal(tally, folder / "terminal", record, len(counting(found)))
        _there_and_back(tally, "terminal", address, case)
        for where in _CARDS:
            card, case = _by_card(tally, (browser, where, address), folder / where, patient, found)
            _said_on_card(tally, knowledge, card, case, counting(found))
            _there_and_back(tally, where, address, case)
        check_written_back(tally, address, patient, case)
    return tally


def _load_record(tally: Tally, address: str, record: Path, found: Json) -> str:
    """Load the record into the server; what it proposes from there has to be the same."""
    data = json.loads(record.read_text("utf-8"))
    names = load(address, data)
    (patient,) = [name.partition("/")[2] for name in names if name.startswith("Patient/")]
    there = prefill(address, "--patient", patient)
    here = [_plain(item) for item in found["proposed"]]
    tally.saw(f"record: {len(names)} resources, loaded into the server; {len(here)} proposals")
    tally.looked(len(here))
    if here != [_plain(item) for item in there["proposed"]]:
        tally.differs("the server's record proposes other answers than the file")
    return patient


def _plain(proposal: Json) -> Json:
    """Return a proposal without the id that a server gives a resource."""
    return {key: value for key, value in proposal.items() if key != "resource"}


def _by_terminal(tally: Tally, home: Path, record: Path, count: int) -> Path:
    """Confirm, answer by hand and save at 80 by 24."""
    with Program(home, size=(80, 24)) as program:
        program.wait_for("asked only where they matter")
        known = steps.confirm(program, record, home / "cases", count)
        steps.answer_by_hand(program)
        case = steps.save(program, home / "cases")
        program.press("q")
        program.ended()
    _confirmed(tally, "terminal, 80 by 24", case, known, count)
    data = tomllib.loads(case.read_text("utf-8"))
    answers = data["answers"]["vitals"]
    tally.looked(4)
    if {f"vitals.{key}": value for key, value in answers.items()} != steps.BY_HAND:
        tally.differs(f"what was answered by hand is otherwise in the case: {answers}")
    if data["unknown"] != [steps.UNKNOWN] or data["notes"] != dict([steps.NOTE]):
        tally.differs("what was said to be unknown, or the note, is otherwise in the case")
    return case


def _by_card(
    tally: Tally, opened: tuple[str, str, str], folder: Path, patient: str, found: Json
) -> tuple[Json, Path]:
    """Follow a card's link in Chromium from a page of the record system; return card and case.

    The record system is of another site for the browser, and asks for a login where it launches.
    """
    browser, where, address = opened
    folder.mkdir()
    with authorizing("localhost") as system:
        system.behind, system.patient = address, patient
        launch = ("--record-server", system.address, "--login", "ketatui")
        with serving(folder, *(launch if where == _LAUNCHED else ("--open-cards",))) as said:
            card = _card(tally, address, said, patient)
            link = card["links"][0]
            system.link = link["url"]
            if link["type"] == "smart":
                # What a record system adds to it, and what it brings back with the token.
                more = {"iss": system.address, "launch": "handed-over"}
                system.link += f"?{urlencode(more)}"
                system.context = {"appContext": link["appContext"]}
            once = found_in(said, r"app: +(\S+)")
            chart = f"{system.address}/chart"
            with page(browser, once, chart, "click") as shown:
                case = _in_browser(tally, shown, where, folder / "cases", len(counting(found)))
    return card, case


def _in_browser(tally: Tally, shown: Page, where: str, cases: Path, count: int) -> Path:
    """Confirm and save what a card's link brought."""
    shown.wait_for("What it is")
    shown.press("\r")
    known = steps.confirm_waiting(shown, cases, count)
    case = steps.save(shown, cases)
    width, height = shown.size
    tally.looked()
    if shown.status != 200:
        tally.differs(f"{where}: the card's link: {shown.status}")
    _confirmed(tally, f"{where}, Chromium, {width} by {height}", case, known, count)
    return case


def _confirmed(tally: Tally, where: str, case: Path, known: int, count: int) -> None:
    """Look whether every proposal that counts was confirmed, and the case assessed with it."""
    data = tomllib.loads(case.read_text("utf-8"))
    rows = [row for row in data.get("proposals", ()) if row.get("confirmed_by") == steps.BY]
    tally.looked(count + 2)
    tally.saw(f"{where}: {known} of {count} proposals confirmed, saved as {case.name}")
    if known != count or len(rows) != count:
        tally.differs(f"{where}: {known} were confirmed, the case holds {len(rows)} of {count}")
    again = json.loads(ketatui("assess", str(case), "--on", data["assessment"]["on"], "--json"))
    for one, other in zip(again["pathways"], data["assessment"]["pathways"], strict=True):
        if (one["id"], one["verdict"]) != (other["id"], other["verdict"]):
            tally.differs(f"{where}: {one['id']} is {other['verdict']} in the case")
    if "1 sound" not in ketatui("cases", "verify", str(case)):
        tally.differs(f"{where}: the case does not verify")


def _there_and_back(tally: Tally, where: str, address: str, case: Path) -> None:
    """Load the case into the server, read it by each client, and look for what it said."""
    bundle = json.loads(ketatui("cases", "export", str(case), "--format", "fhir"))
    names = load(address, bundle)
    sent = resolved(bundle)
    for client, read in CLIENTS.items():
        back = [as_sent(item) for item in read(address, names)]
        tally.looked(len(sent))
        for before, after in zip(sent, back, strict=True):
            if before != after:
                tally.differs(f"{where}: {client}: {before['resourceType']} came back otherwise")
        (response,) = [item for item in back if item["resourceType"] == "QuestionnaireResponse"]
        tried, missing = lost(case, response)
        tally.looked(tried)
        tally.saw(
            f"{where}: {len(names)} resources read back by {client}; {tried} facts looked for"
        )
        for what in missing:
            tally.differs(f"{where}: {client}: lost: {what}")


def _card(tally: Tally, address: str, said: str, patient: str) -> Json:
    """Call the service as a record system does: discovery, prefetch from the server, the call."""
    service = found_in(said, r"answers at (\S+)")
    shown = found_in(said, r"token: +(\S+)")
    token = {"Authorization": f"Bearer {shown}"}
    services = get(f"{service}/cds-services", token)["services"]
    (offered,) = [item for item in services if item["id"] == _HOOK]
    prefetch = {
        key: get(f"{address}/{_asked(template, patient)}")
        for key, template in offered["prefetch"].items()
    }
    order = {
        "resourceType": "MedicationRequest",
        "id": "draft-1",
        "status": "draft",
        "intent": "order",
        "subject": {"reference": f"Patient/{patient}"},
        "medicationCodeableConcept": {"text": "ketamine hydrochloride 50 mg/mL injection"},
    }
    drafts = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": order}]}
    context = {"userId": "Practitioner/1", "patientId": patient, "draftOrders": drafts}
    call = {"hook": "order-sign", "hookInstance": str(uuid.uuid4()), "context": context}
    body = json.dumps(call | {"prefetch": prefetch}).encode()
    cards = post(f"{service}/cds-services/{_HOOK}", body, token)["cards"]
    tally.looked()
    if len(cards) != 1:
        tally.differs(f"{len(cards)} cards for one order")
    card: Json = cards[0]
    tally.saw(f"card: {card['indicator']}: {card['summary']}")
    return card


def _asked(template: str, patient: str) -> str:
    search = template.replace("{{context.patientId}}", patient)
    return search.replace("|", "%7C").replace(" ", "%20")


def _said_on_card(
    tally: Tally, knowledge: Knowledge, card: Json, case: Path, proposals: list[Json]
) -> None:
    """Hold the card against the case that was made of the same record in the app."""
    pack = knowledge.pack
    detail = card["detail"].replace("\\", "")
    assessment = tomllib.loads(case.read_text("utf-8"))["assessment"]
    ordered = [item for item in assessment["pathways"] if item["id"] in ("iv", "im", "oral")]
    for item in ordered:
        said = f"{pack.pathways[item['id']].title}: {pack.wording.verdicts[item['verdict']].title}"
        tally.looked()
        if said not in detail:
            tally.differs(f"the card does not say: {said}")
    _, _, listed = detail.partition("**From the record, not confirmed**")
    listed = listed.partition("**Too old to count**")[0]
    lines = [line for line in listed.splitlines() if line.startswith("- ")]
    for item in proposals:
        tally.looked()
        label = pack.questions[item["question"]].label
        if not any(line.startswith(f"- {label}: ") for line in lines):
            tally.differs(f"the card does not list {item['question']} = {item['value']}")
    tally.saw(f"card: {len(ordered)} verdicts and {len(proposals)} proposals as in the app")
