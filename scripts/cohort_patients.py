"""Write a table of invented patients, to try ``ketatui cohort`` with.

``python scripts/cohort_patients.py 1000000 patients.parquet`` writes the same table every time:
each value follows from the number of the patient and the name of the column. What no record holds
(the setting, consent, transport) has no column; ``--site`` gives it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb

from ketatui.criteria.default import default_folder
from ketatui.criteria.loading import load_pack
from ketatui.criteria.models import Question
from ketatui.criteria.pack import Pack

MEDICINES = (
    "sertraline", "Zoloft 50 mg", "lisinopril", "metformin 500 mg BID", "atorvastatin", "lorazepam",
    "oxycodone", "gabapentin 300 mg TID", "zolpidem", "Adderall XR", "quetiapine", "lithium",
    "lamotrigine", "levothyroxine", "omeprazole", "Ozempic", "naltrexone", "clarithromycin",
    "carbamazepine", "alcohol", "cannabis", "Flonase", "albuterol", "mirtazapine", "losartan/HCTZ",
    "study drug B", "herbal sleep mix",
)  # fmt: skip
DRUGS = (
    "sertraline", "escitalopram", "Zoloft", "fluoxetine", "venlafaxine XR", "bupropion",
    "mirtazapine", "duloxetine", "paroxetine cr", "nortriptyline", "trazodone", "aripiprazole",
)  # fmt: skip
NOT_RECORDED = ("setting.", "logistics.", "consent.", "medications.reviewed")
RARE = 8
"""Of a hundred patients who have what is asked about."""
MISSING = 12
"""Of a hundred values that are not there."""


def chance(ident: str, below: int, salt: str = "") -> str:
    """Return SQL for a whole number from 0 that follows from patient and column."""
    return f"(hash(n, '{ident}{salt}') % {below})::INTEGER"


def value(question: Question, pack: Pack) -> str:
    """Return SQL for an answer to a question."""
    ident = question.id
    match question.kind:
        case "bool":
            usual = ident in ("indication.confirmed", "substance.pdmp_checked")
            usual = usual or ident in ("indication.first_line_tried", "trials.rows_complete")
            return f"({chance(ident, 100)} {'>=' if usual else '<'} {RARE})"
        case "choice":
            codes = [option.code for option in question.options]
            if ident == "indication.diagnosis":
                codes = ["mdd"] * 6 + ["bipolar_depression"] + codes
            elif question.none:
                codes = [question.none] * 20 + codes
            listed = ", ".join(f"'{code}'" for code in codes)
            return f"(CAST([{listed}] AS VARCHAR[]))[{chance(ident, len(codes))} + 1]"
        case _:
            scale = pack.instruments.get(question.instrument or "")
            low = int(scale.min if scale else question.soft_min or question.min or 0)
            high = int(scale.max if scale else question.soft_max or question.max or 10)
            if ident == "vitals.diastolic":
                low, high = 50, 79
            tenths = f" + {chance(ident, 10, 't')} / 10.0" if question.kind == "decimal" else ""
            return f"({low} + {chance(ident, high - low + 1)}{tenths})"


def columns(pack: Pack) -> Iterator[str]:
    """Yield SQL for every column."""
    yield "'p' || lpad(n::VARCHAR, 8, '0') AS id"
    for ident, question in pack.questions.items():
        if question.kind == "rows" or ident.startswith(NOT_RECORDED):
            continue
        kind = {"bool": "BOOLEAN", "choice": "VARCHAR", "decimal": "DOUBLE"}.get(question.kind)
        there = f"{chance(ident, 100, 'm')} >= {MISSING}"
        made = f"CASE WHEN {there} THEN {value(question, pack)} END"
        yield f'CAST({made} AS {kind or "INTEGER"}) AS "{ident}"'
    yield f"CASE WHEN {chance('u', 50)} = 0 THEN ['medical.avm'] END AS unknown"
    yield _rows(
        "medications", 5, f"{{'name': {_pick(MEDICINES, 'medications')}, 'dose': NULL::VARCHAR}}"
    )
    yield _rows(
        "antidepressant_trials",
        4,
        f"{{'drug': {_pick(DRUGS, 'trials')}, "
        "'daily_dose_mg': (25.0 * (1 + hash(n, i, 'dose') % 8))::DOUBLE, "
        "'weeks': (2.0 + hash(n, i, 'weeks') % 12)::DOUBLE, "
        "'outcome': (['no_response', 'partial_response', 'response', 'not_tolerated'])"
        "[(hash(n, i, 'outcome') % 4)::INTEGER + 1], "
        "'adherent': hash(n, i, 'adherent') % 8 > 0, "
        "'current_episode': hash(n, i, 'episode') % 5 > 0}",
    )


def _pick(names: tuple[str, ...], salt: str) -> str:
    listed = ", ".join("'" + name.replace("'", "''") + "'" for name in names)
    return f"([{listed}])[(hash(n, i, '{salt}') % {len(names)})::INTEGER + 1]"


def _rows(ident: str, most: int, row: str) -> str:
    count = chance(ident, most)
    return f'list_transform(range({count}), lambda i: {row}) AS "{ident}"'


def write(count: int, path: Path, first: int = 0) -> None:
    """Write a table of invented patients as Parquet.

    Args:
        count: How many.
        path: The file.
        first: The number of the first.
    """
    listed = ",\n".join(columns(load_pack(default_folder({}))))
    source = f"range({first}, {first + count}) AS t(n)"
    connection = duckdb.connect()
    connection.execute("SET preserve_insertion_order = true")
    connection.execute(
        f"COPY (SELECT {listed} FROM {source}) TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 122880)"
    )


def main() -> int:
    """Write the table that the command line asks for."""
    parser = argparse.ArgumentParser(description="Write a table of invented patients.")
    parser.add_argument("count", type=int, help="how many")
    parser.add_argument("path", type=Path, help="the Parquet file")
    args = parser.parse_args()
    write(args.count, args.path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
