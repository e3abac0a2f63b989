"""``ketatui cases send``: a saved case into a patient's record, because somebody says so."""

from __future__ import annotations

import argparse
import datetime as dt

from ketatui.cases.integrity import CaseReading
from ketatui.cases.store import CaseStore
from ketatui.commands.inputs import (
    Unusable,
    folder_of,
    knowledge_of,
    path_of,
    scanner_for,
)
from ketatui.commands.record_access import server_of
from ketatui.engine import Knowledge
from ketatui.printable import printable
from ketatui.privacy import look_through, replaced_in_reading
from ketatui.records import RecordError
from ketatui.reports.fhir.sending import send_all
from ketatui.reports.fhir.sent import to_send


def run(args: argparse.Namespace) -> int:
    """Say what would be sent, or send it.

    Returns:
        0.

    Raises:
        Unusable: The case cannot be sent, or something of it was not.
        CaseError: The case cannot be read.
    """
    if args.patient is None and args.login is None:
        raise Unusable("ketatui cases send: --patient or --login says into whose record")
    knowledge = knowledge_of(args)
    reading = _reading(args, knowledge)
    try:
        if not args.yes and args.login is not None:
            return _only_said(reading, f"{args.address}, the patient that the login chooses")
        server, patient = server_of(args, args.address, write=True)
        items = to_send(knowledge, reading, dt.date.today(), patient, args.kind)
        if not args.yes:
            return _only_said(reading, f"{server.address}, Patient/{patient}")
        send_all(server, patient, items, lambda line: print(printable(line)))
    except RecordError as error:
        raise Unusable(str(error)) from None
    return 0


def _reading(args: argparse.Namespace, knowledge: Knowledge) -> CaseReading:
    """Return the case as it may be sent.

    Raises:
        Unusable: It may not.
    """
    store = CaseStore(folder_of(args), knowledge.pack)
    path = path_of(store, args.name)
    reading = store.load(path).reading
    if reading.case.practice:
        raise Unusable(f"{path}: a practice case is about nobody, and not sent")
    if reading.case.state == "draft":
        raise Unusable(f"{path}: a draft is not sent; save it first")
    scanner = scanner_for(knowledge, args)
    if args.replace_identifiers:
        return replaced_in_reading(scanner, reading)
    seen = [item for item in look_through(scanner, reading.case) if "changes" not in item.place]
    if seen and not args.with_identifiers:
        what = "1 text looks" if len(seen) == 1 else f"{len(seen)} texts look"
        raise Unusable(
            f"{path}: {what} like an identifier of a person; ketatui cases scan lists them; "
            "allowed: --replace-identifiers, --with-identifiers"
        )
    return reading


def _only_said(reading: CaseReading, where: str) -> int:
    print(printable(f"Case {reading.case.id}: the note and the answers as a form"))
    print(printable(f"To {where}"))
    print("Nothing was sent; --yes sends it.")
    return 0
