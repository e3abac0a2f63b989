"""A case file's text as a case, or everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from ketatui.cases.answers import ROWS, AnswerReader
from ketatui.cases.catalog import QuestionCatalog
from ketatui.cases.complaints import Complaints, Place, called
from ketatui.cases.digest import written_seal
from ketatui.cases.errors import CaseError, Problem, shown
from ketatui.cases.model import (
    NONE_OF_THESE,
    NOT_ESTABLISHED,
    SCHEMA,
    Case,
    Consent,
    ConsentMark,
    Decision,
    Override,
)
from ketatui.cases.scales import with_totals
from ketatui.cases.subjects import subject_problem
from ketatui.cases.toml_text import parse
from ketatui.cases.values import limits_text
from ketatui.criteria.problems import PackError
from ketatui.criteria.vocabulary import MEDICATIONS, TRIALS
from ketatui.structs import Frozen
from ketatui.toml_structs import FaultyTableError, field_names, read_table

_ANSWERING = ("unknown", "answers", "dates", "scale_items", "notes", "tables", *ROWS)


def read_case(
    text: str, *, path: str, pack: QuestionCatalog, parsed: dict[str, Any] | None = None
) -> Case:
    """Read a case file.

    Args:
        text: The whole file.
        path: How to call the file in an error.
        pack: The questions, scales, pathways and consent items that exist.
        parsed: The file's tables, where they are at hand already.

    Returns:
        The case; keys this version does not know are in its ``extra``.

    Raises:
        CaseError: With every problem of the file, if there is any.
    """
    data = parse(text, path, limits_in(pack)) if parsed is None else parsed
    return _read(text, data, path, pack, Complaints(text))


def limits_in(pack: QuestionCatalog) -> Callable[[str], str]:
    """Return what says what a question allows, of the screening or of a visit, by its id."""

    def limits_of(ident: str) -> str:
        asked = pack.questions.get(ident)
        if asked is None and ident:
            # That the course cannot be used is no reason to say less of the number.
            with suppress(PackError):
                asked = pack.course.questions.get(ident) if pack.course is not None else None
        return limits_text(asked, pack.instruments.get(asked.instrument or "")) if asked else ""

    return limits_of


class AsSaved(Frozen, frozen=True):
    """A case as its file holds it, under criteria that may not know all of it.

    Attributes:
        case: The whole content.
        unknown_here: What the criteria at hand do not know, or would refuse.
        not_counted: Questions whose answer they would refuse, so that it counts as none.
        written: The digest of the file as it stands; empty where it is not known.
    """

    case: Case
    unknown_here: tuple[Problem, ...] = ()
    not_counted: frozenset[str] = frozenset()
    written: str = ""


def read_as_saved(
    text: str, *, path: str, pack: QuestionCatalog, parsed: dict[str, Any] | None = None
) -> AsSaved:
    """Read a case file as it was saved, perhaps under other criteria.

    A file that the program never saved is read as `read_case` does: what is unknown in it was
    typed by somebody, who has to be told.

    Args:
        text: The whole file.
        path: How to call the file in an error.
        pack: The questions, scales, pathways and consent items of the criteria at hand.
        parsed: The file's tables, where they are at hand already.

    Returns:
        The case, and what these criteria do not know of it.

    Raises:
        CaseError: With every problem of the file that no other criteria would explain.
    """
    data = parse(text, path, limits_in(pack)) if parsed is None else parsed
    written = written_seal(data)
    complaints = Complaints(text, as_saved=bool(data.get("revisions")))
    case = _read(text, data, path, pack, complaints)
    return AsSaved(case, tuple(complaints.unknown_here), frozenset(complaints.not_counted), written)


def _read(
    text: str, data: dict[str, Any], path: str, pack: QuestionCatalog, complaints: Complaints
) -> Case:
    check_schema(text, data, path)
    fields = _own_fields(data, complaints, pack)
    fields |= _answering_fields(data, AnswerReader(pack, complaints))
    if "courses" in fields:
        # Imported for a case that has one: a screening starts without the course.
        from ketatui.cases.course_reading import read_courses

        fields["courses"] = read_courses(fields["courses"], pack, complaints)
    _check_classes(data.get(MEDICATIONS), pack, complaints)
    _check_ids(data, pack, complaints)
    _check_subjects(data.get("reviews"), pack, complaints)
    case = _validated(fields, complaints)
    if case is None or complaints.problems:
        raise CaseError(path, complaints.problems, more=complaints.more)
    # What was sealed is read as it was sealed, or it would seem to be altered.
    return case if complaints.as_saved else with_totals(pack, case)


NO_CASE = "not a case: it has no answers; allowed: tables like [answers.patient]"


def lacks_answers(tables: dict[str, Any]) -> bool:
    """Tell whether tables hold something else than a case: no answers, and nothing saved."""
    return "answers" not in tables and not ("schema" in tables and "id" in tables)


def is_no_case(case: Case) -> bool:
    """Tell whether a file that could be read holds something else than a case, or nothing."""
    return not (case.answers or case.revisions or case.id)


def check_schema(text: str, data: dict[str, Any], path: str) -> None:
    """Refuse a file of a version this program does not know.

    Args:
        text: The whole file.
        data: The file, parsed.
        path: How to call the file in an error.

    Raises:
        CaseError: If ``schema`` is newer than ours, or no version at all.
    """
    schema = data.get("schema", SCHEMA)
    if isinstance(schema, int) and not isinstance(schema, bool) and 1 <= schema <= SCHEMA:
        return
    if isinstance(schema, int) and schema > SCHEMA:
        message = f"written by a newer version of the program; allowed: up to {SCHEMA}"
    else:
        message = f"{shown(schema)} is no version of the case file; allowed: 1 to {SCHEMA}"
    complaints = Complaints(text)
    complaints.add(("schema",), "schema", message)
    raise CaseError(path, complaints.problems)


def _own_fields(
    data: dict[str, Any], complaints: Complaints, pack: QuestionCatalog
) -> dict[str, Any]:
    """Everything that names no question, lists as the model wants them."""
    fields = {key: value for key, value in data.items() if key not in _ANSWERING}
    fields.pop("schema", None)
    for key, field in ROWS.items():
        # The field's name is not the file's: as an unknown key it could not be kept.
        if field != key and field in fields:
            del fields[field]
            complaints.add((field,), field, f"this list is called {key}")
    _misplaced(fields, complaints, pack)
    complaints.misspelled(fields, {*_ANSWERING, *field_names(Case), "schema", "expect"}, ())
    return fields


def _misplaced(fields: dict[str, Any], complaints: Complaints, pack: QuestionCatalog) -> None:
    """Refuse answers that stand outside ``answers``: they would be kept and never read."""
    for key, table in fields.items():
        for name in table if isinstance(table, dict) and key not in field_names(Case) else ():
            if f"{key}.{name}" in pack.questions:
                message = f"answers have to stand under [answers.{key}]"
                complaints.add((key,), key, message)


def _answering_fields(data: dict[str, Any], reader: AnswerReader) -> dict[str, Any]:
    dates = reader.dates(data.get("dates", {}))
    answers = reader.answers(data.get("answers", {}), dates)
    answered: set[str] = set(answers)
    fields: dict[str, Any] = {"answers": answers, "dates": dates}
    for key, field in ROWS.items():
        fields[field] = reader.rows(key, data.get(key, []))
        if fields[field]:
            answered.add(key)
    fields["tables"] = reader.tables(data.get("tables", {}))
    answered.update(fields["tables"])
    fields["notes"] = reader.notes(data.get("notes", {}))
    fields["scale_items"] = reader.scale_items(data.get("scale_items", {}), answers)
    fields["unknown"] = reader.unknown(data.get("unknown", []), answered)
    return fields


def _check_classes(rows: Any, pack: QuestionCatalog, complaints: Complaints) -> None:
    """Hold what the clinician says a medicine is against the classes there are."""
    allowed = (*pack.drug_classes, NONE_OF_THESE, NOT_ESTABLISHED)
    for index, row in enumerate(rows if isinstance(rows, list) else ()):
        classes = row.get("classes", []) if isinstance(row, dict) else []
        place: Place = (MEDICATIONS, index, "classes")
        where = f"{MEDICATIONS} row {index + 1} classes"
        if not isinstance(classes, list):
            message = f"{shown(classes)} is no list; allowed in a list: {', '.join(allowed)}"
            complaints.add(place, where, message)
            continue
        for number, code in enumerate(classes):
            if code not in allowed:
                message = f"{shown(code)} is no drug class; allowed: {', '.join(allowed)}"
                complaints.add((*place, number), where, message)
        if NONE_OF_THESE in classes and len(classes) > 1:
            complaints.add(place, where, f"{NONE_OF_THESE} stands alone, or not at all")


def _check_ids(data: dict[str, Any], pack: QuestionCatalog, complaints: Complaints) -> None:
    _check_consent(data.get("consent"), pack, complaints)
    decision = data.get("decision")
    if not isinstance(decision, dict):
        return
    complaints.misspelled(decision, field_names(Decision), ("decision",))
    named: list[tuple[Place, Any]] = [(("decision", "pathway"), decision.get("pathway"))]
    overrides = decision.get("overrides")
    for index, row in enumerate(overrides if isinstance(overrides, list) else ()):
        if isinstance(row, dict):
            place: Place = ("decision", "overrides", index)
            complaints.misspelled(row, field_names(Override), place)
            named.append(((*place, "pathway"), row.get("pathway")))
    for at, pathway in named:
        allowed = [*pack.pathway_ids, *(["none"] if len(at) == 2 else [])]
        if isinstance(pathway, str) and pathway not in allowed:
            message = f"{shown(pathway)} is no pathway; allowed: {', '.join(allowed)}"
            complaints.not_known(at, called(at), message)


def _check_consent(consent: Any, pack: QuestionCatalog, complaints: Complaints) -> None:
    if not isinstance(consent, dict):
        return
    complaints.misspelled(consent, field_names(Consent), ("consent",))
    items = consent.get("items")
    for name, mark in items.items() if isinstance(items, dict) else ():
        place: Place = ("consent", "items", name)
        if name not in pack.consent_ids:
            complaints.unknown_id(place, "consent item", name, pack.consent_ids)
        if isinstance(mark, dict):
            complaints.misspelled(mark, field_names(ConsentMark), place)


def _check_subjects(reviews: Any, pack: QuestionCatalog, complaints: Complaints) -> None:
    for index, row in enumerate(reviews if isinstance(reviews, list) else ()):
        on = row.get("on", "case") if isinstance(row, dict) else None
        if not isinstance(on, str):
            continue
        place: Place = ("reviews", index, "on")
        what, _, name = on.partition(":")
        if what == "answer" and name not in pack.questions:
            complaints.unknown_id(place, "question", name, pack.questions)
        elif problem := subject_problem(on, pack.pathway_ids):
            complaints.not_known(place, called(place), problem)


def _validated(fields: dict[str, Any], complaints: Complaints) -> Case | None:
    try:
        return read_table(fields, Case, decimals=True)
    except FaultyTableError as error:
        for fault in error.faults:
            place = fault.place
            if place and place[0] == ROWS[TRIALS]:
                place = (TRIALS, *place[1:])
            complaints.add(place, called(place), fault.said(shown))
        return None
