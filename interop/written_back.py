"""A case written into a patient's record on a server of others, amended, and written again."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from interop.fhir_server import CLIENTS, get
from interop.record import ketatui
from interop.tally import Tally
from ketatui.reports.fhir.sent import SENT

_KINDS = ("DocumentReference", "QuestionnaireResponse")


def check_written_back(tally: Tally, address: str, patient: str, case: Path) -> None:
    """Send a case twice, amend it, send it twice again; two clients have to read what stands.

    Args:
        tally: Is told what came out otherwise.
        address: The FHIR server.
        patient: The id of the patient there.
        case: The case file; it is altered.
    """
    _state(case, "final")
    first = _sent(address, patient, case)
    if not _all(first, "Written: ") or not _all(
        _sent(address, patient, case), "Was there already: "
    ):
        tally.differs("written back: a second time is not as the first")
    _state(case, "amended")
    second = _sent(address, patient, case)
    if not _all(second, "Written: ") or ", in place of DocumentReference/" not in second[0]:
        tally.differs("written back: an amended note names none that it stands in place of")
    if not _all(_sent(address, patient, case), "Was there already: "):
        tally.differs("written back: an amended note is written twice")
    names = [line.split(": ")[1].split(",")[0] for line in (*first, *second)]
    for client, read in CLIENTS.items():
        tally.looked(len(names))
        back = read(address, names)
        if [item.get("relatesTo") for item in back] != [None, None, _replaces(names[0]), None]:
            tally.differs(f"written back: {client} reads another note that is replaced")
        if back[1].get("status") != "completed" or back[3].get("status") != "amended":
            tally.differs(f"written back: {client} reads other statuses of the forms")
    held = {kind: _held(address, kind, patient) for kind in _KINDS}
    tally.saw(f"written back: {held} of one case that was amended once")
    if set(held.values()) != {2}:
        tally.differs("written back: something is there twice, or not at all")


def _state(case: Path, state: str) -> None:
    """Say in the file that the case was closed or amended, without a decision before it."""
    text = case.read_text("utf-8")
    case.write_text(re.sub(r'^state = "\w+"', f'state = "{state}"', text, flags=re.M), "utf-8")


def _sent(address: str, patient: str, case: Path) -> list[str]:
    folder = ("--cases", str(case.parent), "--yes", "--with-identifiers")
    return ketatui("cases", "send", case.stem, address, "--patient", patient, *folder).splitlines()


def _all(lines: list[str], begin: str) -> bool:
    return len(lines) == len(_KINDS) and all(line.startswith(begin) for line in lines)


def _replaces(name: str) -> list[dict[str, Any]]:
    return [{"code": "replaces", "target": {"reference": name}}]


def _held(address: str, kind: str, patient: str) -> int:
    """Count what we wrote; a record has documents of its own."""
    entries = get(f"{address}/{kind}?patient={patient}").get("entry", ())
    return sum(SENT in str(entry["resource"].get("identifier")) for entry in entries)
