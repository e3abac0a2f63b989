"""What the criteria commands take."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from ketatui.commands.parser_parts import path


def add_criteria_commands(
    commands: Any,
    group_of: Callable[..., Any],
    command_of: Callable[..., Any],
    day: Callable[[str], dt.date],
) -> Iterator[Any]:
    """Add the commands.

    Args:
        commands: The commands of the program.
        group_of: Makes a group of commands.
        command_of: Makes one.
        day: Reads a day.

    Yields:
        The parsers, for the options they share with other commands.
    """
    group = group_of(
        commands,
        "criteria",
        "check the criteria pack, evaluate expressions, hand both on",
        "  ketatui criteria check",
    )
    check = command_of(
        group,
        "check",
        "criteria_check",
        "check a criteria pack",
        "Check a criteria pack: structure, ids, expressions and their types, sources, rules that\n"
        "can never be true, questions nothing uses. Each problem comes with file and line; exit\n"
        "status 1 if there is any.",
        "  ketatui criteria check\n  ketatui criteria check my-criteria",
    )
    check.add_argument("folder", nargs="?", type=path, metavar="DIR", help="the pack to check")
    check.add_argument(
        "--on", type=day, metavar="DATE", help="the day to check for, YYYY-MM-DD (today)"
    )
    yield check
    yield _evaluate(group, command_of)
    yield _schema(group, command_of)
    yield _export(group, command_of)


def _evaluate(group: Any, command_of: Callable[..., Any]) -> Any:
    evaluate = command_of(
        group,
        "eval",
        "criteria_eval",
        "evaluate criteria expressions",
        "Evaluate criteria expressions: true, false, null, a number or a text, a line each.",
        '  ketatui criteria eval "patient.age < 18 or null" --set patient.age=46\n'
        "  ketatui criteria eval derived.trd --case case.toml",
    )
    evaluate.add_argument("expressions", nargs="*", metavar="EXPRESSION", help="what to evaluate")
    evaluate.add_argument("--case", metavar="FILE", help="take the facts of a case file")
    evaluate.add_argument(
        "--set",
        nargs="+",
        action="extend",
        default=[],
        metavar="id=value",
        help="answer a question; null leaves it unanswered",
    )
    return evaluate


def _schema(group: Any, command_of: Callable[..., Any]) -> Any:
    schema = command_of(
        group,
        "schema",
        "criteria_schema",
        "print JSON Schema of files and of outputs",
        "Print the JSON Schema of a kind of file or of an output, so that an editor completes and\n"
        "checks it and other programs can rely on it. Without WHAT: the kinds there are.",
        "  ketatui criteria schema\n  ketatui criteria schema case",
    )
    schema.add_argument("what", nargs="?", metavar="WHAT", help="a kind, such as case or rules")
    return schema


def _export(group: Any, command_of: Callable[..., Any]) -> Any:
    export = command_of(
        group,
        "export",
        "criteria_export",
        "export the criteria for other systems: CQL, a FHIR package",
        "Export the criteria. cql: the conditions as a CQL 1.5 library, which other engines run\n"
        "to the same results. fhir: the questions, extensions and codes that exported cases\n"
        "refer to, as a FHIR package. A local policy counts.",
        "  ketatui criteria export --format cql\n"
        "  ketatui criteria export --format fhir --out packages",
    )
    export.add_argument("--format", required=True, choices=("cql", "fhir"), help="in which form")
    export.add_argument(
        "--out", type=path, metavar="DIR", help="a folder to write to; standard output without it"
    )
    export.add_argument("--force", action="store_true", help="write over a file that is there")
    return export
