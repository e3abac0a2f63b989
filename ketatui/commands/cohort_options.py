"""What the cohort commands take."""

from __future__ import annotations

from collections.abc import Iterator

from ketatui.commands.parser_parts import (
    Commands,
    Parser,
    add_command,
    add_group,
    day,
    number,
    path,
)

ENGINES = ("duckdb", "polars", "spark")


def add_cohort_commands(commands: Commands[Parser]) -> Iterator[tuple[Parser, bool]]:
    """Add the commands.

    Args:
        commands: The commands of the program.

    Yields:
        The parsers, each with whether it takes one policy as other commands do.
    """
    group = add_group(
        commands,
        "cohort",
        "the same criteria over a table of patients",
        "  ketatui cohort check patients.parquet --site site.toml",
    )
    for add in (_check, _screen, _funnel, _visits, _what_if, _sql, _map, _cases):
        yield from add(group)


def _check(group: Commands[Parser]) -> Iterator[tuple[Parser, bool]]:
    check = add_command(
        group,
        "check",
        "cohort",
        "look a table of patients over before it is screened",
        "Look a table of patients over: values that no question allows, columns that are missing\n"
        "and the rules each keeps open, names of medicines that nobody knows. The table is\n"
        "Parquet, CSV or NDJSON, or a folder of one of these; a column a question id. Exit status\n"
        "1 if values are bad or ids stand twice.",
        "  ketatui cohort check patients.parquet --site site.toml",
    )
    _input(check)
    check.add_argument("--json", action="store_true", help="print what was found as JSON")
    yield check, True


def _screen(group: Commands[Parser]) -> Iterator[tuple[Parser, bool]]:
    screen = add_command(
        group,
        "screen",
        "cohort",
        "screen a table of patients",
        "Screen a table of patients: for each pathway verdict, best, worst and whether it is\n"
        "complete, and for each rule whether it applies (true), does not (false) or is open\n"
        "(null), as Parquet in parts, with a manifest. A run that was cut short goes on where it\n"
        "was when it is run again.",
        "  ketatui cohort screen patients.parquet --out screened --site site.toml",
    )
    _input(screen)
    screen.add_argument("--out", type=path, required=True, metavar="DIR", help="the new folder")
    screen.add_argument(
        "--engine", choices=ENGINES, default="polars", help="what runs the rules (polars)"
    )
    screen.add_argument(
        "--ids", action="store_true", help="list ids of rules that apply and that are open, too"
    )
    screen.add_argument(
        "--keep",
        action="append",
        default=[],
        metavar="COLUMN",
        help="keep a column, to group by with funnel --by",
    )
    screen.add_argument("--part", type=number, metavar="N", help="patients of a part (491,520)")
    screen.add_argument("--threads", type=number, metavar="N", help="use so many processors")
    yield screen, True


def _funnel(group: Commands[Parser]) -> Iterator[tuple[Parser, bool]]:
    funnel = add_command(
        group,
        "funnel",
        "cohort",
        "tell what stops most patients, and what is missing",
        "Tell of a screening: who could still be a candidate, how many each rule stops and for\n"
        "how many it is the only one, and what is open among those who could be candidates.\n"
        "Numbers from 1 to 10 are hidden, and so is what they could be worked out from.",
        "  ketatui cohort funnel screened --pathway spravato",
    )
    _results(funnel)
    funnel.add_argument("--by", metavar="COLUMN", help="group by a column kept with screen --keep")
    funnel.add_argument("--most", type=number, default=6, metavar="N", help="rules to list (6)")
    funnel.add_argument("--svg", type=path, metavar="FILE", help="write a picture")
    funnel.add_argument("--force", action="store_true", help="write over a file that is there")
    yield funnel, True


def _visits(group: Commands[Parser]) -> Iterator[tuple[Parser, bool]]:
    visits = add_command(
        group,
        "visits",
        "cohort",
        "tell of a table of visits which forms are overdue and who was not reviewed",
        "Judge a table of visits, a row a visit: what has to be reported, and whether each course\n"
        "goes on as planned. Parquet, CSV or NDJSON; numbers from 1 to 10 are hidden, and --out\n"
        "writes every visit with its verdicts and rules.",
        "  ketatui cohort visits visits.parquet --on 2026-12-01 --out judged.parquet",
    )
    visits.add_argument("input", type=path, metavar="INPUT", help="the table: a file or a folder")
    visits.add_argument("--on", type=day, metavar="DATE", help="today, YYYY-MM-DD (today)")
    visits.add_argument(
        "--out", type=path, metavar="FILE", help="write every visit, as Parquet, with ids"
    )
    visits.add_argument("--force", action="store_true", help="write over a file that is there")
    yield visits, True


