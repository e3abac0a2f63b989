"""Patients' records as a table of patients: plain SQL views over a FHIR export or an OMOP database.

The views are files beside this one (``mappings/``). What they look for comes from the criteria
(``records.toml``): codes, units, states. What a mapping cannot say stays null.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ketatui.cohort.duckdb_sql import file_text
from ketatui.cohort.errors import CohortError
from ketatui.cohort.sources import CSV
from ketatui.criteria.models.questions import Question
from ketatui.criteria.models.records import RecordFile, RecordPatient
from ketatui.criteria.pack import Pack
from ketatui.criteria.records import load_records, units_by_word

_VIEWS = Path(__file__).parent / "mappings"
_LINE = 16 * 1024 * 1024
"""Bytes of the longest resource that is read."""

_RESOURCES = {
    "patient": "Patient",
    "observation": "Observation",
    "medication_request": "MedicationRequest",
    "medication_statement": "MedicationStatement",
}
_CDM: Mapping[str, Sequence[str]] = {
    "person": ("person_id gender_concept_id year_of_birth month_of_birth day_of_birth".split()),
    "measurement": (
        "person_id measurement_concept_id measurement_date measurement_datetime "
        "operator_concept_id value_as_number unit_concept_id"
    ).split(),
    "drug_exposure": (
        "person_id drug_concept_id drug_exposure_start_date drug_exposure_end_date "
        "drug_source_value"
    ).split(),
    "death": ["person_id"],
    "concept": "concept_id concept_name vocabulary_id concept_code".split(),
}
"""Tables of the CDM and the columns that are read of them."""
_READERS = {".parquet": "read_parquet({})", ".csv": "read_csv({}, " + CSV + ")"}
_NEEDED = ("patient", "person", "concept")


def views(form: str) -> str:
    """Return the SQL of a mapping."""
    return (_VIEWS / f"{form}.sql").read_text(encoding="utf-8")


def map_records(connection: Any, form: str, folder: Path, pack: Pack, on: dt.date) -> str:
    """Make a table of patients of records.

    Args:
        connection: To DuckDB.
        form: ``fhir`` (a bulk export, NDJSON) or ``omop`` (CDM 5.4, Parquet or CSV).
        folder: Where the files are.
        pack: The criteria.
        on: The day that ages and values are counted to.

    Returns:
        The name of the view with a row a patient.

    Raises:
        CohortError: There are no patients in the folder, or a table lacks a column.
        PackError: The criteria do not say how records are read.
    """
    records = load_records(pack)
    if not folder.is_dir():
        raise CohortError(f"{folder}: no such folder")
    tables = _RESOURCES if form == "fhir" else {name: name for name in _CDM}
    for table, name in tables.items():
        if form == "fhir":
            _resources(connection, folder, table, name)
        else:
            _cdm_table(connection, folder, table)
    _criteria(connection, records, pack, on)
    connection.execute(views(form))
    return "patients"


def _resources(connection: Any, folder: Path, table: str, name: str) -> None:
    files = sorted(folder.glob(f"{name}.ndjson")) + sorted(folder.glob(f"{name}.*.ndjson"))
    if not files:
        if table in _NEEDED:
            raise CohortError(f"{folder}: no {name}.ndjson; allowed: a bulk export of FHIR R4")
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} (j JSON)")
        return
    listed = ", ".join(file_text(each) for each in files)
    connection.execute(
        f"CREATE OR REPLACE VIEW {table} AS SELECT json AS j "
        f"FROM read_ndjson_objects([{listed}], maximum_object_size = {_LINE})"
    )


def _cdm_table(connection: Any, folder: Path, table: str) -> None:
    for suffix, reader in _READERS.items():
        path = folder / f"{table}{suffix}"
        if path.is_file():
            rows = reader.format(file_text(path))
            found = connection.execute(f"DESCRIBE SELECT * FROM {rows}").fetchall()
            lacking = [name for name in _CDM[table] if name not in {row[0] for row in found}]
            if lacking:
                raise CohortError(f"{path}: lacks {', '.join(lacking)}; allowed: OMOP CDM 5.4")
            connection.execute(f"CREATE OR REPLACE VIEW {table} AS SELECT * FROM {rows}")
            return
    if table in _NEEDED:
        raise CohortError(f"{folder}: no {table}.parquet or {table}.csv of an OMOP CDM 5.4")
    listed = ", ".join(f"{name} VARCHAR" for name in _CDM[table])
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({listed})")


def _criteria(connection: Any, records: RecordFile, pack: Pack, on: dt.date) -> None:
    """Give the views what the criteria say: codes with their units, states, the day."""
    _readings(connection, records, pack)
    words = [*units_by_word(records).items()]
    _table(connection, "unit_words", "word VARCHAR, unit VARCHAR", words)
    _table(connection, "statuses", "status VARCHAR", [(each,) for each in records.statuses])
    void = [(each,) for each in records.void_statuses]
    _table(connection, "void_statuses", "status VARCHAR", void)
    not_with = [(each.id, code) for each in records.readings for code in each.not_with]
    _table(connection, "not_with", "reading VARCHAR, code VARCHAR", not_with)
    patient, medicines = records.patient, records.medicines
    _sexes(connection, patient)
    states = [("order", each) for each in medicines.orders]
    states += [("statement", each) for each in medicines.statements]
    _table(connection, "medicine_states", "kind VARCHAR, status VARCHAR", states)
    _table(connection, "intents", "intent VARCHAR", [(each,) for each in medicines.intents])
    connection.execute(f"SET VARIABLE day = DATE '{on.isoformat()}'")
    connection.execute(f"SET VARIABLE oldest = {pack.questions[patient.age].max or 'NULL'}")
    connection.execute(f"SET VARIABLE medicine_days = {medicines.stale_after}")


def _readings(connection: Any, records: RecordFile, pack: Pack) -> None:
    """Say which codes are of which reading, what its parts answer, and within which limits."""
    panels = [(item.code, "") for item in records.refused]
    parts: list[tuple[Any, ...]] = []
    units: list[tuple[Any, ...]] = []
    for reading in records.readings:
        panels += [(code, reading.id) for code in reading.codes]
        for part in reading.parts:
            question = pack.questions[part.question]
            parts.append((reading.id, *_part(records, question, part.code or "", part.rounded)))
            units += [(question.id, unit, float(factor)) for unit, factor in part.units.items()]
    for scale in records.scales:
        question = pack.questions[scale.question]
        one = pack.instruments.get(question.instrument or "")
        if one is None:
            continue
        codes = {code for code in (one.loinc_panel, one.loinc_total) if code}
        panels += [(code, question.id) for code in codes]
        days = _days(records, question)
        limits = (float(one.min), float(one.max))
        parts.append((question.id, question.id, "", True, *limits, True, False, None, days))
        units += [(question.id, unit, 1.0) for unit in scale.units]
    _table(connection, "panels", "code VARCHAR, reading VARCHAR", panels)
    _table(connection, "units", "question VARCHAR, unit VARCHAR, factor DOUBLE", units)
    columns = (
        "reading VARCHAR, question VARCHAR, part VARCHAR, scale BOOLEAN, low DOUBLE, high DOUBLE, "
        "whole BOOLEAN, rounded BOOLEAN, below VARCHAR, days INTEGER"
    )
    _table(connection, "parts", columns, parts)


def _part(records: RecordFile, question: Question, code: str, rounded: bool) -> tuple[Any, ...]:
    low, high = (None if each is None else float(each) for each in (question.min, question.max))
    whole = question.kind == "int"
    days = _days(records, question)
    return question.id, code, False, low, high, whole, whole and rounded, question.below, days


def _days(records: RecordFile, question: Question) -> int:
    """Return how old a value may be: nobody is there to say that what is old still holds."""
    return question.stale_after or records.old_after


def _sexes(connection: Any, patient: RecordPatient) -> None:
    """Say where a sex is recorded, and what each code there answers."""
    birth = patient.birth_sex_extension
    places: list[tuple[Any, ...]] = [(birth, "", "birth")]
    codes: list[tuple[Any, ...]] = [(birth, "", *each) for each in patient.birth_sex.items()]
    for one in patient.recorded_sex:
        places.append((one.extension, one.part or "", "sex" if one.stands_alone else "parameter"))
        for system in one.systems or ("",):
            codes += [(one.extension, system, *each) for each in one.codes.items()]
    codes += [("gender", "", *each) for each in patient.gender.items()]
    _table(connection, "sex_places", "extension VARCHAR, part VARCHAR, kind VARCHAR", places)
    columns = "extension VARCHAR, system VARCHAR, code VARCHAR, sex VARCHAR"
    _table(connection, "sex_codes", columns, codes)


def _table(connection: Any, name: str, columns: str, rows: Sequence[tuple[Any, ...]]) -> None:
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({columns})")
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)
