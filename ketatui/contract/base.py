"""What all models of the contract share: their strictness, ids, codes, numbers and texts."""

import datetime as dt
import re
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
)

_CONFIG = ConfigDict(
    strict=True,
    frozen=True,
    validate_by_name=True,
    validate_by_alias=True,
    serialize_by_alias=True,
    use_attribute_docstrings=True,
    allow_inf_nan=False,
)


class Closed(BaseModel):
    """A table in which a key that is not known is a fault."""

    model_config = ConfigDict(**_CONFIG, extra="forbid")


class Open(BaseModel):
    """A table that keeps keys it does not know: a reader has to tolerate them."""

    model_config = ConfigDict(**_CONFIG, extra="allow")


def _number(value: Any) -> Any:
    """Take a number of TOML or JSON exactly as its shortest text says; refuse all else."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError("is no number; allowed: a number without quotes")
    return value if isinstance(value, Decimal) else Decimal(repr(value))


def json_number(value: Decimal) -> int | float:
    """Return a number as JSON writes it: whole ones without a point, unless they had one."""
    return int(value) if value.as_tuple().exponent == 0 else float(value)


Number = Annotated[
    Decimal,
    BeforeValidator(_number),
    PlainSerializer(json_number, return_type=int | float),
    WithJsonSchema({"type": "number"}),
]
"""A number. Text is none, although pydantic would take it for one."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _day(value: Any) -> Any:
    """Read a day as it is written; refuse a moment where one belongs, and seconds since 1970."""
    if isinstance(value, str) and _DAY.fullmatch(value):
        return dt.date.fromisoformat(value)
    if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
        raise ValueError("is no day; allowed: a date like 2026-11-21")
    return value


Day = Annotated[dt.date, BeforeValidator(_day)]
"""A day, ``2026-11-21``; TOML has them without quotes."""
Moment = AwareDatetime
"""A date and time that knows its offset."""
Said = Annotated[str, Field(pattern=r"\S")]
"""Text that has to say something."""

PathwayId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
"""A treatment pathway; ``pathways.toml`` says which there are."""
Effect = Literal["contraindicated", "not_indicated", "not_recommended", "unmet", "caution", "note"]
"""What a rule does to a pathway when its condition is true, worst first."""
Verdict = Literal[
    "contraindicated",
    "not_indicated",
    "not_recommended",
    "unmet",
    "incomplete",
    "caution",
    "fits",
]
"""The answer for one pathway, worst first; ``incomplete`` is "more information needed"."""
Settled = Literal["contraindicated", "not_indicated", "not_recommended", "unmet", "caution", "fits"]
"""A verdict that is never "more information needed"."""
Authority = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
"""Who says so; ``wording.toml`` of the criteria says which there are."""
Confidence = Literal["high", "medium"]
"""How well a statement is supported. There is no ``low``: such facts are never rules."""
Kind = Literal["bool", "choice", "int", "decimal", "scale", "rows"]
Basis = Literal["on_label", "off_label"]
Grade = Literal["A", "B", "C", "D", "E", "NI"]

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$")]
ConsentId = Annotated[str, Field(pattern=r"^consent\.[a-z]+(-[a-z]+)*$")]
Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]*$")]
RuleId = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
SourceRef = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*( §.+)?$")]
"""A key of ``sources.toml``, and after ``" §"`` the section meant: ``"spravato-pi §4"``."""
Digest = Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]
Loinc = Annotated[str, Field(pattern=r"^(LA)?[1-9][0-9]{0,6}-[0-9]$")]
"""A code of LOINC, of a question or (``LA…``) of an answer; only where it was verified."""
Icd10cm = Annotated[str, Field(pattern=r"^[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?-?$")]
"""A code of ICD-10-CM; with ``-`` at its end, that code and every one below it."""
Snomed = Annotated[str, Field(pattern=r"^[1-9][0-9]{5,17}$")]
"""A code of SNOMED CT; only where it was verified."""
Ucum = Annotated[str, Field(pattern=r"^[!-~]{1,20}$")]
"""A unit's code in UCUM: ``mm[Hg]``."""
FindWord = Annotated[str, Field(max_length=32, pattern=r"^[a-z0-9]+([ '/.-]{1,2}[a-z0-9]+)*$")]
"""A word people type to find a question: small letters, words parted by single marks."""
Expression = Annotated[str, Field(min_length=1, max_length=2000)]
"""A criteria expression, a subset of CQL; see ``docs/writing-criteria.md``."""

ShortText = Annotated[str, Field(min_length=1, max_length=44)]
LineText = Annotated[str, Field(min_length=1, max_length=76)]
ParagraphText = Annotated[str, Field(min_length=1, max_length=420)]
LongText = Annotated[str, Field(min_length=1, max_length=900)]
