"""``ketatui cohort``: the same criteria over a table of patients."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from ketatui.cases.identifiers import new_case_id, new_token
from ketatui.cases.writing import write_checked
from ketatui.cohort.checking import Check, look_over
from ketatui.cohort.chosen import chosen_cases
from ketatui.cohort.columns import UNKNOWN, Given, columns_of
from ketatui.cohort.duckdb_sql import prelude, query, text
from ketatui.cohort.errors import CohortError
from ketatui.cohort.funnel import count_results
from ketatui.cohort.judging import lower
from ketatui.cohort.mapping import map_records, views
from ketatui.cohort.names import name_tables
from ketatui.cohort.pictures import change_lines, lines, svg, visit_lines
from ketatui.cohort.screening import PART_ROWS, Screening, connect, lowered_for, screen
from ketatui.cohort.sources import NAMED, open_source
from ketatui.cohort.spark_sql import transpiled
from ketatui.cohort.visits import judge_visits, open_visits
from ketatui.cohort.what_if import compare_policies
from ketatui.commands.inputs import Unusable, course_of, knowledge_of, problem_lines, read_answers
from ketatui.commands.output import write_new
from ketatui.commands.progress import Progress
from ketatui.criteria.problems import PackError
from ketatui.engine import Knowledge
from ketatui.printable import printable

_SHOWN = 12
"""Lines of a list that are printed; the rest is counted."""


def run(args: argparse.Namespace) -> int:
    """Run a command of the group.

    Returns:
        0; 1 where a table that was checked has bad values.

    Raises:
        Unusable: Arguments, criteria or table cannot be used.
    """
    commands = {
        "check": _check,
        "screen": _screen,
        "funnel": _funnel,
        "what-if": _what_if,
        "sql": _sql,
        "cases": _cases,
        "map": _map,
        "visits": _visits,
    }
    try:
        return commands[args.action](args)
    except CohortError as error:
        raise Unusable(str(error)) from None
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in ("_duckdb", "duckdb", "polars"):
            raise
        message = str(error).strip().splitlines()[0] if str(error) else type(error).__name__
        raise Unusable(f"ketatui cohort: {message}") from None


def site_of(path: str | None, knowledge: Knowledge) -> Mapping[str, Any]:
    """Read the answers that hold for every patient.

    Raises:
        CaseError: The file cannot be used, or holds more than answers.
    """
    if path is None:
        return {}
    return read_answers(path, knowledge.pack).answers


def _check(args: argparse.Namespace) -> int:
    knowledge = knowledge_of(args)
    connection = connect()
    constants = site_of(args.site, knowledge)
    source = open_source(connection, args.input, knowledge.pack, constants)
    found = look_over(connection, source, knowledge, args.on or dt.date.today())
    if args.json:
        print(json.dumps(_data(found)))
    else:
        print("\n".join(map(printable, _told(found))))
    return 1 if found.bad or found.same_id else 0


def _data(found: Check) -> dict[str, Any]:
    return {
        "schema": 1,
        "rows": found.rows,
        "bad": [
            {
                "column": each.column,
                "count": each.count,
                "examples": [list(e) for e in each.examples],
            }
            for each in found.bad
        ],
        "missing": [{"question": k, "keeps_open": list(v)} for k, v in found.missing.items()],
        "ignored": list(found.ignored),
        "unresolved": [list(each) for each in found.unresolved],
        "same_id": found.same_id,
        "not_worked_out": [
            {"fact": ident, "calculation": calculation, "keeps_open": list(rules)}
            for ident, (calculation, rules) in found.not_worked_out.items()
        ],
    }


def _told(found: Check) -> Iterator[str]:
    yield f"{found.rows:,} patients, {len(found.filled)} columns of answers"
    yield ""
    if found.bad:
        yield f"bad values, read as not answered: {found.bad_values:,}"
        for each in found.bad:
            shown = ", ".join(f"{value!r} ({count:,})" for value, count in each.examples)
            yield f"  {each.column:<34} {each.count:>9,}  {shown}"
        if any(each.column == UNKNOWN for each in found.bad):
            yield "  (a row whose unknown cannot be read has all its questions marked: its answers"
            yield "  are counted above, each as one that its own row marks unknown)"
    else:
        yield "bad values: none"
    if found.same_id:
        yield f"ids that stand more than once: {found.same_id:,}"
    if found.missing:
        yield ""
        yield f"columns that are missing, and the rules that each keeps open: {len(found.missing)}"
        for ident, rules in found.missing.items():
            more = f" and {len(rules) - 3} more" if len(rules) > 3 else ""
            yield f"  {ident:<34} {', '.join(rules[:3]) or 'none'}{more}"
    if found.not_worked_out:
        yield ""
        yield "facts that a cohort does not work out, open for every patient, and their rules:"
        for ident, (calculation, rules) in found.not_worked_out.items():
            yield f"  {ident} (calculation {calculation}): {', '.join(rules) or 'none'}"
    if found.ignored:
        yield ""
        yield _not_read(found)
    yield ""
    yield f"names of medicines: {found.medicines:,}; nobody knows {len(found.unresolved):,} of them"
    for name, count in found.unresolved[:_SHOWN]:
        yield f"  {name!r:<34} {count:>9,}"
    if len(found.unresolved) > _SHOWN:
        yield f"  and {len(found.unresolved) - _SHOWN:,} more"


def _not_read(found: Check) -> str:
    return f"columns that the criteria do not know, not read: {', '.join(found.ignored)}"


def _screen(args: argparse.Namespace) -> int:
    knowledge = knowledge_of(args)
    job = Screening(
        knowledge,
        args.input,
        args.out,
        args.on or dt.date.today(),
        site_of(args.site, knowledge),
        args.ids,
        tuple(args.keep),
        args.engine,
        args.part or PART_ROWS,
        args.threads,
    )
    progress: list[Progress] = []

    def say(done: int, of: int) -> None:
        if not progress:
            progress.append(Progress(of, "patients"))
        progress[0].say(done)

    found = screen(job, say)
    if progress:
        progress[0].clear()
    print(printable(f"{found.rows:,} patients screened: {args.out}"))
    if found.ignored:
        print(printable(_not_read(found)))
    if found.bad:
        print(f"bad values, read as not answered: {found.bad_values:,} (ketatui cohort check)")
    return 0


def _funnel(args: argparse.Namespace) -> int:
    pack = knowledge_of(args).pack
    if args.pathway and args.pathway not in pack.pathways:
        allowed = ", ".join(pack.pathways)
        raise Unusable(f"ketatui cohort: no pathway {args.pathway}; allowed: {allowed}")
    found = count_results(args.folder, args.by)
    if args.svg:
        write_new(args.svg, svg(found, pack, args.most).encode(), force=args.force)
    print("\n".join(map(printable, lines(found, pack, args.most, args.pathway))))
    return 0


def _what_if(args: argparse.Namespace) -> int:
    if len(args.policies) > 2:
        raise Unusable("ketatui cohort what-if: --policy is given once or twice")
    if args.out and args.out.exists() and not args.force:
        raise Unusable(f"{args.out}: is there already; --force writes over it")
    sides: list[Knowledge] = []
    for policy in [None] * (2 - len(args.policies)) + args.policies:
        args.policy = policy
        sides.append(knowledge_of(args))
    connection = connect()
    constants = site_of(args.site, sides[0])
    source = open_source(connection, args.input, sides[0].pack, constants)
    on = args.on or dt.date.today()
    found = compare_policies(connection, source, sides[0], sides[1], on, args.out)
    print("\n".join(map(printable, change_lines(found, sides[1].pack))))
    return 0


def _cases(args: argparse.Namespace) -> int:
    knowledge = knowledge_of(args)
    connection = connect()
    constants = site_of(args.site, knowledge)
    source = open_source(connection, args.input, knowledge.pack, constants)
    # Every one of them is read before the folder is made: a refusal leaves nothing behind.
    chosen = list(chosen_cases(connection, source, knowledge, args.ids))
    try:
        args.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unusable(f"{args.out}: {error.strerror}; --out names a folder") from None
    now = dt.datetime.now().astimezone()
    for number, (ident, case) in enumerate(chosen, start=1):
        # A patient's id in a table may be that of a person: it is told and not written.
        named = case.replaced(id=new_case_id(now, new_token()), label=f"Of a cohort, {number}")
        path = args.out / f"{named.id}.toml"
        write_new(path, write_checked(named, knowledge.pack, str(path)), force=False)
        print(printable(f"{ident}  {path}"))
    return 0


def _visits(args: argparse.Namespace) -> int:
    if args.out and args.out.exists() and not args.force:
        raise Unusable(f"{args.out}: is there already; --force writes over it")
    course = course_of(args)
    connection = connect()
    source = open_visits(connection, args.input, course)
    on = args.on or dt.date.today()
    found = judge_visits(connection, source, course, on, args.out)
    print("\n".join(map(printable, visit_lines(found, course.pack, on))))
    return 0


def _map(args: argparse.Namespace) -> int:
    if args.sql:
        sys.stdout.write(views(args.form))
        return 0
    if args.out is None:
        raise Unusable("ketatui cohort map: --out names the file to write")
    if args.out.exists() and not args.force:
        raise Unusable(f"{args.out}: is there already; --force writes over it")
    pack = knowledge_of(args).pack
    connection = connect()
    try:
        table = map_records(connection, args.form, args.folder, pack, args.on or dt.date.today())
    except PackError as error:
        lines_ = problem_lines(error.problems, args.criteria, args.policy)
        raise Unusable("\n".join(lines_)) from error
    connection.execute(f"COPY (FROM {table}) TO {text(str(args.out))} (FORMAT parquet)")
    number = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    print(printable(f"{number:,} patients written: {args.out}"))
    return 0


def _sql(args: argparse.Namespace) -> int:
    knowledge = knowledge_of(args)
    on = args.on or dt.date.today()
    constants = site_of(args.site, knowledge)
    table = "patients"
    if args.input:
        connection = connect()
        source = open_source(connection, args.input, knowledge.pack, constants)
        lowered = lowered_for(connection, source, knowledge, on)
        table = source.sql
    else:
        columns = columns_of(knowledge.pack)
        fields = {name: frozenset(each.fields) for name, each in columns.items() if each.fields}
        given = Given(frozenset(columns) - constants.keys(), fields, constants)
        known = [name for name in knowledge.medicines.known() if name]
        names = name_tables(knowledge, dict.fromkeys(NAMED, known))
        lowered = lower(knowledge, given, names, on, ids=False, carried=("id",))
    if args.dialect == "duckdb":
        statements = [*prelude(lowered.program), query(lowered.program, table)]
    else:
        statements = [transpiled(lowered.program, "patients", args.dialect)]
    sys.stdout.write(";\n".join(statements) + ";\n")
    return 0
