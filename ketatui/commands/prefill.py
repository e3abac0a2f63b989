"""``ketatui prefill``: answers that a patient's record proposes."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from ketatui.cases.identifiers import new_case_id, new_token
from ketatui.cases.model import Case
from ketatui.cases.writing import write_checked
from ketatui.commands.inputs import (
    Unusable,
    knowledge_of,
    problem_lines,
    read_case_file,
    say_errors,
)
from ketatui.commands.output import write_new
from ketatui.commands.record_access import server_of
from ketatui.commands.secrecy import is_secret
from ketatui.criteria.models.records import RecordFile
from ketatui.criteria.pack import Pack
from ketatui.criteria.problems import PackError
from ketatui.criteria.records import load_records
from ketatui.engine import Knowledge
from ketatui.printable import printable
from ketatui.records import (
    Entry,
    Proposal,
    Proposals,
    Proposer,
    RecordError,
    group_by_patient,
    named,
    read_records,
    with_proposals,
)
from ketatui.records.patients import Subject, of_others
from ketatui.records.reading import folders_within
from ketatui.records.searches import searches


def run(args: argparse.Namespace) -> int:
    """Read the records and print what they propose.

    Returns:
        0.

    Raises:
        Unusable: Arguments, criteria or a record cannot be used; nothing is proposed then.
        CaseError: The case cannot be read.
    """
    knowledge = knowledge_of(args)
    pack = knowledge.pack
    try:
        mapping = load_records(pack)
    except PackError as error:
        lines = problem_lines(error.problems, args.criteria, args.policy)
        raise Unusable("\n".join(lines)) from error
    proposer = Proposer(knowledge, mapping)
    _check_out(args)
    case = read_case_file(args.case, pack) if args.case else None
    on = args.on or dt.date.today()
    for number, subject in enumerate(_subjects(args, knowledge, mapping, proposer)):
        found = named(proposer.propose(subject, on, case), subject)
        if args.out:
            _write(args, case, found, on, pack)
        if args.json:
            # ASCII only: no character of a record can then act on a terminal.
            print(json.dumps(found.to_data()))
        else:
            print("\n" * (number > 0) + "\n".join(map(printable, _table(pack, found))))
    return 0


def _subjects(
    args: argparse.Namespace, knowledge: Knowledge, mapping: RecordFile, proposer: Proposer
) -> Sequence[Subject]:
    """Return the patients of the record; say what in it is of none of them."""
    try:
        subjects, nobody = group_by_patient(
            _entries(args, knowledge, mapping), proposer.kinds, proposer.matters
        )
    except RecordError as error:
        raise Unusable(str(error)) from None
    if args.patient is not None:
        # Whatever else a server hands out, it was asked for one.
        own = next(item for item in subjects if item.key == f"Patient/{args.patient}")
        if strange := of_others(subjects, own):
            said = "they do not say that they are of this patient"
            say_errors([f"warning: not used, for {said}: {_some(strange)}"])
        subjects = (own,)
    if not subjects:
        raise Unusable(f"{args.records[0]}: no patient; allowed: FHIR R4 resources of patients")
    if len(subjects) > 1 and (args.case or args.out):
        raise Unusable(
            f"ketatui prefill: {len(subjects)} patients in the record; "
            "--case and --out are for a record of one"
        )
    if nobody:
        say_errors([f"warning: not used, for they name no patient: {_some(nobody)}"])
    return subjects


def _entries(
    args: argparse.Namespace, knowledge: Knowledge, mapping: RecordFile
) -> Sequence[Entry]:
    """Read what the command line names: files and folders, or one patient of a server.

    Raises:
        RecordError: It cannot be read.
        Unusable: The arguments do not go together.
    """
    if args.patient is None and args.login is None:
        if args.token_file or args.launch or args.launch_port is not None:
            raise Unusable("ketatui prefill: --token-file and --launch go with a server")
        read = read_records(args.records)
        if within := folders_within(args.records):
            names = _some(tuple(map(str, within)))
            say_errors([f"warning: not read, for only the folder itself is: {names}"])
        return read
    if len(args.records) != 1:
        raise Unusable("ketatui prefill: --patient goes with the address of one server")
    server, args.patient = server_of(args, args.records[0])
    found, missing = server.record(args.patient, searches(knowledge.pack, mapping, args.patient))
    for kind in missing:
        say_errors([f"warning: {server.address} does not offer {kind}"])
    return found


def _some(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def _check_out(args: argparse.Namespace) -> None:
    """Refuse to write what was encrypted for everybody to read.

    Raises:
        Unusable: It would.
    """
    if args.out is None:
        if args.force:
            raise Unusable("ketatui prefill: --force goes with --out")
        return
    if is_secret(args.out) or (args.case and args.case != "-" and is_secret(Path(args.case))):
        raise Unusable(
            f"{args.out}: a draft of an encrypted case or folder is not written in plain"
        )


def _write(
    args: argparse.Namespace, case: Case | None, found: Proposals, on: dt.date, pack: Pack
) -> None:
    begun = case or Case(id=new_case_id(dt.datetime.now().astimezone(), new_token()))
    data = write_checked(with_proposals(begun, found, on), pack, str(args.out))
    write_new(args.out, data, force=args.force)


def _table(pack: Pack, found: Proposals) -> Iterator[str]:
    yield found.patient
    if not found.proposed:
        yield "  nothing is proposed"
    else:
        rows = [_row(pack, item) for item in found.proposed]
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        yield "  proposed, for a person to confirm"
        for row in rows:
            cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
            yield f"    {'  '.join([*cells, row[3]])}".rstrip()
    if found.not_used:
        yield "  not used"
        for left in found.left():
            more = f" and {left.count - 1} more" if left.count > 1 else ""
            source = f", {left.first}{more}" if left.names else ""
            yield f"    {left.title}{source}: {left.because}"
        if found.spare:
            yield f"    {found.spare_text} (--json lists all)"


def _row(pack: Pack, item: Proposal) -> tuple[str, str, str, str]:
    question = pack.questions[item.question]
    label = next((o.label for o in question.options if o.code == item.value), str(item.value))
    if isinstance(item.value, bool):
        label = "Yes" if item.value else "No"
    value = f"{label} {question.unit}" if question.unit else label
    day = "undated" if item.date is None else item.date[:10]
    mark = ", too old to count" if item.stale else ", old: may no longer hold" if item.old else ""
    return question.label, value, day, f"{item.resource}{mark}"
