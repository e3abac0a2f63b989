"""The answers of a case as a pack asks them: kinds, limits and choice codes of every question."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, WithJsonSchema, create_model

from ketatui.contract.base import Closed, Day, Number, json_number
from ketatui.contract.case import Answered
from ketatui.contract.course import Course, Score, Visit
from ketatui.criteria.course import has_course
from ketatui.criteria.models import Instrument, Question
from ketatui.criteria.pack import Pack

_MODULE = __name__


class _Table(Closed):
    # What has no source has none of its attributes described there: not to look saves most of
    # the time that such a model takes to make.
    model_config = ConfigDict(use_attribute_docstrings=False)


def with_answers(model: type[Answered], pack: Pack) -> type[Answered]:
    """Return a model of a case whose answers are those that a pack asks for.

    Args:
        model: A model of a case file, or of a practice case.
        pack: The criteria.

    Returns:
        The same model, with a field a question: an id, a value outside its limits or a code that
        the pack does not have is refused.
    """
    scales = {
        question.id: _scores(pack.instruments[question.instrument])
        for question in pack.questions.values()
        if question.instrument and pack.instruments[question.instrument].items
    }
    asked = [question for question in pack.questions.values() if question.kind != "rows"]
    types = {question.id: _answer(pack, question) for question in asked}
    ids: Any = Literal[tuple(pack.questions)]
    fields: dict[str, Any] = {
        "answers": (_table("Answers", _nested(types)), Field(default_factory=dict)),
        "unknown": (list[ids], Field(default_factory=list)),
        "scale_items": (_table("ScaleItems", scales), Field(default_factory=dict)),
    }
    for name, value in (("notes", str), ("dates", Day)):
        if name in model.model_fields:
            fields[name] = (dict[ids, value], Field(default_factory=dict))  # type: ignore[valid-type]
    return create_model(model.__name__, __base__=model, __doc__=model.__doc__, **fields)


def with_visit_answers(pack: Pack) -> type[Visit]:
    """Return a model of a visit whose answers are those that a pack's course asks for.

    Args:
        pack: The criteria; where they have no course, any answer is taken.

    Raises:
        PackError: Their course cannot be used.
    """
    if not has_course(pack):
        return Visit
    questions = pack.course.questions
    ids: Any = Literal[tuple(questions)]
    types = {question.id: _answer(pack, question) for question in questions.values()}
    fields: dict[str, Any] = {
        "answers": (_table("VisitAnswers", _nested(types)), Field(default_factory=dict)),
        "unknown": (list[ids], Field(default_factory=list)),
        "notes": (dict[ids, str], Field(default_factory=dict)),
    }
    return create_model("Visit", __base__=Visit, __doc__=Visit.__doc__, **fields)


def with_courses(model: type[Answered], pack: Pack) -> type[Answered]:
    """Return a model of a case whose courses are those that a pack knows: codes and answers.

    Args:
        model: A model of a case; one without courses stays itself.
        pack: The criteria; where they have no course, any is taken.

    Raises:
        PackError: Their course cannot be used.
    """
    if "courses" not in model.model_fields or not has_course(pack):
        return model
    known = pack.course
    scale: Any = Literal[tuple(known.instruments)]
    score = create_model("Score", __base__=Score, __doc__=Score.__doc__, instrument=(scale, ...))
    sites = tuple(option.code for option in pack.questions[known.info.site].options)
    fields: dict[str, Any] = {
        "pathway": (Literal[tuple(pack.pathways)], ...),
        "basis": (Literal[tuple(known.bases)], ...),
        "site": (Literal[sites], ...),
        "instrument": (scale | None, None),
        "scores": (list[score], Field(default_factory=list)),  # type: ignore[valid-type]
        "visits": (list[with_visit_answers(pack)], Field(default_factory=list)),  # type: ignore[misc]
    }
    held = create_model("Course", __base__=Course, __doc__=Course.__doc__, **fields)
    courses: Any = (list[held], Field(default_factory=list))  # type: ignore[valid-type]
    return create_model(model.__name__, __base__=model, __doc__=model.__doc__, courses=courses)


def _nested(types: Mapping[str, Any]) -> dict[str, Any]:
    tables: dict[str, Any] = {}
    for ident, kind in types.items():
        table = tables
        *groups, last = ident.split(".")
        for group in groups:
            table = table.setdefault(group, {})
        table[last] = kind
    return tables


def _table(name: str, fields: Mapping[str, Any]) -> type[Closed]:
    """Return a model of a table none of whose keys has to be there."""
    made: dict[str, Any] = {}
    for number, (key, kind) in enumerate(fields.items()):
        if isinstance(kind, dict):
            kind = _table(f"{name}{key.title().replace('_', '')}", kind)
        # Keys may hold a dot, or be what a model has for itself.
        made[f"f{number}"] = (kind | None, Field(default=None, alias=key, title=key))
    model = create_model(name, __base__=_Table, __module__=_MODULE, **made)
    model.__doc__ = None
    return model


def _answer(pack: Pack, question: Question) -> Any:
    """Return the type of an answer."""
    name = f"{question.label}{f' ({question.unit})' if question.unit else ''}"
    said = Field(description=name)
    least, greatest = question.min, question.max
    match question.kind:
        case "bool":
            return Annotated[bool, said]
        case "choice":
            codes = [code for item in question.options for code in (item.code, *item.also)]
            return Annotated[Literal[tuple(codes)], said]
        case "scale":
            scale = pack.instruments[question.instrument or ""]
            return Annotated[int, Field(ge=scale.min, le=scale.max), said]
        case "int":
            return Annotated[int, Field(ge=_whole(least), le=_whole(greatest)), said]
        case _:
            # A number says its own schema, which leaves out what is said beside it.
            limits = {"minimum": least, "maximum": greatest}
            known = {key: json_number(limit) for key, limit in limits.items() if limit is not None}
            schema = WithJsonSchema({"description": name, **known, "type": "number"})
            return Annotated[Number, Field(ge=least, le=greatest), schema]


def _whole(limit: Decimal | None) -> int | None:
    return None if limit is None else int(limit)


def _scores(scale: Instrument) -> Any:
    items = {
        item.id: Annotated[int, Field(ge=0, le=len(item.options) - 1, description=item.text)]
        for item in scale.items
    }
    return _table(f"Items{scale.id.title().replace('_', '')}", items)