def _results(parser: Parser) -> None:
    parser.add_argument("folder", type=path, metavar="DIR", help="the folder of a screening")
    parser.add_argument("--pathway", metavar="ID", help="tell of one pathway only")


def _input(parser: Parser) -> None:
    parser.add_argument("input", type=path, metavar="INPUT", help="the table: a file or a folder")
    parser.add_argument(
        "--site",
        metavar="FILE",
        help="answers that hold for every patient, in the form of a case file",
    )
    parser.add_argument(
        "--on", type=day, metavar="DATE", help="the day to screen for, YYYY-MM-DD (today)"
    )


def _what_if(group: Commands[Parser]) -> Iterator[tuple[Parser, bool]]:
    what_if = add_command(
        group,
        "what-if",
        "cohort",
        "tell what another policy would change",
        "Tell what a local policy would change: how many patients get another verdict, from which\n"
        "to which, and by which rules. Two policies are held against each other, one alone\n"
        "against the criteria as they are. Numbers from 1 to 10 are hidden.",
        "  ketatui cohort what-if patients.parquet --policy strict.toml --policy lenient.toml",
    )
    _input(what_if)
    what_if.add_argument(
        "--policy",
        type=path,
        action="append",
        dest="policies",
        required=True,
        metavar="FILE",
        help="a local policy file; at most two",
    )
    what_if.add_argument(
        "--out", type=path, metavar="FILE", help="write who changes, as Parquet, with ids"
    )
    what_if.add_argument("--force", action="store_true", help="write over a file that is there")
    yield what_if, False


def _sql(group: Commands[Parser]) -> Iterator[tuple[Parser, bool]]:
    sql = add_command(
        group,
        "sql",
        "cohort",
        "print the criteria as SQL",
        "Print the criteria as one SQL query over a table named patients that has every column,\n"
        "or, with INPUT, over the columns of that table. Names of medicines are those of the\n"
        "pack, or of the table.",
        "  ketatui cohort sql > screen.sql\n  ketatui cohort sql --dialect spark > screen.sql",
    )
    sql.add_argument(
        "--dialect",
        default="duckdb",
        metavar="NAME",
        help="for which engine (duckdb); spark is run in our tests, others are written by sqlglot",
    )
    sql.add_argument("input", type=path, nargs="?", metavar="INPUT", help="a table of patients")
    sql.add_argument("--site", metavar="FILE", help="answers that hold for every patient")
    sql.add_argument("--on", type=day, metavar="DATE", help="the day, YYYY-MM-DD (today)")
    yield sql, True


def _map(group: Commands[Parser]) -> Iterator[tuple[Parser, bool]]:
    mapped = add_command(
        group,
        "map",
        "cohort",
        "make a table of patients of records",
        "Make a table of patients of a FHIR bulk export (NDJSON) or of an OMOP CDM 5.4 database\n"
        "(a folder of Parquet or CSV), by plain SQL views. What a mapping cannot say stays null,\n"
        "and so does what is too old. --sql prints the views.",
        "  ketatui cohort map fhir export --out patients.parquet",
    )
    mapped.add_argument("form", choices=("fhir", "omop"), help="what the records are")
    mapped.add_argument("folder", type=path, metavar="DIR", help="the folder they are in")
    mapped.add_argument("--out", type=path, metavar="FILE", help="the Parquet file to write")
    mapped.add_argument("--sql", action="store_true", help="print the views and read nothing")
    mapped.add_argument("--force", action="store_true", help="write over a file that is there")
    mapped.add_argument(
        "--on", type=day, metavar="DATE", help="the day to count to, YYYY-MM-DD (today)"
    )
    yield mapped, True


def _cases(group: Commands[Parser]) -> Iterator[tuple[Parser, bool]]:
    chosen = add_command(
        group,
        "cases",
        "cohort",
        "make chosen patients of a table cases of the app",
        "Write chosen patients of a table as case files, to open in the app. What no question\n"
        "allows is not answered in them, and who they are is not in them: which file is which\n"
        "patient is printed, and nowhere kept.",
        "  ketatui cohort cases patients.parquet --site site.toml --id p17 --id p42 --out chosen",
    )
    _input(chosen)
    chosen.add_argument(
        "--id", action="append", required=True, dest="ids", metavar="ID", help="a patient's id"
    )
    chosen.add_argument("--out", type=path, required=True, metavar="DIR", help="the folder")
    yield chosen, True
