"""The vocabulary that all tables of a pack share: ids, effects, authorities, text lengths."""

from typing import Annotated, Literal

from msgspec import Meta

from ketatui.toml_structs import ClosedTable

PathwayId = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*\Z")]
"""A treatment pathway; ``pathways.toml`` says which there are and in which order they rank."""

Effect = Literal["contraindicated", "not_indicated", "not_recommended", "unmet", "caution", "note"]
"""What a rule does to a pathway when its condition is true, worst first."""
SET_ASIDE: tuple[Effect, ...] = ("not_recommended", "caution")
"""The effects of findings that a clinician can set aside with a reason."""

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

Authority = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*\Z")]
"""Who says so; ``wording.toml`` says which there are. Shown beside every finding, so that a local
cut-off never looks like a label."""

LOCAL: Authority = "local"
"""Whose word a local policy is; every pack has it."""

Confidence = Literal["high", "medium"]
"""How well a statement is supported. There is no ``low``: such facts are never rules."""

Kind = Literal["bool", "choice", "int", "decimal", "scale", "rows"]
Basis = Literal["on_label", "off_label"]
Grade = Literal["A", "B", "C", "D", "E", "NI"]

Id = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*\Z")]
ConsentId = Annotated[str, Meta(pattern=r"^consent\.[a-z]+(-[a-z]+)*\Z")]
Code = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_]*\Z")]
RuleId = Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*\Z")]
SourceRef = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]*( §.+)?\Z")]
"""A key of ``sources.toml``, and after ``" §"`` the section meant: ``"spravato-pi §4"``."""
Loinc = Annotated[str, Meta(pattern=r"^(LA)?[1-9][0-9]{0,6}-[0-9]\Z")]
"""A code of LOINC, of a question or (``LA…``) of an answer; only where it was verified."""
Icd10cm = Annotated[str, Meta(pattern=r"^[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?-?\Z")]
"""A code of ICD-10-CM; with ``-`` at its end, that code and every one below it."""
Snomed = Annotated[str, Meta(pattern=r"^[1-9][0-9]{5,17}\Z")]
"""A code of SNOMED CT; only where it was verified."""
Ucum = Annotated[str, Meta(pattern=r"^[!-~]{1,20}\Z")]
"""A unit's code in UCUM: ``mm[Hg]``."""
FindWord = Annotated[str, Meta(max_length=32, pattern=r"^[a-z0-9]+([ '/.-]{1,2}[a-z0-9]+)*\Z")]
"""A word people type to find a question: small letters, words parted by single marks."""
Expression = Annotated[str, Meta(min_length=1, max_length=2000)]

ShortText = Annotated[str, Meta(min_length=1, max_length=44)]
LineText = Annotated[str, Meta(min_length=1, max_length=76)]
ParagraphText = Annotated[str, Meta(min_length=1, max_length=420)]
LongText = Annotated[str, Meta(min_length=1, max_length=900)]


class PackModel(ClosedTable, frozen=True):
    """Base of every pack table: immutable, and strict about keys and types."""
